"""Power of a plan before its data are read: from the variance of a pilot, or from the one that the claims declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.base.errors import PlanError
from assay.flows.judge import Conclusion
from assay.flows.looks import final_alpha
from assay.flows.reading import claims_of
from assay.judge.claims import deciding
from assay.judge.units import noise_of
from assay.records.plan import Claim, Plan
from assay.stats.power import (
    Aim,
    Noise,
    minimal_detectable_effect,
    power_at,
    probability_all_hold,
    units_needed,
)


@dataclass(frozen=True, slots=True)
class ClaimPower:
    """Power of one claim; effects are improvements in the metric's unit.

    Attributes:
        needed: Units with the plan's power at the declared minimal effect; None where no number is enough.
        power: At the planned units and the declared effect; None without planned units.
        detectable: The least effect with the plan's power at the planned units.
        why: Why something is missing; empty where nothing is.
    """

    claim: Claim
    candidate: str
    needed: int | None
    power: float | None
    detectable: float | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlanPower:
    """Power of a plan.

    Attributes:
        units: Units planned; None where the plan does not say.
        all_hold: Probability that all claims are supported, were their estimates independent.
        at_least: The same whatever their dependence.
    """

    claims: tuple[ClaimPower, ...]
    units: int | None
    power: float
    all_hold: float | None
    at_least: float | None


Noises = Mapping[tuple[str, str], Noise]
"""(claim, candidate) -> how its estimate varies with units."""


def declared_noises(plan: Plan) -> Noises:
    """From the standard deviation per unit that each claim declares.

    Raises:
        PlanError: a claim that declares none.
    """
    result = {}
    for claim in claims_of(plan):
        if claim.sd is None:
            raise PlanError(
                f"nothing is known of the variance of {claim.name!r}",
                rule="power needs the standard deviation of one unit's difference, from earlier data",
                fix="--pilot BASELINE --pilot CANDIDATE (predictions on development data), or sd: in the claim",
            )
        for name in _candidates(plan, claim):
            result[claim.name, name] = Noise(claim.sd)
    return result


def pilot_noises(conclusion: Conclusion) -> Noises:
    """From the intervals that a pilot gave; its effects are not used."""
    result = {}
    for recommendation in conclusion.judgement.recommendations:
        for verdict in recommendation.verdicts:
            noise = noise_of(deciding(verdict.claim, verdict.comparison)) if verdict.comparison else None
            if noise is not None:
                result[verdict.claim.name, recommendation.candidate] = noise
    return result


def plan_power(plan: Plan, noises: Noises, units: int | None) -> PlanPower:
    """Units needed, power and detectable effect of every claim, and the probability that all hold.

    Args:
        units: Units planned.
    """
    rows = tuple(
        _row(plan, claim, name, noises.get((claim.name, name)), units)
        for claim in claims_of(plan)
        for name in _candidates(plan, claim)
    )
    first = plan.candidates[0].name
    powers = [r.power for r in rows if r.candidate == first and (r.claim.primary or r.claim.guardrail)]
    known = [p for p in powers if p is not None]
    if plan.decide == "any-of" or not known or len(known) < len(powers):
        return PlanPower(rows, units, plan.power, None, None)
    return PlanPower(rows, units, plan.power, probability_all_hold(known), max(0.0, 1 - sum(1 - p for p in known)))


def _candidates(plan: Plan, claim: Claim) -> list[str]:
    return [c.name for c in plan.candidates if claim.candidate in ("", c.name)]


def _row(plan: Plan, claim: Claim, candidate: str, noise: Noise | None, units: int | None) -> ClaimPower:
    if noise is None:
        return ClaimPower(claim, candidate, None, None, None, "the pilot gives no interval for it")
    aim = Aim(claim.kind, claim.margin or 0.0, _alpha(plan, claim), plan.power)
    detectable = minimal_detectable_effect(noise, aim, units) if units else None
    if claim.minimal_effect is None:
        return ClaimPower(claim, candidate, None, None, detectable, "it declares no minimal_effect")
    needed = units_needed(noise, aim, claim.minimal_effect)
    power = power_at(noise, aim, claim.minimal_effect, units) if units else None
    why = (
        ""
        if needed is not None
        else "no number of units is enough: the effect lies within the margin, or seeds limit it"
    )
    return ClaimPower(claim, candidate, needed, power, detectable, why)


def _alpha(plan: Plan, claim: Claim) -> float:
    """The error of one side: the claim's, shared with reuse, under any-of with other primary claims, and with looks."""
    alpha = claim.alpha if claim.alpha is not None else (1 - plan.level) / 2
    primary = sum(c.primary for c in plan.claims)
    shared = primary if plan.decide == "any-of" and not claim.guardrail else 1
    return final_alpha(plan, (), alpha / plan.reuse.candidates / max(shared, 1))
