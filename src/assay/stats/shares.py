"""Whether counts of several arms are what their design says: the sample ratio, and its mismatch.

Pearson's chi-square of the counts against the shares that the arms were to have. Where a share expects fewer than five
it is no good approximation: two arms then have an exact binomial p-value, more arms have none.

Source: Pearson (1900), Philosophical Magazine 50:157-175; the name: Fabijan et al. (2019), KDD '19:2156-2164.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, bdtrc, chdtrc

from assay.base.errors import InputError
from assay.records.metric import Array, Floats
from assay.stats.estimates import LEAST_P

ENOUGH = 5.0
"""Expected count from which the chi-square distribution holds."""
RULE = "counts are whole numbers of at least two arms, and each arm has a share above 0"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Counts beside what their design says.

    Attributes:
        statistic: Pearson's chi-square; None without any count.
        df: Arms less one.
        p_value: How often counts as far from their shares come about by chance; None where nobody can say.
        exact: Whether p is the binomial's own.
        why: Why there is no p-value; empty where there is one.
    """

    statistic: float | None
    df: int
    p_value: float | None
    exact: bool = False
    why: str = ""


def sample_ratio(counts: Sequence[float] | Array, shares: Sequence[float] | Array) -> Ratio:
    """Test counts [A] against the shares [A] that the design gives the arms, in any unit.

    Raises:
        InputError: counts that are no whole numbers, shares that are not above 0, or not as many.

    >>> found = sample_ratio([600, 400], [1, 1])
    >>> found.statistic, found.df, f"{found.p_value:.2e}"
    (40.0, 1, '2.54e-10')
    """
    seen, designed = (_numbers(values) for values in (counts, shares))
    whole = bool(((seen >= 0) & (seen == np.floor(seen))).all())
    if seen.shape != designed.shape or seen.size < 2 or not whole or not (designed > 0).all():
        said = f"counts {seen.tolist()} with shares {designed.tolist()}"
        raise InputError(said, rule=RULE, fix="sample_ratio([510, 490], [0.5, 0.5])")
    share, total, df = designed / designed.sum(), float(seen.sum()), seen.size - 1
    if total == 0:
        return Ratio(None, df, None, why="nothing was counted")
    statistic = float(chi_square(seen, share))
    if total * share.min() >= ENOUGH:
        return Ratio(statistic, df, max(LEAST_P, float(chdtrc(df, statistic))))
    if df == 1:
        return Ratio(statistic, df, _binomial(int(seen[0]), int(total), float(share[0])), exact=True)
    return Ratio(
        statistic, df, None, why=f"an arm expects {total * share.min():.2g}, and fewer than {ENOUGH:g} say little"
    )


def chi_square(counts: Floats, shares: Floats) -> Floats:
    """Pearson's statistic [...] of counts [..., A], not all 0, against shares [A] that sum to 1."""
    expected = counts.sum(axis=-1, keepdims=True) * shares
    found: Floats = ((counts - expected) ** 2 / expected).sum(axis=-1)
    return found


def _binomial(k: int, n: int, share: float) -> float:
    """Twice the smaller tail, at most 1."""
    below, above = float(bdtr(k, n, share)), 1.0 if k == 0 else float(bdtrc(k - 1, n, share))
    return min(1.0, max(LEAST_P, 2 * min(below, above)))


def _numbers(values: Sequence[float] | Array) -> Floats:
    try:
        found: Floats = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise InputError(f"{values!r} are no numbers", rule=RULE, fix="sample_ratio([510, 490], [0.5, 0.5])") from error
    if found.ndim != 1 or not all(map(math.isfinite, found)):
        raise InputError(f"{values!r} are no numbers", rule=RULE, fix="sample_ratio([510, 490], [0.5, 0.5])")
    return found
