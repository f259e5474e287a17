"""Digests of files and folders by content, several at a time; what has not changed since is not read again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assay.base.canonical import digest
from assay.base.errors import InputError

CACHE = "digests.json"
CHUNK, RACY = 1 << 20, 2.0
# Files that one thread takes at a time, and whose reading is begun together: a disk has long queues.
_GROUP = 64


@dataclass(frozen=True, slots=True)
class Content:
    """A file or folder by its content.

    Attributes:
        digest: Of the file; of a folder, of the sorted names and digests of its files.
        files: How many there are.
        bytes: In all.
        reread: How many had to be read.
    """

    digest: str
    files: int
    bytes: int
    reread: int


class DigestCache:
    """Digests by path, trusted while size, time and inode are as they were.

    Args:
        path: A file that can be thrown away.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new: dict[str, list[object]] = {}
        self._held = _entries(path)

    def get(self, path: str, found: os.stat_result) -> str | None:
        """The digest of a file that has not changed."""
        said = self._held.get(path)
        mark = [found.st_size, found.st_mtime_ns, found.st_ino]
        return str(said[3]) if isinstance(said, list) and len(said) == 4 and said[:3] == mark else None

    def put(self, path: str, found: os.stat_result, value: str, now: float) -> None:
        """Remember one, unless it changed so lately that another change would not show."""
        if now - found.st_mtime > RACY:
            self._new[path] = self._held[path] = [found.st_size, found.st_mtime_ns, found.st_ino, value]

    def save(self) -> None:
        """Write what is new, beside what other processes have written meanwhile.

        A disk that refuses, and of two that write at the same moment the first, cost reading again, nothing else.
        """
        if not self._new:
            return
        draft = self._path.with_name(f".{self._path.name}.{os.urandom(4).hex()}")
        try:
            draft.write_text(json.dumps({**_entries(self._path), **self._new}))
            draft.replace(self._path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _entries(path: Path) -> dict[str, list[object]]:
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def content_of(path: Path, cache: DigestCache, now: float) -> Content:
    """The content of a file, or of all files of a folder.

    Raises:
        InputError: what is neither, or holds something that cannot be read; links in a folder are refused.
    """
    if path.is_file():
        return _files(path.parent, [path.name], cache, now, False)
    if not path.is_dir():
        raise InputError(
            "is no file and no folder",
            rule="a data version is a file or a folder",
            fix="check the path",
            where=str(path),
        )
    return _files(path, sorted(_names(path)), cache, now, True)


def _names(folder: Path) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders.sort()
        for name in [*names, *(f for f in folders if os.path.islink(os.path.join(at, f)))]:
            full = os.path.join(at, name)
            if os.path.islink(full):
                raise InputError(
                    "is a link", rule="a data version holds its files itself", fix="copy what it names", where=full
                )
            yield os.path.relpath(full, folder)


def _files(folder: Path, names: list[str], cache: DigestCache, now: float, whole: bool) -> Content:
    if not names:
        raise InputError("holds no files", rule="a data version has content", fix="check the path", where=str(folder))
    root = str(folder.absolute())
    paths = {name: f"{root}/{name}" for name in names}
    try:
        stats = {name: os.stat(path) for name, path in paths.items()}
        known = {name: held for name in names if (held := cache.get(paths[name], stats[name])) is not None}
        todo = [name for name in names if name not in known]
        known.update(zip(todo, _digests([paths[name] for name in todo]), strict=True))
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", fix="check its permissions", where=str(error.filename)
        ) from error
    for name in todo:
        cache.put(paths[name], stats[name], known[name], now)
    total = sum(s.st_size for s in stats.values())
    if not whole:
        return Content(known[names[0]], 1, total, len(todo))
    lines = "".join(f"{json.dumps(name)} {known[name]}\n" for name in names)
    return Content(digest(lines.encode()), len(names), total, len(todo))


def _digests(paths: list[str]) -> list[str]:
    """The digest of each file, as many at a time as there are processors."""
    groups = [paths[i : i + _GROUP] for i in range(0, len(paths), _GROUP)]
    workers = min(
        len(groups), len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    if workers <= 1:
        return _digest_group(paths)
    # Its import costs more than many runs take that read no data.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        return [found for some in pool.map(_digest_group, groups) for found in some]


def _digest_group(paths: list[str]) -> list[str]:
    """Some files one after the other, read into the same memory."""
    held = memoryview(bytearray(CHUNK))
    found = []
    _begin_reading(paths)
    for path in paths:
        seen = hashlib.sha256()
        with open(path, "rb", buffering=0) as file:
            while many := file.readinto(held):
                seen.update(held[:many])
        found.append("sha256:" + seen.hexdigest())
    return found


def _begin_reading(paths: list[str]) -> None:
    """Ask for the beginning of each file, so that the disk reads the next ones while one is hashed."""
    if not hasattr(os, "posix_fadvise") or len(paths) == 1:
        return
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(handle, 0, CHUNK, os.POSIX_FADV_WILLNEED)
        finally:
            os.close(handle)
