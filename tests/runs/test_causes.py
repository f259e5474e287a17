"""The first cause of a difference: code, environment, data, seed, nondeterminism, in this order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.records.runs import RunEnd, RunStart
from assay.records.runview import RunView
from assay.runs.causes import Restored, first_cause
from assay.runs.outside import Places, Watched, places_of
from assay.verbs import reproduce

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
    seen = Watched(Places((first,), (beside,)))
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


def test_places_that_a_program_names_are_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, first, home = tmp_path / "again", tmp_path / "first", tmp_path / "home"
    names = ("said", "given", "set", "deep/below", "called")
    for place in (folder / "code/.venv", first, home, *(tmp_path / name for name in names)):
        place.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    code = f"open('{tmp_path}/said/out.txt', 'w'); x = 'https://example.org{tmp_path}'; y = '/usr/lib/x'; z = a / b\n"
    code += f"d = '{tmp_path}/deep'; s = f'{tmp_path}/called/{{n}}.csv'; t = '/no-such-folder/x'; u = '{folder}/z'\n"
    (folder / "code/train.py").write_text(code)
    told = [["python", f"--out={tmp_path}/given/model"], {"log": {"file": f"{tmp_path}/set/new/log.txt"}}, ["~/x"]]
    found = places_of(told, folder / "code", first, folder)
    assert {p.relative_to(tmp_path).as_posix() for p in found.deep} == {"first", "deep", "called"}
    assert {p.relative_to(tmp_path).as_posix() for p in found.flat} == {"again", "home", "said", "given", "set"}
    seen = Watched(found)
    for written in ("said/out.txt", "given/model", "deep/below/x", "home/results.csv", "called/1.csv"):
        (tmp_path / written).write_text("1")
    (tmp_path / "set/new").mkdir()
    assert {p.removeprefix(f"{tmp_path}/") for p in seen.written()} == {
        "said/out.txt", "given/model", "set/new", "deep/below/x", "home/results.csv", "called/1.csv",
    }  # fmt: skip


def test_a_run_again_is_watched_where_the_claim_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "again/code").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    claim = replace(view(config={"out": f"{tmp_path}/out/model.bin"}), code={"root": str(tmp_path / "first")})
    seen = reproduce._watched(claim, tmp_path / "again/code", tmp_path / "again")
    (tmp_path / "out/model.bin").write_text("1")
    temporary = Path(reproduce._variables(claim, tmp_path / "again/code")["TMPDIR"])
    (temporary / "scratch").write_text("1")
    assert seen.written() == [str(tmp_path / "out/model.bin")]


def test_of_too_many_files_those_that_were_looked_at_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.runs.outside.MOST_FILES", 2)
    for name in ("b/1", "b/2", "c/3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    seen = Watched(Places((tmp_path,)))
    (tmp_path / "a").mkdir()
    for name in ("a/1", "a/2", "a/3", "b/1"):
        (tmp_path / name).write_text("new")
    assert [p.removeprefix(f"{tmp_path}/") for p in seen.written()] == ["b/1"]
    assert seen.cut() == [str(tmp_path)]
