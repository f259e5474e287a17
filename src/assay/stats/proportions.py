"""Proportions: Wilson for one (exact bounds where events are few), Tango and Newcombe for paired differences."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Array, Floats, Metric
from assay.stats.procedures import (
    Inverted,
    Result,
    Undefined,
    falling_root,
    p_by_inversion,
    t_quantile,
    two_sided_p,
    z_quantile,
)
from assay.stats.special import bdtr, betainc, betaincinv


def wilson_bounds(share: float, n: float, z: float) -> Bounds:
    """Wilson's score interval of a proportion.

    Args:
        share: Successes / n.
        n: Trials; may be an effective number.
        z: The quantile: normal, or t with clusters.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22; Newcombe (1998), Stat. Med. 17:857-872, method 3.

    >>> [round(bound, 4) for bound in wilson_bounds(81 / 263, 263, 1.959964)]
    [0.2553, 0.3662]
    """
    z2 = z * z
    centre = share + z2 / (2 * n)
    half = z * math.sqrt(max(0.0, share * (1 - share) / n + z2 / (4 * n * n)))
    low = 0.0 if share <= 0 else max(0.0, (centre - half) / (1 + z2 / n))
    high = 1.0 if share >= 1 else min(1.0, (centre + half) / (1 + z2 / n))
    return low, high


def score_p(share: float, n: float, null: float, df: float = math.inf) -> float:
    """Two-sided p of the score test of a proportion, the inversion of Wilson's interval."""
    if not 0 < null < 1:
        return 1.0 if share == null else 0.0
    return two_sided_p((share - null) / math.sqrt(null * (1 - null) / n), df)


FEW = 15
"""Successes, or failures, below which Wilson's bound on the far side errs too often and the exact bounds decide."""
TINY = 1e-9


def exact_bounds(share: float, n: float, level: float) -> Bounds:
    """Clopper and Pearson's exact interval of a proportion; n may be an effective number.

    Source: Clopper & Pearson (1934), Biometrika 26; Brown, Cai & DasGupta (2001), Statist. Sci. 16:101-133.

    >>> [round(bound, 4) for bound in exact_bounds(0 / 20, 20, 0.95)]
    [0.0, 0.1684]
    """
    side, won = (1 - level) / 2, share * n
    low = 0.0 if share <= 0 else float(betaincinv(won, n - won + 1, side))
    high = 1.0 if share >= 1 else float(betaincinv(won + 1, n - won, 1 - side))
    return low, high


def exact_p(share: float, n: float, null: float) -> float:
    """Two-sided p of the exact test, the inversion of `exact_bounds`: twice the smaller tail."""
    if not 0 < null < 1:
        return 1.0 if share == null else 0.0
    won = share * n
    above = 1.0 if share <= 0 else float(betainc(won, n - won + 1, null))
    below = 1.0 if share >= 1 else float(betainc(n - won, won + 1, 1 - null))
    return min(1.0, 2 * min(above, below))


def wilson(successes: float, trials: float, reason: str, undefined: str = "no rows") -> Result:
    """One proportion, one row per unit."""
    if trials <= 0:
        return Undefined(undefined, "wilson")
    share = successes / trials
    return Inverted(
        share,
        "wilson",
        reason,
        lambda level: wilson_bounds(share, trials, z_quantile(level)),
        lambda null: score_p(share, trials, null),
        diagnostics={"trials": trials, "successes": successes},
    )


def wilson_clustered(share: float, n: float, df: float, reason: str, facts: Mapping[str, Any]) -> Inverted:
    """One proportion over clusters: Wilson on the effective number of rows, with t.

    Args:
        share: The proportion.
        n: Effective rows, share (1 - share) / variance.
        df: Degrees of freedom, effective clusters - 1.
        reason: Why this method.
        facts: Diagnostics to keep.

    Source: Korn & Graubard (1998), Survey Methodology 24; Dean & Pagano (2015), J. Surv. Stat. Methodol. 3.
    """
    return Inverted(
        share,
        "wilson-clustered",
        reason,
        lambda level: wilson_bounds(share, n, t_quantile(level, df)),
        lambda null: score_p(share, n, null, df),
        diagnostics={**facts, "effective_trials": n, "df": df},
    )


