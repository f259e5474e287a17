"""Content-addressed files: `blobs/blake3/ab/cdef…`, written once, checked at every read; old ones are in `sha256/`."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.base.canonical import DIGEST, digest_file, hasher, said
from assay.base.errors import StoreError
from assay.store.files import make_folder, move_into_place, pieces, write_new
from assay.store.refusals import file_failures

_DIGEST = re.compile(DIGEST)


class Blobs:
    """The blobs of one lab.

    A blob is written to `incoming/`, synced, then renamed to the name that its content gives it, so that a name under
    `blake3/` always has its whole content behind it.

    Args:
        folder: `.assay/blobs`; created when the first blob is put.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._incoming = folder, folder / "incoming"

    def path(self, digest: str) -> Path:
        """Where a blob is kept, there or not."""
        if not _DIGEST.fullmatch(digest):
            raise StoreError(f"{digest!r} is no blob digest", rule="a digest is `blake3:` and 64 hexadecimal digits")
        return self._folder / digest[:6] / digest[7:9] / digest[9:]

    def has(self, digest: str) -> bool:
        """Whether a blob of that name is kept (`read` and `check` say whether it is sound)."""
        return self.path(digest).is_file()

    def put(self, content: bytes) -> str:
        """Keep some bytes; returns their digest once they are on the disk."""
        return self.put_stream([content])

    def put_stream(self, chunks: Iterable[bytes]) -> str:
        """Keep what the chunks make up together.

        Raises:
            StoreError: when the disk is full or refuses; nothing is kept then.
        """
        with file_failures(self._folder):
            make_folder(self._incoming)
            with self._lock(fcntl.LOCK_SH):
                return self._write(chunks)

    def read(self, digest: str) -> bytes:
        """A blob's content.

        Raises:
            StoreError: when it is missing, or its content does not have that digest.
        """
        return b"".join(self.stream(digest))

    def stream(self, digest: str) -> Iterator[bytes]:
        """A blob's content in pieces; the error of `read` comes after the last piece."""
        path, seen = self.path(digest), hasher(like=digest)
        if not path.is_file():
            raise StoreError(f"the blob {digest} is missing", fix="restore it from a backup", where=str(path))
        with file_failures(path):
            for chunk in pieces(path):
                seen.update(chunk)
                yield chunk
        if said(seen) != digest:
            raise self._damaged(digest)

    def check(self, digest: str) -> None:
        """Raise the error of `read` without keeping the content in memory."""
        for _ in self.stream(digest):
            pass

    def digests(self) -> Iterator[str]:
        """Every blob kept, in order of digest."""
        for path in sorted(self._folder.glob("*/??/*")):
            yield f"{path.parts[-3]}:{path.parent.name}{path.name}"

    def sweep(self) -> int:
        """Remove what killed processes left half-written; returns how many files. Does nothing while one writes."""
        with file_failures(self._folder):
            if not self._incoming.is_dir():
                return 0
            with self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB) as free:
                left = [p for p in self._incoming.iterdir() if p.name != "lock"] if free else []
                for path in left:
                    path.unlink()
                return len(left)

    def _write(self, chunks: Iterable[bytes]) -> str:
        seen = hasher()

        def through() -> Iterator[bytes]:
            for chunk in chunks:
                seen.update(chunk)
                yield chunk

        temporary = self._incoming / os.urandom(12).hex()
        write_new(temporary, through(), mode=0o444)
        digest = said(seen)
        path = self.path(digest)
        if path.is_file() and digest_file(path) == digest:
            temporary.unlink()
            return digest
        make_folder(path.parent)
        move_into_place(temporary, path)
        return digest

    @contextmanager
    def _lock(self, how: int) -> Iterator[bool]:
        """Writers share the lock; sweeping takes it alone, and only when it is free."""
        handle = os.open(self._incoming / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(handle, how)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(handle)

    def _damaged(self, digest: str) -> StoreError:
        return StoreError(
            f"the blob {digest} is damaged",
            rule="a blob's content has the digest that names it",
            fix="restore it from a backup, or put the same content again",
            where=str(self.path(digest)),
        )
