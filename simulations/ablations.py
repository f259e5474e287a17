"""Ablation studies: whether the intervals of all effects hold together, over units, and over units and runs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.metric import Floats, Metric
from assay.records.sample import Design, GroupedSums
from assay.stats.choose import Inference
from assay.stats.effects import METHOD, RUNS, infer_effects
from assay.stats.factorial import Factorial, factorial
from assay.stats.options import InferenceOptions
from assay.stats.together import Joint, joint
from simulations.many import NOTHING, facts_of, together
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes


def _design(factors: int, runs: int, fraction: bool) -> Factorial:
    codes = np.array([r for r in itertools.product([0, 1], repeat=factors) for _ in range(runs)])
    if fraction:
        codes = codes[codes.sum(axis=1) % 2 == 0]
    return factorial([f"f{i}" for i in range(factors)], [(0, 1)] * factors, codes, 2)


def _door(plan: Factorial, truth: Floats, units: bool) -> Callable[..., Inference]:
    def infer(metric: Metric, sample: Any, shape: Design, options: InferenceOptions) -> Inference:
        many = plan.cells.size
        if units:
            found = joint(metric, sample, shape, [(a,) for a in range(many)])
        else:
            values = sample.sums[0, :, 0]
            found = Joint(values, np.zeros((1, many)), np.ones(1), 0.0, np.zeros(1, dtype=np.int64))
        results = list(infer_effects(plan, found, units, options).together)
        return Inference(NOTHING, together(METHOD if units else RUNS, results, truth, facts_of(results)), NOTHING)

    return infer


def study_scenario(factors: int, runs: int, units: int, shape: str, sd: float, fraction: bool = False) -> Scenario:
    """Runs on the same units: the first factor adds 0.3, runs differ by `sd` besides; with no units, values alone."""
    plan = _design(factors, runs, fraction)
    truth = np.zeros(len(plan.terms))
    truth[0] = 0.3
    main = np.sign(plan.weights[0]) * 0.15

    def draw(rng: np.random.Generator) -> Drawn:
        run = main + sd * rng.normal(size=plan.cells.size)
        if not units:
            many = plan.cells.size
            return GroupedSums(np.ones(1, dtype=np.int64), run[None, :, None]), Design(many, many, float(many), False)
        rows = sizes(rng, units, shape)
        own = rng.normal(size=(units, 1)) + 0.5 * rng.normal(size=(units, plan.cells.size)) + run
        return GroupedSums(rows, (own * rows[:, None])[:, :, None]), design(rows)

    kind = "half of " if fraction else ""
    over = f"n={units} {shape}" if units else "values alone"
    label = f"effects of {kind}2^{factors}, {runs} runs a setting, run-sd={sd:g}, {over}"
    return Scenario(label, "ablation studies", parse("mean"), draw, 0.0, math.nan, infer=_door(plan, truth, units > 0))


def scenarios() -> list[Scenario]:
    """All scenarios of ablation studies."""
    return [
        study_scenario(3, 1, 100, "one", 0.0),
        study_scenario(4, 1, 100, "pareto", 0.0, fraction=True),
        study_scenario(2, 3, 100, "one", 0.1),
        study_scenario(3, 2, 60, "equal5", 0.3),
        study_scenario(2, 2, 0, "", 0.2),
        study_scenario(3, 3, 0, "", 0.2),
    ]
