"""`assay plan looks`: the bounds of a plan's looks before anything is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay import Lab
from assay.base.errors import PlanError
from assay.stats.sequential import boundary, crossing
from tests.helpers.runs import assay
from tests.verbs.scenes import plan, write_plan


def test_bounds_spend_the_error_of_the_plan(tmp_path: Path) -> None:
    looks = {"at": [200, 300, 400], "spending": "pocock"}
    path = write_plan(tmp_path, plan(looks=looks, reuse={"candidates": 2}))
    found = Lab.plan_looks(path)
    times = [0.5, 0.75, 1.0]
    assert [look.units for look in found.looks] == [200, 300, 400]
    assert [look.bound for look in found.looks] == pytest.approx(boundary(times, 0.0125, "pocock"))
    assert found.looks[-1].spent == pytest.approx(0.0125, abs=1e-9)
    assert sum(look.null for look in found.looks) == pytest.approx(1)
    stops = crossing(times, [look.bound for look in found.looks])[0]
    assert found.looks[0].null == pytest.approx(2 * stops[0])
    assert found.units_effect is not None
    assert found.units_null is not None
    assert 200 < found.units_effect < found.units_null < 400
    assert found.power is not None
    assert 0.7 < found.power < found.single == 0.8


def test_text_json_and_page(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan(looks={"planned": 2, "units": 400}))
    run = assay("plan", "looks", path, "--html", tmp_path / "looks.html")
    assert run.code == 0
    assert "2.963" in run.out
    assert "1.969" in run.out
    assert "<polyline" in (tmp_path / "looks.html").read_text("utf-8")
    told = json.loads(assay("plan", "looks", path, "--json", "-").out)
    assert (told["type"], len(told["looks"])) == ("planned-looks", 2)


def test_any_number_of_looks_shows_the_bound_at_some_units(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan(looks={"kind": "always-valid", "units": 1000}))
    found = Lab.plan_looks(path)
    bounds = [look.bound for look in found.looks]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] == pytest.approx(3.035, abs=1e-3)
    assert found.units_null is None
    assert "Any number of looks" in assay("plan", "looks", path).out


def test_a_single_look_has_no_bounds(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan())
    with pytest.raises(PlanError, match="has a single look"):
        Lab.plan_looks(path)
    run = assay("plan", "looks", path)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1)
