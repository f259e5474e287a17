"""Which column is what: existence, types that agree between files, and the column of predictions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from assay.base.errors import AlignmentError, InputError
from assay.base.wording import counted
from assay.data.request import AlignRequest, ModelInput
from assay.records.protocols import Engine, Table

_COMPARABLE = {"integer": "number", "boolean": "number", "time": "text"}


def require(table: Table, columns: Iterable[str], role: str, lists: Iterable[str] = ()) -> None:
    """Every column is there; an unknown one is an error that names the nearest. Those of `lists` may hold lists."""
    for column in columns:
        if column not in table.columns:
            near = difflib.get_close_matches(column, table.columns, n=1)
            raise InputError(
                f"has no column {column!r} for {role}",
                rule=f"its columns: {', '.join(list(table.columns)[:30])}",
                fix=f"did you mean {near[0]!r}?" if near else "name one of its columns",
                where=table.source,
            )
        plain(table, column, role, column in lists)


def plain(table: Table, column: str, role: str, lists: bool = False) -> None:
    """A column holds plain values of one type: JSON may mix them, Parquet may nest them.

    Args:
        table: Where it is.
        column: Its name.
        role: What it is for.
        lists: Whether it may hold a list in every row: all metrics that read it take one.
    """
    held = table.columns[column]
    if held == "list" and not lists:
        raise InputError(
            f"the column {column!r} for {role} holds nested or mixed values: a list in every row",
            rule="a metric that is asked for reads one value a row there",
            fix="name another column, or metrics that read lists: crps, topk@1, and those with (from=scores), as in"
            " aurc(from=scores)",
            where=table.source,
        )
    if held == "other":
        raise InputError(
            f"the column {column!r} for {role} holds nested or mixed values",
            rule="a column holds numbers, text, times, or true and false",
            fix="name another column, or convert it",
            where=table.source,
        )


def told_apart(engine: Engine, table: Table, columns: Iterable[str]) -> None:
    """Columns that name rows, units or slices hold no floating point from 2^53 on, where it merges whole numbers.

    Raises:
        AlignmentError: naming the column.
    """
    numbers = [c for c in dict.fromkeys(columns) if table.columns.get(c) == "number"]
    for column, found in engine.profile(table, numbers).items() if numbers else ():
        most = max(abs(found.least or 0.0), abs(found.most or 0.0))
        if most >= 2**53:
            raise AlignmentError(
                f"the column {column!r} holds numbers up to {most:g} in floating point, which rounds them",
                rule="keys, units, slices and seeds are told apart to their last digit",
                fix="save the column as text or as whole numbers",
                where=table.source,
            )


def filled(engine: Engine, table: Table, columns: Iterable[str], rule: str, fix: str, role: str = "column") -> None:
    """There are rows, and a value in every one of them.

    Args:
        engine: Where the table is.
        table: The rows.
        columns: Their names.
        rule: Why no value may be missing.
        fix: What to do.
        role: What the column is, e.g. `key column`.
    """
    for column, found in engine.profile(table, list(columns)).items():
        if found.rows == 0:
            raise InputError("has no rows", rule=rule, fix="check how the file was written", where=table.source)
        if found.missing or found.nan:
            raise AlignmentError(
                f"the {role} {column!r} is empty in {counted(found.missing + found.nan, 'row')}",
                rule=rule,
                fix=fix,
                where=table.source,
            )


def held_somewhere(tables: Sequence[Table], column: str, role: str, lists: bool = False) -> None:
    """A column is in at least one table, and plain wherever it is, or a list where lists are read."""
    if not any(column in t.columns for t in tables):
        require(tables[0], [column], role)
    for table in tables:
        if column in table.columns:
            plain(table, column, role, lists)


def same_kind(tables: Sequence[Table], columns: Iterable[str]) -> None:
    """A column has the same type wherever it occurs, so that equal values compare equal."""
    for column in columns:
        kinds = {t.source: t.columns[column] for t in tables if column in t.columns}
        if len({_COMPARABLE.get(k, k) for k in kinds.values()}) > 1:
            said = ", ".join(f"{k} in {s}" for s, k in kinds.items())
            raise AlignmentError(
                f"the column {column!r} has mixed types: {said}",
                rule="a column that joins or is compared has one type in all files",
                fix="convert it in one of the files",
            )


def score_column(model: ModelInput, request: AlignRequest) -> str:
    """The column of a model's predictions: the one named, or the only one left.

    Raises:
        InputError: when several are left; it is asked for, never guessed.
    """
    if model.score:
        if model.score == request.target:
            raise InputError(
                f"the predictions of {model.name} are the target {request.target!r} itself",
                rule="predictions and truth are two columns",
                fix="--score with the column of predictions",
                where=model.table.source,
            )
        require(model.table, [model.score], f"the predictions of {model.name}", _listed(model.score, request))
        return model.score
    taken = {*request.keys, request.target, request.unit, request.seed, *request.slice_columns, *request.extra}
    left = [c for c in model.table.columns if c not in taken]
    if len(left) == 1:
        plain(model.table, left[0], f"the predictions of {model.name}", "" in request.lists)
        return left[0]
    if not left:
        raise InputError(
            "has no column left for predictions",
            rule="besides id, target, unit and slices a file holds a column of predictions",
            fix="--score COLUMN",
            where=model.table.source,
        )
    raise InputError(
        f"has {len(left)} columns that could hold predictions: {', '.join(left[:12])}",
        rule="the column of predictions is never guessed",
        fix="--score COLUMN",
        where=model.table.source,
    )


def _listed(score: str, request: AlignRequest) -> tuple[str, ...]:
    return (score,) if "" in request.lists else ()
