"""`runs known-good`: which runs are baselines that have to come out again whenever that is asked.

A run says so at its start by the tag `known-good`; afterwards somebody says so, or takes it back, which is an event of
the ledger. A run's folder never changes after its end, so that nothing is written there.
"""

from __future__ import annotations

from assay.base.errors import InputError
from assay.records.access import READ, WRITE, Principal
from assay.records.reproduction import KnownGood
from assay.records.runs import RunStart
from assay.remote.address import LabPlace
from assay.runs.folder import RUNS, read_record, run_folders
from assay.store import Session
from assay.verbs import runs as lister
from assay.verbs.served import served
from assay.verbs.where import existing_lab, open_lab

KNOWN_GOOD, MARKED, LONGEST = "known-good", "run.marked", 10_000
"""The tag, the event, and how many characters its reason has at most."""


@served(WRITE)
def mark(
    run: str, good: bool = True, why: str = "", lab: LabPlace | None = None, by: Principal | None = None
) -> KnownGood:
    """Say that a run is known to be good, or no longer; where that stands already, nothing is added.

    Args:
        run: Its id, or a part that only it has.
        good: Whether it is.
        why: Who reads it later will want to know.
        lab: The folder of the lab.
        by: Who says so, where that is asked over HTTP.

    Raises:
        MissingError: there is no such run.
        InputError: the run has not finished, or the reason is too long.
    """
    if len(why) > LONGEST:
        raise InputError(f"the reason has {len(why):,} characters", rule=f"at most {LONGEST:,}", fix="say it shorter")
    found = lister.shown(run, lab)
    if good and found.state != "finished":
        fix = "assay runs list --where state=finished"
        raise InputError(f"the run {found.start.id} is {found.state}", rule="a baseline has finished", fix=fix)
    name, tagged = found.start.id, KNOWN_GOOD in found.start.tags
    with open_lab(lab, by) as store, store.transaction() as session:
        before = _said(session).get(name)
        if (before.good if before else tagged) == good:
            return before or KnownGood(name, good, "", "", "")
        session.ledger.append(MARKED, {"run": name, "good": good, "why": why.strip(), "by": store.user})
        return _said(session)[name]


@served(READ)
def every(lab: LabPlace | None = None) -> tuple[KnownGood, ...]:
    """Every run that is known to be good now, by its id."""
    folder = existing_lab(lab) / RUNS
    starts = ((name, read_record(folder / name, RunStart)[0]) for name in run_folders(folder))
    found = {n: KnownGood(n, True, "", "", "") for n, start in starts if start is not None and KNOWN_GOOD in start.tags}
    with open_lab(lab) as store, store.snapshot() as session:
        found |= _said(session)
    return tuple(found[name] for name in sorted(found) if found[name].good)


def _said(session: Session) -> dict[str, KnownGood]:
    """What was said last of each run; what was erased says nothing any more."""
    found: dict[str, KnownGood] = {}
    for entry in sorted(session.ledger.entries(1 << 30, kind=MARKED), key=lambda e: (e.time, e.writer, e.seq)):
        held = entry.content()
        if isinstance(held, dict) and isinstance(held.get("run"), str):
            by, why = (str(held.get(name, "")) for name in ("by", "why"))
            found[held["run"]] = KnownGood(held["run"], held.get("good") is True, by, entry.time, why)
    return found
