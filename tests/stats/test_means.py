from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assay.stats.choose import infer
from assay.stats.means import difference_range, gradient
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive
from tests.stats.samples import LOSS, RATIO, RMSE, flat, moments

RNG = np.random.default_rng(2)
SCORES = RNG.exponential(size=(60, 2, 1))
OPTIONS = InferenceOptions()


def test_a_paired_difference_is_the_paired_t_test() -> None:
    found = infer(LOSS, moments(SCORES), flat(60), OPTIONS).difference
    expected = stats.ttest_rel(SCORES[:, 1, 0], SCORES[:, 0, 0])
    low, high = expected.confidence_interval(0.9)
    assert found.method == "t"
    assert found.p_value(0.0) == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.interval(0.9) == pytest.approx((low, high), rel=1e-9)


def test_a_single_mean_is_the_one_sample_t_test_kept_in_its_range() -> None:
    found = infer(LOSS, moments(SCORES[:5]), flat(5), OPTIONS).baseline
    low, high = stats.ttest_1samp(SCORES[:5, 0, 0], 0).confidence_interval(0.99)
    assert found.interval(0.99) == pytest.approx((max(0.0, low), high), rel=1e-9)


def test_rmse_by_the_delta_method() -> None:
    found = infer(RMSE, moments(SCORES), flat(60), OPTIONS).difference
    root = np.sqrt(SCORES[..., 0].mean(axis=0))
    each = SCORES[:, 1, 0] / (2 * root[1]) - SCORES[:, 0, 0] / (2 * root[0])
    assert found.method == "t-ratio"
    assert found.value == pytest.approx(root[1] - root[0])
    assert found.se == pytest.approx(each.std(ddof=1) / math.sqrt(60), rel=1e-8)


def test_gradient_of_a_ratio() -> None:
    assert gradient(RATIO, np.array([3.0, 4.0]), np.ones(2)) == pytest.approx([0.25, -3 / 16], rel=1e-9)


def test_swapping_models_mirrors_everything() -> None:
    one = infer(RMSE, moments(SCORES), flat(60), OPTIONS).difference
    other = infer(RMSE, moments(SCORES[:, ::-1]), flat(60), OPTIONS).difference
    low, high = one.interval(0.95)
    assert other.interval(0.95) == pytest.approx((-high, -low), rel=1e-9)


@settings(deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_scaling_and_shifting_the_scores(scale: float, shift: float) -> None:
    one = infer(LOSS, moments(SCORES), flat(60), OPTIONS).difference
    other = infer(LOSS, moments(SCORES * scale + shift), flat(60), OPTIONS).difference
    assert other.value == pytest.approx(scale * one.value, rel=1e-6)
    assert other.interval(0.95) == pytest.approx(tuple(scale * b for b in one.interval(0.95)), rel=1e-6)


def test_one_unit_or_equal_differences_have_no_interval() -> None:
    alone = infer(LOSS, moments(SCORES[:1]), flat(1), OPTIONS).difference
    shifted = SCORES.copy()
    shifted[:, 1] = shifted[:, 0] + 0.3
    constant = infer(LOSS, moments(shifted), flat(60), OPTIONS)
    assert isinstance(alone, Descriptive)
    assert "one unit" in alone.reason
    assert isinstance(constant.difference, Descriptive)
    assert constant.difference.value == pytest.approx(0.3)
    assert not isinstance(constant.baseline, Descriptive)


def test_identical_models_have_no_interval() -> None:
    same = np.repeat(SCORES[:, :1], 2, axis=1)
    found = infer(LOSS, moments(same), flat(60), OPTIONS).difference
    assert isinstance(found, Descriptive)
    assert found.value == 0.0


def test_range_of_a_difference() -> None:
    assert difference_range(RATIO) == (None, None)
    assert difference_range(LOSS) == (None, None)
