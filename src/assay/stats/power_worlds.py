"""Worlds for simulated power: a pilot, changed as little as can be so that the candidate has a given true value.

The effect that the pilot shows is thrown away; what is kept is how units differ and how the models depend on each
other. Counts are tilted (Efron 1981, Can. J. Stat. 9:139-172), sums and measured columns shifted, ranked scores shifted
on the normal scale, clusters resampled whole (Davison & Hinkley 1997, Bootstrap Methods, section 3.8).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from assay.base.errors import PlanError
from assay.base.wording import figure
from assay.records.metric import Array, Family, Floats, Ints, Metric
from assay.records.sample import GROUPS, Design, GroupedCounts, GroupedSums, Moments, PairedCounts, Rows, Sample
from assay.stats.auc import delong
from assay.stats.jackknife import effective_groups
from assay.stats.means import value_of
from assay.stats.power_simulation import World
from assay.stats.procedures import bisect
from assay.stats.special import expit, ndtri

SMOOTHING = 0.25
FAR = 30.0
LEAST_PILOT = 10


def world(metric: Metric, sample: Sample, design: Design, value: float) -> World:
    """The world in which the candidate's true value is this one.

    Args:
        metric: What is claimed about.
        sample: The pilot; `has_world` says of which.
        design: How its rows were sampled.
        value: The candidate's true value, in the metric's unit.

    Raises:
        PlanError: a pilot with fewer than ten units, or a value that no candidate on these rows can have.
    """
    if design.units < LEAST_PILOT:
        raise PlanError(
            f"the pilot has {design.units} units",
            rule=f"{LEAST_PILOT} or more, to know how they differ",
            fix="a larger pilot",
        )
    match metric.family, sample:
        case ((Family.PROPORTION | Family.COUNTS), PairedCounts()):
            return patterns([metric], sample, [value])
        case ((Family.PROPORTION | Family.COUNTS), GroupedCounts()):
            held = sample.counts[:, 0].any(axis=(-2, -1))
            return confusions(metric, GroupedCounts(sample.counts[held]), design, value)
        case Family.MEAN, Moments():
            return _normal(sample, value)
        case Family.MEAN, GroupedSums():
            held = sample.n > 0
            return shifted(metric, GroupedSums(sample.n[held], sample.sums[held]), design, value)
        case ((Family.RANK | Family.QUANTILE), Rows()):
            return _rows(metric, sample, design, value)
    raise TypeError(f"no world is known for {metric.label} from {type(sample).__name__}")


def has_world(metric: Metric, sample: Sample, design: Design) -> bool:
    """Whether samples like this one can be drawn.

    Not for smooth functions of sums (their formula is good), several seeds, or more units than groups are kept of: what
    is resampled are whole units.
    """
    if len(design.baseline) > 1 or len(design.candidate) > 1:
        return False
    if isinstance(sample, Moments):
        return metric.family is Family.MEAN
    if isinstance(sample, PairedCounts):
        return True
    if isinstance(sample, Rows):
        known = metric.family in (Family.RANK, Family.QUANTILE)
        return known and (sample.unit is None or design.units <= GROUPS)
    return design.units <= GROUPS and metric.family is not Family.SUMS


@dataclass(frozen=True, slots=True)
class PatternWorld:
    """One row per unit: rows fall on patterns (target, baseline, candidate) with these shares, [K, K, K]."""

    shares: Floats

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        """Multinomial counts."""
        flat = self.shares.ravel()
        held = np.flatnonzero(flat)
        counts = np.zeros(flat.size, dtype=np.int64)
        counts[held] = rng.multinomial(units, flat[held])
        return PairedCounts(counts.reshape(self.shares.shape)), Design(units, units, float(units), False)


@dataclass(frozen=True, slots=True)
class NormalWorld:
    """One row per unit: normal scores, whose means and co-moments are drawn directly.

    Attributes:
        mean: [A, 1]; `root` [A, A] is a root of the covariance.
        nonzero: Share of units in which the models differ.
        skewness: Taken over from the pilot: it decides about the domain.
    """

    mean: Floats
    root: Floats
    nonzero: float
    skewness: Floats

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        """A mean, and a Wishart matrix by Bartlett's decomposition."""
        arms = self.mean.size
        lower = np.tril(rng.standard_normal((arms, arms)), -1)
        lower[np.diag_indices(arms)] = np.sqrt(rng.chisquare(np.maximum(units - 1.0 - np.arange(arms), 1e-9)))
        moved = self.root @ rng.standard_normal(arms) / math.sqrt(units)
        spread = self.root @ lower
        differing = int(rng.binomial(units, self.nonzero))
        sample = Moments(units, self.mean + moved.reshape(self.mean.shape), spread @ spread.T, differing, self.skewness)
        return sample, Design(units, units, float(units), False)


