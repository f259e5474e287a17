from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.metrics import brier_score_loss

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.metrics.calibration import brier_parts


def drawn(seed, n=400, intercept=0.3, slope=0.7):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n) * 1.5 - 0.5
    return (rng.random(n) < expit(intercept + slope * x)).astype(int), expit(x)


@pytest.mark.parametrize("seed", range(5))
def test_slope_and_intercept_are_those_of_a_logistic_regression(seed):
    y, p = drawn(seed)
    x = logit(p)
    # source: statsmodels 0.15, GLM(y, [1, logit p], Binomial).fit()
    free = sm.GLM(y, sm.add_constant(x), family=sm.families.Binomial()).fit()
    # source: statsmodels 0.15, GLM(y, 1, Binomial, offset=logit p).fit()
    fixed = sm.GLM(y, np.ones(len(y)), family=sm.families.Binomial(), offset=x).fit()
    assert parse("calibration_slope").influence(y, p).value == pytest.approx(free.params[1], rel=1e-8)
    assert parse("calibration_intercept").influence(y, p).value == pytest.approx(fixed.params[0], rel=1e-8)


@pytest.mark.parametrize("name", ["calibration_slope", "calibration_intercept"])
def test_rows_move_the_fit_as_a_sandwich_says(name):
    y, p = drawn(7, 2000)
    x = logit(p)
    found = parse(name).influence(y, p)
    exog, offset, place = (sm.add_constant(x), None, 1) if "slope" in name else (np.ones(len(y)), x, 0)
    # source: statsmodels 0.15, GLM(...).fit(cov_type="HC0"), standard error
    robust = sm.GLM(y, exog, family=sm.families.Binomial(), offset=offset).fit(cov_type="HC0").bse[place]
    assert np.sqrt((found.moved**2).sum()) == pytest.approx(robust, rel=0.01)


@pytest.mark.parametrize("name", ["calibration_slope", "calibration_intercept"])
def test_a_row_left_out_moves_the_fit_so_far(name):
    y, p = drawn(8, 300)
    metric = parse(name)
    found = metric.influence(y, p)
    for i in range(0, 300, 11):
        left = metric.influence(np.delete(y, i), np.delete(p, i)).value
        assert found.moved[i] == pytest.approx(found.value - left, abs=0.05 * np.abs(found.moved).max())


@pytest.mark.parametrize(
    ("name", "y", "p", "words"),
    [
        ("calibration_slope", [0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], "every positive row"),
        ("calibration_slope", [1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], "every positive row"),
        ("calibration_slope", [0, 1, 0, 1], [0.1, 0.5, 0.5, 0.9], "every positive row"),
        ("calibration_slope", [0, 1, 1, 0], [0.4, 0.4, 0.4, 0.4], "equal"),
        ("calibration_slope", [0, 1, 1, 0], [0.0, 0.4, 0.3, 1.0], "exactly 0 or 1"),
        ("calibration_slope", [1, 1, 1], [0.1, 0.4, 0.3], "one class"),
        ("calibration_intercept", [0, 0, 0], [0.1, 0.4, 0.3], "one class"),
        ("calibration_intercept", [0, 1, 1, 0], [0.0, 0.4, 0.3, 0.9], "exactly 0 or 1"),
    ],
)
def test_what_has_no_finite_fit_is_undefined_and_says_why(name, y, p, words):
    found = parse(name).influence(np.array(y), np.array(p))
    assert np.isnan(found.value)
    assert words in found.why


def test_a_constant_probability_has_an_intercept():
    found = parse("calibration_intercept").influence(np.array([0, 1, 1, 1]), np.full(4, 0.5))
    assert found.value == pytest.approx(logit(0.75))


@given(
    st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=60),
    st.integers(2, 20),
    st.booleans(),
)
def test_parts_of_the_brier_score_add_up_exactly(rows, bins, corrected):
    y, p = (np.array(v, dtype=float) for v in zip(*rows, strict=True))
    assert brier_parts(bins, y, p, corrected).brier == pytest.approx(((p - y) ** 2).mean(), abs=1e-12)


# Ten forecasts of rain in three bins; every figure by hand: n = (4, 2, 4), frequencies (1/4, 1/2, 3/4).
RAIN = np.array([0, 0, 0, 1, 0, 1, 1, 1, 1, 0])
SAID = np.array([0.2, 0.2, 0.2, 0.2, 0.5, 0.5, 0.9, 0.9, 0.9, 0.9])


@pytest.mark.parametrize(
    ("corrected", "reliability", "resolution", "uncertainty"),
    [
        # source: Murphy (1973), J. Appl. Meteorol. 12:595-600, equation for the three terms, worked on RAIN
        (False, (4 * 0.05**2 + 4 * 0.15**2) / 10, (4 * 0.25**2 + 4 * 0.25**2) / 10, 0.25),
        # source: Ferro & Fricker (2012), Q. J. R. Meteorol. Soc. 138:1954-1960, equations 5 and 6, worked on RAIN
        (True, 0.01 - (4 * 0.1875 / 3 * 2 + 2 * 0.25) / 10, 0.05 - 0.1 + 0.25 / 9, 0.25 + 0.25 / 9),
    ],
)
def test_parts_of_a_small_table(corrected, reliability, resolution, uncertainty):
    parts = brier_parts(3, RAIN, SAID, corrected)
    assert parts.reliability == pytest.approx(reliability)
    assert parts.resolution == pytest.approx(resolution)
    assert parts.uncertainty == pytest.approx(uncertainty)
    assert parts.within == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("part", ["reliability", "resolution", "uncertainty", "within"])
def test_parts_are_metrics(part):
    y, p = drawn(9)
    assert parse(f"brier_{part}@10").value(y, p) == getattr(brier_parts(10, y, p), part)


def test_parts_as_metrics_add_up_to_the_peers_score():
    y, p = drawn(10)
    signs = {"reliability": 1, "resolution": -1, "uncertainty": 1, "within": 1}
    total = sum(sign * parse(f"brier_{part}(bins=7, bias=plain)").value(y, p) for part, sign in signs.items())
    assert total == pytest.approx(brier_score_loss(y, p))  # source: scikit-learn 1.9.1, brier_score_loss(y, p)


def test_the_correction_takes_off_what_chance_gives():
    """A calibrated model: the plain reliability is above 0 on average, the corrected one is not."""
    rng = np.random.default_rng(11)
    found = []
    for _ in range(300):
        p = rng.random(100)
        y = (rng.random(100) < p).astype(int)
        found.append([brier_parts(10, y, p, corrected).reliability for corrected in (False, True)])
    plain, corrected = np.mean(found, axis=0)
    assert plain > 0.01
    assert abs(corrected) < 0.003


@pytest.mark.parametrize(
    "notation", ["brier_reliability@1", "brier_within@2000", "brier_resolution(bins=5, bias=some)"]
)
def test_bins_and_bias_out_of_range_are_refused(notation):
    with pytest.raises(MetricError, match=r"bins|bias"):
        parse(notation)
