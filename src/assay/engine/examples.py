"""Looking at rows: examples of disagreement, and a fingerprint of content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import duckdb

from assay.engine.sql import literal, name, names, shown
from assay.records.protocols import By, Cut, Kind, Right, Table

Row = dict[str, Any]


class Examples:
    """Operations that return single rows or digests."""

    connection: duckdb.DuckDBPyConnection
    reading: Callable[[str, str], AbstractContextManager[None]]

    def fingerprint(self, table: Table, columns: Sequence[str]) -> str:
        """A digest of the rows as a multiset: count and 128-bit sums of the MD5 of each row's text.

        It depends on the values alone: not on order, file format, or whether 1 is stored as integer or double.
        """
        texts = [f"coalesce({_text(c, table.columns[c])}, chr(30))" for c in columns]
        row = f"concat_ws(chr(31), {', '.join(texts)})"
        sums = "count(*), sum(md5_number_lower(t)), sum(md5_number_upper(t))"
        query = f"SELECT {sums} FROM (SELECT {row} AS t FROM {table.name})"
        with self.reading(table.source, "table"):
            found = self.connection.execute(query).fetchone()
        return "sha256:" + hashlib.sha256(repr(found).encode()).hexdigest()

    def extremes(self, table: Table, first: str, second: str, show: By, most: int) -> tuple[list[Row], list[Row]]:
        """The rows in which `second` exceeds `first` the most, and those in which it falls short the most."""
        a, b = name(first), name(second)
        both = []
        for sign in ("-", ""):
            where = f"{a} IS NOT NULL AND {b} IS NOT NULL AND {sign}({b} - {a}) < 0"
            both.append(self._few(table, show, where, f"{sign}({b} - {a}), ", most))
        return both[0], both[1]

    def disagreements(
        self, table: Table, arms: tuple[Cut, Cut], right: Right, show: By, most: int
    ) -> tuple[list[Row], list[Row], int, int]:
        """Rows that only the second gets right and rows that only the first gets right: a few of each, and how many.

        Scores that lie furthest apart come first; then, as labels do, in the order of `show`.
        """
        a, b = (self._right(table, cut, right) for cut in arms)
        asked = self._asked(table, right)
        won, lost = f"NOT {a} AND {b}{asked}", f"{a} AND NOT {b}{asked}"
        first, second = (name(cut.column) for cut in arms)
        scores = all(cut.threshold is not None for cut in arms)
        order = f"abs({second} - {first}) DESC NULLS LAST, " if scores else ""
        with self.reading(table.source, "table"):
            query = f"SELECT count_if({won}), count_if({lost}) FROM {table.name}"
            counts = self.connection.execute(query).fetchone() or (0, 0)
        gained, given = self._few(table, show, won, order, most), self._few(table, show, lost, order, most)
        return gained, given, counts[0], counts[1]

    @staticmethod
    def _right(table: Table, cut: Cut, right: Right) -> str:
        target, said = _text("y", table.columns["y"]), _text(cut.column, table.columns[cut.column])
        if cut.threshold is not None:
            said = f"{name(cut.column)} >= {cut.threshold!r}"
            target = f"({target} = {literal(str(right.positive))})"
        elif right.positive is not None:
            target, said = (f"({text} = {literal(str(right.positive))})" for text in (target, said))
        return f"coalesce(({said}) = ({target}), {'false' if right.absent else 'NULL'})"

    @staticmethod
    def _asked(table: Table, right: Right) -> str:
        if right.among is None:
            return ""
        same = "=" if right.among else "<>"
        return f" AND {_text('y', table.columns['y'])} {same} {literal(str(right.positive))}"

    def _few(self, table: Table, show: By, where: str, order: str, most: int) -> list[Row]:
        columns = ", ".join(shown(c, table.columns[c]) for c in show)
        query = f"SELECT {columns} FROM {table.name} WHERE {where} ORDER BY {order}{names(show)} LIMIT {most}"
        with self.reading(table.source, "table"):
            return [dict(zip(show, r, strict=True)) for r in self.connection.execute(query).fetchall()]


def _text(column: str, kind: Kind) -> str:
    """A value as text: whole numbers to their last digit, as a double would round ids from 2^53 on."""
    c = name(column)
    if kind == "boolean":
        return f"{c}::INTEGER::VARCHAR"
    if kind == "number":
        whole = f"{c} = trunc({c}) AND abs({c}) < {2.0**63!r}"
        return f"CASE WHEN {whole} THEN {c}::BIGINT::VARCHAR ELSE {c}::DOUBLE::VARCHAR END"
    return f"to_json({c})::VARCHAR" if kind == "list" else f"{c}::VARCHAR"
