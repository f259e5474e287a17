"""Forecast metrics against published examples, properscoring and scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri
from sklearn import metrics as sk

from assay.base.errors import MetricError
from assay.metrics import naive_scale, parse
from tests.metrics.rows import value

ENSEMBLES: list[tuple[float, list[float], float]] = [
    (0.0, [0.0], 0.0),  # source: properscoring 0.1, crps_ensemble
    (0.5, [0.0, 1.0], 0.25),  # source: properscoring 0.1, crps_ensemble
    (1.0, [-1.0, 0.0, 2.0], 0.6666666666666666),  # source: properscoring 0.1, crps_ensemble
    (3.2, [1.0, 2.5, 2.5, 7.0], 0.7250000000000001),  # source: properscoring 0.1, crps_ensemble
    (-4.0, [0.0, 1.0, 2.0, 3.0, 4.0], 5.2),  # source: properscoring 0.1, crps_ensemble
]
SKTIME = ([3, -0.5, 2, 7, 2], [2.5, 0.0, 2, 8, 1.25], [5, 0.5, 4, 6, 3, 5, 2])
INTERVALS: list[tuple[str, float, list[float], float]] = [
    ("interval_score@0.9", 5.0, [2.0, 6.0], 4.0),  # source: Gneiting & Raftery (2007), eq. 43: the width
    ("interval_score@0.9", 1.5, [2.0, 6.0], 14.0),  # source: Gneiting & Raftery (2007), eq. 43: 4 + 20 x 0.5
    ("interval_score@0.8", 7.0, [2.0, 6.0], 14.0),  # source: Gneiting & Raftery (2007), eq. 43: 4 + 10 x 1
    ("interval_score@0.5", 7.0, [2.0, 6.0], 8.0),  # source: Gneiting & Raftery (2007), eq. 43: 4 + 4 x 1
    ("interval_coverage", 6.0, [2.0, 6.0], 1.0),  # source: Gneiting & Raftery (2007), section 6.2: ends count
    ("interval_coverage", 6.1, [2.0, 6.0], 0.0),  # source: Gneiting & Raftery (2007), section 6.2
    ("interval_width", 9.0, [2.0, 6.0], 4.0),  # source: Gneiting & Raftery (2007), section 6.2
]
PINBALL: list[tuple[str, list[float], float]] = [
    ("pinball@0.1", [0, 2, 3], 0.03333333333333333),  # source: scikit-learn's documentation of mean_pinball_loss
    ("pinball@0.1", [1, 2, 4], 0.3),  # source: scikit-learn's documentation of mean_pinball_loss
    ("pinball@0.9", [0, 2, 3], 0.3),  # source: scikit-learn's documentation of mean_pinball_loss
    ("pinball@0.9", [1, 2, 4], 0.03333333333333333),  # source: scikit-learn's documentation of mean_pinball_loss
    ("pinball@0.5", [0, 2, 3], 0.16666666666666666),  # source: scikit-learn 1.9.1, mean_pinball_loss(alpha=0.5)
]
numbers = st.floats(-100, 100).map(lambda v: round(v, 2))


def rows(y: Any, f: Any) -> tuple[Any, Any]:
    return np.array(y, dtype=float), np.array(f, dtype=float)


@pytest.mark.parametrize(("y", "samples", "expected"), ENSEMBLES)
def test_plain_crps_is_that_of_properscoring(y: float, samples: list[float], expected: float) -> None:
    assert value("crps", *rows([y], [samples])) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("notation", "y", "ends", "expected"), INTERVALS)
def test_intervals_score_as_published(notation: str, y: float, ends: list[float], expected: float) -> None:
    assert value(notation, *rows([y], [ends])) == pytest.approx(expected)
    columns = notation + "(lower=low, upper=high)"
    assert value(columns, *rows([y], [ends])) == pytest.approx(expected)
    assert parse(columns).read_columns == ("low", "high")


@pytest.mark.parametrize(("notation", "forecast", "expected"), PINBALL)
def test_pinball_is_as_documented(notation: str, forecast: list[float], expected: float) -> None:
    assert value(notation, *rows([1, 2, 3], forecast)) == pytest.approx(expected, abs=1e-12)


def test_mase_is_that_of_sktime() -> None:
    y, f, history = SKTIME
    scale = naive_scale(history)
    assert scale == 3.0
    found = value("mase", np.array(y, dtype=float), np.column_stack([f, np.full(5, scale)]))
    # source: sktime's documentation of mean_absolute_scaled_error
    assert found == pytest.approx(0.18333333333333335)


def test_the_seasonal_scale_is_that_of_the_seasonal_naive_forecast() -> None:
    # source: Hyndman & Koehler (2006), section 3.4: |4-1|, |6-2|, |9-3| over 3
    assert naive_scale([1, 2, 3, 4, 6, 9], season=3) == pytest.approx(13 / 3)
    for history, season in (([1.0], 1), ([1.0, 2.0], 2), ([1.0, math.nan, 2.0], 1), ([1.0, 2.0], 0)):
        with pytest.raises(MetricError, match="a series of"):
            naive_scale(history, season)


def test_quantiles_of_the_normal_distribution_have_its_crps() -> None:
    levels = np.arange(1, 100) / 100
    said = "|".join(f"{v:.2f}" for v in levels[4::5])
    dense = 2 * np.mean(np.maximum(levels * -ndtri(levels), (levels - 1) * -ndtri(levels)))
    # source: Gneiting & Raftery (2007), section 4.2: CRPS(N(0, 1), 0) = (sqrt(2) - 1) / sqrt(pi)
    assert dense == pytest.approx((math.sqrt(2) - 1) / math.sqrt(math.pi), abs=0.003)
    quantiles = ndtri(levels[4::5])[None]
    expected = 2 * np.mean(
        [sk.mean_pinball_loss([0.0], [q], alpha=a) for q, a in zip(quantiles[0], levels[4::5], strict=True)]
    )
    # source: scikit-learn 1.9.1, mean_pinball_loss at each level
    assert value(f"crps(levels={said})", *rows([0.0], quantiles)) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(numbers, st.lists(numbers, min_size=2, max_size=8))
def test_crps_is_its_double_sum(y: float, samples: list[float]) -> None:
    x = np.array(samples)
    apart, m = np.abs(x[:, None] - x).sum(), len(x)
    plain = np.abs(x - y).mean() - apart / (2 * m * m)
    fair = np.abs(x - y).mean() - apart / (2 * m * (m - 1))
    assert value("crps", *rows([y], [samples])) == pytest.approx(plain, abs=1e-9)
    assert value("crps(estimator=fair)", *rows([y], [samples])) == pytest.approx(fair, abs=1e-9)


def test_fair_crps_does_not_depend_on_how_many_samples() -> None:
    rng = np.random.default_rng(0)
    y, draws = rng.normal(size=20_000), rng.normal(size=(20_000, 50))
    # source: Ferro (2014), eq. 3: the fair score of draws from the truth is E|X - X'| / 2 = 1 / sqrt(pi)
    for m in (2, 5, 50):
        assert value("crps(estimator=fair)", y, draws[:, :m]) == pytest.approx(1 / math.sqrt(math.pi), abs=0.02)
    plain = [value("crps", y, draws[:, :m]) for m in (2, 50)]
    assert plain[0] > plain[1] + 0.2


def test_wape_is_a_ratio_of_sums() -> None:
    # source: Kolassa & Schuetz (2007), Foresight 6: (2 + 1 + 0) / (10 + 5 + 0)
    assert value("wape", *rows([10, -5, 0], [8, -6, 0])) == pytest.approx(0.2)
    assert math.isnan(value("wape", *rows([0, 0], [1, 2])))


def test_a_constant_history_has_no_mase() -> None:
    assert math.isnan(value("mase", np.array([1.0, 2.0]), np.array([[1.0, 0.0], [1.0, 1.0]])))
    assert "the scale is 0" in parse("mase").undefined


@pytest.mark.parametrize(
    ("notation", "prediction", "said"),
    [
        ("mase", [[1.0, -2.0]], "the scale is -2 in a row"),
        ("interval_coverage", [[3.0, 1.0]], "an interval from 3 to 1"),
        ("interval_width", [[3.0, 4.0, 5.0]], "vectors of 3 values"),
        ("crps(levels=0.1|0.9)", [[3.0, 4.0, 5.0]], "3 quantiles a row and 2 levels"),
        ("crps(estimator=fair)", [[3.0]], "of one sample a row"),
    ],
)
def test_rows_that_make_no_sense_are_refused(notation: str, prediction: list[list[float]], said: str) -> None:
    with pytest.raises(MetricError, match=said):
        value(notation, *rows([1.0], prediction))


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("crps(levels=0.9|0.1)", "levels rise between 0 and 1"),
        ("crps(levels=0|1)", "levels rise between 0 and 1"),
        ("crps(levels=low)", "levels rise between 0 and 1"),
        ("crps(estimator=best)", "estimator is 'best'"),
        ("crps(levels=0.1|0.9, estimator=fair)", "estimator is 'fair' beside levels"),
        ("crps(columns=a)", "columns are two or more"),
        ("crps(columns=a|)", "columns are two or more"),
        ("crps(columns=a|b, levels=0.5)", "2 columns and 1 levels"),
        ("interval_score@1", "lies between 0 and 1"),
        ("interval_score@0.9(lower=a)", "a column for each end"),
        ("interval_width(lower=a, upper=a)", "a column for each end"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(notation: str, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        parse(notation)


def test_columns_that_are_read_together() -> None:
    assert parse("mase(scale=q)").read_columns == ("", "q")
    assert parse("mase(scale=q)").common == ("q",)
    assert parse("crps(levels=0.1|0.9, columns=lo|hi)").read_columns == ("lo", "hi")
    assert parse("crps").read_columns == ("",)
    assert parse("pinball@0.9(q90)").read_column == "q90"
    assert parse("pinball@0.9(q90)").targeted
