"""`sync`: what another lab holds comes into this one: runs, files, plans, evidence, looks and the chains of the ledger.

The other lab is only read. First everything that the ledger names is brought over, then the ledger in one transaction,
then runs one by one: whenever the process dies, what is here is whole, and the next sync takes up the rest.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_file
from assay.base.errors import EvidenceError, InputError, StoreError
from assay.base.progress import Progress, Silent
from assay.flows.bundle import FILES, MANIFEST
from assay.records.merges import Merged
from assay.remote.address import LabPlace, Remote
from assay.runs.folder import RUNS, run_folders
from assay.runs.joined import JoinedRun, join_run
from assay.store import KeptEvidence, LocalStore
from assay.store.ledger import EVIDENCE_KEPT, LOOK_READ, PLAN_FROZEN
from assay.store.merging import News, news
from assay.store.moving import moving
from assay.store.other import OtherLab, other_lab
from assay.store.refusals import file_failures
from assay.verbs.shelf import Shelf
from assay.verbs.where import open_lab


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What `assay sync` asks for.

    Attributes:
        other: The folder of the other lab.
        both: Whether the other lab then gets what is here.
    """

    other: LabPlace
    both: bool = False
    lab: LabPlace | None = None


def run(request: SyncRequest, progress: Progress | None = None) -> tuple[Merged, ...]:
    """Merge the other lab into this one; a second time adds nothing.

    Returns:
        What came here; with `both`, then what went there.

    Raises:
        StoreError: either lab is broken, their ledgers contradict each other, or a disk refuses; what has come over
            whole by then stays, and the ledger is as it was.
    """
    other = _folder(request.other)
    _folder(request.lab)
    with open_lab(request.lab) as store:
        here = store.root
        done = _merged(store, other, progress or Silent())
    if not request.both:
        return (done,)
    root = other.parent if other.name == ".assay" else other
    with open_lab(root) as store:
        return done, _merged(store, here, progress or Silent())


def _folder(place: LabPlace | None) -> Path:
    """The folder of a lab; both labs have to lie where this runs.

    Raises:
        InputError: one is served.
    """
    if isinstance(place, Remote):
        raise InputError(
            f"the lab is served at {place.url}",
            rule="labs are merged as folders",
            fix="copy its folder .assay here (rsync) and name the copy, or sync on that machine",
        )
    return place or Path()


def _merged(store: LocalStore, root: Path, progress: Progress) -> Merged:
    with moving(store.folder), other_lab(root) as other:
        if os.path.samefile(other.folder, store.folder):
            raise StoreError(
                "is this lab itself", rule="two labs are merged", fix="name another folder", where=str(root)
            )
        progress.step("checking both ledgers")
        _sound(other.store, other.folder)
        _sound(store, store.folder)
        with other.store.snapshot() as theirs, store.snapshot() as ours:
            new = news(ours.ledger, theirs.ledger)
            evidence = theirs.evidence.all()
        refused: list[str] = []
        many = _blobs(store, other, refused, progress)
        _needed(store, new)
        progress.step("evidence", len(evidence))
        for kept in evidence:
            _bundle(store, other, kept)
            progress.advance()
        with store.transaction() as session:
            # Looked at again under the lock: somebody may have written here meanwhile.
            with other.store.snapshot() as theirs:
                new = news(session.ledger, theirs.ledger)
            session.take(new, str(other.folder.parent))
        joined = list(_runs(store, other, progress))
    refused += [f"run {j.run}: {j.why}" for j in joined if j.state == "refused"]
    return Merged(
        str(other.folder.parent),
        tuple(j.run for j in joined if j.state == "new"),
        tuple(j.run for j in joined if j.state == "grown"),
        sum(j.state == "same" for j in joined),
        many, len(new.entries), new.of(PLAN_FROZEN), new.of(EVIDENCE_KEPT), new.of(LOOK_READ), tuple(refused),
    )  # fmt: skip


def _sound(store: LocalStore, folder: Path) -> None:
    report = store.verify()
    if not report.ok:
        raise StoreError(
            f"the ledger is broken: {report.faults[0].line()}",
            rule="only sound labs are merged",
            fix="assay ledger verify; restore the lab from a backup",
            where=str(folder),
        )


def _blobs(store: LocalStore, other: OtherLab, refused: list[str], progress: Progress) -> int:
    """Bring over every file that is not here; one that is damaged there is named."""
    missing = [d for d in other.blobs.digests() if not store.blobs.has(d)]
    progress.step("files", len(missing))
    many = 0
    for name in missing:
        try:
            store.blobs.put_stream(other.blobs.stream(name))
        except StoreError as error:
            if other.blobs.has(name) and _whole(other, name):
                raise
            refused.append(error.what)
            continue
        many += 1
        progress.advance()
    return many


def _whole(other: OtherLab, name: str) -> bool:
    try:
        other.blobs.check(name)
    except StoreError:
        return False
    return True


def _needed(store: LocalStore, new: News) -> None:
    """Refuse plans and evidence whose content is not there."""
    for entry in new.entries:
        field = {PLAN_FROZEN: "content", EVIDENCE_KEPT: "manifest"}.get(entry.kind)
        blob = (entry.content() or {}).get(field) if field else None
        if blob and not store.blobs.has(blob):
            raise StoreError(
                f"the content of {entry.kind.partition('.')[0]} {blob[:19]}… is missing or damaged in the other lab",
                rule="a record comes with what it names",
                fix="restore the other lab from a backup",
            )


def _bundle(store: LocalStore, other: OtherLab, kept: KeptEvidence) -> None:
    """Bring over a bundle's folder, after each file was compared with the manifest that the record names."""
    if not kept.folder:
        return
    source, target = other.folder / kept.folder, store.folder / kept.folder
    if Path(kept.folder).parts[:1] != ("evidence",) or len(Path(kept.folder).parts) != 2 or ".." in kept.folder:
        raise EvidenceError(f"the evidence lies at {kept.folder!r:.200}", rule="it lies in the folder evidence")
    manifest = json.loads(store.blobs.read(kept.manifest))
    if _is_there(target, manifest):
        return
    shelf = Shelf(store.folder)
    with shelf.draft() as draft:
        for path in sorted(source.iterdir()) if source.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                shutil.copyfile(path, draft / path.name)
        for name in FILES:
            file = draft / name
            if not file.is_file() or digest_file(file, manifest["files"][name]) != manifest["files"][name]:
                raise EvidenceError(
                    f"{name} of the evidence {kept.id[:19]}… is missing or was changed in the other lab",
                    rule="evidence never changes",
                    fix="restore the other lab from a backup",
                    where=str(source),
                )
        with shelf.placing(target.name) as place:
            place(draft)


def _is_there(folder: Path, manifest: Mapping[str, Any]) -> bool:
    try:
        return bool(json.loads(folder.joinpath(MANIFEST).read_bytes()) == manifest)
    except (OSError, ValueError):
        return False


def _runs(store: LocalStore, other: OtherLab, progress: Progress) -> Iterator[JoinedRun]:
    names = run_folders(other.folder / RUNS)
    progress.step("runs", len(names))
    with file_failures(store.folder):
        for name in names:
            yield join_run(other.folder / RUNS / name, store.folder / RUNS / name)
            progress.advance()
