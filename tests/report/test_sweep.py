"""The matrix of models and seeds in a memo."""

from __future__ import annotations

import json
from typing import Any

from assay.records.comparison import ComparisonSet
from assay.report.sweep import coverage_block, matrix_of
from tests.report.samples import plan


def read_by(runs: dict[str, Any]) -> ComparisonSet:
    return ComparisonSet("0.1.0", 0, (), (), notes={"runs": runs})


def test_the_matrix_is_the_same_from_the_judgement_and_from_kept_evidence() -> None:
    held = plan()
    names = [held.baseline.name, *(c.name for c in held.candidates)]
    runs = {name: {str(seed): f"{name}-{seed}" for seed in (2, 10)} for name in names}
    judged = matrix_of(held, read_by(runs))
    for order in (False, True):
        kept = json.loads(json.dumps(dict(sorted(runs.items(), reverse=order)), sort_keys=not order))
        assert matrix_of(held, read_by(kept)) == judged
    assert judged is not None
    block = coverage_block(judged)
    assert [row[:2] for row in block.rows] == list(zip(names, ["baseline", "candidate"], strict=False))
    assert [c.title for c in block.columns][2:] == ["seed 2", "seed 10"]


def test_predictions_that_are_of_no_runs_have_no_matrix() -> None:
    assert matrix_of(plan(), read_by({})) is None
