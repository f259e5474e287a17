"""`runs`: list, show, compare and diff what was run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.errors import InputError, MissingError, StoreError
from assay.base.progress import Progress, Silent
from assay.flows.runs import refresh
from assay.records.access import READ
from assay.records.runlist import Column, RunFilter, RunGroup, RunNames, RunPage, RunQuery
from assay.records.runs import Logged, RunEnd, RunFault, RunStart, Series, State
from assay.records.runview import Difference, RunView
from assay.remote.address import LabPlace
from assay.runs.filters import parse_column, parse_cursor, parse_filter, parse_group, parse_sort
from assay.runs.folder import RUNS, find_run, read_record
from assay.runs.identity import AGAIN, identify
from assay.runs.reading import Contents, read_contents
from assay.runs.state import open_state
from assay.runs.values import form_of
from assay.store.blobs import Blobs
from assay.store.runindex import RunIndex
from assay.verbs.inputs import check_level
from assay.verbs.reads import enter_runs
from assay.verbs.served import served
from assay.verbs.where import existing_lab

MOST = 10_000
"""Runs in a list at most."""
_EXPERIMENT = Column("field", "experiment")


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What `runs list` asks for, as it is written; `after` is the `next` of the page before."""

    where: Sequence[str] = ()
    sort: str = "-started"
    limit: int = 20
    offset: int = 0
    lab: LabPlace | None = None
    after: str = ""


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """What `runs compare` asks for.

    Attributes:
        metrics: Series by name: their last values, or with `min:` and `max:` before it their extremes.
        by: Settings and fields to group by; all that tells runs apart but their seed where none is given: experiment,
            command and configuration.
    """

    metrics: Sequence[str]
    by: Sequence[str] = ()
    where: Sequence[str] = ()
    level: float = 0.95
    lab: LabPlace | None = None


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run's records, its state, and where its folder is."""

    folder: Path
    start: RunStart
    end: RunEnd | None
    state: State
    faults: tuple[RunFault, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of an image and what they are: `png`, `jpeg`, `gif` or `webp`."""

    form: str
    content: bytes


@served(READ)
def listed(request: ListRequest, progress: Progress | None = None) -> RunPage:
    """The runs that fit, in order, from an index that is brought up to date first.

    Raises:
        InputError: a condition or an order that cannot be read.
    """
    if not 1 <= request.limit <= MOST or request.offset < 0:
        raise InputError(f"{request.limit} runs from {request.offset} on", rule=f"1 to {MOST} runs", fix="--limit 20")
    sort, descending = parse_sort(request.sort)
    after = parse_cursor(request.after, request.sort) if request.after else None
    query = RunQuery(tuple(map(parse_filter, request.where)), sort, descending, request.limit, request.offset, after)
    lab = existing_lab(request.lab)
    with RunIndex.open(lab) as index:
        enter_runs(request.lab, refresh(index, lab, progress or Silent()))
        return index.page(query)


@served(READ)
def read(run: str, lab: LabPlace | None = None, points: int = 1000) -> RunView:
    """One run with all that its folder holds, series in at most so many points.

    Raises:
        StoreError: as `shown`.
    """
    found = shown(run, lab)
    contents = read_contents(found.folder)
    blobs = Blobs(found.folder.parent.parent / "blobs")
    code, lost = _kept(blobs, found.start.code)
    environment, more = _kept(blobs, found.start.environment)
    missing = tuple(RunFault(found.folder.name, "", what) for what in (*lost, *more))
    return RunView(
        str(found.folder),
        found.start,
        found.end,
        found.state,
        {key: series.downsampled(points) for key, series in contents.series.items()},
        {key: len(series) for key, series in contents.series.items()},
        identify(found.start, contents.of("config")).settings,
        code,
        environment,
        contents.notes,
        contents.others,
        (*found.faults, *contents.faults, *missing),
    )


@served(READ)
def series(
    run: str,
    name: str,
    points: int = 1000,
    rank: int | None = None,
    worker: int | None = None,
    lab: LabPlace | None = None,
) -> tuple[Series, int]:
    """One series of a run in at most so many points, every extreme among them, and how many values it has in truth.

    Args:
        rank: Of the process; the first where it is not given.
        worker: Of the data loader; none where it is not given.

    Raises:
        MissingError: when there is no such run or series.
    """
    found = read_contents(shown(run, lab).folder).series
    mine = [k for k in found if k.name == name and rank in (None, k.rank) and worker in (None, k.worker)]
    if not mine:
        known = ", ".join(sorted({k.words() for k in found})[:20])
        raise MissingError(
            f"the run {run!r:.80} has no series {name!r:.100}", rule=f"it has {known or 'none'}", fix="assay runs show"
        )
    whole = found[min(mine, key=lambda k: (k.worker >= 0, k.rank, k.worker))]
    return whole.downsampled(points), len(whole)


@served(READ)
def contents(run: str, lab: LabPlace | None = None) -> Contents:
    """All that was logged into a run.

    Raises:
        MissingError: when there is no such run.
    """
    return read_contents(shown(run, lab).folder)


@served(READ)
def logged(run: str, place: int, lab: LabPlace | None = None) -> Logged:
    """A histogram, table, image or text that a run logged, by its place among them.

    Raises:
        MissingError: the run has not so many.
        StoreError: as `shown`.
    """
    others = read_contents(shown(run, lab).folder).others
    if not 0 <= place < len(others):
        raise MissingError(
            f"the run has logged {len(others)} histograms, tables, images and texts, and no number {place}",
            rule="they are counted from 0",
            fix=f"assay runs show {run}",
        )
    return others[place]


def image(run: str, place: int, lab: LabPlace | None = None) -> Image:
    """An image that a run logged.

    Raises:
        MissingError: there is none at that place, or its file is not what images begin with.
        StoreError: as `shown`.
    """
    found = logged(run, place, lab)
    digest = str(found.content.get("digest", "")) if isinstance(found.content, dict) else ""
    blobs = Blobs(existing_lab(lab) / "blobs")
    content = blobs.read(digest) if found.key.kind == "image" and blobs.has(digest) else b""
    form = form_of(content)
    if not form:
        raise MissingError(
            f"number {place} of the run is no image", rule="PNG, JPEG, GIF or WebP", fix=f"assay runs show {run}"
        )
    return Image(form, content)


@served(READ)
def artifacts(run: str, lab: LabPlace | None = None) -> dict[str, str]:
    """Name -> digest of each file and of all predictions that a run kept.

    Raises:
        MissingError: when there is no such run.
    """
    found = contents(run, lab)
    return {str(a["name"]): str(a["digest"]) for what in ("predictions", "artifact") for a in found.of(what)}


@served(READ)
def chosen(ids: Sequence[str], lab: LabPlace | None = None, progress: Progress | None = None) -> RunPage:
    """Runs by id, in the order that is asked for.

    Raises:
        MissingError: when one is not there.
    """
    folder = existing_lab(lab)
    with RunIndex.open(folder) as index:
        enter_runs(lab, refresh(index, folder, progress or Silent()))
        rows = index.rows(ids)
    lost = sorted(set(ids) - {row.id for row in rows})
    if lost:
        raise MissingError(
            f"there is no run {lost[0]!r:.80}", rule="runs are named by their ids", fix="assay runs list"
        )
    return RunPage(tuple(rows), len(rows))


@served(READ)
def names(where: Sequence[str] = (), lab: LabPlace | None = None, progress: Progress | None = None) -> RunNames:
    """Which settings and metrics the runs that fit have, and the values of settings with few: each with how many runs.

    Raises:
        InputError: a condition that cannot be read.
    """
    folder = existing_lab(lab)
    with RunIndex.open(folder) as index:
        enter_runs(lab, refresh(index, folder, progress or Silent()))
        return index.known([parse_filter(w) for w in where])


@served(READ)
def compared(request: CompareRequest, progress: Progress | None = None) -> tuple[RunGroup, ...]:
    """Runs that differ by their seed alone: the mean of each metric over those that finished, with its interval.

    Runs that fit and are in no mean are counted beside them: those that have not finished, or were made again.

    Raises:
        InputError: a condition that cannot be read, a metric that no run has, or no metric at all.
    """
    from assay.runs.groups import groups

    check_level(request.level)
    if not request.metrics:
        raise InputError("no metric is named", rule="runs are compared on metrics", fix="--metric loss")
    asked, metrics = (
        [parse_filter(condition) for condition in request.where],
        [parse_column(m) for m in request.metrics],
    )
    # A run that was made again is no further one of its configuration; whoever asks for such runs by name gets them.
    alone = () if any(f.column == _EXPERIMENT for f in asked) else (RunFilter(_EXPERIMENT, "!=", AGAIN),)
    lab = existing_lab(request.lab)
    with RunIndex.open(lab) as index:
        enter_runs(request.lab, refresh(index, lab, progress or Silent()))
        table = index.table(asked, list(map(parse_group, request.by)), metrics, alone)
    return groups(table, metrics, request.level, over_seeds=not request.by)


@served(READ)
def diffed(first: str, second: str, lab: LabPlace | None = None) -> tuple[Difference, ...]:
    """How two runs differ: configuration, seed, code, data, environment, command.

    Raises:
        StoreError: as `shown`.
    """
    from assay.runs.differ import differences

    blobs = Blobs(existing_lab(lab) / "blobs")

    def text_of(digest: str) -> str | None:
        try:
            return blobs.read(digest).decode("utf-8", "replace")
        except StoreError:
            return None

    return differences(read(first, lab, 8), read(second, lab, 8), text_of)


def _kept(blobs: Blobs, digest: str) -> tuple[dict[str, Any], list[str]]:
    """What was captured, as plain values, and why it is not there."""
    if not digest:
        return {}, []
    try:
        said = json.loads(blobs.read(digest))
    except (StoreError, ValueError) as error:
        return {}, [str(error)]
    return (said, []) if isinstance(said, dict) else ({}, [f"{digest} is no record of what was captured"])


def kept_code(lab: Path, digest: str) -> dict[str, Any]:
    """What was captured of a code, as plain values; nothing where it is not there."""
    return _kept(Blobs(lab / "blobs"), digest)[0]


@served(READ)
def shown(run: str, lab: LabPlace | None = None) -> RunShown:
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
