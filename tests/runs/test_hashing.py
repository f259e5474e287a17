"""Digests of files and folders: the same for any size and number, in memory or not, in the kind of an earlier one."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from assay.base.canonical import content_digest
from assay.base.errors import InputError
from assay.runs import hashing
from assay.runs.hashing import CHUNK, DigestCache, content_of

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5)


def folder(path: Path) -> dict[str, bytes]:
    """Files of every size, some in folders; by name."""
    held = {f"{'sub/' * (i % 3)}file {i}": os.urandom(size) for i, size in enumerate(SIZES * 3)}
    for name, content in held.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return held


def fresh(path: Path) -> DigestCache:
    return DigestCache(path / "none" / "digests.json")


@pytest.mark.parametrize("how", ["in memory", "not in memory", "nothing said", "two a time"])
def test_each_file_has_the_digest_of_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    held = folder(tmp_path)
    at_once = os.preadv

    def refused(*asked: Any) -> int:
        # As Linux answers for what is not in memory, and a file system that cannot tell.
        raise OSError(errno.EAGAIN if how == "not in memory" else errno.EOPNOTSUPP, "no")

    def little(handle: int, held: list[memoryview], *more: int) -> int:
        return at_once(handle, [held[0][:2]], *more)

    if how != "in memory":
        monkeypatch.setattr(os, "preadv", little if how == "two a time" else refused)
    for name, content in held.items():
        assert content_of(tmp_path / name, fresh(tmp_path), 0).digest == content_digest(content)
    lines = "".join(f'"{name}" {content_digest(held[name])}\n' for name in sorted(held))
    found = content_of(tmp_path, fresh(tmp_path), 0)
    assert (found.digest, found.files, found.reread) == (content_digest(lines.encode()), len(held), len(held))
    assert found.bytes == sum(len(content) for content in held.values())


def test_a_digest_is_compared_in_its_own_kind(tmp_path: Path) -> None:
    (tmp_path / "rows").write_bytes(b"abc")
    os.utime(tmp_path / "rows", (1000, 1000))
    cache = fresh(tmp_path)
    old = "sha256:" + hashlib.sha256(b"abc").hexdigest()
    new = content_digest(b"abc")
    for like, known in (("", new), (old, old), (content_digest(b"x"), new)):
        assert content_of(tmp_path / "rows", cache, 2000, like).digest == known
    assert content_of(tmp_path / "rows", cache, 2000).reread == 0


def test_no_more_files_are_open_than_a_system_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path)
    opened, most = set[int](), 0
    at_open, at_close = os.open, os.close

    def opens(*asked: Any, **more: Any) -> int:
        nonlocal most
        handle = at_open(*asked, **more)
        opened.add(handle)
        most = max(most, len(opened))
        return handle

    def closes(handle: int) -> None:
        opened.discard(handle)
        at_close(handle)

    monkeypatch.setattr(hashing, "_OPEN", 1)
    monkeypatch.setattr(os, "open", opens)
    monkeypatch.setattr(os, "close", closes)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    content_of(tmp_path, fresh(tmp_path), 0)
    assert (len(opened), most <= 8) == (0, True)


def test_what_cannot_be_read_is_named_and_nothing_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path)
    before = len(os.listdir("/proc/self/fd"))
    at_once = os.readv

    def broken(handle: int, held: list[memoryview]) -> int:
        if os.fstat(handle).st_size == CHUNK + 1:
            raise OSError(errno.EIO, "Input/output error")
        return at_once(handle, held)

    monkeypatch.setattr(os, "readv", broken)
    with pytest.raises(InputError, match=r"cannot be read \(Input/output error\)") as refused:
        content_of(tmp_path, fresh(tmp_path), 0)
    assert (tmp_path / refused.value.where).stat().st_size == CHUNK + 1
    assert len(os.listdir("/proc/self/fd")) == before
