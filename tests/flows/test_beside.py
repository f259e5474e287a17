"""Readings beside a comparison, through every door: what they say, and that the intervals stay what they were."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import AssayError
from assay.records.comparison import Discovery
from assay.stats.multiplicity import adjust
from tests.helpers import tables
from tests.helpers.runs import assay as command

ASKED: dict[str, Any] = {"on": "id", "target": "y", "baseline": "a", "candidates": "b"}


def table(n: int = 400, per: int = 1, seed: int = 0) -> dict[str, list[Any]]:
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    a, b = (np.clip(0.5 + (y - 0.5) * k + rng.normal(size=n) * 0.25, 0.01, 0.99) for k in (0.4, 0.5))
    made = {"id": np.arange(n), "y": y, "user": np.arange(n) // per, "a": a, "b": b, "part": np.arange(n) % 2}
    return {k: v.tolist() for k, v in made.items()}


ALL = {"relative": True, "permutation": True, "rope": 0.01}


@pytest.mark.parametrize("unit", ["", "user"])
def test_intervals_stay_what_they_were(unit: str) -> None:
    made = table(per=4)
    metrics = ["brier", "log_loss", "f1@0.5", "auc", "accuracy@0.5", "average_precision", "aurc"]
    plain = assay.compare(made, **ASKED, metrics=metrics, unit=unit, slices="part")
    more = assay.compare(made, **ASKED, metrics=metrics, unit=unit, slices="part", **ALL)
    for one, other in zip(plain, more, strict=True):
        assert one.difference == other.difference
        assert one.beside is None
        assert "beside" not in one.to_json()
        assert other.beside is not None
        assert other.beside.relative is not None
        assert other.beside.relative.value == pytest.approx(one.difference.value / one.baseline.value)  # type: ignore[operator]
        assert other.beside.posterior is not None
        assert (other.beside.sign_flip is None) == (one.metric.name in ("auc", "average_precision", "aurc"))


def test_clusters_widen_what_stands_beside_too() -> None:
    made = table()
    many = {k: [v for v in values for _ in range(3)] for k, values in made.items()} | {"id": list(range(1200))}
    rows, units = (assay.compare(many, **ASKED, metrics="brier", unit=u, **ALL)[0].beside for u in ("", "user"))
    assert rows is not None
    assert units is not None
    for narrow, wide in ((rows.relative, units.relative), (rows.posterior, units.posterior)):
        assert np.ptp(wide.interval) > 1.6 * np.ptp(narrow.interval)  # type: ignore[union-attr, arg-type]


def test_metrics_that_hold_together_are_read_between_one_level_and_bonferronis() -> None:
    made = table()
    metrics = ["brier", "log_loss", "mae", "accuracy@0.5"]
    found = assay.compare(made, **ASKED, metrics=metrics, simultaneous=True)
    levels = {c.difference.decision_level for c in found}
    assert len(levels) == 1
    assert 1 - 0.05 < levels.pop() < 1 - 0.05 / 4
    assert "p is adjusted like it" in str(found)
    one = assay.compare(made, **ASKED, metrics="brier", simultaneous=True)[0]
    assert one.difference.decision_level == 0.95


def test_metrics_that_say_the_same_cost_nothing() -> None:
    found = assay.compare(table(), **ASKED, metrics=["mae", "pinball@0.5"], simultaneous=True)
    # Half of the absolute error is no second chance; what is left is the error of the draws.
    assert found[0].difference.decision_level == pytest.approx(0.95, abs=0.004)


def test_the_command_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    path = tables.write(tmp_path / "both.parquet", table())
    how = ["compare", path, "--on", "id", "--target", "y", "--baseline", "a", "--candidate", "b", "--metric", "brier"]
    how += ["--relative", "--permutation", "--rope", "0.01"]
    found = assay.compare(path, **ASKED, metrics="brier", **ALL)
    said = json.loads(command(*how, "--json", "-").out)
    assert said == found.to_json()
    beside = said["comparisons"][0]["beside"]
    assert beside["relative"]["method"] == "fieller"
    assert beside["posterior"]["prior"].startswith("Bayesian bootstrap")
    assert command(*how).out == str(found)
    for words in ("relative to the baseline: ", "sign flips: p ", "posterior, beside and no verdict: better with"):
        assert words in " ".join(str(found).split())
    assert "Beside the intervals" in found._repr_html_()


def test_a_prior_pulls_the_posterior_to_no_difference() -> None:
    free, sceptical = (
        assay.compare(table(), **ASKED, metrics="brier", bayes=True, **more)[0].beside
        for more in ({}, {"prior": 0.001})
    )
    assert free is not None
    assert sceptical is not None
    assert free.posterior is not None
    assert sceptical.posterior is not None
    assert abs(sceptical.posterior.mean) < 0.2 * abs(free.posterior.mean)
    assert "standard deviation of 0.001" in sceptical.posterior.prior


def test_a_baseline_near_zero_has_no_relative_difference() -> None:
    rng = np.random.default_rng(0)
    made = {"id": list(range(60)), "a": rng.normal(size=60).tolist(), "b": rng.normal(1, 1, 60).tolist()}
    found = assay.compare(made, on="id", baseline="a", candidates="b", metrics="mean(direction=higher)", relative=True)
    relative = found[0].beside.relative  # type: ignore[union-attr]
    assert relative is not None
    assert relative.value is None
    assert relative.undefined is not None
    assert "relative to the baseline: undefined: the baseline" in " ".join(str(found).split())


def test_slices_are_found_among_slices() -> None:
    made = table(900)
    made["part"] = (np.arange(900) % 8).tolist()
    made["part"][:4] = [99] * 4
    made["b"] = [y if part < 2 else b for y, part, b in zip(made["y"], made["part"], made["b"], strict=True)]
    asked = {**ASKED, "metrics": ["brier", "auc", "accuracy@0.5"], "slices": ["part", "part*y"]}
    plain, more = assay.compare(made, **asked), assay.compare(made, **asked, discoveries=True)
    for one, other in zip(plain, more, strict=True):
        assert replace(other, beside=None).to_json() == one.to_json()
        assert (other.beside is None) == (not other.slice)
    for name in ("brier", "auc", "accuracy@0.5"):
        slices = [c for c in more if c.metric.label == name and c.slice]
        p = [c.difference.p_value if c.difference.inside_domain else None for c in slices]
        holm, q, q_any = (adjust(p, how, len(p)) for how in ("holm", "benjamini-hochberg", "benjamini-yekutieli"))
        for i, c in enumerate(slices):
            assert c.beside is not None
            if p[i] is None:
                assert c.beside.discovery is None
                why = "no p-value" if c.difference.p_value is None else "outside the domain of its method"
                assert c.beside.notes["discovery"] == f"{why}: it counts among the {len(p)} slices, and is none"
            else:
                assert c.beside.discovery == Discovery(p[i], holm[i], q[i], q_any[i], len(p))  # type: ignore[arg-type]
        assert any(each is None for each in p)
    assert min(c.beside.discovery.q for c in more if c.beside and c.beside.discovery) < 0.001


def test_discoveries_stand_beside_other_readings_and_through_every_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    path = tables.write(tmp_path / "both.parquet", table())
    how = ["compare", path, "--on", "id", "--target", "y", "--baseline", "a", "--candidate", "b", "--metric", "brier"]
    how += ["--slice", "part", "--discoveries", "--relative"]
    found = assay.compare(path, **ASKED, metrics="brier", slices="part", discoveries=True, relative=True)
    said = json.loads(command(*how, "--json", "-").out)
    assert said == found.to_json()
    assert said["comparisons"][0]["beside"]["discovery"] is None
    of_slice = said["comparisons"][1]["beside"]
    assert of_slice["relative"]["method"] == "fieller"
    assert of_slice["discovery"].keys() == {"p_value", "holm", "q", "q_any", "slices"}
    assert command(*how).out == str(found)
    for shown in (" ".join(str(found).split()), found._repr_html_()):
        assert "among 2 slices: q " in shown
        assert "under any dependence; p " in shown


def test_discoveries_need_no_key_and_take_metrics_without_rows() -> None:
    made = table()
    asked = {**ASKED, "on": (), "metrics": "gap(accuracy@0.5, by=y)", "slices": "part"}
    found = assay.compare(made, **asked, discoveries=True)
    assert [c.beside is not None for c in found] == [False, True, True]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"rope": -0.1}, "the rope is -0.1"),
    ({"rope": float("nan")}, "the rope is nan"),
    ({"prior": 0.0}, "the prior is 0.0"),
    ({"discoveries": True}, "discoveries are asked for and no slices"),
    ({"relative": True, "on": ()}, "neither a key nor a unit is named"),
    ({"relative": True, "metrics": "ece"}, "ece has no such reading"),
    ({"bayes": True, "metrics": "gap(accuracy@0.5, by=part)"}, "has no such reading"),
    ({"permutation": True, "missing": "bounds"}, "bounded rows have no such reading"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[s for _, s in BAD])
def test_bad_input_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(AssayError, match=said):
        assay.compare(table(), **{**ASKED, "metrics": "brier", **change})


def test_a_single_unit_leaves_the_baseline_untold() -> None:
    one = {k: v[:1] for k, v in table().items()}
    found = assay.compare(one, **ASKED, metrics="brier", relative=True, permutation=True)[0].beside
    assert found is not None
    assert found.relative is not None
    assert "too few units" in (found.relative.undefined or "")
