"""DuckDB in the process: opening files and frames, and one shape for its errors."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import numpy as np

from assay.base.errors import AssayError, EngineError, InputError
from assay.engine import aggregate, examples, folding, frames, shape, summing, text, trec
from assay.engine.sql import EXACT, kind, literal, may_exceed_64_bits, name, plain_type
from assay.records.protocols import ColumnProfile, Table


def connected(config: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database in memory."""
    return duckdb.connect(":memory:", config=dict(config))


class DuckEngine(shape.Shaping, folding.Folding, aggregate.Aggregating, summing.Summing, examples.Examples):
    """The engine on DuckDB.

    Args:
        threads: Worker threads; None takes the machine's cores. Results do not depend on it.
    """

    def __init__(self, threads: int | None = None) -> None:
        _keep_freed_memory()
        self._spill = tempfile.mkdtemp(prefix="assay-")
        config: dict[str, Any] = {
            "temp_directory": self._spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
            "threads": threads or os.cpu_count() or 1,
        }
        self.connection = connected(config)
        # Every query binds the files anew; their footers need reading once.
        self.connection.execute("SET parquet_metadata_cache = true")
        self.connection.execute("SET TimeZone = 'UTC'")
        # Whole numbers whose range is below 2^21, such as a million units, are grouped in an array, not a hash table.
        self.connection.execute("SET perfect_ht_threshold = 21")
        self._count = 0
        self.profiles: dict[str, dict[str, ColumnProfile]] = {}
        self.origins: dict[str, tuple[Path, Mapping[str, str]]] = {}
        self._files: dict[str, tuple[Path, str]] = {}

    def __enter__(self) -> DuckEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(value, duckdb.Error):
            with self.reading("the input", "table"):
                raise value

    def close(self) -> None:
        """Close the connection and remove spilled data."""
        self.connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def fresh(self, stem: str) -> str:
        """A relation name that is not taken."""
        self._count += 1
        return f"{stem}_{self._count}"

    def scan(self, path: Path, form: str) -> Table:
        """Open a file of the form `.parquet`, `.csv`, `.tsv`, `.jsonl` or `.trec`.

        Raises:
            InputError: when the content is not of that form, or repeats a column.
        """
        relation = self.fresh("file")
        with self.reading(path.name, form):
            if form == ".parquet":
                self._refuse_repeats(path)
                self.connection.execute(f"CREATE VIEW {relation} AS SELECT * FROM read_parquet({literal(str(path))})")
            elif form == ".trec":
                self._load_trec(relation, path)
            else:
                self._load(relation, path, form)
            relation = self._plain(relation)
        table = self.describe(relation, path.name)
        if form == ".parquet":
            self.origins[table.name] = (path, {c: c for c in table.columns})
        if form in (".csv", ".tsv"):
            self._files[table.name] = (path, form)
        return table

    def as_text(self, table: Table, columns: Sequence[str]) -> Table:
        """The table with columns of whole numbers as text; those of a CSV file as they stand in the file."""
        kinds = ("integer", "boolean", "number") if table.name in self._files else ("integer", "boolean")
        wanted = [c for c in columns if table.columns[c] in kinds]
        if not wanted:
            return table
        relation = self.fresh("text")
        with self.reading(table.source, "table"):
            if table.name in self._files:
                path, form = self._files[table.name]
                self._load(relation, path, form, wanted)
                relation = self._plain(relation)
            else:
                parts = ", ".join(f"{name(c)}::VARCHAR AS {name(c)}" for c in wanted)
                self.connection.execute(f"CREATE VIEW {relation} AS SELECT * REPLACE ({parts}) FROM {table.name}")
        return self.describe(relation, table.source)

    def peek(self, path: Path, form: str, rows: int) -> Table:
        """The columns of a file with its first rows; of text, no more is read, so that types are those of these rows.

        Raises:
            InputError: when these rows are not of that form, or a column is repeated.
        """
        if form == ".parquet":
            return self.scan(path, form)
        relation = self.fresh("head")
        if form == ".trec":
            self._load_trec(relation, path, rows)
            return self.describe(relation, path.name)
        with self.reading(path.name, form):
            source = text.head_source(path, form, rows)
            self.connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM {source} LIMIT {rows}")
        return self.describe(self._plain(relation), path.name)

    def _load_trec(self, relation: str, path: Path, most: int | None = None) -> None:
        # An earlier result of which not all rows were fetched would refuse the registration.
        self.connection.execute("SELECT NULL").fetchall()
        for i, piece in enumerate(trec.pieces(path, most)):
            self.connection.register("trec_py", piece)
            verb = f"INSERT INTO {relation}" if i else f"CREATE TEMP TABLE {relation} AS"
            self.connection.execute(f"{verb} SELECT * FROM trec_py")
            self.connection.unregister("trec_py")

    def _load(self, relation: str, path: Path, form: str, as_text: Sequence[str] = ()) -> None:
        try:
            types = self._json_types(path) if form == ".jsonl" else {}
            source = text.json_source(path, types) if types else text.csv_source(path, form, as_text=as_text)
            self.connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM {source}")
            self._keep_digits(relation, path, form, types, as_text)
        except duckdb.Error as error:
            wrong = text.wrong_line(path, form)
            if not wrong:
                raise
            raise InputError(
                wrong,
                rule="JSON Lines has one object a line, in UTF-8"
                if form == ".jsonl"
                else "every line has a value for each column of the header, in UTF-8",
                fix="mend the line, or save the file again as Parquet",
                where=path.name,
            ) from error

    def _keep_digits(self, relation: str, path: Path, form: str, types: dict[str, str], as_text: Sequence[str]) -> None:
        """Load again, as text, columns of whole numbers that were rounded to floating point."""
        found = self.connection.execute(f"DESCRIBE {relation}").fetchall()
        numbers = [str(r[0]) for r in found if r[1] == "DOUBLE"]
        rounded = [c for c in numbers if self._reaches(relation, c)]
        if not rounded:
            return

        def source(columns: list[str]) -> str:
            if form == ".jsonl":
                return text.json_source(path, types | dict.fromkeys(columns, "VARCHAR"))
            return text.csv_source(path, form, as_text=[*as_text, *columns])

        whole = [f"bool_and(regexp_full_match({name(c)}, '[-+]?[0-9]+'))" for c in rounded]
        row = self.connection.execute(f"SELECT {', '.join(whole)} FROM {source(rounded)}").fetchone() or ()
        columns = [c for c, is_whole in zip(rounded, row, strict=True) if is_whole]
        if columns:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS SELECT * FROM {source(columns)}")

    def _reaches(self, relation: str, column: str) -> bool:
        c = name(column)
        query = f"SELECT max(abs({c})) FILTER (isfinite({c})) >= {EXACT!r} FROM {relation}"
        return bool((self.connection.execute(query).fetchone() or (False,))[0])

    def _json_types(self, path: Path) -> dict[str, str]:
        found = self.connection.execute(f"DESCRIBE SELECT * FROM {text.json_sniffed(path)}").fetchall()
        types = {str(row[0]): str(row[1]) for row in found}
        renamed = [c.rpartition("_")[0] for c in types if c.rpartition("_")[2].isdigit()]
        folded = {c.casefold(): c for c in types}
        for c in renamed:
            text.refuse_repeats(
                [c, folded[c.casefold()]] if c not in types and c.casefold() in folded else [], path.name
            )
        return types

    def _refuse_repeats(self, path: Path) -> None:
        """Refuse Parquet with top-level columns of one name, which the engine would rename."""
        query = f"SELECT name, coalesce(num_children, 0) FROM parquet_schema({literal(str(path))})"
        rows = self.connection.execute(query).fetchall()
        names, place = [], 1
        while place < len(rows):
            names.append(str(rows[place][0]))
            place = _after(rows, place)
        text.refuse_repeats(names, path.name)

    def _plain(self, relation: str) -> str:
        """The relation with decimals as numbers, categories as text, and whole numbers beyond 64 bits as text."""
        types = {r[0]: str(r[1]) for r in self.connection.execute(f"DESCRIBE {relation}").fetchall()}
        casts = {c: to for c, t in types.items() if (to := plain_type(t)) is not None}
        casts |= {c: self._whole_type(relation, c) for c, t in types.items() if may_exceed_64_bits(t)}
        if not casts:
            return relation
        plain = self.fresh("plain")
        parts = ", ".join(f"{name(c)}::{t} AS {name(c)}" for c, t in casts.items())
        self.connection.execute(f"CREATE VIEW {plain} AS SELECT * REPLACE ({parts}) FROM {relation}")
        return plain

    def _whole_type(self, relation: str, column: str) -> str:
        """Text where a value exceeds 64 bits: what is fetched as an array would be rounded, and merge ids."""
        c = name(column)
        query = f"SELECT min({c}) >= {-(2**63)} AND max({c}) < {2**63}::HUGEINT FROM {relation}"
        fits = (self.connection.execute(query).fetchone() or (True,))[0]
        return "BIGINT" if fits is None or fits else "VARCHAR"

    def register(self, data: Any, source: str) -> Table:
        """Take pandas, polars or Arrow tables, or a mapping of column names to arrays."""
        relation = self.fresh("frame")
        with self.reading(source, "a table"):
            data = frames.prepared(data, source)
            # An earlier result of which not all rows were fetched would refuse the registration.
            self.connection.execute("SELECT NULL").fetchall()
            self.connection.register(f"{relation}_py", data)
            self.connection.execute(f"CREATE TEMP TABLE {relation} AS SELECT * FROM {relation}_py")
            self.connection.unregister(f"{relation}_py")
            relation = self._plain(relation)
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
        # A wrong query is a bug, whatever the file holds.
        except (AssayError, duckdb.ParserException, duckdb.CatalogException):
            raise
        except duckdb.OutOfMemoryException as error:
            raise EngineError(
                _first(error), rule="the data has to fit into memory and temporary disk", where=where
            ) from error
        except (duckdb.Error, RuntimeError, ValueError, TypeError, UnicodeError) as error:
            raise InputError(
                f"cannot be read as {form.lstrip('.')}: {_first(error)}",
                rule="the content of a file has to be what its ending says" if form[0] == "." else "",
                fix="check the file, or save it again as Parquet" if form[0] == "." else "check its columns",
                where=where,
            ) from error


def _first(error: Exception) -> str:
    """The first sentence of the engine's message."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def _after(rows: list[tuple[Any, ...]], place: int) -> int:
    """The position after a column of a Parquet schema and all that is nested in it."""
    following = place + 1
    for _ in range(rows[place][1]):
        following = _after(rows, following)
    return following


def _keep_freed_memory() -> None:
    """Free a large block: glibc then keeps what is freed, up to twice its size, instead of asking for pages anew.

    Source: mallopt(3), M_MMAP_THRESHOLD, on the dynamic threshold; elsewhere this does nothing.
    """
    np.empty(1 << 21)
