"""Reads of data that a lab knows are in its ledger: by every verb that reads them, from every face."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import StoreError
from assay.store import LocalStore
from tests.helpers.runs import assay as cli
from tests.helpers.runs import inside
from tests.helpers.tables import write
from tests.verbs.scenes import data, plan, put, scene, told, write_plan

COMPARE = ("compare", "base.csv", "cand.csv", "--on", "id", "--target", "y", "--score", "p", "--metric", "brier")


def entries(folder: Path) -> list[dict[str, Any]]:
    """Events of reads, oldest first."""
    with LocalStore.open(folder) as store:
        return [e.content() for e in store.entries(1000, kind="data.read")]


def test_a_comparison_of_a_plans_files_is_an_event_with_who_what_and_why(tmp_path: Path) -> None:
    scene(tmp_path)
    with inside(tmp_path):
        assert cli(*COMPARE).code == 0
        (said,) = entries(tmp_path)
        assert said["data"] == [plan()["data"]["name"]]
        assert (said["verb"], said["why"], said["metrics"]) == ("compare", "a comparison without a plan", ["brier"])
        assert [f["name"] for f in said["files"]] == ["base.csv", "cand.csv"]
        assert said["by"]
        shown = cli("ledger", "--limit", 100).out
        assert f"{said['data'][0]} read by {said['by']}: a comparison without a plan (assay compare), brier" in shown
        cli(*COMPARE)
    assert len(entries(tmp_path)) == 2


def test_judged_rows_are_known_in_any_file(tmp_path: Path) -> None:
    path = scene(tmp_path, data(120))
    told(path)
    one, two = data(120), data(120, seed=5)
    table = {"key": one["id"], "truth": one["y"], "a": one["a"], "b": two["b"]}
    asked: dict[str, Any] = {"on": "key", "target": "truth", "metrics": "brier"}
    with inside(tmp_path):
        assay.compare(table, baseline="a", candidates="b", **asked)
        (said,) = entries(tmp_path)
        assert (said["files"], said["dataset"][:7]) == ([], "sha256:")
        table["truth"] = [1 - y for y in one["y"]]
        assay.compare(table, baseline="a", candidates="b", **asked)
        assay.candidates({**table, "truth": one["y"], "c": one["b"]}, models=["a", "b", "c"], **asked)
    assert [e["verb"] for e in entries(tmp_path)] == ["compare", "candidates"]


def test_named_data_pilots_and_ablation_studies(tmp_path: Path) -> None:
    assay.Lab.create(tmp_path)
    put(tmp_path)
    with inside(tmp_path):
        assay.Lab(".").data("base.csv", "held out")
        ask = ("power", "base.csv", "cand.csv", "--on", "id", "--target", "y", "--score", "p", "--metric", "brier")
        assert cli(*ask, "--effect", "0.01").code == 0
        write(tmp_path / "d.csv", {"run": ["base.csv", "cand.csv"], "part": ["off", "on"]})
        study = ("ablation", "d.csv", "--factor", "part", "--model", "run", "--on", "id", "--target", "y")
        done = cli(*study, "--score", "p", "--metric", "brier")
        assert done.code == 0, done.err
    assert [(e["verb"], e["data"]) for e in entries(tmp_path)] == [("power", ["held out"]), ("ablation", ["held out"])]


def test_ratings_and_votes_that_a_lab_knows(tmp_path: Path) -> None:
    assay.Lab.create(tmp_path)
    write(tmp_path / "r.csv", {"item": [1, 1, 2, 2], "who": ["a", "b"] * 2, "rating": [1, 1, 0, 1]})
    write(tmp_path / "v.csv", {"a": ["x", "y"] * 6, "b": ["y", "x"] * 6, "won": ["x", "x", "y"] * 4})
    with inside(tmp_path):
        for name in ("r.csv", "v.csv"):
            assay.Lab(".").data(name, name[0])
        assert cli("agreement", "r.csv", "--item", "item", "--rater", "who", "--rating", "rating").code == 0
        assay.preferences("v.csv", first="a", second="b", winner="won")
    said = [(e["verb"], e["data"], e["metrics"][:1]) for e in entries(tmp_path)]
    assert said == [("agreement", ["r"], ["krippendorff"]), ("preferences", ["v"], ["strength"])]


def test_a_pilot_of_a_plan_is_a_read_where_the_lab_knows_it(tmp_path: Path) -> None:
    first = scene(tmp_path, data(120))
    told(first)
    other = tmp_path / "other"
    other.mkdir()
    put(other, data(60, seed=9))
    path = write_plan(other, plan(name="next", data=plan()["data"] | {"name": "fresh"}))
    frozen_files = [tmp_path / "base.csv", tmp_path / "cand.csv"]
    with inside(tmp_path):
        done = cli("plan", "power", path, "--pilot", frozen_files[0], "--pilot", frozen_files[1])
        assert done.code == 0, done.err
    assert [(e["verb"], e["why"]) for e in entries(tmp_path)] == [("power", "a pilot")]


def test_what_nobody_knows_and_what_is_refused_is_not_entered(tmp_path: Path) -> None:
    scene(tmp_path)
    with inside(tmp_path):
        other = data(50, seed=3)
        assay.compare({k: other[k] for k in ("id", "y", "a", "b")}, on="id", target="y", baseline="a",
                      candidates="b", metrics="brier")  # fmt: skip
        assert cli(*COMPARE[:-1], "no_such_metric").code == 2
        assert cli(*COMPARE, "--on", "nothing").code == 2
    assert entries(tmp_path) == []


def test_without_a_lab_nothing_is_written(tmp_path: Path) -> None:
    put(tmp_path)
    before = sorted(os.listdir(tmp_path))
    with inside(tmp_path):
        assert cli(*COMPARE).code == 0
    assert sorted(os.listdir(tmp_path)) == before


def test_a_lab_that_cannot_be_opened_is_a_warning(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / ".assay").mkdir()
    (tmp_path / ".assay" / "lab.db").write_bytes(b"no database" * 100)
    with inside(tmp_path):
        done = cli(*COMPARE, "--json", "-")
    assert done.code == 0, done.err
    assert "the lab here cannot be opened" in json.loads(done.out)["warnings"][0]


def test_a_read_that_cannot_be_entered_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    scene(tmp_path)
    monkeypatch.setattr(LocalStore, "append", full)
    with inside(tmp_path):
        done = cli(*COMPARE)
    assert (done.code, done.out) == (2, "")
    assert "the disk is full" in done.err


def finished(lab: Path, path: Path, values: int = 1) -> str:
    """A run that read a file and logged so many values; its id."""
    with assay.run({"lr": 0.1}, lab=lab, capture=False) as run:
        run.read(path, name="the test")
        for step in range(values):
            run.log(step=step, loss=0.5)
    return run.id


def test_a_read_by_a_run_is_entered_once_by_whoever_lists_it_first(tmp_path: Path) -> None:
    lab = assay.Lab.create(tmp_path)
    known, other = tmp_path / "test.csv", tmp_path / "train.csv"
    write(known, data(20))
    write(other, data(30))
    lab.data(known, "held-out")
    with assay.run({}, lab=tmp_path, capture=False) as run:
        run.read(other)
    many = 1 + (1 << 18) // 30
    ids = [finished(tmp_path, known), finished(tmp_path, known, many)]
    still = assay.run({}, lab=tmp_path, capture=False)
    still.read(known)
    assert entries(tmp_path) == []
    for _ in range(2):
        assert len(lab.runs()) == 4
        found = entries(tmp_path)
        assert [(e["run"], e["data"], e["verb"]) for e in found] == [(i, ["held-out"], "run") for i in sorted(ids)]
    assert [f["name"] for f in found[0]["files"]] == ["the test"]
    assert found[0]["by"]
    assert f"held-out read by {found[0]['by']}: a run, {ids[0]}" in cli("ledger", "--lab", tmp_path).out
    still.close()
    lab.reindex()
    lab.reindex()
    assert [e["run"] for e in entries(tmp_path)] == [*sorted(ids), still.id]
