"""Every failure below becomes one line that says what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from assay.base.errors import StoreError
from assay.store.failures import sql_failures
from assay.store.refusals import file_failures


class _Coded(sqlite3.OperationalError):
    def __init__(self, code: int) -> None:
        super().__init__("said by SQLite\nat length")
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (sqlite3.SQLITE_FULL, "full"),
        (sqlite3.SQLITE_BUSY, "busy"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "permission"),
        (sqlite3.SQLITE_PERM, "permission"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR_WRITE, "disk failed"),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, "refused"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged"),
        (sqlite3.SQLITE_ERROR, "damaged"),
    ],
)
def test_each_code_of_sqlite_has_its_words(code: int, said: str) -> None:
    error = OperationalError("SELECT secret", {}, _Coded(code))
    with pytest.raises(StoreError, match=said) as caught, sql_failures(Path("lab.db")):
        raise error
    line = str(caught.value)
    assert line.startswith("lab.db: ")
    assert "secret" not in line
    assert "\n" not in line
    assert caught.value.fix


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EROFS, "permission"), (errno.EIO, "file system refused")],
)
def test_each_failure_of_the_file_system_has_its_words(number: int, said: str) -> None:
    with pytest.raises(StoreError, match=said), file_failures(Path("blobs")):
        raise OSError(number, "said by the system")


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), sql_failures(Path("lab.db")), file_failures(Path("blobs")):
        raise KeyError("x")
