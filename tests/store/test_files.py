"""Files appear whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.store.files import make_folder, move_into_place, pieces, write_new, write_whole


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    for content in (b"first", b"second"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["c.json"]


def test_a_source_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("the source failed")

    with pytest.raises(ValueError, match="the source failed"):
        write_new(tmp_path / "x", chunks())
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "x", [b"other"])
    assert (tmp_path / "x").read_bytes() == b"mine"


def test_a_move_that_fails_removes_the_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "temporary").write_bytes(b"x")
    with pytest.raises(OSError, match="none"):
        move_into_place(tmp_path / "temporary", tmp_path / "none" / "x")
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_pieces_make_up_the_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a" * 2_500_000)
    assert [len(piece) for piece in pieces(tmp_path / "x")] == [1 << 20, 1 << 20, 2_500_000 - (2 << 20)]
