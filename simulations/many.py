"""Many models at once: whether all intervals of a family hold their truths together."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.estimate import Bounds
from assay.records.metric import Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.candidates import BEST, PAIRS, infer_many
from assay.stats.choose import Inference
from assay.stats.maxt import pairs
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, MaxT, Result
from assay.stats.together import Joint, joint
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes

NOTHING = Descriptive(0.0, "none", "a family of intervals")


def together(method: str, results: list[Result], truths: Floats, facts: dict[str, Any]) -> Result:
    """A family as one interval around 0: (-1, 1) where every interval holds its truth, else on the side of the miss."""
    made = [r for r in results if isinstance(r, (MaxT, Inverted))]
    if len(made) < len(results):
        return NOTHING

    def bounds(level: float) -> Bounds:
        found = [r.interval(level) for r in made]
        over = [low - t for (low, _), t in zip(found, truths, strict=True)]
        under = [t - high for (_, high), t in zip(found, truths, strict=True)]
        if max(*over, *under) <= 1e-12:
            return -1.0, 1.0
        return (0.5, 1.0) if max(over) >= max(under) else (-1.0, -0.5)

    return Inverted(0.0, method, "all of a family", bounds, lambda null: 1.0, False, facts)


def facts_of(results: list[Result]) -> dict[str, Any]:
    """The figures of the member that has least of each."""
    names = {n for r in results for n in r.diagnostics if n not in ("skewness", "df", "groups")}
    return {n: min(r.diagnostics.get(n, math.inf) for r in results) for n in sorted(names)}


def door(kind: str, truths: Floats, sign: float = 1.0) -> Callable[..., Inference]:
    """All pairs, or all models with the best of the others."""

    def infer(metric: Metric, sample: Any, shape: Design, options: InferenceOptions) -> Inference:
        found: Joint = joint(metric, sample, shape, [(a,) for a in range(truths.size)])
        made = infer_many(found, sign, (None, None), options, "")
        if kind == PAIRS:
            results, true = list(made.pairs), pairs(truths.size) @ truths
        else:
            results = list(made.best)
            best = [truths[i] - np.delete(sign * truths, i).max() * sign for i in range(truths.size)]
            true = np.array(best)
        return Inference(NOTHING, together(kind, results, true, facts_of(results)), NOTHING)

    return infer


def scores_scenario(kind: str, means: list[float], units: int, shape: str, noise: str) -> Scenario:
    """Scores of several models: units differ, models agree with one another by a half, rows are noise."""
    truth = np.array(means)

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, units, shape)
        common = rng.normal(size=(units, 1))
        own = (
            rng.normal(size=(units, truth.size)) if noise == "normal" else rng.exponential(size=(units, truth.size)) - 1
        )
        value = truth + common + own + rng.normal(size=(units, truth.size)) / np.sqrt(rows)[:, None]
        return GroupedSums(rows, (value * rows[:, None])[:, :, None]), design(rows)

    label = (
        f"{kind} of {truth.size} models, means={'tied' if np.ptp(truth) == 0 else 'apart'} {noise} n={units} {shape}"
    )
    return Scenario(label, "many models", parse("mean"), draw, 0.0, math.nan, infer=door(kind, truth))


def accuracy_scenario(kind: str, right: list[float], units: int) -> Scenario:
    """Accuracy of several models, a row a unit; rows are easy or hard for all."""
    truth = np.array(right)

    def draw(rng: np.random.Generator) -> Drawn:
        hard = rng.random((units, 1)) < 0.5
        shift = np.minimum(truth, 1 - truth) * 0.6
        drawn = rng.random((units, truth.size)) < np.where(hard, truth - shift, truth + shift)
        counts = np.zeros((units, truth.size, 2, 2), dtype=np.int64)
        unit, arm = np.indices(drawn.shape)
        counts[unit, arm, 1, drawn.astype(np.int64)] = 1
        return GroupedCounts(counts), design(np.ones(units, dtype=np.int64))

    label = f"{kind} of {truth.size} accuracies from {min(right):g} to {max(right):g} n={units}"
    return Scenario(label, "many models", parse("accuracy"), draw, 0.0, math.nan, infer=door(kind, truth))


def scenarios() -> list[Scenario]:
    """All scenarios of many models."""
    out = []
    for kind in (PAIRS, BEST):
        out += [
            scores_scenario(kind, [0.0] * 10, 40, "one", "normal"),
            scores_scenario(kind, [0.0, 0.0, 0.0, -0.2, -0.4], 60, "one", "skewed"),
            accuracy_scenario(kind, [0.8] * 8, 200),
            accuracy_scenario(kind, [0.9, 0.9, 0.88, 0.8, 0.6], 400),
        ]
    return [*out, scores_scenario(PAIRS, [0.0] * 10, 100, "pareto", "normal")]
