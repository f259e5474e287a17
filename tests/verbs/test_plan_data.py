"""`plan check` looks at the data: every column, file and digest that the plan names and the files do not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assay.base.canonical import digest_file
from assay.verbs import plan as verb
from tests.helpers.runs import assay
from tests.helpers.tables import write
from tests.verbs.scenes import CLAIM, GUARD, data, plan, put, tree, write_plan

MORE = data(30, user=[i % 10 for i in range(30)], day=["2026-01-01"] * 30)


def lined(path: Path, key: str) -> int:
    """The line of the plan on which a text stands first."""
    return next(i for i, line in enumerate(path.read_text().splitlines(), 1) if key in line)


def spec(**changed: Any) -> dict[str, Any]:
    return plan()["data"] | changed


def models(**changed: Any) -> dict[str, Any]:
    return {"baseline": plan()["baseline"] | changed}


LATENCY = GUARD | {"name": "slow", "metric": "mean(msec)", "margin": 5}
GAP = GUARD | {"metric": "gap(brier, by=regoin)"}
CASES: list[tuple[dict[str, Any], str, str, str]] = [
    ({"data": spec(id=["idd"])}, '"id"', "no column 'idd' for the key in base.csv and cand.csv", "'id'"),
    ({"data": spec(target="yy")}, '"target"', "no column 'yy' for the target in base.csv and cand.csv", "'y'"),
    ({"data": spec(unit="usr")}, '"unit"', "no column 'usr' for the unit", "'user'"),
    ({"data": spec(unit="user", time="dya")}, '"time"', "no column 'dya' for the time", "'day'"),
    ({"data": spec(seed="sead")}, '"seed"', "no column 'sead' for the seed", "name one of its columns"),
    ({"data": spec(slices=["region", "region*dai"])}, "region*dai", "no column 'dai' for a slice", "'day'"),
    (models(score="pp"), '"score"', "no column 'pp' for the predictions of base in base.csv", "'p'"),
    ({"guardrails": [LATENCY]}, "mean(msec)", "no column 'msec' for its metric (slow)", "'ms'"),
    ({"guardrails": [GAP]}, "gap(", "no column 'regoin' for the groups of its metric (squares)", "'region'"),
    ({"claims": [CLAIM | {"slice": {"regio": "north"}}]}, '"regio"', "no column 'regio' for the slice", "'region'"),
    (models(digest="sha256:" + "0" * 64), '"digest"', "base.csv has the digest sha256:", "freezing fills it in"),
    (models(file="baze.csv"), "baze.csv", "no file 'baze.csv' beside the plan", "did you mean 'base.csv'?"),
    (models(score=""), '"score"', "columns that could hold predictions: ms, user, day, p", "`score: COLUMN`"),
]


@pytest.mark.parametrize(("changed", "key", "said", "fix"), CASES)
def test_what_the_files_do_not_have_is_said_with_line_rule_and_fix(
    tmp_path: Path, changed: dict[str, Any], key: str, said: str, fix: str
) -> None:
    put(tmp_path, MORE)
    path = write_plan(tmp_path, plan(**changed))
    problems, _ = verb.check(path)
    assert len(problems) == 1, problems
    assert said in problems[0].what
    assert problems[0].where == f"plan.yaml:{lined(path, key)}"
    assert problems[0].rule
    assert fix in problems[0].fix
    run = assay("plan", "check", path)
    assert (run.code, run.out) == (2, "")
    assert problems[0].line() in run.err


@pytest.mark.parametrize(("changed", "key", "said", "fix"), CASES)
def test_what_the_check_refuses_is_not_frozen(
    tmp_path: Path, changed: dict[str, Any], key: str, said: str, fix: str
) -> None:
    put(tmp_path, MORE)
    path = write_plan(tmp_path, plan(**changed))
    assert assay("init", tmp_path).code == 0
    run = assay("plan", "freeze", path, "--lab", tmp_path)
    assert (run.code, run.out) == (2, "")
    assert ("has the digest" if "digest" in said else said) in run.err.replace("have the digest", "has the digest")
    assert "plan.frozen" not in assay("ledger", "--lab", tmp_path).out


def test_a_freeze_says_every_problem_of_the_data(tmp_path: Path) -> None:
    put(tmp_path, MORE)
    path = write_plan(tmp_path, plan(data=spec(target="yy", unit="usr")))
    assert assay("init", tmp_path).code == 0
    run = assay("plan", "freeze", path, "--lab", tmp_path)
    assert [line.partition("for ")[2][:8] for line in run.err.splitlines()] == ["the targ", "the unit"]


def test_problems_of_plan_and_data_stand_in_one_list_in_order(tmp_path: Path) -> None:
    put(tmp_path, MORE)
    bad = plan(data=spec(target="yy", unit="usr"), guardrails=[GUARD | {"margin": -1}], colour="red")
    path = write_plan(tmp_path, bad)
    before = tree(tmp_path)
    problems, _ = verb.check(path)
    lines = [int(p.where.rpartition(":")[2]) for p in problems]
    assert (len(lines), lines) == (4, sorted(lines))
    assert tree(tmp_path) == before


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_a_plan_that_fits_its_data_is_sound(tmp_path: Path, ending: str) -> None:
    put(tmp_path, MORE, ending)
    both = {
        "baseline": plan()["baseline"] | {"file": f"base{ending}", "digest": digest_file(tmp_path / f"base{ending}")},
        "candidates": [{"name": "cand", "file": f"cand{ending}", "score": "p"}],
    }
    path = write_plan(tmp_path, plan(data=spec(unit="user", time="day", slices=["region*day"]), **both))
    assert verb.check(path)[0] == []
    assert assay("plan", "check", path).code == 0


def test_one_file_may_bring_what_all_share(tmp_path: Path) -> None:
    put(tmp_path, MORE)
    write(tmp_path / "cand.csv", {"id": MORE["id"], "p": MORE["b"]})
    assert verb.check(write_plan(tmp_path))[0] == []


def test_files_that_are_not_there_yet_are_warnings(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan(data=spec(target="yy")))
    problems, warnings = verb.check(path)
    assert problems == []
    assert sum("are not there: no file" in w for w in warnings) == 2
    put(tmp_path, MORE)
    (tmp_path / "cand.csv").rename(tmp_path / "elsewhere.csv")
    problems, warnings = verb.check(path)
    assert problems == []
    assert any("no file 'cand.csv'" in w for w in warnings)
    assert any("no column 'yy' for the target in base.csv" in w for w in warnings)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"id,y,p\n", "has no rows"), (b"PAR1", "holds Parquet"), (b"id,id\n1,2\n", "2 times")],
)
def test_files_that_cannot_be_read_are_problems(tmp_path: Path, content: bytes, said: str) -> None:
    put(tmp_path, MORE)
    (tmp_path / "cand.csv").write_bytes(content)
    path = write_plan(tmp_path)
    problems, _ = verb.check(path)
    assert [said in p.what for p in problems] == [True], problems
    assert problems[0].where == f"plan.yaml:{lined(path, 'cand.csv')}"


def test_only_the_head_of_text_is_read(tmp_path: Path) -> None:
    put(tmp_path, MORE)
    lines = (tmp_path / "base.csv").read_text().splitlines(keepends=True)
    tail = "".join(lines[1:]) * 4000
    (tmp_path / "base.csv").write_text(lines[0] + tail + "not,a,row\n")
    assert verb.check(write_plan(tmp_path))[0] == []
