"""`lineage`: from a run or data back to what it came of, and on to what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assay.base.canonical import bare
from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.records.access import READ
from assay.records.lineage import Lineage, Origin, graph
from assay.records.runs import RunEnd, RunStart
from assay.remote.address import LabPlace
from assay.runs.folder import RUNS, read_record, run_folders
from assay.runs.reading import read_contents
from assay.runs.state import open_state
from assay.store import LocalStore
from assay.verbs import data
from assay.verbs.served import served
from assay.verbs.where import existing_lab, open_lab

NOTED, SHORTEST = ("data", "artifact", "predictions"), 8


@served(READ)
def run(name: str, lab: LabPlace | None = None, progress: Progress | None = None) -> Lineage:
    """The part of the lab's graph around one thing.

    Args:
        name: A run's id, the name of data, or the digest of content; of ids and digests a part that only one has.

    Raises:
        InputError: nothing is called so, or several things are.
    """
    whole = every(lab, progress)
    named = [n.id for n in whole.nodes if n.name == name and n.kind in ("data", "file")]
    begin = bare(name)
    begun = [n.id for n in whole.nodes if len(begin) >= SHORTEST and bare(n.id).startswith(begin)]
    if not named and len(begun) != 1:
        raise InputError(
            f"{name!r:.100} names {len(begun) or 'nothing'}" + (" things" if begun else ""),
            rule="lineage is asked of a run, of data by name, or of content by its digest",
            fix="assay runs list, or assay data list",
        )
    return whole.around(named or begun)


@served(READ)
def every(lab: LabPlace | None = None, progress: Progress | None = None) -> Lineage:
    """The graph of the whole lab."""
    watch = progress or Silent()
    names = {v.digest: f"{v.name} version {v.version}" for v in data.listed(lab)}
    names |= {v.digest: v.name for v in data.listed(lab) if v.version == 1}
    with open_lab(lab) as store:
        return graph(dict(_runs(store, watch)), names, dict(_evidence(store)))


@served(READ)
def origins(runs: Mapping[str, Mapping[str, str]], lab: LabPlace | None = None) -> tuple[Origin, ...]:
    """The runs that evidence names, with the data that they read; no other run is looked at.

    Args:
        runs: Model -> seed -> run.
        lab: The folder of the lab; by default the nearest from the working folder upwards.
    """
    root = existing_lab(lab) / RUNS
    known = set(run_folders(root))
    return tuple(_origin(root, known, (model, seed, run)) for model, by in runs.items() for seed, run in by.items())


def _origin(root: Path, known: set[str], named: tuple[str, str, str]) -> Origin:
    run = named[2]
    if run not in known:
        return Origin(*named, "", "gone")
    start, _ = read_record(root / run, RunStart)
    end, _ = read_record(root / run, RunEnd)
    notes = [c for what, c in read_contents(root / run).notes if what == "data" and "digest" in c]
    read = dict.fromkeys((str(c.get("name", "")), str(c["digest"])) for c in notes)
    name = start.name if start is not None else ""
    return Origin(*named, name, end.state if end is not None else open_state(root / run), tuple(read))


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
        runs = [run for by in manifest.get("runs", {}).values() for run in by.values()]
        # The predictions of several runs are read as one table, which has no content of its own.
        stacked = {f"the runs of {model}" for model in manifest.get("runs", {})}
        files = [i["digest"] for i in manifest.get("inputs", []) if i["name"] not in stacked]
        yield one.id, (plans.get(one.plan, ""), [*files, *runs])
