"""The index of runs: `.assay/runs.db`, made from the run folders and thrown away when in doubt (`assay reindex`).

It is no part of the lab's truth, so it has neither migrations nor guards: with another schema number it is made anew.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from assay.records.runlist import RunCursor, RunPage, RunQuery, RunRow
from assay.records.runs import SeriesKey, Summary
from assay.store.runquery import Place, compiled

SCHEMA = 1
FILE = "runs.db"
_TABLES = (
    """CREATE TABLE runs (run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, experiment TEXT, state TEXT,
    started REAL, ended REAL, seconds REAL, host TEXT, user TEXT, seed INTEGER, command TEXT, parent TEXT, code TEXT,
    environment TEXT, config TEXT, exit_code INTEGER, faults INTEGER, said TEXT, healthy INTEGER, mark REAL)""",
    "CREATE TABLE names (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE params (run INTEGER, key INTEGER, text TEXT, number REAL, PRIMARY KEY (run, key))
    WITHOUT ROWID""",
    """CREATE TABLE metrics (run INTEGER, key INTEGER, last REAL, low REAL, high REAL, count INTEGER, odd INTEGER,
    rank INTEGER, worker INTEGER, PRIMARY KEY (run, key)) WITHOUT ROWID""",
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT)",
)
_INDICES = (
    "CREATE INDEX runs_started ON runs (started, run)",
    "CREATE INDEX runs_state ON runs (state, started)",
    "CREATE INDEX runs_experiment ON runs (experiment, started)",
    "CREATE INDEX runs_config ON runs (config)",
    "CREATE INDEX params_number ON params (key, number, run)",
    "CREATE INDEX params_text ON params (key, text, run)",
    "CREATE INDEX metrics_last ON metrics (key, last, run)",
)
_RUN_FIELDS = 20
_TEXT = 500