@dataclass(frozen=True, slots=True)
class ConfusionWorld:
    """Clusters with their confusion counts [G, A, K, K], of which the candidate's rows are turned right or wrong.

    Attributes:
        turned: Share of the candidate's wrong rows that become right; below 0 of the right ones that become wrong.
        wrong: [K, K], where a row that becomes wrong goes, by target.
    """

    counts: Ints
    design: Design
    turned: float
    wrong: Floats

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        """Resample clusters, and turn rows one by one."""
        return self.of(rng.integers(self.counts.shape[0], size=units), rng)

    def of(self, places: Ints, rng: np.random.Generator) -> tuple[Sample, Design]:
        """The clusters at these places, in which rows are turned."""
        picked = self.counts[places]
        arms = list(self.design.candidate)
        picked[:, arms] = self._turn(picked[:, arms], rng)
        rows = picked[:, 0].sum(axis=(-2, -1))
        return GroupedCounts(_bucketed(picked)), _design(self.design, rows)

    def _turn(self, counts: Ints, rng: np.random.Generator) -> Ints:
        classes = counts.shape[-1]
        for t in range(classes):
            for p in range(classes):
                if p != t and self.turned > 0:
                    moved = rng.binomial(counts[..., t, p], self.turned)
                    counts[..., t, p] -= moved
                    counts[..., t, t] += moved
            if self.turned < 0:
                moved = rng.binomial(counts[..., t, t], -self.turned)
                counts[..., t, t] -= moved
                counts[..., t, :] += rng.multinomial(moved, self.wrong[t])
        return counts


@dataclass(frozen=True, slots=True)
class SumsWorld:
    """Clusters with their sums [G, A, 1], of which every row of the candidate is shifted."""

    n: Ints
    sums: Floats
    design: Design
    shift: float

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        """Resample clusters."""
        return self.of(rng.integers(self.n.size, size=units), rng)

    def of(self, picked: Ints, rng: np.random.Generator) -> tuple[Sample, Design]:
        """The clusters at these places."""
        n, sums = self.n[picked], self.sums[picked].copy()
        sums[:, list(self.design.candidate)] += self.shift * n[:, None, None]
        return GroupedSums(_bucketed(n), _bucketed(sums)), _design(self.design, n)


@dataclass(frozen=True, slots=True)
class RowsWorld:
    """The rows of a pilot, the candidate's scores changed already.

    Attributes:
        rows: In the order of their units.
        starts: [U], where the rows of each unit begin; `lengths` how many they are. Empty with one row per unit.
    """

    rows: Rows
    starts: Ints
    lengths: Ints
    design: Design

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        """Resample rows, or units whole."""
        if not self.starts.size:
            picked = rng.integers(self.rows.scores.shape[1], size=units)
            return self.taken(picked), Design(units, units, float(units), False)
        chosen = rng.integers(self.starts.size, size=units)
        lengths = self.lengths[chosen]
        unit = np.repeat(np.arange(units), lengths)
        picked = np.arange(unit.size) - np.repeat(np.cumsum(lengths) - lengths, lengths) + self.starts[chosen][unit]
        return replace(self.taken(picked), unit=unit, group=unit % GROUPS), _design(self.design, lengths)

    def taken(self, picked: Ints) -> Rows:
        """Some rows."""
        return Rows(self.rows.target[picked], np.ascontiguousarray(self.rows.scores[:, picked]))


def patterns(metrics: Sequence[Metric], sample: PairedCounts, values: Sequence[float]) -> PatternWorld:
    """The candidate's answers, given target and baseline, tilted towards right or wrong.

    Args:
        metrics: Of several, none reads the rows of a class that another reads.
        values: The candidate's true value of each.

    Raises:
        PlanError: several metrics that read rows of one class, or a value that no candidate on these rows can have.
    """
    counts = sample.counts.astype(float)
    classes = counts.shape[0]
    joint = counts.sum(axis=2)
    smooth = (counts + SMOOTHING) / (joint + classes * SMOOTHING)[:, :, None]
    right = np.eye(classes, dtype=bool)[:, None, :]

    def shares(tilts: Floats) -> Floats:
        weight = np.where(right, expit(tilts)[:, None, None], expit(-tilts)[:, None, None])
        tilted = smooth * weight
        return np.asarray(joint[:, :, None] / joint.sum() * tilted / tilted.sum(axis=2, keepdims=True))

    def value_at(metric: Metric, tilts: Floats) -> float:
        if metric.value is None:
            raise TypeError(f"{metric.name} reads counts and has no value function")
        return float(metric.value(shares(tilts).sum(axis=1) * joint.sum()))

    read = np.ones((1, classes), dtype=bool)
    if len(metrics) > 1:
        level = [value_at(m, np.zeros(classes)) for m in metrics]
        read = np.array([[value_at(m, t) != v for t in np.eye(classes)] for m, v in zip(metrics, level, strict=True)])
    if (read.sum(axis=0) > 1).any():
        raise PlanError(
            f"{' and '.join(m.label for m in metrics)} are read off the same rows",
            rule="a world is made for metrics of which one can change without another",
            fix="a claim about each",
        )
    tilts = np.zeros(classes)
    for metric, value, own in zip(metrics, values, read, strict=True):
        tilts = np.where(own, _solve(partial(_tilted, value_at, metric, tilts, own), value, metric), tilts)
    return PatternWorld(shares(tilts))


