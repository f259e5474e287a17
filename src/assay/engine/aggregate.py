"""The aggregations: counts of patterns, exact sums, centred moments, ordered rows.

Sums are exact: scores are scaled by a power of two to whole numbers of 44 bits and added as 128-bit integers, so that
no order, partitioning or thread count changes them.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any

import duckdb
import numpy as np

from assay.engine.levels import GROUP, Counted, count_groups, covering, roll_up
from assay.engine.sql import name, names
from assay.records.metric import Array, Floats
from assay.records.protocols import By, Cut, MomentsBy, Patterns, Sums, Table

BITS = 44
EXACT_UNITS = 2_000_000


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
            counted = self._cover(table, outcomes, {"n": "count(*)"}, sets, groups, where)
        result: dict[By, Patterns] = {}
        for wanted in sets:
            found = counted[wanted]
            keys, place = roll_up(found, wanted)
            patterns, pattern = roll_up(found, tuple(outcomes))
            shape = (len(keys), max(groups, 1), len(patterns))
            flat = np.ravel_multi_index((place, found.codes[GROUP], pattern), shape) if len(place) else place
            counts = np.bincount(flat, weights=found.values["n"], minlength=math.prod(shape))
            result[wanted] = Patterns(keys, patterns, counts.astype(np.int64).reshape(shape))
        return result

    def sums(self, table: Table, columns: Sequence[str], sets: Sequence[By], groups: int) -> dict[By, Sums]:
        """Rows and exact sums for each set of slice columns, by unit group where `groups` is above 0; NaN spreads."""
        with self.reading(table.source, "table"):
            shifts, spoilt = self._shifts(table, columns)
            measures = {"n": "count(*)"}
            for i, c in enumerate(columns):
                measures[f"v{i}"] = f"sum({self._whole(c, shifts[c], c in spoilt)})"
                if c in spoilt:
                    measures[f"b{i}"] = f"count_if(NOT isfinite({name(c)}))"
            where = " AND ".join(f"{name(c)} IS NOT NULL" for c in columns)
            counted = self._cover(table, {}, measures, sets, groups, where)
        result: dict[By, Sums] = {}
        for wanted in sets:
            found = counted[wanted]
            keys, place = roll_up(found, wanted)
            shape = (len(keys), max(groups, 1))
            flat = np.ravel_multi_index((place, found.codes[GROUP]), shape) if len(place) else place
            n = np.bincount(flat, weights=found.values["n"], minlength=math.prod(shape)).astype(np.int64)
            sums = np.empty((*shape, len(columns)))
            for i, c in enumerate(columns):
                total = np.bincount(flat, weights=found.values[f"v{i}"], minlength=math.prod(shape)) * 2.0 ** -shifts[c]
                if c in spoilt:
                    bad = np.bincount(flat, weights=found.values[f"b{i}"], minlength=math.prod(shape))
                    total[bad > 0] = np.nan
                sums[..., i] = total.reshape(shape)
            result[wanted] = Sums(keys, n.reshape(shape), sums)
        return result

    def moments(self, table: Table, columns: Sequence[str], sets: Sequence[By]) -> dict[By, MomentsBy]:
        """Means and centred co-moments for each set of slice columns, from exact integer sums of products."""
        with self.reading(table.source, "table"):
            shifts, spoilt = self._shifts(table, columns)
            whole = [self._whole(c, shifts[c], c in spoilt) for c in columns]
            pairs = [(i, j) for i in range(len(columns)) for j in range(i, len(columns))]
            measures = ["count(*)", " + ".join(f"count_if(NOT isfinite({name(c)}))" for c in columns)]
            measures.append(f"count_if({name(columns[0])} <> {name(columns[len(columns) // 2])})")
            measures += [f"sum({w})" for w in whole] + [f"sum({whole[i]}::HUGEINT * {whole[j]})" for i, j in pairs]
            where = " AND ".join(f"{name(c)} IS NOT NULL" for c in columns)
            result = {}
            for wanted in sets:
                by = f"{names(wanted)}, " if wanted else ""
                tail = f" GROUP BY {names(wanted)} ORDER BY {names(wanted)}" if wanted else ""
                query = f"SELECT {by}{', '.join(measures)} FROM {table.name} WHERE {where}{tail}"
                found = [row for row in self.connection.execute(query).fetchall() if row[len(wanted)]]
                result[wanted] = _moments(found, len(wanted), [shifts[c] for c in columns], pairs)
        return result

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
        """The rows themselves, in an order that depends on their content alone; missing numbers are masked."""
        query = f"SELECT {names(columns)} FROM {table.name} ORDER BY {names(order)}"
        with self.reading(table.source, "table"):
            return dict(self.connection.execute(query).fetchnumpy())

    def _cover(
        self,
        table: Table,
        outcomes: dict[str, str],
        measures: dict[str, str],
        sets: Sequence[By],
        groups: int,
        where: str = "",
    ) -> dict[By, Counted]:
        sizes = {}
        for c in dict.fromkeys(c for s in sets for c in s):
            query = f"SELECT count(*) FROM (SELECT DISTINCT {name(c)} FROM {table.name})"
            sizes[c] = (self.connection.execute(query).fetchone() or (0,))[0]
        result: dict[By, Counted] = {}
        for whole, covered in covering(sets, sizes, groups).items():
            columns = {**{c: name(c) for c in whole}, **outcomes}
            counted = count_groups(self.connection, table.name, columns, measures, groups, where)
            result.update(dict.fromkeys(covered, counted))
        return result

    def _shifts(self, table: Table, columns: Sequence[str]) -> tuple[dict[str, int], set[str]]:
        """For each column the power of two that makes its largest value a whole number of at most 44 bits.

        Also the columns that hold values that are not finite.
        """
        parts = []
        for c in map(name, columns):
            parts += [f"max(CASE WHEN isfinite({c}) THEN abs({c}) END)", f"count_if(NOT isfinite({c}))"]
        row = self.connection.execute(f"SELECT {', '.join(parts)} FROM {table.name}").fetchone() or ()
        shifts = {c: BITS - math.frexp(m)[1] if m else 0 for c, m in zip(columns, row[::2], strict=True)}
        return shifts, {c for c, bad in zip(columns, row[1::2], strict=True) if bad}

    @staticmethod
    def _whole(column: str, shift: int, spoilt: bool) -> str:
        c = name(column)
        high, low = shift // 2, shift - shift // 2
        whole = f"round({c} * {2.0**high!r} * {2.0**low!r})::BIGINT"
        return f"(CASE WHEN isfinite({c}) THEN {whole} ELSE 0 END)" if spoilt else whole


def _moments(found: list[tuple[object, ...]], width: int, shifts: list[int], pairs: list[tuple[int, int]]) -> MomentsBy:
    keys = [tuple(row[:width]) for row in found]
    size = len(shifts)
    n, nonzero = np.zeros(len(found), dtype=np.int64), np.zeros(len(found), dtype=np.int64)
    mean, comoment = np.full((len(found), size), np.nan), np.full((len(found), size, size), np.nan)
    for g, row in enumerate(found):
        count, bad, differ, *totals = (int(v) for v in row[width:])  # type: ignore[call-overload]
        n[g], nonzero[g] = count, differ
        if not bad:
            # Squares beyond the range of a double leave the slice undefined.
            with contextlib.suppress(OverflowError):
                mean[g], comoment[g] = _centred(count, totals[:size], totals[size:], shifts, pairs)
    return MomentsBy(keys, n, mean, comoment, nonzero)


def _centred(
    n: int, sums: list[int], products: list[int], shifts: list[int], pairs: list[tuple[int, int]]
) -> tuple[Floats, Floats]:
    """Means and co-moments from integer sums: the subtraction that would cancel is done exactly."""
    mean = np.array([float(Fraction(s, n) * Fraction(2) ** -k) for s, k in zip(sums, shifts, strict=True)])
    comoment = np.empty((len(sums), len(sums)))
    for (i, j), p in zip(pairs, products, strict=True):
        exact = Fraction(n * p - sums[i] * sums[j], n) * Fraction(2) ** -(shifts[i] + shifts[j])
        comoment[i, j] = comoment[j, i] = float(exact)
    return mean, comoment
