"""Failures of SQLite, said as one `StoreError` that a user can act on; those of files are in `refusals`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from assay.base.errors import StoreError
from assay.store.refusals import DAMAGED, SAID


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
    what, rule, fix = SAID.get(code & 0xFF, DAMAGED) if isinstance(code, int) else DAMAGED
    return StoreError(f"{what} ({str(cause).splitlines()[0]:.120})", rule=rule, fix=fix, where=str(where))
