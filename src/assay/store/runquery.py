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
_KEY = "(SELECT key FROM names WHERE name = ?)"
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Statements with their values.

    Attributes:
        select: Rows of the page, in order, of runs that have what is ordered by.
        rest: Rows of the others, newest first; empty where every run has it. It takes a limit and an offset more.
        having: How many have it.
    """

    select: str
    values: Values
    count: str
    count_values: Values
    rest: str = ""
    rest_values: Values = ()
    having: str = ""
    having_values: Values = ()


def compiled(query: RunQuery, source: Callable[[str], str]) -> Asked:
    """The statements of a query.

    Args:
        query: What is asked for.
        source: Says whether a bare name is a `param` or a `metric`.

    Raises:
        InputError: a value that does not go with its operator or field.
    """
    parts = [_condition(f, source) for f in query.filters]
    where = " AND ".join(p for p, _ in parts) or "TRUE"
    values = tuple(v for _, vs in parts for v in vs)
    page = (query.limit, query.offset)
    way = "DESC" if query.descending else "ASC"
    count = f"SELECT count(*) FROM runs WHERE {where}"
    kind = query.sort.source or source(query.sort.name)
    if kind == "field":
        field = _FIELDS[query.sort.name]
        select = f"SELECT run FROM runs WHERE {where} ORDER BY {field} {way}, run {way} LIMIT ? OFFSET ?"
        return Asked(select, (*values, *page), count, values)
    table, column = _VALUES.get(kind, ("params", "number"))
    named = query.sort.name
    if kind == "param":
        column = "number"
    joined = f"FROM {table} AS t JOIN runs USING (run) WHERE t.key = {_KEY} AND t.{column} IS NOT NULL AND {where}"
    rest = (
        f"SELECT run FROM runs WHERE {where} AND run NOT IN"
        f" (SELECT run FROM {table} WHERE key = {_KEY} AND {column} IS NOT NULL) ORDER BY started DESC LIMIT ? OFFSET ?"
    )
    return Asked(
        f"SELECT run {joined} ORDER BY t.{column} {way}, t.run {way} LIMIT ? OFFSET ?",
        (named, *values, *page),
        count,
        values,
        rest,
        (*values, named),
        f"SELECT count(*) {joined}",
        (named, *values),
    )


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
