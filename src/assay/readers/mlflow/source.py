"""Which source of MLflow a name means: a database, a folder or an address."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

from assay.base.errors import InputError
from assay.records.imports import ForeignStore

_SQLITE = b"SQLite format 3\0"


def open_source(name: str, artifacts: Path | None = None) -> ForeignStore:
    """Open what a user names.

    Args:
        name: `sqlite:///PATH`, `file://PATH`, `http://HOST:PORT`, or the path of a database or of a folder `mlruns`.
        artifacts: Where artifacts lie, if not where the source says.

    Raises:
        InputError: what is none of these.
    """
    if name.startswith(("http://", "https://")):
        from assay.readers.mlflow.http import HttpSource

        try:
            host = urllib.parse.urlsplit(name).hostname
        except ValueError:
            host = None
        if not host:
            raise _unknown(name)
        return HttpSource(name)
    for scheme in ("sqlite:///", "file://"):
        if name.startswith(scheme):
            name = name.removeprefix(scheme)
            break
    else:
        if "://" in name:
            raise _unknown(name)
    if not name.strip():
        raise _unknown(name or "''")
    path = Path(name)
    if artifacts is not None and not artifacts.is_dir():
        raise InputError("is no folder", rule="--artifacts names one", fix="check the path", where=str(artifacts))
    if path.is_dir():
        from assay.readers.mlflow.files import FileSource

        return FileSource(path, artifacts)
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", fix="check the path", where=str(path)) from error
    if head != _SQLITE:
        raise _unknown(name)
    from assay.readers.mlflow.sqlite import SqliteSource

    return SqliteSource(path, artifacts)


def _unknown(name: str) -> InputError:
    shown = name if "@" not in name else name.partition("://")[0] + "://…"
    return InputError(
        f"{shown:.200} is no source of MLflow that can be read",
        rule="a source is sqlite:///PATH, the folder mlruns, or http://HOST:PORT",
        fix="for another database: mlflow server --backend-store-uri …, then assay import mlflow http://127.0.0.1:5000",
    )
