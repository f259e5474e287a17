"""Milestones that are done: said once in the ledger, kept by deviations that keep them, shown wherever they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.base.errors import InputError, MissingError
from assay.lab import Lab
from assay.records.access import ROLES, Principal
from assay.records.portfolio import DatedStep
from assay.report.html import render
from assay.report.portfolio import lab_page, plan_page
from assay.store import LocalStore
from assay.verbs import milestone
from tests.helpers.runs import assay
from tests.verbs.scenes import plan, put, write_plan

PILOT, LAUNCH = {"date": "2026-01-15", "what": "pilot in one region"}, {"date": "2026-03-01", "what": "launch"}


def frozen(folder: Path, milestones: list[dict[str, str]], *more: str) -> None:
    """The plan `late`, or a deviation, with these milestones."""
    path = write_plan(folder, plan(milestones=milestones))
    run = assay("plan", "freeze", path, "--lab", folder, *more)
    assert run.code == 0, run.err


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A lab with the frozen plan `late`, which has two milestones."""
    put(tmp_path)
    made = Lab.create(tmp_path)
    frozen(tmp_path, [PILOT, LAUNCH])
    return made


def events(lab: Lab) -> list[Any]:
    return [e.content() for e in lab.entries(kind=milestone.DONE)]


def steps(lab: Lab) -> dict[str, DatedStep]:
    return {s.what: s for s in lab.plan("late").steps}


def test_it_is_said_once_and_stands_with_who_said_it_and_when(lab: Lab) -> None:
    run = assay("plan", "done", "late", "pilot in one region", "--note", "see the wiki", "--lab", lab.folder)
    assert (run.code, run.out) == (0, "pilot in one region (2026-01-15) of late is done\n")
    state = lab.plan("late")
    (event,) = events(lab)
    assert event == {"plan": state.latest.digest, "name": "late", **PILOT, "note": "see the wiki", "by": event["by"]}
    said = steps(lab)["pilot in one region"]
    (entry,) = lab.entries(kind=milestone.DONE)
    assert (said.done_by, said.done_at, said.note) == (event["by"], entry.time, "see the wiki")
    assert not steps(lab)["launch"].done
    again = assay("plan", "done", "late", "2026-01-15 pilot in one region", "--note", "other", "--lab", lab.folder)
    assert (
        again.out
        == f"pilot in one region (2026-01-15) of late was done before, on {entry.time[:10]} by {event['by']}\n"
    )
    assert events(lab) == [event]
    shown = json.loads(assay("plan", "show", "late", "--lab", lab.folder).out)
    assert [(m["what"], bool(m["done_at"])) for m in shown["milestones"]] == [(PILOT["what"], True), ("launch", False)]
    told = assay("ledger", "--kind", milestone.DONE, "--lab", lab.folder).out
    assert "late version 1: 2026-01-15 pilot in one region is done, says " in told
    assert lab.verify()


def test_a_deviation_keeps_what_it_still_has(lab: Lab, tmp_path: Path) -> None:
    for words in ("2026-01-15", "launch"):
        assert lab.done("late", words).fresh
    moved = {**LAUNCH, "date": "2026-04-01"}
    frozen(tmp_path, [moved, PILOT, {**PILOT, "what": "pilot in two regions"}], "--deviation", "the launch moved")
    kept = {(s.date, s.what): s.done for s in lab.plan("late").steps}
    assert kept == {
        ("2026-04-01", "launch"): False,
        ("2026-01-15", "pilot in one region"): True,
        ("2026-01-15", "pilot in two regions"): False,
    }
    assert not lab.done("late", "pilot in one region").fresh
    assert lab.done("late", "launch").step.date == "2026-04-01"


@pytest.mark.parametrize(
    ("name", "words", "wrong"),
    [
        ("late", "pilot in on region", "fix: did you mean 'pilot in one region'?"),
        ("late", "2026-03-10", "fix: did you mean '2026-03-01', '2026-01-15'?"),
        ("late", "", "fix: it has 'pilot in one region', 'launch'"),
        ("lete", "launch", "fix: did you mean 'late'?"),
    ],
)
def test_what_is_not_there_is_answered_with_the_nearest(lab: Lab, name: str, words: str, wrong: str) -> None:
    run = assay("plan", "done", name, words, "--lab", lab.folder)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert wrong.removeprefix("fix: ") in run.err
    assert events(lab) == []


def test_one_is_named_at_a_time_and_a_note_has_an_end(lab: Lab, tmp_path: Path) -> None:
    frozen(tmp_path, [LAUNCH, {**LAUNCH, "date": "2026-05-01"}], "--deviation", "in two steps")
    with pytest.raises(InputError, match=r"names 2 milestones.*'2026-03-01 launch'"):
        lab.done("late", "launch")
    assert lab.done("late", "2026-03-01 launch").fresh
    assert not lab.done("late", "2026-03-01").fresh
    with pytest.raises(InputError, match="10,001 characters; at most 10,000"):
        lab.done("late", "2026-05-01", "x" * 10_001)
    frozen(tmp_path, [], "--deviation", "no dates")
    with pytest.raises(MissingError, match="the version that holds has none; add it in a deviation"):
        lab.done("late", "launch")


def test_the_first_who_said_it_counts_and_an_erased_event_says_nothing(lab: Lab, tmp_path: Path) -> None:
    ada = Principal("ada", ROLES["scientist"])
    assert milestone.done(tmp_path, "late", "launch", by=ada).step.done_by == "ada"
    other = Lab.create(tmp_path / "other")
    other.sync(lab)
    with LocalStore.open(tmp_path) as store:
        (entry,) = store.entries(kind=milestone.DONE)
        # As another lab might have written it, later and by another hand.
        store.append(milestone.DONE, {**entry.content(), "by": "eve"})
        store.append(milestone.DONE, ["neither", "plan", "nor", "date"])
        assert steps(lab)["launch"].done_by == steps(other)["launch"].done_by == "ada"
        for each in store.entries(kind=milestone.DONE):
            store.erase(each.writer, each.seq, "private")
    assert not steps(lab)["launch"].done


def test_the_static_pages_show_it(lab: Lab) -> None:
    done = lab.done("late", "launch", "<b>live</b>").step
    state = lab.plan("late")
    for page in (render(lab_page([state])), render(plan_page(state))):
        assert "open" in page
        assert f"{done.done_at[:10]} by {done.done_by}: &lt;b&gt;live&lt;/b&gt;" in page
