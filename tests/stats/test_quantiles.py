from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, quantile_test

from assay.metrics.efficiency import quantile
from assay.records.sample import Design, Rows
from assay.stats.procedures import Descriptive, Inverted, StudentT, Undefined
from assay.stats.quantiles import infer_quantile, quantile_arm, quantile_difference, single_quantile

columns = st.lists(st.integers(0, 30), min_size=1, max_size=60)


def infer(scores, q=0.5, units=None, **design):
    scores = np.atleast_2d(np.asarray(scores, dtype=float))
    n = scores.shape[1]
    counts = np.bincount(units) if units is not None else np.ones(n)
    counts = counts[counts > 0]
    effective = counts.sum() ** 2 / (counts**2).sum() if n else 0.0
    made = Design(n, len(counts), effective, units is not None, **design)
    return infer_quantile(quantile(q), Rows(np.zeros(n), scores, units, units), made)


@given(columns, st.sampled_from([0.1, 0.5, 0.9, 0.95]), st.sampled_from([0.8, 0.95, 0.99]))
def test_ranks_are_the_tightest_that_the_binomial_allows(values, q, level):
    arm = quantile_arm(np.array(values, dtype=float), q, None, math.inf)
    ordered, n, side = sorted(values), len(values), (1 - level) / 2 * (1 + 1e-12)
    lower = max((k for k in range(1, n + 1) if binom.cdf(k - 1, n, q) <= side), default=0)
    upper = min((k for k in range(1, n + 1) if binom.sf(k - 1, n, q) <= side), default=n + 1)
    assert arm.bounds(level) == (
        ordered[lower - 1] if lower else -math.inf,
        ordered[upper - 1] if upper <= n else math.inf,
    )


@given(columns, st.sampled_from([0.25, 0.5, 0.9]), st.integers(-1, 31))
def test_p_value_is_scipys_quantile_test(values, q, null):
    arm = quantile_arm(np.array(values, dtype=float), q, None, math.inf)
    assert arm.p(null) == pytest.approx(quantile_test(values, q=null, p=q).pvalue, abs=1e-12)


@given(columns, st.sampled_from([0.5, 0.9]), st.integers(-1, 31), st.booleans())
def test_interval_and_p_value_agree(values, q, null, clustered):
    group = np.arange(len(values)) // 2 if clustered else None
    result = single_quantile(quantile_arm(np.array(values, dtype=float), q, group, len(values) / 2 - 1))
    if isinstance(result, Descriptive):
        assert clustered
        return
    assert isinstance(result, Inverted)
    low, high = result.interval(0.9)
    p = result.p_value(null)
    if abs(p - 0.1) > 1e-9:
        assert (low <= null <= high) == (p > 0.1)


@given(columns, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(values, random):
    order = random.sample(range(len(values)), len(values))
    group = np.arange(len(values)) // 3
    scores = np.array(values, dtype=float)
    one, two = quantile_arm(scores, 0.9, group, 5), quantile_arm(scores[order], 0.9, group[order], 5)
    assert one.bounds(0.95) == two.bounds(0.95)


def test_value_is_the_smallest_with_the_share():
    assert infer(np.tile([[3, 1, 2, 4]], (2, 1)), 0.75)[0].value == 3.0
    assert infer(np.tile([[3, 1, 2, 4]], (2, 1)), 0.76)[0].value == 4.0


def test_clusters_of_copies_count_once():
    rng = np.random.default_rng(3)
    one = rng.lognormal(size=60)
    copied, units = np.repeat(one, 5), np.repeat(np.arange(60), 5)
    low, high = infer(np.stack([copied, copied + 1]), 0.5, units)[0].interval(0.95)
    alone = infer(np.stack([one, one + 1]), 0.5)[0].interval(0.95)
    assert high - low == pytest.approx(alone[1] - alone[0], rel=0.35)


def test_shift_is_covered_and_pairing_narrows_the_interval():
    rng = np.random.default_rng(4)
    base = rng.lognormal(size=300)
    result = infer(np.stack([base, base + 2.0 + 0.01 * rng.normal(size=300)]), 0.9)[2]
    assert isinstance(result, Inverted)
    low, high = result.interval(0.95)
    loose = infer(np.stack([base, rng.permutation(base) + 2.0]), 0.9)[2].interval(0.95)
    assert low <= 2.0 <= high
    assert high - low < 0.9 * (loose[1] - loose[0])
    assert result.p_value(low - 1e-9) <= 0.05 + 1e-12 < result.p_value(low + 1e-9) + 1e-9


def test_too_few_rows_leave_a_side_open():
    low, high = infer([[1, 2, 3], [2, 3, 4]], 0.95)[0].interval(0.95)
    assert high == math.inf
    assert low <= 3
    assert infer([[1, 2, 3], [2, 3, 9]], 0.95)[2].interval(0.95)[1] == math.inf


def test_no_rows_is_undefined():
    assert all(isinstance(r, Undefined) for r in infer(np.zeros((2, 0))))


def test_one_unit_has_no_interval():
    result = infer(np.arange(20.0).reshape(2, 10), 0.5, np.zeros(10, dtype=int))[0]
    assert isinstance(result, Descriptive)
    assert "one unit" in result.reason


def test_equal_models_have_no_interval_for_their_difference():
    arm = quantile_arm(np.arange(30.0), 0.5, None, math.inf)
    result = quantile_difference(arm, arm)
    assert isinstance(result, Descriptive)
    assert result.value == 0.0


def test_seeds_are_averaged_and_add_their_variance():
    rng = np.random.default_rng(8)
    rows = rng.lognormal(size=400)
    scores = np.stack([rows + shift + 0.05 * rng.normal(size=400) for shift in (0, 0.1, 0.2, 1.0, 1.2, 1.4)])
    arms = {"baseline": (0, 1, 2), "candidate": (3, 4, 5)}
    fixed, method = infer(scores, 0.5, None, **arms)[2], infer(scores, 0.5, None, about="method", **arms)[2]
    assert isinstance(fixed, StudentT)
    assert isinstance(method, StudentT)
    assert fixed.value == pytest.approx(1.1, abs=0.1)
    assert method.method == "seeds-satterthwaite"
    assert method.se > fixed.se


@given(st.integers(0, 1000), st.sampled_from([0.5, 0.9]), st.floats(0.5, 0.9999), st.floats(0.5, 0.9999))
def test_difference_widens_with_the_level_and_its_p_value_inverts_it(seed, q, one, two):
    rng = np.random.default_rng(seed)
    base = rng.lognormal(size=80)
    scores = np.stack([base, base * np.exp(0.1 * rng.normal(size=80) + 0.05)])
    result = infer(scores, q)[2]
    assert isinstance(result, Inverted)
    (low, high), (wide_low, wide_high) = result.interval(min(one, two)), result.interval(max(one, two))
    assert wide_low <= low <= result.value <= high <= wide_high
    null = result.value + rng.normal() * 0.3
    p = result.p_value(null)
    for level, bounds in ((min(one, two), (low, high)), (max(one, two), (wide_low, wide_high))):
        if abs(p - (1 - level)) > 1e-9:
            assert (bounds[0] <= null <= bounds[1]) == (p > 1 - level)
