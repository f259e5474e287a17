"""`lineage`: from a run or data back to what it came of, and on to what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.records.lineage import Lineage, graph
from assay.records.runs import RunStart
from assay.remote.address import LabPlace
from assay.runs.folder import RUNS, read_record, run_folders
from assay.runs.reading import read_contents
from assay.store import LocalStore
from assay.verbs import data
from assay.verbs.where import open_lab

NOTED, SHORTEST = ("data", "artifact", "predictions"), 8


def run(name: str, lab: LabPlace | None = None, progress: Progress | None = None) -> Lineage:
    """The part of the lab's graph around one thing.

    Args:
        name: A run's id, the name of data, or the digest of content; of ids and digests a part that only one has.

    Raises:
        InputError: nothing is called so, or several things are.
    """
    whole = every(lab, progress)
    named = [n.id for n in whole.nodes if n.name == name and n.kind in ("data", "file")]
    bare = name.removeprefix("sha256:")
    begun = [n.id for n in whole.nodes if len(bare) >= SHORTEST and n.id.removeprefix("sha256:").startswith(bare)]
    if not named and len(begun) != 1:
        raise InputError(
            f"{name!r:.100} names {len(begun) or 'nothing'}" + (" things" if begun else ""),
            rule="lineage is asked of a run, of data by name, or of content by its digest",
            fix="assay runs list, or assay data list",
        )
    return whole.around(named or begun)


def every(lab: LabPlace | None = None, progress: Progress | None = None) -> Lineage:
    """The graph of the whole lab."""
    watch = progress or Silent()
    names = {v.digest: f"{v.name} version {v.version}" for v in data.listed(lab)}
    names |= {v.digest: v.name for v in data.listed(lab) if v.version == 1}
    with open_lab(lab) as store:
        return graph(dict(_runs(store, watch)), names, dict(_evidence(store)))


def _runs(store: LocalStore, progress: Progress) -> Iterator[tuple[str, tuple[str, list[tuple[str, Any]]]]]:
    runs = store.folder / RUNS
    found = run_folders(runs)
    progress.step("reading runs", len(found))
    for name in found:
        start, _ = read_record(runs / name, RunStart)
        notes = [(what, c) for what, c in read_contents(runs / name).notes if what in NOTED and "digest" in c]
        yield name, (start.name if start is not None else "", notes)
        progress.advance()


def _evidence(store: LocalStore) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    with store.snapshot() as session:
        plans = {p.digest: f"{p.name} version {p.version}" for p in session.plans.all()}
        kept = session.evidence.all()
    for one in kept:
        manifest = json.loads(store.blobs.read(one.manifest))
        yield one.id, (plans.get(one.plan, ""), [i["digest"] for i in manifest.get("inputs", [])])
