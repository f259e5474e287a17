"""Relative differences: Fieller's interval of a ratio of two paired values, over units and over clusters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.sample import Design, GroupedSums
from assay.stats.choose import Inference
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive
from assay.stats.ratio import fieller
from assay.stats.together import joint
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes


def _door(metric: Metric, sample: Any, shape: Design, options: InferenceOptions) -> Inference:
    nothing = Descriptive(0.0, "none", "a ratio")
    found = joint(metric, sample, shape, [(0,), (1,)])
    made = fieller(found.values, found.covariance, found.df, "", found.about(np.array([-1.0, 1.0])))
    return Inference(nothing, nothing, made)


def ratio_scenario(units: int, shape: str, mean: float, lift: float, noise: str) -> Scenario:
    """Paired scores that differ by 1 (a standard deviation) between units: `mean` says how near 0 the baseline is."""

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, units, shape)
        common = rng.normal(size=units) if noise == "normal" else rng.gamma(2.0, 1.0, units) - 2.0
        own = rng.normal(size=(units, 2)) * 0.7
        value = mean * np.array([1.0, 1.0 + lift]) + common[:, None] + own
        return GroupedSums(rows, (value * rows[:, None])[:, :, None]), design(rows)

    label = f"relative lift={lift:g} of a mean of {mean:g} {noise} n={units} {shape}"
    return Scenario(label, "relative difference", parse("mean"), draw, math.nan, lift, infer=_door)


def scenarios() -> list[Scenario]:
    """All scenarios of relative differences."""
    worlds = [
        (40, "one", 3.0, 0.0, "normal"),
        (40, "one", 1.0, 0.2, "normal"),
        (60, "one", 3.0, 0.2, "skewed"),
        (300, "one", 0.5, 0.0, "normal"),
        (100, "pareto", 3.0, 0.1, "normal"),
        (60, "equal5", 2.0, 0.2, "skewed"),
    ]
    return [ratio_scenario(*world) for world in worlds]