def proportion(successes: float, trials: float, why: str, undefined: str = "no rows") -> Result:
    """One proportion, one row per unit: Wilson, or the exact interval where successes or failures are few.

    Wilson's error is two-sided: where events are few nearly all of it lies on one side, which a one-sided claim meets
    (up to 16 % at a nominal 2.5 %).
    """
    if trials <= 0 or min(successes, trials - successes) >= FEW:
        return wilson(successes, trials, f"{why}: Wilson's score interval", undefined)
    share = successes / trials
    return Inverted(
        share,
        "clopper-pearson",
        f"{why}: few successes or failures, so the exact interval",
        lambda level: exact_bounds(share, trials, level),
        lambda null: exact_p(share, trials, null),
        diagnostics={"trials": trials, "successes": successes},
    )


def effective_rows(share: float, rows: float, variance: float, clusters: float) -> float:
    """As how many independent rows the rows of clusters count for a share: at most as all of them.

    Where no variance is seen, as of a share of 0 or 1, each cluster counts as one row.

    Args:
        share: The proportion.
        rows: All rows.
        variance: Of the share, between clusters.
        clusters: How many, effectively.
    """
    return min(rows, share * (1 - share) / variance) if 0 < share < 1 and variance > 0 else clusters


def proportion_clustered(share: float, n: float, df: float, why: str, facts: Mapping[str, Any]) -> Inverted:
    """One proportion over clusters: Wilson on effective rows, or Korn and Graubard's exact interval on them.

    Args:
        share: The proportion.
        n: Effective rows.
        df: Degrees of freedom, effective clusters - 1.
        why: What is estimated, for the reason.
        facts: Diagnostics to keep.

    Source: Korn & Graubard (1998), Survey Methodology 24:193-201.
    """
    if min(share, 1 - share) * n >= FEW:
        return wilson_clustered(share, n, df, f"{why}: Wilson on effective rows, t on effective units - 1", facts)

    def bounds(level: float) -> Bounds:
        normal, student = z_quantile(level), t_quantile(level, df)
        return exact_bounds(share, n * (normal / student) ** 2 if student > TINY else n, level)

    return Inverted(
        share,
        "clopper-pearson-clustered",
        f"{why}: few successes or failures, so the exact interval on effective rows",
        bounds,
        lambda null: p_by_inversion(bounds, share, null),
        diagnostics={**facts, "effective_trials": n, "df": df},
    )


def tango_statistic(won: float, lost: float, n: float, difference: float) -> float:
    """Tango's score statistic of a paired difference.

    Args:
        won: Rows that only the candidate gets right.
        lost: Rows that only the baseline gets right.
        n: All rows.
        difference: The difference tested, candidate - baseline.

    Source: Tango (1998), Stat. Med. 17:891-908.
    """
    top = won - lost - n * difference
    b = -won - lost + (2 * n - won + lost) * difference
    c = -lost * difference * (1 - difference)
    both = (math.sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
    variance = n * (2 * both + difference * (1 - difference))
    if variance <= 0:
        return 0.0 if top == 0 else math.copysign(math.inf, top)
    return top / math.sqrt(variance)


def tango_bounds(won: float, lost: float, n: float, level: float) -> Bounds:
    """Differences that Tango's score test does not reject.

    >>> [round(bound, 3) for bound in tango_bounds(1, 7, 21, 0.95)]
    [-0.517, -0.026]
    """
    z, value = z_quantile(level), (won - lost) / n
    low = falling_root(lambda d: tango_statistic(won, lost, n, d) - z, -1.0, value)
    high = falling_root(lambda d: tango_statistic(won, lost, n, d) + z, value, 1.0)
    return low, high


def newcombe_bounds(table: Array, level: float) -> Bounds:
    """Newcombe's method 10 for a paired difference (second column - second row's margin).

    Args:
        table: [2, 2], baseline wrong/right by candidate wrong/right.
        level: Two-sided level.

    Source: Newcombe (1998), Stat. Med. 17:2635-2650.
    """
    neither, won, lost, both = (float(x) for x in np.asarray(table).ravel())
    n = neither + won + lost + both
    base, cand = (both + lost) / n, (both + won) / n
    z = z_quantile(level)
    (base_low, base_high), (cand_low, cand_high) = wilson_bounds(base, n, z), wilson_bounds(cand, n, z)
    margins = (both + lost) * (both + won) * (neither + won) * (neither + lost)
    cross = both * neither - won * lost
    cross = max(0.0, cross - n / 2) if cross > 0 else cross
    phi = cross / math.sqrt(margins) if margins > 0 else 0.0

    def reach(a: float, b: float) -> float:
        return math.sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))

    value = cand - base
    low = value - reach(cand - cand_low, base_high - base)
    high = value + reach(cand_high - cand, base - base_low)
    return max(-1.0, low), min(1.0, high)


