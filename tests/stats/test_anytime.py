from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln, ndtri

from assay.records.sample import Design
from assay.stats import anytime
from assay.stats.anytime import (
    always_valid_radius,
    bets,
    difference_anytime,
    log_beta_mixture,
    log_capital,
    mixture_alpha,
    mixture_rho,
    mixture_z,
    nominal,
    proportion_anytime,
)
from assay.stats.procedures import Descriptive, StudentT, Undefined


def test_normal_mixture_bound():
    # source: gostevehoward/confseq, test/uniform_boundaries_unittest.cpp: best_rho 12.60056, bound 30.35209 at v = 100
    assert mixture_rho(100, 0.05) == pytest.approx(12.60056, abs=1e-5)
    assert always_valid_radius(100, 0.05, 100) == pytest.approx(30.35209, abs=1e-5)
    assert always_valid_radius(100, 0.05, 100) > 10 * -ndtri(0.025)


def test_normal_mixture_evidence():
    # source: gostevehoward/confseq, the same file: log_superMG(10, 100) = -0.6510052
    assert -math.log(mixture_alpha(100, 1e-9, mixture_rho(100, 0.05))) == 0.0
    rho = mixture_rho(100, 0.05)
    found = 0.5 * math.log(rho / (100 + rho)) + 10**2 / (2 * (100 + rho))
    assert found == pytest.approx(-0.6510052, abs=1e-6)
    z = 4.0
    assert mixture_z(100, mixture_alpha(100, z, rho), rho) == pytest.approx(z)


def test_normal_mixture_holds_at_every_moment():
    rng = np.random.default_rng(5)
    walks = rng.normal(size=(2000, 1000)).cumsum(axis=1)
    radius = np.array([always_valid_radius(n, 0.05, 300) for n in range(1, 1001)])
    ever = (np.abs(walks) > radius).any(axis=1).mean()
    assert 0.005 < ever <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2000)


def test_the_bound_is_close_to_tightest_where_it_was_asked_to_be():
    """A mixture tuned elsewhere is wider there."""
    here = always_valid_radius(1000, 0.05, 1000)
    assert here < min(always_valid_radius(1000, 0.05, 100), always_valid_radius(1000, 0.05, 20_000))


@given(st.integers(1, 200), st.integers(0, 200), st.floats(0.02, 0.98))
def test_evidence_about_a_proportion_has_expectation_one(n, seed, null):
    """Over all counts of n rows, weighted by their probability under the null, the mean evidence is at most 1."""
    ks = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(ks + 1) - gammaln(n - ks + 1) + ks * math.log(null) + (n - ks) * math.log1p(-null)
    evidence = np.array([log_beta_mixture(float(k), float(n - k), null) for k in ks])
    assert np.exp(logs + evidence).sum() == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("null", "discordant"), [(-0.4, 0.6), (0.0, 0.4), (0.15, 0.2), (0.0, 0.05)])
def test_capital_of_bets_has_expectation_one_under_the_null(null: float, discordant: float) -> None:
    """Over all tables of 40 rows, weighted by their probability under the null."""
    n, shares = 40, bets(400)
    up = (discordant + null) / 2
    total = 0.0
    for won in range(n + 1):
        for lost in range(n + 1 - won):
            log_ways = gammaln(n + 1) - gammaln(won + 1) - gammaln(lost + 1) - gammaln(n - won - lost + 1)
            log_p = won * math.log(up) + lost * math.log(discordant - up) + (n - won - lost) * math.log1p(-discordant)
            total += math.exp(log_ways + log_p + log_capital(won, lost, n, null, shares))
    assert total == pytest.approx(1.0, abs=1e-9)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 400), st.sampled_from([0.8, 0.95, 0.999]))
def test_interval_and_p_value_of_a_difference_invert_one_another(won, lost, same, level):
    n = won + lost + same
    found = difference_anytime(won, lost, n, 500, "")
    if n == 0:
        assert isinstance(found, Undefined)
        return
    low, high = found.interval(level)
    assert -1 <= low <= (won - lost) / n <= high <= 1
    for bound, end in ((low, -1.0), (high, 1.0)):
        if abs(bound - end) > 1e-9:
            assert found.p_value(bound) == pytest.approx(1 - level, rel=1e-6)
    assert found.p_value((won - lost) / n) == 1.0


@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from([0.8, 0.95, 0.999]))
def test_interval_and_p_value_of_a_proportion_invert_one_another(successes, failures, level):
    found = proportion_anytime(successes, successes + failures, 500, "")
    if successes + failures == 0:
        assert isinstance(found, Undefined)
        return
    low, high = found.interval(level)
    assert 0 <= low <= successes / (successes + failures) <= high <= 1
    for bound, end in ((low, 0.0), (high, 1.0)):
        if abs(bound - end) > 1e-9:
            assert found.p_value(bound) == pytest.approx(1 - level, rel=1e-6)


def test_rows_that_all_agree_keep_a_width():
    found = difference_anytime(0, 0, 100, 1000, "")
    low, high = found.interval(0.95)
    assert low < 0 < high
    assert low == pytest.approx(-high)
    assert proportion_anytime(50, 50, 500, "").interval(0.95)[0] < 1


@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_around_another_interval_the_p_value_inverts_it(level):
    inner = StudentT(0.3, 0.1, 99, "t", "one row per unit", diagnostics={"nonzero": 50})
    found = anytime.anytime(inner, Design(100, 100, 100.0, False), 1000)
    low, high = found.interval(level)
    assert low < inner.interval(level)[0] < inner.interval(level)[1] < high
    assert found.p_value(low) == pytest.approx(1 - level, rel=1e-6)
    assert found.p_value(high) == pytest.approx(1 - level, rel=1e-6)
    assert (found.method, found.diagnostics["around_inside"]) == ("normal-mixture", 1.0)


def test_what_has_no_interval_gets_none():
    none = Descriptive(0.3, "t", "no interval")
    assert anytime.anytime(none, Design(1, 1, 1.0, False), 100) is none
    gone = Undefined("no rows", "t")
    assert anytime.anytime(gone, Design(1, 1, 1.0, False), 100) is gone


def test_outside_the_domain_of_the_inner_method_it_is_outside_too():
    inner = StudentT(0.3, 0.1, 9, "t", "one row per unit")
    found = anytime.anytime(inner, Design(10, 10, 10.0, False), 1000)
    assert found.diagnostics["around_inside"] == 0.0
    assert "too small" in found.reason


def test_the_nominal_error_is_that_of_the_radius():
    z = always_valid_radius(400, 0.05, 1000) / 20
    assert nominal(400, 0.025, 1000) == pytest.approx(0.5 * math.erfc(z / math.sqrt(2)))
