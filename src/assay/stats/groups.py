"""Clusters and seeds: every family of counts and sums through delete-one-group replicates of its arms."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.metric import Array, Family, Floats, Metric
from assay.records.sample import GROUPS, Design, GroupedCounts, GroupedSums
from assay.stats.jackknife import Range, delete_one, effective_groups, jackknife_t, on_logit
from assay.stats.means import difference_range, value_of
from assay.stats.procedures import Descriptive, Result, StudentT, Undefined
from assay.stats.proportions import cell_parts, effective_rows, proportion_clustered
from assay.stats.seeds import Part, method_t
from assay.stats.skew import skew_facts, skewness


@dataclass(frozen=True, slots=True)
class ArmReplicates:
    """A metric for every arm, with and without each group.

    Attributes:
        values: [A], from all groups.
        replicates: [G, A], without each group in turn.
        rows: [G], rows that the metric concerns (trials of a proportion), in groups that have any.
        differing: Groups in which baseline and candidate differ.
        class_units: Effective groups with rows of the rarest target class; infinite where classes do not matter.
        wrong: [A], share of rows predicted wrong in a way that moves a function of counts; else None.
    """

    values: Floats
    replicates: Floats
    rows: Floats
    differing: int
    class_units: float = math.inf
    wrong: Floats | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What all metrics of one sample share.

    Attributes:
        per_group: [G, ...], counts or sums of the groups that are kept.
        without: The same without each group in turn.
        rows: [G].
        differing: Groups in which baseline and candidate differ.
        class_units: Effective groups with rows of the rarest target class; infinite for sums.
    """

    per_group: Array
    without: Array
    rows: Floats
    differing: int
    class_units: float


def prepare(sample: GroupedCounts | GroupedSums, design: Design, every_group: bool = False) -> Prepared:
    """Keep the groups that have rows (or every one), and leave each out in turn."""
    if isinstance(sample, GroupedSums):
        return _prepared(sample.sums, sample.n.astype(float), design, every_group)
    classes = sample.counts[:, 0].sum(axis=-1)
    held = [effective_groups(classes[:, k]) for k in range(classes.shape[1]) if classes[:, k].any()]
    return _prepared(sample.counts, classes.sum(axis=-1).astype(float), design, every_group, min(held, default=0.0))


def _prepared(
    per_group: Array, rows: Floats, design: Design, every_group: bool, class_units: float = math.inf
) -> Prepared:
    kept = (rows > 0) | every_group
    if not kept.all():
        per_group, rows = per_group[kept], rows[kept]
    return Prepared(per_group, delete_one(per_group), rows, _differing(per_group, design), class_units)


def replicate(
    metric: Metric,
    sample: GroupedCounts | GroupedSums,
    design: Design,
    *,
    every_group: bool = False,
    prepared: Prepared | None = None,
) -> ArmReplicates:
    """Values and delete-one-group replicates of a metric of counts or sums.

    Args:
        metric: Any of the families of counts and sums.
        sample: [G, ...].
        design: Which arms to compare when counting the groups that differ.
        every_group: Keep groups without rows, so that several samples share one G axis.
        prepared: `prepare` of the sample, where other metrics share it.
    """
    known = prepared or prepare(sample, design, every_group)
    if isinstance(sample, GroupedSums):
        return _of_sums(metric, known)
    if metric.family is not Family.PROPORTION:
        return _of_counts(metric, known, known.rows, known.class_units)
    trials = np.einsum("gtp,tp->g", known.per_group[:, 0].astype(float), cell_parts(metric, sample.counts.shape[-1])[1])
    if not (every_group or trials.all()):
        known = _prepared(known.per_group, trials, design, False)
        trials = known.rows
    return _of_counts(metric, known, trials, math.inf)


def _of_counts(metric: Metric, known: Prepared, rows: Floats, class_units: float) -> ArmReplicates:
    if metric.value is None:
        raise TypeError(f"{metric.name} reads counts and has no value function")
    values = np.asarray(metric.value(known.per_group.sum(axis=0)), dtype=float)
    reps = np.asarray(metric.value(known.without), dtype=float)
    wrong = _wrong(metric, known.per_group.sum(axis=0), values) if metric.family is Family.COUNTS else None
    return ArmReplicates(values, reps, rows, known.differing, class_units, wrong)