def _tilted(
    value_at: Callable[[Metric, Floats], float], metric: Metric, tilts: Floats, own: Floats, tilt: float
) -> float:
    return value_at(metric, np.where(own, tilt, tilts))


def confusions(metric: Metric, sample: GroupedCounts, design: Design, value: float) -> ConfusionWorld:
    """Clusters of counts, of which the candidate's wrong rows become right, or right ones wrong."""
    if metric.value is None:
        raise TypeError(f"{metric.name} reads counts and has no value function")
    own, arms = metric.value, list(design.candidate)
    total = sample.counts[:, arms].sum(axis=0).astype(float)
    classes = total.shape[-1]
    off = total.sum(axis=0) * (1 - np.eye(classes)) + 1e-9 * (1 - np.eye(classes))
    wrong = off / off.sum(axis=1, keepdims=True)

    def at(turned: float) -> float:
        keep = np.eye(classes)
        correct = np.einsum("att->at", total)
        if turned >= 0:
            moved = total * (1 - keep) * turned
            made = total - moved + keep * moved.sum(axis=-1, keepdims=True)
        else:
            made = total + correct[:, :, None] * -turned * (wrong - keep)
        return float(np.mean(own(made)))

    turned = _solve(lambda t: at(math.tanh(t)), value, metric)
    return ConfusionWorld(sample.counts, design, math.tanh(turned), wrong)


def _normal(sample: Moments, value: float) -> NormalWorld:
    mean = sample.mean.copy()
    mean[1] = value
    covariance = sample.comoment / max(1, sample.n - 1)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return NormalWorld(mean, root, sample.nonzero / sample.n, sample.skewness)


def shifted(metric: Metric, sample: GroupedSums, design: Design, value: float) -> SumsWorld:
    """Clusters of sums, of which every row of the candidate is shifted."""
    means = value_of(metric, sample.sums.sum(axis=0) / sample.n.sum())
    return SumsWorld(sample.n, sample.sums, design, value - float(means[list(design.candidate)].mean()))


def _rows(metric: Metric, sample: Rows, design: Design, value: float) -> RowsWorld:
    arm, scores = design.candidate[0], sample.scores.astype(float)
    if metric.family is Family.QUANTILE:
        q = float(metric.parameters["q"])
        ordered = np.sort(scores[arm])
        scores[arm] += value - float(ordered[max(0, math.ceil(ordered.size * q - 1e-9) - 1)])
    else:
        place = np.empty(scores.shape[1])
        place[np.argsort(scores[arm], kind="stable")] = np.arange(scores.shape[1])
        normal, positive = ndtri((place + 0.5) / place.size), np.asarray(sample.target).astype(float)
        away = _solve(lambda t: float(delong(sample.target, (normal + t * positive)[None]).values[0]), value, metric)
        scores[arm] = normal + away * positive
    empty = np.zeros(0, dtype=np.int64)
    if sample.unit is None:
        return RowsWorld(Rows(sample.target, scores), empty, empty, design)
    order = np.argsort(sample.unit, kind="stable")
    lengths = np.bincount(sample.unit)
    lengths = lengths[lengths > 0].astype(np.int64)
    return RowsWorld(Rows(sample.target[order], scores[:, order]), np.cumsum(lengths) - lengths, lengths, design)


def _solve(value_at: Callable[[float], float], value: float, metric: Metric) -> float:
    """Where a growing, or falling, function of the change takes the value wanted.

    Raises:
        PlanError: no change of the candidate's answers reaches it.
    """
    low, high = value_at(-FAR), value_at(FAR)
    growing = high >= low
    least, most = (low, high) if growing else (high, low)
    if math.isnan(low + high) or not least <= value <= most:
        raise PlanError(
            f"a candidate with {metric.label} {figure(value, 4)}",
            rule=f"on rows like those of the pilot it lies between {figure(least, 4)} and {figure(most, 4)}",
            fix="a smaller effect",
        )
    return bisect(lambda t: (value_at(t) < value) == growing, -FAR, FAR)


def _bucketed(values: Array) -> Array:
    """Units beyond 1,024 share buckets, as they will."""
    units = values.shape[0]
    if units <= GROUPS:
        return values
    out = np.zeros((GROUPS, *values.shape[1:]), dtype=values.dtype)
    for start in range(0, units, GROUPS):
        part = values[start : start + GROUPS]
        out[: part.shape[0]] += part
    return out


def _design(pilot: Design, rows: Ints) -> Design:
    units, effective = int((rows > 0).sum()), effective_groups(rows)
    return replace(pilot, rows=int(rows.sum()), units=units, effective_units=effective)
