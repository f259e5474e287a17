"""Rows won and lost of every candidate, in evidence and in a comparison."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import assay
from tests.flows.bundles import copied, doubted, edit, memos_anew, rechecked
from tests.helpers.tables import write
from tests.verbs.scenes import data, scene, told


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence of two candidates, the second of which says what the baseline does but for one row."""
    folder, columns = tmp_path_factory.mktemp("two"), data(120)
    second = [1 - p if i == 7 else p for i, p in enumerate(columns["a"])]
    write(folder / "twin.csv", {"id": columns["id"], "y": columns["y"], "p": second, "region": columns["region"]})
    names = ("cand", "twin")
    spec = {"candidates": [{"name": n, "file": f"{n}.csv", "score": "p"} for n in names], "reuse": {"candidates": 2}}
    return Path(told(scene(folder, columns, **spec))["folder"])


def test_evidence_keeps_the_examples_of_each_candidate(two: Path, tmp_path: Path) -> None:
    kept = json.loads((two / "flips.json").read_bytes())
    assert [len(kept["won"]), len(kept["lost"])] == [5, 5]
    only = kept["more"]["twin"]
    assert [row["key"]["id"] for row in (*only["won"], *only["lost"])] == [7]
    memo = (two / "memo.md").read_text("utf-8")
    examples = memo[memo.index("## Examples won and lost") :]
    assert examples.index("### cand") < examples.index("### twin") < examples.index("id = 7 ")
    assert rechecked(two).code == 0
    held = copied(two, tmp_path)
    edit(held, "flips.json", lambda f: f["more"]["twin"].update(won=f["won"]))
    doubted(held, "flips")


def test_evidence_of_a_version_that_kept_the_first_candidates_alone_holds(two: Path, tmp_path: Path) -> None:
    held = copied(two, tmp_path)
    edit(held, "flips.json", lambda f: f.pop("more"))
    memos_anew(held)
    assert rechecked(held).code == 0


def test_a_comparison_shows_examples_by_the_first_metric_that_rows_decide() -> None:
    table = {"id": [1, 2, 3, 4], "y": [0, 1, 0, 1], "a": [0.4, 0.4, 0.6, 0.9], "b": [0.1, 0.8, 0.7, 0.2]}
    asked = {"on": ["id"], "target": "y", "baseline": "a", "candidates": ["b"]}

    def shown(metrics: list[str], examples: bool = True) -> Any:
        return assay.compare(table, metrics=metrics, **asked, examples=examples).to_json().get("examples")

    assert shown(["auc", "accuracy@0.5"]) == [
        {
            "candidate": "b",
            "won": [{"key": {"id": 2}, "target": 1, "baseline": 0.4, "candidate": 0.8}],
            "lost": [{"key": {"id": 4}, "target": 1, "baseline": 0.9, "candidate": 0.2}],
            "notes": {"won": 1, "lost": 1, "by": "accuracy@0.5", "reads": "all"},
        }
    ]
    assert [row["key"]["id"] for row in shown(["brier"])[0]["won"]] == [2, 1]
    assert (shown(["auc"]), shown(["brier"], examples=False)) == (None, None)
