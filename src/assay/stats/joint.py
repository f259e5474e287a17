"""Groups that share units, or seeds: the reach of contrasts from one jackknife over all groups together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.records.metric import Array, Family, Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums, Rows, Sample
from assay.stats.auc import auc_replicates
from assay.stats.extremes import Contrasts, Separate
from assay.stats.functional import replicates
from assay.stats.groups import ArmReplicates, replicate, weights
from assay.stats.jackknife import degrees
from assay.stats.special import stdtrit


@dataclass(frozen=True, slots=True)
class Joint:
    """The jackknife of each contrast, which sees what units share; groups by themselves where they are wider and small.

    A small group that is all right has no variance for the jackknife to see; its own interval has a width.

    Attributes:
        parts: Covariances [2 P, 2 P] of the values, the baseline's first: over units, then over seeds.
        df: Their degrees of freedom, [P] for units, one number for seeds.
        steady: [P], whether both models' values in a group lie in their method's domain.
        alone: What each group says by itself.
    """

    parts: tuple[Floats, ...]
    df: tuple[Floats, ...]
    steady: Array
    alone: Separate

    def own(self, side: int, contrasts: Contrasts, level: float) -> tuple[Floats, Floats]:
        """As `Reach.own`; a group that is not compared with another keeps its own interval."""
        below, above = self.alone.own(side, contrasts, level)
        if (contrasts.plus < 0).any() or (contrasts.minus < 0).any():
            return below, above
        half = self._half([(contrasts.plus, side, 1), (contrasts.minus, side, -1)], level)
        steady = self.steady[contrasts.plus] & self.steady[contrasts.minus]
        return np.where(steady, half, np.maximum(half, below)), np.where(steady, half, np.maximum(half, above))

    def between(self, first: int, x: Contrasts, y: Contrasts, level: float) -> Floats:
        """As `Reach.between`."""
        places = [(x.plus, first, 1), (x.minus, first, -1), (y.plus, 1 - first, -1), (y.minus, 1 - first, 1)]
        half = self._half(places, level)
        alone = self.alone.between(first, x, y, level)
        held = [at >= 0 for at, _, _ in places]
        steady = np.all(
            [np.where(h, self.steady[np.maximum(at, 0)], True) for (at, _, _), h in zip(places, held, strict=True)],
            axis=0,
        )
        return np.asarray(np.where(steady, half, np.maximum(half, alone)))

    def _half(self, places: Sequence[tuple[Array, int, int]], level: float) -> Floats:
        """Half-width of each contrast; infinite where there is no variance to see."""
        count, size = len(places[0][0]), len(self.steady)
        weight = np.zeros((count, 2 * size))
        unit_df = np.full(count, np.inf)
        for at, side, sign in places:
            there = np.flatnonzero(at >= 0)
            np.add.at(weight, (there, at[there] + side * size), sign)
            unit_df[there] = np.minimum(unit_df[there], self.df[0][at[there]])
        each = [(np.einsum("kp,pq->kq", weight, part) * weight).sum(axis=1) for part in self.parts]
        total = np.sum(each, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = sum(v * v / d for v, d in zip(each, (unit_df, *self.df[1:]), strict=True))
            df = np.where(spread > 0, total * total / spread, np.inf)
            half = np.sqrt(total) * stdtrit(np.minimum(df, 1e9), 0.5 + level / 2)
        return np.asarray(np.where(total > 1e-26, half, np.inf))


def joint(
    metrics: Sequence[Metric],
    samples: Sequence[Sample],
    designs: Sequence[Design],
    shared: bool,
    alone: Separate,
    steady: Array,
) -> Joint | None:
    """The jackknife over all groups together; None where a metric has no replicates.

    Args:
        metrics: Values stand metric by metric, group by group.
        samples: One a group.
        designs: One a group.
        shared: Whether a unit can have rows in several groups.
        alone: What each group says by itself.
        steady: [P].
    """
    arms = [a for metric in metrics for a in _replicates(metric, samples, designs, shared)]
    if len(arms) < len(metrics) * len(samples):
        return None
    base, cand, _ = weights(designs[0], arms[0].values.size)
    moved = np.stack([a.values[None] - a.replicates for a in arms])
    both = np.concatenate([_weighted(moved, base), _weighted(moved, cand)])
    groups = both.shape[1]
    covariance = np.einsum("pg,qg->pq", both, both) * (groups - 1) / groups
    df = np.array([degrees(d, a.rows) for a, d in zip(arms, [*designs] * len(metrics), strict=True)])
    seeds = _seed_parts(np.stack([a.values for a in arms]), designs[0])
    return Joint((covariance, *(c for c, _ in seeds)), (df, *(np.array(d) for _, d in seeds)), steady, alone)


def _weighted(values: Floats, weight: Floats) -> Floats:
    """Mean over a model's arms, without those that it does not have."""
    used = np.flatnonzero(weight)
    return np.asarray((values[..., used] * weight[used]).sum(axis=-1))


def _seed_parts(values: Floats, design: Design) -> list[tuple[Floats, float]]:
    """Covariances [2 P, 2 P] over training seeds of values [P, A], with their degrees of freedom."""
    if design.about != "method":
        return []
    places, size = len(values), 2 * len(values)
    arms = [list(design.baseline), list(design.candidate)]
    if design.seeds_paired and len(arms[0]) == len(arms[1]) > 1:
        both = np.concatenate([values[:, arms[0]], values[:, arms[1]]])
        return [(np.cov(both) / len(arms[0]), len(arms[0]) - 1.0)]
    out = []
    for side, of in enumerate(arms):
        if len(of) > 1:
            whole = np.zeros((size, size))
            at = slice(side * places, (side + 1) * places)
            whole[at, at] = np.cov(values[:, of]) / len(of)
            out.append((whole, len(of) - 1.0))
    return out


def _replicates(
    metric: Metric, samples: Sequence[Sample], designs: Sequence[Design], shared: bool
) -> list[ArmReplicates]:
    """Delete-one-unit replicates of every group of rows on one common axis."""
    out = []
    for sample, design in zip(samples, designs, strict=True):
        if isinstance(sample, (GroupedCounts, GroupedSums)):
            out.append(replicate(metric, sample, design, every_group=True))
        elif (
            isinstance(sample, Rows) and sample.group is not None and metric.family in (Family.RANK, Family.FUNCTIONAL)
        ):
            ranked = metric.family is Family.RANK
            found = auc_replicates(sample.target, sample.scores, sample.group) if ranked else replicates(metric, sample)
            rows = np.bincount(sample.group, minlength=len(found[1])).astype(float)
            out.append(ArmReplicates(*found, rows, 0))
        else:
            return []
    return _on_one_axis(out, shared)


def _on_one_axis(arms: list[ArmReplicates], shared: bool) -> list[ArmReplicates]:
    """Stretch every sample to all groups: a group that a sample does not have leaves its value as it is."""
    sizes = [len(a.replicates) for a in arms]
    starts = [0] * len(arms) if shared else [sum(sizes[:i]) for i in range(len(arms))]
    total = max(sizes) if shared else sum(sizes)
    out = []
    for arm, start, size in zip(arms, starts, sizes, strict=True):
        reps = np.tile(arm.values, (total, 1))
        reps[start : start + size] = arm.replicates
        out.append(ArmReplicates(arm.values, reps, arm.rows, arm.differing))
    return out
