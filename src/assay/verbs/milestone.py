"""`plan done`: somebody says that a milestone of a frozen plan is done; whether it is follows from the ledger.

A milestone is its date and what it says. A deviation that keeps both keeps it done; one that moves its date, or says
something else, has another milestone, which is open.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from assay.base.errors import InputError, MissingError
from assay.records.access import WRITE, Principal
from assay.records.plan import Milestone, Plan
from assay.records.portfolio import DatedStep, StepDone
from assay.remote.address import LabPlace
from assay.store import FrozenPlan, Session
from assay.verbs.frozen import frozen_plan, versions_of
from assay.verbs.served import served
from assay.verbs.where import open_lab

DONE = "milestone.done"
LONGEST = 10_000
"""Characters of a note, at most."""
NAMED = ("what it says", "its date", "both, the date first")
Said = Mapping[tuple[str, Milestone], DatedStep]
"""Digest of a version and its milestone -> who said that it is done."""


@served(WRITE)
def done(lab: LabPlace | None, name: str, milestone: str, note: str = "", by: Principal | None = None) -> StepDone:
    """Say that a milestone of a plan is done; said before, nothing is added.

    Args:
        lab: The folder of the lab.
        name: The plan's.
        milestone: What it says, its date where no other has it, or date and words.
        note: What there is to say of it, e.g. where it is to be seen.
        by: Who says so, where that is asked over HTTP.

    Raises:
        MissingError: there is no plan of that name.
        MissingError: the version that holds has no such milestone.
        InputError: several milestones fit, or the note is too long.
    """
    if len(note) > LONGEST:
        raise InputError(
            f"the note has {len(note):,} characters",
            rule=f"at most {LONGEST:,}",
            fix="say where the rest is to be read",
        )
    with open_lab(lab, by) as store, store.transaction() as session:
        versions = versions_of(session, name)
        plan = frozen_plan(store, versions[-1])
        meant = _meant(plan, milestone.strip())
        (before,) = steps_of((meant,), versions, said(session))
        if before.done:
            return StepDone(name, before, False)
        of = {"plan": versions[-1].digest, "name": name, "date": meant.date, "what": meant.what}
        session.ledger.append(DONE, {**of, "note": note.strip(), "by": store.user})
        (now,) = steps_of((meant,), versions, said(session))
        return StepDone(name, now, True)


def said(session: Session) -> Said:
    """Every milestone of which somebody said that it is done, with who said so first, by digest of the plan."""
    found: dict[tuple[str, Milestone], DatedStep] = {}
    # Ledgers of several writers may have been merged: the first is that of the earliest time.
    for entry in sorted(session.ledger.entries(1 << 30, kind=DONE), key=lambda e: (e.time, e.writer, e.seq)):
        held = entry.content()
        # An event that was erased says nothing any more.
        if isinstance(held, dict):
            plan, date, what, by, note = (str(held.get(k, "")) for k in ("plan", "date", "what", "by", "note"))
            found.setdefault((plan, Milestone(date, what)), DatedStep(date, what, by, entry.time, note))
    return found


def steps_of(milestones: Sequence[Milestone], versions: Sequence[FrozenPlan], told: Said) -> tuple[DatedStep, ...]:
    """Milestones as they stand: open, or done since somebody said so of one of the plan's versions."""
    return tuple(_stands(m, [told[v.digest, m] for v in versions if (v.digest, m) in told]) for m in milestones)


def _stands(milestone: Milestone, told: Sequence[DatedStep]) -> DatedStep:
    return min(told, key=lambda s: s.done_at, default=DatedStep(milestone.date, milestone.what))


def _meant(plan: Plan, words: str) -> Milestone:
    """The one milestone that words name.

    Raises:
        MissingError: there is none.
        InputError: several fit.
    """
    names = {m: _names(m) for m in plan.milestones}
    # What a milestone says names it before its date does, which another may have in its words.
    ways = ([m for m in names if names[m][way] == words] for way in range(len(NAMED)))
    fit = next((found for found in ways if found), [])
    if not fit:
        raise _unknown(plan.name, words, names)
    if len(fit) > 1:
        raise InputError(
            f"{words!r:.200} names {len(fit)} milestones of the plan {plan.name!r}",
            rule="one is said to be done at a time",
            fix=f"name it by date and words: {names[fit[0]][-1]!r}",
        )
    return fit[0]


def _names(milestone: Milestone) -> tuple[str, str, str]:
    what = milestone.what.strip()
    return what, milestone.date, f"{milestone.date} {what}"


def _unknown(plan: str, words: str, names: Mapping[Milestone, tuple[str, str, str]]) -> MissingError:
    """That there is none of those words, and which ones there are: the nearest, or the first."""
    what = f"the plan {plan!r} has no milestone {words!r:.200}"
    if not names:
        fix = "add it in a deviation: assay plan freeze PLAN.yaml --deviation 'why'"
        return MissingError(what, rule="the version that holds has none", fix=fix)
    near = difflib.get_close_matches(words, [n for m in names for n in names[m][:2]], n=3, cutoff=0.4)
    shown = ", ".join(repr(n) for n in dict.fromkeys(near or [names[m][0] for m in names][:3]))
    fix = f"did you mean {shown}?" if near else f"it has {shown}"
    return MissingError(what, rule=f"a milestone is named by {NAMED[0]}, {NAMED[1]}, or {NAMED[2]}", fix=fix)
