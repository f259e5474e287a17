"""What a failure of SQLite or of the file system means for a lab, and failures of the file system as a `StoreError`."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.base.errors import StoreError

# What each primary result code of SQLite (https://sqlite.org/rescode.html) means for a lab: what, rule, fix.
SAID: dict[int, tuple[str, str, str]] = {
    sqlite3.SQLITE_FULL: ("the disk or the database is full", "nothing was written", "free some space, then run again"),
    sqlite3.SQLITE_BUSY: (
        "the lab is busy: another process holds it",
        "one process writes at a time; others wait",
        "run again when it is done",
    ),
    sqlite3.SQLITE_LOCKED: ("the lab is locked within this process", "one transaction at a time", "end it first"),
    sqlite3.SQLITE_READONLY: (
        "the lab cannot be written",
        "the folder .assay and its files need write permission",
        "change the permissions, or copy the folder to where you may write",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the lab's database cannot be opened",
        "the folder .assay and its files need read and write permission",
        "check that lab.db is there and its permissions",
    ),
    sqlite3.SQLITE_CONSTRAINT: (
        "the lab refused the change",
        "records are append-only and name records that exist",
        "run `assay ledger verify`",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk failed or refused to write",
        "nothing was written",
        "check free space, quota and file size limits, then run again",
    ),
}
SAID[sqlite3.SQLITE_PERM] = SAID[sqlite3.SQLITE_AUTH] = SAID[sqlite3.SQLITE_READONLY]
DAMAGED = (
    "the lab's database is damaged or is not one",
    "lab.db is a SQLite database that only Assay writes",
    "restore the folder .assay from a backup, then run `assay ledger verify`",
)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def file_failures(where: Path) -> Iterator[None]:
    """Turn every failure of the file system into a `StoreError`."""
    try:
        yield
    except OSError as error:
        raise _file_error(error, where) from error


def _file_error(error: OSError, where: Path) -> StoreError:
    if error.errno in _FULL:
        what, rule, fix = SAID[sqlite3.SQLITE_FULL]
    elif error.errno in _DENIED:
        what, rule, fix = SAID[sqlite3.SQLITE_READONLY]
    else:
        what, rule, fix = "the file system refused", "nothing was written", "check the path and the disk"
    return StoreError(f"{what} ({error.strerror})", rule=rule, fix=fix, where=str(where))
