"""Delete-one-group jackknife: standard errors of anything smooth over clusters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from assay.records.metric import Array, Floats, Ints
from assay.records.sample import Design
from assay.stats.procedures import Descriptive, LogitT, Result, StudentT, Undefined

Range = tuple[float | None, float | None]


def effective_groups(rows: Array) -> float:
    """(sum n)^2 / sum n^2 over groups with rows.

    >>> effective_groups(np.array([5, 5, 0]))
    2.0
    """
    n = np.asarray(rows, dtype=float)
    square = float((n * n).sum())
    return float(n.sum()) ** 2 / square if square > 0 else 0.0


def dense(codes: Ints) -> Ints:
    """Codes renumbered 0, 1, … in their order, without gaps.

    >>> dense(np.array([7, 2, 7])).tolist()
    [1, 0, 1]
    """
    present = np.bincount(codes) > 0
    return np.asarray((np.cumsum(present) - 1)[codes])


def delete_one(per_group: Array) -> Array:
    """Totals without each group in turn: [G, ...] -> [G, ...]."""
    return np.asarray(per_group.sum(axis=0)[None] - per_group)


def variance(value: float, replicates: Floats) -> float:
    """Jackknife variance around the estimate from all groups.

    Around that estimate rather than around the replicates' mean: the two agree for a mean, and this one is never
    smaller for a ratio.

    Args:
        value: The estimate from all groups.
        replicates: [G], the estimate without each group.

    Source: Tukey (1958); Shao & Tu (1995), The Jackknife and Bootstrap, chapter 2.
    """
    g = replicates.size
    return float((g - 1) / g * ((replicates - value) ** 2).sum()) if g > 1 else 0.0


def negligible(var: float, value: float) -> bool:
    """Whether a variance is nothing but rounding."""
    return not math.sqrt(var) > 1e-13 * abs(value)


def degrees(design: Design, rows: Array) -> float:
    """G_eff - 1: effective units, but no more than the effective groups that hold the rows concerned."""
    return min(design.effective_units, effective_groups(rows)) - 1


def jackknife(
    value: float,
    replicates: Floats,
    df: float,
    reason: str,
    bounds: Range = (None, None),
    facts: Mapping[str, Any] | None = None,
    method: str = "jackknife",
) -> Result:
    """An estimate with its delete-one-group replicates, as a t procedure.

    Args:
        value: The estimate from all groups; NaN where undefined.
        replicates: [G].
        df: Degrees of freedom, effective groups - 1.
        reason: Why this method.
        bounds: Least and greatest value possible.
        facts: Diagnostics to keep.
        method: The stable name.
    """
    if math.isnan(value):
        return Undefined("the value is not defined on these rows", method, dict(facts or {}))
    return jackknife_t(value, replicates, variance(value, replicates), df, reason, bounds, facts, method)


def jackknife_t(
    value: float,
    replicates: Floats,
    var: float,
    df: float,
    reason: str,
    bounds: Range = (None, None),
    facts: Mapping[str, Any] | None = None,
    method: str = "jackknife",
) -> Result:
    """The same where the jackknife variance is known already."""
    facts = dict(facts or {})
    why = _trouble(value, replicates, df, var)
    if why:
        return Descriptive(value, method, why, diagnostics=facts)
    facts |= {"groups": replicates.size, "df": df}
    return StudentT(value, math.sqrt(var), df, method, reason, bounds[0], bounds[1], diagnostics=facts)


def on_logit(procedure: Result, bounds: Range, method: str = "jackknife-logit") -> Result:
    """A single value's t procedure moved to the logit scale of its range, where it lies strictly inside.

    With few clusters a share near the end of its range is skewed: t on its own scale covers 86 % where this covers 94 %
    and more (design/0003-inference.md).
    """
    lower, upper = bounds
    if not isinstance(procedure, StudentT) or lower is None or upper is None or not lower < procedure.value < upper:
        return procedure
    p = procedure
    reason = f"{p.reason}, on the logit scale of the metric's range"
    return LogitT(p.value, p.se, p.df, method, reason, lower, upper, p.exact, p.diagnostics)


def _trouble(value: float, replicates: Floats, df: float, var: float) -> str:
    lost = int(np.isnan(replicates).sum()) if math.isnan(var) else 0
    if replicates.size < 2:
        return "no interval: all rows belong to one unit, which says nothing of how units differ"
    if lost:
        return f"no interval: the value is undefined when any of {lost} of the {replicates.size} units is left out"
    if df <= 0.05:
        return "no interval: nearly all rows belong to one unit"
    if negligible(var, value):
        return "no interval: every unit gives the same value, so the sample shows no variance"
    return ""
