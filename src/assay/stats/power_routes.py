"""How the power of one claim is found: exactly, by a formula, over looks, or by simulation. All answer the same three.

Units are those that the claim sees; effects are improvements, for thresholds how far beyond them the candidate is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assay.base.progress import Progress
from assay.stats.domain import DOMAINS
from assay.stats.power import (
    Aim,
    Noise,
    crossing,
    minimal_detectable_effect,
    power_at,
    units_needed,
    unreachable,
)
from assay.stats.power_looks import LooksPower, looks_power, looks_units
from assay.stats.power_proportions import paired_power, paired_units, threshold_power, threshold_units
from assay.stats.power_several import Chance
from assay.stats.power_simulation import Judge, World, search_units, simulated_power
from assay.stats.special import ndtr, ndtri
from assay.stats.spending import Rule

GROWING = (
    "rows",
    "units",
    "effective_units",
    "effective_groups",
    "trials",
    "nonzero",
    "positives",
    "negatives",
    "misranked",
    "class_units",
    "tail_rows",
    "tail_units",
    "skew_units",
    "rarest_class",
    "least_units",
    "carrying_units",
    "precision_rows",
    "part_rows",
    "wrong_rows",
    "wrong_units",
    "rarer_units",
    "wrong_answered",
    "right_answered",
)
"""Figures of a domain that grow with the number of units."""
OF_SEEDS = ("seeds", "seed_df")
"""Figures of a domain that grow with the number of training seeds alone."""


@dataclass(frozen=True, slots=True)
class Need:
    """Units needed.

    Attributes:
        units: None where no number is enough.
        low: The fewest and `high` the most that Monte Carlo error leaves open; None where there is none.
        why: Why no number is enough.
        visited: Numbers of units that were simulated.
    """

    units: int | None
    low: int | None = None
    high: int | None = None
    why: str = ""
    visited: tuple[tuple[int, Chance], ...] = ()


class Route(Protocol):
    """One way to the power of a claim."""

    @property
    def method(self) -> str:
        """How the power is found."""

    def power(self, effect: float, units: int) -> Chance:
        """The power at a true effect."""

    def needed(self, effect: float) -> Need:
        """Units with the power wanted."""

    def detectable(self, units: int) -> float | None:
        """The least effect with the power wanted; None where there is none."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A normal or t estimate whose variance is known."""

    noise: Noise
    aim: Aim

    @property
    def method(self) -> str:
        """Whether degrees of freedom count."""
        return "noncentral t" if math.isfinite(self.noise.df(100.0)) else "normal"

    def power(self, effect: float, units: int) -> Chance:
        """See `power_at`."""
        return Chance(power_at(self.noise, self.aim, effect, units))

    def needed(self, effect: float) -> Need:
        """See `units_needed`."""
        return Need(units_needed(self.noise, self.aim, effect), why=unreachable(self.noise, self.aim, effect))

    def detectable(self, units: int) -> float | None:
        """See `minimal_detectable_effect`."""
        return minimal_detectable_effect(self.noise, self.aim, units)


@dataclass(frozen=True, slots=True)
class OverLooks:
    """The same over several looks."""

    noise: Noise
    aim: Aim
    times: tuple[float, ...]
    spending: Rule
    method: str = "group-sequential"

    def looks(self, effect: float, units: int) -> LooksPower:
        """What becomes of the claim at each look."""
        return looks_power(self.noise, self.aim, effect, units, self.times, self.spending)

    def power(self, effect: float, units: int) -> Chance:
        """The chance that it is supported at any look."""
        return self.looks(effect, units).power

    def needed(self, effect: float) -> Need:
        """Units of the last look."""
        units = looks_units(self.noise, self.aim, effect, self.times, self.spending)
        why = unreachable(self.noise, self.aim, effect)
        return Need(None if why else units, why=why)

    def detectable(self, units: int) -> float | None:
        """The least effect that the looks together have the power for."""
        near = minimal_detectable_effect(self.noise, self.aim, units)
        if near is None or self.aim.kind == "equivalent":
            return near
        start = near - self.noise.se(units)
        return crossing(lambda e: self.power(e, units).value < self.aim.power, start, near + self.noise.se(units), 30)


