"""The index of runs: `.assay/runs.db`, made from the run folders and thrown away when in doubt (`assay reindex`).

It is no part of the lab's truth, so it has neither migrations nor guards: with another schema number it is made anew.
What a run says stands in one row; what runs are chosen and ordered by stands in columns (`runcolumns`).
"""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assay.base.errors import InputError
from assay.records.runlist import FIELDS, Column, RunFilter, RunNames, RunPage, RunQuery, RunRow, RunTable, Tallies
from assay.store.runcolumns import (
    NUMBER,
    PIECE,
    Numbers,
    Said,
    Words,
    json_bytes,
    packed_metrics,
    pieces,
    read_numbers,
    read_words,
    tallies,
)
from assay.store.rungroups import gathered
from assay.store.runquery import cursor, found, named

SCHEMA = 3
FILE = "runs.db"
_TABLES = (
    "CREATE TABLE runs (run INTEGER PRIMARY KEY, id TEXT NOT NULL, state TEXT, mark REAL, said BLOB, metrics BLOB)",
    "CREATE TABLE names (key INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (kind, name))",
    "CREATE TABLE pieces (place INTEGER PRIMARY KEY, piece INTEGER NOT NULL, data BLOB NOT NULL)",
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT)",
)
_INDICES = (
    "CREATE UNIQUE INDEX runs_id ON runs (id)",
    "CREATE INDEX runs_open ON runs (id) WHERE state IN ('running', 'dead')",
    "CREATE INDEX pieces_piece ON pieces (piece)",
)
# A piece stands at key * 2^24 + its number, so that those of one column follow one another.
_SHIFT = 24
_WHICH = {"min": 1, "max": 2}
_TEXT = 500
Held = tuple[int, Said, bytes]