class RunIndex:
    """An open index. `open` finds or makes it; one that is damaged or of another schema is made anew.

    Args:
        connection: To the database.
        fresh: Whether it is empty because it had to be made.
    """

    def __init__(self, connection: sqlite3.Connection, fresh: bool) -> None:
        self._db, self.fresh = connection, fresh
        self._keys: dict[str, int] = {}

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
        found = self._db.execute("SELECT id, state, mark FROM runs WHERE state IN ('running', 'dead')")
        return {i: (state, mark) for i, state, mark in found}

    def fact(self, name: str) -> str:
        """Something kept beside the runs; empty if it is not there."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def update(self, rows: Iterable[RunRow], gone: Iterable[str] = (), **facts: str) -> int:
        """Put runs in, in one transaction; those that are there are replaced. Returns how many."""
        many = 0
        with self._writing():
            for one in gone:
                self._drop(one)
            for row in rows:
                self._drop(row.id)
                self._insert(row)
                many += 1
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
        return many

    def rebuild(self, rows: Iterable[RunRow], **facts: str) -> int:
        """Make everything anew in one transaction.

        Whoever reads meanwhile sees the old index, and so does who comes after a process that was killed on the way.
        """
        many = 0
        with self._writing():
            for table in ("runs", "names", "params", "metrics", "facts"):
                self._db.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _TABLES:
                self._db.execute(statement)
            self._keys = {}
            for row in rows:
                self._insert(row)
                many += 1
            for index in _INDICES:
                self._db.execute(index)
            self._db.execute("ANALYZE")
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
        return many

    def page(self, query: RunQuery) -> RunPage:
        """The runs that fit, in order."""
        asked = compiled(query, self._source, self._place(query))
        total = self._db.execute(asked.count, asked.values).fetchone()[0]
        found = self._db.execute(asked.select, (*asked.select_values, query.limit + 1, query.offset)).fetchall()
        if len(found) <= query.limit and asked.rest:
            seen = self._db.execute(asked.having, asked.select_values).fetchone()[0] if query.offset else 0
            place = (query.limit + 1 - len(found), max(0, query.offset - seen))
            found += self._db.execute(asked.rest, (*asked.rest_values, *place)).fetchall()
        rows = tuple(self._row(run) for run, _ in found[: query.limit])
        more = len(found) > query.limit
        return RunPage(rows, total, query.offset, RunCursor(found[query.limit - 1][1], rows[-1].id) if more else None)

    def _place(self, query: RunQuery) -> Place | None:
        """Where a page begins; a run that is gone or was put in again is passed by its value alone."""
        if query.after is None:
            return None
        found = self._db.execute("SELECT run, started FROM runs WHERE id = ?", (query.after.run,)).fetchone()
        run, started = found or (0 if query.descending else 1 << 62, 0.0)
        return Place(query.after.value, run, started)

    def rows(self, ids: Iterable[str]) -> list[RunRow]:
        """Runs by id; those not known are left out."""
        found = (self._db.execute("SELECT run FROM runs WHERE id = ?", (i,)).fetchone() for i in ids)
        return [self._row(f[0]) for f in found if f]

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _source(self, name: str) -> str:
        """Whether a bare name is a param or a metric; a param where both or neither have it."""
        query = "SELECT 1 FROM metrics WHERE key = (SELECT key FROM names WHERE name = ?) LIMIT 1"
        param = "SELECT 1 FROM params WHERE key = (SELECT key FROM names WHERE name = ?) LIMIT 1"
        if self._db.execute(param, (name,)).fetchone():
            return "param"
        return "metric" if self._db.execute(query, (name,)).fetchone() else "param"

    def _key(self, name: str) -> int:
        if name not in self._keys:
            self._db.execute("INSERT OR IGNORE INTO names (name) VALUES (?)", (name,))
            found = self._db.execute("SELECT key FROM names WHERE name = ?", (name,)).fetchone()
            self._keys[name] = int(found[0])
        return self._keys[name]

    def _drop(self, run: str) -> None:
        found = self._db.execute("SELECT run FROM runs WHERE id = ?", (run,)).fetchone()
        if found:
            for query in ("DELETE FROM params WHERE run = ?", "DELETE FROM metrics WHERE run = ?"):
                self._db.execute(query, found)
            self._db.execute("DELETE FROM runs WHERE run = ?", found)

    def _insert(self, r: RunRow) -> None:
        values = (
            _clean(r.id), _clean(r.name), _clean(r.experiment), r.state, r.started, r.ended, r.seconds, _clean(r.host),
            _clean(r.user), _whole(r.seed), _clean(r.command)[: 4 * _TEXT], r.parent, r.code, r.environment, r.group,
            r.exit_code, len(r.faults), json.dumps(r.faults), int(r.healthy), r.mark,
        )  # fmt: skip
        marks = ", ".join("?" * _RUN_FIELDS)
        run = self._db.execute(f"INSERT INTO runs VALUES (NULL, {marks})", values).lastrowid
        params = [(run, self._key(_clean(n)), *_param(v)) for n, v in r.params.items()]
        self._db.executemany("INSERT OR REPLACE INTO params VALUES (?, ?, ?, ?)", params)
        metrics = [
            (run, self._key(_clean(n)), m.last, m.low, m.high, m.count, m.odd, m.key.rank, m.key.worker)
            for n, m in r.metrics.items()
        ]
        self._db.executemany("INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", metrics)

    def _row(self, run: int) -> RunRow:
        (_, i, name, experiment, state, started, ended, seconds, host, user, seed, command, parent, code, environment,
         group, exit_code, _, said, healthy, mark) = self._db.execute(
            "SELECT * FROM runs WHERE run = ?", (run,)).fetchone()  # fmt: skip
        params = self._db.execute(
            "SELECT name, text FROM params JOIN names USING (key) WHERE run = ? ORDER BY name", (run,)
        )
        return RunRow(
            i, state, started, name, experiment, ended, seconds, host, user, seed, command, parent, code, environment,
            group, exit_code, tuple(json.loads(said)), bool(healthy), {n: json.loads(t) for n, t in params},
            dict(self._metrics(run)), mark,
        )  # fmt: skip

    def _metrics(self, run: int) -> Iterator[tuple[str, Summary]]:
        query = (
            "SELECT name, last, low, high, count, odd, rank, worker FROM metrics JOIN names USING (key) WHERE run = ?"
        )
        for name, last, low, high, count, odd, rank, worker in self._db.execute(query + " ORDER BY name", (run,)):
            key = SeriesKey(name, "scalar", rank, worker)
            yield name, Summary(key, count, math.nan if last is None else last, low, high, odd)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
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


def _param(value: Any) -> tuple[str, float | None]:
    """A setting as JSON text, cut where it is long, and as a number where it is one."""
    if isinstance(value, (bool, int, float)):
        return json.dumps(value), _number(value)
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    if len(text) > _TEXT:
        cut = value if isinstance(value, str) else text
        text = json.dumps(f"{cut[: _TEXT // 4]}… ({len(cut):,} characters)", ensure_ascii=True)
    return text, None


def _number(value: float) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None


def _whole(value: int | None) -> int | None:
    return value if value is not None and -(2**63) <= value < 2**63 else None


def _clean(text: str) -> str:
    """Text that SQLite can hold: no lone surrogates."""
    return text.encode("utf-8", "replace").decode()
