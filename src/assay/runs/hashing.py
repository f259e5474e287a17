"""Digests of files and folders by content, several at a time; what has not changed since is not read again."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assay.base.canonical import hasher, kind_of, said
from assay.base.errors import InputError

CACHE = "digests.json"
CHUNK, RACY = 1 << 20, 2.0
# Files that are open at a time, over all threads: the reading of each is begun then, since disks have long queues.
_OPEN = 256


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

    def get(self, path: str, found: os.stat_result, like: str = "") -> str | None:
        """The digest of a file that has not changed, of the kind of another one."""
        known = self._held.get(path)
        mark = [found.st_size, found.st_mtime_ns, found.st_ino]
        held = str(known[3]) if isinstance(known, list) and len(known) == 4 and known[:3] == mark else ""
        return held if held.startswith(kind_of(like)) else None

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


def content_of(path: Path, cache: DigestCache, now: float, like: str = "") -> Content:
    """The content of a file, or of all files of a folder.

    Args:
        cache: What is known of files that have not changed.
        now: Seconds since 1970.
        like: A digest that it is compared with.

    Raises:
        InputError: what is neither, or holds something that cannot be read; links in a folder are refused.
    """
    if path.is_file():
        return _files({path.name: str(path.absolute())}, cache, now, like, False)
    if not path.is_dir():
        raise InputError(
            "is no file and no folder",
            rule="a data version is a file or a folder",
            fix="check the path",
            where=str(path),
        )
    root = str(path.absolute()).rstrip("/")
    found = sorted(name[len(root) + 1 :] for name in _paths(root))
    if not found:
        raise InputError("holds no files", rule="a data version has content", fix="check the path", where=str(path))
    return _files({name: f"{root}/{name}" for name in found}, cache, now, like, True)


def _paths(folder: str) -> Iterator[str]:
    with os.scandir(folder) as held:
        for entry in held:
            if entry.is_symlink():
                raise InputError(
                    "is a link",
                    rule="a data version holds its files itself",
                    fix="copy what it names",
                    where=entry.path,
                )
            if entry.is_dir():
                yield from _paths(entry.path)
            else:
                yield entry.path


def _files(paths: dict[str, str], cache: DigestCache, now: float, like: str, whole: bool) -> Content:
    try:
        stats = {name: os.stat(path) for name, path in paths.items()}
        known = {name: held for name in paths if (held := cache.get(paths[name], stats[name], like)) is not None}
        todo = [name for name in paths if name not in known]
        known.update(zip(todo, _digests([paths[name] for name in todo], like), strict=True))
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", fix="check its permissions", where=str(error.filename)
        ) from error
    for name in todo:
        cache.put(paths[name], stats[name], known[name], now)
    total = sum(s.st_size for s in stats.values())
    if not whole:
        return Content(next(iter(known.values())), 1, total, len(todo))
    lines = "".join(f"{json.dumps(name)} {known[name]}\n" for name in paths)
    return Content(said(hasher(lines.encode(), like)), len(paths), total, len(todo))


def _digests(paths: list[str], like: str) -> list[str]:
    """The digest of each file, as many at a time as there are processors."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    many = max(4, _OPEN // cores)
    groups = [paths[i : i + many] for i in range(0, len(paths), many)]
    if min(len(groups), cores) <= 1:
        return [found for some in groups for found in _digest_group(some, like)]
    # Its import costs more than many runs take that read no data.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(len(groups), cores)) as pool:
        return [found for some in pool.map(lambda group: _digest_group(group, like), groups) for found in some]


def _digest_group(paths: list[str], like: str) -> list[str]:
    """The digest of each, read into the same memory: first what the system holds, while the disk gets the rest."""
    held = memoryview(bytearray(CHUNK))
    found = dict.fromkeys(paths, "")
    handles: dict[str, int] = {}
    path = ""
    try:
        for path in paths:
            handles[path] = os.open(path, os.O_RDONLY)
            if many := _begin(handles[path], held):
                found[path] = _digest(handles.pop(path), held, like, many)
        for path in list(handles):
            found[path] = _digest(handles.pop(path), held, like, 0)
    except OSError as error:
        error.filename = path
        raise
    finally:
        for handle in handles.values():
            os.close(handle)
    return list(found.values())


def _begin(handle: int, held: memoryview) -> int:
    """How many bytes the system had in memory and has put there; of a file that it has not, the reading is begun."""
    if not hasattr(os, "posix_fadvise"):
        return 0
    try:
        many = os.preadv(handle, [held], 0, getattr(os, "RWF_NOWAIT", 0))
    except OSError as error:
        # Not in memory, or a file system that does not say.
        if error.errno not in (errno.EAGAIN, errno.EOPNOTSUPP):
            raise
        many = 0
    if not many:
        os.posix_fadvise(handle, 0, CHUNK, os.POSIX_FADV_WILLNEED)
    return many


def _digest(handle: int, held: memoryview, like: str, many: int) -> str:
    """The digest of an open file whose first bytes have been read; closes it."""
    try:
        seen = hasher(held[:many], like)
        os.lseek(handle, many, os.SEEK_SET)
        while many := os.readv(handle, [held]):
            seen.update(held[:many])
    finally:
        os.close(handle)
    return said(seen)
