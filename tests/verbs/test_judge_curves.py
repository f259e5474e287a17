"""A memo draws the curves of the metrics that its claims are about, from the evidence alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assay.verbs import recheck
from tests.helpers.runs import assay
from tests.helpers.tables import write
from tests.verbs.scenes import frozen, plan, told, write_plan

N = 300


def scene(folder: Path, metric: str, several: bool, release: str) -> Path:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3 if several else 2, N)
    for name, skill in (("base", 0.5), ("cand", 2.0)):
        odds = rng.normal(size=(N, 3 if several else 2))
        odds[np.arange(N), truth] += skill
        said = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
        shown = said.round(4).tolist() if several else said[:, 1].round(4).tolist()
        y = [("a", "b", "c")[k] for k in truth] if several else truth.tolist()
        write(folder / f"{name}.jsonl", {"id": list(range(N)), "y": y, "p": shown})
    assert assay("init", folder).code == 0
    labels = {"labels": ["a", "b", "c"]} if several else {}
    claims = [{"name": "c0", "metric": metric, "kind": "better", "minimal_effect": 0.1}]
    models = {
        "baseline": {"name": "base", "file": "base.jsonl", "score": "p", "why": "in production"},
        "candidates": [{"name": "cand", "file": "cand.jsonl", "score": "p"}],
    }
    spec = {"data": {"name": "test", "id": ["id"], "target": "y", **labels}, "claims": claims, "guardrails": None}
    reuse = {"reuse": {"candidates": 2, "release": release}} if release == "verdict" else {}
    return write_plan(folder, plan(**spec, **models, **reuse))


@pytest.mark.parametrize(
    ("metric", "several", "shown"),
    [
        ("aurc", False, {"Reliability", "Risk and coverage"}),
        ("brier", False, set()),
        ("selective_risk@0.7(from=scores)", True, {"Risk and coverage"}),
    ],
)
def test_curves_stand_in_the_memo_and_follow_from_the_evidence(
    tmp_path: Path, metric: str, several: bool, shown: set[str]
) -> None:
    path = scene(tmp_path, metric, several, "full")
    frozen(path)
    done = Path(told(path)["folder"])
    page = (done / "memo.html").read_text()
    assert {t for t in ("Reliability", "Risk and coverage") if f">{t}</h3>" in page} == shown
    assert ("## Curves" in (done / "memo.md").read_text()) == bool(shown)
    again = recheck.run(done)
    assert again.identical, again.differences


def test_a_plan_that_releases_the_verdict_alone_draws_nothing(tmp_path: Path) -> None:
    path = scene(tmp_path, "aurc", False, "verdict")
    frozen(path)
    done = Path(told(path)["folder"])
    assert "<h2>Curves" not in (done / "memo.html").read_text()
    assert "Risk and coverage" not in (done / "memo.html").read_text()