@dataclass(frozen=True, slots=True)
class PairedShares:
    """A paired difference of proportions, judged by Tango's interval.

    Attributes:
        discordant: Share of trials that the two models judge differently.
        trials: Share of units that are trials.
    """

    discordant: float
    aim: Aim
    trials: float = 1.0
    method: str = "exact (Tango)"

    def power(self, effect: float, units: int) -> Chance:
        """Summed over everything that can be observed."""
        discordant = max(self.discordant, abs(effect))
        return Chance(paired_power(discordant, effect, max(1, round(units * self.trials)), self.aim))

    def needed(self, effect: float) -> Need:
        """Units from which on the power is never below."""
        why = unreachable(Noise(1.0), self.aim, effect)
        if why:
            return Need(None, why=why)
        units = paired_units(max(self.discordant, abs(effect)), effect, self.aim)
        return Need(math.ceil(units / self.trials))

    def detectable(self, units: int) -> float | None:
        """Up to the discordant share: a larger effect takes more discordant units than were declared."""
        near = -self.aim.margin if self.aim.kind == "not_worse" else self.aim.margin
        if self.aim.kind == "equivalent":
            if self.power(0.0, units).value < self.aim.power:
                return None
            return crossing(lambda e: self.power(e, units).value >= self.aim.power, 0.0, self.aim.margin, 14)
        if self.power(self.discordant, units).value < self.aim.power:
            return None
        return crossing(lambda e: self.power(e, units).value < self.aim.power, near, self.discordant, 14)


@dataclass(frozen=True, slots=True)
class OneShare:
    """A proportion against a threshold, judged by Wilson's or the exact interval.

    Attributes:
        threshold: The value to reach.
        trials: Share of units that are trials.
    """

    threshold: float
    aim: Aim
    trials: float = 1.0
    method: str = "exact (binomial)"

    def power(self, effect: float, units: int) -> Chance:
        """Summed over all counts."""
        n = max(1, round(units * self.trials))
        return Chance(threshold_power(self._share(effect), self.threshold, n, self.aim))

    def needed(self, effect: float) -> Need:
        """Units from which on the power is never below."""
        why = unreachable(Noise(1.0), self.aim, effect)
        if why:
            return Need(None, why=why)
        return Need(math.ceil(threshold_units(self._share(effect), self.threshold, self.aim) / self.trials))

    def detectable(self, units: int) -> float | None:
        """How far beyond the threshold the candidate has to be."""
        most = (1 - self.threshold if self.aim.kind == "at_least" else self.threshold) * (1 - 1e-9)
        if self.power(most, units).value < self.aim.power:
            return None
        return crossing(lambda e: self.power(e, units).value < self.aim.power, 0.0, most, 20)

    def _share(self, effect: float) -> float:
        return self.threshold + (effect if self.aim.kind == "at_least" else -effect)


@dataclass(frozen=True, slots=True)
class BySimulation:
    """Samples from a world made of a pilot, each judged as the claim will be.

    Attributes:
        begin: The formula from which the search starts, and which tells the least effect.
        world_of: True effect -> world.
        judge: The rule and procedure that will decide.
    """

    begin: Formula
    world_of: Callable[[float], World]
    judge: Judge
    samples: int
    seed: int
    progress: Progress
    least: int = 2
    method: str = "simulation"

    def power(self, effect: float, units: int) -> Chance:
        """The share of samples in which the claim is supported."""
        return simulated_power(self.world_of(effect), self.judge, units, self.samples, self.seed, self.progress)

    def needed(self, effect: float) -> Need:
        """Found by following the curve that the power has."""
        start = self.begin.needed(effect)
        if start.units is None:
            return start
        aim = self.begin.aim
        units = max(start.units, self.least)
        found = search_units(
            self.world_of(effect), self.judge, units, aim.power, aim.alpha, self.samples, self.seed, self.progress
        )
        why = "" if found.units is not None else "more units than can be simulated"
        return Need(found.units, found.low, found.high, why, found.visited)

    def detectable(self, units: int) -> float | None:
        """By the formula, made to agree with the simulation at no effect of its own: none is simulated for it."""
        return self.begin.detectable(units)


def lacking(method: str, facts: Mapping[str, Any]) -> str:
    """Conditions of a method's domain about seeds that are not met: no number of units mends them; empty where none."""
    needs = [n for n in DOMAINS.get(method, ()) if n.fact in OF_SEEDS and n.fact in facts]
    return ", ".join(f"{n.least:g} {n.said}" for n in needs if not facts[n.fact] >= n.least)


def fitted(need: Need, aim: Aim, units: int) -> float:
    """A simulated power curve between its points: Phi(a sqrt(n) - z), through the number of units needed."""
    base = -float(ndtri(aim.alpha))
    wanted = float(ndtri(aim.power)) + base
    return float(ndtr(wanted * math.sqrt(units / (need.units or 1)) - base))


def least_inside(method: str, per_unit: Mapping[str, Any]) -> tuple[float, str]:
    """The least units with which a method's domain is reached, and which of its conditions asks for them.

    Args:
        method: The stable name.
        per_unit: Figures of the domain for each unit, as a pilot has them; those not given bind nothing.

    Returns:
        Infinity where a condition never comes nearer, e.g. no unit differs.
    """
    most, said = 1.0, ""
    for need in DOMAINS.get(method, ()):
        if need.fact not in GROWING or need.fact not in per_unit:
            continue
        each = float(per_unit[need.fact])
        units = math.ceil(need.least / each - 1e-9) if each > 0 else math.inf
        if units > most:
            most, said = units, f"{need.least:g} {need.said}"
    return most, said
