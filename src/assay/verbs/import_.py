"""`import`: runs of another tracker become runs of this lab, counted on both sides."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.flows.imports import MOST_NAMED, import_all
from assay.readers.mlflow import open_source
from assay.records.imports import ForeignStore, Imported
from assay.remote.address import LabPlace, Remote
from assay.runs.folder import RUNS
from assay.runs.summary import summarise
from assay.store import LocalStore
from assay.store.moving import moving
from assay.store.refusals import file_failures
from assay.store.runindex import RunIndex
from assay.verbs.where import open_lab

IMPORTED = "runs.imported"
SYSTEMS = ("mlflow",)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What `assay import` asks for.

    Attributes:
        source: A database, a folder or an address.
        artifacts: A folder with the artifacts, where they do not lie where the source says.
        deleted: Whether deleted runs are taken too.
    """

    source: str
    system: str = "mlflow"
    artifacts: Path | None = None
    deleted: bool = False
    lab: LabPlace | None = None


def run(request: ImportRequest, progress: Progress | None = None) -> Imported:
    """Import; a run that is here is left as it is, one that has grown gets what is new. An event of the ledger says so.

    Raises:
        InputError: a source that is none, or cannot be read on.
        StoreError: no lab, a full disk, or another import under way; runs imported by then are whole and stay.
    """
    if request.system not in SYSTEMS:
        raise InputError(f"the tracker is {request.system!r:.100}", rule=f"it is one of {', '.join(SYSTEMS)}")
    _reachable(request.lab)
    with (
        open_lab(request.lab) as store,
        closing(open_source(request.source, request.artifacts)) as source,
        moving(store.folder),
    ):
        return _imported(store, source, request, progress or Silent())


def _reachable(place: LabPlace | None) -> None:
    """Refuse a served lab: its server fetches nothing that others name, and a source is read where it lies."""
    if isinstance(place, Remote):
        raise InputError(
            f"the lab is served at {place.url}",
            rule="an import writes into a lab's folder",
            fix=f"import into a lab here, then: assay runs send . --lab {place.url}",
        )


def _imported(store: LocalStore, source: ForeignStore, request: ImportRequest, progress: Progress) -> Imported:
    earlier = [e.content() for e in store.entries(1 << 30, kind=IMPORTED)]
    mine = [e for e in earlier if e and e["system"] == request.system and e["source"] == source.where]
    before = mine[-1]["catalogue"] if mine else ""
    runs = store.folder / RUNS
    with file_failures(runs):
        runs.mkdir(exist_ok=True)
        made = import_all(source, request.system, runs, store.blobs, before, request.deleted, progress)
    with RunIndex.open(store.folder) as index:
        known = index.marks()
        index.update(summarise(runs / run) for run in made.runs if run in known)
    if made.runs or made.catalogue != before:
        said = {"system": made.system, "source": made.source, "runs": len(made.runs), "catalogue": made.catalogue}
        more = {"lines": made.lines, "refused": made.refused[:MOST_NAMED], "refusals": len(made.refused)}
        store.append(IMPORTED, {**said, **more})
    return made
