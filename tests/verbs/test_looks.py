"""Looks: what is counted on which data, across plans, forms of file and processes."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.stats.sequential import boundary, crossing, nominal_alphas, spent
from tests.helpers.runs import Run, assay
from tests.verbs.scenes import CLAIM, GUARD, data, events, frozen, judged, plan, put, refused, scene, told, write_plan

TWO = {"looks": {"planned": 2, "units": 400, "spending": "pocock"}, "guardrails": []}
NULL = data(200, gain=0.0)


def rival(folder: Path, name: str = "rival", freeze: bool = True, **changed: Any) -> Path:
    """Another plan on the same rows with another candidate."""
    shutil.copy(folder / "base.csv", folder / f"{name}.csv")
    content = plan(name=name, candidates=[{"name": name, "file": f"{name}.csv", "score": "p"}], **changed)
    path = write_plan(folder, content, f"{name}.yaml")
    if freeze:
        frozen(path)
    return path


def grown(n: int, first: int = 200, gain: float = 0.0) -> dict[str, list[Any]]:
    """The rows of `data(first)` and new ones."""
    old, new = data(first, gain=gain), data(n - first, seed=9, start=first, gain=gain)
    return {k: [*old[k], *new[k]] for k in old}


def level(found: dict[str, Any]) -> float:
    return float(found["recommendations"][0]["verdicts"][0]["comparison"]["difference"]["decision_level"])


def test_another_candidate_on_the_same_units_needs_a_budget(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL)
    second = rival(tmp_path)
    told(path)
    line = refused(second)
    assert "the error is spent" in line


def test_each_candidate_of_a_budget_is_judged_at_its_share(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, reuse={"candidates": 2})
    second = rival(tmp_path, reuse={"candidates": 2})
    third = rival(tmp_path, "third", reuse={"candidates": 2})
    assert level(told(path)) == pytest.approx(1 - 0.05 / 2)
    found = told(second)
    assert level(found) == pytest.approx(1 - 0.05 / 2)
    assert found["look"]["candidates_read"] == 1
    assert "the error is spent" in refused(third)


def test_nothing_is_read_after_an_adoption(tmp_path: Path) -> None:
    path = scene(tmp_path, reuse={"candidates": 5})
    second = rival(tmp_path, reuse={"candidates": 5})
    assert judged(path).code == 0
    assert "was already adopted on these units" in refused(second)


@pytest.mark.parametrize("release", ["full", "verdict"])
def test_a_plan_frozen_after_the_numbers_were_read_is_adapted(tmp_path: Path, release: str) -> None:
    path = scene(tmp_path, NULL, reuse={"candidates": 2, "release": release})
    told(path)
    late = rival(tmp_path, reuse={"candidates": 2})
    if release == "full":
        assert "released in full before this plan was frozen" in refused(late)
    else:
        assert told(late)["look"]["candidates_read"] == 1


@pytest.mark.parametrize("m", [1, 2])
def test_a_deviation_on_the_same_data_is_another_test(tmp_path: Path, m: int) -> None:
    path = scene(tmp_path, NULL, reuse={"candidates": m})
    told(path)
    write_plan(tmp_path, plan(reuse={"candidates": m}, claims=[CLAIM | {"kind": "not_worse", "margin": 0.3}]))
    said = declined(path)
    assert ("the error is spent" if m == 1 else "released in full") in said


@pytest.mark.parametrize("form", ["shuffled.csv", ".parquet", ".jsonl"])
def test_the_same_rows_in_another_form_are_the_same_data(tmp_path: Path, form: str) -> None:
    path = scene(tmp_path, NULL)
    told(path)
    order = np.random.default_rng(1).permutation(200)
    columns = {k: [v[i] for i in order] for k, v in NULL.items()}
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copytree(tmp_path / ".assay", folder / ".assay")
    ending = Path(form).suffix or form
    put(folder, columns, ending)
    models = {
        "baseline": {"name": "base", "file": f"base{ending}", "score": "p"},
        "candidates": [{"name": "cand", "file": f"cand{ending}", "score": "p"}],
    }
    other = write_plan(folder, plan(name="other", **models))
    frozen(other)
    assert "the error is spent" in refused(other)


def test_a_baseline_that_was_not_there_at_the_freeze_cannot_be_changed_after_a_look(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, freeze=False)
    held = (tmp_path / "base.csv").read_bytes()
    (tmp_path / "base.csv").unlink()
    frozen(path)
    (tmp_path / "base.csv").write_bytes(held)
    told(path)
    put(tmp_path, {**NULL, "a": [0.5] * 200})
    assert "the error is spent" in refused(path)


def test_slices_and_units_are_part_of_what_was_read(tmp_path: Path) -> None:
    spec = plan()["data"] | {"unit": "region"}
    columns = {**NULL, "region": [f"r{i // 2}" for i in range(200)]}
    path = scene(tmp_path, columns, freeze=False, data=spec)
    for name in ("base.csv", "cand.csv"):
        (tmp_path / name).rename(tmp_path / f"held-{name}")
    frozen(path)
    put(tmp_path, columns)
    told(path)
    put(tmp_path, {**NULL, "region": [f"r{i // 4}" for i in range(200)]})
    assert "the error is spent" in refused(path)


def second_look(folder: Path, columns: dict[str, list[Any]], reason: str = "new units", **changed: Any) -> Path:
    put(folder, columns)
    path = write_plan(folder, plan(**(TWO | changed)))
    frozen(path, "--deviation", reason)
    return path


def test_a_planned_second_look_spends_what_is_left(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, **TWO)
    first = told(path)
    assert (first["look"]["look"], first["recommendations"][0]["action"]) == (1, "hold")
    assert level(first) == pytest.approx(1 - 2 * nominal_alphas([0.5], 0.025, "pocock")[0])
    second = told(second_look(tmp_path, grown(400)))
    assert second["look"]["look"] == 2
    assert level(second) == pytest.approx(1 - 2 * nominal_alphas([0.5, 1.0], 0.025, "pocock")[1])
    assert second["recommendations"][0]["action"] in ("iterate", "stop")
    assert assay("recheck", second["folder"]).code == 0
    put(tmp_path, grown(450))
    assert "this would be look 3 of 2 planned" in declined(write_plan(tmp_path, plan(**TWO)))


def steps(said: str, path: Path) -> list[list[str]]:
    """The commands that a sentence names, with the plan's path."""
    found = re.findall(r"`assay ([^`]*PLAN[^`]*)`", said)
    return [[str(path) if word == "PLAN" else word for word in shlex.split(step)] for step in found]


