"""What a cell of a sweep gives: numbers from the file that its command writes, and why it failed."""

from __future__ import annotations

from pathlib import Path

from assay.verbs.sweep import look
from tests.helpers.sweeps import scene, worked


def test_numbers_that_the_command_writes_choose_a_setting(tmp_path: Path) -> None:
    command = 'sh -c \'printf "{{\\"loss\\": 0.{rate}}}" > {model}{rate}.json\''
    sweep = {"command": command, "metric": "loss", "metrics": "{model}{rate}.json", "space": {"rate": [7, 3]}}
    path = scene(tmp_path, sweep, seeds=2)
    assert worked(path).now().complete
    assert {s.config["rate"] for s in look(path, tmp_path).settings if s.chosen} == {3}


def test_a_cell_that_fails_says_what_its_command_said(tmp_path: Path) -> None:
    path = scene(tmp_path, {"command": "sh -c 'echo no such layer >&2; exit 4'", "retries": 0}, seeds=2)
    assert worked(path).standings()[0].why == "exit code 4; it said last: no such layer"
