"""A lab as one file, taken while it is in use: a tar archive whose last entry says what every other one holds.

The database is copied first, by SQLite's own backup: whatever it names was in its place before it was committed, and
files are only ever added or grown, so that what is copied after it holds all that it names.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assay.base.errors import StoreError

DATABASES = ("lab.db", "access.db")
MANIFEST = "backup.json"
_LEFT_OUT = ("runs.db", "incoming")
_FORM = {"type": "assay.backup", "schema": 1}
PIECE = 1 << 20


def write(lab: Path, out: IO[bytes]) -> int:
    """Write a lab's folder; returns how many files.

    Args:
        lab: The folder `.assay`.
        out: A new file.
    """
    held: dict[str, dict[str, Any]] = {}
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar, tempfile.TemporaryDirectory() as made:
        for name in DATABASES:
            if (lab / name).is_file():
                copy = Path(made) / name
                _copied(lab / name, copy)
                held[name] = _add(tar, copy, name)
        for path in _files(lab):
            name = path.relative_to(lab).as_posix()
            try:
                held[name] = _add(tar, path, name)
            except FileNotFoundError:
                continue
        said = json.dumps({**_FORM, "files": held}, sort_keys=True).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(said)
        tar.addfile(entry, io.BytesIO(said))
    return len(held)


def _copied(path: Path, copy: Path) -> None:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()


def _files(lab: Path) -> Iterator[Path]:
    """What belongs to a lab besides its databases: no links, no drafts, no locks, nothing that is made anew."""
    for folder, folders, names in os.walk(lab):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _LEFT_OUT)
        for name in sorted(names):
            path = Path(folder) / name
            database = name.partition(".db")[0] + ".db"
            made_anew = Path(folder) == lab and (database in (*DATABASES, *_LEFT_OUT) or name.endswith(".lock"))
            hidden = name.startswith(".") and name != ".owner"
            if not (made_anew or hidden or path.is_symlink()) and path.is_file():
                yield path


def _add(tar: tarfile.TarFile, path: Path, name: str) -> dict[str, Any]:
    """Add as much of a file as there is now: a segment may grow meanwhile."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = found.st_size, found.st_mode & 0o777, found.st_mtime
        seen = _Seen(file, found.st_size)
        tar.addfile(entry, seen)
    return {"bytes": found.st_size, "sha256": seen.digest.hexdigest()}


class _Seen(io.RawIOBase):
    """A file whose first bytes are digested as they are read."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left, self.digest = file, size, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next piece."""
        content = self._file.read(min(self._left, size if size >= 0 else self._left))
        self._left -= len(content)
        self.digest.update(content)
        return content


def read(archive: IO[bytes], folder: Path, where: str) -> int:
    """Lay a backup out in an empty folder, every file compared with what the backup says of it; returns how many.

    Raises:
        StoreError: what is no backup, is cut short, was changed, or would lie elsewhere.
    """
    found: dict[str, dict[str, Any]] = {}
    said: Mapping[str, Any] = {}
    try:
        with tarfile.open(fileobj=archive, mode="r|") as tar:
            for entry in tar:
                if said:
                    raise _refused("goes on after its end", where)
                held = tar.extractfile(entry) if entry.isreg() else None
                if held is None:
                    raise _refused(f"holds {entry.name!r:.80}, which is no file", where)
                if entry.name == MANIFEST:
                    said = json.load(held)
                else:
                    found[entry.name] = _laid(held, folder / _inner(entry.name, where), entry)
    except (tarfile.TarError, EOFError, ValueError, RecursionError) as error:
        raise _refused(f"cannot be read ({type(error).__name__})", where) from error
    if not isinstance(said, dict) or {k: said.get(k) for k in _FORM} != _FORM:
        raise _refused("has no end, or another form", where)
    if said.get("files") != found:
        raise _refused("holds other files than it says", where)
    return len(found)


def _laid(held: IO[bytes], path: Path, entry: tarfile.TarInfo) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while piece := held.read(PIECE):
            digest.update(piece)
            size += len(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, (entry.mtime, entry.mtime))
    path.chmod(entry.mode & 0o777)
    return {"bytes": size, "sha256": digest.hexdigest()}


def _inner(name: str, where: str) -> PurePosixPath:
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in name or "\0" in name:
        raise _refused(f"holds {name!r:.80}, which would lie elsewhere", where)
    return pure


def _refused(what: str, where: str) -> StoreError:
    return StoreError(what, rule="a backup is what `assay backup` wrote, whole", fix="take another one", where=where)
