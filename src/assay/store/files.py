"""Files that appear whole or not at all, and stay after the machine dies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

CHUNK = 1 << 20


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create a folder, its parents too, each durable in its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_new(path: Path, chunks: Iterable[bytes], mode: int = 0o666) -> None:
    """Write a file that did not exist, and bring its content to the disk; a failure leaves no file."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write or replace a file, so that a reader sees the old content or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    write_new(temporary, [content])
    move_into_place(temporary, path)


def move_into_place(temporary: Path, path: Path) -> None:
    """Rename within one file system, durably; a failure removes the temporary file."""
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def pieces(path: Path) -> Iterable[bytes]:
    """A file's content, one chunk at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
