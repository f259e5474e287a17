"""Metrics of a measured column."""

from __future__ import annotations

import numpy as np
import pytest

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.records.metric import Family


def test_a_mean_reads_its_own_column() -> None:
    found = parse("mean(latency_ms)")
    assert found.read_column == "latency_ms"
    assert found.direction == "lower"
    assert found.scorer is not None
    assert found.scorer(np.zeros(2), np.array([3, 4]), 0.0)[0].tolist() == [3.0, 4.0]


def test_a_quantile_has_names_of_its_own() -> None:
    for name, q in {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}.items():
        found = parse(f"{name}(cost)")
        assert found.family is Family.QUANTILE
        assert found.parameters["q"] == q
        assert found.read_column == "cost"
    assert parse("quantile@0.95(cost)").parameters["q"] == 0.95


def test_direction_can_be_said() -> None:
    assert parse("mean(revenue, direction=higher)").sign == 1.0
    assert parse("p95(ms)").sign == -1.0
    with pytest.raises(MetricError, match="direction is 'up'"):
        parse("mean(direction=up)")


@pytest.mark.parametrize("notation", ["quantile@0", "quantile@1", "quantile@2", "p95@0.9", "mean@3"])
def test_a_wrong_quantile_is_refused(notation: str) -> None:
    with pytest.raises(MetricError, match=r"q is|takes no @ value"):
        parse(notation)
