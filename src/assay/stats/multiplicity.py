"""Several claims or slices at once: adjusted p-values, and the level at which each interval is read.

A p-value that is NaN (nothing could be estimated) still counts in the family, as 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assay.base.errors import PlanError
from assay.records.metric import Floats, Ints

Adjust = Callable[[Sequence[float]], Floats]


def bonferroni(p: Sequence[float]) -> Floats:
    """Family-wise error, any dependence: m p.

    >>> bonferroni([0.01, 0.04]).tolist()
    [0.02, 0.08]
    """
    values = _family(p)
    return np.minimum(1.0, values * values.size)


def holm(p: Sequence[float]) -> Floats:
    """Family-wise error, any dependence, step-down (Holm, Scandinavian Journal of Statistics 6, 1979).

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values = _family(p)
    return _step_down(values, lambda ordered, left: ordered * left)


def holm_sidak(p: Sequence[float]) -> Floats:
    """Holm's steps with Sidak's 1 - (1 - p)^m: for independent or positively dependent p-values."""
    values = _family(p)
    return _step_down(values, lambda ordered, left: -np.expm1(left * np.log1p(-np.minimum(ordered, 1 - 1e-16))))


def hochberg(p: Sequence[float]) -> Floats:
    """Family-wise error, step-up, for independent or positively dependent p-values (Biometrika 75, 1988)."""
    values = _family(p)
    return _step_up(values, np.arange(values.size, 0, -1.0))


def benjamini_hochberg(p: Sequence[float]) -> Floats:
    """False discovery rate, independent or positively dependent p-values (JRSS B 57, 1995).

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values = _family(p)
    return _step_up(values, values.size / np.arange(1.0, values.size + 1))


def benjamini_yekutieli(p: Sequence[float]) -> Floats:
    """False discovery rate, any dependence (Annals of Statistics 29, 2001)."""
    values = _family(p)
    ranks = np.arange(1.0, values.size + 1)
    return _step_up(values, values.size * float((1 / ranks).sum()) / ranks)


def holm_alphas(p: Sequence[float], alpha: float) -> Floats:
    """The error at which each interval is read so that its verdict is Holm's.

    The smallest p is read at alpha / m, the next at alpha / (m - 1), and so on while they pass; the first that fails
    and all after it are read at the level at which it failed.

    Args:
        p: One per claim, from the same procedure as the interval.
        alpha: The family's error, on the same side(s) as p.

    >>> holm_alphas([0.001, 0.9, 0.02], 0.05).round(4).tolist()
    [0.0167, 0.05, 0.025]
    """
    values = _family(p)
    order = _ascending(values)
    steps = alpha / np.arange(values.size, 0, -1.0)
    failed = np.flatnonzero(values[order] > steps)
    if failed.size:
        steps[failed[0] :] = steps[failed[0]]
    return _scatter(steps, order)


def bonferroni_alpha(alpha: float, family: int) -> float:
    """The error of each of `family` claims."""
    return alpha / max(1, family)


ADJUSTMENTS: dict[str, Adjust] = {
    "bonferroni": bonferroni,
    "holm": holm,
    "holm-sidak": holm_sidak,
    "hochberg": hochberg,
    "benjamini-hochberg": benjamini_hochberg,
    "benjamini-yekutieli": benjamini_yekutieli,
}


def _family(p: Sequence[float]) -> Floats:
    values: Floats = np.array(p, dtype=np.float64)
    values[np.isnan(values)] = 1.0
    if values.size and (values.min() < 0 or values.max() > 1):
        raise PlanError(f"p-values from {values.min():g} to {values.max():g}", rule="a p-value lies in [0, 1]")
    return values


def _ascending(values: Floats) -> Ints:
    return np.asarray(np.argsort(values, kind="stable"), dtype=np.int64)


def _scatter(ordered: Floats, order: Ints) -> Floats:
    out = np.empty_like(ordered)
    out[order] = ordered
    return out


def _step_down(values: Floats, adjust: Callable[[Floats, Floats], Floats]) -> Floats:
    order = _ascending(values)
    adjusted = adjust(values[order], np.arange(values.size, 0, -1.0))
    return _scatter(np.minimum(1.0, np.maximum.accumulate(adjusted)), order)


def _step_up(values: Floats, factors: Floats) -> Floats:
    order = _ascending(values)
    adjusted = values[order] * factors
    return _scatter(np.minimum(1.0, np.minimum.accumulate(adjusted[::-1])[::-1]), order)
