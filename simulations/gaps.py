"""The largest gap between groups: no gap, one group that stands apart, units that span groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.sample import Design, GroupedCounts, PairedCounts
from assay.stats.choose import Inference
from assay.stats.gaps import infer_gap
from assay.stats.options import InferenceOptions
from simulations.counts import grouped, patterns
from simulations.scenario import Scenario
from simulations.shapes import design


def _door(shared: bool, lowest: bool) -> Any:
    def door(metric: Metric, samples: Any, designs: Any, options: InferenceOptions) -> Inference:
        return infer_gap([metric], samples, designs, shared, options, worst=lowest)

    return door


def gap_scenario(groups: int, n: int, worst: float, shared: bool, lowest: bool = False) -> Scenario:
    """Recall by group, 0.8 everywhere but the candidate's in the last one; shared: units have 2 rows in every group.

    Args:
        groups: How many.
        n: Units in each.
        worst: The candidate's recall in the last group.
        shared: Whether units span groups.
        lowest: The worst group's value, not the largest gap.
    """
    recalls = [0.8] * (groups - 1) + [worst]
    worlds = [patterns(0.5, (0.8, 0.8), (0.8, r)).ravel() for r in recalls]

    def alone(rng: np.random.Generator) -> tuple[Sequence[PairedCounts], Sequence[Design]]:
        samples = [PairedCounts(rng.multinomial(n, world).reshape(2, 2, 2)) for world in worlds]
        return samples, [design(np.ones(n, dtype=np.int64))] * groups

    def spanning(rng: np.random.Generator) -> tuple[Sequence[GroupedCounts], Sequence[Design]]:
        rows = np.full(n, 4)
        cells = [grouped(rng, rows, world).reshape(-1, 2, 2, 2) for world in worlds]
        samples = [GroupedCounts(np.stack([c.sum(axis=3), c.sum(axis=2)], axis=1)) for c in cells]
        return samples, [design(rows)] * groups

    how = "shared units" if shared else "independent"
    what = "worst group" if lowest else "gap"
    label = f"{what} of recall, {groups} groups, n={n} each, worst={worst:g}, {how}"
    draw: Any = spanning if shared else alone
    value, change = (worst, worst - 0.8) if lowest else (0.8 - worst, 0.8 - worst)
    change = change if n == 300 and groups != 3 else math.nan
    door = _door(shared, lowest)
    return Scenario(label, "gaps between groups", parse("recall"), draw, value, change, infer=door)


def scenarios() -> list[Scenario]:
    """All scenarios of gaps."""
    worlds = [
        (groups, n, worst, shared)
        for groups in (2, 3, 8)
        for n in (50, 300)
        for worst in (0.8, 0.6)
        for shared in (False, True)
    ]
    gaps = [gap_scenario(*world) for world in worlds]
    return [*gaps, *(gap_scenario(*world, lowest=True) for world in worlds if world[0] != 3 and world[1] == 300)]
