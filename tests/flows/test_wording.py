"""Errors from a plan name its keys; those from `compare` name its options."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import MetricError
from assay.cli.compare import command
from assay.flows.wording import KEYS, in_plan, plan_words
from assay.readers.plan_problems import known_keys
from tests.helpers import runs
from tests.verbs.scenes import GUARD, data, frozen, plan, put, refused, scene, write_plan

STAGES = ("data", "evaluate", "flows", "metrics", "stats")
TOP = ("missing", "level", "seed", "baseline", "candidates")


def test_every_option_that_a_stage_names_is_a_key_of_the_plan() -> None:
    options = {o.removeprefix("--") for p in command.params for o in p.opts if o.startswith("--")}
    assert set(KEYS) <= options
    root = Path(assay.__file__).parent
    named = {
        option
        for room in STAGES
        for path in (root / room).glob("*.py")
        # What no plan is judged by has options of its own.
        if path.stem not in ("ablation", "agreement", "candidates", "imports", "preferences", "raters", "strengths")
        and not path.stem.startswith("power")
        for option in re.findall(r"[^-\w`]--([a-z]+(?:-[a-z]+)*)", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 5
    assert named - {"pilot"} <= set(KEYS)


def test_every_key_is_one_that_plans_have() -> None:
    for name, of in KEYS.values():
        part, _, key = name.rpartition(".")
        path: Any = (part,) if part else {" of the model": ("baseline",), " of the claim": ("claims", 0)}.get(of, ())
        assert key in known_keys(path), name


@pytest.mark.parametrize(
    ("option", "key"),
    [
        ("--missing exclude, failure or refuse", "`missing: exclude`, failure or refuse"),
        ("--threshold T, or --metric f1@T", "`data.threshold: T`, or `metric: f1@T` of the claim"),
        ("--score with the column", "`score` of the model with the column"),
        ("a column to --on, or --seed-column", "a column to `data.id`, or `data.seed`"),
        ("--pilot FILE", "--pilot FILE"),
        ("no option", "no option"),
    ],
)
def test_options_become_keys(option: str, key: str) -> None:
    assert in_plan(option) == key
    with pytest.raises(MetricError) as found, plan_words():
        raise MetricError("it is so", rule=option, fix=option, where="here")
    assert found.value.to_json() == {"code": "metric", "where": "here", "what": "it is so", "rule": key, "fix": key}


CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "threshold": (
        {"guardrails": [GUARD | {"metric": "f1"}]},
        "`data.threshold: T`, or `metric: f1@T` of the claim",
        "--threshold T",
    ),
    "score": ({"baseline": {"name": "base", "file": "base.csv"}}, "`score: COLUMN` of the model", "--score COLUMN"),
    "missing": ({}, "or say `missing: exclude`, failure or bounds", "or say --missing exclude"),
}
"""What is changed in the plan, what judge says, and what compare says."""


@pytest.mark.parametrize("kind", CASES)
def test_judge_names_keys_and_compare_options(tmp_path: Path, kind: str) -> None:
    keys, said, option = CASES[kind]
    path = scene(tmp_path, data(60), freeze=False, **keys)
    if kind == "missing":
        lines = (tmp_path / "cand.csv").read_text().splitlines(keepends=True)
        (tmp_path / "cand.csv").write_text("".join(lines[:-1]))
    # Frozen before the predictions exist, so that it is judge that finds what is wrong with them.
    files = (tmp_path / "base.csv", tmp_path / "cand.csv")
    for file in files:
        file.rename(file.with_suffix(".later"))
    frozen(path)
    for file in files:
        file.with_suffix(".later").rename(file)
    found = refused(path)
    assert said in found
    assert "--" not in found
    metric = "f1" if kind == "threshold" else "auc"
    score = () if kind == "score" else ("--score", "p")
    run = runs.assay("compare", *files, "--on", "id", "--target", "y", "--metric", metric, *score)
    assert run.code == 2
    assert option in run.err


def test_power_of_a_pilot_names_keys(tmp_path: Path) -> None:
    put(tmp_path, data(60, start=1000))
    for name in ("base", "cand"):
        (tmp_path / f"{name}.csv").rename(tmp_path / f"pilot-{name}.csv")
    path = write_plan(tmp_path, plan(guardrails=[GUARD | {"metric": "f1"}]))
    pilots = [x for name in ("base", "cand") for x in ("--pilot", tmp_path / f"pilot-{name}.csv")]
    run = runs.assay("plan", "power", path, *pilots)
    assert run.code == 2
    assert "`data.threshold: T`" in run.err
    assert "--threshold" not in run.err
