"""Failures of SQLite and of the file system, said as one `StoreError` that a user can act on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from assay.base.errors import StoreError

# What each primary result code of SQLite (https://sqlite.org/rescode.html) means for a lab: what, rule, fix.
_SAID: dict[int, tuple[str, str, str]] = {
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
_SAID[sqlite3.SQLITE_PERM] = _SAID[sqlite3.SQLITE_AUTH] = _SAID[sqlite3.SQLITE_READONLY]
_DAMAGED = (
    "the lab's database is damaged or is not one",
    "lab.db is a SQLite database that only Assay writes",
    "restore the folder .assay from a backup, then run `assay ledger verify`",
)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def sql_failures(where: Path) -> Iterator[None]:
    """Turn every failure of the database into a `StoreError`; errors of other kinds pass.

    In a damaged file even SQLite's own message may be no UTF-8, which Python raises as a `UnicodeDecodeError`.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        raise sql_error(error, where) from error


def sql_error(error: Exception, where: Path) -> StoreError:
    """What a failure of SQLite means for the lab."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    code = getattr(cause, "sqlite_errorcode", None)
    what, rule, fix = _SAID.get(code & 0xFF, _DAMAGED) if isinstance(code, int) else _DAMAGED
    return StoreError(f"{what} ({str(cause).splitlines()[0]:.120})", rule=rule, fix=fix, where=str(where))


@contextmanager
def file_failures(where: Path) -> Iterator[None]:
    """Turn every failure of the file system into a `StoreError`."""
    try:
        yield
    except OSError as error:
        raise _file_error(error, where) from error


def _file_error(error: OSError, where: Path) -> StoreError:
    if error.errno in _FULL:
        what, rule, fix = _SAID[sqlite3.SQLITE_FULL]
    elif error.errno in _DENIED:
        what, rule, fix = _SAID[sqlite3.SQLITE_READONLY]
    else:
        what, rule, fix = "the file system refused", "nothing was written", "check the path and the disk"
    return StoreError(f"{what} ({error.strerror})", rule=rule, fix=fix, where=str(where))
