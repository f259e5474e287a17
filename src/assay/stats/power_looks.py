"""Power over several planned looks: the chance to stop at each, supported or refuted, and the units expected.

Information is units, so that the estimate behaves as a Brownian motion with drift; the boundaries are those at which
the looks decide (`sequential.boundary`). Equivalence has two bounds on one path and is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.base.seeds import stream
from assay.records.plan import Spending
from assay.stats.brownian import crossing
from assay.stats.power import MOST, Aim, Noise, least, rooms
from assay.stats.power_several import Chance
from assay.stats.sequential import boundary
from assay.stats.spending import Rule

PATHS = 40_000


@dataclass(frozen=True, slots=True)
class LooksPower:
    """What becomes of a claim over its looks.

    Attributes:
        units: Units of each look.
        bounds: |z| at which each decides.
        supported: Chance that it is first supported at each look.
        refuted: Chance that it is first refuted at each look.
        power: Chance that it is supported at any, with its Monte Carlo error.
        expected: Units expected, where the first decision ends the study.
    """

    units: tuple[int, ...]
    bounds: tuple[float, ...]
    supported: tuple[float, ...]
    refuted: tuple[float, ...]
    power: Chance
    expected: float


def fractions_of(looks: int) -> list[float]:
    """The information of equally spaced looks."""
    return [k / looks for k in range(1, looks + 1)]


def looks_power(
    noise: Noise,
    aim: Aim,
    effect: float,
    units: int,
    times: Sequence[float],
    spending: Spending | Rule = "obrien-fleming",
) -> LooksPower:
    """Power over looks at the declared effect.

    Args:
        noise: How the estimate varies.
        aim: The claim; its alpha is that of one side over all looks.
        effect: The true improvement.
        units: Units of the last look.
        times: Information of each look over that of the last.
        spending: How the error is spent.

    >>> found = looks_power(Noise(1.0), Aim(), 0.28, 100, [0.5, 1.0])
    >>> round(found.power.value, 3), round(found.expected, 1)
    (0.798, 91.9)
    """
    bounds = boundary(times, aim.alpha, spending, last=True)
    if aim.kind == "equivalent":
        up, down, error = _equivalence(noise, aim, effect, units, times, bounds)
    else:
        drift = rooms(aim, effect)[0] / noise.se(units)
        above, below = crossing(times, bounds, drift)
        up, down, error = above.tolist(), below.tolist(), 0.0
    at = tuple(max(1, round(units * t)) for t in times)
    ended = [u + d for u, d in zip(up, down, strict=True)]
    left = 1 - sum(ended[:-1])
    expected = sum(n * p for n, p in zip(at[:-1], ended[:-1], strict=True)) + at[-1] * left
    return LooksPower(at, tuple(bounds), tuple(up), tuple(down), Chance(min(1.0, sum(up)), error), expected)


def looks_units(
    noise: Noise, aim: Aim, effect: float, times: Sequence[float], spending: Spending | Rule = "obrien-fleming"
) -> int | None:
    """Units of the last look with which the power is reached; None where no number is enough."""

    def enough(units: int) -> bool:
        return looks_power(noise, aim, effect, units, times, spending).power.value >= aim.power

    if min(rooms(aim, effect)) <= 0 or (noise.fixed > 0 and not enough(MOST)):
        return None
    return least(enough)


def _equivalence(
    noise: Noise, aim: Aim, effect: float, units: int, times: Sequence[float], bounds: Sequence[float]
) -> tuple[list[float], list[float], float]:
    """The same paths for every number of units, so that the power does not jump between them."""
    steps = np.diff([0.0, *times])
    paths = np.cumsum(stream(0, "equivalence over looks").standard_normal((PATHS, len(times))) * np.sqrt(steps), axis=1)
    z = paths / np.sqrt(times)
    open_, up, down = np.ones(PATHS, dtype=bool), [], []
    for k, (time, bound) in enumerate(zip(times, bounds, strict=True)):
        se = noise.se(units * time)
        low, high = effect + (z[:, k] - bound) * se, effect + (z[:, k] + bound) * se
        inside = open_ & (low > -aim.margin) & (high < aim.margin)
        outside = open_ & ((low > aim.margin) | (high < -aim.margin))
        up.append(float(inside.mean()))
        down.append(float(outside.mean()))
        open_ &= ~(inside | outside)
    reached = sum(up)
    return up, down, math.sqrt(max(reached * (1 - reached), 1 / PATHS) / PATHS)
