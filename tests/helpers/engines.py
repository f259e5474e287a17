"""One instance of DuckDB in a process of tests, of which each engine has a database of its own."""

from __future__ import annotations

import itertools
import os
import tempfile
import threading
from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from assay.engine import duck

Connection = duckdb.DuckDBPyConnection


class Shared:
    """Instances by process and threads: threads are set for a whole instance, and no instance outlives a fork."""

    def __init__(self) -> None:
        self._instances: dict[tuple[int, int], Connection] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="assay-tests-", ignore_cleanup_errors=True)
        self._numbers = itertools.count()
        self._renew()
        # A lock that another thread held would stay held in the child.
        os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._lock = threading.Lock()

    def take_place(self, patch: pytest.MonkeyPatch) -> None:
        """Every engine is from here on a database of these."""
        close = duck.DuckEngine.close

        def leave(engine: duck.DuckEngine) -> None:
            with self._lock:
                self._drop(engine.connection)
            close(engine)

        patch.setattr(duck, "connected", self.connected)
        patch.setattr(duck.DuckEngine, "close", leave)

    def connected(self, config: Mapping[str, Any]) -> Connection:
        """A connection to a new database, which has no tables, views or settings of any other."""
        with self._lock:
            made = self._instance(config).cursor()
            name = f"of_engine_{next(self._numbers)}"
            made.execute(f"ATTACH ':memory:' AS {name}")
            made.execute(f"USE {name}")
        return made

    def _instance(self, config: Mapping[str, Any]) -> Connection:
        key = (os.getpid(), int(config["threads"]))
        if key not in self._instances or _is_broken(self._instances[key]):
            self._instances[key] = duckdb.connect(":memory:", config={**config, "temp_directory": self._folder.name})
        return self._instances[key]

    @staticmethod
    def _drop(connection: Connection) -> None:
        try:
            name = (connection.execute("SELECT current_database()").fetchone() or ("",))[0]
        except duckdb.Error:
            # It was closed before.
            return
        connection.execute("USE memory")
        connection.execute(f"DETACH {name}")


def _is_broken(instance: Connection) -> bool:
    """Whether a fatal error, such as a hostile file may bring about, has ended the whole instance."""
    try:
        instance.execute("SELECT 1")
    except duckdb.Error:
        return True
    return False
