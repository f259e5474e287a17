"""A test set with a row dropped or added is no fresh one: what was read on it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.runs import assay
from tests.verbs.scenes import KEYS, data, frozen, judged, plan, put, refused, scene, told, write_plan


@pytest.mark.parametrize("rows", [299, 301])
def test_nearly_the_same_rows_are_the_same_units(tmp_path: Path, rows: int) -> None:
    scene(tmp_path, data(300, gain=0.0))
    assert judged(tmp_path / "plan.yaml").code == 3
    put(tmp_path, {k: v[:rows] for k, v in data(301).items()})
    other = write_plan(tmp_path, plan(name="another"), "other.yaml")
    frozen(other)
    assert "readings on these units before: 1" in refused(other)


def test_other_units_of_that_name_are_fresh(tmp_path: Path) -> None:
    scene(tmp_path, data(300, gain=0.0))
    assert judged(tmp_path / "plan.yaml").code == 3
    put(tmp_path, data(300, seed=1, start=10_000))
    other = write_plan(tmp_path, plan(name="another"), "other.yaml")
    frozen(other)
    assert judged(other).code == 0


def test_other_data_with_the_same_numbers_as_ids_are_fresh(tmp_path: Path) -> None:
    scene(tmp_path, data(300, gain=0.0))
    assert judged(tmp_path / "plan.yaml").code == 3
    put(tmp_path, data(300, seed=1))
    content = plan(name="another")
    content["data"]["name"] = "elsewhere"
    other = write_plan(tmp_path, content, "other.yaml")
    assert assay("plan", "freeze", other, "--lab", tmp_path).code == 0
    assert judged(other).code == 0


BEFORE = data(200, gain=0.0)
RENAMED = {("key" if k == "id" else k): v for k, v in BEFORE.items()}
FEWER = {k: v[1:] for k, v in BEFORE.items()}
TARGETS = BEFORE | {"y": [1 - v for v in BEFORE["y"]]}
REWRITTEN = BEFORE | {"id": [f"row {i}" for i in BEFORE["id"]]}


@pytest.mark.parametrize(
    ("columns", "name", "counted"),
    [
        (BEFORE, "elsewhere", True),
        (RENAMED, "elsewhere", True),
        (BEFORE | {"id": [str(i) for i in BEFORE["id"]]}, "elsewhere", True),
        (FEWER, "test", True),
        (TARGETS, "test", True),
        (FEWER, "elsewhere", False),
        (TARGETS, "elsewhere", False),
        (REWRITTEN, "test", False),
        (REWRITTEN, "elsewhere", False),
    ],
    ids=["name", "column", "text", "fewer", "targets", "fewer-name", "targets-name", "ids", "ids-name"],
)
def test_what_counts_as_the_same_units(tmp_path: Path, columns: dict[str, Any], name: str, counted: bool) -> None:
    """The table of design/0006."""
    scene(tmp_path, BEFORE)
    assert judged(tmp_path / "plan.yaml").code == 3
    put(tmp_path, columns)
    content = plan(name="another")
    content["data"] |= {"name": name, "id": ["key" if "key" in columns else "id"]}
    other = write_plan(tmp_path, content, "other.yaml")
    frozen(other)
    if counted:
        assert "readings on these units before: 1" in refused(other)
    else:
        assert judged(other).code in (0, 3, 4)


def test_a_comparison_is_no_look(tmp_path: Path) -> None:
    path = scene(tmp_path, BEFORE)
    files = (tmp_path / "base.csv", tmp_path / "cand.csv")
    run = assay("compare", *files, *KEYS, "--positive", "1", "--score", "p", "--metric", "auc", "--json", "-")
    assert run.code == 0
    assert told(path)["look"]["candidates_read"] == 0
