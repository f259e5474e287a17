"""`runs`: list, show, compare and diff what was run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import InputError, StoreError
from assay.base.progress import Progress, Silent
from assay.flows.runs import refresh
from assay.records.runlist import RunPage, RunQuery
from assay.records.runs import RunEnd, RunFault, RunStart, State
from assay.records.runview import RunView
from assay.runs.filters import parse_filter, parse_sort
from assay.runs.folder import RUNS, find_run, read_record
from assay.runs.reading import read_contents
from assay.runs.state import open_state
from assay.runs.thin import thin
from assay.store.runindex import RunIndex
from assay.verbs.where import existing_lab

MOST = 10_000


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What `runs list` asks for, as it is written."""

    where: Sequence[str] = ()
    sort: str = "-started"
    limit: int = 20
    offset: int = 0
    lab: Path | None = None


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run's records, its state, and where its folder is."""

    folder: Path
    start: RunStart
    end: RunEnd | None
    state: State
    faults: tuple[RunFault, ...]


def listed(request: ListRequest, progress: Progress | None = None) -> RunPage:
    """The runs that fit, in order, from an index that is brought up to date first.

    Raises:
        InputError: a condition or an order that cannot be read.
    """
    if not 1 <= request.limit <= MOST or request.offset < 0:
        raise InputError(f"{request.limit} runs from {request.offset} on", rule=f"1 to {MOST} runs", fix="--limit 20")
    sort, descending = parse_sort(request.sort)
    query = RunQuery(tuple(map(parse_filter, request.where)), sort, descending, request.limit, request.offset)
    lab = existing_lab(request.lab)
    with RunIndex.open(lab) as index:
        refresh(index, lab, progress or Silent())
        return index.page(query)


def read(run: str, lab: Path | None = None, points: int = 1000) -> RunView:
    """One run with all that its folder holds, series in at most so many points.

    Raises:
        StoreError: as `shown`.
    """
    found = shown(run, lab)
    contents = read_contents(found.folder)
    config = dict(found.start.config)
    for told in contents.of("config"):
        config.update(told)
    return RunView(
        str(found.folder),
        found.start,
        found.end,
        found.state,
        {key: thin(series, points) for key, series in contents.series.items()},
        {key: len(series) for key, series in contents.series.items()},
        config,
        notes=contents.notes,
        others=contents.others,
        faults=(*found.faults, *contents.faults),
    )


def shown(run: str, lab: Path | None = None) -> RunShown:
    """The records of one run.

    Raises:
        StoreError: when there is none of that name, or it has no start that can be read.
    """
    folder = find_run(existing_lab(lab) / RUNS, run)
    start, faults = read_record(folder, RunStart)
    end, more = read_record(folder, RunEnd)
    if start is None:
        raise StoreError(
            f"the run {folder.name} has no start that can be read",
            rule="start.json says what a run is",
            fix="restore it from a backup; `assay runs list` shows what is left",
            where=str(folder),
        )
    state = end.state if end is not None else open_state(folder)
    return RunShown(folder, start, end, state, (*faults, *more))
