"""Writing: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assay.base.errors import StoreError
from assay.cli.output import say, write


def test_a_file_appears_whole_with_usual_rights(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    write(str(target), "new é\n")
    assert target.read_text(encoding="utf-8") == "new é\n"
    assert target.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [target]


def test_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    write("-", "text")
    say("more\n\n")
    assert capsys.readouterr().out == "textmore\n"


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write(str(tmp_path / "no" / "out"), "x")


def test_a_failure_half_way_leaves_the_old_file_and_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreError, match="No space left"):
        write(str(target), "new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_as_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write(str(tmp_path), "x")
