"""`judge` as a verb: exit codes, refusals that write nothing, evidence that is returned, kinds of plans."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from tests.helpers.runs import assay
from tests.helpers.tables import write
from tests.verbs.scenes import CLAIM, GUARD, data, events, judged, plan, put, refused, scene, statuses, told, write_plan

HOLD = {"looks": {"planned": 2, "units": 4000}}
LESS = data(60, gain=0.0)


@pytest.mark.parametrize(
    ("code", "columns", "changed"),
    [
        (0, None, {}),
        (3, None, {"guardrails": [{"name": "floor", "metric": "brier", "kind": "at_most", "threshold": 0.001}]}),
        (4, data(gain=-0.5), {}),
        (5, LESS, HOLD),
        (3, LESS, {}),
    ],
)
def test_the_exit_code_is_the_recommendation(tmp_path: Path, code: int, columns: Any, changed: dict[str, Any]) -> None:
    path = scene(tmp_path, columns, **changed)
    run = judged(path)
    assert (run.code, run.err) == (code, "")
    word = {0: "ADOPT", 3: "ITERATE", 4: "STOP", 5: "HOLD"}[code]
    assert run.out.startswith(word)
    assert judged(path).code == code


def test_the_best_of_several_candidates_counts(tmp_path: Path) -> None:
    path = scene(tmp_path, freeze=False)
    models = [{"name": "twin", "file": "base.csv", "score": "p"}, {"name": "cand", "file": "cand.csv", "score": "p"}]
    write_plan(tmp_path, plan(candidates=models, reuse={"candidates": 2}))
    assert assay("plan", "freeze", path, "--lab", tmp_path).code == 0
    found = told(path)
    assert [r["action"] for r in found["recommendations"]] == ["iterate", "adopt"]
    assert judged(path).code == 0
    level = found["recommendations"][1]["verdicts"][0]["comparison"]["difference"]["decision_level"]
    assert level == pytest.approx(0.975)


def test_judging_again_returns_the_stored_evidence(tmp_path: Path) -> None:
    path = scene(tmp_path)
    first = told(path)
    said = events(tmp_path)
    assert told(path) == first
    assert "judged before; nothing was read again" in judged(path).out
    assert events(tmp_path) == said
    assert len(list((tmp_path / ".assay/evidence").iterdir())) == 1


def test_the_bundle_has_its_files_and_no_draft_is_left(tmp_path: Path) -> None:
    folder = Path(told(scene(tmp_path))["folder"])
    assert sorted(p.name for p in folder.iterdir()) == [
        "cells.json", "cells.npz", "flips.json", "judgement.json", "manifest.json", "memo.html", "memo.json", "memo.md",
        "plan.json", "scores.parquet",
    ]  # fmt: skip
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_a_draft_of_a_killed_process_is_cleared_away(tmp_path: Path) -> None:
    path = scene(tmp_path)
    left = tmp_path / ".assay/evidence/.draft-dead"
    left.mkdir(parents=True)
    (left / "plan.json").write_text("{")
    told(path)
    assert not left.exists()


def test_a_bundle_placed_by_a_process_that_died_before_its_commit_is_replaced(tmp_path: Path) -> None:
    other = scene(tmp_path / "b")
    shutil.copytree(tmp_path / "b", tmp_path / "a")
    name = Path(told(tmp_path / "a" / other.name)["folder"]).name
    orphan = tmp_path / "b/.assay/evidence" / name
    orphan.mkdir(parents=True)
    (orphan / "plan.json").write_text("torn")
    folder = Path(told(other)["folder"])
    assert folder == orphan
    assert assay("recheck", folder).code == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"claims": [CLAIM | {"slice": {"region": "west"}}]}, "the slice region=west of the claim 'loss' is empty"),
        ({"claims": [CLAIM | {"slice": {"planet": "mars"}}]}, "planet"),
        ({"data": {"name": "t", "id": ["id"], "target": "late"}}, "late"),
        ({"data": {"name": "t", "id": ["key"], "target": "y"}}, "key"),
        ({"data": {"name": "t", "id": ["id"], "target": "y", "unit": "user"}}, "user"),
        ({"data": {"name": "t", "id": ["id"], "target": "y", "positive": 7}}, "7"),
        ({"data": {"name": "t", "id": ["id"], "target": "y", "unit": "one"}}, "the unit column 'one' has one value"),
        ({"baseline": {"name": "base", "file": "base.csv", "score": "q"}}, "q"),
        ({"baseline": {"name": "base", "file": "gone.csv"}}, "no such file"),
        ({"baseline": {"name": "base", "file": "/dev/zero"}}, "is not a file"),
        ({"baseline": {"name": "base", "file": "../../../../../../etc/passwd"}}, "has the ending"),
        ({"baseline": {"name": "base", "file": "."}}, "is not a file"),
        ({"baseline": {"name": "base", "file": "liar.parquet"}}, "does not start as Parquet does"),
        ({"baseline": {"name": "base", "file": "empty.csv"}}, "is empty"),
        ({"claims": [CLAIM | {"metric": "f1"}]}, "a threshold is never guessed"),
        ({"guardrails": [GUARD | {"metric": "gap(recall@0.5, by=sex)"}]}, "no column 'sex' for the groups of"),
        ({"guardrails": [GUARD | {"metric": "quantile@0.95(nowhere)", "margin": 1}]}, "nowhere"),
        (
            {"claims": [CLAIM | {"about": "method"}], "seeds": 3,
             "data": {"name": "t", "id": ["id"], "target": "y", "seed": "run"}},
            "base seed 2 of 3 (base.csv has 1 seed)",
        ),
        ({"policy": "mine"}, "unknown policy 'mine'"),
    ],
)  # fmt: skip
def test_a_plan_that_does_not_fit_its_data_is_refused(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    columns = data(40, one=["x"] * 40, run=[1] * 40)
    (tmp_path / "liar.parquet").write_text("id,y\n1,1\n")
    (tmp_path / "empty.csv").write_text("")
    path = scene(tmp_path, columns, freeze=False, **changed)
    done = assay("plan", "freeze", path, "--lab", tmp_path)
    if done.code == 0:
        assert said in refused(path)
    else:
        assert done.code == 2
        assert said in done.err
        assert "plan.frozen" not in events(tmp_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"claims": [CLAIM | {"metric": "acuracy"}]}, "did you mean"),
        ({"claims": [CLAIM | {"kind": "not_worse"}]}, "has no margin"),
        ({"claims": [CLAIM | {"margin": -0.1}]}, "points in the wrong direction"),
        ({"claims": [CLAIM | {"about": "method"}]}, "with seeds 1"),
        ({"claims": [CLAIM | {"candidate": "cant"}]}, "unknown candidate 'cant'"),
        ({"baseline": None}, "`baseline` is missing"),
        ({"candidates": None}, "`candidates` is missing"),
    ],
)
def test_a_plan_with_a_problem_is_refused_by_judge_and_freeze_alike(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    path = scene(tmp_path, LESS, freeze=False, **changed)
    before = events(tmp_path)
    for run in (judged(path), assay("plan", "freeze", path, "--lab", tmp_path)):
        assert (run.code, run.out) == (2, "")
        assert said in run.err
        assert all(line.startswith("assay: plan.yaml:") for line in run.err.splitlines()), run.err
    assert events(tmp_path) == before


def test_a_plan_that_was_not_frozen_or_was_edited_is_refused(tmp_path: Path) -> None:
    path = scene(tmp_path, LESS, freeze=False)
    assert "is not frozen" in refused(path)
    assert assay("plan", "freeze", path, "--lab", tmp_path).code == 0
    write_plan(tmp_path, plan(guardrails=[GUARD | {"margin": 0.2}]))
    assert "was edited after it was frozen: guardrails[0].margin was '0.05' and is '0.2'" in refused(path)


@pytest.mark.parametrize("name", ["base.csv", "cand.csv"])
def test_data_whose_digest_differs_is_refused(tmp_path: Path, name: str) -> None:
    path = scene(tmp_path, LESS)
    with (tmp_path / name).open("a") as out:
        out.write("\n")
    assert f"the predictions of {name[:4]} changed" in refused(path)


def test_without_a_lab_and_without_a_plan(tmp_path: Path) -> None:
    put(tmp_path, LESS)
    path = write_plan(tmp_path)
    run = judged(path)
    assert (run.code, run.out) == (2, "")
    assert "there is no lab here" in run.err
    run = assay("judge", tmp_path / "no.yaml", "--lab", tmp_path)
    assert run.code == 2
    assert len(run.err.splitlines()) == 1


def test_a_damaged_lab_is_refused(tmp_path: Path) -> None:
    path = scene(tmp_path, LESS)
    (tmp_path / ".assay/lab.db").write_bytes(b"SQLite format 3\x00" + bytes(4000))
    for name in ("lab.db-wal", "lab.db-shm"):
        (tmp_path / ".assay" / name).unlink(missing_ok=True)
    run = judged(path)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1), run
    assert "lab.db" in run.err


def test_a_frozen_plan_whose_content_is_gone_is_refused(tmp_path: Path) -> None:
    path = scene(tmp_path, LESS)
    for blob in (tmp_path / ".assay/blobs/blake3").rglob("*"):
        if blob.is_file():
            blob.chmod(0o644)
            blob.write_bytes(b"{}")
    assert "is damaged" in refused(path)


def test_stored_evidence_that_is_gone_or_replaced_is_refused(tmp_path: Path) -> None:
    path = scene(tmp_path, LESS)
    folder = Path(told(path)["folder"])
    manifest = folder / "manifest.json"
    content = json.loads(manifest.read_bytes())
    content["environment"]["python"] = "2.7"
    manifest.write_text(json.dumps(content))
    assert "was replaced" in refused(path)
    (folder / "scores.parquet").write_bytes(b"")
    assert "was changed" in refused(path)
    manifest.unlink()
    assert "is missing" in refused(path)


def test_missing_rows_follow_the_plans_policy(tmp_path: Path) -> None:
    columns = data(200)
    for policy in ("refuse", "exclude", "failure", "bounds"):
        folder = tmp_path / policy
        folder.mkdir()
        claim = {"name": "hits", "metric": "accuracy@0.5", "kind": "better"}
        path = scene(folder, columns, freeze=False, claims=[claim], guardrails=[], missing=policy)
        short = {k: v[:190] for k, v in columns.items() if k not in ("a", "b")}
        write(folder / "cand.csv", {**short, "p": columns["b"][:190]})
        assert assay("plan", "freeze", path, "--lab", folder).code == 0
        if policy == "refuse":
            assert "cand lacks 10 rows that base has" in refused(path)
            continue
        found = told(path)["comparisons"][0]["alignment"]
        assert (found["rows"], found["dropped"], found["imputed"]) == (
            (190, 10, 0) if policy == "exclude" else (200, 0, 10)
        )


def test_a_wide_file_with_a_column_per_model(tmp_path: Path) -> None:
    columns = data()
    write(tmp_path / "both.csv", columns)
    models = {"baseline": {"name": "a", "file": "both.csv", "score": "a"},
              "candidates": [{"name": "b", "file": "both.csv", "score": "b"}]}  # fmt: skip
    wide = told(scene(tmp_path, columns, **models))
    (tmp_path / "two").mkdir()
    long = told(scene(tmp_path / "two", columns))
    for first, second in zip(wide["comparisons"], long["comparisons"], strict=True):
        assert first["difference"] == second["difference"]
    assert assay("recheck", wide["folder"]).code == 0


@pytest.mark.parametrize("decide", ["any-of", "all-of"])
def test_primary_claims_share_the_error_only_under_any_of(tmp_path: Path, decide: str) -> None:
    claims = [CLAIM, {"name": "hits", "metric": "accuracy@0.5", "kind": "better", "margin": 0.4}]
    found = told(scene(tmp_path, claims=claims, decide=decide))
    verdicts = {v["claim"]: v for v in found["recommendations"][0]["verdicts"]}
    assert (verdicts["loss"]["status"], verdicts["hits"]["status"]) == ("supported", "refuted")
    level = verdicts["loss"]["comparison"]["difference"]["decision_level"]
    assert level == pytest.approx(0.975 if decide == "any-of" else 0.95)
    assert found["recommendations"][0]["action"] == ("adopt" if decide == "any-of" else "stop")
    assert verdicts["squares"]["comparison"]["difference"]["decision_level"] == pytest.approx(0.95)


def test_every_kind_of_claim_slices_gaps_latency_and_ablations(tmp_path: Path) -> None:
    claims = [
        CLAIM,
        {"name": "north", "metric": "log_loss", "kind": "better", "slice": {"region": "north"}},
        {"name": "floor", "metric": "accuracy@0.5", "kind": "at_least", "threshold": 0.5},
        {"name": "cap", "metric": "brier", "kind": "at_most", "threshold": 0.5},
        {"name": "same", "metric": "mean(ms)", "kind": "equivalent", "margin": 1},
    ]
    guards = [
        GUARD,
        {"name": "fair", "metric": "gap(accuracy@0.5, by=region)", "kind": "at_most", "threshold": 0.9},
        {"name": "fast", "metric": "quantile@0.95(ms)", "kind": "not_worse", "margin": 5},
    ]
    without = [{"name": "bare", "removes": "history", "file": "base.csv", "score": "p"}]
    found = told(scene(tmp_path, claims=claims, guardrails=guards, ablations=without))
    got = statuses(found)
    assert {k: got[k] for k in ("loss", "north", "floor", "cap", "squares", "fair")} == dict.fromkeys(
        ("loss", "north", "floor", "cap", "squares", "fair"), "supported"
    ), found
    assert {r["candidate"] for r in found["recommendations"]} == {"cand"}
    assert "bare" in {c["candidate_name"] for c in found["comparisons"]}
    north = next(v for v in found["recommendations"][0]["verdicts"] if v["claim"] == "north")
    assert (north["comparison"]["slice"], north["comparison"]["alignment"]["rows"]) == ({"region": "north"}, 200)
    assert assay("recheck", found["folder"]).code == 0
    assert assay("memo", found["folder"], "--format", "md").code == 0


def seeds(seeds: int, n: int = 120) -> dict[str, list[Any]]:
    """A long file: every row once for each seed."""
    made: dict[str, list[Any]] = {}
    for s in range(seeds):
        run = data(n, seed=s)
        run["y"] = data(n)["y"]
        tilt = [0.9 if y else 0.1 for y in run["y"]]
        run["b"] = [round(0.7 * b + 0.3 * t, 4) for b, t in zip(run["b"], tilt, strict=True)]
        run["ms"] = data(n)["ms"]
        for k, v in {**run, "seed": [s] * n}.items():
            made.setdefault(k, []).extend(v)
    return made


@pytest.mark.parametrize("paired", [False, True])
def test_claims_about_a_method_use_seeds(tmp_path: Path, paired: bool) -> None:
    spec = plan()["data"] | {"seed": "seed"}
    path = scene(
        tmp_path, seeds(3), data=spec, seeds=3, seeds_paired=paired, claims=[CLAIM | {"about": "method"}], guardrails=[]
    )
    found = told(path)
    difference = found["recommendations"][0]["verdicts"][0]["comparison"]["difference"]
    facts, (low, high) = difference["diagnostics"], difference["decision_interval"]
    half = (high - low) / 2 / stats.t.ppf(0.5 + difference["decision_level"] / 2, facts["df"])
    assert facts["unit_variance"] + facts["seed_variance"] == pytest.approx(half**2, rel=1e-9)
    for form in ("html", "md", "json"):
        memo = (Path(found["folder"]) / f"memo.{form}").read_text()
        assert "How much of the variance is from seeds" in memo, form
        assert "3 seeds a model" in memo
    assert assay("recheck", found["folder"]).code == 0


def test_a_deterministic_baseline_may_have_one_seed(tmp_path: Path) -> None:
    spec = plan()["data"] | {"seed": "seed"}
    claims = [CLAIM | {"about": "method"}]
    for deterministic in (True, False):
        folder = tmp_path / str(deterministic)
        folder.mkdir()
        base = {"name": "base", "file": "base.csv", "score": "p", "deterministic": deterministic}
        path = scene(folder, seeds(3), freeze=False, data=spec, seeds=3, claims=claims, guardrails=[], baseline=base)
        one = {**data(120), "seed": [0] * 120}
        write(folder / "base.csv", {k: v for k, v in one.items() if k not in ("a", "b")} | {"p": one["a"]})
        long = seeds(3)
        write(folder / "cand.csv", {k: v for k, v in long.items() if k not in ("a", "b", "region")} | {
            "region": one["region"] * 3, "p": long["b"]})  # fmt: skip
        assert assay("plan", "freeze", path, "--lab", folder).code == 0
        if deterministic:
            assert told(path)["recommendations"][0]["verdicts"][0]["status"] in ("supported", "inconclusive")
        else:
            assert "not filled: base seed 2 of 3 (base.csv has 1 seed), base seed 3 of 3" in refused(path)


def test_verdict_only_release_shows_no_number(tmp_path: Path) -> None:
    found = told(scene(tmp_path, reuse={"candidates": 2, "release": "verdict"}))
    assert statuses(found) == {"loss": "supported", "squares": "supported"}
    assert (found["comparisons"], found["slices"]) == ([], [])
    assert {v["comparison"] for v in found["recommendations"][0]["verdicts"]} == {None}
    again = judged(tmp_path / "plan.yaml")
    assert "numbers are withheld" in again.out
    for form in ("html", "md", "json"):
        text = assay("memo", found["folder"], "--format", form).out
        assert "numbers are withheld" in text
        assert "-0.1" not in text
        assert "−0.1" not in text
    assert assay("recheck", found["folder"]).code == 0


def test_slices_may_be_days_missing_numbers_or_any_text(tmp_path: Path) -> None:
    columns = data(
        120,
        day=[f"2026-01-{1 + i % 3:02d}" for i in range(120)],
        odd=[["", "naïve \u202e 1", "a,b", "<b>"][i % 4] for i in range(120)],
        ratio=[0.5 * (i % 3) for i in range(120)],
    )
    spec = plan()["data"] | {"slices": ["day", "odd", "ratio", "day*odd"]}
    found = told(scene(tmp_path, columns, data=spec, claims=[CLAIM, CLAIM | {"name": "one", "slice": {"ratio": 1}}]))
    assert {"day", "odd", "ratio"} == {k for c in found["slices"] for k in c["slice"]}
    assert any(v["comparison"]["slice"] == {"ratio": 1.0} for v in found["recommendations"][0]["verdicts"])
    run = assay("recheck", found["folder"])
    assert (run.code, run.err) == (0, "")
    assert "identical bytes" in run.out
    assert "<b>" not in assay("memo", found["folder"]).out.replace("<b>Â", "")
