"""What is known of a claim before the data are read: how its estimate varies, and what it has to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assay.base.errors import PlanError
from assay.base.wording import figure
from assay.flows.looks import final_alpha
from assay.flows.reading import claims_of
from assay.judge.claims import THRESHOLDS
from assay.judge.levels import own_alpha
from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.plan import Claim, Plan
from assay.records.power import ClusterPower
from assay.stats.power import Aim, Noise
from assay.stats.power_seeds import Costs, SeedNoise
from assay.stats.power_simulation import SAMPLES, Judge, World


@dataclass(frozen=True, slots=True)
class Exact:
    """Counts that tell the power without a formula.

    Attributes:
        discordant: Share of trials that the models judge differently, for a difference; None for a threshold.
        trials: Share of units that are trials.
    """

    discordant: float | None
    trials: float = 1.0


@dataclass(frozen=True, slots=True)
class Sampled:
    """A pilot from which samples can be drawn.

    Attributes:
        world_of: True effect -> world.
        judge: Error of one side -> the rule that will decide.
        wanted: Whether no formula is good here.
    """

    world_of: Callable[[float], World]
    judge: Callable[[float], Judge]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """What is known of one claim's estimate before the data are read.

    Attributes:
        noise: How it varies with the units that the claim sees; None where nothing is known, as `why` says.
        share: Share of all units that the claim sees.
        method: The method that will judge, where it is known.
        per_unit: Figures of its domain for each unit.
        facts: Names and figures, to be shown.
        warning: What is doubtful about it.
        lacks: What the method asks of seeds and is not there; empty where nothing.
    """

    noise: Noise | None
    why: str = ""
    share: float = 1.0
    method: str = ""
    per_unit: Mapping[str, Any] = field(default_factory=dict)
    exact: Exact | None = None
    sampled: Sampled | None = None
    clusters: ClusterPower | None = None
    seed_noise: SeedNoise | None = None
    facts: tuple[tuple[str, str], ...] = ()
    warning: str = ""
    lacks: str = ""


Bases = Mapping[tuple[str, str], Basis]
"""(claim, candidate) -> what is known of it."""


@dataclass(frozen=True, slots=True)
class PowerOptions:
    """How power is found.

    Attributes:
        simulate: Whether to simulate also where a formula is good.
        samples: Simulated at each number of units.
        correlation: [m, m], of the estimates of claims in their order; None where no pilot tells.
        pilot: Units of the pilot.
        costs: Of seeds and units, with the budget for them; None where they are not weighed.
    """

    simulate: bool = False
    samples: int = SAMPLES
    seed: int = 0
    correlation: Any = None
    pilot: int | None = None
    costs: Costs | None = None
    budget: float | None = None


def declared_bases(plan: Plan, whole: bool = True) -> Bases:
    """From the standard deviation per unit that each claim declares.

    Args:
        plan: The plan.
        whole: Whether every claim has to declare one; else it is said of a claim that it does not.

    Raises:
        PlanError: a claim that declares none and has to.
    """
    result = {}
    for claim in claims_of(plan):
        if claim.sd is None and not whole:
            lacking = Basis(None, "the plan declares no standard deviation of it (sd), and no pilot is given")
            result.update({(claim.name, name): lacking for name in candidates_of(plan, claim)})
            continue
        if claim.sd is None:
            raise PlanError(
                f"nothing is known of the variance of {claim.name!r}",
                rule="power needs the standard deviation of one unit's difference, from earlier data",
                fix="--pilot BASELINE --pilot CANDIDATE (predictions on development data), or sd: in the claim",
            )
        basis = Basis(Noise(claim.sd), facts=(("standard deviation of a unit", f"{claim.sd:g}, as declared"),))
        for name in candidates_of(plan, claim):
            result[claim.name, name] = basis
    return result


def candidates_of(plan: Plan, claim: Claim) -> list[str]:
    """The candidates that a claim is about."""
    return [c.name for c in plan.candidates if claim.candidate in ("", c.name)]


def alpha_of(plan: Plan, claim: Claim) -> float:
    """The error of one side: shared with reuse, and under any-of with other primary claims, as Holm's first step is."""
    primary = sum(c.primary for c in plan.claims)
    shared = primary if plan.decide == "any-of" and not claim.guardrail else 1
    return own_alpha(claim, plan) / plan.reuse.candidates / max(shared, 1)


def aim_of(plan: Plan, claim: Claim) -> Aim:
    """What the claim has to show; looks that are always valid decide at the level of the units that are planned."""
    alpha = alpha_of(plan, claim)
    alpha = final_alpha(plan, (), alpha) if plan.looks.any_number else alpha
    return Aim(claim.kind, claim.margin or 0.0, alpha, plan.power)


def near_observed(claim: Claim, observed: float | None) -> str:
    """A warning where the declared effect is the one that the pilot shows."""
    effect = claim.minimal_effect
    if effect is None or observed is None or abs(effect - observed) > 2e-3 * abs(observed) or effect == 0:
        return ""
    return (
        f"{claim.name}: the declared effect {figure(effect)} is the one that the pilot shows: declare what is worth"
        " detecting, for power at an observed effect says nothing new (Hoenig & Heisey 2001)"
    )


def check_effects(plan: Plan) -> None:
    """Refuse effects that no metric's range has room for.

    Raises:
        PlanError: naming the claim and the range.
    """
    for claim in claims_of(plan):
        with of_claim(claim):
            check_range(claim, parse(claim.metric), None)


@contextmanager
def of_claim(claim: Claim) -> Iterator[None]:
    """Say whose error it is."""
    try:
        yield
    except PlanError as error:
        raise PlanError(error.what, rule=error.rule, fix=error.fix, where=f"the claim {claim.name!r}") from error


def check_range(claim: Claim, metric: Metric, value: float | None) -> None:
    """Refuse an effect that the metric's range has no room for.

    Raises:
        PlanError: naming the range.
    """
    effect, lower, upper = claim.minimal_effect or 0.0, metric.lower, metric.upper
    start = claim.threshold if claim.kind in THRESHOLDS else value
    sign = metric.sign if claim.kind not in THRESHOLDS else 1.0 if claim.kind == "at_least" else -1.0
    if start is not None and any(
        b is not None and s * v > s * b for v in (start, start + sign * effect) for s, b in ((1, upper), (-1, lower))
    ):
        raise PlanError(
            f"an improvement of {effect:g} from {start:g}",
            rule=f"{metric.label} lies between {_end(lower)} and {_end(upper)}",
            fix="a smaller effect, or another starting value",
        )
    if lower is not None and upper is not None and abs(effect) > upper - lower:
        raise PlanError(
            f"the effect is {effect:g}",
            rule=f"{metric.label} lies between {lower:g} and {upper:g}, so that no difference is as large",
            fix="a smaller effect, in the metric's unit",
        )


def _end(bound: float | None) -> str:
    return "any number" if bound is None else f"{bound:g}"
