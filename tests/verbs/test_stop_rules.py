"""A stop rule that a person finds met stops a plan that is not supported, and is part of the evidence."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.runs import assay
from tests.verbs.scenes import data, events, judged, refused, scene, told

RULE = "no gain by March"


def test_a_rule_that_is_met_stops_an_open_plan(tmp_path: Path) -> None:
    path = scene(tmp_path, data(60, gain=0.0), stop_rules=[RULE])
    assert judged(path).code == 3
    run = judged(path, "--stop-rule", RULE)
    assert run.code == 4
    assert RULE in run.out
    assert events(tmp_path).count("look.read") == 1


def test_the_evidence_of_a_stop_can_be_checked(tmp_path: Path) -> None:
    path = scene(tmp_path, data(60, gain=0.0), stop_rules=[RULE])
    found = told(path, "--stop-rule", RULE)
    again = assay("recheck", found["folder"])
    assert (again.code, again.err) == (0, "")
    assert "cand: stop" in again.out


def test_only_a_rule_of_the_plan_can_stop_it(tmp_path: Path) -> None:
    path = scene(tmp_path, stop_rules=[RULE])
    assert "'no gain' is no stop rule" in refused(path, "--stop-rule", "no gain")


def test_what_is_supported_is_adopted_all_the_same(tmp_path: Path) -> None:
    path = scene(tmp_path, stop_rules=[RULE])
    assert judged(path, "--stop-rule", RULE).code == 0
