"""How far tables of predictions lie apart, each from each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from assay.engine import DuckEngine
from assay.engine.apart import pairwise


def between(*tables: dict[str, Any]) -> Any:
    with DuckEngine() as engine:
        return pairwise(engine, [engine.register(t, f"t{i}") for i, t in enumerate(tables)])


def table(p: list[float], y: list[int], label: list[str]) -> dict[str, Any]:
    return {"p": np.array(p), "y": np.array(y), "label": np.array(label, object)}


def test_each_column_has_its_distances() -> None:
    a = table([0.0, 1.0], [1, 2], ["x", "y"])
    b = table([0.3, 1.4], [1, 4], ["x", "z"])
    found = between(a, b, a)
    # source: sqrt((0.3^2 + 0.4^2) / 2) = 0.35355, sqrt(2^2 / 2) = 1.41421, one label of two
    assert [found[c][1][0, 1] for c in ("p", "y", "label")] == pytest.approx([0.35355, 1.41421, 0.5], abs=1e-5)
    assert [found[c][2][1, 2] for c in ("p", "y", "label")] == pytest.approx([0.4, 2.0, 1.0])
    assert [found[c][0] for c in ("p", "y", "label")] == [False, True, True]
    assert all(found[c][1][0, 2] == 0 for c in found)


def test_what_cannot_be_compared_is_far() -> None:
    a = table([0.0, math.inf], [1, 2], ["x", "y"])
    assert between(a, a)["p"][1][0, 1] == 0
    assert between(a, table([0.0, 1.0], [1, 2], ["x", "y"]))["p"][1][0, 1] == math.inf
    assert between(a, table([0.0], [1], ["x"])) is None
    assert between(a, {"p": np.array([0.0, 1.0])}) is None
    huge = between(table([1e300], [1], ["x"]), table([-1e300], [1], ["x"]))
    assert huge["p"][1][0, 1] == pytest.approx(2e300)
