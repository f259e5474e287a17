"""Runs without the database of their lab: they are the truth, and whoever makes the lab anew takes them over."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import assay
from assay.base.errors import StoreError
from assay.store.local import LocalStore
from assay.verbs import reindex
from tests.helpers.runs import assay as command
from tests.runs.scenes import lab, logged


@pytest.fixture
def lost(tmp_path: Path) -> str:
    """A run in a folder of whose lab nothing else was copied."""
    lab(tmp_path / "first")
    run = logged(tmp_path / "first", [3.0, 2.0])
    (tmp_path / ".assay").mkdir()
    shutil.copytree(tmp_path / "first/.assay/runs", tmp_path / ".assay/runs")
    return run


def test_init_takes_the_runs_over(tmp_path: Path, lost: str) -> None:
    with pytest.raises(StoreError, match=r"has no lab\.db, and runs.*assay init"):
        assay.Lab(tmp_path).run(lost)
    made = command("init", str(tmp_path))
    assert made.code == 0
    assert "with 1 run that was there" in made.out
    assert assay.Lab(tmp_path).run(lost).series("loss").values.tolist() == [3.0, 2.0]
    assert sorted(p.name for p in tmp_path.iterdir()) == [".assay", "first"]
    with pytest.raises(StoreError, match="a lab already"):
        assay.Lab.create(tmp_path)


def test_reindex_makes_the_database_too(tmp_path: Path, lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "code"
    below.mkdir()
    monkeypatch.chdir(below)
    many, bad = reindex.run(None)
    assert (many, bad.total) == (1, 0)
    with LocalStore.open(tmp_path) as store:
        assert store.verify().ok


def test_a_run_goes_on_being_kept(tmp_path: Path, lost: str, capsys: pytest.CaptureFixture[str]) -> None:
    second = logged(tmp_path, [1.0])
    assert "with the runs that are there" in capsys.readouterr().err
    assert {row.id for row in assay.Lab(tmp_path).runs()} == {lost, second}


def test_the_log_of_the_lost_database_is_not_taken_for_that_of_the_new_one(tmp_path: Path, lost: str) -> None:
    (tmp_path / ".assay/lab.db-wal").write_bytes(b"what was committed last")
    with pytest.raises(StoreError, match=r"lab\.db-wal is there, and lab\.db is not"):
        assay.Lab.create(tmp_path)
    assert sorted(p.name for p in (tmp_path / ".assay").iterdir()) == ["lab.db-wal", "runs"]
    with assay.run(lab=tmp_path, capture=False) as run:
        run.log(loss=1.0)
    assert run.healthy
    assert (tmp_path / ".assay/runs" / run.id / "end.json").exists()
