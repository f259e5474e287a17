"""Exact sums by slice and group of units, of columns as they are or of scores that never become a table."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue

import duckdb
import numpy as np

from assay.engine.exact import ExactSums
from assay.engine.levels import Counted, covering, numbered, roll_up
from assay.engine.sql import CHUNK, name, names
from assay.records.metric import Array, Ints
from assay.records.protocols import By, Sums, Table

Values = Callable[[dict[str, Array]], dict[str, Array]]
FEW_PLACES = 1 << 20
"""Sums that are cheap to hold twice."""


@dataclass(frozen=True, slots=True)
class _Cover:
    """A cross of slice columns that answers some of the wanted sets.

    Attributes:
        relation: The table of its slices.
        code: The column of the place of a row's slice among them.
        slices: The slices that occur, as codes of levels.
        size: How many.
        answers: The sets that it answers.
    """

    relation: str
    code: str
    slices: Counted
    size: int
    answers: list[By]


class Summing:
    """Operations that add up what every row scores."""

    connection: duckdb.DuckDBPyConnection
    fresh: Callable[[str], str]
    reading: Callable[[str, str], AbstractContextManager[None]]
    sizes: Callable[[Table, Sequence[By]], dict[str, int]]

    def sums(self, table: Table, columns: Sequence[str], sets: Sequence[By], groups: int) -> dict[By, Sums]:
        """Rows and exact sums for each set of slice columns, by unit group where `groups` is above 0.

        Rows in which a column is missing are left out. A slice is NaN where a score is not finite.
        """
        return self.scored_sums(table, lambda chunk: chunk, tuple(columns), [columns], sets, groups)[0]

    def scored_sums(
        self,
        table: Table,
        values: Values,
        reads: By,
        blocks: Sequence[Sequence[str]],
        sets: Sequence[By],
        groups: int,
    ) -> list[dict[By, Sums]]:
        """The same of columns that a function of chunks of the columns `reads` returns.

        Args:
            table: The rows.
            values: Chunk of columns -> columns, masked where a row is missing.
            reads: The columns that it needs.
            blocks: Columns that leave out the same rows: those in which any of them is missing.
            sets: Sets of slice columns.
            groups: Groups of units, by column `g`; 0 without.
        """
        with self.reading(table.source, "table"):
            covers = self._covers(table, sets, groups)
            kept = [*reads, *(["g"] if groups else [])]
            with self._frozen(table, kept, covers) as frozen:
                totals = _totalled(self._chunks(frozen), values, reads, blocks, covers, groups)
        return [_by_set(covers, [t[b] for t in totals], sets, groups) for b in range(len(blocks))]

    def _covers(self, table: Table, sets: Sequence[By], groups: int) -> list[_Cover]:
        covers = []
        for i, (whole, answers) in enumerate(covering(sets, self.sizes(table, sets), groups).items()):
            query = f"SELECT DISTINCT {names(whole)} FROM {table.name}" if whole else "SELECT 0 AS none"
            order = f"ORDER BY {', '.join(f'{name(c)} NULLS LAST' for c in whole)}" if whole else ""
            relation = self.fresh("slices")
            self.connection.execute(
                f"CREATE TEMP TABLE {relation} AS SELECT *, (row_number() OVER ({order}) - 1)::INTEGER AS code"
                f" FROM ({query})"
            )
            found = self.connection.execute(f"SELECT * FROM {relation} ORDER BY code").fetchnumpy()
            made = {c: numbered(found[c]) for c in whole}
            size = len(found["code"])
            slices = Counted(
                {c: codes for c, (_, codes) in made.items()}, {c: v for c, (v, _) in made.items()}, np.zeros(size, int)
            )
            covers.append(_Cover(relation, f"code{i}", slices, size, answers))
        return covers

    @contextmanager
    def _frozen(self, table: Table, columns: Sequence[str], covers: Sequence[_Cover]) -> Iterator[str]:
        """A copy of some columns and of the places of every row's slices, which can be read piece by piece."""
        relation, source = self.fresh("fixed"), f"{table.name} t"
        for c in covers:
            on = " AND ".join(f"t.{name(k)} IS NOT DISTINCT FROM {c.relation}.{name(k)}" for k in c.slices.levels)
            source += f" JOIN {c.relation} ON {on or 'TRUE'}"
        taken = [*(f"t.{name(c)}" for c in dict.fromkeys(columns)), *(f"{c.relation}.code AS {c.code}" for c in covers)]
        self.connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT {', '.join(taken)} FROM {source}")
        try:
            yield relation
        finally:
            for made in (relation, *(c.relation for c in covers)):
                self.connection.execute(f"DROP TABLE IF EXISTS {made}")

    def _chunks(self, relation: str) -> Iterator[dict[str, Array]]:
        total = (self.connection.execute(f"SELECT count(*) FROM {relation}").fetchone() or (0,))[0]
        for start in range(0, total, CHUNK):
            where = f"WHERE rowid >= {start} AND rowid < {start + CHUNK}"
            yield dict(self.connection.execute(f"SELECT * FROM {relation} {where}").fetchnumpy())


