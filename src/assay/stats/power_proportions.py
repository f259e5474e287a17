"""Power of claims about proportions: exact, by summing over all that can be observed, and for large samples.

The exact power is that of the procedure which judges: a proportion against a threshold by Wilson's or the exact
interval (`proportions.proportion`), a paired difference by Tango's. It is not smooth in the number of units: one unit
more may cost power where the next count is needed. Units needed are those from which on the power is never below.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from assay.base.errors import PlanError
from assay.records.metric import Floats
from assay.stats.power import MOST, Aim, Noise, least, power_at
from assay.stats.proportions import FEW, proportion, tango_statistic
from assay.stats.special import bdtr, bdtrc, ndtri

WINDOW = 60
MOST_EXACT = 20_000
"""Units beyond which steps from count to count no longer matter, so that the large-sample power stands."""


def one_proportion(share: float, threshold: float) -> Noise:
    """Noise of a proportion that is held against a threshold, for large samples."""
    return Noise(math.sqrt(share * (1 - share)), null_sd=math.sqrt(threshold * (1 - threshold)))


def paired_proportions(discordant: float, effect: float = 0.0) -> Noise:
    """Noise of a paired difference of proportions, for McNemar's and Tango's tests in large samples.

    Args:
        discordant: Share of units that the two models judge differently.
        effect: The true difference, at most `discordant`.

    Source: Connor (1987), Biometrics 43:207-211; unconditional, Miettinen (1968), Biometrics 24:339-352.

    >>> from assay.stats.power import units_needed
    >>> units_needed(paired_proportions(0.2, 0.1), Aim(), 0.1)
    155
    """
    _split(discordant, effect)
    return Noise(math.sqrt(discordant - effect * effect), null_sd=math.sqrt(discordant))


def threshold_power(share: float, threshold: float, units: int, aim: Aim) -> float:
    """Exact power of `at_least` and `at_most`: the chance of a count whose interval lies beyond the threshold.

    Args:
        share: The true proportion.
        threshold: What it is held against.
        units: Rows, one a unit.
        aim: `at_least` or `at_most`, and the error of one side.

    >>> round(threshold_power(0.9, 0.8, 100, Aim("at_least")), 4)
    0.703
    """
    if aim.kind == "at_most":
        return threshold_power(1 - share, 1 - threshold, units, replace(aim, kind="at_least"))
    level = 1 - 2 * aim.alpha

    def reached(count: int) -> bool:
        found = proportion(count, units, "")
        return not hasattr(found, "interval") or found.interval(level)[0] >= threshold

    # Wilson stands in the middle, the exact interval at both ends; within each more successes never undo support.
    edges = sorted({0, min(FEW, units + 1), max(min(FEW, units + 1), units - FEW + 1), units + 1})
    total = 0.0
    for first, last in itertools.pairwise(edges):
        start = _first(reached, first, last)
        if start < last:
            total += float(bdtr(last - 1, units, share)) - (float(bdtr(start - 1, units, share)) if start else 0.0)
    return min(1.0, max(0.0, total))


def paired_power(discordant: float, effect: float, units: int, aim: Aim) -> float:
    """Exact power of a claim about a paired difference of proportions, judged by Tango's interval.

    Args:
        discordant: Share of units that the two models judge differently.
        effect: The true improvement.
        units: Rows, one a unit.
        aim: `better`, `not_worse` or `equivalent`.

    >>> round(paired_power(0.2, 0.1, 155, Aim()), 4)
    0.8251
    """
    won, z = _split(discordant, effect), float(-ndtri(aim.alpha))
    low, high = {
        "better": (aim.margin, None),
        "not_worse": (-aim.margin, None),
        "equivalent": (-aim.margin, aim.margin),
    }[aim.kind]
    total = 0.0
    for differing, chance in zip(*_likely(units, discordant), strict=True):
        n = int(differing)

        def above(wins: int, n: int = n) -> bool:
            return tango_statistic(wins, n - wins, units, low) > z

        def beyond(wins: int, n: int = n) -> bool:
            return high is not None and tango_statistic(wins, n - wins, units, high) >= -z

        start, stop = _first(above, 0, n + 1), _first(beyond, 0, n + 1)
        if start < stop:
            total += float(chance) * _between(start, stop, n, won)
    return min(1.0, total)


def mcnemar_power(discordant: float, effect: float, units: int, alpha: float) -> float:
    """Unconditional power of McNemar's exact one-sided test, by summing over the discordant pairs.

    Args:
        discordant: Share of units that the two models judge differently.
        effect: The true improvement.
        units: Pairs.
        alpha: Error of one side.

    Source: Duffy (1984), Biometrics 40:1005-1015.
    """
    won = _split(discordant, effect)
    total = 0.0
    for differing, chance in zip(*_likely(units, discordant), strict=True):
        n = int(differing)

        def rejects(wins: int, n: int = n) -> bool:
            return float(bdtrc(wins - 1, n, 0.5)) <= alpha if wins else False

        total += float(chance) * _between(_first(rejects, 0, n + 1), n + 1, n, won)
    return min(1.0, total)


def exact_units(power_of: Callable[[int], float], target: float, period: float) -> int:
    """The number of units from which on an exact power is never below the target.

    Args:
        power_of: Units -> power; it grows, in steps that fall back a little.
        target: The power wanted.
        period: Units from one step to the next.
    """
    found = least(lambda n: power_of(n) >= target)
    window = min(2_000, max(WINDOW, 3 * math.ceil(period)))
    last, n = found - 1, found
    while n <= last + window and n < MOST_EXACT:
        if power_of(n) < target:
            last = n
        n += 1
    return last + 1


def threshold_units(share: float, threshold: float, aim: Aim) -> int:
    """Units with which a proportion reaches its threshold with the power wanted; exact up to 20,000 units."""
    noise, effect = one_proportion(share, threshold), abs(share - threshold)
    rough = least(lambda n: power_at(noise, aim, effect, n) >= aim.power)
    if rough > MOST_EXACT or rough >= MOST:
        return rough
    period = 1 / min(threshold, 1 - threshold)
    return exact_units(lambda n: threshold_power(share, threshold, n, aim), aim.power, period)


def paired_units(discordant: float, effect: float, aim: Aim) -> int:
    """Units with which a paired difference of proportions reaches its claim; exact up to 2,000 units."""
    noise = paired_proportions(discordant, effect)
    rough = least(lambda n: power_at(noise, aim, effect, n) >= aim.power)
    if rough > MOST_EXACT / 10:
        return rough
    return exact_units(lambda n: paired_power(discordant, effect, n, aim), aim.power, 1 / discordant)


def _split(discordant: float, effect: float) -> float:
    """The share of wins among the discordant units.

    Raises:
        PlanError: a difference that so few discordant units cannot give.
    """
    if not (0 < discordant <= 1 and abs(effect) <= discordant):
        raise PlanError(
            f"{discordant:g} of the units discordant, with a difference of {effect:g}",
            rule="the difference cannot exceed the discordant share",
            fix="raise the discordant share, or lower the effect",
        )
    return (discordant + effect) / 2 / discordant


def _likely(units: int, discordant: float) -> tuple[Floats, Floats]:
    """Numbers of discordant units with their chances; what is left out has less than 1e-12."""
    centre, spread = units * discordant, 8 * math.sqrt(units * discordant * (1 - discordant)) + 30
    counts = np.arange(max(0, math.floor(centre - spread)), min(units, math.ceil(centre + spread)) + 1)
    below = np.where(counts > 0, bdtr(np.maximum(counts - 1, 0).astype(float), units, discordant), 0.0)
    return counts.astype(float), bdtr(counts.astype(float), units, discordant) - below


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first count from `low` on at which a condition holds that more never undo; `high` where none does."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _between(start: int, stop: int, n: int, share: float) -> float:
    """P(start <= binomial(n, share) < stop)."""
    if start >= stop:
        return 0.0
    if n == 0:
        return 1.0
    upper = 1.0 if stop > n else float(bdtr(stop - 1, n, share))
    return upper - (float(bdtr(start - 1, n, share)) if start > 0 else 0.0)
