"""Sweeps: the matrix is filled, nothing finished runs again, failures are retried, budgets and stop rules hold."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import AssayError
from assay.runs.once import write_once
from assay.runs.sweepfolder import open_sweep
from assay.verbs.sweep import look
from assay.verbs.sweep_worker import work
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside
from tests.helpers.sweeps import job, lines, scene, worked

ALL = sorted(f"{m}-{s}" for m in ("base", "cand") for s in range(3))


def test_the_whole_matrix_is_run_and_only_once(tmp_path: Path) -> None:
    path = scene(tmp_path)
    found = assay.Lab(tmp_path).sweep(path, workers=2)
    assert found.complete
    assert lines(tmp_path) == ALL
    again = assay.Lab(tmp_path).sweep(path)
    assert lines(tmp_path) == ALL
    assert [c.run for c in again] == [c.run for c in found]
    assert {m: len(r) for m, r in found.runs.items()} == {"base": 3, "cand": 3}
    row = assay.Lab(tmp_path).runs(where=f"id={found.runs['cand'][1]}")[0]
    assert (row.experiment, row.seed, row.params["model"], row.state) == ("tiny", 1, "cand", "finished")
    kinds = [e.kind for e in assay.Lab(tmp_path).entries()]
    assert (kinds.count("sweep.begun"), kinds.count("sweep.ended")) == (1, 1)
    assert "6 of 6 cells" in str(found)
    assert "<table" in found._repr_html_()
    assert found.to_json()["complete"] is True


def test_parameters_arrive_as_words_in_the_environment_and_in_the_configuration(tmp_path: Path) -> None:
    command = "sh -c 'echo \"{rate} {flag} $ASSAY_SEED $ASSAY_MODEL $ASSAY_CONFIG\" >> said.txt'"
    path = scene(
        tmp_path,
        {"command": command, "space": {"rate": [0.5]}},
        seeds=2,
        baseline={"name": "base", "runs": "sweep", "config": {"flag": True}},
        candidates=[{"name": "cand", "runs": "sweep", "config": {"flag": False}}],
    )
    course = worked(path)
    said = sorted((tmp_path / "said.txt").read_text().splitlines())
    assert said[0].startswith("0.5 false 0 cand {")
    assert json.loads(said[0].split(" ", 4)[4]) == {"rate": 0.5, "flag": False, "model": "cand"}
    run = course.standings()[0].run
    assert dict(assay.Lab(tmp_path).run(run).config) == {"rate": 0.5, "flag": True, "model": "base"}


def test_ablations_are_the_candidate_without_something(tmp_path: Path) -> None:
    ablations = [{"name": "no-trees", "removes": "trees", "runs": "sweep", "config": {"trees": 0}}]
    candidates = [{"name": "cand", "runs": "sweep", "config": {"trees": 9, "depth": 3}}]
    command = "sh -c 'echo {model}-{trees}-{depth}-{seed} >> done.txt'"
    base = {"name": "base", "runs": "sweep", "config": {"trees": 1, "depth": 1}, "deterministic": True}
    worked(scene(tmp_path, {"command": command}, ablations=ablations, candidates=candidates, baseline=base))
    want = ["base-1-1-0", *(f"cand-9-3-{s}" for s in range(3)), *(f"no-trees-0-3-{s}" for s in range(3))]
    assert lines(tmp_path) == sorted(want)


def test_a_cell_that_fails_is_tried_again(tmp_path: Path) -> None:
    # The first attempt of each cell fails, the second finds its file.
    command = "sh -c 'test -e {model}{seed} || {{ touch {model}{seed}; exit 7; }}; echo {model}-{seed} >> done.txt'"
    course = worked(scene(tmp_path, {"command": command, "retries": 1}))
    assert course.now().complete
    assert lines(tmp_path) == ALL
    assert {s.attempts for s in course.standings()} == {2}


ONE = {"seeds": 1, "claims": [{"name": "better", "metric": "brier", "kind": "better", "minimal_effect": 0.01}]}


def test_between_attempts_the_wait_doubles(tmp_path: Path) -> None:
    path = scene(tmp_path, {"command": "sh -c 'exit 3'", "backoff": 0.2, "retries": 2}, **ONE)
    worked(path)
    lab = assay.Lab(tmp_path)
    runs = [lab.run(r.id) for r in lab.runs() if r.params["model"] == "base"]
    starts, ends = sorted(r.start.started for r in runs), sorted(r.end.ended for r in runs if r.end is not None)
    waits = [start - end for start, end in zip(starts[1:], ends, strict=False)]
    assert len(runs) == 3
    assert [wait >= least for wait, least in zip(waits, (0.2, 0.4), strict=True)] == [True, True], waits


def test_a_random_search_draws_each_model_its_own_settings_by_the_seed_of_the_plan(tmp_path: Path) -> None:
    space = {"rate": {"low": 0.001, "high": 1.0, "log": True}, "depth": [1, 2, 3, 4]}
    drawn = []
    for folder, seed in (("a", 0), ("b", 0), ("c", 1)):
        (tmp_path / folder).mkdir()
        search = {"space": space, "search": "random", "settings": 5, "metric": "m"}
        path = scene(tmp_path / folder, search, seed=seed, **ONE)
        drawn.append([(s.cell.model, dict(s.cell.config)) for s in job(path).course().standings()])
    first, again, other = drawn
    assert first == again != other
    rates = [config["rate"] for model, config in first if model == "cand"]
    assert len(set(rates)) == 5
    assert all(0.001 <= rate <= 1 for rate in rates)
    assert {config["depth"] for _, config in first} <= {1, 2, 3, 4}


def test_a_cell_that_always_fails_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    command = "sh -c 'test {model}{seed} != cand1 || exit 7; echo {model}-{seed} >> done.txt'"
    path = scene(tmp_path, {"command": command, "retries": 2})
    with inside(tmp_path):
        run = cli("sweep", path, "--json", tmp_path / "out.json")
    assert run.code == 3
    assert lines(tmp_path) == [x for x in ALL if x != "cand-1"]
    assert "✘ cand seed 1: exit code 7" in run.out
    found = json.loads((tmp_path / "out.json").read_text())
    assert [(c["state"], c["attempts"]) for c in found["cells"] if c["state"] != "finished"] == [("failed", 3)]
    # Asked again, it is tried again, as often; mended, it is filled and the rest is left alone.
    assert [s.attempts for s in worked(path, "two").standings() if s.state == "failed"] == [6]
    (tmp_path / "exit").touch()
    before = lines(tmp_path)
    scene(tmp_path, {"command": command.replace("exit 7", "true"), "retries": 2})
    assert set(lines(tmp_path)) == set(before)


def test_two_sweeps_at_once_run_no_cell_twice(tmp_path: Path) -> None:
    path = scene(tmp_path, seeds=8)
    jobs = [job(path, name) for name in ("one", "two", "three")]
    threads = [threading.Thread(target=work, args=(j, threading.Event())) for j in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lines(tmp_path) == sorted(f"{m}-{s}" for m in ("base", "cand") for s in range(8))
    assert {s.attempts for s in jobs[0].course().standings()} == {1}


def test_a_claim_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    path = scene(tmp_path)
    mine = job(path)
    key = mine.course().standings()[0].cell.key
    claim = {"session": "gone", "host": os.uname().nodename, "boot": "", "pid": 1, "birth": "0", "time": 0.0}
    assert mine.course().state.claim(key, 1, "one")
    assert mine.course().standings()[0].state == "running"
    (mine.folder / "cells" / key / "1.claim").unlink()
    assert write_once(mine.folder / "cells" / key / "1.claim", claim)
    os.utime(mine.folder / "cells" / key / "1.claim", (1, 1))
    assert mine.course().standings()[0].state == "missing"
    assert worked(path).now().complete
    assert lines(tmp_path) == ALL


def test_a_run_that_ended_while_its_worker_died_fills_its_cell(tmp_path: Path) -> None:
    path = scene(tmp_path)
    course = worked(path)
    for standing in course.standings():
        place = course.state.folder / "cells" / standing.cell.key
        (place / "1.end").unlink()
        said = json.loads((place / "1.claim").read_text())
        (place / "1.claim").unlink()
        said.pop("digest")
        write_once(place / "1.claim", {**said, "birth": "0"})
    assert worked(path, "two").now().complete
    assert lines(tmp_path) == ALL


def test_a_run_that_is_gone_is_made_again(tmp_path: Path) -> None:
    path = scene(tmp_path)
    run = worked(path).standings()[2].run
    (tmp_path / ".assay/runs" / run / "end.json").unlink()
    course = worked(path, "two")
    assert course.now().complete
    assert len(lines(tmp_path)) == 7


def test_records_that_were_changed_are_named_and_the_cell_is_run_again(tmp_path: Path) -> None:
    path = scene(tmp_path)
    course = worked(path)
    cell = course.standings()[0].cell
    end = course.state.folder / "cells" / cell.key / "1.end"
    end.write_text(end.read_text().replace('"finished"', '"finishd"'))
    found = look(path, tmp_path)
    assert any("1.end is not as it was written" in note for note in found.notes)


def test_begun_anew_every_cell_is_run_again_and_the_old_runs_stay(tmp_path: Path) -> None:
    path = scene(tmp_path)
    first = worked(path).standings()[0].run
    found = assay.Lab(tmp_path).sweep(path, anew="a bug in the training")
    assert (found.results.generation, len(lines(tmp_path))) == (2, 12)
    assert assay.Lab(tmp_path).run(first).state == "finished"
    assert "a bug in the training" in json.dumps([e.payload for e in assay.Lab(tmp_path).entries()], default=str)


def test_predictions_that_the_command_writes_are_kept(tmp_path: Path) -> None:
    command = "sh -c 'printf \"id,y,p\\n1,1,0.{seed}\\n\" > out-{model}-{seed}.csv'"
    path = scene(tmp_path, {"command": command, "predictions": "out-{model}-{seed}.csv"})
    course = worked(path)
    assert course.now().complete
    kept = [assay.Lab(tmp_path).run(s.run).predictions() for s in course.standings()]
    assert len({k["predictions"] for k in kept}) == 3


def test_what_the_command_uses_is_named_in_the_plan(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("1\n")
    for model in ("base", "cand"):
        (tmp_path / f"{model}.txt").write_text(model)
    path = scene(tmp_path, {"command": "true", "reads": ["rows.csv"], "prompts": ["{model}.txt"]}, seeds=2)
    kept = {s.cell.model: assay.Lab(tmp_path).run(s.run) for s in worked(path).standings()}
    assert {name: run.content(f"{name}.txt") for name, run in kept.items()} == {"base": b"base", "cand": b"cand"}
    assert [said["name"] for run in kept.values() for said in run.contents.of("data")] == ["rows.csv"] * len(kept)
    gone = scene(tmp_path / "gone", {"command": "true", "reads": ["rows.csv"], "retries": 0}, seeds=2)
    assert "there is no such file" in worked(gone).standings()[0].why


def test_predictions_that_are_not_written_fail_the_cell(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("id,y,p\n1,1,0.5\n")
    os.utime(tmp_path / "old.csv", (1, 1))
    path = scene(tmp_path, {"command": "true", "predictions": "old.csv", "retries": 0}, seeds=2)
    states = worked(path).standings()
    assert {s.state for s in states} == {"failed"}
    assert "older than the run" in states[0].why
    (tmp_path / "old.csv").unlink()
    assert "not there" in worked(path, "two").standings()[0].why


METRIC = f"{sys.executable} train.py {{rate}}"
TRAIN = """
import assay, sys
rate = float(sys.argv[1])
with assay.run() as run:
    run.log(loss=float("nan") if rate > 9 else (rate - 2) ** 2 + run.start.seed / 100)
