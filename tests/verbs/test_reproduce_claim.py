"""A claim is made again from the runs behind it, and every difference has a cause."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import AssayError
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside
from tests.helpers.sweeps import scene, worked
from tests.runs.scenes import logged
from tests.runs.test_code import git, repository

SCRIPT = "import random, sys\nseed, gain, out = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]\n"
SCRIPT += "r = random.Random(seed)\nlines = ['id,y,p']\n"
SCRIPT += "for i in range(30):\n    lines.append(f'{i},{i % 2},{0.5 + (i % 2 - 0.5) * gain + r.uniform(-.1, .1)}')\n"
SCRIPT += "open(out, 'w').write('\\n'.join(lines))\n"


def swept(folder: Path, script: str = SCRIPT, **keys: Any) -> assay.Judged:
    """A judged plan whose two models of two seeds were trained by a script."""
    (folder / "train.py").write_text(script)
    models = {
        "baseline": {"name": "base", "runs": "sweep", "config": {"gain": 0.2}},
        "candidates": [{"name": "cand", "runs": "sweep", "config": {"gain": 0.6}}],
    }
    command = f"{sys.executable} train.py {{seed}} {{gain}} {{model}}{{seed}}.csv"
    path = scene(folder, {"command": command, "predictions": "{model}{seed}.csv"}, **models, seeds=2, **keys)
    lab = assay.Lab(folder)
    lab.freeze(path)
    assert worked(path).now().complete
    return lab.judge(path)


def test_a_claim_is_reproduced_from_its_runs(tmp_path: Path) -> None:
    judged = swept(tmp_path)
    with inside(tmp_path):
        run = cli("reproduce", judged.folder, "--environment", "present", "--json", "r.json")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("✔ reproduced: 'better' of cand")
    found = json.loads((tmp_path / "r.json").read_text())
    manifest = json.loads((judged.folder / "manifest.json").read_text())
    behind = {r for held in manifest["runs"].values() for r in held.values()}
    assert {r["run"] for r in found["runs"]} == behind
    assert found["first"] == found["again"]
    assert found["first"]["value"] is not None
    kinds = [e.kind for e in assay.Lab(tmp_path).entries()]
    assert (kinds.count("claim.reproduced"), kinds.count("run.reproduced")) == (1, 4)


@pytest.mark.parametrize(("change", "outcome"), [("0.01 * NOISE", "within noise"), ("-2 * gain", "not reproduced")])
def test_a_claim_that_comes_out_otherwise_is_told(tmp_path: Path, change: str, outcome: str) -> None:
    # The run again says something else because a file beside the code, which is not part of it, has changed.
    outside = tmp_path / "outside.txt"
    outside.write_text("0")
    script = SCRIPT.replace("r = random", f"NOISE = float(open({str(outside)!r}).read())\nr = random", 1)
    script = script.replace("NOISE =", f"gain += ({change.replace('NOISE', 'float(1)')}) * ", 1)
    folder = tmp_path / "project"
    folder.mkdir()
    judged = swept(folder, script)
    outside.write_text("1")
    found = assay.Lab(folder).reproduce_claim(judged.folder, environment="present")
    assert found.outcome == outcome
    assert found.again is not None
    assert found.again.value != found.first.value
    assert (found.cause, len(found.runs)) == ("unknown", 4)


def test_a_claim_whose_runs_fail_is_told(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.touch()
    folder = tmp_path / "project"
    folder.mkdir()
    judged = swept(folder, f"open({str(outside)!r})\n{SCRIPT}")
    outside.unlink()
    found = assay.Lab(folder).reproduce_claim(judged.folder, "better", environment="present")
    assert (found.outcome, found.again) == ("failed", None)


def test_what_cannot_be_made_again_is_refused(tmp_path: Path) -> None:
    judged = swept(tmp_path)
    lab = assay.Lab(tmp_path)
    with pytest.raises(AssayError, match="no claim 'best'"):
        lab.reproduce_claim(judged.folder, "best")
    with pytest.raises(AssayError, match="names 0 bundles"):
        lab.reproduce_claim("sha256:0123456789")
    with inside(tmp_path):
        assert "no run is known to be good" in cli("reproduce", "--known-good").err
        assert "no run is named" in cli("reproduce").err
    (judged.folder / "cells.json").write_text("{}")
    with pytest.raises(AssayError, match="was changed"):
        lab.reproduce_claim(judged.folder)


def test_stale_runs_among_the_known_good_are_named(tmp_path: Path) -> None:
    folder, outside = tmp_path / "project", tmp_path / "outside.txt"
    outside.write_text("0.5")
    repository(folder, old=f"print('{{\"a\":', open({str(outside)!r}).read(), '}}', file=open('m.json', 'w'))", good="")
    (folder / "good.py").write_text("open('m.json', 'w').write('{\"a\": 1.0}')")
    lab = assay.Lab.create(folder)

    def run(name: str, *options: str) -> str:
        said = cli("run", *options, "--metrics", "m.json", "--", sys.executable, f"{name}.py")
        assert said.code == 0, said.err
        return lab.runs()[0].id

    with inside(folder):
        old, good, empty = run("old", "--tag", "known-good"), run("good"), run("good")
        lost = run("good", "--tag", "known-good")
        git(folder, "commit", "-q", "--amend", "-m", "another")
        git(folder, "reflog", "expire", "--expire=now", "--all")
        git(folder, "gc", "-q", "--prune=now")
        later = run("good")
        for one in (empty, later):
            assert cli("runs", "known-good", one, "--why", "it holds").code == 0
        assert cli("runs", "known-good", good, "--off").out == f"{good} is not known to be good\n"
        assert cli("runs", "known-good", empty, "--off").code == 0
        outside.write_text("0.7")
        again = cli("reproduce", "--known-good", "--environment", "present", "--json", "k.json")
    assert again.code == 3
    found: list[dict[str, Any]] = json.loads((folder / "k.json").read_text())
    assert {r["run"]: (r["outcome"], len(r["reruns"])) for r in found} == {
        old: ("failed", 0), lost: ("failed", 0), later: ("reproduced", 1),
    }  # fmt: skip
    assert f"✘ failed: run {lost} cannot be made again: " in again.out
    assert "cannot be checked out" in again.out
    assert f"✔ reproduced: run {later}" in again.out
    assert again.out.endswith(f"✘ 2 of 3 runs stale: {old}, {lost}\n")
    assert [e.kind for e in lab.entries(100)].count("run.reproduced") == 3


def test_what_is_known_to_be_good_is_what_was_said_last(tmp_path: Path) -> None:
    lab = assay.Lab.create(tmp_path)
    tagged, plain = (logged(tmp_path, [1.0], tags=tags) for tags in (["known-good"], []))
    with assay.run(lab=tmp_path, capture=False) as open_run, pytest.raises(AssayError, match="is running"):
        lab.mark_known_good(open_run.id)
    assert [(k.run, k.by) for k in lab.known_good()] == [(tagged, "")]
    many = len(lab.entries(100))
    assert lab.mark_known_good(tagged) == lab.known_good()[0]
    lab.mark_known_good(plain, False)
    assert len(lab.entries(100)) == many
    said = lab.mark_known_good(plain[-4:], why="the paper's table 2")
    assert (said.run, said.good, said.why) == (plain, True, "the paper's table 2")
    assert said.by
    lab.mark_known_good(tagged, False, "its data are wrong")
    with inside(tmp_path):
        assert cli("runs", "known-good").out == f"{plain}  said {said.by} on {said.at[:10]}: the paper's table 2\n"
        assert "no run is named" in cli("runs", "known-good", "--off").err
        assert "is no longer known to be good, says" in cli("ledger").out
        assert cli("runs", "known-good", "none").code == 2


def test_a_plan_that_demands_it_adopts_nothing_before_it_is_reproduced(tmp_path: Path) -> None:
    claim = {"name": "better", "metric": "brier", "kind": "better", "minimal_effect": 0.01}
    judged = swept(tmp_path, claims=[claim], reproduction="required")
    assert (judged.action, judged.recommendations[0].verdicts[0].status) == ("hold", "supported")
    assert "the plan demands that 'better' be reproduced first" in judged.recommendations[0].why
    lab = assay.Lab(tmp_path)
    assert lab.judge(tmp_path / "plan.yaml").folder == judged.folder
    assert lab.reproduce_claim(judged.folder, environment="present").outcome == "reproduced"
    after = lab.judge(tmp_path / "plan.yaml")
    assert after.action == "adopt"
    assert after.judgement.look == judged.judgement.look
    assert lab.recheck(after.folder)
