"""Smooth functions of the rows (average precision, calibration slope, risk and coverage): jackknife over units.

Each row says how the value moves without it; what a unit moves is the sum over its rows. So a value with its variance
takes one pass over the rows, however many units there are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.metric import Floats, Influence, Ints, Metric
from assay.records.sample import Design, Rows
from assay.stats.groups import group_skewness, weights
from assay.stats.jackknife import dense, effective_groups, jackknife_t, on_logit
from assay.stats.means import difference_range
from assay.stats.procedures import Descriptive, Result, StudentT, Undefined
from assay.stats.seeds import Part, method_t
from assay.stats.skew import skew_facts

LONG = 200_000
ALONE = 1.05
LONE = "no interval: nearly all rows of one class belong to one unit, or there are none"
METHOD = "influence-jackknife"
ON_LOGIT = "influence-jackknife-logit"
PAIRED = "influence-jackknife-paired"
CURVES = frozenset({"precision_rows", "part_rows"})
"""Facts of metrics that weigh the top of a ranking: where rows of a unit rank alike, a few units decide the value."""


@dataclass(frozen=True, slots=True)
class Moves:
    """The values of all arms, and how each unit moves them.

    Attributes:
        values: [A].
        moved: [A, G], value minus the value without the unit.
        rows: [G], above 0.
        found: [A], what the metric said of each arm.
        class_units: Effective units with rows of the rarer class; infinite where the target has no classes.
    """

    values: Floats
    moved: Floats
    rows: Floats
    found: tuple[Influence, ...]
    class_units: float


def moves(metric: Metric, sample: Rows) -> Moves:
    """Values of a metric of family FUNCTIONAL, and how they move without each unit (or bucket of units)."""
    if metric.influence is None:
        raise TypeError(f"{metric.name} has no influence function")
    influence = metric.influence
    found = _each(lambda scores: influence(sample.target, scores), sample.scores)
    rows = len(sample.target)
    group = sample.group if sample.group is not None else sample.unit
    if group is None:
        moved, size = np.stack([f.moved for f in found]), np.ones(rows)
    else:
        group = dense(group)
        moved, size = _by_unit(found, group)
    return Moves(np.array([f.value for f in found]), moved, size, found, _class_units(sample, group))


def _each(one: Callable[[Floats], Influence], arms: Floats) -> tuple[Influence, ...]:
    """Every arm; side by side where they are long, which changes the time, not the numbers."""
    if arms.size < LONG:
        return tuple(map(one, arms))
    with ThreadPoolExecutor(min(len(arms), 2)) as pool:
        return tuple(pool.map(one, arms))


def replicates(metric: Metric, sample: Rows) -> tuple[Floats, Floats]:
    """Values [A], and values [G, A] without each bucket of units, as `auc_replicates` gives them of an AUC."""
    if sample.group is None:
        raise TypeError("rows without groups")
    known = moves(metric, sample)
    present = np.unique(sample.group)
    out = np.tile(known.values, (int(present.max(initial=-1)) + 1, 1))
    out[present] -= known.moved.T
    return known.values, out


def _by_unit(found: tuple[Influence, ...], group: Ints) -> tuple[Floats, Floats]:
    """[A, G] moves of units, and [G] rows; a unit's rows leave together, so that fewer remain to share its weight."""
    rows = np.bincount(group).astype(float)
    total = rows.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(rows < total, (total - 1) / (total - rows), np.nan)
    return np.stack([np.bincount(group, f.moved, minlength=len(rows)) * share for f in found]), rows


def _class_units(sample: Rows, group: Ints | None) -> float:
    target = np.asarray(sample.target) > 0
    if group is None:
        return float(min(np.count_nonzero(target), np.count_nonzero(~target)))
    held = [effective_groups(np.bincount(group[target == c])) for c in (True, False) if np.any(target == c)]
    return min(held, default=0.0)


def infer_functional(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference of a metric of family FUNCTIONAL."""
    known = moves(metric, sample)
    own = (metric.lower, metric.upper)
    base, cand, both = weights(design, len(known.values))
    return (
        _contrast(metric, known, base, design, own),
        _contrast(metric, known, cand, design, own),
        _contrast(metric, known, both, design, difference_range(metric)),
    )


def _contrast(
    metric: Metric, known: Moves, weight: Floats, design: Design, bounds: tuple[float | None, float | None]
) -> Result:
    used = np.flatnonzero(weight)
    value = float(known.values[used] @ weight[used])
    facts = facts_of(known, used)
    if math.isnan(value):
        why = next((known.found[a].why for a in used if known.found[a].why), "") or metric.undefined
        return Undefined(why, METHOD, facts)
    moved = (known.moved[used] * weight[used, None]).sum(axis=0)
    is_difference = bool((weight < 0).any())
    effective = effective_groups(known.rows)
    groups = known.rows.size
    var = float((moved * moved).sum()) * (groups - 1) / groups if groups > 1 else 0.0
    facts |= {"effective_groups": effective}
    if groups > 1 and np.isfinite(moved).all():
        facts |= skew_facts(effective, float(group_skewness(moved, known.rows)))
        if design.clustered and not CURVES.isdisjoint(facts):
            facts["carrying_units"] = carrying(moved)
    if is_difference:
        facts["nonzero"] = int(np.count_nonzero(moved))
    of_class = known.class_units if "positives" in facts else math.inf
    df = min(design.effective_units, effective, of_class) - 1
    clusters = "several rows per unit" if design.clustered else "one row per unit"
    reason = f"{clusters}: jackknife from how each row moves the value, t on effective units - 1"
    method = PAIRED if is_difference else METHOD
    if of_class <= ALONE:
        return Descriptive(value, method, LONE, diagnostics=facts)
    units = jackknife_t(value, value - moved, var, df, reason, bounds, facts, method)
    if design.about == "method" and isinstance(units, StudentT):
        part = Part(units.se**2, units.df)
        return method_t(known.values, weight, part, design, bounds, units.diagnostics)
    return units if is_difference else on_logit(units, bounds, ON_LOGIT)


def carrying(moved: Floats) -> float:
    """How many units, moving the value alike, would carry its variance: all of them, or as few as one."""
    squares = moved * moved
    fourth = float((squares * squares).sum())
    return float(squares.sum()) ** 2 / fourth if fourth > 0 else 0.0


def facts_of(known: Moves, used: Floats | Ints) -> dict[str, Any]:
    """Figures of the arms at hand, the least of each; and the units of the rarer class, where classes matter."""
    facts: dict[str, Any] = {}
    for arm in used:
        for key, figure in known.found[int(arm)].facts.items():
            facts[key] = min(figure, facts.get(key, figure))
    return facts | ({"class_units": known.class_units} if "positives" in facts else {})
