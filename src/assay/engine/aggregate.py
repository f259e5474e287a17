"""The aggregations: counts of patterns, centred moments, units, ordered rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import duckdb
import numpy as np

from assay.engine.levels import FINEST, GROUP, Counted, combine, count_groups, covering, placed, roll_up
from assay.engine.moments import Asked, moments_by
from assay.engine.sql import name, names
from assay.engine.whole import BITS, scaled
from assay.records.metric import Array, Ints
from assay.records.protocols import By, Cut, MomentsBy, Patterns, Table

EXACT_UNITS = 2_000_000
FIRST = 1 << 16
"""Rows from which the number of values of a slice column is guessed."""


class Aggregating:
    """Operations that turn a table into cells."""

    connection: duckdb.DuckDBPyConnection
    fresh: Callable[[str], str]
    reading: Callable[[str, str], AbstractContextManager[None]]

    def patterns(
        self, table: Table, columns: Sequence[Cut], sets: Sequence[By], groups: int, complete: By = ()
    ) -> dict[By, Patterns]:
        """Counts of outcome patterns for each set of slice columns, by unit group where `groups` is above 0.

        Rows in which a column of `complete` is missing are left out.
        """
        outcomes = {
            f"o{i}": name(c.column) if c.threshold is None else f"({name(c.column)} >= {c.threshold!r})::TINYINT"
            for i, c in enumerate(columns)
        }
        with self.reading(table.source, "table"):
            where = " AND ".join(f"{name(c)} IS NOT NULL" for c in complete)
            covers, counted = self._counted(table, outcomes, sets, groups, where)
        result: dict[By, Patterns] = {}
        for (whole, answers), found in zip(covers.items(), counted, strict=True):
            combined, place = combine(found, whole)
            patterns, pattern = roll_up(found, tuple(outcomes))
            shape = (len(combined.codes[GROUP]), max(groups, 1), len(patterns))
            flat = np.ravel_multi_index((place, found.codes[GROUP], pattern), shape) if len(place) else place
            counts = np.bincount(flat, weights=found.rows, minlength=math.prod(shape))
            every = counts.astype(np.int64).reshape(shape)
            for wanted in answers:
                keys, where_to = roll_up(combined, wanted)
                result[wanted] = Patterns(keys, patterns, _added(every, where_to, len(keys)))
        return {wanted: result[wanted] for wanted in sets}

    def _counted(
        self, table: Table, outcomes: dict[str, str], sets: Sequence[By], groups: int, where: str
    ) -> tuple[dict[By, list[By]], list[Counted]]:
        """The group-bys that answer all sets, and their counts.

        How many values a slice column has is guessed from the first rows; a cross that turns out too fine is left.
        With groups of units every value is looked up anyway.
        """
        columns = {c: name(c) for s in sets for c in s} | outcomes
        places = placed(self.connection, table.name, columns) if groups else None
        for rows in (None,) if groups else (FIRST, None):
            sizes = {c: len(p.levels) for c, p in places.items()} if places else self.sizes(table, sets, rows)
            covers = covering(sets, sizes, groups)
            crosses = [{c: columns[c] for c in (*whole, *outcomes)} for whole in covers]
            most = None if rows is None else FINEST
            counted = count_groups(self.connection, table.name, crosses, groups, where, places, most)
            if counted is not None:
                break
        return covers, counted or []

    def moments(self, table: Table, columns: Sequence[str], sets: Sequence[By]) -> dict[By, MomentsBy]:
        """Means, centred co-moments and skewness for each set of slice columns, from exact sums."""
        with self.reading(table.source, "table"):
            made = scaled(self.connection, table.name, columns, BITS)
            asked = Asked(self.connection, table.name, list(made.values()))
            return {wanted: moments_by(asked, wanted) for wanted in sets}

    def units(self, table: Table, unit: By, sets: Sequence[By]) -> dict[By, dict[tuple[Any, ...], int]]:
        """Distinct units for each set of slice columns; beyond two million rows to about 2 % (HyperLogLog)."""
        with self.reading(table.source, "table"):
            total = (self.connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() or (0,))[0]
            u = name(unit[0]) if len(unit) == 1 else f"concat_ws(chr(31), {names(unit)})"
            count = f"count(DISTINCT {u})" if total <= EXACT_UNITS else f"approx_count_distinct({u})"
            columns = list(dict.fromkeys(c for s in sets for c in s))
            by = ", ".join(f"({names(s)})" for s in sets) or "()"
            level = f"grouping({names(columns)}), {names(columns)}" if columns else "0"
            query = f"SELECT {level}, {count} FROM {table.name} GROUP BY GROUPING SETS ({by})"
            found = self.connection.execute(query).fetchall()
        result: dict[By, dict[tuple[Any, ...], int]] = {}
        for wanted in sets:
            left_out = sum(1 << (len(columns) - 1 - i) for i, c in enumerate(columns) if c not in wanted)
            places = [1 + columns.index(c) for c in wanted]
            result[wanted] = {tuple(r[p] for p in places): int(r[-1]) for r in found if r[0] == left_out}
        return result

    def rows(self, table: Table, columns: Sequence[str], order: Sequence[str]) -> dict[str, Array]:
        """The rows themselves, in an order of their content; missing numbers are masked. No columns, no order."""
        tail = f" ORDER BY {names(order)}" if order else ""
        query = f"SELECT {names(columns)} FROM {table.name}{tail}"
        with self.reading(table.source, "table"):
            return dict(self.connection.execute(query).fetchnumpy())

    def sizes(self, table: Table, sets: Sequence[By], rows: int | None = None) -> dict[str, int]:
        """How many values each slice column has, in the first rows or in all."""
        found = {}
        for c in dict.fromkeys(c for s in sets for c in s):
            first = "" if rows is None else f" LIMIT {rows}"
            query = f"SELECT count(*) FROM (SELECT DISTINCT {name(c)} FROM (SELECT {name(c)} FROM {table.name}{first}))"
            found[c] = (self.connection.execute(query).fetchone() or (0,))[0]
        return found


def _added(parts: Ints, place: Ints, size: int) -> Ints:
    """Sums [size, ...] of the parts [n, ...] that belong to the same place."""
    if size == len(parts):
        return parts[np.argsort(place)]
    result = np.zeros((size, *parts.shape[1:]), dtype=np.int64)
    for part, to in zip(parts, place, strict=True):
        result[to] += part
    return result
