"""Looks from start to end: unequal spacing, over-running, closing, any number of looks, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.base.canonical import canonical_json, digest_file, digest_json
from assay.stats.sequential import crossing, nominal_alphas
from assay.stats.spending import Rule
from tests.helpers.runs import assay
from tests.verbs.scenes import data, frozen, judged, plan, put, refused, scene, told, write_plan
from tests.verbs.test_looks import grown, level

NULL = data(200, gain=0.0)
AT = {"looks": {"at": [200, 300, 400], "spending": "pocock"}, "guardrails": []}
ANY = {"looks": {"kind": "always-valid", "units": 400}, "guardrails": []}


def next_look(folder: Path, columns: dict[str, list[Any]], changed: dict[str, Any]) -> Path:
    put(folder, columns)
    path = write_plan(folder, plan(**changed))
    frozen(path, "--deviation", "new units")
    return path


def test_looks_at_unequal_units_share_the_error(tmp_path: Path) -> None:
    first = told(scene(tmp_path, NULL, **AT))
    assert level(first) == pytest.approx(1 - 2 * nominal_alphas([0.5], 0.025, "pocock")[0])
    second = told(next_look(tmp_path, grown(320), AT))
    rule = Rule("pocock", planned=(0.5, 0.75, 1.0))
    assert level(second) == pytest.approx(1 - 2 * nominal_alphas([0.5, 0.8], 0.025, rule)[1])
    looks = second["looks"][0]
    assert [step["units"] for step in looks["steps"]] == [200, 320]
    assert [t for t, _ in looks["ahead"]] == [1.0]
    assert looks["why"] == "looks go on"
    assert "until there are 400 units" in second["recommendations"][0]["why"]
    third = told(next_look(tmp_path, grown(400), AT))
    looks = third["looks"][0]
    assert crossing([0.5, 0.8, 1.0], looks["bounds"])[0].sum() == pytest.approx(0.025, abs=1e-8)
    assert looks["adjusted"]["method"] == "stage-wise"
    assert looks["adjusted"]["level"] == pytest.approx(0.95)
    low, high = looks["adjusted"]["interval"]
    assert low <= looks["adjusted"]["value"] <= high
    assert assay("recheck", third["folder"], "--lab", tmp_path).code == 0


def test_the_statistic_is_beyond_its_bound_where_the_deciding_interval_leaves_the_null_out(tmp_path: Path) -> None:
    found = told(scene(tmp_path, data(200, gain=0.6), **AT))
    looks, verdict = found["looks"][0], found["recommendations"][0]["verdicts"][0]
    assert verdict["status"] == "supported"
    assert abs(looks["steps"][0]["statistics"][0]) >= looks["bounds"][0]
    low, high = looks["steps"][0]["interval"]
    assert not low <= 0 <= high
    assert looks["adjusted"]["p_value"] < 0.05


def test_more_units_than_planned_end_the_looks(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL, **AT))
    second = told(next_look(tmp_path, grown(450), AT))
    assert second["recommendations"][0]["action"] in ("iterate", "stop")
    assert second["looks"][0]["ahead"] == []
    assert second["looks"][0]["spent"][-1] == pytest.approx(0.025, abs=1e-8)
    put(tmp_path, grown(500))
    path = write_plan(tmp_path, plan(**AT))
    frozen(path, "--deviation", "more units")
    assert "look 2 had 450 of 400 planned units, so the whole error is spent" in refused(path)


def test_fewer_units_at_the_last_look_spend_all_that_is_left(tmp_path: Path) -> None:
    for units in (200, 250, 330):
        path = scene(tmp_path, NULL, **AT) if units == 200 else next_look(tmp_path, grown(units), AT)
        found = told(path)
    assert found["looks"][0]["spent"][-1] == pytest.approx(0.025, abs=1e-8)
    assert found["look"]["look"] == 3


def test_any_number_of_looks(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, **ANY)
    levels = []
    for look, units in enumerate((200, 230, 260, 300, 500), 1):
        found = told(path if units == 200 else next_look(tmp_path, grown(units), ANY))
        assert found["look"] == {**found["look"], "look": look, "planned": 0}
        levels.append(level(found))
        verdict = found["recommendations"][0]["verdicts"][0]
        assert verdict["comparison"]["difference"]["method"] == "normal-mixture"
    assert levels == [pytest.approx(0.95)] * 5
    assert found["recommendations"][0]["action"] == "hold"
    assert "look 5, and more are allowed" in found["recommendations"][0]["why"]
    assert len(found["looks"][0]["steps"]) == 5
    assert found["looks"][0]["bounds"] == []
    assert assay("recheck", found["folder"], "--lab", tmp_path).code == 0


def test_always_valid_proportions_are_exact(tmp_path: Path) -> None:
    claims = [
        {"name": "right", "metric": "accuracy@0.5", "kind": "better"},
        {"name": "enough", "metric": "accuracy@0.5", "kind": "at_least", "threshold": 0.5},
    ]
    found = told(scene(tmp_path, data(200, gain=0.6), **{**ANY, "claims": claims}))
    methods = [v["comparison"]["difference"]["method"] for v in found["recommendations"][0]["verdicts"]]
    own = [v["comparison"]["candidate"]["method"] for v in found["recommendations"][0]["verdicts"]]
    assert (methods, own) == (["betting-mixture"] * 2, ["beta-binomial-mixture"] * 2)


def test_equivalence_has_two_paths_and_nothing_adjusted(tmp_path: Path) -> None:
    claim = {"name": "same", "metric": "log_loss", "kind": "equivalent", "margin": 0.5}
    found = told(scene(tmp_path, NULL, **{**AT, "claims": [claim]}))
    looks = found["looks"][0]
    assert looks["nulls"] == [-0.5, 0.5]
    low, high = looks["steps"][0]["statistics"]
    assert low > looks["bounds"][0]
    assert high < -looks["bounds"][0]
    assert looks["adjusted"] is None
    assert "equivalence" in looks["why"]


def test_a_verdict_only_release_shows_no_path(tmp_path: Path) -> None:
    changed = {**AT, "reuse": {"candidates": 1, "release": "verdict"}}
    found = told(scene(tmp_path, NULL, **changed))
    assert "looks" not in found
    kept = json.loads((Path(found["folder"]) / "judgement.json").read_bytes())
    assert kept["looks"][0]["steps"]


def test_the_path_goes_on_where_the_look_before_was_left(tmp_path: Path) -> None:
    first = told(scene(tmp_path, NULL, **AT))
    second = told(next_look(tmp_path, grown(300), AT))
    assert second["looks"][0]["steps"][0] == first["looks"][0]["steps"][0]


def test_a_look_before_that_was_changed_is_refused(tmp_path: Path) -> None:
    first = told(scene(tmp_path, NULL, **AT))
    path = next_look(tmp_path, grown(300), AT)
    stored = Path(first["folder"]) / "judgement.json"
    stored.write_bytes(stored.read_bytes().replace(b'"units":200', b'"units":201', 1))
    assert "was changed since it was judged" in refused(path)


def test_evidence_of_before_that_kept_no_path_is_rechecked_as_it_was_judged(tmp_path: Path) -> None:
    """A bundle as the first version wrote it: no `past` in the manifest, no `looks` in the judgement, memos aside."""
    found = told(scene(tmp_path, NULL, **AT))
    folder = Path(found["folder"])
    judgement = json.loads((folder / "judgement.json").read_bytes())
    del judgement["looks"]
    (folder / "judgement.json").write_bytes(canonical_json(judgement))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["past"]
    manifest["files"]["judgement.json"] = digest_file(folder / "judgement.json")
    (folder / "manifest.json").write_bytes(canonical_json(manifest))
    for memo in folder.glob("memo.*"):
        memo.unlink()
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    folder.rename(elsewhere)
    run = assay("recheck", elsewhere)
    assert run.code == 0, run
    assert "identical bytes" in run.out
    assert digest_json(manifest)


def test_the_memo_draws_the_bounds_beside_their_table(tmp_path: Path) -> None:
    found = told(scene(tmp_path, NULL, **AT))
    page = (Path(found["folder"]) / "memo.html").read_text("utf-8")
    assert "Bounds and statistic: loss" in page
    assert page.count("<polyline") >= 4
    text = (Path(found["folder"]) / "memo.md").read_text("utf-8")
    assert "| 2, planned | 300 | 75% |" in text
    assert "| 3, planned | 400 | 100% |" in text


def test_after_stopping_the_terminal_shows_what_is_adjusted(tmp_path: Path) -> None:
    run = judged(scene(tmp_path, data(200, gain=0.6), **AT))
    assert run.code == 0
    assert "After stopping, log loss: median-unbiased estimate" in " ".join(run.out.split())
    assert "on average" in run.out


def test_stopping_at_a_bound_gives_a_smaller_estimate_than_the_plain_one(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL, **AT))
    better = grown(300, gain=0.0)
    new = data(100, seed=21, start=5000, gain=2.0)
    columns = {k: [*better[k][:200], *new[k]] for k in better}
    second = told(next_look(tmp_path, columns, AT))
    looks = second["looks"][0]
    if second["recommendations"][0]["action"] == "adopt":
        assert abs(looks["adjusted"]["value"]) < abs(looks["steps"][-1]["value"])
    assert np.isfinite(looks["steps"][-1]["statistics"][0])
