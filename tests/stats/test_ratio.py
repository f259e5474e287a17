"""Fieller's interval: inversion of its own test, a published ratio, and baselines that no share can be taken of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.records.metric import Floats
from assay.stats.procedures import Descriptive, Inverted, Undefined
from assay.stats.ratio import fieller


def paired(first: list[float], second: list[float]) -> tuple[Floats, Floats, float]:
    """Means of second and first, their covariance, and degrees of freedom: the ratio is first over second."""
    x = np.array([second, first])
    return x.mean(axis=1), np.cov(x) / x.shape[1], x.shape[1] - 1.0


# source: statpsych (R), help of ci.ratio.mean.ps: paired ratios of means with 95 % intervals on the log scale, which a
# baseline this far from 0 gives to within a few thousandths of Fieller's
PUBLISHED = [
    (
        [3.3, 3.6, 3.0, 3.1, 3.9, 4.2, 3.5, 3.3],
        [3.0, 3.1, 2.7, 2.6, 3.2, 3.8, 3.2, 3.0],
        (1.134146, 1.09417, 1.175583),
    ),
    (
        [76.41, 66.91, 81.06, 74.78, 83.76, 89.31, 78.78, 87.06, 82.61, 76.74, 88.33, 86.18],
        [59.85, 60.64, 84.86, 68.16, 71.53, 86.18, 67.30, 65.46, 83.50, 66.76, 88.37, 65.02],
        (1.120213, 1.040747, 1.205745),
    ),
]


@pytest.mark.parametrize(("first", "second", "known"), PUBLISHED, ids=["eight", "twelve"])
def test_a_published_ratio_of_paired_means(
    first: list[float], second: list[float], known: tuple[float, float, float]
) -> None:
    found = fieller(*paired(first, second))
    assert isinstance(found, Inverted)
    assert found.value + 1 == pytest.approx(known[0], abs=1e-6)
    low, high = found.interval(0.95)
    assert (low + 1, high + 1) == pytest.approx(known[1:], abs=0.004)


@given(st.floats(0.5, 3), st.floats(-1, 3), st.floats(0.001, 0.02), st.floats(0.001, 0.2), st.floats(-0.95, 0.95))
def test_interval_and_p_value_are_one_procedure(base: float, cand: float, own: float, other: float, r: float) -> None:
    both = r * math.sqrt(own * other)
    found = fieller(np.array([base, cand]), np.array([[own, both], [both, other]]), 40.0)
    assert isinstance(found, Inverted)
    low, high = found.interval(0.95)
    assert low <= found.value <= high
    assert found.p_value(low) == pytest.approx(0.05, rel=1e-6)
    assert found.p_value(high) == pytest.approx(0.05, rel=1e-6)
    assert found.p_value(found.value) == pytest.approx(1.0)


def test_no_difference_has_the_p_value_of_the_plain_difference() -> None:
    spread = np.array([[0.02, 0.01], [0.01, 0.03]])
    found = fieller(np.array([2.0, 2.3]), spread, 25.0)
    assert isinstance(found, Inverted)
    t = 0.3 / math.sqrt(0.03)
    from scipy import stats

    assert found.p_value(0.0) == pytest.approx(2 * stats.t.sf(t, 25))


@pytest.mark.parametrize(
    ("values", "own", "why"),
    [
        ([0.1, 0.3], 0.01, "interval holds 0"),
        ([0.0, 0.3], 0.0, "interval holds 0"),
        ([-1.0, 0.3], 0.01, "is negative"),
        ([math.nan, 0.3], 0.01, "no value"),
    ],
)
def test_a_share_of_what_may_be_nothing_is_undefined(values: list[float], own: float, why: str) -> None:
    found = fieller(np.array(values), np.array([[own, 0.0], [0.0, 0.01]]), 30.0)
    assert isinstance(found, Undefined)
    assert why in found.reason


def test_no_variance_is_no_interval_and_a_strict_level_may_have_none() -> None:
    assert isinstance(fieller(np.array([1.0, 2.0]), np.zeros((2, 2)), 30.0), Descriptive)
    near = fieller(np.array([1.0, 2.0]), np.array([[0.2, 0.0], [0.0, 0.1]]), 300.0)
    assert isinstance(near, Inverted)
    assert near.interval(0.999) == (-math.inf, math.inf)