def test_what_a_hold_names_next_can_be_done(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, **TWO)
    why = told(path)["recommendations"][0]["why"]
    assert "next: add new units to the files until there are 400 units" in why
    put(tmp_path, grown(400))
    said = refused(path)
    assert "`assay plan freeze PLAN --deviation" in said
    named = steps(why, path)
    assert [step[0] for step in named] == ["plan", "judge"]
    codes = [assay(*step, "--lab", tmp_path).code for step in named]
    assert codes[0] == 0
    assert codes[1] in (3, 4)


def test_what_a_refused_look_names_next_can_be_done(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, **TWO)
    told(path)
    said = refused(second_look(tmp_path, data(400, seed=4, start=1000, gain=0.0)))
    assert "put the earlier rows, as they were, and the new ones into the files" in said
    put(tmp_path, grown(400))
    assert [assay(*step, "--lab", tmp_path).code in (0, 3, 4) for step in steps(said, path)] == [True, True]


def test_a_spent_budget_names_what_is_needed(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL)
    second = rival(tmp_path)
    told(path)
    said = refused(second)
    assert "freeze a plan with another name on units that were never read, then `assay judge` it" in said
    assert "declare `reuse: {candidates: 2}` there" in said
    put(tmp_path, data(200, seed=5, start=5000, gain=0.0))
    fresh = write_plan(tmp_path, plan(name="fresh", reuse={"candidates": 2}), "fresh.yaml")
    frozen(fresh)
    assert judged(fresh).code in (3, 4)


