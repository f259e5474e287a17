"""Statuses become a recommendation. Policies are registered; `default` is the one that plans use unless they say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.base.errors import PlanError
from assay.base.registry import Registry
from assay.judge.looks import SECOND
from assay.records.plan import Plan
from assay.records.verdict import Action, LookState, Recommendation, Status, Verdict


@dataclass(frozen=True, slots=True)
class Case:
    """All that a policy may look at.

    Attributes:
        verdicts: Of one candidate: claims and guardrails.
        stop_rules_met: The plan's stop rules that a person has found to be met, in the plan's words.
        ends: Whether all planned information is read, so that no look follows.
        reproduced: Claims about this candidate that were made again from the runs behind them, and came out alike.
    """

    plan: Plan
    verdicts: tuple[Verdict, ...]
    look: LookState
    stop_rules_met: tuple[str, ...] = ()
    ends: bool = False
    reproduced: tuple[str, ...] = ()

    @property
    def guardrails(self) -> tuple[Verdict, ...]:
        """Verdicts that have to be `supported` for any adoption."""
        return tuple(v for v in self.verdicts if v.claim.guardrail)

    @property
    def primary(self) -> tuple[Verdict, ...]:
        """Verdicts on the claims that the plan is about."""
        return tuple(v for v in self.verdicts if v.claim.primary and not v.claim.guardrail)


Policy = Callable[[Case], tuple[Action, str]]
POLICIES: Registry[Policy] = Registry("policy", "assay.policies", PlanError)


def recommend(
    verdicts: Sequence[Verdict],
    plan: Plan,
    look: LookState,
    stop_rules_met: Sequence[str] = (),
    ends: bool = False,
    reproduced: Sequence[str] = (),
) -> Recommendation:
    """What the plan's policy recommends for one candidate.

    Args:
        verdicts: On the candidate's claims and guardrails.
        plan: The frozen plan.
        look: Where this reading stands.
        stop_rules_met: The plan's stop rules that are met.
        ends: Whether all planned information is read, so that no look follows.
        reproduced: Claims that were reproduced.

    Raises:
        PlanError: when the policy is unknown, or a stop rule is none of the plan's.
    """
    strange = [rule for rule in stop_rules_met if rule not in plan.stop_rules]
    if strange:
        raise PlanError(
            f"{strange[0]!r} is no stop rule of the plan {plan.name!r}",
            rule="only a stop rule written down beforehand can stop a plan",
            fix="give it in the words of the plan's stop_rules",
        )
    case = Case(plan, tuple(verdicts), look, tuple(stop_rules_met), ends, tuple(reproduced))
    action, why = POLICIES.get(plan.policy)(case)
    return Recommendation(verdicts[0].candidate if verdicts else "", action, why, case.verdicts)


def default(case: Case) -> tuple[Action, str]:
    """Invalid -> hold; all required supported -> adopt; stop rule or primary refuted -> stop; guardrail -> iterate."""
    return _integrity(case) or _adoption(case) or _end(case) or _undecided(case)


def _integrity(case: Case) -> tuple[Action, str] | None:
    invalid = _having(case.verdicts, "invalid")
    if invalid:
        why = f"{_names(invalid)} cannot be judged: {invalid[0].reason}"
        return "hold", f"{why}; next: mend that, then `assay judge` again"
    if not case.primary:
        return "hold", "no primary claim was judged; next: freeze a plan with a primary claim about this candidate"
    return None


def _adoption(case: Case) -> tuple[Action, str] | None:
    held = _having(case.primary, "supported")
    enough = bool(held) if case.plan.decide == "any-of" else len(held) == len(case.primary)
    if not enough or len(_having(case.guardrails, "supported")) < len(case.guardrails):
        return None
    again = [v for v in (*held, *case.guardrails) if v.claim.name not in case.reproduced]
    if case.plan.reproduction == "required" and again:
        what = f"{_names(held)} {_verb(held)} supported, and the plan demands that {_names(again)} be reproduced first"
        return "hold", f"{what}; next: `assay reproduce EVIDENCE --claim NAME`, then `assay judge` again"
    rest = f", and every guardrail holds ({_names(case.guardrails)})" if case.guardrails else ""
    return "adopt", f"{_names(held)} {_verb(held)} supported{rest}"


def _end(case: Case) -> tuple[Action, str] | None:
    if case.stop_rules_met:
        return "stop", f"a stop rule of the plan is met: {case.stop_rules_met[0]}"
    refuted = _having(case.primary, "refuted")
    if refuted and (case.plan.decide == "all-of" or len(refuted) == len(case.primary)):
        return "stop", f"{_names(refuted)} {_verb(refuted)} refuted: {refuted[0].reason}"
    broken = _having(case.guardrails, "refuted")
    if broken:
        return "iterate", f"the guardrail {_names(broken)} {_verb(broken)} refuted: {broken[0].reason}"
    return None


def _undecided(case: Case) -> tuple[Action, str]:
    needed = (*case.guardrails, *(() if _any_held(case) else case.primary))
    unsettled = _having(needed, "inconclusive")
    head = f"{_names(unsettled)} {_verb(unsettled)} inconclusive"
    looks = case.plan.looks
    if looks.any_number:
        return "hold", f"{head}; look {case.look.look}, and more are allowed; next: {_next_look(case)}"
    if case.look.look < case.look.planned and not case.ends:
        return "hold", f"{head}; look {case.look.look} of {case.look.planned}; next: {_next_look(case)}"
    return "iterate", f"{head}, and no planned look is left"


def _next_look(case: Case) -> str:
    looks, following = case.plan.looks, case.look.look + 1
    units = looks.units if following == case.look.planned else None
    if looks.at:
        units = looks.at[following - 1]
    goal = f" until there are {units:,} units" if units else ""
    return f"add new units to the files{goal}, then {SECOND.format(following)}"


def _any_held(case: Case) -> bool:
    return case.plan.decide == "any-of" and bool(_having(case.primary, "supported"))


def _having(verdicts: Sequence[Verdict], status: Status) -> tuple[Verdict, ...]:
    return tuple(v for v in verdicts if v.status == status)


def _names(verdicts: Sequence[Verdict]) -> str:
    return ", ".join(repr(v.claim.name) for v in verdicts)


def _verb(verdicts: Sequence[Verdict]) -> str:
    return "is" if len(verdicts) == 1 else "are"


POLICIES.add("default", default)
