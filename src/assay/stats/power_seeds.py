"""Seeds against units: how a claim about a method divides a compute budget.

V = sd_unit^2 / units + sd_seed^2 (1 / S_A + 1 / S_B), as `seeds` judges it; one seed more leaves fewer units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assay.base.errors import PlanError
from assay.stats.power import Aim, Noise, minimal_detectable_effect, power_at, units_needed

LEAST_SEEDS, LEAST_DF = 3, 3
"""Seeds of each model that varies, and degrees of freedom between them: below no claim about a method is supported."""
MOST_SEEDS = 1_000


@dataclass(frozen=True, slots=True)
class Costs:
    """What training and judging cost, in any one unit (hours, money).

    Attributes:
        seed: A seed of every model that is trained.
        unit: A unit, once: to collect or label it.
        each: A unit judged with one seed of every model.
    """

    seed: float
    unit: float
    each: float = 0.0

    def of(self, seeds: int, units: float) -> float:
        """The cost of a study."""
        return seeds * self.seed + units * (self.unit + seeds * self.each)

    def units(self, seeds: int, budget: float) -> int:
        """Units that are affordable beside so many seeds."""
        left, price = budget - seeds * self.seed, self.unit + seeds * self.each
        return max(0, math.floor(left / price + 1e-9))


@dataclass(frozen=True, slots=True)
class SeedNoise:
    """How a difference of methods varies.

    Attributes:
        unit_sd: Of one unit's difference.
        seed_sd: Of the metric over seeds of one model.
        deterministic_baseline: The baseline has no seeds.
        even: Effective units over units.
    """

    unit_sd: float
    seed_sd: float
    deterministic_baseline: bool = False
    even: float = 1.0

    @property
    def least(self) -> int:
        """The fewest seeds with which a claim can be supported."""
        return max(LEAST_SEEDS, 1 + math.ceil(LEAST_DF / self._varying))

    @property
    def _varying(self) -> int:
        return 1 if self.deterministic_baseline else 2

    def at(self, seeds: int) -> Noise:
        """The noise with so many seeds of each model."""
        fixed = seed_variance(self.seed_sd, seeds, seeds, deterministic_baseline=self.deterministic_baseline)
        df = (seeds - 1) * self._varying
        return Noise(self.unit_sd, fixed, small=True, fixed_df=max(df, 1), even=self.even)


@dataclass(frozen=True, slots=True)
class Split:
    """One way to spend a budget.

    Attributes:
        power: At the declared effect.
        detectable: The least effect with the power wanted.
    """

    seeds: int
    units: int
    cost: float
    power: float
    detectable: float | None


def seed_variance(
    sd: float, baseline_seeds: int, candidate_seeds: int, *, deterministic_baseline: bool = False
) -> float:
    """Variance that seeds leave in a difference of methods, to be given as `Noise.fixed`.

    Args:
        sd: Standard deviation of the metric over seeds.
        baseline_seeds: Seeds of the baseline.
        candidate_seeds: Seeds of the candidate.
        deterministic_baseline: The baseline has no seeds' variance.
    """
    return sd * sd * ((0.0 if deterministic_baseline else 1 / baseline_seeds) + 1 / candidate_seeds)


def splits(noise: SeedNoise, costs: Costs, budget: float, aim: Aim, effect: float) -> tuple[Split, ...]:
    """Every number of seeds that the budget allows, with the units that are left and the power.

    Raises:
        PlanError: costs or a budget that are not positive, or a budget too small for the fewest seeds and two units.
    """
    _check(costs, budget)
    found = []
    for seeds in range(noise.least, MOST_SEEDS + 1):
        units = costs.units(seeds, budget)
        if units < 2:
            break
        now = noise.at(seeds)
        split = Split(
            seeds,
            units,
            costs.of(seeds, units),
            power_at(now, aim, effect, units),
            minimal_detectable_effect(now, aim, units),
        )
        found.append(split)
    if not found:
        least = costs.of(noise.least, 2)
        raise PlanError(
            f"the budget is {budget:g}",
            rule=f"{noise.least} seeds and 2 units cost {least:g}, and fewer support no claim about a method",
            fix=f"a budget of {least:g} or more",
        )
    return tuple(found)


def best(found: tuple[Split, ...]) -> Split:
    """The split with the most power; of equal ones that with the fewest seeds."""
    return max(found, key=lambda s: (round(s.power, 6), -s.seeds))


def least_budget(noise: SeedNoise, costs: Costs, aim: Aim, effect: float) -> Split | None:
    """The cheapest way to the power wanted; None where no budget is enough."""
    cheapest: Split | None = None
    for seeds in range(noise.least, MOST_SEEDS + 1):
        if cheapest is not None and costs.of(seeds, 2) > cheapest.cost:
            break
        now = noise.at(seeds)
        units = units_needed(now, aim, effect)
        if units is None or (cheapest is not None and costs.of(seeds, units) >= cheapest.cost):
            continue
        cheapest = Split(seeds, units, costs.of(seeds, units), power_at(now, aim, effect, units), effect)
    return cheapest


def _check(costs: Costs, budget: float) -> None:
    finite = all(math.isfinite(v) for v in (costs.seed, costs.unit, costs.each, budget))
    if not (finite and budget > 0):
        raise PlanError(f"the budget is {budget:g}", rule="a budget is above 0", fix="--budget 1000")
    if costs.seed <= 0 or costs.unit < 0 or costs.each < 0 or costs.unit + costs.each <= 0:
        raise PlanError(
            f"a seed costs {costs.seed:g}, a unit {costs.unit:g}",
            rule="both are above 0, in the same currency as the budget",
            fix="--cost-seed 100 --cost-unit 0.5",
        )
