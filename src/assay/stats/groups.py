"""Clusters and seeds: every family of counts and sums through delete-one-group replicates of its arms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.metric import Array, Family, Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.jackknife import Range, delete_one, effective_groups, jackknife, on_logit, variance
from assay.stats.means import difference_range, value_of
from assay.stats.procedures import Descriptive, Result, StudentT, Undefined
from assay.stats.proportions import cell_parts, proportion_clustered
from assay.stats.seeds import Part, method_t
from assay.stats.skew import skew_facts, skewness

BUCKETS = 1024
"""Beyond as many units, groups are buckets of units."""


@dataclass(frozen=True, slots=True)
class ArmReplicates:
    """A metric for every arm, with and without each group.

    Attributes:
        values: [A], from all groups.
        replicates: [G, A], without each group in turn.
        rows: [G], rows that the metric concerns (trials of a proportion), in groups that have any.
        differing: Groups in which baseline and candidate differ.
        class_units: Effective groups with rows of the rarest target class; infinite where classes do not matter.
    """

    values: Floats
    replicates: Floats
    rows: Floats
    differing: int
    class_units: float = math.inf


def replicate(
    metric: Metric, sample: GroupedCounts | GroupedSums, design: Design, *, every_group: bool = False
) -> ArmReplicates:
    """Values and delete-one-group replicates of a metric of counts or sums.

    Args:
        metric: Any of the families of counts and sums.
        sample: [G, ...].
        design: Which arms to compare when counting the groups that differ.
        every_group: Keep groups without rows, so that several samples share one G axis.
    """
    if isinstance(sample, GroupedSums):
        return _of_sums(metric, sample, design, every_group)
    return _of_counts(metric, sample, design, every_group)


def _of_counts(metric: Metric, sample: GroupedCounts, design: Design, every_group: bool) -> ArmReplicates:
    counts = sample.counts
    rows = counts[:, 0].sum(axis=(-2, -1)).astype(float)
    if metric.family is Family.PROPORTION:
        rows = np.einsum("gtp,tp->g", counts[:, 0].astype(float), cell_parts(metric, counts.shape[-1])[1])
    kept = (rows > 0) | every_group
    counts, rows = counts[kept], rows[kept]
    if metric.value is None:
        raise TypeError(f"{metric.name} reads counts and has no value function")
    values = np.asarray(metric.value(counts.sum(axis=0)), dtype=float)
    reps = np.asarray(metric.value(delete_one(counts)), dtype=float)
    rare = math.inf
    if metric.family is Family.COUNTS:
        classes = counts[:, 0].sum(axis=-1)
        rare = min(
            (effective_groups(classes[:, k]) for k in range(classes.shape[1]) if classes[:, k].any()), default=0.0
        )
    return ArmReplicates(values, reps, rows, _differing(counts, design), rare)


def _of_sums(metric: Metric, sample: GroupedSums, design: Design, every_group: bool) -> ArmReplicates:
    kept = (sample.n > 0) | every_group
    n, sums = sample.n[kept].astype(float), sample.sums[kept]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = value_of(metric, sums.sum(axis=0) / n.sum())
        reps = value_of(metric, delete_one(sums) / delete_one(n)[:, None, None])
    return ArmReplicates(values, reps, n, _differing(sums, design))


def _differing(per_group: Array, design: Design) -> int:
    flat = per_group.reshape(*per_group.shape[:2], math.prod(per_group.shape[2:]))
    base = flat[:, list(design.baseline)].sum(axis=1) * len(design.candidate)
    cand = flat[:, list(design.candidate)].sum(axis=1) * len(design.baseline)
    return int(np.count_nonzero((base != cand).any(axis=1)))


def weights(design: Design, arms: int) -> tuple[Floats, Floats, Floats]:
    """Weights [A] of baseline, candidate and difference: the mean over each model's seeds."""
    base, cand = np.zeros(arms), np.zeros(arms)
    base[list(design.baseline)] = 1 / len(design.baseline)
    cand[list(design.candidate)] = 1 / len(design.candidate)
    return base, cand, cand - base


def infer_groups(metric: Metric, sample: GroupedCounts | GroupedSums, design: Design) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference over clusters or seeds."""
    arms = replicate(metric, sample, design)
    base, cand, difference = weights(design, arms.values.size)
    own, wide = (metric.lower, metric.upper), difference_range(metric)
    return (
        contrast(metric, arms, base, design, own),
        contrast(metric, arms, cand, design, own),
        contrast(metric, arms, difference, design, wide),
    )


def contrast(metric: Metric, arms: ArmReplicates, weight: Floats, design: Design, bounds: Range) -> Result:
    """Sum over arms of weight x value, about the models or about the method that trains them."""
    used = weight != 0
    value = float(arms.values[used] @ weight[used])
    if math.isnan(value) or arms.rows.size == 0:
        return Undefined(metric.undefined, "jackknife")
    reps = arms.replicates[:, used] @ weight[used]
    facts: dict[str, Any] = {"groups": arms.rows.size, "effective_groups": effective_groups(arms.rows)}
    if np.any(weight < 0):
        facts["nonzero"] = arms.differing
    facts |= skew_facts(facts["effective_groups"], group_skewness(value, reps, arms.rows))
    df = min(design.effective_units, facts["effective_groups"], arms.class_units) - 1
    if math.isfinite(arms.class_units):
        facts["class_units"] = arms.class_units
    about_units = jackknife(value, reps, df, _reason(design), bounds, facts)
    if design.about == "method":
        return _method(arms, weight, about_units, design, bounds)
    if np.any(weight < 0) or metric.family in (Family.MEAN, Family.SUMS):
        return about_units
    if metric.family is Family.PROPORTION:
        return _share(value, reps, arms, about_units, design)
    return on_logit(about_units, bounds)


def group_skewness(value: float, replicates: Floats, rows: Floats) -> float:
    """Skewness of the groups' own values, each taken back from how it moves the whole.

    Per row rather than per group: weighted by size, the largest group alone would say how skewed the units are.

    Args:
        value: From all groups.
        replicates: [G], without each group.
        rows: [G], above 0.
    """
    return float(skewness((value - replicates) * (rows.sum() - rows) / rows))


def _reason(design: Design) -> str:
    groups = "unit" if design.units <= BUCKETS else "bucket-of-units"
    why = "several rows per unit" if design.clustered else "several seeds per model, taken as they are"
    return f"{why}: delete-one-{groups} jackknife, t on effective units - 1"


def _method(arms: ArmReplicates, weight: Floats, units: Result, design: Design, bounds: Range) -> Result:
    if isinstance(units, StudentT):
        part = Part(units.se**2, units.df)
        return method_t(np.nan_to_num(arms.values), weight, part, design, bounds, units.diagnostics)
    return units


def _share(value: float, reps: Floats, arms: ArmReplicates, units: Result, design: Design) -> Result:
    """Wilson on effective rows; at 0 or 1 (no variance to see) a cluster counts as one row."""
    facts = units.diagnostics
    df = min(design.effective_units, facts["effective_groups"]) - 1
    if df <= 0.05 or arms.rows.size < 2:
        return Descriptive(value, "wilson-clustered", units.reason, diagnostics=facts)
    why = "several rows per unit" if design.clustered else "several seeds per model, taken as they are"
    total, var = float(arms.rows.sum()), variance(value, reps)
    inside = 0 < value < 1 and var > 0
    n = min(total, value * (1 - value) / var) if inside else facts["effective_groups"]
    return proportion_clustered(value, n, df, f"a proportion, {why}", {**facts, "design_effect": total / n})
