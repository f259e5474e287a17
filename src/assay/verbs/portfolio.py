"""`plan list`, `plan show`, `plan draft`: frozen plans, what was judged on them, and what was recommended."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from assay.base.errors import EvidenceError
from assay.records.access import READ
from assay.records.portfolio import JudgedOnce, PlanState, PlanVersion
from assay.remote.address import LabPlace
from assay.store import FrozenPlan, KeptEvidence, LocalStore, Session
from assay.verbs import reviewed
from assay.verbs.frozen import as_file, frozen_plan, versions_of
from assay.verbs.history import what_changed
from assay.verbs.milestone import Said, said, steps_of
from assay.verbs.served import served
from assay.verbs.shelf import Shelf
from assay.verbs.where import open_lab


@served(READ)
def plans(lab: LabPlace | None, after: str = "", limit: int = 100) -> tuple[PlanState, ...]:
    """Plans by name.

    Args:
        lab: The folder of the lab; by default the nearest from the working folder upwards.
        after: The name after which the page begins.
        limit: Plans at most.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        by_name = _by_name(session)
        names = sorted(name for name in by_name if name > after)[:limit]
        told, spoken = said(session), reviewed.read(session)
        return tuple(_state(store, session, by_name[name], told, spoken) for name in names)


@served(READ)
def plan(lab: LabPlace | None, name: str) -> PlanState:
    """One plan.

    Raises:
        MissingError: there is none of that name.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        return _state(store, session, versions_of(session, name), said(session), reviewed.read(session))


@served(READ)
def draft(lab: LabPlace | None, name: str) -> str:
    """The latest version of a plan as a file, to draft a deviation from; comments of the first file are not kept.

    Raises:
        MissingError: there is none of that name.
    """
    return as_file(plan(lab, name).plan)


def evidence_folder(lab: LabPlace | None, identity: str) -> Path:
    """Where the bundle of that digest lies, or of the digest that begins so.

    Raises:
        EvidenceError: there is none, or it is gone from the disk.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        found = evidence_named(session, identity)
        return Shelf(store.folder).stored(found.folder, found.id)


def evidence_named(session: Session, identity: str) -> KeptEvidence:
    """The evidence of that digest, or of the digest that begins so.

    Raises:
        EvidenceError: there is none, or there are several.
    """
    found = [e for e in session.evidence.all() if e.id == identity or _short(e.id).startswith(_short(identity))]
    if len(found) != 1 or len(_short(identity)) < 6:
        raise EvidenceError(
            f"{identity!r:.120} names {len(found)} bundles of this lab",
            rule="evidence is named by its digest, or by six or more of its first digits",
            fix="`assay plan list` shows the digests",
        )
    return found[0]


def _short(identity: str) -> str:
    return identity.removeprefix("sha256:")


def _by_name(session: Session) -> Mapping[str, tuple[FrozenPlan, ...]]:
    found: dict[str, tuple[FrozenPlan, ...]] = {}
    for version in session.plans.all():
        found[version.name] = (*found.get(version.name, ()), version)
    return found


def _state(
    store: LocalStore, session: Session, versions: tuple[FrozenPlan, ...], told: Said, spoken: reviewed.Said
) -> PlanState:
    found = sorted((e for v in versions for e in session.evidence.all(v.digest)), key=lambda e: (e.created_at, e.id))
    plans = [frozen_plan(store, v) for v in versions]
    plan = plans[-1]
    changes = [(), *(tuple(what_changed(before, now)) for before, now in pairwise(plans))]
    return PlanState(
        plan,
        tuple(
            PlanVersion(v.version, v.digest, v.parent, v.reason, v.frozen_at, v.frozen_by, changed)
            for v, changed in zip(versions, changes, strict=True)
        ),
        tuple(
            JudgedOnce(
                e.id, e.plan, e.recommendation, e.created_at, spoken.judges.get(e.id, ()), spoken.reviews.get(e.id, ())
            )
            for e in found
        ),
        steps_of(plan.milestones, versions, told),
    )
