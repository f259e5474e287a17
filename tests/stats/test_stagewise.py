from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from assay.stats.brownian import crossing
from assay.stats.procedures import Descriptive, StudentT, Undefined
from assay.stats.sequential import boundary
from assay.stats.spending import classical
from assay.stats.stagewise import after_stopping, bias, more_extreme, stopped


def test_an_interval_after_stopping_at_the_second_look():
    # source: GroupSeq, vignette "Compute Confidence Interval": Pocock, three looks, at 2/3 z = 2.5: (0.30, 5.38)
    found = stopped([1 / 3, 2 / 3], [classical((1 / 3, 2 / 3, 1.0), 0.025, 0.5)[0]], 2.5)
    assert (round(found.low, 2), round(found.high, 2)) == (0.30, 5.38)


@pytest.mark.parametrize("z", [2.2, 3.0, -2.7])
def test_after_one_look_it_is_the_ordinary_interval(z):
    found = stopped([0.4], [], z)
    root = math.sqrt(0.4)
    assert found.median == pytest.approx(z / root, abs=1e-9)
    assert (found.low * root, found.high * root) == pytest.approx((z + ndtri(0.025), z - ndtri(0.025)), abs=1e-9)
    assert found.p == pytest.approx(2 * ndtr(-abs(z)), abs=1e-12)


@pytest.mark.parametrize("times", [[0.5, 1.0], [0.2, 0.5, 1.0], [0.25, 0.5, 0.75, 1.0]])
@pytest.mark.parametrize("spending", ["obrien-fleming", "pocock"])
def test_p_agrees_with_the_error_spent_and_the_interval_with_p(times, spending):
    """At the bound of a look the one-sided p is what was spent until then."""
    bounds = boundary(times, 0.025, spending)
    upper = crossing(times, bounds)[0]
    for k in range(len(times)):
        p = more_extreme(times[: k + 1], bounds[:k], bounds[k])
        assert p == pytest.approx(upper[: k + 1].sum(), abs=1e-9)
    found = stopped(times, bounds[:-1], bounds[-1])
    assert found.p == pytest.approx(0.05, abs=1e-8)
    assert found.low == pytest.approx(0.0, abs=1e-6)


def test_the_ordering_is_mirrored():
    times, bounds = [0.3, 0.7, 1.0], boundary([0.3, 0.7, 1.0], 0.025)
    up, down = stopped(times, bounds[:2], 2.3), stopped(times, bounds[:2], -2.3)
    assert (down.low, down.median, down.high) == pytest.approx((-up.high, -up.median, -up.low), abs=1e-8)
    assert down.p == pytest.approx(up.p)


def test_early_stopping_shrinks_the_estimate_towards_no_effect():
    bounds = boundary([0.3, 0.7, 1.0], 0.025, "pocock")
    early = stopped([0.3, 0.7], bounds[:1], 2.6)
    assert early.median < 2.6 / math.sqrt(0.7)
    assert early.p > 2 * ndtr(-2.6)


@pytest.mark.parametrize("drift", [0.0, 1.5, 3.0])
def test_interval_and_median_hold_in_simulated_paths(drift):
    """At the truth, the share of paths whose p-value function lies below a level is that level."""
    rng = np.random.default_rng(3)
    times = np.array([0.25, 0.6, 1.0])
    bounds = boundary(times, 0.025, "pocock")
    paths = rng.normal(size=(1500, 3)) * np.sqrt(np.diff(times, prepend=0)) + drift * np.diff(times, prepend=0)
    z = paths.cumsum(axis=1) / np.sqrt(times)
    over = np.abs(z) > bounds
    over[:, 2] = True
    first = over.argmax(axis=1)
    shares = np.array([more_extreme(times[: k + 1], bounds[:k], z[i, k], drift) for i, k in enumerate(first)])
    assert np.mean(shares <= 0.025) == pytest.approx(0.025, abs=0.012)
    assert np.mean(shares >= 0.975) == pytest.approx(0.025, abs=0.012)
    assert np.mean(shares <= 0.5) == pytest.approx(0.5, abs=0.04)


def test_lower_bounds_of_their_own():
    alone = stopped([0.5, 1.0], [2.5], 2.2, lower=[-np.inf])
    both = stopped([0.5, 1.0], [2.5], 2.2)
    assert alone.median == pytest.approx(both.median, abs=1e-4)
    assert alone.low != both.low


@pytest.mark.parametrize("z", [0.0, 1e-12, 12.0, -15.0, 37.0])
def test_a_statistic_far_beyond_the_bound_keeps_finite_figures(z):
    """Missing a bound and lying far beyond it later is next to impossible: figures shrink, and stay in order."""
    result = StudentT(0.1 * z, 0.1, 200, "t", "one row per unit")
    found = after_stopping(result, 0.0, [0.3, 0.6], boundary([0.3, 0.6], 0.025)[:1])
    assert not isinstance(found, (Undefined, Descriptive))
    low, high = found.interval(0.95)
    assert -100 < low < found.value < high < 100
    off = bias(result, 0.0, [0.3, 0.6, 1.0], boundary([0.3, 0.6, 1.0], 0.025), 2)
    assert off is not None
    assert math.isfinite(off)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_in_the_unit_of_the_metric_interval_and_p_invert_one_another(level):
    result = StudentT(0.31, 0.1, 60, "t", "one row per unit")
    found = after_stopping(result, 0.05, [0.4, 0.9], boundary([0.4, 0.9], 0.025, "pocock")[:1])
    assert not isinstance(found, (Undefined, Descriptive))
    for bound in found.interval(level):
        assert found.p_value(bound) == pytest.approx(1 - level, abs=1e-6)
    assert found.interval(level)[0] < found.value < result.value


def test_what_has_no_interval_has_nothing_after_stopping():
    none = Descriptive(0.2, "t", "no interval")
    assert after_stopping(none, 0.0, [1.0], []) is none
    assert bias(none, 0.0, [1.0], [1.96], 1) is None
