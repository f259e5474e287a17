"""After stopping: p-value, median-unbiased estimate and interval by the stage-wise ordering.

An outcome is the more extreme the earlier it crossed, and at one look the larger z. Sources: Fairbanks and Madsen,
Biometrika 69, 1982; Tsiatis, Rosner and Mehta, Biometrics 40, 1984; Jennison and Turnbull (1999), chapter 8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assay.records.estimate import Bounds
from assay.stats.brownian import START, ascending
from assay.stats.procedures import Descriptive, Draws, Inverted, LogitT, MaxT, Result, StudentT, Undefined, falling_root
from assay.stats.sequential import stopping
from assay.stats.special import ndtr, ndtri

LEAST = 1e-300
FARTHEST = 6.0
"""Standard errors up to which an interval is asked for its own bound."""
Interval = StudentT | LogitT | Inverted | Draws | MaxT


@dataclass(frozen=True, slots=True)
class Stopped:
    """What can be said of the drift after stopping; the drift is the expected z at information 1.

    Attributes:
        p: Two-sided p-value of no drift.
        median: The median-unbiased estimate.
        low: Bound of the interval with error `alpha` on each side; `high` is the other.
    """

    p: float
    median: float
    low: float
    high: float


def more_extreme(
    fractions: Sequence[float],
    bounds: Sequence[float],
    z: float,
    drift: float = 0.0,
    lower: Sequence[float] | None = None,
) -> float:
    """Probability of an outcome at least as far up as stopping at the last look given with that z.

    Args:
        fractions: Information of the looks until it stopped.
        bounds: z of the looks before the last, above which they would have stopped; further ones are not needed.
        z: The statistic at the last.
        drift: Expected z at information 1.
        lower: z below which they would have stopped; mirrored unless given.
    """
    times = ascending(fractions)
    lows = [-b for b in bounds] if lower is None else list(lower)
    inside, passed, side = START, 0.0, 1.0 if z >= 0 else -1.0
    for time, low, high in zip(times[:-1], lows, bounds, strict=False):
        passed += inside.tail(time, high if side > 0 else -low, drift, side)
        inside = inside.move(time, low, high, drift)
    beyond = passed + inside.tail(times[-1], abs(z), drift, side)
    return beyond if side > 0 else 1.0 - beyond


def stopped(
    fractions: Sequence[float],
    bounds: Sequence[float],
    z: float,
    alpha: float = 0.025,
    lower: Sequence[float] | None = None,
) -> Stopped:
    """p-value, median-unbiased estimate and interval of the drift.

    Args:
        fractions: Information of the looks until it stopped.
        bounds: Of the looks before the last.
        z: The statistic at the last, against no drift.
        alpha: Error of each side of the interval.
        lower: Lower bounds; mirrored unless given.

    >>> found = stopped([0.5, 1.0], [2.963], 2.5)
    >>> round(found.p, 4), round(found.median, 3), round(found.low, 3), round(found.high, 3)
    (0.0143, 2.483, 0.502, 4.45)
    """
    p = more_extreme(fractions, bounds, z, 0.0, lower)
    median, low, high = (drift_at(share, fractions, bounds, z, lower) for share in (0.5, alpha, 1 - alpha))
    return Stopped(min(1.0, 2 * min(p, 1 - p)), median, low, high)


def drift_at(
    share: float, fractions: Sequence[float], bounds: Sequence[float], z: float, lower: Sequence[float] | None = None
) -> float:
    """The drift under which an outcome at least as far up has a probability: 1/2 for the median-unbiased estimate.

    Args:
        share: The probability.
        fractions: Information of the looks until it stopped.
        bounds: Of the looks before the last.
        z: The statistic at the last, against no drift.
        lower: Lower bounds; mirrored unless given.
    """
    times = ascending(fractions)
    spread = 1 / math.sqrt(times[-1])

    def missing(drift: float) -> float:
        return share - more_extreme(times, bounds, z, drift, lower)

    low, high = (z - 3) * spread, (z + 3) * spread
    while missing(low) < 0:
        low -= 2 * (z * spread - low)
    while missing(high) > 0:
        high += 2 * (high - z * spread)
    return falling_root(missing, low, high)


def statistic(result: Interval, null: float) -> float:
    """The normal statistic of a procedure against a value: it is z where the interval's error passes 1 - Phi(z)."""
    p = min(1.0, max(LEAST, result.p_value(null)))
    return math.copysign(-float(ndtri(p / 2)), result.value - null)


def after_stopping(result: Result, null: float, fractions: Sequence[float], bounds: Sequence[float]) -> Result:
    """What can be said of an estimate after stopping at a look: median-unbiased, with its interval and p-value.

    A drift is turned into the metric's unit by the procedure itself: the value against which its statistic is smaller
    by as much. Skewed intervals keep their shape, and the statistic against the null is the one that met the bounds.

    Args:
        result: What the look alone says.
        null: The value that the bounds are about.
        fractions: Information of the looks until it stopped.
        bounds: Of the looks before the last.
    """
    if isinstance(result, (Undefined, Descriptive)):
        return result
    times = ascending(fractions)
    z, root = statistic(result, null), math.sqrt(times[-1])

    def unit(drift: float) -> float:
        away = z - drift * root
        near = min(abs(away), FARTHEST)
        low, high = result.interval(2 * float(ndtr(near)) - 1)
        bound = low if away > 0 else high
        # Beyond the farthest level that can be told from 1 bounds go on as those of a normal estimate do.
        return bound if near == abs(away) else result.value + (bound - result.value) * abs(away) / near

    def interval(level: float) -> Bounds:
        side = (1 - level) / 2
        return unit(drift_at(side, times, bounds, z)), unit(drift_at(1 - side, times, bounds, z))

    def p(value: float) -> float:
        more = more_extreme(times, bounds, z, (z - statistic(result, value)) / root)
        return min(1.0, 2 * min(more, 1 - more))

    why = f"after look {len(times)}, by the stage-wise ordering, around {result.method}"
    return Inverted(unit(drift_at(0.5, times, bounds, z)), "stage-wise", why, interval, p, exact=result.exact)


def bias(result: Result, null: float, fractions: Sequence[float], bounds: Sequence[float], looks: int) -> float | None:
    """How far the naive estimate lies off on average, were the median-unbiased one true.

    Args:
        result: What the look alone says.
        null: The value that the bounds are about.
        fractions: Information of all looks, those to come as planned.
        bounds: Of all looks.
        looks: How many were read.

    Returns:
        In the metric's unit; None where there is no interval.

    Source: Whitehead, Biometrika 73, 1986.
    """
    if isinstance(result, (Undefined, Descriptive)):
        return None
    low, high = result.interval(2 * float(ndtr(0.5)) - 1)
    times = ascending(fractions)
    drift = drift_at(0.5, times[:looks], bounds[: looks - 1], statistic(result, null))
    off = stopping(times, bounds, drift).naive - drift
    return off * math.sqrt(times[looks - 1]) * (high - low)
