"""Metrics of numbers against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.records.metric import Floats

number = st.floats(-1e6, 1e6).map(lambda v: round(v, 3))
rows = st.lists(st.tuples(number, number), min_size=2, max_size=50)


def value(notation: str, y: Floats, p: Floats, centre: float = 0.0) -> float:
    metric = parse(notation)
    assert metric.scorer is not None
    assert metric.value is not None
    parts = metric.scorer(y, p, centre)
    assert len(parts) == len(metric.columns)
    return float(metric.value(np.array([np.mean(c) for c in parts])))


def both(given_rows: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    y, p = (np.array(v, dtype=float) for v in zip(*given_rows, strict=True))
    return y, p


@settings(max_examples=30)
@given(rows)
def test_errors_are_those_of_scikit_learn(given_rows: list[tuple[float, float]]) -> None:
    y, p = both(given_rows)
    assert value("mae", y, p) == pytest.approx(sk.mean_absolute_error(y, p), rel=1e-9, abs=1e-9)
    assert value("mse", y, p) == pytest.approx(sk.mean_squared_error(y, p), rel=1e-9, abs=1e-9)
    assert value("rmse", y, p) == pytest.approx(sk.root_mean_squared_error(y, p), rel=1e-9, abs=1e-9)


@settings(max_examples=30)
@given(rows, st.floats(0.01, 0.99))
def test_pinball_is_that_of_scikit_learn(given_rows: list[tuple[float, float]], tau: float) -> None:
    y, p = both(given_rows)
    expected = sk.mean_pinball_loss(y, p, alpha=tau)
    assert value(f"pinball@{tau!r}", y, p) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=30)
@given(rows)
def test_r2_is_that_of_scikit_learn_wherever_the_target_lies(given_rows: list[tuple[float, float]]) -> None:
    y, p = both(given_rows)
    assume(np.ptp(y) > 1e-2 * max(1.0, np.abs(y).max()))
    assert value("r2", y, p, float(y.mean())) == pytest.approx(sk.r2_score(y, p), rel=1e-6, abs=1e-6)


@settings(max_examples=30)
@given(rows)
def test_mape_is_that_of_scikit_learn_and_undefined_at_zero(given_rows: list[tuple[float, float]]) -> None:
    y, p = both(given_rows)
    found = value("mape", y, p)
    if np.any(y == 0):
        assert np.isnan(found)
    else:
        assert found == pytest.approx(sk.mean_absolute_percentage_error(y, p), rel=1e-9)


def test_r2_of_a_constant_target_is_undefined() -> None:
    assert np.isnan(value("r2", np.full(5, 3.0), np.arange(5.0), 3.0))


@pytest.mark.parametrize("notation", ["pinball@0", "pinball@1", "pinball@-1", "pinball@nan"])
def test_a_wrong_quantile_is_refused(notation: str) -> None:
    with pytest.raises(MetricError, match="tau"):
        parse(notation)
