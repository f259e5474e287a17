"""Several models on the same units: their values, and how these vary together.

Units left out in turn move all models at once, so that pairing and clusters are in the covariance. What is said of many
models (differences of all pairs, effects of factors, ratios) is a contrast of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assay.records.metric import Family, Floats, Ints, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums, Rows, Sample
from assay.stats.auc import auc_replicates
from assay.stats.functional import CURVES, carrying, facts_of, moves
from assay.stats.groups import group_skewness, prepare, replicate
from assay.stats.jackknife import effective_groups
from assay.stats.seeds import Part, satterthwaite, spread
from assay.stats.skew import skew_facts


@dataclass(frozen=True, slots=True)
class Joint:
    """Values of several models on the same units.

    Attributes:
        values: [M]; NaN where undefined.
        moved: [G, M], each value without a group of units less the value from all.
        rows: [G], rows that the metric concerns.
        df: Effective units - 1.
        places: [G], which of the sample's groups these are: those with rows that the metric concerns.
        seeds: One a model: what its training seeds add to the variance; 0 where the claim is about these models.
        own: [G, ...], what each group holds for each model, by which units that differ are counted; or None.
        facts: Further diagnostics.
        curve: Whether a few units of several rows may decide the value, as at the top of a ranking.
    """

    values: Floats
    moved: Floats
    rows: Floats
    df: float
    places: Ints
    seeds: tuple[Part, ...] = ()
    own: Floats | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    curve: bool = False

    @property
    def of_units(self) -> Floats:
        """[M, M], the covariance that comes from the units alone."""
        g = self.rows.size
        return np.asarray((g - 1) / g * self.moved.T @ self.moved) if g > 1 else np.zeros((self.values.size,) * 2)

    @property
    def covariance(self) -> Floats:
        """[M, M], with what seeds add."""
        return np.asarray(self.of_units + np.diag([p.variance for p in self.seeds] or np.zeros(self.values.size)))

    def degrees(self, contrasts: Floats) -> float:
        """Degrees of freedom that hold for all contrasts [C, M]: units, and seeds by Satterthwaite, the fewest."""
        if not any(p.variance > 0 for p in self.seeds):
            return self.df
        unit = np.einsum("ci,ij,cj->c", contrasts, self.of_units, contrasts, optimize=True)
        found = []
        for weights, variance in zip(contrasts, unit, strict=True):
            parts = [Part(w * w * p.variance, p.df) for w, p in zip(weights, self.seeds, strict=True) if w]
            found.append(satterthwaite((Part(float(variance), self.df), *parts)).df)
        return min(found, default=self.df)

    def about(self, weights: Floats) -> dict[str, Any]:
        """Diagnostics of a contrast [M]: what its domain asks for."""
        facts = {"groups": self.rows.size, "effective_groups": effective_groups(self.rows), **self.facts}
        used = np.flatnonzero(weights)
        if self.own is not None and used.size > 1:
            differ = self.own[:, used] != self.own[:, used[:1]]
            facts["nonzero"] = int(np.count_nonzero(differ.any(axis=tuple(range(1, differ.ndim)))))
        if self.curve:
            facts["carrying_units"] = carrying(self.moved @ weights)
        skew = float(group_skewness(-self.moved @ weights, self.rows)) if self.rows.size > 1 else math.nan
        return {**facts, **skew_facts(facts["effective_groups"], skew)}


def joint(metric: Metric, sample: Sample, design: Design, models: Sequence[Sequence[int]]) -> Joint:
    """The values of several models with their covariance.

    Args:
        metric: Of a family that `TOGETHER` names.
        sample: By groups of units: counts, sums, or rows with their groups.
        design: How the rows were sampled; `about` says whether seeds are a second source of variance.
        models: For each model the positions of its arms, one a seed.
    """
    arms = _arms(metric, sample, design)
    seeds = tuple(spread(arms.values[list(m)]) for m in models) if design.about == "method" else ()
    df = min(design.effective_units, effective_groups(arms.rows), arms.classes) - 1
    each = [list(m) for m in models]
    # Model by model: what is undefined for one says nothing of the others.
    values = np.array([arms.values[m].mean() for m in each])
    moved = np.stack([arms.moved[:, m].mean(axis=1) for m in each], axis=1)
    own = None if arms.own is None else np.stack([arms.own[:, m].sum(axis=1) / len(m) for m in each], axis=1)
    curve = design.clustered and not CURVES.isdisjoint(arms.facts)
    return Joint(values, moved, arms.rows, df, arms.places, seeds, own, dict(arms.facts), curve)


def of_rows(values: Floats) -> Joint:
    """The means of several models over blocks [N, M], each block a unit of the same weight."""
    n = values.shape[0]
    mean = values.mean(axis=0)
    return Joint(mean, (mean - values) / max(1, n - 1), np.ones(n), n - 1.0, np.arange(n), own=values[:, :, None])


@dataclass(frozen=True, slots=True)
class _Arms:
    """The same for every arm; `classes`: effective units of the rarest class, infinite where classes do not matter."""

    values: Floats
    moved: Floats
    rows: Floats
    places: Ints
    classes: float
    own: Floats | None
    facts: dict[str, Any]


def _arms(metric: Metric, sample: Sample, design: Design) -> _Arms:
    if isinstance(sample, (GroupedCounts, GroupedSums)):
        known = prepare(sample, design, every_group=True)
        found = replicate(metric, sample, design, every_group=True, prepared=known)
        held = np.flatnonzero(found.rows > 0)
        moved = found.replicates[held] - found.values
        facts: dict[str, Any] = {} if math.isinf(found.class_units) else {"class_units": found.class_units}
        return _Arms(found.values, moved, found.rows[held], held, found.class_units, known.per_group[held], facts)
    if isinstance(sample, Rows) and sample.group is not None and metric.family is Family.RANK:
        present, group = np.unique(sample.group, return_inverse=True)
        target = np.asarray(sample.target)
        values, replicates = auc_replicates(target, sample.scores, group)
        classes = [effective_groups(np.bincount(group[target == c])) for c in (0, 1) if np.any(target == c)]
        positive = int(np.count_nonzero(target))
        rows = np.bincount(group, minlength=present.size).astype(float)
        facts = {"class_units": min(classes), "positives": positive, "negatives": target.size - positive}
        return _Arms(values, replicates - values, rows, present, min(classes), None, facts)
    if isinstance(sample, Rows) and sample.group is not None and metric.family is Family.FUNCTIONAL:
        known_moves = moves(metric, sample)
        arms = np.arange(known_moves.values.size)
        facts, of_class = facts_of(known_moves, arms), math.inf
        if "positives" in facts:
            of_class, facts["class_rows"] = known_moves.class_units, min(facts["positives"], facts["negatives"])
        places = np.unique(sample.group)
        return _Arms(known_moves.values, -known_moves.moved.T, known_moves.rows, places, of_class, None, facts)
    raise TypeError(f"{metric.name} ({metric.family}) has no joint covariance in {type(sample).__name__}")
