from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.stats.jackknife import degrees, delete_one, effective_groups, jackknife, on_logit, variance
from assay.stats.procedures import Descriptive, LogitT, StudentT, Undefined
from tests.stats.samples import flat


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40))
def test_variance_of_a_mean_is_the_textbooks(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    replicates = (x.sum() - x) / (x.size - 1)
    assert variance(float(x.mean()), replicates) == pytest.approx(x.var(ddof=1) / x.size, rel=1e-9, abs=1e-12)


def test_efron_and_stein_law_school() -> None:
    # Efron & Tibshirani (1993), An Introduction to the Bootstrap, Table 3.1 and section 11.2: correlation of LSAT
    # and GPA in 15 schools .776, jackknife standard error .1425 (around the replicates' mean; ours is not smaller).
    lsat = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594]
    gpa = [3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96]
    value = float(np.corrcoef(lsat, gpa)[0, 1])
    replicates = np.array([np.corrcoef(np.delete(lsat, i), np.delete(gpa, i))[0, 1] for i in range(15)])
    assert value == pytest.approx(0.776, abs=5e-4)
    assert math.sqrt(variance(float(replicates.mean()), replicates)) == pytest.approx(0.1425, abs=5e-4)
    assert variance(value, replicates) >= variance(float(replicates.mean()), replicates)


def test_delete_one_leaves_each_group_out() -> None:
    x = np.array([[1, 2], [3, 4], [5, 6]])
    assert delete_one(x).tolist() == [[8, 10], [6, 8], [4, 6]]


def test_effective_groups() -> None:
    assert effective_groups(np.full(7, 3)) == 7
    assert effective_groups(np.array([100, 1, 1])) == pytest.approx(102**2 / 10002)
    assert effective_groups(np.zeros(3)) == 0.0


def test_degrees_take_the_smaller_of_units_and_groups_that_count() -> None:
    assert degrees(flat(50), np.array([2, 2, 2])) == 2
    assert degrees(flat(2), np.array([2, 2, 2])) == 1


@pytest.mark.parametrize(
    ("replicates", "df", "why"),
    [
        ([0.5], 0.0, "one unit"),
        ([0.5, math.nan, 0.4], 2.0, "1 of the 3 units"),
        ([0.5, 0.5, 0.5], 2.0, "no variance"),
        ([0.5, 0.4], 0.001, "nearly all rows"),
    ],
)
def test_no_interval_and_why(replicates: list[float], df: float, why: str) -> None:
    found = jackknife(0.5, np.array(replicates), df, "reason")
    assert isinstance(found, Descriptive)
    assert why in found.reason
    assert found.value == 0.5


def test_nan_is_undefined() -> None:
    assert isinstance(jackknife(math.nan, np.array([1.0, 2.0]), 1.0, "reason"), Undefined)


def test_logit_keeps_what_it_cannot_move() -> None:
    inner = jackknife(0.5, np.array([0.4, 0.6, 0.5]), 2.0, "reason")
    assert isinstance(inner, StudentT)
    assert on_logit(inner, (0.0, None)) is inner
    assert on_logit(inner, (0.5, 1.0)) is inner
    moved = on_logit(inner, (0.0, 1.0))
    assert isinstance(moved, LogitT)
    assert moved.se == inner.se
    assert moved.method == "jackknife-logit"