def _wrong(metric: Metric, total: Array, values: Floats) -> Floats:
    """Share [A] of rows predicted wrong, of confusions [A, K, K]; of two classes those that the metric reads."""
    cells = total * ~np.eye(total.shape[-1], dtype=bool)
    if metric.value is not None and total.shape[-1] == 2:
        for cell in ((0, 1), (1, 0)):
            one_more = total.copy()
            one_more[:, *cell] += 1
            # Precision is the same however many positives are missed.
            cells[:, *cell] *= np.asarray(metric.value(one_more)) != values
    return np.asarray(cells.sum(axis=(1, 2)) / np.maximum(total.sum(axis=(1, 2)), 1))


def _of_sums(metric: Metric, known: Prepared) -> ArmReplicates:
    rows, left = (1.0, 1.0) if metric.corpus else (known.rows.sum(), delete_one(known.rows)[:, None, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        values = value_of(metric, known.per_group.sum(axis=0) / rows)
        reps = value_of(metric, known.without / left)
    return ArmReplicates(values, reps, known.rows, known.differing)


def _differing(per_group: Array, design: Design) -> int:
    flat = per_group.reshape(*per_group.shape[:2], math.prod(per_group.shape[2:]))
    if len(design.baseline) == len(design.candidate) == 1:
        differ = flat[:, design.baseline[0]] != flat[:, design.candidate[0]]
    else:
        base = flat[:, list(design.baseline)].sum(axis=1) * len(design.candidate)
        differ = base != flat[:, list(design.candidate)].sum(axis=1) * len(design.baseline)
    return int(np.count_nonzero(differ.any(axis=1)))


def weights(design: Design, arms: int) -> tuple[Floats, Floats, Floats]:
    """Weights [A] of baseline, candidate and difference: the mean over each model's seeds."""
    base, cand = np.zeros(arms), np.zeros(arms)
    base[list(design.baseline)] = 1 / len(design.baseline)
    cand[list(design.candidate)] = 1 / len(design.candidate)
    return base, cand, cand - base


def infer_groups(
    metric: Metric, sample: GroupedCounts | GroupedSums, design: Design, prepared: Prepared | None = None
) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference over clusters or seeds.

    Args:
        metric: Any of the families of counts and sums.
        sample: [G, ...].
        design: How its rows were sampled.
        prepared: `prepare` of the sample, where other metrics share it.
    """
    found = infer_contrasts(metric, sample, design, weights(design, _arms_in(sample)), prepared)
    return found[0], found[1], found[2]


def _arms_in(sample: GroupedCounts | GroupedSums) -> int:
    return int((sample.sums if isinstance(sample, GroupedSums) else sample.counts).shape[1])


def infer_contrasts(
    metric: Metric,
    sample: GroupedCounts | GroupedSums,
    design: Design,
    each: Sequence[Floats],
    prepared: Prepared | None = None,
) -> tuple[Result, ...]:
    """Single models and differences over clusters or seeds, each as weights [A] on the arms."""
    arms = replicate(metric, sample, design, prepared=prepared)
    if arms.rows.size == 0:
        return (Undefined(metric.undefined, "jackknife"),) * len(each)
    used = [np.flatnonzero(w) for w in each]
    values = np.array([arms.values[u] @ w[u] for u, w in zip(used, each, strict=True)])
    reps = np.stack([arms.replicates[:, u] @ w[u] for u, w in zip(used, each, strict=True)])
    moved = values[:, None] - reps
    skew = group_skewness(moved, arms.rows)
    spread = (arms.rows.size - 1) / arms.rows.size * np.einsum("cg,cg->c", moved, moved)
    effective = effective_groups(arms.rows)
    own, wide = (metric.lower, metric.upper), difference_range(metric)
    return tuple(
        _contrast(
            metric,
            arms,
            _Contrast(w, float(values[c]), reps[c], float(spread[c]), float(skew[c]), effective),
            design,
            wide if (w < 0).any() else own,
        )
        for c, w in enumerate(each)
    )


@dataclass(frozen=True, slots=True)
class _Contrast:
    """Sum over arms of weight x value, with its replicates [G], their jackknife variance and the groups' skewness."""

    weight: Floats
    value: float
    replicates: Floats
    variance: float
    skewness: float
    effective_groups: float


def _contrast(metric: Metric, arms: ArmReplicates, found: _Contrast, design: Design, bounds: Range) -> Result:
    """One contrast as a procedure, about the models or about the method that trains them."""
    if math.isnan(found.value):
        return Undefined(metric.undefined, "jackknife")
    is_difference = bool((found.weight < 0).any())
    facts: dict[str, Any] = {"groups": arms.rows.size, "effective_groups": found.effective_groups}
    if is_difference:
        facts["nonzero"] = arms.differing
    facts |= skew_facts(found.effective_groups, found.skewness)
    df = min(design.effective_units, found.effective_groups, arms.class_units) - 1
    if math.isfinite(arms.class_units):
        facts["class_units"] = arms.class_units
    about_units = jackknife_t(found.value, found.replicates, found.variance, df, _reason(design), bounds, facts)
    if design.about == "method":
        return _method(arms, found.weight, about_units, design, bounds)
    if is_difference or (metric.family in (Family.MEAN, Family.SUMS) and not metric.shares):
        return about_units
    if metric.family is Family.PROPORTION or metric.shares:
        return _share(found, arms, about_units, design)
    return on_logit(_with_wrong(about_units, arms, found.weight, design), bounds)


def _with_wrong(units: Result, arms: ArmReplicates, weight: Floats, design: Design) -> Result:
    """With how many units the wrong rows would fill: with few, one that is wrong throughout may not have been met."""
    if arms.wrong is None:
        return units
    filled = round(float(np.abs(weight) @ arms.wrong) * design.units, 12)
    return dataclasses.replace(units, diagnostics={**units.diagnostics, "wrong_units": filled})


def group_skewness(moved: Floats, rows: Floats) -> Floats:
    """Skewness of the groups' own values, each taken back from how it moves the whole.

    Per row rather than per group: weighted by size, the largest group alone would say how skewed the units are.

    Args:
        moved: [..., G], the value from all groups minus that without each group.
        rows: [G], above 0.
    """
    return skewness(moved * ((rows.sum() - rows) / rows))


def _reason(design: Design) -> str:
    groups = "unit" if design.units <= GROUPS else "bucket-of-units"
    return f"{_why(design)}: delete-one-{groups} jackknife, t on effective units - 1"


def _why(design: Design) -> str:
    if design.clustered:
        return "several rows per unit"
    several = max(len(design.baseline), len(design.candidate)) > 1
    return "several seeds per model, taken as they are" if several else "a value of all rows together"


def _method(arms: ArmReplicates, weight: Floats, units: Result, design: Design, bounds: Range) -> Result:
    if isinstance(units, StudentT):
        part = Part(units.se**2, units.df)
        return method_t(np.nan_to_num(arms.values), weight, part, design, bounds, units.diagnostics)
    return units


def _share(found: _Contrast, arms: ArmReplicates, units: Result, design: Design) -> Result:
    """Wilson on effective rows; at 0 or 1 (no variance to see) a cluster counts as one row."""
    facts, value = units.diagnostics, found.value
    df = min(design.effective_units, found.effective_groups) - 1
    if df <= 0.05 or arms.rows.size < 2:
        return Descriptive(value, "wilson-clustered", units.reason, diagnostics=facts)
    total = float(arms.rows.sum())
    n = effective_rows(value, total, found.variance, found.effective_groups)
    if 0 < value < 1 and found.variance > 0:
        # With few, units that are right or wrong throughout need not have shown in this sample (design/0017).
        facts = {**facts, "rarer_units": round(min(value, 1 - value) * found.effective_groups, 12)}
    return proportion_clustered(value, n, df, f"a proportion, {_why(design)}", {**facts, "design_effect": total / n})
