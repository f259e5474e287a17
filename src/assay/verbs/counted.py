"""Whether a lab has counted the reading that evidence came of, as the evidence says."""

from __future__ import annotations

from pathlib import Path

from assay.base.canonical import plain
from assay.base.errors import LookError, StoreError
from assay.flows.bundle import Bundle
from assay.flows.looks import stored_past
from assay.flows.reading import Sight, tests_of
from assay.records.protocols import Engine
from assay.remote.address import LabPlace
from assay.store import KeptEvidence, LocalStore, Session
from assay.verbs.standing import Standing, overlapping, place_of
from assay.verbs.where import open_lab

FOLDER = ".assay"
UNNAMED = "no lab was named, and the evidence lies in none; --lab FOLDER compares them with its ledger"


def lab_of(evidence: Path, lab: LabPlace | None) -> tuple[LocalStore | None, str]:
    """The lab that is named, or the one that the evidence lies in; None with the reason where there is none.

    Raises:
        StoreError: when the one that is named cannot be opened.
    """
    if lab is not None:
        return open_lab(lab), ""
    shelf = evidence.absolute().parent
    if (shelf.name, shelf.parent.name) != ("evidence", FOLDER):
        return None, UNNAMED
    try:
        return LocalStore.open(shelf.parent.parent), ""
    except StoreError as error:
        return None, f"the lab around it cannot be opened: {error.line()}"


def uncounted(engine: Engine, store: LocalStore, bundle: Bundle, sight: Sight) -> list[str]:
    """Where evidence and ledger differ; empty where the lab has recorded it, and counts its look as it says.

    Args:
        sight: What the scores of the evidence show.
    """
    found = [f"ledger: {fault.line()}" for fault in store.verify().faults[:5]]
    with store.snapshot() as session:
        kept, frozen = session.evidence.get(bundle.id), session.plans.get(bundle.case.plan_digest)
        if kept is None or frozen is None:
            what = f"the evidence {bundle.id[:19]}…" if frozen is not None else f"the plan {bundle.case.plan.name!r}"
            return [*found, f"ledger: the lab in {store.root} has no entry of {what}"]
        versions = session.plans.versions(frozen.name)
        standing = Standing(frozen, bundle.case.plan, versions[0].digest, frozenset(v.digest for v in versions))
        found += _tests(session, standing, sight)
        try:
            return found + _place(engine, store, session, standing, bundle, kept, sight)
        except LookError as error:
            return [*found, f"looks: by the ledger this reading was not allowed: {error.line()}"]


def _tests(session: Session, standing: Standing, sight: Sight) -> list[str]:
    """The looks counted for the plan are at the rows and predictions that the evidence holds."""
    looks = session.looks.of_plan(standing.frozen.digest)
    counted = {(look.candidate, look.scores) for look in looks if look.dataset == sight.dataset}
    missing = set(tests_of(sight, standing.plan).values()) - counted
    return (
        [f"looks: the ledger has no look at the rows and predictions of {len(missing)} candidates"] if missing else []
    )


def _place(
    engine: Engine,
    store: LocalStore,
    session: Session,
    standing: Standing,
    bundle: Bundle,
    kept: KeptEvidence,
    sight: Sight,
) -> list[str]:
    """The look and the information that follow from what the lab had counted before."""
    shared = overlapping(engine, store, session, standing, sight, kept.created_at)
    place = place_of(store, session, standing, sight, shared, kept.created_at)
    pairs = {**plain(bundle.case.look), "information": list(bundle.case.fractions)}
    follows = {**plain(place.look), "information": list(place.fractions)}
    if bundle.case.past is not None:
        pairs["what earlier looks have shown"] = stored_past(bundle.case.past)
        follows["what earlier looks have shown"] = stored_past(place.past or {})
    return [
        f"looks: {key} is {pairs[key]!r}, and {follows[key]!r} follows from the ledger"
        for key in pairs
        if pairs[key] != follows[key]
    ]
