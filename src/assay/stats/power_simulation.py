"""Power by simulation: draw samples from a world in which the declared effect is true, and judge each as it will be.

The world comes from a pilot (`power_worlds`), the judgement from the caller, so that the power is that of the verdict.
Units needed are found by following the curve that power has where estimates are normal, Phi(a sqrt(n) - b), which a
few numbers of units determine; the last of them is simulated at length.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assay.base.errors import PlanError
from assay.base.progress import Progress
from assay.base.seeds import stream
from assay.records.sample import Design, Sample
from assay.stats.power import MOST
from assay.stats.power_several import Chance
from assay.stats.special import ndtri

SAMPLES = 1000
SEARCH = 250
ROUNDS = 10
NEAR = 0.12
FLAT = 0.04, 0.99
LEAST_SAMPLES, MOST_SAMPLES = 100, 100_000
MOST_UNITS = 2_000_000


@dataclass(frozen=True, slots=True)
class Groups:
    """Samples of groups that are compared, one a group."""

    samples: tuple[Sample, ...]
    designs: tuple[Design, ...]


Drawn = Sample | Groups


class World(Protocol):
    """What units are like where the declared effect is true."""

    def draw(self, units: int, rng: np.random.Generator) -> tuple[Drawn, Design]:
        """A sample of so many units."""


Judge = Callable[[Drawn, Design, int], bool]
"""(sample, design, its number) -> whether the claim is supported."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """The end of a search.

    Attributes:
        units: Units with the power wanted; None where as many as can be simulated are not enough.
        low: The fewest and `high` the most that the Monte Carlo error leaves open.
        power: At the last number of units that was simulated, which is near these.
        visited: Every number of units that was simulated, with its power.
    """

    units: int | None
    low: int | None
    high: int | None
    power: Chance
    visited: tuple[tuple[int, Chance], ...]


def simulated_power(world: World, judge: Judge, units: int, samples: int, seed: int, progress: Progress) -> Chance:
    """The share of samples in which the claim is supported.

    Args:
        world: Where samples come from.
        judge: The very procedure and rule that will judge.
        units: Units of each sample.
        samples: How many are drawn.
        seed: Each number of units has a stream of its own.
    """
    check_samples(samples)
    progress.step(f"simulate {units:,} units", samples)
    rng, count = stream(seed, "power", units), 0
    for number in range(samples):
        sample, design = world.draw(units, rng)
        count += judge(sample, design, number)
        progress.advance()
    return chance(count, samples)


def chance(count: int, samples: int) -> Chance:
    """A share with its standard error; where it is 0 or 1 that of one sample more on the other side."""
    share = (count + 1) / (samples + 2) if count in (0, samples) else count / samples
    return Chance(count / samples, math.sqrt(share * (1 - share) / samples))


def search_units(
    world: World, judge: Judge, start: int, target: float, alpha: float, samples: int, seed: int, progress: Progress
) -> Simulated:
    """Units with which the simulated power is the one wanted.

    Args:
        start: Where to begin, from a formula.
        target: The power wanted.
        alpha: Error of one side: the curve starts there.
        samples: Of the last number of units; those on the way take fewer.
    """
    curve = _Curve(target, -float(ndtri(alpha)))
    units, few = max(2, min(start, MOST_UNITS)), min(SEARCH, samples)
    for _ in range(ROUNDS):
        rough = simulated_power(world, judge, units, few, seed, progress)
        curve.add(units, rough, few)
        following = curve.following(units, rough)
        if following in curve.seen or abs(rough.value - target) < NEAR:
            break
        units = following
    for _ in range(2):
        units = min(MOST_UNITS, curve.units())
        found = simulated_power(world, judge, units, samples, seed, progress)
        curve.add(units, found, samples)
        if abs(found.value - target) <= 2 * found.error:
            break
    (low, high), last = curve.bounds(), units
    units = min(MOST_UNITS, curve.units())
    if last >= MOST_UNITS and units >= MOST_UNITS and found.value < target:
        return Simulated(None, None, None, found, curve.visited())
    return Simulated(units, min(low, units), max(high, units), found, curve.visited())


class _Curve:
    """Points of a power curve Phi(a sqrt(n) - base), and where it reaches the target."""

    def __init__(self, target: float, base: float) -> None:
        self.wanted, self.base = float(ndtri(target)) + base, base
        self.seen: dict[int, tuple[Chance, int]] = {}

    def add(self, units: int, found: Chance, samples: int) -> None:
        """One number of units, with its power; the larger simulation of it stands."""
        if units not in self.seen or self.seen[units][1] <= samples:
            self.seen[units] = (found, samples)

    def visited(self) -> tuple[tuple[int, Chance], ...]:
        """The points in order."""
        return tuple((n, found) for n, (found, _) in sorted(self.seen.items()))

    def units(self) -> int:
        """Where the curve through the points reaches the target."""
        return self._at(self._slope()[0])

    def following(self, units: int, found: Chance) -> int:
        """The next number of units to try; far away a power of 0 or 1 says no more than the direction."""
        if found.value > FLAT[1]:
            return max(2, units // 6)
        return min(MOST_UNITS, units * 6 if found.value < FLAT[0] else self.units())

    def bounds(self) -> tuple[int, int]:
        """The same two standard errors to either side."""
        slope, error = self._slope()
        return self._at(slope + 2 * error), self._at(max(slope - 2 * error, slope / 10))

    def _at(self, slope: float) -> int:
        return max(2, min(MOST, math.ceil((self.wanted / slope) ** 2)))

    def _slope(self) -> tuple[float, float]:
        """Of the points nearest to the target, which the curve is made for; weighted by what is known of each."""
        slopes, weights = [], []
        told = [v for v in self.seen.items() if FLAT[0] <= v[1][0].value <= FLAT[1]] or list(self.seen.items())
        for n, (found, size) in told:
            share = (found.value * size + 0.5) / (size + 1)
            z = float(ndtri(share))
            spread = found.error / (math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
            away = 1 + ((z + self.base - self.wanted) / 0.3) ** 4
            slopes.append(max(z + self.base, 0.2) / math.sqrt(n))
            weights.append(n / (spread * spread * away))
        total = sum(weights)
        return sum(s * w for s, w in zip(slopes, weights, strict=True)) / total, 1 / math.sqrt(total)


def check_samples(samples: int) -> None:
    """Refuse numbers of samples that say nothing or never end.

    Raises:
        PlanError: fewer than 100, or more than 100,000.
    """
    if not LEAST_SAMPLES <= samples <= MOST_SAMPLES:
        raise PlanError(
            f"{samples} samples are to be drawn",
            rule=f"between {LEAST_SAMPLES} and {MOST_SAMPLES:,}: fewer say nothing",
            fix="--samples 1000",
        )
