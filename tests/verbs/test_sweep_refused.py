"""What a sweep refuses before anything is begun: plans and options that cannot be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import AssayError
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside, line_of
from tests.helpers.sweeps import lines, scene

BAD: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"command": "no-such-program {seed}"}, {}, "'no-such-program' is not found"),
    ({"command": "echo {sed}"}, {}, "{sed}, which nothing fills in"),
    ({"command": "echo 'open"}, {}, "quotes are closed"),
    ({"command": ""}, {}, "no command for base"),
    ({"command": "true", "prompts": ["{what}.txt"]}, {}, "{what}"),
    ({"folder": "nowhere"}, {}, "the folder of the sweep is not there"),
    ({"space": {"seed": [1]}}, {}, "a parameter is called 'seed'"),
    ({"space": {"rate": []}, "metric": "m"}, {}, "'rate' has no values"),
    ({"space": {"rate": [1, 1]}, "metric": "m"}, {}, "has a value twice"),
    ({"space": {"rate": {"low": 2, "high": 1}}, "metric": "m"}, {}, "has low 2 and high 1"),
    ({"space": {"rate": {"low": 0, "high": 1, "log": True}}, "metric": "m"}, {}, "has low 0 and high 1"),
    ({"space": {"rate": {"low": 1, "hi": 2}}, "metric": "m"}, {}, "unknown key 'hi'"),
    ({"space": {"rate": {"low": 0.1, "high": 1}}, "metric": "m"}, {}, "the search is a grid and 'rate' is a range"),
    ({"space": {"rate": [1, 2]}}, {}, "no metric chooses among them"),
    ({"search": "random"}, {}, "the search is random and there is no space"),
    ({"space": {"rate": [1, 2]}, "search": "random", "metric": "m"}, {}, "`settings` is not given"),
    ({"settings": 4}, {}, "the search is a grid, with settings 4"),
    ({"stop": {"patience": 2}}, {}, "stop.patience is given without a metric"),
    ({"retries": -1}, {}, "sweep.retries is -1"),
    ({"budget": {"hours": 0}}, {}, "sweep.budget.hours is 0"),
    ({}, {"baseline": {"name": "base"}}, "`file` is missing in baseline"),
    ({}, {"baseline": {"name": "base", "file": "a.csv", "runs": "sweep"}}, "both a file and runs"),
    ({}, {"baseline": {"name": "base", "runs": ["sweep", "x"]}}, "names the sweep and further runs"),
    ({}, {"baseline": {"name": "base", "runs": ["x", "x"]}}, "names the run 'x' twice"),
    (
        {},
        {"baseline": {"name": "b", "file": "f"}, "candidates": [{"name": "c", "file": "g"}]},
        "no model of the plan has `runs: sweep`",
    ),
]


@pytest.mark.parametrize(("sweep", "keys", "what"), BAD, ids=[what[:40] for *_, what in BAD])
def test_a_bad_plan_is_refused_before_anything_is_begun(
    tmp_path: Path, sweep: dict[str, Any], keys: dict[str, Any], what: str
) -> None:
    path = scene(tmp_path, sweep, **keys)
    refused(path, what)


def test_a_plan_without_a_sweep_is_refused(tmp_path: Path) -> None:
    path = scene(tmp_path)
    path.write_text(path.read_text().partition("sweep:\n")[0])
    refused(path, "come from the sweep, and the plan has none")


def refused(path: Path, what: str) -> None:
    """One error or several, each a line, and nothing is written."""
    with inside(path.parent):
        run = cli("sweep", path)
    assert (run.code, run.out) == (2, "")
    assert what in run.err
    assert "Traceback" not in run.err
    assert not (path.parent / ".assay/sweeps").exists()
    assert not (path.parent / ".assay/runs").exists()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--workers", "0"], "0 workers"),
        (["--workers", "9999"], "9999 workers"),
        (["--hours", "-1"], "--hours is -1"),
        (["--cpu-hours", "nan"], "--cpu-hours is nan"),
        (["--", "echo", "{seed}"], "a command is given, and the plan has one"),
    ],
)
def test_bad_options_are_refused(tmp_path: Path, words: list[str], what: str) -> None:
    path = scene(tmp_path)
    before = set(tmp_path.rglob("*"))
    with inside(tmp_path):
        assert what in line_of(cli("sweep", path, *words), tmp_path, before)


def test_a_frozen_plan_that_was_edited_is_not_swept(tmp_path: Path) -> None:
    path = scene(tmp_path)
    assay.Lab(tmp_path).freeze(path)
    path.write_text(path.read_text().replace("seeds: 3", "seeds: 4"))
    with pytest.raises(AssayError, match="was edited after it was frozen"):
        assay.Lab(tmp_path).sweep(path)
    assert lines(tmp_path) == []
