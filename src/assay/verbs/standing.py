"""Where a plan stands: its frozen version, and its reading among all that the lab has recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_file
from assay.base.errors import EvidenceError, FrozenError, LookError
from assay.flows.bundle import JUDGEMENT, SCORES
from assay.flows.looks import past_of
from assay.flows.reading import Sight, common, tests_of
from assay.judge.looks import FRESH, SECOND, PastLook, Reading, state
from assay.records.looks import Past
from assay.records.plan import Plan
from assay.records.protocols import Engine
from assay.records.verdict import LookState
from assay.store import FrozenPlan, KeptEvidence, LocalStore, Look, Session
from assay.verbs.frozen import binding, difference, frozen_plan
from assay.verbs.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Standing:
    """A frozen plan among its versions.

    Attributes:
        root: Digest of the first version: the lineage.
        versions: Digests of all versions.
    """

    frozen: FrozenPlan
    plan: Plan
    root: str
    versions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A reading among those of the lab.

    Attributes:
        fractions: Information of each look so far over that planned for the last, this one last.
        before: Evidence of the plan's earlier looks, oldest first.
        past: What they have shown; None where a single look is planned.
    """

    look: LookState
    fractions: tuple[float, ...]
    before: tuple[KeptEvidence, ...]
    past: Past | None = None


def standing_of(store: LocalStore, given: Plan, path: Path) -> Standing:
    """The frozen version of a plan file.

    Raises:
        FrozenError: it is not frozen, or was edited since.
    """
    with store.snapshot() as session:
        versions = session.plans.versions(given.name)
    if not versions:
        raise FrozenError(
            f"the plan {given.name!r} is not frozen",
            rule="a plan is frozen before its data are read",
            fix=f"assay plan freeze {path}",
            where=path.name,
        )
    latest = versions[-1]
    plan = frozen_plan(store, latest)
    changed = difference(plan, given)
    if changed:
        raise FrozenError(
            f"was edited after it was frozen: {'; '.join(changed[:5])}",
            rule="a frozen plan does not change; a deviation is a new version that says why",
            fix=f"undo the edit, or assay plan freeze {path} --deviation 'why'",
            where=path.name,
        )
    return Standing(latest, plan, versions[0].digest, frozenset(v.digest for v in versions))


def check_current(session: Session, standing: Standing) -> None:
    """Refuse a version from which another process has deviated meanwhile."""
    if session.plans.versions(standing.frozen.name)[-1].digest != standing.frozen.digest:
        raise FrozenError(
            f"a deviation from the plan {standing.frozen.name!r} was frozen while it was judged",
            rule="the latest version is judged",
            fix="judge again",
        )


def overlapping(
    engine: Engine, store: LocalStore, session: Session, standing: Standing, seen: Sight, until: str = ""
) -> frozenset[str]:
    """Other versions of the same test data, by its name in the plan, that share rows with this reading.

    A version with a row dropped or added is no fresh one: what was read on it was read on these units.

    Args:
        until: Leave out what was read at this time or later.
    """
    shared = set()
    for kept in (k for k in session.evidence.all() if not until or k.created_at < until):
        frozen = session.plans.get(kept.plan)
        if frozen is None or kept.plan in standing.versions:
            continue
        if frozen_plan(store, frozen).data.name != standing.plan.data.name:
            continue
        datasets = {look.dataset for look in session.looks.of_plan(kept.plan) if look.evidence == kept.id}
        if datasets - {seen.dataset}:
            table = engine.scan(Shelf(store.folder).stored(kept.folder, kept.id) / SCORES, ".parquet")
            if common(engine, seen.aligned.table, table).rows:
                shared |= datasets
    return frozenset(shared)


def place_of(
    store: LocalStore,
    session: Session,
    standing: Standing,
    seen: Sight,
    shared: frozenset[str] = frozenset(),
    until: str = "",
) -> Place:
    """Where this reading stands.

    Args:
        shared: Dataset versions that share rows with this one, and so count as it.
        until: Leave out what was read at this time or later.

    Raises:
        LookError: it is not allowed.
    """
    digest = standing.frozen.digest
    tests = tests_of(seen, standing.plan)
    now = Reading(digest, seen.dataset, standing.root, tuple(tests.values()), standing.frozen.frozen_at)
    looks = {*session.looks.on_dataset(seen.dataset), *session.looks.on_lineage(standing.root)}
    looks |= {look for dataset in shared for look in session.looks.on_dataset(dataset)}
    evidence = {e.id: e for e in session.evidence.all()}
    past: list[PastLook] = []
    earlier: dict[str, KeptEvidence] = {}
    before_it = (x for x in looks if not until or x.read_at < until)
    for look in sorted(before_it, key=lambda x: (x.read_at, x.candidate)):
        # An earlier version of the plan on other data is an earlier look; on the same data it is another test.
        own = look.plan in standing.versions and look.dataset != seen.dataset
        plan = plan_of(store, session, look)
        if own:
            check_binding(plan, standing.plan)
            earlier.setdefault(look.dataset, evidence[look.evidence])
        dataset = seen.dataset if look.dataset in shared and not own else look.dataset
        past.append(past_look(look, evidence[look.evidence], plan, digest if own else look.plan, dataset))
    found = state(now, past, standing.plan)
    before = tuple(earlier.values())
    fractions = _fractions(standing.plan, [_units(store, e) for e in before], seen.aligned.units)
    return Place(found, fractions, before, _past(store, before) if standing.plan.looks.several else None)


