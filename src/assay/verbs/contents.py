"""What is named as data, by its content: files and folders by their bytes, tables and lake folders by reference.

One place for `assay data` and for runs: what both name has one digest, so that lineage and the ledger find it again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.errors import AssayError
from assay.readers.lake import delta_table, iceberg_table, is_delta, is_iceberg
from assay.readers.tables import TableContent, TableName, database_table, is_table
from assay.runs.hashing import DigestCache, content_of


@dataclass(frozen=True, slots=True)
class Contents:
    """What is named: its digest, how much it is, and the digest of its schema where it is a table."""

    digest: str
    files: int
    bytes: int
    schema: str = ""


def contents(name: str, cache: DigestCache, like: str = "") -> Contents:
    """What lies there: a table by schema and content, all else by content.

    Args:
        name: A path, or a table as `is_table` has it.
        cache: Of digests of files; it is not saved here.
        like: A digest that it is compared with.

    Raises:
        InputError: what cannot be read.
    """
    if is_table(name):
        return _of(database_table(name))
    if is_delta(Path(name)):
        return _of(delta_table(Path(name), lambda file: _file(file, cache)))
    if is_iceberg(Path(name)):
        return _of(iceberg_table(Path(name)))
    found = content_of(Path(name), cache, time.time(), like)
    return Contents(found.digest, found.files, found.bytes)


def _of(table: TableContent) -> Contents:
    return Contents(table.digest, table.files, table.bytes, table.schema)


def _file(path: Path, cache: DigestCache) -> tuple[str, int]:
    found = content_of(path, cache, time.time())
    return found.digest, found.bytes


def file_of(name: str) -> Path:
    """The file or folder that lies behind a name: of a table its database."""
    return TableName.of(name).file if is_table(name) else Path(name)


def placed(name: str) -> str:
    """The same, wherever somebody stands who asks later."""
    if is_table(name):
        return TableName.of(name).at(file_of(name).absolute())
    return str(Path(name).absolute())


def noted(name: str, full: Path, cache: DigestCache) -> dict[str, Any]:
    """What a run says of data that it reads.

    Args:
        name: As the program names it.
        full: Where the file or folder behind it lies.
        cache: Of digests of files.

    Raises:
        InputError: what cannot be read.
    """
    table = TableName.of(name) if is_table(name) else None
    found = contents(table.at(full) if table else str(full), cache)
    said = {"digest": found.digest, "bytes": found.bytes}
    return {**said, "database": table.scheme, "table": table.table} if table else said


def read_again(said: Mapping[str, Any]) -> str:
    """What a run's note of data says that it read, by its place within the working folder."""
    path = str(said.get("path", ""))
    return TableName(str(said["database"]), Path(path), str(said["table"])).name if said.get("table") else path


def is_as_read(place: Path, said: Mapping[str, Any]) -> bool:
    """Whether what lies at a place is what a run's note of data says that it read."""
    cache = DigestCache(Path(os.devnull))
    try:
        return bool(noted(read_again(said), place, cache)["digest"] == said["digest"])
    except (OSError, AssayError):
        return False
