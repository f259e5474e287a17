"""Several looks at growing data: bounds that spend the error, how often they stop, and what naive peeking costs.

Bounds are symmetric; `alpha` is always that of one side. `brownian` holds the recursion, `spending` how the error is
spent, `stagewise` what can be said after stopping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.records.metric import Floats
from assay.records.plan import Spending
from assay.stats.brownian import START, WIDEST, Inside, ascending, crossing, equal
from assay.stats.procedures import bisect
from assay.stats.special import ndtr
from assay.stats.spending import DIGITS, Rule, constant, spent, steps

__all__ = [
    "Spending",
    "Stopping",
    "boundary",
    "constant",
    "crossing",
    "naive_error",
    "nominal_alphas",
    "spent",
    "stopping",
]


def boundary(
    fractions: Sequence[float], alpha: float, spending: Spending | Rule = "obrien-fleming", *, last: bool = False
) -> tuple[float, ...]:
    """The |z| at which each look decides, for looks at any information.

    Args:
        fractions: Information of each look over that planned for the last, ascending; the last may fall short of 1
            or exceed it.
        alpha: Error of one side over all looks.
        spending: How the error is spent.
        last: Whether no look follows: it then spends all that is left, although its information may fall short.

    Returns:
        One z a look.

    >>> [round(z, 3) for z in boundary([0.5, 1.0], 0.025)]
    [2.963, 1.969]
    """
    times = ascending(fractions)
    rule = spending if isinstance(spending, Rule) else Rule(spending)
    inside, bounds = START, []
    for time, error in zip(times, steps(times, alpha, rule, last), strict=True):
        z = round(_solve(inside, time, error), DIGITS)
        inside = inside.move(time, -z, z, 0.0)
        bounds.append(z)
    return tuple(bounds)


def nominal_alphas(
    fractions: Sequence[float], alpha: float, spending: Spending | Rule = "obrien-fleming", *, last: bool = False
) -> tuple[float, ...]:
    """The error of one side at which each look's interval is read: 1 - Phi(z) of `boundary`.

    Read at it, the interval of a look is the repeated confidence interval of Jennison and Turnbull (J. R. Statist. Soc.
    B 51, 1989): it leaves a value out exactly where the statistic against that value has crossed the bound.
    """
    return tuple(float(ndtr(-z)) for z in boundary(fractions, alpha, spending, last=last))


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a design with several looks does where the truth is some drift.

    Attributes:
        upper: Probability of crossing the upper bound first at each look.
        lower: The same of the lower bound.
        stop: Probability that each look is the last; the last of all takes what has crossed nothing.
        expected: Expected information at the end, in the unit of the fractions.
        naive: Expectation of the naive estimate of the drift at the end, z / sqrt(t).
    """

    upper: Floats
    lower: Floats
    stop: Floats
    expected: float
    naive: float

    @property
    def power(self) -> float:
        """Probability of crossing an upper bound."""
        return float(self.upper.sum())


def stopping(
    fractions: Sequence[float], bounds: Sequence[float], drift: float = 0.0, lower: Sequence[float] | None = None
) -> Stopping:
    """Where looks stop, how much information that takes, and how far the naive estimate is off then.

    Args:
        fractions: Information of each look.
        bounds: z of each look above which it stops, e.g. of `boundary`.
        drift: Expected z at information 1: effect / standard error there.
        lower: z below which it stops; mirrored unless given.

    Source of the expected estimate: Whitehead, Biometrika 73, 1986.

    >>> found = stopping([0.5, 1.0], boundary([0.5, 1.0], 0.025), drift=3.0)
    >>> round(found.power, 3), round(found.expected, 3), round(found.naive, 2)
    (0.85, 0.9, 3.2)
    """
    times = ascending(fractions)
    lows = [-z for z in bounds] if lower is None else list(lower)
    above, below = crossing(times, bounds, drift, lows)
    stop = above + below
    stop[-1] = 1.0 - stop[:-1].sum()
    inside: Inside = START
    naive = 0.0
    for time, low, high in zip(times[:-1], lows[:-1], bounds[:-1], strict=True):
        naive += (inside.pull(time, high, drift, 1.0) + inside.pull(time, -low, drift, -1.0)) / time
        inside = inside.move(time, low, high, drift)
    naive += inside.mean(times[-1], drift) / times[-1]
    return Stopping(above, below, stop, float(np.dot(times, stop)), naive)


def naive_error(looks: int, z: float = 1.959963984540054) -> float:
    """Two-sided type I error of reading `looks` equally spaced looks at the same z.

    >>> round(naive_error(5), 3)
    0.142
    """
    upper, lower = crossing(equal(looks), [z] * looks)
    return float(upper.sum() + lower.sum())


def _solve(inside: Inside, time: float, error: float) -> float:
    if error <= float(ndtr(-WIDEST)):
        return WIDEST
    return bisect(lambda z: inside.tail(time, z, 0.0, 1.0) > error, 0.0, WIDEST)