def check_grown(engine: Engine, store: LocalStore, seen: Sight, place: Place) -> None:
    """Refuse a later look that lacks rows of the look before, or has other targets for them: looks are cumulative.

    Raises:
        LookError: naming how many rows.
    """
    if not place.before:
        return
    last = place.before[-1]
    path = Shelf(store.folder).stored(last.folder, last.id) / SCORES
    found = common(engine, seen.aligned.table, engine.scan(path, ".parquet"))
    if found.lost or found.changed:
        again = SECOND.format(place.look.look)
        raise LookError(
            f"{found.lost} rows of the look before are missing and {found.changed or 0} have another target",
            rule="each look reads the units of the look before and new ones",
            fix=f"put the earlier rows, as they were, and the new ones into the files, then {again}",
        )


def plan_of(store: LocalStore, session: Session, look: Look) -> Plan:
    """The frozen plan that a look was for.

    Raises:
        LookError: when the lab does not have it.
    """
    frozen = session.plans.get(look.plan)
    if frozen is None:
        raise LookError(
            f"the lab has a look of the plan {look.plan[:19]}… and not the plan",
            rule="a look names a frozen plan",
            fix="assay ledger verify",
        )
    return frozen_plan(store, frozen)


def past_look(look: Look, kept: KeptEvidence, plan: Plan, digest: str, dataset: str) -> PastLook:
    """A look as it is counted: under a plan's digest and on a dataset version."""
    return PastLook(
        plan=digest,
        dataset=dataset,
        lineage=look.lineage,
        candidate=look.candidate,
        scores=look.scores,
        evidence=look.evidence,
        read_at=look.read_at,
        adopted=kept.recommendation == "adopt",
        candidates_allowed=plan.reuse.candidates,
        release=plan.reuse.release,
    )


def check_binding(before: Plan, now: Plan) -> None:
    """Between two looks only new units may come: all else could be adapted to what the first one showed."""
    changed = binding(before, now)
    if changed:
        raise LookError(
            f"the deviation changes what is judged after a look: {'; '.join(changed[:5])}",
            rule="between planned looks new units come, and claims, levels, looks and models stay",
            fix=f"undo the change, or {FRESH}",
        )


def _units(store: LocalStore, kept: KeptEvidence) -> int:
    manifest: dict[str, Any] = json.loads(store.blobs.read(kept.manifest))
    return int(manifest["aligned"]["units"])


def _past(store: LocalStore, before: tuple[KeptEvidence, ...]) -> Past:
    """What the look before has shown, with those before it; nothing where an older version kept none."""
    if not before:
        return {}
    last = before[-1]
    path = Shelf(store.folder).stored(last.folder, last.id) / JUDGEMENT
    manifest = json.loads(store.blobs.read(last.manifest))
    if digest_file(path, manifest["files"][JUDGEMENT]) != manifest["files"][JUDGEMENT]:
        raise EvidenceError(
            "was changed since it was judged",
            rule="evidence never changes, and a later look follows what an earlier one has shown",
            fix="restore the folder from a backup",
            where=str(path),
        )
    return past_of(json.loads(path.read_bytes()).get("looks", []))


def _fractions(plan: Plan, before: list[int], units: int) -> tuple[float, ...]:
    """Units over those planned for the last look; they grow from look to look.

    Raises:
        LookError: when they do not, or all that were planned had been read.
    """
    if not plan.looks.several:
        return (1.0,)
    if before and units <= before[-1]:
        raise LookError(
            f"the look before had {before[-1]} units, this one has {units}",
            rule="each look reads the units of the look before and new ones",
            fix=f"add the new units to the earlier ones in the files, then {SECOND.format(len(before) + 1)}",
        )
    whole = plan.looks.units or units
    if before and before[-1] >= whole and not plan.looks.any_number:
        raise LookError(
            f"look {len(before)} had {before[-1]} of {whole} planned units, so the whole error is spent",
            rule="the error is spread over the units that the plan declared",
            fix=f"the looks are spent: {FRESH}",
        )
    return tuple(n / whole for n in (*before, units))
