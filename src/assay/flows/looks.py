"""Several looks at the claims of a plan: what each may spend, where the statistic stands, what holds after stopping."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.base.canonical import plain
from assay.flows.estimates import Inferred
from assay.judge.claims import deciding, margin, threshold
from assay.metrics import parse
from assay.records.looks import Monitored, Past, Step
from assay.records.plan import Claim, Looks, Plan
from assay.records.verdict import Verdict
from assay.stats.anytime import nominal
from assay.stats.brownian import crossing, equal
from assay.stats.estimates import estimate
from assay.stats.procedures import Descriptive, Undefined
from assay.stats.sequential import boundary, nominal_alphas
from assay.stats.spending import Rule
from assay.stats.stagewise import after_stopping, bias, statistic

THRESHOLDS = ("at_least", "at_most")


def planned_fractions(looks: Looks) -> tuple[float, ...]:
    """Information of the planned looks over that of the last; (1.0,) where looks are not counted."""
    if looks.at:
        return tuple(n / looks.at[-1] for n in looks.at)
    return tuple(equal(max(1, looks.planned)))


def rule_of(looks: Looks) -> Rule:
    """How a plan spends its error."""
    return Rule(looks.spending, looks.parameter, planned_fractions(looks))


def closing(plan: Plan, fractions: Sequence[float]) -> bool:
    """Whether no look follows: the number planned is read, or all the information."""
    return not plan.looks.any_number and (len(fractions) >= plan.looks.planned or fractions[-1] >= 1)


def spend(plan: Plan, fractions: Sequence[float], alpha: float) -> float:
    """What this look may use of the error of one side.

    Looks that are always valid use all of it: their intervals hold at every moment.
    """
    if not plan.looks.several or plan.looks.any_number:
        return alpha
    return nominal_alphas(fractions, alpha, rule_of(plan.looks), last=closing(plan, fractions))[-1]


def final_alpha(plan: Plan, fractions: Sequence[float], alpha: float) -> float:
    """What the last planned look may use of the error of one side, were the looks until then as planned.

    Args:
        fractions: Units of each look so far over those planned; empty before the first.
    """
    if plan.looks.any_number:
        whole = float(plan.looks.units or 2)
        return nominal(whole * max(1.0, *fractions, 0.0), alpha, whole)
    ahead = fractions_ahead(plan, fractions)
    return spend(plan, [*fractions, *ahead] or (1.0,), alpha)


def fractions_ahead(plan: Plan, fractions: Sequence[float]) -> tuple[float, ...]:
    """Information of the planned looks to come; equally spaced where the plan does not say otherwise."""
    left, begun = plan.looks.planned - len(fractions), fractions[-1] if fractions else 0.0
    if not plan.looks.several or plan.looks.any_number or left <= 0 or begun >= 1:
        return ()
    if plan.looks.at:
        return tuple(t for t in planned_fractions(plan.looks)[len(fractions) :] if t > begun)
    return tuple(begun + (1 - begun) * k / left for k in range(1, left + 1))


@dataclass(frozen=True, slots=True)
class Sitting:
    """One look at all claims.

    Attributes:
        fractions: Information of each look so far, this one last.
        past: What the earlier looks have shown.
        ended: Whether what is recommended ends the looks.
    """

    plan: Plan
    fractions: tuple[float, ...]
    past: Past
    ended: bool


def monitored(sitting: Sitting, verdict: Verdict, inferred: Inferred | None, alpha: float) -> Monitored:
    """Where one claim stands after this look.

    Args:
        verdict: On the claim, with its deciding estimate.
        inferred: What it is judged on; None where nothing was compared.
        alpha: Error of one side over all looks.
    """
    claim, plan = verdict.claim, sitting.plan
    nulls = nulls_of(claim)
    now = _step(sitting, verdict, inferred, nulls)
    steps = (*sitting.past.get((claim.name, verdict.candidate), ()), now)
    found = Monitored(claim.name, verdict.candidate, nulls, 1 - 2 * alpha, steps, len(sitting.fractions))
    if plan.looks.any_number:
        return replace(found, why="an interval that holds at every moment needs no adjustment after stopping")
    ahead = fractions_ahead(plan, sitting.fractions)
    so_far = len(sitting.fractions)
    every = boundary([*sitting.fractions, *ahead], alpha, rule_of(plan.looks), last=True)
    spent = crossing(sitting.fractions, every[:so_far])[0].cumsum()
    found = replace(
        found,
        bounds=every[:so_far],
        spent=tuple(spent.tolist()),
        ahead=tuple(zip(ahead, every[so_far:], strict=True)),
    )
    return _adjusted(sitting, found, inferred, claim, every)


def _adjusted(
    sitting: Sitting, found: Monitored, inferred: Inferred | None, claim: Claim, every: Sequence[float]
) -> Monitored:
    """With what can be said after stopping, or why nothing can."""
    why = _unadjusted(sitting, found, inferred, claim)
    if why or inferred is None:
        return replace(found, why=why or "nothing was compared for this claim")
    one = inferred.inferences[0]
    result = one.candidate if claim.kind in THRESHOLDS else one.difference
    times, null = sitting.fractions, found.nulls[0]
    made = after_stopping(result, null, times, found.bounds[:-1])
    shown = estimate(made, inferred.design, level=found.level, margin=null)
    ahead = [t for t, _ in found.ahead]
    return replace(found, adjusted=shown, bias=bias(result, null, [*times, *ahead], every, len(times)))


def _unadjusted(sitting: Sitting, found: Monitored, inferred: Inferred | None, claim: Claim) -> str:
    if not sitting.ended:
        return "looks go on"
    if claim.kind == "equivalent":
        return "a claim of equivalence has two bounds, for which outcomes have no order: the repeated interval stands"
    if inferred is None or found.steps[-1].statistics[0] is None:
        return "this look gives no interval"
    if len(inferred.inferences) > 1:
        return "missing rows are bounded, and no ordering holds for bounds: the repeated interval stands"
    if len(found.steps) < found.looks:
        return "an earlier look has no statistic on record"
    crossed = _crossed_before(found)
    if crossed:
        return f"the claim had crossed its bound at look {crossed}, and looks went on for others"
    return ""


def _crossed_before(found: Monitored) -> int:
    for number, (step, bound) in enumerate(zip(found.steps[:-1], found.bounds, strict=False), 1):
        z = step.statistics[0] if step.statistics else None
        if z is not None and abs(z) >= bound:
            return number
    return 0


def nulls_of(claim: Claim) -> tuple[float, ...]:
    """The values that a claim is decided against, in the metric's unit."""
    if claim.kind in THRESHOLDS:
        return (threshold(claim),)
    d, sign = margin(claim), parse(claim.metric).sign
    if claim.kind == "equivalent":
        return (-d, d)
    return (d * sign * (1 if claim.kind == "better" else -1) + 0.0,)


