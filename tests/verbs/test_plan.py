"""`plan freeze`: what is fixed, what is a deviation, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from assay.base import clock
from assay.base.canonical import digest_file
from assay.store import LocalStore
from tests.helpers.runs import Run, assay, inside
from tests.verbs.scenes import GUARD, data, events, frozen, plan, put, scene, told, tree, write_plan

FEW = data(40)


def freeze(path: Path, *more: object) -> Run:
    return assay("plan", "freeze", path, "--lab", path.parent, *more)


def declined(path: Path, *more: object) -> str:
    before, said = tree(path.parent), events(path.parent)
    run = freeze(path, *more)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1), run
    assert (tree(path.parent), events(path.parent)) == (before, said)
    return run.err


def test_a_freeze_keeps_the_plan_with_the_digests_of_its_data(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW)
    with LocalStore.open(tmp_path) as store, store.snapshot() as session:
        version = session.plans.versions("late")[0]
        content = json.loads(store.blobs.read(version.content))
    assert content["baseline"]["digest"] == digest_file(tmp_path / "base.csv")
    assert content["candidates"][0]["digest"] == digest_file(tmp_path / "cand.csv")
    assert (version.version, version.parent) == (1, None)
    again = freeze(path)
    assert (again.code, again.err) == (0, "")
    assert "version 1 was frozen before" in again.out
    assert events(tmp_path).count("plan.frozen") == 1


def test_a_change_is_a_deviation_that_says_why(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW)
    write_plan(tmp_path, plan(guardrails=[GUARD | {"margin": 0.2}]))
    said = declined(path)
    assert "guardrails[0].margin was '0.05' and is '0.2'" in said
    assert "--deviation" in said
    frozen(path, "--deviation", "the margin was too strict")
    with LocalStore.open(tmp_path) as store, store.snapshot() as session:
        first, second = session.plans.versions("late")
    assert (second.version, second.parent, second.reason) == (2, first.digest, "the margin was too strict")
    found = told(path)
    memo = assay("memo", found["folder"], "--format", "md").out
    assert r"the margin was too strict. What changed: guardrails\[0\].margin was '0.05' and is '0.2'" in memo
    written = (Path(found["folder"]) / "memo.md").read_text(encoding="utf-8")
    assert memo == written
    today = clock.now()[:10]
    assert f" · frozen {second.frozen_at[:10]} · judged {today[:4]}" in memo
    moved = tmp_path / "elsewhere"
    Path(found["folder"]).rename(moved)
    assert assay("memo", moved, "--format", "md").out == written


def test_a_deviation_is_drafted_from_what_is_frozen(tmp_path: Path) -> None:
    rich = plan(
        milestones=[{"date": "2027-01-15", "what": "decide: yes or no?"}],
        ablations=[{"name": "bare", "removes": "history", "config": {"rate": 0.5}, "command": ["python", "a b.py"]}],
        sweep={
            "command": "python train.py {seed}",
            "space": {"rate": [0.1, 1.0]},
            "metric": "loss",
            "budget": {"hours": 2.0},
        },
        looks={"planned": 2, "units": 300},
    )
    scene(tmp_path, **rich)
    draft = tmp_path / "draft.yaml"
    said = assay("plan", "draft", rich["name"], "--lab", tmp_path)
    draft.write_text(said.out)
    frozen(draft)
    assert events(tmp_path).count("plan.frozen") == 1
    draft.write_text(said.out.replace("owner: Ada", "owner: Eve"))
    frozen(draft, "--deviation", "Eve answers for it now")
    assert "owner: Eve" in assay("plan", "draft", rich["name"], "--lab", tmp_path).out
    unknown = assay("plan", "draft", "lat", "--lab", tmp_path)
    assert (unknown.code, unknown.out) == (2, "")
    assert "no plan 'lat' is frozen" in unknown.err


def test_a_first_version_departs_from_nothing(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW, freeze=False)
    assert "is not frozen yet" in declined(path, "--deviation", "why not")


@pytest.mark.parametrize("name", ["base.csv", "cand.csv", "bare.csv"])
def test_other_data_is_a_deviation(tmp_path: Path, name: str) -> None:
    put(tmp_path, FEW)
    shutil.copy(tmp_path / "base.csv", tmp_path / "bare.csv")
    path = scene(tmp_path, FEW, ablations=[{"name": "bare", "removes": "history", "file": "bare.csv", "score": "p"}])
    with (tmp_path / name).open("a") as out:
        out.write("\n")
    assert f"the data of {name[:4]} changed" in declined(path)
    frozen(path, "--deviation", "a line was lost")
    shown = assay("plan", "show", "late", "--lab", tmp_path)
    first, second = json.loads(shown.out)["versions"]
    assert (first["changed"], second["reason"]) == ([], "a line was lost")
    assert second["changed"] == [f"the data of {name[:4]} changed"]
    assert told(path)["look"]["look"] == 1


def test_predictions_that_are_not_there_yet_are_said(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW, freeze=False)
    (tmp_path / "cand.csv").unlink()
    for _ in range(2):
        run = freeze(path)
        assert run.code == 0
        assert "the predictions of cand are not there yet" in run.err
        put(tmp_path, FEW)


def test_a_digest_in_the_plan_has_to_be_that_of_the_file(tmp_path: Path) -> None:
    put(tmp_path, FEW)
    right = digest_file(tmp_path / "base.csv")
    base = {"name": "base", "file": "base.csv", "score": "p"}
    path = scene(tmp_path, FEW, freeze=False, baseline=base | {"digest": "sha256:" + "0" * 64})
    assert "the plan says sha256:0000" in declined(path)
    write_plan(tmp_path, plan(baseline=base | {"digest": right}))
    frozen(path)


@pytest.mark.parametrize("file", ["x" * 119, "a\x00b.csv", "~/x.csv", "../" * 30 + "x.csv", "\u202e.csv"])
def test_odd_file_names_are_one_line(tmp_path: Path, file: str) -> None:
    path = scene(tmp_path, FEW, freeze=False, baseline={"name": "base", "file": file})
    for run in (freeze(path), assay("judge", path, "--lab", tmp_path)):
        assert run.code in (0, 2), run
        assert "Traceback" not in run.err
    assert assay("judge", path, "--lab", tmp_path).code == 2


def test_placeholders_of_the_template_are_not_frozen(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW, freeze=False)
    path.write_text(assay("plan", "new").out, encoding="utf-8")
    assert assay("plan", "check", path).code == 0
    run = freeze(path)
    assert run.code == 2
    assert all("placeholder" in line for line in run.err.splitlines()), run.err
    assert "plan.frozen" not in events(tmp_path)


def test_a_lab_is_found_upwards_and_a_lost_folder_is_said(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW, freeze=False)
    below = tmp_path / "deep" / "er"
    below.mkdir(parents=True)
    with inside(below):
        assert assay("plan", "freeze", path).code == 0
        assert assay("ledger", "verify").code == 0
        gone = tmp_path / "gone"
        gone.mkdir()
        os.chdir(gone)
        gone.rmdir()
        run = assay("ledger", "verify")
    assert (run.code, len(run.err.splitlines())) == (2, 1)
    assert "the working folder is gone" in run.err
