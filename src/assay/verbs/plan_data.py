"""The data that a plan names, looked at before they are read: files, digests, and the columns in their heads."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assay.base.canonical import digest_file
from assay.base.errors import AssayError, MetricError
from assay.data.columns import score_column
from assay.data.request import AlignRequest, ModelInput
from assay.engine import DuckEngine
from assay.flows.compare import with_gaps
from assay.flows.wording import in_plan
from assay.metrics import parse
from assay.readers.files import form_of
from assay.readers.plan_claims import Finding
from assay.readers.plan_draft import Draft
from assay.readers.plan_schema import AblationKeys, DataKeys, ModelKeys
from assay.readers.plan_yaml import Key
from assay.records.metric import Family, Metric
from assay.records.protocols import Table

HEAD = 1000
"""Rows of a text file that are looked at."""
Spec = ModelKeys | AblationKeys


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A column that the plan names: where, what for, and whether every file has to hold it, or one at least."""

    path: Key
    column: str
    role: str
    everywhere: bool = False


def data_findings(draft: Draft, folder: Path) -> list[Finding]:
    """What does not fit between a plan and its files, as far as both are there.

    Files that are not there yet are warnings: a plan may be frozen before its predictions exist.

    Args:
        draft: The plan as far as it can be understood.
        folder: Of the plan: its files are relative to it.
    """
    named: dict[Key, Spec] = {("baseline",): draft.baseline} if draft.baseline else {}
    named |= {**draft.candidates, **draft.ablations}
    # Runs are looked at when they are read: before, they may not have been made.
    specs = {path: spec for path, spec in named.items() if spec.file}
    found: list[Finding] = []
    with DuckEngine() as engine:
        opened: dict[Path, Table | None] = {}
        models: dict[Key, Table] = {}
        for path, spec in specs.items():
            file = folder / spec.file
            if file not in opened:
                opened[file], wrong = _opened(engine, file, spec, path)
                found += wrong
            table = opened[file]
            if table is not None:
                models[path] = table
                found += _digest(file, spec, path)
        if draft.data is not None and models:
            qrels, wrong = _qrels(engine, draft.data, folder)
            found += wrong
            found += _columns(draft, draft.data, models, qrels, complete=len(models) == len(specs))
            found += _scores(draft, draft.data, {p: (specs[p], t) for p, t in models.items()})
    return found


def _qrels(engine: DuckEngine, data: DataKeys, folder: Path) -> tuple[Table | None, list[Finding]]:
    """The table of relevance that a plan names besides its models, if it is there."""
    if not data.qrels:
        return None, []
    place = ("data", "qrels")
    try:
        if not (folder / data.qrels).exists():
            what, fix = f"no file {data.qrels!r} beside the plan", "check the path"
            return None, [Finding(place, what, "files are named relative to the plan's folder", fix)]
        table = engine.peek(folder / data.qrels, form_of(folder / data.qrels), HEAD)
    except AssayError as error:
        return None, [Finding(place, f"{data.qrels} {error.what}", error.rule, error.fix)]
    except (OSError, ValueError) as error:
        return None, [
            Finding(place, f"{data.qrels[:80]!r} cannot be opened: {error}", "it is a file", "check the path")
        ]
    found = digest_file(folder / data.qrels, data.qrels_digest) if data.qrels_digest else ""
    if found == data.qrels_digest:
        return table, []
    what = f"{data.qrels} has the digest {found[:19]}…, the plan says {data.qrels_digest[:19]}…"
    fix = "restore the file, or remove `qrels_digest`: freezing fills it in"
    return table, [Finding(("data", "qrels_digest"), what, "a digest in a plan is that of the file", fix)]


def _opened(engine: DuckEngine, file: Path, spec: Spec, path: Key) -> tuple[Table | None, list[Finding]]:
    place = (*path, "file")
    try:
        if not file.exists():
            return None, [_absent(file, spec, place)]
        table = engine.peek(file, form_of(file), HEAD)
        first = next(iter(table.columns), None)
        empty = first is None or engine.profile(table, [first])[first].rows == 0
    except AssayError as error:
        return None, [Finding(place, f"{spec.file} {error.what}", error.rule, error.fix)]
    except (OSError, ValueError) as error:
        return None, [Finding(place, f"{spec.file[:80]!r} cannot be opened: {error}", "it is a file", "check the path")]
    if empty:
        fix = "check how the file was written"
        return None, [Finding(place, f"{spec.file} has no rows", "a comparison needs rows", fix)]
    return table, []


def _absent(file: Path, spec: Spec, place: Key) -> Finding:
    """A file that is not there: a problem where it looks like a slip of the pen, or its digest is known already."""
    there = [p.name for p in file.parent.iterdir() if p.is_file()] if file.parent.is_dir() else []
    near = difflib.get_close_matches(file.name, there, n=1, cutoff=0.8)
    what = f"the predictions of {spec.name} are not there: no file {spec.file!r} beside the plan"
    rule = "files are named relative to the plan's folder"
    if near:
        return Finding(place, what, rule, f"did you mean {near[0]!r}?")
    if isinstance(spec, ModelKeys) and spec.digest:
        return Finding(place, what, "the plan says the digest of the file", "restore the file, or remove `digest`")
    fix = "check the path; freezing goes ahead without them, and the first reading fixes their digest"
    return Finding(place, what, rule, fix, warning=True)


