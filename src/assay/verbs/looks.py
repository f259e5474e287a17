"""Verb `looks`: what was spent on a dataset, by whom, and what is left.

Readings are counted by content: a test is (plan, candidate, scores), all digests, on a dataset digest. So labs that are
merged count a reading that both hold once, whatever their files and folders are called.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_file
from assay.base.errors import InputError, LookError
from assay.engine import DuckEngine
from assay.flows.bundle import SCORES
from assay.flows.reading import common
from assay.records.access import READ, Principal
from assay.records.plan import Plan
from assay.records.protocols import Engine, Table
from assay.records.readings import LookAhead, LooksAt, LookTaken, Shared, VersionRead
from assay.remote.address import LabPlace
from assay.store import FrozenPlan, KeptEvidence, LocalStore, Look, Session
from assay.verbs.frozen import frozen_plan
from assay.verbs.served import served
from assay.verbs.shelf import Shelf
from assay.verbs.where import open_lab

SHORTEST = 8
"""Characters of a digest that are enough to name one."""


@dataclass(frozen=True, slots=True)
class _Books:
    """Everything that a lab has recorded about readings.

    Attributes:
        plans: Frozen versions by digest, with their content.
        files: Digests of the files that went into each bundle.
    """

    looks: tuple[Look, ...]
    plans: dict[str, tuple[FrozenPlan, Plan]]
    evidence: dict[str, KeptEvidence]
    manifests: dict[str, Any]


@served(READ, dataset="name")
def run(dataset: str, lab: LabPlace | None = None, by: Principal | None = None) -> LooksAt:
    """The looks at a dataset.

    Args:
        dataset: Its name in plans, the digest of a version (or its first characters), or a file of predictions.
        lab: The folder of the lab; by default the nearest from the working folder upwards.

        by: Who asks over HTTP: whoever does names uploaded files alone.

    Raises:
        AssayError: no plan names it and nothing was read on it.
    """
    with open_lab(lab) as store, store.snapshot() as session:
        books = _books(store, session)
        names, digests = _asked(books, dataset, by is None or Path(dataset).is_absolute())
        datasets = list(dict.fromkeys(look.dataset for look in books.looks if _is_asked(books, look, names, digests)))
        known = _overlaps(books, Shelf(store.folder), datasets)
    versions = tuple(_version(books, digest, *known[digest]) for digest in datasets)
    plans = [pair for pair in books.plans.values() if pair[1].data.name in names]
    ahead, unread = _ahead(books, plans)
    told = names | {books.plans[x.plan][1].data.name for x in books.looks if x.dataset in datasets}
    return LooksAt(dataset, tuple(sorted(told)), versions, ahead, unread)


def _books(store: LocalStore, session: Session) -> _Books:
    plans = {p.digest: (p, frozen_plan(store, p)) for p in session.plans.all()}
    evidence = {e.id: e for e in session.evidence.all()}
    looks = sorted(
        (look for digest in plans for look in session.looks.of_plan(digest)), key=lambda x: (x.read_at, x.candidate)
    )
    held = {look.evidence for look in looks if look.evidence in evidence}
    manifests = {name: json.loads(store.blobs.read(evidence[name].manifest)) for name in sorted(held)}
    return _Books(tuple(looks), plans, evidence, manifests)


def _asked(books: _Books, dataset: str, files: bool) -> tuple[set[str], set[str]]:
    """Names in plans and digests of versions that were asked for."""
    names = {plan.data.name for _, plan in books.plans.values()}
    if dataset in names:
        return {dataset}, set()
    digests = {look.dataset for look in books.looks}
    bare = dataset.removeprefix("sha256:")
    named = {d for d in digests if len(bare) >= SHORTEST and d.removeprefix("sha256:").startswith(bare)}
    if len(named) > 1:
        raise LookError(
            f"{dataset} begins {len(named)} digests",
            rule="a digest is named by enough of its characters",
            fix=f"assay looks {sorted(named)[0]}",
        )
    path = Path(dataset)
    if files and not named and path.is_file():
        return set(), _of_file(books, path)
    if not named:
        raise _unknown(dataset, names, digests)
    return set(), named


def _of_file(books: _Books, path: Path) -> set[str]:
    """The versions that a file of predictions was read in, by its content."""
    found = digest_file(path)
    read = {name for name, held in books.manifests.items() if any(i["digest"] == found for i in held["inputs"])}
    digests = {look.dataset for look in books.looks if look.evidence in read}
    if not digests:
        raise InputError(
            "no look was taken at this file",
            rule="a file is known by its content, as it was when it was judged",
            fix="name the data as in the plan: assay looks NAME",
            where=str(path),
        )
    return digests


def _unknown(dataset: str, names: set[str], digests: set[str]) -> LookError:
    near = difflib.get_close_matches(dataset, sorted(names), n=3, cutoff=0.4) or sorted(names)[:3]
    said = f"the nearest names are {', '.join(near)}" if near else "no plan is frozen in this lab"
    return LookError(
        f"no plan names the data {dataset!r}, nothing was read on such a digest, and there is no such file",
        rule="a dataset is its name in plans, the digest of a version, or a file of predictions",
        fix=f"{said}; assay looks {near[0]}" if near else f"{said}: assay plan freeze PLAN",
    )


def _is_asked(books: _Books, look: Look, names: set[str], digests: set[str]) -> bool:
    return look.dataset in digests or books.plans[look.plan][1].data.name in names


def _overlaps(books: _Books, shelf: Shelf, datasets: Sequence[str]) -> dict[str, tuple[tuple[Shared, ...], int]]:
    """For each version the others that have rows of it, and how many others have no rows at hand."""
    every = list(dict.fromkeys(look.dataset for look in books.looks))
    if len(every) < 2:
        return dict.fromkeys(datasets, ((), 0))
    with DuckEngine() as engine:
        paths = {digest: _kept_scores(books, shelf, digest) for digest in every}
        tables = {digest: engine.scan(path, ".parquet") for digest, path in paths.items() if path is not None}
        return {digest: (_shared(engine, books, tables, digest), len(every) - len(tables)) for digest in datasets}


def _kept_scores(books: _Books, shelf: Shelf, digest: str) -> Path | None:
    """The rows of a version as some reading of it has kept them; None where none has them any more."""
    for look in books.looks:
        kept = books.evidence.get(look.evidence)
        if look.dataset == digest and kept is not None and kept.folder:
            path = shelf.lab / kept.folder / SCORES
            if path.is_file():
                return path
    return None


def _shared(engine: Engine, books: _Books, tables: Mapping[str, Table], digest: str) -> tuple[Shared, ...]:
    own, found = set(_names(books, digest)), []
    for other, table in tables.items():
        both = common(engine, tables[digest], table) if other != digest and digest in tables else None
        if both is not None and both.rows:
            names = _names(books, other)
            found.append(Shared(other, names, both.rows, both.changed, not own.isdisjoint(names)))
    return tuple(found)


def _names(books: _Books, digest: str) -> tuple[str, ...]:
    """What plans that read a version call its data."""
    return tuple(sorted({books.plans[look.plan][1].data.name for look in books.looks if look.dataset == digest}))


def _version(books: _Books, dataset: str, shared: tuple[Shared, ...], unseen: int) -> VersionRead:
    mine = [look for look in books.looks if look.dataset == dataset]
    counted = {dataset, *(s.dataset for s in shared if s.counted)}
    read = [look for look in books.looks if look.dataset in counted]
    tests = {(x.plan, x.candidate, x.scores): books.plans[x.plan][1].reuse.candidates for x in read}
    spent = sum((Fraction(1, max(1, m)) for m in tests.values()), Fraction(0))
    by_evidence: dict[str, list[Look]] = {}
    for look in mine:
        by_evidence.setdefault(look.evidence, []).append(look)
    looks = tuple(_taken(books, dataset, evidence, read) for evidence, read in by_evidence.items())
    ends = {x.evidence: x.plan for x in read if x.evidence in books.evidence}
    adopted = next(
        (
            ", ".join(c.name for c in books.plans[plan][1].candidates)
            for evidence, plan in ends.items()
            if books.evidence[evidence].recommendation == "adopt"
        ),
        "",
    )
    units = int(books.manifests[mine[0].evidence]["aligned"]["units"]) if mine[0].evidence in books.manifests else 0
    return VersionRead(dataset, mine[0].lineage, units, looks, float(min(spent, Fraction(1))), adopted, shared, unseen)


def _taken(books: _Books, dataset: str, evidence: str, read: Sequence[Look]) -> LookTaken:
    frozen, plan = books.plans[read[0].plan]
    kept = books.evidence.get(evidence)
    look = books.manifests[evidence]["look"]["look"] if evidence in books.manifests else 1
    return LookTaken(
        plan=frozen.name,
        version=frozen.version,
        digest=frozen.digest,
        owner=plan.owner,
        by=read[0].read_by,
        at=read[0].read_at,
        candidates=tuple(c.name for c in plan.candidates),
        look=int(look),
        planned=plan.looks.planned,
        allowed=plan.reuse.candidates,
        release=plan.reuse.release,
        recommendation=kept.recommendation if kept is not None else "",
        evidence=evidence,
        scores=tuple(x.scores for x in read),
    )


def _ahead(books: _Books, plans: Sequence[tuple[FrozenPlan, Plan]]) -> tuple[tuple[LookAhead, ...], tuple[str, ...]]:
    """Planned looks that remain, and plans that have read nothing; of each plan its latest version."""
    latest: dict[str, tuple[FrozenPlan, Plan]] = {}
    for frozen, plan in plans:
        if frozen.name not in latest or frozen.version > latest[frozen.name][0].version:
            latest[frozen.name] = (frozen, plan)
    ahead: list[LookAhead] = []
    unread = []
    for name, (_, plan) in sorted(latest.items()):
        versions = {d for d, (frozen, _) in books.plans.items() if frozen.name == name}
        taken = [look for look in books.looks if look.plan in versions]
        ends = {books.evidence[x.evidence].recommendation for x in taken if x.evidence in books.evidence}
        if not taken:
            unread.append(name)
        if ends & {"adopt", "stop", "iterate"}:
            continue
        ahead += _remaining(plan, len({look.dataset for look in taken}))
    return tuple(ahead), tuple(unread)


def _remaining(plan: Plan, taken: int) -> list[LookAhead]:
    looks = plan.looks
    if looks.any_number:
        return [LookAhead(plan.name, plan.owner, taken + 1, None)]
    at: list[int | None] = list(looks.at) or [
        round(looks.units * k / looks.planned) if looks.units else None for k in range(1, looks.planned + 1)
    ]
    return [LookAhead(plan.name, plan.owner, k + 1, at[k]) for k in range(taken, looks.planned)]
