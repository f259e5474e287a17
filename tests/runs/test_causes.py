"""The first cause of a difference: code, environment, data, seed, nondeterminism, in this order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assay.records.runs import RunEnd, RunStart
from assay.records.runview import RunView
from assay.runs.causes import Restored, first_cause
from assay.runs.outside import Watched

DATA = ("data", {"name": "rows", "digest": "sha256:a", "path": "rows.csv"})
OTHER = ("data", {"name": "rows", "digest": "sha256:b", "path": "rows.csv"})


def view(
    seed: int | None = 1, notes: Any = (DATA,), processor: str = "x", state: Any = "finished", **more: Any
) -> RunView:
    start = RunStart("r", "", "", 0.0, "h", "u", 1, ("python", "train.py"), "/f", {}, seed, launched=True)
    end = RunEnd(state, 1.0, 1.0, 1 if state == "failed" else 0, "exit code 1" if state == "failed" else "")
    around = {"python": {"version": "3.11"}, "machine": {"processor": processor}}
    return RunView(
        more.get("folder", "/f"), start, end, state, {}, {}, more.get("config", {}), {}, around, tuple(notes)
    )


EVERYTHING = Restored(("train.py: left out",), ("numpy 1 → 2",), ("rows.csv: gone",))


@pytest.mark.parametrize(
    ("restored", "again", "alike", "cause", "words"),
    [
        (EVERYTHING, [view(2)], False, "code", "train.py"),
        (Restored((), *((EVERYTHING.packages, EVERYTHING.data))), [view(2)], False, "environment", "numpy 1 → 2"),
        (Restored(data=EVERYTHING.data), [view(2)], False, "data", "gone"),
        (Restored(), [view(2, [OTHER]), view(2, [OTHER])], False, "data", "the run again sha256:b"),
        (Restored(), [view(2), view(3)], False, "seed", "had the seed 1, the run again 2"),
        (Restored(), [view(), view()], False, "nondeterminism", "differ from each other"),
        (Restored(), [view(processor="y")] * 2, True, "environment", "processor x → y"),
        (Restored(), [view(), view()], True, "unknown", "agree and differ"),
    ],
)
def test_causes_come_in_their_order(
    restored: Restored, again: list[RunView], alike: bool, cause: str, words: str
) -> None:
    found = first_cause(view(), again, restored, alike)
    assert found[0] == cause, found
    assert words in found[1]


def test_without_a_seed_that_is_the_cause() -> None:
    bare = view(None)
    assert first_cause(bare, [bare, bare], Restored(), False)[0] == "seed"
    drawn = [view(None, config={"seed": n}) for n in (1, 2)]
    assert first_cause(view(None, config={"seed": 1}), drawn, Restored(), True)[0] == "seed"


@pytest.mark.parametrize(
    ("said", "cause", "name"),
    [
        (
            "Traceback\nFileNotFoundError: [Errno 2] No such file or directory: 'data/x y.csv'\n",
            "data",
            "--read data/x y.csv",
        ),
        ("cat: no\npython: can't open file '/f/gone.py': [Errno 2] No such file\n", "data", "/f/gone.py"),
        ("ValueError: shapes do not fit\n", "unknown", "it said last: ValueError: shapes do not fit"),
        ("", "unknown", "exit code 1"),
    ],
)
def test_a_failure_says_what_the_program_said(tmp_path: Path, said: str, cause: str, name: str) -> None:
    (tmp_path / "output.log").write_text(said)
    found = first_cause(view(), [view(state="failed", folder=str(tmp_path))], Restored(), False)
    assert (found[0], name in found[1]) == (cause, True), found


def test_what_is_written_in_a_watched_place_is_named(tmp_path: Path) -> None:
    first, beside = tmp_path / "first", tmp_path / "again"
    for folder in (first / "out", first / ".assay", beside / "code"):
        folder.mkdir(parents=True)
    (first / "out/old.csv").write_text("1")
    (first / "kept.csv").write_text("1")
    seen = Watched([first], beside)
    assert seen.written() == []
    (first / "out/old.csv").write_text("22")
    (first / "new.csv").write_text("1")
    (first / ".assay/own").write_text("1")
    (beside / "code/inside.csv").write_text("1")
    (beside / "outside.csv").write_text("1")
    (beside / "results").mkdir()
    (first / "kept.csv").unlink()
    assert [p.removeprefix(f"{tmp_path}/") for p in seen.written()] == [
        "again/outside.csv", "again/results", "first/kept.csv", "first/new.csv", "first/out/old.csv",
    ]  # fmt: skip
