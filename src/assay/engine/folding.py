"""Rows of one key become one row: pieces that hold whole keys, whatever the order of the rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from assay.engine.sql import literal, name, names
from assay.records.metric import Array
from assay.records.protocols import By, Table

PIECE = 1 << 20
"""Rows of a piece, about."""
WORKERS = 2
Values = Callable[[dict[str, Array]], dict[str, Array]]


class Folding:
    """Operations on groups of rows."""

    connection: duckdb.DuckDBPyConnection
    fresh: Callable[[str], str]
    describe: Callable[[str, str], Table]
    reading: Callable[[str, str], AbstractContextManager[None]]
    origins: dict[str, tuple[Path, Mapping[str, str]]]

    def fold(self, table: Table, key: str, values: Values, reads: By, texts: By) -> Table:
        """A table of what a function makes of pieces that hold all rows of every key that is in them.

        Args:
            table: The rows.
            key: The column that has no missing values.
            values: Columns of a piece -> columns of the result; several threads call it.
            reads: The columns that it needs.
            texts: Columns of the result that hold text; others have the type that they have in the table.
        """
        relation = self.fresh("folded")
        with self.reading(table.source, "table"), ThreadPoolExecutor(WORKERS) as pool:
            source, bounds = self._pieces(table, key, reads)
            waiting: deque[Future[dict[str, Array]]] = deque()
            made = False
            for where in _ranges(key, bounds):
                if len(waiting) == WORKERS:
                    made = self._take(relation, table, waiting.popleft().result(), texts, made)
                query = f"SELECT {names(reads)} FROM {source} WHERE {where}"
                piece = dict(self.connection.execute(query).fetchnumpy())
                if len(piece[key]):
                    # The next piece is read while these are folded.
                    waiting.append(pool.submit(values, piece))
            for left in waiting:
                made = self._take(relation, table, left.result(), texts, made)
            if source != table.name:
                self.connection.execute(f"DROP TABLE {source}")
        return self.describe(relation, table.source)

    def _take(self, relation: str, table: Table, rows: dict[str, Array], texts: By, made: bool) -> bool:
        if not made:
            types = {r[0]: str(r[1]) for r in self.connection.execute(f"DESCRIBE {table.name}").fetchall()}
            columns = [f"{name(c)} {'VARCHAR' if c in texts else types[c]}" for c in rows]
            self.connection.execute(f"CREATE TEMP TABLE {relation} ({', '.join(columns)})")
        self.connection.register("folded_py", rows)
        self.connection.execute(f"INSERT INTO {relation} SELECT {names(rows)} FROM folded_py")
        self.connection.unregister("folded_py")
        return True

    def _pieces(self, table: Table, key: str, reads: By) -> tuple[str, list[object]]:
        """A relation to read, and the keys that end its pieces, ascending; the last piece has no end.

        Any keys make whole pieces. They are chosen so that a piece is a stretch of the file, which is read once.
        """
        total = (self.connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() or (0,))[0]
        if total <= 2 * PIECE:
            return table.name, []
        ends = self._ends_in_file(table, key)
        if ends is not None:
            return table.name, ends
        ordered = self.fresh("ordered")
        self.connection.execute(
            f"CREATE TEMP TABLE {ordered} AS SELECT {names(reads)} FROM {table.name} ORDER BY {name(key)}"
        )
        query = f"SELECT {name(key)} FROM {ordered} WHERE rowid % {PIECE} = {PIECE - 1} ORDER BY 1"
        return ordered, list(dict.fromkeys(r[0] for r in self.connection.execute(query).fetchall()))

    def _ends_in_file(self, table: Table, key: str) -> list[object] | None:
        """Keys between row groups of a Parquet file that is ordered by key; None where it is not, or none is known."""
        if table.name not in self.origins or table.columns[key] not in ("integer", "text"):
            return None
        path, columns = self.origins[table.name]
        cast = "::HUGEINT" if table.columns[key] == "integer" else ""
        query = (
            f"SELECT min(stats_min_value{cast}), max(stats_max_value{cast}), any_value(row_group_num_rows)"
            f" FROM parquet_metadata({literal(str(path))}) WHERE path_in_schema = {literal(columns[key])}"
            " GROUP BY row_group_id ORDER BY row_group_id"
        )
        ends: list[object] = []
        rows, before = 0, None
        for least, most, many in self.connection.execute(query).fetchall():
            unordered = least is None or most is None or (before is not None and least < before)
            if unordered or many > 4 * PIECE:
                return None
            before, rows = most, rows + many
            if rows >= PIECE:
                ends.append(most)
                rows = 0
        return list(dict.fromkeys(ends))


def _ranges(key: str, ends: Sequence[object]) -> Iterator[str]:
    """Conditions that every key meets exactly one of."""
    k = name(key)
    for low, high in zip([None, *ends], [*ends, None], strict=True):
        above = [] if low is None else [f"{k} > {literal(low)}"]
        yield " AND ".join([*above, *([] if high is None else [f"{k} <= {literal(high)}"])]) or "TRUE"
