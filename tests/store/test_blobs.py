"""Blobs: whole or not there, and checked."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.canonical import content_digest
from assay.base.errors import StoreError
from assay.store.blobs import Blobs


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@settings(deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_content_comes_back(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    blobs = Blobs(tmp_path_factory.mktemp("blobs"))
    content = b"".join(chunks)
    name = blobs.put_stream(chunks)
    assert name == content_digest(content)
    assert blobs.read(name) == content


def test_the_name_follows_from_the_content(blobs: Blobs, tmp_path: Path) -> None:
    # source: BLAKE3 team, test_vectors.json, input of no bytes
    name = blobs.put(b"")
    assert blobs.path(name).relative_to(tmp_path / "blobs").as_posix() == (
        "blake3/af/1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    )


def test_what_was_kept_by_sha256_is_still_read(blobs: Blobs, tmp_path: Path) -> None:
    # NIST, example values for FIPS 180-4: SHA-256 of "abc" is ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 …
    old = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path = tmp_path / "blobs" / "sha256" / "ba" / old[9:]
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abc")
    new = blobs.put(b"abc")
    assert blobs.has(old)
    assert blobs.read(old) == blobs.read(new) == b"abc"
    assert list(blobs.digests()) == [new, old]
    path.write_bytes(b"abd")
    with pytest.raises(StoreError, match="is damaged"):
        blobs.read(old)


def test_a_large_content_is_kept_and_given_back(blobs: Blobs) -> None:
    content = os.urandom(3_000_001)
    assert blobs.read(blobs.put(content)) == content


def test_putting_twice_keeps_one(blobs: Blobs) -> None:
    assert blobs.put(b"a") == blobs.put(b"a")
    assert list(blobs.digests()) == [content_digest(b"a")]
    assert blobs.sweep() == 0


def test_a_damaged_blob_is_an_error_and_heals_when_put_again(blobs: Blobs) -> None:
    name = blobs.put(b"content")
    blobs.path(name).chmod(0o644)
    blobs.path(name).write_bytes(b"c0ntent")
    for read in (blobs.read, blobs.check):
        with pytest.raises(StoreError, match="damaged"):
            read(name)
    blobs.put(b"content")
    assert blobs.read(name) == b"content"


def test_a_missing_blob_is_an_error(blobs: Blobs) -> None:
    assert not blobs.has(content_digest(b"none"))
    with pytest.raises(StoreError, match="missing"):
        blobs.read(content_digest(b"none"))


@pytest.mark.parametrize("name", ["", "abc", "sha256:abc", "sha256:" + "../" * 21 + "a", "sha256:" + "A" * 64])
def test_what_is_no_digest_is_refused(blobs: Blobs, name: str) -> None:
    with pytest.raises(StoreError, match="no blob digest"):
        blobs.has(name)


def test_a_source_that_fails_leaves_nothing(blobs: Blobs) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StoreError, match="full"):
        blobs.put_stream(chunks())
    assert list(blobs.digests()) == []
    assert blobs.sweep() == 0


def test_leftovers_are_swept_but_never_under_a_writer(blobs: Blobs, tmp_path: Path) -> None:
    blobs.put(b"whole")
    incoming = tmp_path / "blobs" / "incoming"
    (incoming / "torn").write_bytes(b"ha")
    with (incoming / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert blobs.sweep() == 0
    assert blobs.sweep() == 1
    assert list(blobs.digests()) == [content_digest(b"whole")]
