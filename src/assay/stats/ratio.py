"""Relative difference of two models: Fieller's interval of a ratio, from their joint covariance.

Source: Fieller (1954), J. R. Stat. Soc. B 16:175-185; Franz (2007), Ratios: a short guide, arXiv:0710.2024.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from assay.records.estimate import Bounds
from assay.records.metric import Floats
from assay.stats.procedures import Descriptive, Inverted, Result, Undefined, t_quantile, two_sided_p

METHOD = "fieller"
CENTRAL = 0.95


def fieller(
    values: Floats, covariance: Floats, df: float, reason: str = "", facts: Mapping[str, Any] | None = None
) -> Result:
    """(Candidate - baseline) / baseline.

    The interval inverts the t test of "candidate = ratio x baseline"; it is bounded only where the baseline is told
    apart from 0 at the same level.

    Args:
        values: [2], baseline and candidate.
        covariance: [2, 2], of the two.
        df: Degrees of freedom; infinite for the normal.
        reason: How the units were sampled, in words.
        facts: Diagnostics to keep.
    """
    base, cand = (float(v) for v in values)
    own, other, both = float(covariance[0, 0]), float(covariance[1, 1]), float(covariance[0, 1])
    known = {**(facts or {}), "df": df}
    if math.isnan(base) or math.isnan(cand):
        return Undefined("a model has no value", METHOD, known)
    if base < 0:
        return Undefined("the baseline is negative: a share of it has no direction", METHOD, known)
    if not df > 0.05 or math.isnan(own):
        return Undefined("too few units, or none to leave out: nothing tells the baseline from 0", METHOD, known)
    if base * base <= t_quantile(CENTRAL, df) ** 2 * own:
        return Undefined("the baseline's interval holds 0: a share of it may be any number", METHOD, known)
    value = cand / base - 1

    def spread(ratio: float) -> float:
        return math.sqrt(max(0.0, other - 2 * ratio * both + ratio * ratio * own))

    if not spread(cand / base) > 1e-13 * abs(cand):
        why = "no interval: every unit gives the same share, so the sample shows no variance"
        return Descriptive(value, METHOD, why, diagnostics=known)

    def bounds(level: float) -> Bounds:
        t2 = t_quantile(level, df) ** 2
        a, b, c = base * base - t2 * own, base * cand - t2 * both, cand * cand - t2 * other
        if a <= 0:
            return -math.inf, math.inf
        root = math.sqrt(max(0.0, b * b - a * c))
        return (b - root) / a - 1, (b + root) / a - 1

    def p(null: float) -> float:
        se = spread(1 + null)
        return two_sided_p((cand - (1 + null) * base) / se, df) if se > 0 else 0.0

    why = f"{reason}; a share of the baseline: Fieller's interval".removeprefix("; ")
    return Inverted(value, METHOD, why, bounds, p, diagnostics=known)
