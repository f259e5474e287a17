"""What a cell of a sweep gives: numbers from the file that its command writes, and why it failed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import assay
from assay.verbs.sweep import look
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside
from tests.helpers.sweeps import job, scene, worked


def test_numbers_that_the_command_writes_choose_a_setting(tmp_path: Path) -> None:
    command = 'sh -c \'printf "{{\\"loss\\": 0.{rate}}}" > {model}{rate}.json\''
    sweep = {"command": command, "metric": "loss", "metrics": "{model}{rate}.json", "space": {"rate": [7, 3]}}
    path = scene(tmp_path, sweep, seeds=2)
    assert worked(path).now().complete
    assert {s.config["rate"] for s in look(path, tmp_path).settings if s.chosen} == {3}


def test_a_cell_that_fails_says_what_its_command_said(tmp_path: Path) -> None:
    path = scene(tmp_path, {"command": "sh -c 'echo no such layer >&2; exit 4'", "retries": 0}, seeds=2)
    assert worked(path).standings()[0].why == "exit code 4; it said last: no such layer"


WRITE = "import json, sys; json.dump({'loss': float(sys.argv[1])}, open(sys.argv[2], 'w'))"


def test_a_search_by_optuna_is_begun_goes_on_and_is_judged_only_when_it_is_over(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_text(WRITE)
    (tmp_path / "p.csv").write_text("id,y,p\n1,1,0.5\n")
    sweep = {
        "command": f"{sys.executable} t.py {{rate}} {{model}}{{rate}}.json", "metrics": "{model}{rate}.json",
        "metric": "loss", "search": "optuna", "settings": 2, "space": {"rate": {"low": 0.0, "high": 1.0}},
    }  # fmt: skip
    path = scene(tmp_path, sweep, candidates=[{"name": "cand", "file": "p.csv"}], seeds=2)
    assert not look(path, tmp_path).complete
    course = job(path).course()
    assert course.next().cell is None
    begun = look(path, tmp_path)
    assert (len(begun.cells), begun.wanted, begun.complete) == (2, 4, False)
    assert "the search is not over" in {c.why for c in assay.Lab(tmp_path).coverage(path).missing}
    with inside(tmp_path):
        done = cli("sweep", "plan.yaml", "--json", "-")
    assert (done.code, json.loads(done.out)["complete"]) == (0, True), done.err
    found = look(path, tmp_path)
    assert (len(found.cells), found.notes) == (4, ())