"""


def metric_scene(folder: Path, sweep: dict[str, Any], **keys: Any) -> Path:
    (folder / "train.py").write_text(TRAIN)
    one = {"baseline": {"name": "base", "file": "base.csv"}, "seeds": 1}
    claims = [{"name": "better", "metric": "brier", "kind": "better", "minimal_effect": 0.01}]
    return scene(folder, {"command": METRIC, "metric": "loss", **sweep}, **{**one, "claims": claims, **keys})


def test_the_setting_that_is_best_over_seeds_is_chosen(tmp_path: Path) -> None:
    found = worked(metric_scene(tmp_path, {"space": {"rate": [1, 2, 10]}}, seeds=2)).now()
    shown = {s.config["rate"]: s for s in found.settings}
    assert shown[2].chosen
    assert shown[2].value == pytest.approx(0.005)
    assert shown[2].interval is not None
    assert shown[10].value is None
    assert [s.config["rate"] for s in found.settings if s.chosen] == [2]
    assert any("no finite loss" in note for note in found.notes)


@pytest.mark.parametrize(("stop", "runs"), [({"value": 1.5}, [1]), ({"patience": 1}, [1, 2, 5])])
def test_stop_rules_end_the_search(tmp_path: Path, stop: dict[str, float], runs: list[int]) -> None:
    found = worked(metric_scene(tmp_path, {"space": {"rate": [1, 2, 5, 6]}, "stop": stop})).now()
    assert [c.cell.config["rate"] for c in found.cells] == runs
    assert found.complete
    assert "has ended" in found.stopped


def test_optuna_goes_on_where_it_was(tmp_path: Path) -> None:
    sweep = {"space": {"rate": {"low": 0.0, "high": 4.0}}, "search": "optuna", "settings": 3}
    path = metric_scene(tmp_path, sweep)
    first = [dict(c.cell.config) for c in worked(path).now().cells]
    assert len(first) == 3
    path = metric_scene(tmp_path, {**sweep, "settings": 5})
    found = worked(path, "two").now()
    assert [dict(c.cell.config) for c in found.cells][:3] == first
    assert (len(found.cells), found.complete) == (5, True)
    best = min(c.value for c in found.cells if c.value is not None)
    assert [s.value for s in found.settings if s.chosen] == [best]


def test_a_budget_begins_nothing_more(tmp_path: Path) -> None:
    path = scene(tmp_path)
    found = assay.Lab(tmp_path).sweep(path, hours=1e-9)
    assert (found.complete, found.results.stopped) == (False, "the budget of 1e-09 hours is spent")
    assert lines(tmp_path) == []
    busy = "sh -c 'i=0; while test $i -lt 3000; do i=$((i+1)); done; echo {model}-{seed} >> done.txt'"
    found = assay.Lab(tmp_path).sweep(scene(tmp_path, {"command": busy}), cpu_hours=1e-7)
    assert "processor hours" in found.results.stopped
    assert len(lines(tmp_path)) == 1


def test_failures_end_the_sweep(tmp_path: Path) -> None:
    found = worked(scene(tmp_path, {"command": "false", "retries": 0, "stop": {"failures": 2}})).now()
    assert found.count("failed") == 2
    assert "2 cells failed" in found.stopped


def test_a_cell_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.verbs.sweep_worker.LOOK", 0.02)
    path = scene(tmp_path, {"command": "sleep 60", "minutes": 0.0005, "retries": 0, "stop": {"failures": 1}})
    states = worked(path).standings()
    assert (states[0].state, states[0].why) == ("failed", "ended after 0.0005 minutes")


def test_a_cell_that_diverges_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.verbs.sweep_worker.LOOK", 0.05)
    (tmp_path / "train.py").write_text(TRAIN + "    import time; time.sleep(60)\n")
    sweep = {"command": METRIC, "metric": "loss", "space": {"rate": [10]}, "retries": 0}
    path = scene(tmp_path, {**sweep, "stop": {"diverged": True, "failures": 1}}, seeds=2)
    states = worked(path).standings()
    assert (states[0].state, states[0].why) == ("failed", "loss is nan")


def test_a_command_may_stand_beside_the_plan(tmp_path: Path) -> None:
    path = scene(tmp_path, {"command": []})
    with inside(tmp_path):
        run = cli("sweep", path, "--", "sh", "-c", "echo {model}-{seed} >> done.txt")
    assert run.code == 0, run.err
    assert lines(tmp_path) == ALL


def test_how_a_sweep_stands_can_be_asked_without_beginning_anything(tmp_path: Path) -> None:
    path = scene(tmp_path)
    before = set(tmp_path.rglob("*"))
    with inside(tmp_path):
        run = cli("sweep", path, "--status")
    assert run.code == 3
    assert "0 of 6 cells" in run.out
    assert set(tmp_path.rglob("*")) == before


def test_a_worker_that_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene(tmp_path)
    monkeypatch.setattr("assay.verbs.sweep.WORKER", ("-c", "import sys; sys.exit('it broke')"))
    with pytest.raises(AssayError, match="a worker of the sweep ended: it broke"):
        assay.Lab(tmp_path).sweep(path)


def test_a_sweep_is_found_by_the_name_of_its_plan(tmp_path: Path) -> None:
    scene(tmp_path)
    folders = {open_sweep(tmp_path / ".assay", name).folder for name in ("a b", "a-b", "ä", "ö", "")}
    assert len(folders) == 5
