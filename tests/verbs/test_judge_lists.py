"""Plans about text, labels and forecasts: checked, frozen, judged, and rechecked from the evidence alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.verbs import recheck
from tests.helpers.runs import assay
from tests.helpers.tables import Columns, write
from tests.verbs.scenes import frozen, plan, statuses, told, write_plan

N = 80
WORDS = ["red", "fox", "runs", "over", "lazy", "dogs", "by", "night", "42"]


def texts(rng: np.random.Generator) -> dict[str, Any]:
    truth = [" ".join(rng.choice(WORDS, 6)) for _ in range(N)]
    found = {}
    for name, kept in (("base", 0.5), ("cand", 0.9)):
        found[name] = [" ".join(w if rng.random() < kept else "word" for w in t.split()) for t in truth]
    return {"y": [[t, f"a {t}"] for t in truth], **found}


def labels(rng: np.random.Generator) -> dict[str, Any]:
    truth = rng.random((N, 4)) < 0.5
    sets: dict[str, Any] = {"y": truth}
    for name, flipped in (("base", 0.3), ("cand", 0.1)):
        sets[name] = truth ^ (rng.random((N, 4)) < flipped)
    return {k: [[c for c, held in zip("abcd", row, strict=True) if held] for row in rows] for k, rows in sets.items()}


def forecasts(rng: np.random.Generator) -> dict[str, Any]:
    y = rng.normal(10, 2, N).round(3)
    return {
        "y": y.tolist(),
        "base": (y[:, None] + rng.normal(0, 3, (N, 7))).round(3).tolist(),
        "cand": (y[:, None] + rng.normal(0, 1, (N, 7))).round(3).tolist(),
    }


CASES: dict[str, tuple[Any, list[str]]] = {
    "texts": (texts, ["token_f1", "bleu", "exact_match"]),
    "labels": (labels, ["multilabel_f1(average=macro)", "hamming", "subset_accuracy"]),
    "forecasts": (forecasts, ["crps", "crps(estimator=fair)"]),
}


def scene(folder: Path, case: str, ending: str = ".jsonl") -> Path:
    made, metrics = CASES[case]
    columns: Columns = made(np.random.default_rng(3))
    for name in ("base", "cand"):
        write(folder / f"{name}{ending}", {"id": list(range(N)), "y": columns["y"], "p": columns[name]})
    assert assay("init", folder).code == 0
    claims = [{"name": f"c{i}", "metric": m, "kind": "better", "minimal_effect": 0.1} for i, m in enumerate(metrics)]
    spec = {"data": {"name": "test", "id": ["id"], "target": "y"}, "claims": claims, "guardrails": None}
    models = {
        "baseline": {"name": "base", "file": f"base{ending}", "score": "p", "why": "in production"},
        "candidates": [{"name": "cand", "file": f"cand{ending}", "score": "p"}],
    }
    return write_plan(folder, plan(**spec, **models))


@pytest.mark.parametrize("case", CASES)
def test_a_plan_about_lists_is_judged_and_rechecked(tmp_path: Path, case: str) -> None:
    path = scene(tmp_path, case)
    checked = assay("plan", "check", path)
    assert checked.code == 0, checked.out + checked.err
    frozen(path)
    found = told(path)
    decided = statuses(found)
    assert decided["c0"] == "supported"
    # A corpus of eighty short texts is too skewed a sample for BLEU: the domain says so.
    assert {k for k, v in decided.items() if v != "supported"} == ({"c1"} if case == "texts" else set())
    bundle = shutil.copytree(found["folder"], tmp_path / "elsewhere")
    again = recheck.run(bundle)
    assert again.ok, again.differences
    assert again.identical


def test_a_plan_about_text_in_digits_is_read_from_csv_as_written(tmp_path: Path) -> None:
    answers = [f"{i:03d}" for i in range(N)]
    guesses = {"base": ["7"] * N, "cand": [v if i % 9 else "7" for i, v in enumerate(answers)]}
    for name, said in guesses.items():
        write(tmp_path / f"{name}.csv", {"id": list(range(N)), "y": answers, "p": said})
    assert assay("init", tmp_path).code == 0
    claim = {"name": "right", "metric": "exact_match", "kind": "better", "minimal_effect": 0.1}
    spec = {"data": {"name": "test", "id": ["id"], "target": "y"}, "claims": [claim], "guardrails": None}
    path = write_plan(tmp_path, plan(**spec))
    frozen(path)
    found = told(path)
    assert statuses(found) == {"right": "supported"}
    assert assay("recheck", found["folder"]).code == 0


def test_evidence_of_lists_that_was_edited_is_found_out(tmp_path: Path) -> None:
    path = scene(tmp_path, "labels")
    frozen(path)
    bundle = Path(told(path)["folder"])
    judgement = bundle / "judgement.json"
    judgement.write_text(judgement.read_text().replace('"supported"', '"refuted"', 1))
    assert assay("recheck", bundle).code == 2


def test_a_plan_that_names_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = scene(tmp_path, "forecasts")
    content = json.loads(path.read_text())
    content["claims"][0]["metric"] = "interval_coverage(lower=low, upper=high)"
    content["claims"][0] |= {"kind": "at_least", "threshold": 0.5}
    write_plan(tmp_path, content)
    checked = assay("plan", "check", path)
    assert checked.code == 2
    assert "no column 'low' for its metric" in checked.out + checked.err
    assert "no column 'high' for its metric" in checked.out + checked.err
