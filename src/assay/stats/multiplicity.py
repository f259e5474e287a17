"""Many p-values at once: adjusted for the chance of one false finding, or for the share of false ones found.

Holm, Holm-Sidak and Hochberg bound the chance of any false finding in a family; Benjamini-Hochberg and
Benjamini-Yekutieli bound the expected share of false findings among those made at q <= level. An adjusted value is the
least level at which its hypothesis would be rejected.

| procedure | bounds | holds under |
|---|---|---|
| `holm` | one false finding | any dependence |
| `holm-sidak` | one false finding | independence, or |t| of jointly normal estimates |
| `hochberg` | one false finding | independence, or positive dependence on the true nulls |
| `benjamini-hochberg` | share of false findings | the same as Hochberg's |
| `benjamini-yekutieli` | share of false findings | any dependence |

Source: Holm (1979), Scand. J. Stat. 6:65-70; Sidak (1967), J. Am. Stat. Assoc. 62:626-633; Hochberg (1988), Biometrika
75:800-802; Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289-300; Benjamini & Yekutieli (2001), Ann. Stat.
29:1165-1188.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Floats

Scaled = Callable[[Floats, Floats, int], Floats]
"""(p-values ascending, their ranks from 1, size of the family) -> each by itself, before steps are made monotone."""


def _holm(p: Floats, rank: Floats, family: int) -> Floats:
    return (family - rank + 1) * p


def _sidak(p: Floats, rank: Floats, family: int) -> Floats:
    with np.errstate(divide="ignore"):
        found: Floats = -np.expm1((family - rank + 1) * np.log1p(-p))
    return found


def _false_share(p: Floats, rank: Floats, family: int) -> Floats:
    return family / rank * p


def _any_dependence(p: Floats, rank: Floats, family: int) -> Floats:
    return _false_share(p, rank, family) * float((1 / np.arange(1, family + 1)).sum())


_DOWN: dict[str, Scaled] = {"holm": _holm, "holm-sidak": _sidak}
"""Steps from the smallest p-value on, as long as they are rejected."""
_UP: dict[str, Scaled] = {
    "hochberg": _holm,
    "benjamini-hochberg": _false_share,
    "benjamini-yekutieli": _any_dependence,
}
"""Steps from the largest one down, until one is rejected."""
PROCEDURES = (*_DOWN, *_UP)


def adjust(p: Sequence[float | None] | Floats, how: str = "benjamini-hochberg", family: int | None = None) -> Floats:
    """Adjust the p-values of one family; in the order in which they are given.

    Args:
        p: [K] p-values; NaN or None where one is undefined.
        how: `holm`, `holm-sidak` or `hochberg` for the chance of one false finding; `benjamini-hochberg` or
            `benjamini-yekutieli` for the share of false ones among those found. `holm` and `benjamini-yekutieli` hold
            under any dependence.
        family: How many were tested; by default those that are defined. More than these count as p = 1.

    Returns:
        [K] adjusted p-values, at most 1; NaN where p is undefined.

    Raises:
        InputError: no such procedure, a p-value that is none, a family smaller than its p-values.

    >>> adjust([0.01, None, 0.04, 0.03]).round(3).tolist()
    [0.03, nan, 0.04, 0.04]
    >>> adjust([0.01, 0.04, 0.03], "holm").round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    scaled = _procedure(how)
    given = _numbers(p)
    known = np.flatnonzero(~np.isnan(given))
    many = _family(family, known.size)
    order = known[np.argsort(given[known], kind="stable")]
    each = scaled(given[order], np.arange(1.0, known.size + 1), many)
    steps = np.maximum.accumulate(each) if how in _DOWN else np.minimum.accumulate(each[::-1])[::-1]
    found = np.full(given.size, np.nan)
    # Rounding may carry a step just below p itself.
    found[order] = np.clip(steps, given[order], 1.0)
    return found


def _procedure(how: Any) -> Scaled:
    found = {**_DOWN, **_UP}.get(how) if isinstance(how, str) else None
    if found is not None:
        return found
    near = difflib.get_close_matches(str(how), PROCEDURES, n=1, cutoff=0.5)
    raise InputError(
        f"there is no adjustment {how!r}",
        rule=f"p-values are adjusted by {', '.join(PROCEDURES)}",
        fix=f"did you mean {near[0]!r}?" if near else "how='holm'",
    )


def _numbers(p: Any) -> Floats:
    rule = "p-values are a list of numbers between 0 and 1; None or NaN where undefined"
    none = InputError(f"{reprlib.repr(p)}: no p-values", rule=rule, fix="adjust([0.01, 0.2])")
    try:
        given = np.ma.filled(p.astype(float), np.nan) if isinstance(p, np.ma.MaskedArray) else np.asarray(list(p))
        found = given.astype(float) if given.ndim == 1 and given.dtype.kind not in "USbcmM" else None
    except (TypeError, ValueError) as error:
        raise none from error
    if found is None:
        raise none
    wrong = np.flatnonzero((found < 0) | (found > 1))
    if wrong.size:
        raise InputError(
            f"the p-value at place {int(wrong[0])} is {found[wrong[0]]:g}", rule=rule, fix="give p, not its logarithm"
        )
    return found


def _family(family: Any, known: int) -> int:
    if family is None:
        return known
    if isinstance(family, bool) or not isinstance(family, (int, np.integer)) or family < known:
        rule = "a family is a whole number, at least of the p-values that are defined"
        raise InputError(f"the family is {family!r} of {known} p-values", rule=rule, fix=f"family={known}")
    return int(family)
