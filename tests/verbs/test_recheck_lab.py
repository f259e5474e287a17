"""`recheck` beside the ledger: the entry is there, and the looks of the evidence are those that the lab has counted."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assay.base.canonical import canonical_json, digest
from assay.flows.bundle import JUDGEMENT, judged_again, read_bundle
from assay.readers.planfile import plan_from_content
from assay.store.evidence import Evidence
from assay.verbs import recheck as verb
from tests.flows.bundles import memos_anew
from tests.helpers.runs import Run, assay
from tests.verbs.scenes import data, frozen, plan, put, scene, told, write_plan
from tests.verbs.test_looks import NULL, TWO, grown, rival, second_look

SAID = "looks and the entry are those of the lab's ledger"


def recheck(evidence: str | Path, *more: object) -> Run:
    return assay("recheck", evidence, *more)


def elsewhere(evidence: str | Path, folder: Path) -> Path:
    return Path(shutil.copytree(evidence, folder / "bundle"))


def test_the_lab_around_the_evidence_is_asked(tmp_path: Path) -> None:
    run = recheck(told(scene(tmp_path, NULL))["folder"])
    assert run.code == 0
    assert SAID in run.out


def test_without_a_lab_it_is_said_that_looks_were_not_checked(tmp_path: Path) -> None:
    lab, away = tmp_path / "lab", tmp_path / "away"
    away.mkdir()
    copy = elsewhere(told(scene(lab, NULL))["folder"], away)
    run = recheck(copy)
    assert run.code == 0
    assert "looks were not checked: no lab was named" in run.out
    assert verb.run(copy).unchecked
    run = recheck(copy, "--lab", lab)
    assert run.code == 0
    assert SAID in run.out
    assert not verb.run(copy, lab).unchecked
    run = recheck(copy, "--lab", away)
    assert (run.code, run.out) == (2, "")
    assert "there is no lab here" in run.err


def test_a_lab_that_never_saw_the_evidence_says_so(tmp_path: Path) -> None:
    lab, other = tmp_path / "lab", tmp_path / "other"
    evidence = told(scene(lab, NULL))["folder"]
    scene(other, NULL)
    run = recheck(evidence, "--lab", other)
    assert run.code == 2
    assert "has no entry of the evidence" in run.err


@pytest.mark.parametrize("kind", ["second look", "second candidate", "shared rows", "stop rule"])
def test_looks_that_others_took_before_and_after_do_not_disturb(tmp_path: Path, kind: str) -> None:
    found: list[dict[str, Any]]
    if kind == "second look":
        found = [told(scene(tmp_path, NULL, **TWO)), told(second_look(tmp_path, grown(400)))]
    elif kind == "second candidate":
        path = scene(tmp_path, NULL, reuse={"candidates": 2})
        other = rival(tmp_path, reuse={"candidates": 2})
        found = [told(path), told(other)]
        assert [f["look"]["candidates_read"] for f in found] == [0, 1]
    elif kind == "shared rows":
        path = scene(tmp_path, NULL, reuse={"candidates": 2, "release": "verdict"})
        first = told(path)
        put(tmp_path, {k: v[1:] for k, v in NULL.items()})
        other = write_plan(tmp_path, plan(name="other", reuse={"candidates": 2}), "other.yaml")
        frozen(other)
        found = [first, told(other)]
        assert found[1]["look"]["candidates_read"] == 1
    else:
        path = scene(tmp_path, NULL, stop_rules=["too dear"])
        found = [told(path), told(path, "--stop-rule", "too dear")]
        assert found[0]["folder"] != found[1]["folder"]
    for one in found:
        run = recheck(one["folder"])
        assert run.code == 0, run.err
        assert SAID in run.out


def forged(evidence: Path, **look: Any) -> Path:
    """Evidence that says of itself that it was another look, with digests and judgement made to match."""
    manifest = json.loads((evidence / "manifest.json").read_bytes())
    manifest["look"] |= look
    (evidence / "manifest.json").write_bytes(canonical_json(manifest))
    again = canonical_json(judged_again(read_bundle(evidence, plan_from_content)).to_json())
    (evidence / JUDGEMENT).write_bytes(again)
    manifest["files"][JUDGEMENT] = digest(again)
    (evidence / "manifest.json").write_bytes(canonical_json(manifest))
    memos_anew(evidence)
    return evidence


def test_evidence_that_hides_an_earlier_look_is_told_by_the_ledger_alone(tmp_path: Path) -> None:
    lab, away = tmp_path / "lab", tmp_path / "away"
    away.mkdir()
    path = scene(lab, NULL, reuse={"candidates": 2})
    other = rival(lab, reuse={"candidates": 2})
    told(path)
    second = told(other)
    assert second["look"]["candidates_read"] == 1
    copy = forged(elsewhere(second["folder"], away), candidates_read=0)
    run = recheck(copy)
    assert run.code == 0, run.err
    assert "looks were not checked" in run.out
    run = recheck(copy, "--lab", lab)
    assert run.code == 2
    assert "has no entry of the evidence" in run.err


def test_a_count_that_the_ledger_does_not_give_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene(tmp_path, NULL, reuse={"candidates": 2})
    other = rival(tmp_path, reuse={"candidates": 2})
    told(path)
    second = Path(told(other)["folder"])
    known = Evidence.get
    first_id = read_bundle(second, plan_from_content).id
    forged(second, candidates_read=0)
    monkeypatch.setattr(Evidence, "get", lambda self, _: known(self, first_id))
    assert "looks: candidates_read is 0, and 1 follows from the ledger" in recheck(second).err


def test_a_lab_whose_ledger_was_changed_is_told(tmp_path: Path) -> None:
    evidence = told(scene(tmp_path, data(60, gain=0.0)))["folder"]
    with closing(sqlite3.connect(tmp_path / ".assay/lab.db", isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER looks_refuses_delete")
        raw.execute("DELETE FROM looks")
    run = recheck(evidence)
    assert run.code == 2
    assert "ledger: " in run.err
    assert "looks: the ledger has no look at the rows and predictions of 1 candidate" in run.err


def test_the_memo_of_rows_with_several_keys_is_the_same_again(tmp_path: Path) -> None:
    """Examples name the key columns in the plan's order, which is not that of the alphabet."""
    columns = data()
    rows = {"zone": [i % 7 for i in columns["id"]], "area": [i // 7 for i in columns["id"]]}
    spec = {"name": "test", "id": ["zone", "area"], "target": "y", "positive": 1, "slices": ["region"]}
    found = told(scene(tmp_path, {**columns, **rows}, data=spec))
    assert "zone = " in Path(found["folder"], "memo.md").read_text("utf-8")
    run = recheck(found["folder"])
    assert (run.code, "identical bytes" in run.out) == (0, True), run.err
