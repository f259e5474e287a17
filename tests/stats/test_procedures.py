from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.stats.procedures import (
    Draws,
    LogitT,
    StudentT,
    bisect,
    clip,
    falling_root,
    p_by_inversion,
    t_quantile,
    two_sided_p,
)

levels = st.floats(0.5, 0.999)


@pytest.mark.parametrize("df", [1.0, 3.5, 40.0, math.inf])
def test_quantiles_and_p_values_are_scipys(df: float) -> None:
    reference = stats.t(df) if math.isfinite(df) else stats.norm()
    assert t_quantile(0.95, df) == pytest.approx(reference.ppf(0.975), rel=1e-10)
    assert two_sided_p(-1.7, df) == pytest.approx(2 * reference.sf(1.7), rel=1e-10)


def test_t_interval_of_students_sleep_data() -> None:
    # R: t.test(extra ~ group, data = sleep, paired = TRUE): t = -4.0621, p = 0.002833, -2.4598858 to -0.7001142.
    difference = -np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    procedure = StudentT(float(difference.mean()), float(difference.std(ddof=1) / math.sqrt(10)), 9, "t", "why")
    assert procedure.interval(0.95) == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)
    assert procedure.p_value(0.0) == pytest.approx(0.002833, abs=5e-7)


@given(st.floats(-5, 5), st.floats(0.01, 3), st.floats(1, 100), levels, st.floats(-9, 9))
def test_t_inverts(value: float, se: float, df: float, level: float, null: float) -> None:
    procedure = StudentT(value, se, df, "t", "why")
    low, high = procedure.interval(level)
    if min(abs(null - low), abs(null - high)) > 1e-6:
        assert (procedure.p_value(null) > 1 - level) == (low <= null <= high)


@given(st.floats(-0.9, 0.9), st.floats(0.01, 0.5), st.floats(1, 100), levels, st.floats(-0.99, 0.99))
def test_logit_t_inverts_and_stays_inside(value: float, se: float, df: float, level: float, null: float) -> None:
    procedure = LogitT(value, se, df, "jackknife-logit", "why", -1.0, 1.0)
    low, high = procedure.interval(level)
    assert -1 <= low <= value <= high <= 1
    if min(abs(null - low), abs(null - high)) > 1e-6:
        assert (procedure.p_value(null) > 1 - level) == (low <= null <= high)


def test_an_impossible_null_is_rejected_on_the_logit_scale() -> None:
    assert LogitT(0.5, 0.1, 9, "m", "why").p_value(1.0) == 0.0


def test_bounds_stay_in_the_range() -> None:
    assert StudentT(0.9, 0.2, 9, "t", "why", 0.0, 1.0).interval(0.95)[1] == 1.0
    assert clip((-2.0, 2.0), None, 1.0) == (-2.0, 1.0)


def test_percentiles_are_order_statistics() -> None:
    procedure = Draws(50.0, np.arange(99.0), "m", "why")
    # B + 1 = 100: the 5th smallest and the 5th largest of 0..98.
    assert procedure.interval(0.9) == (4.0, 94.0)


@given(st.lists(st.integers(-30, 30), min_size=19, max_size=199), st.integers(-30, 30), levels, st.floats(-35, 35))
def test_percentiles_invert_with_ties_and_with_the_value_outside(
    draws: list[int], value: int, level: float, null: float
) -> None:
    procedure = Draws(float(value), np.sort(np.array(draws, dtype=float)), "m", "why")
    low, high = procedure.interval(level)
    alpha = 1 - level
    rank = (len(draws) + 1) * alpha / 2
    if abs(rank - round(rank)) > 1e-6:
        assert (procedure.p_value(null) > alpha) == (low <= null <= high)


def test_p_of_replicates_is_never_zero() -> None:
    assert Draws(5.0, np.full(999, 5.0) + np.arange(999), "m", "why").p_value(0.0) == 2 / 1000


def test_a_level_beyond_the_replicates_gives_the_range() -> None:
    procedure = Draws(0.5, np.linspace(0.4, 0.6, 99), "m", "why", 0.0, 1.0)
    assert procedure.rank(0.999) == 0
    assert procedure.interval(0.999) == (0.0, 1.0)
    assert procedure.monte_carlo_error(0.999) is None


def test_monte_carlo_error_is_the_spread_of_the_bounds() -> None:
    rng = np.random.default_rng(0)
    many = [Draws(0.0, np.sort(rng.standard_normal(999)), "m", "why") for _ in range(400)]
    observed = np.std([d.interval(0.95)[0] for d in many])
    said = np.mean([d.monte_carlo_error(0.95) or 0.0 for d in many])
    assert said == pytest.approx(observed, rel=0.35)


def test_bisect_finds_where_a_condition_ends() -> None:
    assert bisect(lambda x: x * x < 2, 0.0, 2.0) == pytest.approx(math.sqrt(2), abs=1e-15)


@given(st.floats(-0.999, 0.999), st.integers(1, 4))
def test_falling_root(zero: float, power: int) -> None:
    steep = 2 * power - 1
    found = falling_root(lambda x: (zero - x) ** steep + (zero - x), -1.0, 1.0)
    assert found == pytest.approx(zero, abs=1e-12)


def test_falling_root_without_a_change_of_sign_is_an_end() -> None:
    assert falling_root(lambda x: -1 - x, 0.0, 1.0) == 0.0
    assert falling_root(lambda x: 2 - x, 0.0, 1.0) == 1.0
    assert falling_root(lambda x: math.inf if x < 0.3 else -1.0, 0.0, 1.0) == pytest.approx(0.3)


def test_p_by_inversion_of_a_t_interval_is_the_t_test() -> None:
    procedure = StudentT(1.0, 0.4, 7, "t", "why")
    assert p_by_inversion(procedure.interval, 1.0, 0.2) == pytest.approx(procedure.p_value(0.2), rel=1e-8)
    assert p_by_inversion(procedure.interval, 1.0, 1.0) == 1.0
    assert p_by_inversion(procedure.interval, 1.0, -1e9) == 1e-14
