"""Connections to a lab's SQLite file: durable, checked, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from assay.store.failures import sql_failures

APPLICATION_ID = 0x41535359
BUSY_SECONDS = 30.0
READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"

# `secure_delete` so that an erased payload leaves no bytes; `fullfsync` for macOS, where fsync does not reach the disk.
_PRAGMAS = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA cell_size_check=ON",
    "PRAGMA trusted_schema=OFF",
)


class Database:
    """One SQLite file in WAL mode.

    Args:
        path: The file; it has to exist (`Database.create` makes one).
        busy_seconds: How long to wait for another process's transaction.
    """

    def __init__(self, path: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path, self._busy_seconds = path.absolute(), busy_seconds
        self._engine: Engine = create_engine("sqlite+pysqlite://", creator=self._connect, poolclass=QueuePool)
        event.listen(self._engine, "begin", _begin)

    @classmethod
    def create(cls, path: Path) -> Database:
        """Make a new, empty database that is marked as a lab's."""
        with sql_failures(path):
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
                connection.execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()
        return cls(path)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that commits as a whole or not at all; it holds the write lock from the start.

        Raises:
            StoreError: when another process holds the lock for too long, or the disk or the file fails.
        """
        with self._connection(WRITE) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent snapshot, which does not wait for writers."""
        with self._connection(READ) as connection:
            yield connection

    def flush(self) -> None:
        """Move everything committed from the write-ahead log into the file, synced."""
        with sql_failures(self.path), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if isinstance(raw, sqlite3.Connection):
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _connection(self, begin: str) -> Iterator[Connection]:
        with sql_failures(self.path), self._engine.connect() as connection:
            prepared = connection.execution_options(begin=begin)
            with prepared.begin():
                yield prepared

    def _connect(self) -> sqlite3.Connection:
        # mode=rw, since a missing file is an error, never a new and empty database.
        connection = sqlite3.connect(
            self.path.as_uri() + "?mode=rw",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection


def _begin(connection: Connection) -> None:
    begin = str(connection.get_execution_options()["begin"])
    # A snapshot that writes would take the lock late and could fail at random: it fails always.
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if begin == READ else 'OFF'}")
    connection.exec_driver_sql(begin)
