"""Tables by reference: one of a database, or a Delta folder at its newest version, by schema and content.

Nothing is copied. Rows of a database count as a set with repetitions, since their order is nobody's; what is stored
beside them, such as indices or free pages, does not count, nor do files of a Delta folder that its log has removed.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_json
from assay.base.errors import InputError

SCHEMES = ("sqlite:///", "duckdb:///")
LOG = "_delta_log"
BATCH = 10_000
_COMMIT = re.compile(r"\d{20}\.json")
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


def is_delta(folder: Path) -> bool:
    """Whether a folder is a Delta table whose log is there from its begin."""
    return (folder / LOG / f"{0:020}.json").is_file()


def database_table(name: str) -> TableContent:
    """The content of a table of a database.

    Args:
        name: As `is_table` has it; a path after three slashes is relative, after four absolute.

    Raises:
        InputError: no such database or table, or one that cannot be read.
    """
    scheme = name.partition(":")[0]
    rest, _, query = name.partition(":///")[2].partition("?")
    table = urllib.parse.parse_qs(query).get("table", [""])[0]
    path = Path(urllib.parse.unquote(rest))
    if not table:
        raise InputError("names no table", rule="a table is FILE?table=NAME", fix=f"{scheme}:///FILE?table=NAME")
    if not path.is_file():
        raise InputError("no such database", rule="a table lies in a file", fix="check the path", where=str(path))
    with (_sqlite if scheme == "sqlite" else _duckdb)(path, table) as (columns, rows):
        count, total = 0, 0
        for row in rows:
            count += 1
            total += int.from_bytes(hashlib.blake2b(repr(row).encode("utf-8", "replace"), digest_size=32).digest())
    schema = digest_json(columns)
    content = digest_json([schema, count, f"{total % _SIZE:064x}"])
    return TableContent(content, schema, 1, path.stat().st_size, count)


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


def delta_table(folder: Path, digest_of: Callable[[Path], tuple[str, int]]) -> TableContent:
    """The content of a Delta folder at its newest version: its schema, and the files that its log has not removed.

    Args:
        folder: With `_delta_log`, which is read as JSON, commit by commit.
        digest_of: A file -> its digest and size.

    Raises:
        InputError: a log with gaps, or that cannot be read; a file that lies elsewhere.

    Source: Delta Transaction Log Protocol, sections Delta Log Entries and Action Reconciliation.
    """
    live: dict[str, Any] = {}
    schema = ""
    for number, commit in enumerate(sorted(p for p in (folder / LOG).iterdir() if _COMMIT.fullmatch(p.name))):
        if int(commit.stem) != number:
            raise _log(commit, f"the log has no commit {number}")
        for action in _actions(commit):
            schema = str(action.get("metaData", {}).get("schemaString", schema))
            live.pop(str(action.get("remove", {}).get("path")), None)
            if "add" in action:
                live[str(action["add"]["path"])] = action["add"].get("deletionVector")
    held = []
    size = 0
    for name, deleted in sorted(live.items()):
        inner = Path(urllib.parse.unquote(name))
        if inner.is_absolute() or ".." in inner.parts or "://" in name:
            raise _log(folder / LOG, f"the file {name!r:.100} lies elsewhere")
        digest, many = digest_of(folder / inner)
        held.append([name, digest, deleted])
        size += many
    return TableContent(digest_json([schema, held]), digest_json(schema), len(held), size)


def _actions(commit: Path) -> list[dict[str, Any]]:
    try:
        found = [json.loads(line) for line in commit.read_text("utf-8").splitlines() if line.strip()]
        if not all(isinstance(a, dict) and all(isinstance(v, dict) for v in a.values()) for a in found):
            raise ValueError("a line is no action")
    except (OSError, ValueError) as error:
        raise _log(commit, f"cannot be read ({str(error)[:100]})") from error
    return found


def _log(where: Path, what: str) -> InputError:
    return InputError(
        what, rule="a Delta folder is read by its log, from the first commit on", fix="check the folder",
        where=str(where),
    )  # fmt: skip