def _step(sitting: Sitting, verdict: Verdict, inferred: Inferred | None, nulls: Sequence[float]) -> Step:
    fraction = sitting.fractions[-1]
    if inferred is None or verdict.comparison is None:
        return Step(0, fraction, None, None, tuple(None for _ in nulls))
    shown = deciding(verdict.claim, verdict.comparison)
    whole = sitting.plan.looks.units
    units = round(fraction * whole) if whole else shown.units
    statistics = tuple(_statistic(inferred, verdict.claim, null, sitting.plan) for null in nulls)
    return Step(units, fraction, shown.value, shown.decision_interval, statistics)


def _statistic(inferred: Inferred, claim: Claim, null: float, plan: Plan) -> float | None:
    """The statistic that met the bound; of bounded missing rows the one nearer to the null, 0 between both."""
    if plan.looks.any_number:
        return None
    found = []
    for one in inferred.inferences:
        result = one.candidate if claim.kind in THRESHOLDS else one.difference
        if isinstance(result, (Undefined, Descriptive)):
            return None
        found.append(statistic(result, null))
    if min(found) * max(found) < 0:
        return 0.0
    nearest = min(found, key=abs)
    return nearest if math.isfinite(nearest) else None


def past_of(stored: Any) -> Past:
    """What earlier looks have shown, as `stored_past` wrote it."""
    return {(m["claim"], m["candidate"]): tuple(_stored_step(step) for step in m["steps"]) for m in stored}


def stored_past(past: Past) -> list[dict[str, Any]]:
    """What earlier looks have shown, for the manifest."""
    return [{"claim": claim, "candidate": name, "steps": plain(steps)} for (claim, name), steps in past.items()]


def _stored_step(step: Any) -> Step:
    interval = step["interval"]
    bounds = None if interval is None else (float(interval[0]), float(interval[1]))
    return Step(int(step["units"]), float(step["fraction"]), step["value"], bounds, tuple(step["statistics"]))
