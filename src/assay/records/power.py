"""What is known of the power of claims before they are judged, as it is kept and shown."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from assay.records.plan import Claim


@dataclass(frozen=True, slots=True)
class PowerPoint:
    """The power at a number of units.

    Attributes:
        error: Its Monte Carlo standard error; 0 where it is a formula.
    """

    units: int
    power: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class LookChance:
    """One planned look.

    Attributes:
        z: The bound at which it decides.
        supported: Chance that the claim is first supported there.
        refuted: Chance that it is first refuted there.
    """

    units: int
    z: float
    supported: float
    refuted: float


@dataclass(frozen=True, slots=True)
class ClusterPower:
    """What clusters cost, from a pilot or as declared.

    Attributes:
        rows_per_unit: On average.
        effect: Variance over that of as many independent rows, with its interval.
        icc: Correlation of rows of one unit, with its interval; None where units have one row.
        size_cv: Coefficient of variation of the sizes.
    """

    rows_per_unit: float
    effect: float
    effect_interval: tuple[float, float] | None
    icc: float | None
    icc_interval: tuple[float, float] | None
    size_cv: float
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class SeedSplit:
    """One way to divide a budget between seeds and units."""

    seeds: int
    units: int
    cost: float
    power: float
    detectable: float | None


@dataclass(frozen=True, slots=True)
class SeedPlan:
    """Seeds against units under a budget.

    Attributes:
        splits: Every affordable number of seeds.
        best: The one with the most power.
        least: The cheapest study with the power wanted; None where no budget is enough.
    """

    budget: float
    splits: tuple[SeedSplit, ...]
    best: SeedSplit
    least: SeedSplit | None


@dataclass(frozen=True, slots=True)
class ClaimPower:
    """Power of one claim; effects are improvements in the metric's unit.

    Attributes:
        needed: Units with the power wanted at the declared minimal effect; None where no number is enough.
        power: At the planned units and the declared effect; None without planned units.
        detectable: The least effect with the power wanted at the planned units.
        why: Why something is missing; empty where nothing is.
        method: How the power was found.
        alpha: Error of one side at which the claim is decided, over all looks.
        error: Monte Carlo standard error of the power; 0 where it is a formula.
        range: Fewest and most units needed that the Monte Carlo error leaves open; None where there is none.
        least: Units that the method's domain asks for, whatever the power; `least_why` says which condition.
        share: Share of all units that the claim sees: below 1 for a slice.
        curve: Power against units at the declared effect.
        effects: (units, least detectable effect), for a second curve.
        looks: Chances by look; empty with one.
        expected: Units expected, where the first decision ends the study.
        facts: What it rests on: names and figures.
    """

    claim: Claim
    candidate: str
    needed: int | None
    power: float | None
    detectable: float | None
    why: str = ""
    method: str = ""
    alpha: float = 0.025
    error: float = 0.0
    range: tuple[int, int] | None = None
    least: int = 0
    least_why: str = ""
    share: float = 1.0
    curve: tuple[PowerPoint, ...] = ()
    effects: tuple[tuple[int, float], ...] = ()
    looks: tuple[LookChance, ...] = ()
    expected: float | None = None
    clusters: ClusterPower | None = None
    seeds: SeedPlan | None = None
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPower:
    """Power of a plan, or of one claim asked for without a plan.

    Attributes:
        units: Units planned; None where nothing says.
        power: The probability wanted for each claim.
        all_hold: Probability that all claims are supported (any-of: that one is), were their estimates independent.
        at_least: The same whatever their dependence.
        together: The same with the correlation that the pilot shows, and its Monte Carlo error; None without one.
        decide: `all-of` or `any-of`.
        name: The plan's name; empty without a plan.
        pilot: Units of the pilot; None without one.
    """

    claims: tuple[ClaimPower, ...]
    units: int | None
    power: float
    all_hold: float | None
    at_least: float | None
    together: float | None = None
    together_error: float = 0.0
    decide: str = "all-of"
    name: str = ""
    unit: str = ""
    pilot: int | None = None
    warnings: tuple[str, ...] = ()
    version: str = ""
    seed: int = 0
    notes: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The object that `assay power --json -` prints."""
        fields = dataclasses.asdict(self)
        return {"assay": fields.pop("version"), "schema": 1, **fields}