class _Block:
    """Rows and sums of some columns by place, over the rows in which none of them is missing."""

    def __init__(self, size: int, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self.rows = np.zeros(size, dtype=np.int64)
        self.sums = [ExactSums(size) for _ in columns]

    def add(self, place: Ints, rows: Ints, scores: Mapping[str, Array]) -> None:
        """Add a chunk.

        Args:
            place: [n].
            rows: Rows of the chunk by place.
            scores: Columns [n], masked where a row is missing.
        """
        missing = [m for c in self.columns if (m := np.ma.getmask(scores[c])) is not np.ma.nomask]
        if not missing or not np.any(missing):
            self.rows += rows
            for total, column in zip(self.sums, self.columns, strict=True):
                total.add(place, np.ma.getdata(scores[column]))
            return
        kept = ~np.logical_or.reduce(missing)
        self.rows += np.bincount(place[kept], minlength=len(self.rows))
        for total, column in zip(self.sums, self.columns, strict=True):
            total.add(place[kept], np.ma.getdata(scores[column])[kept])

    def include(self, other: _Block) -> None:
        """Add other rows and their sums."""
        self.rows += other.rows
        for mine, more in zip(self.sums, other.sums, strict=True):
            mine.include(more)


Totals = list[list[_Block]]
"""By cover and block."""


def _totalled(
    chunks: Iterator[dict[str, Array]],
    values: Values,
    reads: By,
    blocks: Sequence[Sequence[str]],
    covers: Sequence[_Cover],
    groups: int,
) -> Totals:
    """Score and add up, chunk by chunk: two at a time, each into totals of its own where these are not large."""
    places = sum(c.size for c in covers) * max(groups, 1) * sum(len(columns) for columns in blocks)
    idle: SimpleQueue[Totals] = SimpleQueue()
    each = [_empty(blocks, covers, groups) for _ in range(2 if places <= FEW_PLACES else 1)]
    for totals in each:
        idle.put(totals)

    def work(chunk: dict[str, Array]) -> None:
        scores = values({c: chunk[c] for c in reads})
        mine = idle.get()
        try:
            _add(mine, covers, groups, chunk, scores)
        finally:
            idle.put(mine)

    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(2) as pool:
        for chunk in chunks:
            waiting.append(pool.submit(work, chunk))
            if len(waiting) > 2:
                waiting.popleft().result()
        for last in waiting:
            last.result()
    for more in each[1:]:
        for block, other in zip(itertools.chain(*each[0]), itertools.chain(*more), strict=True):
            block.include(other)
    return each[0]


def _empty(blocks: Sequence[Sequence[str]], covers: Sequence[_Cover], groups: int) -> Totals:
    return [[_Block(c.size * max(groups, 1), columns) for columns in blocks] for c in covers]


def _add(
    totals: Totals,
    covers: Sequence[_Cover],
    groups: int,
    chunk: Mapping[str, Array],
    scores: Mapping[str, Array],
) -> None:
    for blocks, cover in zip(totals, covers, strict=True):
        place = chunk[cover.code].astype(np.intp)
        if groups:
            place = place * groups + chunk["g"]
        rows = np.bincount(place, minlength=cover.size * max(groups, 1))
        for block in blocks:
            block.add(place, rows, scores)


def _by_set(covers: Sequence[_Cover], blocks: Sequence[_Block], sets: Sequence[By], groups: int) -> dict[By, Sums]:
    result, g = {}, max(groups, 1)
    for cover, block in zip(covers, blocks, strict=True):
        for wanted in cover.answers:
            keys, slices = roll_up(cover.slices, wanted) if cover.slices.codes else ([()], np.zeros(1, dtype=np.int64))
            place = (slices[:, None] * g + np.arange(g)).ravel()
            shape = (len(keys), g)
            rows = np.bincount(place, weights=block.rows, minlength=math.prod(shape)).astype(np.int64).reshape(shape)
            sums = [s.rolled_up(place, math.prod(shape)).total().reshape(shape) for s in block.sums]
            held = rows.sum(axis=1) > 0
            shown = [keys[k] for k in np.flatnonzero(held)]
            result[wanted] = Sums(shown, rows[held], np.stack(sums, axis=-1)[held])
    return {wanted: result[wanted] for wanted in sets}
