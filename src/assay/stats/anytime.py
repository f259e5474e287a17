"""Intervals that hold at every moment at once: any number of looks, whenever one likes.

Each side of an interval errs, over all time, with at most half of 1 - level. Proportions and paired differences of them
have exact bounds; every other estimate gets the normal mixture around its own interval, which holds for many units.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Floats
from assay.records.sample import Design
from assay.stats.domain import within
from assay.stats.procedures import Descriptive, Inverted, Result, Undefined, falling_root
from assay.stats.special import betaincc, betaln, ndtr, ndtri

TUNED = 0.05
"""The two-sided error at which the mixture is tightest at the units planned; it holds at any."""
BETS = 80
SMALLEST = 1e-12
EXACT = ("beta-binomial-mixture", "betting-mixture")
"""Methods whose intervals hold at every moment by themselves."""


def always_valid_radius(variance: float, alpha: float, best_at: float) -> float:
    """Two-sided bound, valid at every moment, on a sum whose variance has grown to `variance`.

    The normal mixture of Robbins (1970), tuned to be tightest at `best_at`; Howard, Ramdas, McAuliffe and Sekhon,
    Annals of Statistics 49 (2021).

    Args:
        variance: Accumulated variance of the sum so far.
        alpha: Two-sided error over all time.
        best_at: Accumulated variance at which the bound is to be tightest.

    >>> round(always_valid_radius(100, 0.05, 100), 5)
    30.35209
    """
    return math.sqrt(variance) * mixture_z(variance, alpha, mixture_rho(best_at, alpha))


def mixture_rho(best_at: float, alpha: float = TUNED) -> float:
    """The mixture's precision with which the bound is close to its tightest at a variance (or number of units).

    >>> round(mixture_rho(100, 0.05), 5)
    12.60056
    """
    twice = 2 * math.log(1 / alpha)
    return best_at / (twice + math.log1p(twice))


def mixture_z(units: float, alpha: float, rho: float) -> float:
    """The |z| that a normal statistic reaches with probability alpha at most, at any moment of all time.

    Args:
        units: Units so far.
        alpha: Two-sided error over all time.
        rho: The mixture's precision, in units.
    """
    return math.sqrt((units + rho) / units * (math.log((units + rho) / rho) + 2 * math.log(1 / alpha)))


def mixture_alpha(units: float, z: float, rho: float) -> float:
    """The least two-sided error over all time at which a statistic z leaves the bound: the always-valid p-value."""
    log_alpha = 0.5 * (math.log((units + rho) / rho) - z * z * units / (units + rho))
    return math.exp(min(0.0, log_alpha))


def nominal(units: float, alpha: float, best_at: float) -> float:
    """The error of one side at which an ordinary interval is read, so that each side errs alpha over all time.

    Args:
        units: Units so far.
        alpha: Error of one side over all time.
        best_at: Units at which the bound is to be tightest.
    """
    return float(ndtr(-mixture_z(units, 2 * alpha, mixture_rho(best_at))))


def anytime(result: Result, design: Design, best_at: float) -> Result:
    """A procedure whose interval holds at every moment: the normal mixture around the interval of another.

    The statistic z is read off the other's p-value, so that ranges, t quantiles and skewed intervals keep their shape.
    Source of the asymptotic argument: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Annals of Statistics 52 (2024).

    Args:
        result: What one look alone would be.
        design: How its rows were sampled; units are the clock.
        best_at: Units at which it is to be tightest.
    """
    if isinstance(result, (Undefined, Descriptive)):
        return result
    units, rho = max(1, design.units), mixture_rho(best_at)

    def bounds(level: float) -> Bounds:
        alpha = max(SMALLEST, 1 - level)
        return result.interval(1 - 2 * float(ndtr(-mixture_z(units, alpha, rho))))

    def p(null: float) -> float:
        return mixture_alpha(units, -float(ndtri(max(result.p_value(null), 1e-300) / 2)), rho)

    own = {"rows": design.rows, "units": design.units, "effective_units": design.effective_units}
    inside, domain = within(result.method, {**own, **result.diagnostics})
    why = f"at any moment: the normal mixture, tightest at {best_at:g} units, around {result.method} ({result.reason}"
    facts = {**result.diagnostics, "around_inside": float(inside), "best_at": best_at}
    return Inverted(
        result.value, "normal-mixture", f"{why}; it {domain})", bounds, p, exact=result.exact, diagnostics=facts
    )


def proportion_anytime(successes: float, trials: float, best_at: float, why: str, undefined: str = "no rows") -> Result:
    """One proportion at every moment: the beta-binomial mixture, exact.

    Against p the likelihood is averaged over Jeffreys' prior on the side that speaks against it. Sources: Robbins, Ann.
    of Mathematical Statistics 41 (1970); Howard et al., Annals of Statistics 49 (2021), section 3.
    """
    if trials <= 0:
        return Undefined(undefined, "beta-binomial-mixture")
    failures = trials - successes
    return _two_sided(
        successes / trials,
        (0.0, 1.0),
        lambda null: log_beta_mixture(successes, failures, null),
        lambda null: log_beta_mixture(failures, successes, 1 - null),
        "beta-binomial-mixture",
        f"{why}: at any moment, the beta-binomial mixture",
        {"trials": trials, "successes": successes, "best_at": best_at},
    )


def log_beta_mixture(successes: float, failures: float, null: float) -> float:
    """Log of the evidence for a proportion above the null: likelihood averaged over Jeffreys' prior, over the null's.

    Under the null and below it a supermartingale that starts at 1.
    """
    if null <= 0:
        return math.inf if successes > 0 else 0.0
    if null >= 1:
        return -math.inf if failures > 0 else 0.0
    a, b = successes + 0.5, failures + 0.5
    prior, posterior = float(betaincc(0.5, 0.5, null)), float(betaincc(a, b, null))
    if prior <= 0 or posterior <= 0:
        return -math.inf
    ratio = float(betaln(a, b) - betaln(0.5, 0.5)) + math.log(posterior) - math.log(prior)
    return ratio - successes * math.log(null) - failures * math.log1p(-null)


def difference_anytime(
    won: float, lost: float, trials: float, best_at: float, why: str, undefined: str = "no rows"
) -> Result:
    """A paired difference of proportions at every moment: a mixture of constant bets, exact.

    Against a difference m the bets are on each row's d - m, d being -1, 0 or 1; capital depends on the counts alone.
    Sources: Waudby-Smith and Ramdas, J. R. Statist. Soc. B 86 (2024), section 4; Orabona and Jun, IEEE Transactions on
    Information Theory 70 (2024).

    Args:
        won: Rows that only the candidate gets right.
        lost: Rows that only the baseline gets right.
        trials: All rows.
        best_at: Rows around which the bets are spread: from 1 / sqrt of them on.
        why: What is estimated.
        undefined: What to say where there are no rows.
    """
    if trials <= 0:
        return Undefined(undefined, "betting-mixture")
    shares = bets(best_at)
    return _two_sided(
        (won - lost) / trials,
        (-1.0, 1.0),
        lambda null: log_capital(won, lost, trials, null, shares),
        lambda null: log_capital(lost, won, trials, -null, shares),
        "betting-mixture",
        f"{why}: at any moment, a mixture of bets, tightest near {best_at:g} rows",
        {"trials": trials, "nonzero": won + lost, "best_at": best_at},
    )


def bets(best_at: float) -> Floats:
    """Shares of the largest possible bet, evenly spread on the log scale."""
    return np.geomspace(min(0.5, 1 / math.sqrt(best_at)), 0.999, BETS)


def log_capital(won: float, lost: float, trials: float, null: float, shares: Floats) -> float:
    """Log of the mean capital of bets on a mean above the null; under it and below a supermartingale from 1 on."""
    if null <= -1:
        return math.inf if trials > lost else 0.0
    bet = shares / (1 + null)
    logs = won * np.log1p(bet * (1 - null)) + (trials - won - lost) * np.log1p(-bet * null) + lost * np.log1p(-shares)
    most = float(logs.max())
    return most + math.log(float(np.exp(logs - most).mean()))


def _two_sided(
    value: float,
    ends: Bounds,
    below: Callable[[float], float],
    above: Callable[[float], float],
    method: str,
    reason: str,
    facts: dict[str, float],
) -> Result:
    """A procedure from the log evidence against a null on either side, which falls towards the value."""

    def bounds(level: float) -> Bounds:
        needed = math.log(2 / max(SMALLEST, 1 - level))
        low = falling_root(lambda null: below(null) - needed, ends[0], value)
        high = falling_root(lambda null: needed - above(null), value, ends[1])
        return low, high

    def p(null: float) -> float:
        if null == value:
            return 1.0
        return min(1.0, 2 * math.exp(-max(0.0, below(null) if null < value else above(null))))

    return Inverted(value, method, reason, bounds, p, diagnostics=facts)
