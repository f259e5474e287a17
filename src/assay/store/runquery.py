"""What `runs list` asks for, as SQL: names are bound, and only words that stand here become part of a statement."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assay.base.errors import InputError
from assay.records.runlist import FIELDS, NUMBERS, Column, RunFilter, RunQuery

_FIELDS = {name: name for name in FIELDS}
_VALUES = {"metric": ("metrics", "last"), "min": ("metrics", "low"), "max": ("metrics", "high")}
_NULLABLE = frozenset({"seconds", "seed", "exit_code"})
_KEY = "(SELECT key FROM names WHERE name = ?)"
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Statements with their values; both selects give a run's number and what it is ordered by.

    Attributes:
        count: How many runs fit.
        select: Runs that have what is ordered by, in order; it takes a limit and an offset more.
        having: How many of those there are; with the values of `select`.
        rest: The others, newest first; empty where there are none. It takes a limit and an offset more.
    """

    count: str
    values: Values
    select: str
    select_values: Values
    having: str
    rest: str
    rest_values: Values


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the run of that number, which had that value, and was begun then."""

    value: float | str | None
    run: int
    started: float


@dataclass(frozen=True, slots=True)
class _Order:
    """What runs are ordered by, as SQL: where it stands, and what says that a run has it, or has not."""

    by: str
    table: str
    has: str
    lacks: str
    names: Values


def compiled(query: RunQuery, source: Callable[[str], str], after: Place | None = None) -> Asked:
    """The statements of a query.

    Args:
        query: What is asked for.
        source: Says whether a bare name is a `param` or a `metric`.
        after: The last run of the page before; None for the first page.

    Raises:
        InputError: a value that does not go with its operator or field.
    """
    parts = [_condition(f, source) for f in query.filters]
    where = " AND ".join(p for p, _ in parts) or "TRUE"
    values = tuple(v for _, vs in parts for v in vs)
    order = _order(query.sort, source)
    way, beyond = ("DESC", "<") if query.descending else ("ASC", ">")
    held, held_values = f"FROM {order.table} WHERE {order.has} AND {where}", (*order.names, *values)
    lacking, lacking_values = f"FROM runs WHERE {where} AND {order.lacks}", (*values, *order.names)
    if after is not None and after.value is not None:
        held, held_values = f"{held} AND ({order.by}, run) {beyond} (?, ?)", (*held_values, after.value, after.run)
    elif after is not None:
        # Runs without a value come last: what follows one of them are others.
        held = f"{held} AND FALSE"
        lacking, lacking_values = f"{lacking} AND (started, run) < (?, ?)", (*lacking_values, after.started, after.run)
    return Asked(
        count=f"SELECT count(*) FROM runs WHERE {where}",
        values=values,
        select=f"SELECT run, {order.by} {held} ORDER BY {order.by} {way}, run {way} LIMIT ? OFFSET ?",
        select_values=held_values,
        having=f"SELECT count(*) {held}",
        rest=f"SELECT run, NULL {lacking} ORDER BY started DESC, run DESC LIMIT ? OFFSET ?" if order.lacks else "",
        rest_values=lacking_values,
    )


def _order(sort: Column, source: Callable[[str], str]) -> _Order:
    kind = sort.source or source(sort.name)
    if kind == "field":
        field = _FIELDS[sort.name]
        if sort.name in _NULLABLE:
            return _Order(field, "runs", f"{field} IS NOT NULL", f"{field} IS NULL", ())
        return _Order(field, "runs", "TRUE", "", ())
    table, column = _VALUES.get(kind, ("params", "number"))
    known = f"key = {_KEY} AND {column} IS NOT NULL"
    lacks = f"run NOT IN (SELECT run FROM {table} WHERE {known})"
    return _Order(f"t.{column}", f"{table} AS t JOIN runs USING (run)", f"t.{known}", lacks, (sort.name,))


def _condition(asked: RunFilter, source: Callable[[str], str]) -> tuple[str, Values]:
    column, operator = asked.column, asked.operator
    kind = column.source or source(column.name)
    if kind == "field":
        return _field(column, operator, asked.value)
    number = _number(asked.value)
    table, name = _VALUES.get(kind, ("params", "number"))
    if kind == "param" and (operator == "~" or number is None):
        return _text(column, operator, asked.value)
    if number is None or operator == "~":
        raise InputError(
            f"{column.name} {operator} {asked.value!r:.100}",
            rule="a metric is compared with a number",
            fix=f"--where '{column.name}>0.5'",
        )
    if operator == "!=":
        inner = f"SELECT run FROM {table} WHERE key = {_KEY} AND {name} = ?"
        return f"run NOT IN ({inner})", (column.name, number)
    return f"run IN (SELECT run FROM {table} WHERE key = {_KEY} AND {name} {operator} ?)", (column.name, number)


def _field(column: Column, operator: str, value: str) -> tuple[str, Values]:
    field = _FIELDS[column.name]
    if operator == "~":
        return f"instr(lower(CAST({field} AS TEXT)), lower(?)) > 0", (value,)
    if column.name not in NUMBERS:
        return f"{field} {operator} ?", (value,)
    number = _number(value)
    if number is None:
        raise InputError(
            f"{column.name} {operator} {value!r:.100}", rule=f"{column.name} is a number", fix="--where 'seed=1'"
        )
    return f"{field} {operator} ?", (number,)


def _text(column: Column, operator: str, value: str) -> tuple[str, Values]:
    """Settings that are no numbers, compared as text; `true`, `false` and `null` are those of JSON."""
    held = f"SELECT run FROM params WHERE key = {_KEY} AND"
    if operator == "~":
        return f"run IN ({held} instr(lower(text), lower(?)) > 0)", (column.name, value)
    plain = value if value in ("true", "false", "null") else json.dumps(value, ensure_ascii=True)
    if operator == "!=":
        return f"run NOT IN ({held} text = ?)", (column.name, plain)
    return f"run IN ({held} text {operator} ?)", (column.name, plain)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
