"""Tables by reference: one of a database, by schema and content.

Nothing is copied. Rows of a database count as a set with repetitions, since their order is nobody's; what is stored
beside them, such as indices or free pages, does not count.
"""

from __future__ import annotations

import hashlib
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_json
from assay.base.errors import InputError

SCHEMES = ("sqlite:///", "duckdb:///")
BATCH = 10_000
_SIZE = 1 << 256
Column = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table by its content.

    Attributes:
        digest: Of schema and content.
        schema: Digest of the columns' names and types alone.
        files: How many files hold it.
        bytes: Of these files.
        rows: None where nothing counts them.
    """

    digest: str
    schema: str
    files: int
    bytes: int
    rows: int | None = None


def is_table(name: str) -> bool:
    """Whether a name means a table of a database: `sqlite:///FILE?table=NAME`, `duckdb:///FILE?table=NAME`."""
    return name.startswith(SCHEMES)


@dataclass(frozen=True, slots=True)
class TableName:
    """A table of a database, as it is named.

    Attributes:
        scheme: `sqlite` or `duckdb`.
        file: Of the database.
        table: In it; empty where none is named.
    """

    scheme: str
    file: Path
    table: str

    @classmethod
    def of(cls, name: str) -> TableName:
        """The parts of a name as `is_table` has it; a path after three slashes is relative, after four absolute."""
        scheme, _, rest = name.partition(":///")
        place, _, query = rest.partition("?")
        return cls(scheme, Path(urllib.parse.unquote(place)), urllib.parse.parse_qs(query).get("table", [""])[0])

    @property
    def name(self) -> str:
        """As one text."""
        return f"{self.scheme}:///{urllib.parse.quote(str(self.file))}?{urllib.parse.urlencode({'table': self.table})}"

    def at(self, file: Path) -> str:
        """The name of this table in a database that lies elsewhere."""
        return replace(self, file=file).name


def database_table(name: str) -> TableContent:
    """The content of a table of a database.

    Args:
        name: As `is_table` has it; a path after three slashes is relative, after four absolute.

    Raises:
        InputError: no such database or table, or one that cannot be read.
    """
    asked = TableName.of(name)
    scheme, path, table = asked.scheme, asked.file, asked.table
    check_table(asked)
    with (_sqlite if scheme == "sqlite" else _duckdb)(path, table) as (columns, rows):
        count, total = 0, 0
        for row in rows:
            count += 1
            total += int.from_bytes(hashlib.blake2b(repr(row).encode("utf-8", "replace"), digest_size=32).digest())
    schema = digest_json(columns)
    content = digest_json([schema, count, f"{total % _SIZE:064x}"])
    return TableContent(content, schema, 1, path.stat().st_size, count)


def check_table(asked: TableName) -> None:
    """Refuse a table whose database is not there, before anything is read.

    Raises:
        InputError: no table is named, or there is no such file.
    """
    if not asked.table:
        fix = f"{asked.scheme}:///FILE?table=NAME"
        raise InputError("names no table", rule="a table is FILE?table=NAME", fix=fix)
    if not asked.file.is_file():
        where = str(asked.file)
        raise InputError("no such database", rule="a table lies in a file", fix="check the path", where=where)


@contextmanager
def _sqlite(path: Path, table: str) -> Iterator[tuple[list[Column], Iterator[Any]]]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("PRAGMA trusted_schema=OFF")
            db.execute("BEGIN")
            columns = [(str(r[1]), str(r[2])) for r in db.execute("SELECT * FROM pragma_table_info(?)", (table,))]
            _check(columns, table, path)
            yield columns, iter(db.execute(f"SELECT * FROM {_quoted(table)}"))
    except sqlite3.Error as error:
        raise _unreadable(path, error) from error


@contextmanager
def _duckdb(path: Path, table: str) -> Iterator[tuple[list[Column], Iterator[Any]]]:
    import duckdb

    try:
        with closing(duckdb.connect(str(path), True, {"enable_external_access": "false"})) as db:
            db.execute("SET TimeZone = 'UTC'")
            said = """SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ? AND schema_name = 'main'
                AND database_name = current_database() ORDER BY column_index"""
            columns = [(str(n), str(t)) for n, t in db.execute(said, [table]).fetchall()]
            _check(columns, table, path)
            # As text: every type has one, and none needs another package to become an object.
            texts = ", ".join(f"CAST({_quoted(name)} AS VARCHAR)" for name, _ in columns)
            db.execute(f"SELECT {texts} FROM {_quoted(table)}")
            yield columns, _fetched(db.fetchmany)
    except duckdb.Error as error:
        raise _unreadable(path, error) from error


def _fetched(more: Callable[[int], Sequence[Any]]) -> Iterator[Any]:
    while rows := more(BATCH):
        yield from rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _check(columns: Sequence[Column], table: str, path: Path) -> None:
    if not columns:
        raise InputError(
            f"has no table {table!r:.100}", rule="a table is named as the database names it", fix="check its name",
            where=str(path),
        )  # fmt: skip


def _unreadable(path: Path, error: Exception) -> InputError:
    said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return InputError(
        f"cannot be read ({said})", rule="a table is read from its database", fix="check the file", where=str(path)
    )