def mcnemar(won: float, lost: float) -> dict[str, float]:
    """Exact and mid-p two-sided p-values of "as many rows won as lost".

    Source: McNemar (1947), Psychometrika 12; mid-p: Fagerland, Lydersen & Laake (2013), BMC Med. Res. Methodol. 13:91.
    """
    n, k = int(won + lost), int(min(won, lost))
    if n == 0:
        return {"mcnemar_exact_p": 1.0, "mcnemar_mid_p": 1.0}
    tail = float(bdtr(k, n, 0.5))
    point = tail - (float(bdtr(k - 1, n, 0.5)) if k > 0 else 0.0)
    exact = min(1.0, 2 * tail)
    return {"mcnemar_exact_p": exact, "mcnemar_mid_p": min(1.0, 2 * tail - point)}


def tango(table: Array, reason: str, undefined: str = "no rows") -> Result:
    """Paired difference of proportions by Tango's score interval, McNemar's tests beside it.

    Args:
        table: [2, 2], baseline wrong/right by candidate wrong/right.
        reason: Why this method.
        undefined: What to say where there are no rows.
    """
    _, won, lost, _ = (float(x) for x in np.asarray(table).ravel())
    n = float(np.asarray(table).sum())
    if n == 0:
        return Undefined(undefined, "tango")
    return Inverted(
        (won - lost) / n,
        "tango",
        reason,
        lambda level: tango_bounds(won, lost, n, level),
        lambda null: two_sided_p(tango_statistic(won, lost, n, null)),
        diagnostics={"trials": n, "won": won, "lost": lost, "discordant": won + lost, **mcnemar(won, lost)},
    )


def newcombe(table: Array, reason: str, undefined: str = "no rows") -> Result:
    """Paired difference of proportions by Newcombe's method 10, McNemar's tests beside it."""
    _, won, lost, _ = (float(x) for x in np.asarray(table).ravel())
    n = float(np.asarray(table).sum())
    if n == 0:
        return Undefined(undefined, "newcombe-paired")
    value = (won - lost) / n
    return Inverted(
        value,
        "newcombe-paired",
        reason,
        lambda level: newcombe_bounds(table, level),
        lambda null: p_by_inversion(lambda level: newcombe_bounds(table, level), value, null),
        diagnostics={"trials": n, "won": won, "lost": lost, "discordant": won + lost, **mcnemar(won, lost)},
    )


def cell_parts(metric: Metric, classes: int) -> tuple[Floats, Floats]:
    """Which (target, predicted) cells are a success, and which are a trial.

    `metric.parts` is linear in the counts, so that confusions with a single row tell.

    Returns:
        Two arrays [K, K].
    """
    if metric.parts is None:
        raise TypeError(f"{metric.name} is a proportion without parts")
    return _cell_parts(metric.parts, classes)


@functools.lru_cache(maxsize=64)
def _cell_parts(parts: Callable[[Array], tuple[Array, Array]], classes: int) -> tuple[Floats, Floats]:
    unit = np.eye(classes * classes).reshape(-1, classes, classes)
    success, trial = (np.asarray(p, dtype=float).reshape(classes, classes) for p in parts(unit))
    success.flags.writeable = trial.flags.writeable = False
    return success, trial


def paired_table(metric: Metric, counts: Array) -> Floats:
    """Rows among the trials by (baseline wrong/right, candidate wrong/right).

    Args:
        metric: A proportion; whether a row is a trial depends on its target alone.
        counts: [K, K, K], target by baseline by candidate.

    Returns:
        [2, 2].
    """
    success, trial = cell_parts(metric, counts.shape[0])
    rows = counts * trial[:, :1, None]
    right = success > 0
    answer = np.stack([~right, right])
    return np.asarray(np.einsum("tbc,itb,jtc->ij", rows, answer.astype(float), answer.astype(float)))
