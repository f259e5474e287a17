"""Where a reading stands among those allowed on its data: same digests, new units, or another candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assay.base.errors import LookError
from assay.records.plan import Plan
from assay.records.verdict import LookState

FRESH = "freeze a plan with another name on units that were never read, then `assay judge` it"
SECOND = "`assay plan freeze PLAN --deviation 'look {}: new units'` and `assay judge PLAN`"
"""The next steps after a look that is not allowed, and towards one that is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading about to be made.

    Attributes:
        plan: Digest of the frozen plan.
        dataset: Digest of the dataset version; `lineage` is the digest of its first version.
        candidates: (digest of the candidate, digest of its scores), one for each candidate read.
        frozen_at: When the plan was frozen, ISO 8601 in UTC.
    """

    plan: str
    dataset: str
    lineage: str
    candidates: tuple[tuple[str, str], ...]
    frozen_at: str = ""


@dataclass(frozen=True, slots=True)
class PastLook:
    """One candidate that was read.

    Attributes:
        evidence: Digest of the bundle that came of it.
        read_at: When, ISO 8601 in UTC.
        adopted: Whether the candidate was adopted on it.
        candidates_allowed: The reuse budget m that its plan declared; it spent 1/m of the error.
        release: What of the numbers was shown.
    """

    plan: str
    dataset: str
    lineage: str
    candidate: str
    scores: str
    evidence: str
    read_at: str = ""
    adopted: bool = False
    candidates_allowed: int = 1
    release: str = "full"


def state(now: Reading, past: Sequence[PastLook], plan: Plan) -> LookState:
    """Count the earlier looks and say what this one may spend.

    Args:
        now: The reading about to be made; its candidates are the plan's.
        past: Every look on the dataset version or its lineage, of all plans.
        plan: Looks, reuse and level.

    Raises:
        LookError: when the budget is spent, after an adoption, or after numbers that the plan may have been adapted to.
    """
    look = look_number(now, past)
    read = others(now, past)
    why = _spent(now, past, plan, look)
    if why is not None:
        raise why
    return LookState(
        look=look,
        planned=plan.looks.planned,
        candidates_read=len(read),
        candidates_allowed=plan.reuse.candidates,
        alpha=(1 - plan.level) / 2 / plan.reuse.candidates,
    )


def look_number(now: Reading, past: Sequence[PastLook]) -> int:
    """1 + the other versions of the data that this plan has read."""
    mine = [look for look in past if look.plan == now.plan and look.lineage == now.lineage]
    return 1 + len({look.dataset for look in mine} - {now.dataset})


def others(now: Reading, past: Sequence[PastLook]) -> tuple[PastLook, ...]:
    """Looks at this dataset version that are not this plan reading the same scores again, one for each test made."""
    mine = {(now.plan, *candidate) for candidate in now.candidates}
    tests = {
        (look.plan, look.candidate, look.scores): look
        for look in sorted(past, key=lambda look: look.read_at, reverse=True)
        if look.dataset == now.dataset
    }
    return tuple(look for key, look in tests.items() if key not in mine)


def _spent(now: Reading, past: Sequence[PastLook], plan: Plan, look: int) -> LookError | None:
    return _too_many_looks(plan, look) or _adopted(now, past) or _over_budget(now, past, plan) or _adapted(now, past)


def _too_many_looks(plan: Plan, look: int) -> LookError | None:
    if plan.looks.any_number or look <= plan.looks.planned:
        return None
    return LookError(
        f"this would be look {look} of {plan.looks.planned} planned",
        rule="the error is spread over the looks that the plan declared",
        fix=f"the looks are spent: {FRESH}",
    )


def _adopted(now: Reading, past: Sequence[PastLook]) -> LookError | None:
    fresh = others(now, past)
    for look in past:
        earlier = look.plan == now.plan and look.lineage == now.lineage and look.dataset != now.dataset
        if look.adopted and (look in fresh or earlier):
            return LookError(
                f"the candidate {look.candidate} was already adopted on these units",
                rule="after an adoption the same units cannot confirm anything more",
                fix=f"what was adopted stands; for another candidate {FRESH}",
            )
    return None


def _over_budget(now: Reading, past: Sequence[PastLook], plan: Plan) -> LookError | None:
    read = others(now, past)
    used = sum((Fraction(1, max(1, look.candidates_allowed)) for look in read), Fraction(0))
    if used + Fraction(len(now.candidates), plan.reuse.candidates) <= 1:
        return None
    enough = max(2, len(now.candidates) + len(read))
    return LookError(
        f"the error is spent: readings on these units before: {len(read)}, in this plan: {len(now.candidates)}, "
        f"with reuse.candidates {plan.reuse.candidates}",
        rule="each candidate is judged at alpha / reuse.candidates, counted over all plans; together at most alpha",
        fix=f"{FRESH}; declare `reuse: {{candidates: {enough}}}` there for as many candidates",
    )


def _adapted(now: Reading, past: Sequence[PastLook]) -> LookError | None:
    for look in others(now, past):
        known_before = bool(now.frozen_at) and bool(look.read_at) and now.frozen_at < look.read_at
        if look.plan != now.plan and look.release == "full" and not known_before:
            return LookError(
                "the numbers of another plan on these units were released in full before this plan was frozen",
                rule="a plan that may have been adapted to the numbers cannot be confirmed on the same units",
                fix=f"{FRESH}; with `reuse: {{release: verdict}}` later plans may read those units too",
            )
    return None
