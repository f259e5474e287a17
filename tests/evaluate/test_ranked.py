"""Metrics of whole rows that read vectors: what each row comes down to, and what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import AssayError

CLASSES = ["a", "b", "c"]


def table(rows: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    said = rng.dirichlet(np.ones(3), size=(2, rows)).round(2)
    truth = [CLASSES[int(k)] for k in rng.integers(0, 3, rows)]
    return {"id": list(range(rows)), "y": truth, "one": said[0].tolist(), "two": said[1].tolist()}


def risks(vectors: list[list[float]], truth: list[str]) -> float:
    """The definition, row by row."""
    sure = np.max(vectors, axis=1)
    wrong = np.array([sum(v >= row[CLASSES.index(y)] for v in row) != 1 for row, y in zip(vectors, truth, strict=True)])
    return float(np.mean([wrong[sure >= own].mean() for own in sure]))


def compared(data: dict[str, Any], **more: Any) -> Any:
    asked = {"on": "id", "target": "y", "baseline": "one", "candidates": "two", "labels": CLASSES}
    return assay.compare(data, **{**asked, "metrics": ["aurc(from=scores)"], **more})[0]


def test_vectors_are_read_as_the_definition_says() -> None:
    data = table()
    found = compared(data)
    assert found.baseline.value == pytest.approx(risks(data["one"], data["y"]), abs=1e-12)
    assert found.candidate.value == pytest.approx(risks(data["two"], data["y"]), abs=1e-12)
    assert found.difference.interval is not None


def test_a_missing_vector_is_left_out_of_both_models() -> None:
    data = table()
    data["one"][4] = None
    with pytest.raises(AssayError, match="missing"):
        compared(data)
    found = compared(data, missing="exclude")
    kept = [i for i in range(60) if i != 4]
    truth = [data["y"][i] for i in kept]
    assert found.candidate.value == pytest.approx(risks([data["two"][i] for i in kept], truth), abs=1e-12)


def test_classes_are_named_for_vectors() -> None:
    with pytest.raises(AssayError, match="needs the classes in the order of the scores"):
        compared(table(), labels=[])
    with pytest.raises(AssayError, match="cannot read predictions of"):
        compared({**table(), "one": [0.5] * 60, "two": [0.4] * 60})
