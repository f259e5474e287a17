"""`looks` of a plan file: units or shares, families of spending, any number of looks; and all that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.base.canonical import digest_json
from assay.readers.plan_content import plan_content, plan_from_content, plan_to_yaml
from assay.readers.planfile import read_plan
from assay.records.plan import Looks, Plan
from tests.readers.plan_files import SOUND, checked

LINE = len(SOUND.splitlines()) + 1


def read(tmp_path: Path, looks: str) -> Plan:
    path = tmp_path / "plan.yaml"
    path.write_text(f"{SOUND}looks: {looks}\n", encoding="utf-8")
    return read_plan(path)


@pytest.mark.parametrize(
    ("looks", "record"),
    [
        ("{planned: 3, units: 900}", Looks(3, 900)),
        ("{at: [200, 500, 1000]}", Looks(3, 1000, at=(200, 500, 1000))),
        ("{at: [0.2, 0.5, 1], units: 1000}", Looks(3, 1000, at=(200, 500, 1000))),
        ("{at: [500, 1000], units: 1000, planned: 2, spending: pocock}", Looks(2, 1000, "pocock", (500, 1000))),
        (
            "{planned: 2, units: 90, spending: hwang-shih-decani, parameter: -4}",
            Looks(2, 90, "hwang-shih-decani", parameter=-4.0),
        ),
        ("{planned: 2, units: 90, spending: power, parameter: 3}", Looks(2, 90, "power", parameter=3.0)),
        ("{planned: 2, units: 90, spending: classical-pocock}", Looks(2, 90, "classical-pocock")),
        ("{kind: always-valid, units: 400}", Looks(0, 400, kind="always-valid")),
    ],
)
def test_looks_are_read_and_written_back(tmp_path: Path, looks: str, record: Looks) -> None:
    plan = read(tmp_path, looks)
    assert plan.looks == record
    assert plan_from_content(plan_content(plan)) == plan
    again = tmp_path / "again.yaml"
    again.write_text(plan_to_yaml(plan), encoding="utf-8")
    assert read_plan(again) == plan


def test_plans_of_before_keep_their_content_and_digest(tmp_path: Path) -> None:
    """New keys that say nothing are no part of what is frozen."""
    content = plan_content(read(tmp_path, "{planned: 2, units: 900, spending: pocock}"))
    assert content["looks"] == {"planned": 2, "units": 900, "spending": "pocock"}
    assert digest_json(plan_content(plan_from_content(content))) == digest_json(content)


@pytest.mark.parametrize(
    ("looks", "said", "fix"),
    [
        ("{at: [500, 200, 1000]}", "looks.at goes from 500 to 200", "ascending order"),
        ("{at: [500, 500, 1000]}", "looks.at goes from 500 to 500", "ascending order"),
        ("{at: [-5, 500]}", "looks.at[1] is −5", "give units"),
        ("{at: [0, 500]}", "looks.at[1] is 0", "give units"),
        ("{at: [0.5, 1]}", "gives shares, without `units`", "add `units"),
        ("{at: [0.2, 0.9], units: 100}", "looks.at ends with 0.9", "end with 1"),
        ("{at: [0.001, 0.002, 1], units: 100}", "looks.at comes to 0, 0, 100 units", "more units"),
        ("{at: [0.5, 500]}", "looks.at[1] is 0.5, and looks.at[2] is 500", "in units"),
        ("{at: [250.5, 500]}", "looks.at[1] is 250.5", "in units"),
        ("{at: [250, 500], units: 600}", "looks.units is 600, and looks.at ends with 500", "remove `units`"),
        ("{at: [250, 500], planned: 3}", "looks.planned is 3, and looks.at has 2 looks", "remove `planned`"),
        ("{planned: 2, units: 90, spending: power}", "power lacks a parameter", "parameter: 3"),
        ("{planned: 2, units: 90, spending: power, parameter: 0}", "power has the parameter 0", "parameter: 3"),
        ("{planned: 2, units: 90, spending: hwang-shih-decani, parameter: 99}", "has the parameter 99", "-4"),
        ("{planned: 2, units: 90, spending: pocock, parameter: 2}", "pocock takes no parameter", "remove it"),
        ("{planned: 5, units: 3}", "5 looks are planned at 3 units", "more units"),
        ("{kind: always-valid}", "looks are always-valid, without `units`", "add `units"),
        ("{kind: always-valid, units: 90, planned: 3}", "looks are always-valid, with `planned`", "remove `planned`"),
        ("{kind: always-valid, units: 90, at: [50, 90]}", "looks are always-valid, with `at`", "remove `at`"),
        ("{kind: always-valid, units: 90, spending: pocock}", "with `spending`", "remove `spending`"),
    ],
)
def test_what_does_not_fit_is_one_problem_with_its_line_and_fix(
    tmp_path: Path, looks: str, said: str, fix: str
) -> None:
    problems, _ = checked(tmp_path, f"{SOUND}looks: {looks}\n")
    lines = [p.line() for p in problems]
    assert len(lines) == 1, lines
    assert said in lines[0]
    assert fix in lines[0]
    assert str(LINE) in lines[0]
