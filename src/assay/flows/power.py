"""Power before data are read: what is known of the variance, turned into units, effects and chances for each claim."""

from __future__ import annotations

from dataclasses import replace

from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.flows.power_basis import Bases, PowerOptions, candidates_of, of_claim
from assay.flows.power_claim import row_of
from assay.flows.reading import claims_of
from assay.records.plan import Plan
from assay.records.power import ClaimPower, PlanPower
from assay.stats.power_several import (
    at_least_all,
    at_least_any,
    probability_all_hold,
    probability_any_holds,
    simulate_joint,
)


def plan_power(
    plan: Plan,
    bases: Bases,
    units: int | None,
    options: PowerOptions | None = None,
    progress: Progress | None = None,
) -> PlanPower:
    """Units needed, power and detectable effect of every claim, and the probability that all hold.

    Args:
        units: Units planned.
    """
    asked, progress = options or PowerOptions(), progress or Silent()
    progress.step("power", None)
    rows: list[ClaimPower] = []
    for claim in claims_of(plan):
        with of_claim(claim):
            rows += [
                row_of(plan, claim, name, bases[claim.name, name], units, asked, progress)
                for name in candidates_of(plan, claim)
            ]
    warnings = tuple(dict.fromkeys(b.warning for b in bases.values() if b.warning))
    found = PlanPower(
        tuple(rows), units, plan.power, None, None, decide=plan.decide, name=plan.name, unit=plan.data.unit,
        pilot=asked.pilot, warnings=warnings, version=VERSION, seed=asked.seed,
    )  # fmt: skip
    return _together(plan, found, asked)


def _together(plan: Plan, found: PlanPower, asked: PowerOptions) -> PlanPower:
    """The chance that all hold, or that one does; for the first candidate, whose claims are judged together."""
    first = plan.candidates[0].name
    places = [i for i, r in enumerate(found.claims) if r.candidate == first and (r.claim.primary or r.claim.guardrail)]
    if plan.decide == "any-of":
        places = [i for i in places if not found.claims[i].claim.guardrail]
    known = [found.claims[i].power for i in places]
    powers = [p for p in known if p is not None]
    if not powers or len(powers) < len(known):
        return found
    any_of = plan.decide == "any-of"
    independent = probability_any_holds(powers) if any_of else probability_all_hold(powers)
    bound = at_least_any(powers) if any_of else at_least_all(powers)
    found = replace(found, all_hold=independent, at_least=bound)
    if asked.correlation is None or len(powers) < 2:
        return found
    chosen = asked.correlation[places][:, places]
    both = simulate_joint(powers, chosen, asked.seed)[1 if any_of else 0]
    return replace(found, together=both.value, together_error=both.error)
