"""DuckDB in the process: opening files and frames, and one shape for its errors."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from assay.base.errors import AssayError, EngineError, InputError
from assay.engine import aggregate, examples, shape
from assay.engine.sql import kind, literal
from assay.records.protocols import Table

READERS = {
    ".parquet": "read_parquet({path})",
    ".csv": "read_csv({path}, header=true, sample_size=-1, strict_mode=true, nullstr='', parallel=true)",
    ".tsv": "read_csv({path}, header=true, delim='\\t', sample_size=-1, strict_mode=true, nullstr='', parallel=true)",
    ".jsonl": "read_json({path}, format='newline_delimited', sample_size=-1, maximum_depth=1)",
}


class DuckEngine(shape.Shaping, aggregate.Aggregating, examples.Examples):
    """The engine on DuckDB.

    Args:
        threads: Worker threads; None takes the machine's cores. Results do not depend on it.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._spill = tempfile.mkdtemp(prefix="assay-")
        config: dict[str, Any] = {
            "temp_directory": self._spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
            "threads": threads or os.cpu_count() or 1,
        }
        self.connection = duckdb.connect(":memory:", config=config)
        self.connection.execute("SET TimeZone = 'UTC'")
        self._count = 0

    def __enter__(self) -> DuckEngine:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection and remove spilled data."""
        self.connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def fresh(self, stem: str) -> str:
        """A relation name that is not taken."""
        self._count += 1
        return f"{stem}_{self._count}"

    def scan(self, path: Path, form: str) -> Table:
        """Open a file of a form among `READERS`.

        Raises:
            InputError: when the content is not of that form.
        """
        relation = self.fresh("file")
        source = READERS[form].format(path=literal(str(path)))
        what = "VIEW" if form == ".parquet" else "TEMP TABLE"
        with self.reading(path.name, form):
            self.connection.execute(f"CREATE {what} {relation} AS SELECT * FROM {source}")
        return self.describe(relation, path.name)

    def register(self, data: Any, source: str) -> Table:
        """Take pandas, polars or Arrow tables, or a mapping of column names to arrays."""
        relation = self.fresh("frame")
        if type(data).__module__.split(".")[0] == "polars":
            data = {c: data[c].to_numpy() for c in data.columns}
        if isinstance(data, Mapping):
            data = {str(k): _array(v) for k, v in data.items()}
            lengths = {k: len(v) for k, v in data.items()}
            if len(set(lengths.values())) != 1:
                raise InputError(
                    f"columns of unequal length: {lengths}", rule="all columns have one length", where=source
                )
        with self.reading(source, "table"):
            self.connection.register(f"{relation}_py", data)
            self.connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM {relation}_py")
            self.connection.unregister(f"{relation}_py")
        return self.describe(relation, source)

    def describe(self, relation: str, source: str) -> Table:
        """The handle of an existing relation."""
        rows = self.connection.execute(f"DESCRIBE {relation}").fetchall()
        return Table(relation, source, {r[0]: kind(r[1]) for r in rows})

    @contextlib.contextmanager
    def reading(self, where: str, form: str) -> Iterator[None]:
        """Turn DuckDB's errors while reading into one line that names the file."""
        try:
            yield
        except AssayError:
            raise
        except duckdb.OutOfMemoryException as error:
            raise EngineError(
                _first(error), rule="the data has to fit into memory and temporary disk", where=where
            ) from error
        except (duckdb.Error, RuntimeError, ValueError, TypeError, UnicodeError) as error:
            raise InputError(
                f"cannot be read as {form.lstrip('.')}: {_first(error)}",
                rule="the file's content has to be what its ending says",
                fix="check the file, or save it again as Parquet",
                where=where,
            ) from error


def _array(values: Any) -> Any:
    array = np.asarray(values)
    return array if array.dtype.kind in "biufUM" else np.asarray(values, dtype=object)


def _first(error: Exception) -> str:
    """The first sentence of the engine's message."""
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__