class RunIndex:
    """An open index. `open` finds or makes it; one that is damaged or of another schema is made anew.

    Args:
        connection: To the database.
        fresh: Whether it is empty because it had to be made.
    """

    def __init__(self, connection: sqlite3.Connection, fresh: bool) -> None:
        self._db, self.fresh = connection, fresh
        self._keys: dict[tuple[str, str], int] = {}
        self._names: dict[int, str] = {}

    @classmethod
    def open(cls, lab: Path) -> RunIndex:
        """The index of a lab's folder `.assay`; in memory where the lab cannot be written."""
        path = lab / FILE
        for _ in range(2):
            try:
                db = _connect(path)
                if db.execute("PRAGMA user_version").fetchone()[0] == SCHEMA:
                    return cls(db, False)
                if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    _make(db)
                    return cls(db, True)
                db.close()
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:
                pass
            for left in (path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")):
                left.unlink(missing_ok=True)
        db = sqlite3.connect(":memory:", isolation_level=None)
        _make(db)
        return cls(db, True)

    def marks(self) -> dict[str, tuple[str, float]]:
        """Every run that is known: its state and when its folder had last changed."""
        return {i: (state, mark) for i, state, mark in self._db.execute("SELECT id, state, mark FROM runs")}

    def unsettled(self) -> dict[str, tuple[str, float]]:
        """The same of runs that had no end."""
        known = self._db.execute("SELECT id, state, mark FROM runs WHERE state IN ('running', 'dead')")
        return {i: (state, mark) for i, state, mark in known}

    def fact(self, name: str) -> str:
        """Something kept beside the runs; empty if it is not there."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def update(self, rows: Iterable[RunRow], gone: Iterable[str] = (), **facts: str) -> int:
        """Put runs in, in one transaction; those that are there are replaced. Returns how many."""
        many, touched = 0, set()
        with self._writing():
            for run in filter(None, map(self.number_of, gone)):
                self._db.execute("DELETE FROM runs WHERE run = ?", (run,))
                touched.add(run // PIECE)
            for row in rows:
                many += 1
                number = self.number_of(_clean(row.id))
                if self._put(number or self._last() + 1, row, number is not None):
                    touched.add((number or self._last()) // PIECE)
            for piece in sorted(touched):
                self._db.execute("DELETE FROM pieces WHERE piece = ?", (piece,))
                self._columns(piece, self._held(piece))
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
        return many

    def rebuild(self, rows: Iterable[RunRow], **facts: str) -> int:
        """Make everything anew in one transaction.

        Whoever reads meanwhile sees the old index, and so does who comes after a process that was killed on the way.
        """
        many = 0
        with self._writing():
            for table in ("runs", "names", "pieces", "facts"):
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _TABLES:
                self._db.execute(statement)
            self._keys, self._names = {}, {}
            for piece, some in groupby(enumerate(rows, 1), lambda one: one[0] // PIECE):
                made = [(run, *self._packed(row)) for run, row in some]
                values = ((run, said[0], said[3], said[-1], json_bytes(said), m) for run, said, m in made)
                self._db.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", values)
                self._columns(piece, made)
                many += len(made)
            for index in _INDICES:
                self._db.execute(index)
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
        return many

    def page(self, query: RunQuery) -> RunPage:
        """The runs that fit, in order.

        Raises:
            InputError: a condition or an order on a name that no run has.
        """
        with self._reading():
            self._need(f.column for f in query.filters)
            self._need([query.sort])
            page = found(self, query)
            rows = tuple(map(self._row, page.runs))
        return RunPage(rows, page.total, query.offset, cursor(page, rows[-1].id if rows else ""))

    def rows(self, ids: Iterable[str]) -> list[RunRow]:
        """Runs by id; those not known are left out."""
        with self._reading():
            return [self._row(run) for run in map(self.number_of, ids) if run is not None]

    def table(
        self,
        filters: Sequence[RunFilter],
        by: Sequence[Column],
        metrics: Sequence[Column],
        alone: Sequence[RunFilter] = (),
    ) -> RunTable:
        """Runs that fit, in columns, to be compared: see `rungroups`.

        Raises:
            InputError: a condition on a name or a grouping by one that no run has, or a metric that none has.
        """
        with self._reading():
            self._need([*(f.column for f in filters), *by])
            self._need(Column("metric", m.name) for m in metrics)
            return gathered(self, filters, by, metrics, alone)

    def known(self, filters: Sequence[RunFilter]) -> RunNames:
        """Names of settings and metrics, and values of few, with how many of the runs that fit have them.

        Raises:
            InputError: a condition on a name that no run has.
        """
        with self._reading():
            self._need(f.column for f in filters)
            return named(self, filters, self.names("param"), self.names("metric"))

    def numbers(self, kind: str, name: str) -> Numbers:
        """A column of numbers: of a `field` or `param`, or the last (`metric`), `min` or `max` of a series."""
        at = NUMBER + kind if kind in ("field", "param") else "metric"
        return read_numbers(self._pieces(at, name), _WHICH.get(kind, 0))

    def words(self, kind: str, name: str) -> Words:
        """A column of settings (`param`) or of a field that is no time."""
        return read_words(self._pieces(kind, name))

    def source(self, name: str) -> str:
        """Whether a bare name is a param or a metric; a param where both or neither have it."""
        return "metric" if not self._any("param", name) and self._any("metric", name) else "param"

    def names(self, kind: str) -> list[str]:
        """Every name of a `param` or `metric` that a run has."""
        query = """SELECT name FROM names WHERE kind = ?
            AND EXISTS (SELECT 1 FROM pieces WHERE place BETWEEN key << 24 AND (key + 1 << 24) - 1) ORDER BY name"""
        return [str(name) for (name,) in self._db.execute(query, (kind,))]

    def number_of(self, run: str) -> int | None:
        """The number of a run; None where it is not known."""
        row = self._db.execute("SELECT run FROM runs WHERE id = ?", (_clean(run),)).fetchone()
        return int(row[0]) if row else None

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _need(self, columns: Iterable[Column]) -> None:
        """That a run has such a name, where there are runs: a slip of the pen must not look as if none fitted."""
        for column in columns:
            kinds = {"": ("param", "metric"), "param": ("param",)}.get(column.source, ("metric",))
            if column.source == "field" or any(self._any(kind, column.name) for kind in kinds) or not self._last():
                continue
            words = " or ".join({"param": "setting", "metric": "metric"}[kind] for kind in kinds)
            known = [*FIELDS, *(name for kind in kinds for name in self.names(kind))]
            near = difflib.get_close_matches(column.name, known, n=1)
            raise InputError(
                f"no run has the {words} {column.name!r:.100}",
                rule="conditions and orders are on what runs have",
                fix=f"did you mean {near[0]!r}?" if near else "assay runs show RUN names those of a run",
            )

    def _any(self, kind: str, name: str) -> bool:
        key = self._key(kind, name, False)
        query = "SELECT 1 FROM pieces WHERE place BETWEEN ? AND ? LIMIT 1"
        return key > 0 and self._db.execute(query, _reach(key)).fetchone() is not None

    def _pieces(self, kind: str, name: str) -> list[tuple[int, bytes]]:
        query = "SELECT piece, data FROM pieces WHERE place BETWEEN ? AND ? ORDER BY place"
        key = self._key(kind, name, False)
        return self._db.execute(query, _reach(key)).fetchall() if key else []

    def _key(self, kind: str, name: str, make: bool = True) -> int:
        """The number of a name; 0 where it has none and none is made."""
        known = self._keys.get((kind, name))
        if known is None:
            if make:
                self._db.execute("INSERT OR IGNORE INTO names (kind, name) VALUES (?, ?)", (kind, _clean(name)))
            query = "SELECT key FROM names WHERE kind = ? AND name = ?"
            row = self._db.execute(query, (kind, _clean(name))).fetchone()
            if row is None:
                return 0
            known = self._keys[kind, name] = int(row[0])
        return known

    def _name(self, key: int) -> str:
        if key not in self._names:
            self._names[key] = self._db.execute("SELECT name FROM names WHERE key = ?", (key,)).fetchone()[0]
        return self._names[key]

    def _last(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(run), 0) FROM runs").fetchone()[0])

    def _put(self, run: int, row: RunRow, there: bool) -> bool:
        """Keep what a run says; returns whether that is new."""
        said, metrics = self._packed(row)
        content = json_bytes(said)
        if there:
            known = self._db.execute("SELECT said, metrics FROM runs WHERE run = ?", (run,)).fetchone()
            if known == (content, metrics):
                return False
        values = (run, said[0], row.state, row.mark, content, metrics)
        self._db.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", values)
        return True

    def _packed(self, r: RunRow) -> tuple[Said, bytes]:
        params = {_clean(n): _param(v) for n, v in r.params.items()}
        said = [
            _clean(r.id), r.name, r.experiment, r.state, r.started, r.ended, r.seconds, r.host, r.user, r.seed,
            r.command[: 4 * _TEXT], r.parent, r.code, r.environment, r.group, r.exit_code, r.faults, r.healthy,
            params, r.mark,
        ]  # fmt: skip
        return said, packed_metrics({self._key("metric", n): tally for n, tally in r.metrics.rows.items()}.items())

    def _held(self, piece: int) -> list[Held]:
        query = "SELECT run, said, metrics FROM runs WHERE run BETWEEN ? AND ? ORDER BY run"
        known = self._db.execute(query, (piece * PIECE, (piece + 1) * PIECE - 1))
        return [(run, json.loads(said), metrics) for run, said, metrics in known]

    def _columns(self, piece: int, held: list[Held]) -> None:
        """Write the columns of one piece; of faults their number counts."""
        counted = [(run, [*said[:16], len(said[16]), *said[17:]], metrics) for run, said, metrics in held]
        made = [
            ((name if isinstance(name, int) else self._key(kind, name)), data) for kind, name, data in pieces(counted)
        ]
        values = (((key << _SHIFT) + piece, piece, data) for key, data in made)
        self._db.executemany("INSERT INTO pieces VALUES (?, ?, ?)", values)

    def _row(self, run: int) -> RunRow:
        said, metrics = self._db.execute("SELECT said, metrics FROM runs WHERE run = ?", (run,)).fetchone()
        (i, name, experiment, state, started, ended, seconds, host, user, seed, command, parent, code, environment,
         group, exit_code, faults, healthy, params, mark) = json.loads(said)  # fmt: skip
        held = Tallies(dict(sorted((self._name(key), tally) for key, tally in tallies(metrics))))
        return RunRow(
            i, state, started, name, experiment, ended, seconds, host, user, seed, command, parent, code, environment,
            group, exit_code, tuple(faults), healthy, params, held, mark,
        )  # fmt: skip

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._keys, self._names = {}, {}
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One state of the index throughout, though another process may make it anew meanwhile."""
        self._keys, self._names = {}, {}
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        # The index can be made again: it need not survive the death of the machine.
        db.execute("PRAGMA page_size=16384")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA cache_size=-65536")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _make(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        for statement in (*_TABLES, *_INDICES):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={SCHEMA}")
    db.execute("COMMIT")


def _reach(key: int) -> tuple[int, int]:
    return key << _SHIFT, (key + 1 << _SHIFT) - 1


def _param(value: Any) -> Any:
    """A setting as the index keeps it: cut where it is long."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return value if len(text) <= _TEXT else f"{text[: _TEXT // 4]}… ({len(text):,} characters)"


def _clean(text: str) -> str:
    """Text that SQLite can hold: no lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
