"""A test set with a row dropped or added is no fresh one: what was read on it counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.runs import assay
from tests.verbs.scenes import data, frozen, judged, plan, put, refused, scene, write_plan


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
