"""Strengths from votes between models: votes by themselves, and voters who repeat their votes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.sample import Design
from assay.stats.choose import Inference
from assay.stats.options import InferenceOptions
from assay.stats.preferences import chances, components, count_votes
from assay.stats.procedures import Undefined
from assay.stats.strengths import infer_strengths
from simulations.scenario import Scenario


def _door(clustered: bool) -> Any:
    def door(metric: Metric, sample: Any, design: Design, options: InferenceOptions) -> Inference:
        nothing = Undefined("one model is strongest", "none")
        if len(components(sample, sample.counts)) > 1:
            return Inference(nothing, nothing, nothing)
        found = infer_strengths(sample, clustered, order=True, level=0.95, seed=0)
        return Inference(nothing, found.models[-1], nothing)

    return door


def preference_scenario(models: int, votes: int, reach: float, tie: float, per: int) -> Scenario:
    """The strength of the best of some models; voters vote `per` times, each time as the first time."""
    theta = np.linspace(-reach, reach, models)

    def draw(rng: np.random.Generator) -> Any:
        units = votes // per
        first = rng.integers(models, size=units)
        second = (first + rng.integers(1, models, units)) % models
        won, lost, _ = chances(theta, 0.2, tie, first, second)
        u = rng.random(units)
        outcome = np.where(u < won, 0, np.where(u < won + lost, 1, 2))
        each = (np.repeat(v, per) for v in (first, second, outcome, np.arange(units)))
        first, second, outcome, unit = each
        return count_votes(first, second, outcome, unit, models), Design(votes, units, float(units), per > 1)

    label = f"strength of {models} models, {votes} votes, reach={reach:g} ties={math.exp(tie):.2g} votes/unit={per}"
    return Scenario(label, "preferences", parse("accuracy"), draw, reach, math.nan, infer=_door(per > 1))


def _slope_door(clustered: bool) -> Any:
    def door(metric: Metric, sample: Any, design: Design, options: InferenceOptions) -> Inference:
        nothing = Undefined("one covariate", "none")
        if len(components(sample, sample.counts)) > 1:
            return Inference(nothing, nothing, nothing)
        found = infer_strengths(sample, clustered, order=False, level=0.95, seed=0)
        return Inference(nothing, found.slopes[0], nothing)

    return door


def slope_scenario(votes: int, slope: float, per: int) -> Scenario:
    """What a covariate adds to the log-odds of four models; voters like it, or not, by nature."""
    theta = np.linspace(-0.6, 0.6, 4)

    def draw(rng: np.random.Generator) -> Any:
        units = votes // per
        first = rng.integers(4, size=votes)
        second = (first + rng.integers(1, 4, votes)) % 4
        x = np.repeat(rng.normal(size=units), per) + 0.3 * rng.normal(size=votes) if per > 1 else rng.normal(size=votes)
        won, _, _ = chances(theta, slope * x, -math.inf, first, second)
        # One draw a voter: votes of one voter agree as far as the models and the covariate let them.
        outcome = (np.repeat(rng.random(units), per) >= won).astype(np.int64)
        unit = np.repeat(np.arange(units), per)
        return count_votes(first, second, outcome, unit, 4, x[:, None]), Design(votes, units, float(units), per > 1)

    label = f"slope of a covariate, 4 models, {votes} votes, slope={slope:g} votes/unit={per}"
    return Scenario(label, "preferences", parse("accuracy"), draw, slope, math.nan, infer=_slope_door(per > 1))


def scenarios() -> list[Scenario]:
    """All scenarios of preferences."""
    slopes = [slope_scenario(*world) for world in ((150, 0.5, 1), (600, 1.0, 1), (400, 0.5, 4))]
    return slopes + [
        preference_scenario(models, votes, reach, tie, per)
        for models, votes, reach, tie, per in (
            (3, 60, 0.5, -math.inf, 1),
            (3, 200, 1.0, -0.7, 1),
            (6, 300, 1.0, -0.7, 1),
            (6, 2000, 1.5, -math.inf, 1),
            (3, 240, 0.5, -0.7, 4),
            (4, 400, 0.7, -math.inf, 4),
        )
    ]
