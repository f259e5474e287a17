"""Worlds for simulated power of a gap between groups, or of the worst group: a pilot whose groups are moved.

The candidate's values keep their order and their mean over units: their distances from it are stretched or shrunk
until the largest gap is the one that is declared true; where a value would leave the metric's range, all move with it.
For the worst group all groups move by the same amount. Groups
keep their shares of units; units that have rows in several groups are resampled whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.base.errors import PlanError
from assay.records.metric import Floats, Metric
from assay.records.sample import GROUPS, Design, GroupedCounts, GroupedSums, PairedCounts, Rows, Sample
from assay.stats.choose import infer_all
from assay.stats.options import InferenceOptions
from assay.stats.power_simulation import Groups, World
from assay.stats.power_worlds import (
    LEAST_PILOT,
    ConfusionWorld,
    SumsWorld,
    confusions,
    has_world,
    patterns,
    shifted,
    world,
)
from assay.stats.procedures import Undefined

LEAST_DRAWN = 2
EDGE = 0.002
"""Of a metric's range, how near to its ends a group is put."""


@dataclass(frozen=True, slots=True)
class SeparateGroups:
    """Groups that share no unit.

    Attributes:
        worlds: One a group.
        shares: Of units, by group.
    """

    worlds: tuple[World, ...]
    shares: Floats

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Groups, Design]:
        """So many units, as they fall on the groups; a group that is all but empty has two, far outside any domain."""
        sizes = np.maximum(rng.multinomial(units, self.shares), LEAST_DRAWN)
        made = [w.draw(n, rng) for w, n in zip(self.worlds, sizes.tolist(), strict=True)]
        samples, designs = zip(*made, strict=True)
        return Groups(samples, designs), Design(units, units, float(units), False)


@dataclass(frozen=True, slots=True)
class SharedGroups:
    """Groups in which a unit can have rows each.

    Attributes:
        worlds: One a group; places are those of the same units in each.
        units: How many the pilot has.
    """

    worlds: tuple[ConfusionWorld | SumsWorld, ...]
    units: int

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Groups, Design]:
        """Resample units whole."""
        places = rng.integers(self.units, size=units)
        samples, designs = zip(*(w.of(places, rng) for w in self.worlds), strict=True)
        rows = sum(d.rows for d in designs)
        return Groups(samples, designs), Design(rows, units, float(units), True)


def has_gap_world(metric: Metric, samples: Sequence[Sample], designs: Sequence[Design]) -> bool:
    """Whether groups like these can be drawn: not rows of units that span groups, nor several metrics of clusters."""
    inner, several = metric.compared[0], len(metric.compared) > 1
    if several and not all(isinstance(s, PairedCounts) for s in samples):
        return False
    spanning = designs[0].clustered and any(isinstance(s, Rows) for s in samples)
    if spanning or any(d.units > GROUPS for d in designs if d.clustered):
        return False
    return len(samples) > 1 and all(has_world(inner, s, d) for s, d in zip(samples, designs, strict=True))


def gap_world(metric: Metric, samples: Sequence[Sample], designs: Sequence[Design], value: float) -> World:
    """The world in which the candidate's largest gap, or its worst group's value, is this one.

    Args:
        metric: Of the family of gaps; `has_gap_world` says of which samples.
        samples: The pilot's, one a group.
        designs: One a group.
        value: The candidate's true value.

    Raises:
        PlanError: a group of fewer than ten units, a pilot without a gap to stretch, or a value out of reach.
    """
    least = min(d.units for d in designs)
    if least < LEAST_PILOT:
        raise PlanError(
            f"a group of the pilot has {least} units",
            rule=f"{LEAST_PILOT} or more in each, to know how they differ",
            fix="a larger pilot, or fewer groups",
        )
    units = np.array([d.units for d in designs], dtype=float)
    wanted = _moved(metric, _values(metric, samples, designs), units / units.sum(), value)
    if not designs[0].clustered:
        each = [_one(metric, s, d, v) for s, d, v in zip(samples, designs, wanted.T, strict=True)]
        return SeparateGroups(tuple(each), units / units.sum())
    inner = metric.compared[0]
    shared = [_shared(inner, s, d, v) for s, d, v in zip(samples, designs, wanted[0].tolist(), strict=True)]
    places = {w.counts.shape[0] if isinstance(w, ConfusionWorld) else w.n.size for w in shared}
    return SharedGroups(tuple(shared), places.pop())


def _values(metric: Metric, samples: Sequence[Sample], designs: Sequence[Design]) -> Floats:
    """The candidate's values on the pilot, by metric and group."""
    options = InferenceOptions(0, 99)
    each = [infer_all(metric.compared, s, d, options) for s, d in zip(samples, designs, strict=True)]
    found = [[e[m].candidate for e in each] for m in range(len(metric.compared))]
    return np.array([[math.nan if isinstance(r, Undefined) else r.value for r in row] for row in found])


def _moved(metric: Metric, values: Floats, shares: Floats, value: float) -> Floats:
    """Where every group's value has to lie."""
    if metric.name == "worst":
        inner = metric.compared[0]
        worst = values.max() if inner.direction == "lower" else values.min()
        return np.asarray(values + value - worst)
    if value < 0:
        raise PlanError(
            f"a candidate with {metric.label} {value:.4g}",
            rule="a gap is 0 or more, so that no effect reaches below it",
            fix="a smaller effect",
        )
    mean = (values * shares).sum(axis=1, keepdims=True)
    gap = float((values.max(axis=1) - values.min(axis=1)).max())
    if not gap > 0:
        raise PlanError(
            f"the pilot shows no {metric.label}: the candidate has one value in all groups",
            rule="a gap is stretched from the pilot's, which says which groups differ",
            fix="another pilot",
        )
    wanted = mean + (values - mean) * value / gap
    return np.array([_inside(m, row) for m, row in zip(metric.compared, wanted, strict=True)])


def _inside(metric: Metric, values: Floats) -> Floats:
    """The groups together moved no further than it takes to stay in the metric's range."""
    if metric.lower is None or metric.upper is None:
        return values
    edge = EDGE * (metric.upper - metric.lower)
    down = min(0.0, metric.upper - edge - float(values.max()))
    up = max(0.0, metric.lower + edge - float(values.min()))
    return np.asarray(values + (down or up))


def _one(metric: Metric, sample: Sample, design: Design, values: Floats) -> World:
    if len(metric.compared) > 1 and isinstance(sample, PairedCounts):
        return patterns(metric.compared, sample, values.tolist())
    return world(metric.compared[0], sample, design, float(values[0]))


def _shared(metric: Metric, sample: Sample, design: Design, value: float) -> ConfusionWorld | SumsWorld:
    if isinstance(sample, GroupedCounts):
        return confusions(metric, sample, design, value)
    if isinstance(sample, GroupedSums):
        return shifted(metric, sample, design, value)
    raise TypeError(f"no world is known for {metric.label} from {type(sample).__name__}")
