"""The statistic over looks as a Brownian motion: its density inside the bounds, carried from look to look.

At information t the statistic is B(t) = Z(t) sqrt(t), with drift the expected Z at information 1. Its density is held
at Gauss-Legendre nodes (Armitage, McPherson and Rowe, 1969; Jennison and Turnbull, Group Sequential Methods, 1999,
chapter 19). Bounds are on Z.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.base.errors import PlanError
from assay.records.metric import Floats
from assay.stats.special import ndtr

WIDEST = 8.3


@dataclass(frozen=True, slots=True)
class Inside:
    """Where the process stands at a look, among paths that have crossed no bound: nodes of B(t) with their mass."""

    time: float
    nodes: Floats
    mass: Floats

    def tail(self, time: float, z: float, drift: float, side: float) -> float:
        """Probability of Z >= z at a later time (side 1), or of Z <= -z (side -1)."""
        spread = math.sqrt(time - self.time)
        away = side * (self.nodes + drift * (time - self.time)) - z * math.sqrt(time)
        return float((self.mass * ndtr(away / spread)).sum())

    def pull(self, time: float, z: float, drift: float, side: float) -> float:
        """Expectation of B over the paths that `tail` counts."""
        spread = math.sqrt(time - self.time)
        means = self.nodes + drift * (time - self.time)
        away = (side * means - z * math.sqrt(time)) / spread
        density = np.exp(-0.5 * away * away) / math.sqrt(2 * math.pi)
        return float((self.mass * (means * ndtr(away) + side * spread * density)).sum())

    def mean(self, time: float, drift: float) -> float:
        """Expectation of B at a later time over all paths that are left."""
        return float((self.mass * (self.nodes + drift * (time - self.time))).sum())

    def move(self, time: float, low: float, high: float, drift: float) -> Inside:
        """The same at a later time, without the paths below `low` and above `high`."""
        spread, root = math.sqrt(time - self.time), math.sqrt(time)
        far = WIDEST + abs(drift) * root
        low, high = max(low, -far), min(high, far)
        if not low < high:
            return Inside(time, np.zeros(1), np.zeros(1))
        middle, reach = 0.5 * (low + high) * root, 0.5 * (high - low) * root
        count = int(np.clip(40 * math.ceil(0.25 * reach / spread), 80, 2000))
        nodes, weights = _legendre(count)
        nodes, weights = nodes * reach + middle, weights * reach
        step = (nodes[:, None] - self.nodes[None, :] - drift * (time - self.time)) / spread
        density = np.exp(-0.5 * step * step) / (spread * math.sqrt(2 * math.pi))
        return Inside(time, nodes, weights * (density * self.mass[None, :]).sum(axis=1))


@functools.cache
def _legendre(count: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights


START = Inside(0.0, np.zeros(1), np.ones(1))


def crossing(
    fractions: Sequence[float], bounds: Sequence[float], drift: float = 0.0, lower: Sequence[float] | None = None
) -> tuple[Floats, Floats]:
    """Probability of crossing first at each look, above and below.

    Args:
        fractions: Information of each look.
        bounds: z of each look above which it stops.
        drift: Expected z at information 1.
        lower: z of each look below which it stops; mirrored unless given, and -inf stops none.

    Returns:
        Upper and lower probabilities, one a look.
    """
    lows = [-z for z in bounds] if lower is None else lower
    inside, above, below = START, [], []
    for time, low, high in zip(ascending(fractions), lows, bounds, strict=True):
        above.append(inside.tail(time, high, drift, 1.0))
        below.append(inside.tail(time, -low, drift, -1.0))
        inside = inside.move(time, low, high, drift)
    return np.array(above), np.array(below)


def ascending(fractions: Sequence[float]) -> list[float]:
    """Information of looks, checked.

    Raises:
        PlanError: it does not grow from look to look.
    """
    times = [float(t) for t in fractions]
    if not times or not times[0] > 0 or any(not b > a for a, b in itertools.pairwise(times)) or math.isinf(times[-1]):
        raise PlanError(
            f"information {times}",
            rule="looks need growing information, each more than the one before and above 0",
            fix="give the units of each look in ascending order",
        )
    return times


def equal(looks: int) -> list[float]:
    """Information of equally spaced looks."""
    return [k / looks for k in range(1, looks + 1)]