def _digest(file: Path, spec: Spec, path: Key) -> Iterator[Finding]:
    said = spec.digest if isinstance(spec, ModelKeys) else ""
    found = digest_file(file, said) if said else ""
    if found != said:
        what = f"{spec.file} has the digest {found[:19]}…, the plan says {said[:19]}…"
        fix = "restore the file, or remove `digest`: freezing fills it in"
        yield Finding((*path, "digest"), what, "a digest in a plan is that of the file", fix)


def _columns(
    draft: Draft, data: DataKeys, models: dict[Key, Table], qrels: Table | None, complete: bool
) -> Iterator[Finding]:
    every = list({t.name: t for t in models.values()}.values())
    for wanted in (*_of_data(data), *_of_claims(draft)):
        tables = [*every, qrels] if qrels is not None and wanted.path[1:] not in (("seed",), ("repeat",)) else every
        lacking = [t for t in tables if wanted.column not in t.columns]
        if lacking and (wanted.everywhere or len(lacking) == len(tables)):
            # A column that one file may hold for all can still come with a file that is not there yet.
            yield _no_column(lacking, wanted, warning=not wanted.everywhere and not complete)


def _no_column(lacking: Sequence[Table], wanted: _Wanted, warning: bool = False) -> Finding:
    columns = list(dict.fromkeys(c for t in lacking for c in t.columns))
    near = difflib.get_close_matches(wanted.column, columns, n=1)
    names = " and ".join(dict.fromkeys(t.source for t in lacking))
    what = f"no column {wanted.column!r} for {wanted.role} in {names}"
    fix = f"did you mean {near[0]!r}?" if near else "name one of its columns"
    return Finding(wanted.path, what, f"columns there: {', '.join(columns[:30])}", fix, warning)


def _of_data(data: DataKeys) -> Iterator[_Wanted]:
    for column in dict.fromkeys(data.id):
        yield _Wanted(("data", "id"), column, "the key", everywhere=True)
    for key, role, everywhere in (
        ("repeat", "the repeat", True),
        ("seed", "the seed", True),
        ("target", "the target", False),
        ("unit", "the unit", False),
        ("query", "the query", True),
        ("time", "the time", False),
    ):
        if getattr(data, key):
            yield _Wanted(("data", key), getattr(data, key), role, everywhere)
    for i, written in enumerate(data.slices):
        for column in _crossed(written):
            yield _Wanted(("data", "slices", i), column, "a slice")


def _of_claims(draft: Draft) -> Iterator[_Wanted]:
    for path, claim in draft.asked.items():
        for column in claim.slice:
            yield _Wanted((*path, "slice", column), column, f"the slice of the claim {claim.name!r}")
    for path, column, by in _metric_columns(draft):
        role = "the groups of its metric" if by else "its metric"
        yield _Wanted((*path, "metric"), column, f"{role} ({draft.asked[path].name})", everywhere=not by)


def _metrics(draft: Draft) -> Iterator[tuple[Key, Metric]]:
    """The metrics that can be read."""
    for path, claim in draft.asked.items():
        with suppress(MetricError):
            yield path, parse(claim.metric)


def _metric_columns(draft: Draft) -> Iterator[tuple[Key, str, bool]]:
    """Columns that metrics name themselves, and whether it is the one that a gap groups by."""
    for path, metric in _metrics(draft):
        if metric.family is Family.GAP:
            yield from ((path, column, True) for column in metric.by)
        for column in filter(None, metric.read_columns):
            yield path, column, False


def _scores(draft: Draft, data: DataKeys, models: dict[Key, tuple[Spec, Table]]) -> Iterator[Finding]:
    """The column of predictions of each model: the one named, or the only one left."""
    metrics = [metric for _, metric in _metrics(draft)]
    slices = (*map(_crossed, data.slices), *(tuple(c.slice) for c in draft.asked.values()))
    wanted = AlignRequest(
        models=(),
        id=tuple(data.id),
        target=data.target,
        unit=data.unit,
        slices=tuple(slices),
        seed=data.seed,
        repeat=data.repeat,
    )
    request = with_gaps(wanted, metrics)
    scored = not metrics or any("" in m.read_columns for m in metrics)
    for path, (spec, table) in models.items():
        if spec.score and spec.score not in table.columns:
            yield _no_column([table], _Wanted((*path, "score"), spec.score, f"the predictions of {spec.name}"))
        elif spec.score or scored:
            try:
                score_column(ModelInput(spec.name, table, spec.score), request)
            except AssayError as error:
                yield Finding((*path, "score"), f"{spec.file} {error.what}", error.rule, in_plan(error.fix))


def _crossed(written: str) -> tuple[str, ...]:
    return tuple(c for part in written.split("*") if (c := part.strip()))
