"""Tampering is noticed although every digest was made to match again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.base.canonical import canonical_json
from assay.verbs import recheck
from tests.flows.bundles import (
    copied,
    doubted,
    edit,
    edit_arrays,
    edit_scores,
    judge_anew,
    memos_anew,
    rechecked,
    sealed,
)


def test_sound_evidence_gives_identical_bytes(bundle: Path) -> None:
    run = rechecked(bundle)
    assert (run.code, run.err) == (0, "")
    assert "the verdict follows from the evidence: identical bytes" in run.out
    assert "loss supported" in run.out


JUDGEMENT: dict[str, Callable[[Any], Any]] = {
    "status": lambda j: j["recommendations"][0]["verdicts"][0].update(status="refuted"),
    "action": lambda j: j["recommendations"][0].update(action="stop"),
    "number": lambda j: j["comparisons"][0]["difference"].update(value=-0.5),
    "small number": lambda j: j["comparisons"][0]["difference"].update(
        value=j["comparisons"][0]["difference"]["value"] + 1e-7
    ),
    "lost slice": lambda j: j["slices"].pop(),
    "lost verdict": lambda j: j["recommendations"][0]["verdicts"].pop(),
    "one more field": lambda j: j.update(approved=True),
    "look": lambda j: j["look"].update(look=2),
    "no number": lambda j: j["comparisons"][0]["difference"].update(value=None),
}


def test_a_recheck_is_shown_in_a_line(bundle: Path) -> None:
    found = recheck.run(bundle)
    action = found.conclusion.judgement.recommendations[0].action
    assert repr(found) == f"<Recheck: the verdict follows; cand {action}>"
    assert repr(replace(found, differences=("a", "b"))).startswith("<Recheck: 2 differences; ")


@pytest.mark.parametrize("kind", JUDGEMENT)
def test_a_judgement_that_does_not_follow_from_the_cells(bundle: Path, tmp_path: Path, kind: str) -> None:
    held = copied(bundle, tmp_path)
    edit(held, "judgement.json", JUDGEMENT[kind])
    doubted(held, "judgement", "the verdict does not follow")


def test_a_number_within_1e_9_of_the_stored_one_holds(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    difference = "difference"
    edit(held, "judgement.json", lambda j: j["comparisons"][0][difference].update(
        value=j["comparisons"][0][difference]["value"] + 1e-12))  # fmt: skip
    memos_anew(held)
    run = rechecked(held)
    assert run.code == 0
    assert "numbers within" in run.out


def shifted(arrays: dict[str, Any]) -> None:
    for name, array in arrays.items():
        if array.dtype.kind == "f" and array.size:
            arrays[name] = array * (1 + 1e-6)


def test_cells_that_do_not_follow_from_the_scores(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit_arrays(held, shifted)
    judge_anew(held)
    doubted(held, "cells[3].sums", "cells[9].scores", "differs by")


def test_a_cell_made_undefined_is_noticed(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit_arrays(held, lambda a: a.update({n: np.full_like(x, np.nan) for n, x in a.items() if x.dtype.kind == "f"}))
    doubted(held)


@pytest.mark.parametrize("field", ["units", "effective_units", "clustered", "rows"])
def test_designs_that_do_not_follow_from_the_scores(bundle: Path, tmp_path: Path, field: str) -> None:
    held = copied(bundle, tmp_path)
    new = {"units": 120, "effective_units": 120.0, "clustered": False, "rows": 5000}[field]

    def change(index: Any) -> None:
        for cell in index["cells"]:
            for design in cell["designs"]:
                design[field] = new

    edit(held, "cells.json", change)
    judge_anew(held)
    doubted(held, "designs")


@pytest.mark.parametrize(
    "replace",
    ["0.99 * a1_0_0 AS a1_0_0", "1 - y AS y", "k0::VARCHAR AS u", "'north' AS s0", "v0_0_a1_0_0 * 0.9 AS v0_0_a1_0_0"],
)
def test_scores_that_were_changed(bundle: Path, tmp_path: Path, replace: str) -> None:
    held = copied(bundle, tmp_path)
    edit_scores(held, replace)
    doubted(held, "follow")


def test_groups_are_found_again_and_never_read(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit_scores(held, "0 AS g")
    memos_anew(held)
    assert rechecked(held).code == 0


def test_rows_in_another_order_are_the_same_scores(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    import duckdb

    path, new = held / "scores.parquet", held / "new.parquet"
    duckdb.sql(f"COPY (SELECT * FROM '{path}' ORDER BY hash(k0)) TO '{new}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    new.replace(path)
    sealed(held)
    memos_anew(held)
    assert "identical bytes" in rechecked(held).out


PLAN: dict[str, Callable[[Any], Any]] = {
    "margin": lambda p: p["guardrails"][0].update(margin=0.5),
    "level": lambda p: p.update(level=0.8),
    "metric": lambda p: p["claims"][0].update(metric="brier"),
    "unit": lambda p: p["data"].update(unit=""),
    "slices": lambda p: p["data"].update(slices=[]),
    "seed": lambda p: p.update(seed=1),
    "reuse": lambda p: p["reuse"].update(candidates=3),
    "digest": lambda p: p["candidates"][0].update(digest="sha256:" + "0" * 64),
}


@pytest.mark.parametrize("kind", PLAN)
def test_a_plan_from_which_the_judgement_does_not_follow(bundle: Path, tmp_path: Path, kind: str) -> None:
    held = copied(bundle, tmp_path)
    edit(held, "plan.json", PLAN[kind])
    manifest = json.loads((held / "manifest.json").read_bytes())
    judgement = json.loads((held / "judgement.json").read_bytes())
    judgement["plan"] = manifest["plan"]
    (held / "judgement.json").write_bytes(canonical_json(judgement))
    sealed(held)
    doubted(held)


MANIFEST: dict[str, Callable[[Any], Any]] = {
    "units": lambda m: m["aligned"].update(units=120),
    "clustered": lambda m: m["aligned"].update(clustered=False),
    "models swapped": lambda m: m["aligned"]["models"].reverse(),
    "arms swapped": lambda m: m["aligned"]["models"][0].update(arms={"": ["a1_0_0"]}),
    "rows": lambda m: m["setting"]["counts"]["cand"].update(rows=5000),
    "draws": lambda m: m["setting"].update(draws=99),
    "seed": lambda m: m["setting"].update(seed=3),
    "seeds": lambda m: m["seeds"].update(cand=5),
    "fractions": lambda m: m.update(fractions=[0.5, 1.0, 0.2]),
    "look": lambda m: m["look"].update(look=2),
}


@pytest.mark.parametrize("kind", MANIFEST)
def test_a_manifest_that_says_something_else(bundle: Path, tmp_path: Path, kind: str) -> None:
    held = copied(bundle, tmp_path)
    edit(held, "manifest.json", MANIFEST[kind])
    doubted(held)


def test_examples_that_are_none(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit(held, "flips.json", lambda f: f["won"].pop())
    doubted(held, "flips")


@pytest.mark.parametrize(("form", "old", "new"), [
    ("html", "supported", "refuted"), ("md", "cand", "rand"), ("json", "0.", "9."),
])  # fmt: skip
def test_a_memo_that_was_edited_is_not_that_of_the_evidence(
    bundle: Path, tmp_path: Path, form: str, old: str, new: str
) -> None:
    held = copied(bundle, tmp_path)
    path = held / f"memo.{form}"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    assert len(doubted(held, f"memo.{form}: is not the memo that follows from the evidence").splitlines()) == 2


def test_last_digits_of_a_memo_may_be_those_of_another_machine_and_nothing_else(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit(held, "judgement.json", lambda j: j["comparisons"][0]["difference"].update(
        value=j["comparisons"][0]["difference"]["value"] + 1e-13))  # fmt: skip
    memos_anew(held)
    path = held / "memo.json"
    text = path.read_text(encoding="utf-8")
    digits = re.search(r"0\.\d{3,}", text)
    assert digits is not None
    last = str((int(digits[0][-1]) + 1) % 10) if digits[0][-1] != "9" else "8"
    path.write_text(text.replace(digits[0], digits[0][:-1] + last, 1), encoding="utf-8")
    assert rechecked(held).code == 0
    path.write_text(text.replace(digits[0], "0.9", 1), encoding="utf-8")
    doubted(held, "memo.json")


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_the_memo_is_the_one_that_judge_wrote_wherever_the_evidence_lies(
    bundle: Path, tmp_path: Path, form: str
) -> None:
    held = copied(bundle, tmp_path)
    written = (held / f"memo.{form}").read_bytes()
    memos_anew(held)
    assert (held / f"memo.{form}").read_bytes() == written
    assert b"rozen" in written


def test_a_recheck_changes_nothing(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    before = {p.name: p.read_bytes() for p in held.iterdir()}
    rechecked(held)
    assert {p.name: p.read_bytes() for p in held.iterdir()} == before
    shutil.rmtree(held)