@pytest.mark.parametrize("units", [300, 600])
def test_the_last_look_keeps_the_whole_error_when_its_units_differ_from_those_planned(
    tmp_path: Path, units: int
) -> None:
    path = scene(tmp_path, NULL, **TWO)
    first = level(told(path))
    second = level(told(second_look(tmp_path, grown(units))))
    bounds = [-_quantile((1 - x) / 2) for x in (first, second)]
    upper, _ = crossing([200 / 400, units / 400], bounds)
    assert upper.sum() == pytest.approx(0.025, abs=1e-6)
    assert upper[0] == pytest.approx(spent(0.5, 0.025, "pocock"), abs=1e-9)
    assert boundary([0.5, units / 400], 0.025, "pocock", last=True)[0] == pytest.approx(bounds[0])


def _quantile(p: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(p))


@pytest.mark.parametrize(
    ("columns", "changed", "said"),
    [
        (data(400, seed=4, start=1000, gain=0.0), {}, "200 rows of the look before are missing"),
        ({**grown(400), "y": [1 - v for v in grown(400)["y"]]}, {}, "200 have another target"),
        (data(150, gain=0.0), {}, "the look before had 200 units, this one has 150"),
    ],
)
def test_between_looks_only_new_units_come(
    tmp_path: Path, columns: dict[str, list[Any]], changed: dict[str, Any], said: str
) -> None:
    told(scene(tmp_path, NULL, **TWO))
    assert said in refused(second_look(tmp_path, columns, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"claims": [CLAIM | {"kind": "not_worse", "margin": 0.2}]},
        {"looks": {"planned": 3, "units": 400}},
        {"level": 0.9},
    ],
)
def test_a_deviation_that_judge_would_refuse_is_not_frozen(tmp_path: Path, changed: dict[str, Any]) -> None:
    path = scene(tmp_path, NULL, **TWO)
    first = told(path)
    put(tmp_path, grown(400))
    write_plan(tmp_path, plan(**(TWO | changed)))
    assert "judge would refuse this deviation: the deviation changes what is judged after a look" in declined(path)
    put(tmp_path, NULL)
    write_plan(tmp_path, plan(**TWO))
    assert told(path)["folder"] == first["folder"], "the version before still stands"


def test_a_deviation_that_may_be_allowed_is_frozen_and_judged_by_its_data(tmp_path: Path) -> None:
    share = {"reuse": {"candidates": 2, "release": "verdict"}}
    path = scene(tmp_path, NULL, **TWO, **share)
    told(path)
    changed = plan(**TWO, **share, level=0.9)
    put(tmp_path, grown(400))
    frozen(write_plan(tmp_path, changed), "--deviation", "a lower level")
    assert "changes what is judged after a look" in refused(path)


def declined(path: Path) -> str:
    """The one line with which a deviation is refused; nothing is written."""
    before = events(path.parent)
    run = assay("plan", "freeze", path, "--lab", path.parent, "--deviation", "why not")
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1), run
    assert events(path.parent) == before
    return run.err


_JUDGE = "import sys; from assay.cli.main import run; run(sys.argv[1:])"


def test_two_processes_cannot_both_spend_the_last_look(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    paths = [scene(folder, NULL), rival(folder)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _JUDGE, "judge", str(p), "--lab", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for p in paths
    ]
    said = [(p.communicate(), p.returncode) for p in running]
    codes = sorted(code for _, code in said)
    assert codes[0] == 2, said
    assert codes[1] in (3, 4, 5), said
    assert any("the error is spent" in err for (_, err), _ in said), said
    assert events(folder).count("look.read") == 1
    assert len(list((folder / ".assay/evidence").glob("*"))) == 1


def test_a_look_taken_between_reading_and_recording_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assay.verbs import judge as verb

    path = scene(tmp_path, NULL, reuse={"candidates": 2})
    other = rival(tmp_path, reuse={"candidates": 2})
    once: list[Run] = []
    write = verb.write_memos

    def late(*arguments: Any) -> None:
        write(*arguments)
        if not once:
            once.append(Run(-1, "", ""))
            once[0] = judged(other)

    monkeypatch.setattr(verb, "write_memos", late)
    found = told(path)
    assert once[0].code in (3, 4), once
    assert found["look"]["candidates_read"] == 1
    stored = json.loads((Path(found["folder"]) / "manifest.json").read_bytes())
    assert stored["look"]["candidates_read"] == 1
    assert GUARD["name"] in {v["claim"] for v in found["recommendations"][0]["verdicts"]}
    assert assay("ledger", "verify", "--lab", tmp_path).code == 0
