"""Several looks at growing data: boundaries that spend the error, and what naive peeking costs.

The statistic at information t behaves as a Brownian motion B(t) = Z(t) sqrt(t); its density inside the bounds is
carried from look to look by Gauss-Legendre quadrature (Armitage, McPherson and Rowe, 1969; Jennison and Turnbull,
Group Sequential Methods, 1999, chapter 19). Bounds are symmetric; `alpha` is always that of one side.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from assay.base.errors import PlanError
from assay.records.metric import Floats
from assay.stats.procedures import bisect

Spending = Literal["obrien-fleming", "pocock"]
WIDEST = 8.3
DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Inside:
    """Where the process stands at a look, among paths that have crossed no bound: nodes of B(t) with their mass."""

    time: float
    nodes: Floats
    mass: Floats

    def tail(self, time: float, z: float, drift: float, side: float) -> float:
        """Probability of being beyond z on one side at a later time."""
        spread = math.sqrt(time - self.time)
        away = side * (self.nodes + drift * (time - self.time)) - z * math.sqrt(time)
        return float((self.mass * ndtr(away / spread)).sum())

    def move(self, time: float, z: float, drift: float) -> _Inside:
        """The same at a later time, without the paths beyond z on either side."""
        spread, reach = math.sqrt(time - self.time), min(z, WIDEST + abs(drift) * math.sqrt(time)) * math.sqrt(time)
        count = int(np.clip(40 * math.ceil(0.25 * reach / spread), 80, 2000))
        nodes, weights = _legendre(count)
        nodes, weights = nodes * reach, weights * reach
        step = (nodes[:, None] - self.nodes[None, :] - drift * (time - self.time)) / spread
        density = np.exp(-0.5 * step * step) / (spread * math.sqrt(2 * math.pi))
        return _Inside(time, nodes, weights * (density * self.mass[None, :]).sum(axis=1))


@functools.cache
def _legendre(count: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


START = _Inside(0.0, np.zeros(1), np.ones(1))


def spent(fraction: float, alpha: float, spending: Spending) -> float:
    """The error of one side that may be spent by an information fraction (Lan and DeMets, Biometrika 70, 1983).

    >>> round(spent(0.5, 0.025, "pocock"), 5)
    0.0155
    """
    t = min(1.0, fraction)
    if spending == "pocock":
        return alpha * math.log1p((math.e - 1) * t)
    return float(2 * ndtr(ndtri(alpha / 2) / math.sqrt(t)))


def boundary(
    fractions: Sequence[float], alpha: float, spending: Spending = "obrien-fleming", *, last: bool = False
) -> tuple[float, ...]:
    """The |z| at which each look decides, for looks at any information.

    Args:
        fractions: Information of each look over that planned for the last, ascending; the last may fall short of 1
            or exceed it.
        alpha: Error of one side over all looks.
        spending: Lan-DeMets spending function.
        last: Whether no look follows: it then spends all that is left, although its information may fall short.

    Returns:
        One z a look.

    >>> [round(z, 3) for z in boundary([0.5, 1.0], 0.025)]
    [2.963, 1.969]
    """
    times = _ascending(fractions)
    inside, before, bounds = START, 0.0, []
    for time in times:
        now = alpha if last and time == times[-1] else spent(time, alpha, spending)
        z = round(_solve(inside, time, now - before), DIGITS)
        inside, before = inside.move(time, z, 0.0), now
        bounds.append(z)
    return tuple(bounds)


def nominal_alphas(
    fractions: Sequence[float], alpha: float, spending: Spending = "obrien-fleming", *, last: bool = False
) -> tuple[float, ...]:
    """The error of one side at which each look's interval is read: 1 - Phi(z) of `boundary`."""
    return tuple(float(ndtr(-z)) for z in boundary(fractions, alpha, spending, last=last))


def crossing(fractions: Sequence[float], bounds: Sequence[float], drift: float = 0.0) -> tuple[Floats, Floats]:
    """Probability of crossing first at each look, above and below.

    Args:
        fractions: Information of each look.
        bounds: |z| of each look.
        drift: Expected z at information 1.

    Returns:
        Upper and lower probabilities, one a look.
    """
    inside, upper, lower = START, [], []
    for time, z in zip(_ascending(fractions), bounds, strict=True):
        upper.append(inside.tail(time, z, drift, 1.0))
        lower.append(inside.tail(time, z, drift, -1.0))
        inside = inside.move(time, z, drift)
    return np.array(upper), np.array(lower)


def naive_error(looks: int, z: float = 1.959963984540054) -> float:
    """Two-sided type I error of reading `looks` equally spaced looks at the same z.

    >>> round(naive_error(5), 3)
    0.142
    """
    upper, lower = crossing(_equal(looks), [z] * looks)
    return float(upper.sum() + lower.sum())


def constant(looks: int, alpha: float = 0.025, shape: Spending = "pocock") -> float:
    """The constant C of classical bounds: z_k = C (Pocock) or C sqrt(K / k) (O'Brien and Fleming).

    Args:
        looks: Equally spaced looks K.
        alpha: Error of one side.
        shape: Which bounds.

    >>> round(constant(5), 3), round(constant(5, shape="obrien-fleming"), 3)
    (2.413, 2.04)
    """
    form = np.ones(looks) if shape == "pocock" else np.sqrt(looks / np.arange(1.0, looks + 1))

    def too_low(c: float) -> bool:
        return float(crossing(_equal(looks), (c * form).tolist())[0].sum()) > alpha

    return round(bisect(too_low, 0.5, WIDEST, steps=40), DIGITS)


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
    twice = 2 * math.log(1 / alpha)
    rho = best_at / (twice + math.log1p(twice))
    return math.sqrt((variance + rho) * (math.log((variance + rho) / rho) + twice))


def _solve(inside: _Inside, time: float, error: float) -> float:
    if error <= float(ndtr(-WIDEST)):
        return WIDEST
    return bisect(lambda z: inside.tail(time, z, 0.0, 1.0) > error, 0.0, WIDEST)


def _equal(looks: int) -> list[float]:
    return [k / looks for k in range(1, looks + 1)]


def _ascending(fractions: Sequence[float]) -> list[float]:
    times = [float(t) for t in fractions]
    if not times or times[0] <= 0 or any(b <= a for a, b in itertools.pairwise(times)):
        raise PlanError(
            f"information {times}",
            rule="looks need growing information, each more than the one before and above 0",
            fix="give the units of each look in ascending order",
        )
    return times
