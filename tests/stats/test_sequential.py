from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from assay.base.errors import PlanError
from assay.stats.sequential import (
    always_valid_radius,
    boundary,
    constant,
    crossing,
    naive_error,
    nominal_alphas,
    spent,
)

EQUAL = [0.2, 0.4, 0.6, 0.8, 1.0]


# Jennison & Turnbull (1999), Tables 2.1 and 2.3, to more digits by an independent recursion
@pytest.mark.parametrize(
    ("looks", "pocock", "obrien_fleming"),
    [
        (1, 1.959963984540054, 1.959963984540054),
        (2, 2.1782720887506657, 1.977430959291323),
        (3, 2.2894780586207237, 2.0040355786130717),
        (4, 2.361297888707047, 2.024295499618288),
        (5, 2.413176220968525, 2.0400731764198814),
        (10, 2.5550127721209703, 2.086502181451076),
    ],
)
def test_classical_constants(looks, pocock, obrien_fleming):
    assert constant(looks) == pytest.approx(pocock, abs=1e-7)
    assert constant(looks, shape="obrien-fleming") == pytest.approx(obrien_fleming, abs=1e-7)


# Armitage, McPherson & Rowe (1969); Jennison & Turnbull (1999) Table 2.1
@pytest.mark.parametrize(
    ("looks", "error"),
    [(1, 0.05), (2, 0.08311780335), (3, 0.10725637464), (5, 0.14168933259), (10, 0.19335659335), (50, 0.32045000389)],
)
def test_naive_peeking(looks, error):
    assert naive_error(looks) == pytest.approx(error, abs=1e-8)


def test_lan_demets_obrien_fleming_bounds():
    """Five equal looks, two-sided 0.05: Reboussin, DeMets, Kim & Lan (2000); R ldbounds iuse = 1, rpact asOF."""
    assert [round(z, 3) for z in boundary(EQUAL, 0.025)] == [4.877, 3.357, 2.680, 2.290, 2.031]


def test_lan_demets_pocock_bounds():
    """Five equal looks, two-sided 0.05: DeMets & Lan (1994); R ldbounds, iuse = 2."""
    assert [round(z, 2) for z in boundary(EQUAL, 0.025, "pocock")] == [2.44, 2.43, 2.41, 2.40, 2.39]


@pytest.mark.parametrize("spending", ["obrien-fleming", "pocock"])
@pytest.mark.parametrize("fractions", [EQUAL, [0.13, 0.5, 0.55, 0.97], [0.3, 1.2]])
def test_unequal_information_spends_exactly_what_was_planned(spending, fractions):
    upper, lower = crossing(fractions, boundary(fractions, 0.025, spending))
    planned = np.diff([0.0] + [spent(t, 0.025, spending) for t in fractions])
    assert upper == pytest.approx(planned, abs=1e-9)
    assert lower == pytest.approx(planned, abs=1e-9)


def test_one_look_is_the_fixed_design():
    assert boundary([1.0], 0.025) == (pytest.approx(1.959963984540054, abs=1e-8),)
    assert nominal_alphas([1.0], 0.025)[0] == pytest.approx(0.025, abs=1e-9)


def test_crossing_with_drift_agrees_with_simulated_paths():
    rng = np.random.default_rng(11)
    times, bounds, drift = np.array([0.3, 0.7, 1.0]), boundary([0.3, 0.7, 1.0], 0.025), 2.5
    steps = rng.normal(size=(200_000, 3)) * np.sqrt(np.diff(times, prepend=0)) + drift * np.diff(times, prepend=0)
    crossed = steps.cumsum(axis=1) / np.sqrt(times) > np.array(bounds)
    simulated = [np.mean(crossed[:, k] & ~crossed[:, :k].any(axis=1)) for k in range(3)]
    assert crossing(times, bounds, drift)[0] == pytest.approx(simulated, abs=0.004)


def test_one_look_power_is_the_normal_one():
    upper, _ = crossing([1.0], [1.959963984540054], drift=2.8)
    assert upper[0] == pytest.approx(ndtr(2.8 - 1.959963984540054), abs=1e-12)


def test_error_too_small_to_spend_gives_an_unreachable_bound():
    bounds = boundary([0.001, 1.0], 0.025)
    assert bounds[0] > 8
    assert bounds[1] == pytest.approx(1.96, abs=1e-3)


@pytest.mark.parametrize("fractions", [[], [0.0, 1.0], [0.5, 0.5], [0.7, 0.3]])
def test_information_has_to_grow(fractions):
    with pytest.raises(PlanError, match="growing information"):
        boundary(fractions, 0.025)


def test_normal_mixture_bound():
    """30.35209: gostevehoward/confseq uniform_boundaries_unittest.cpp."""
    assert always_valid_radius(100, 0.05, 100) == pytest.approx(30.35209, abs=5e-6)
    assert always_valid_radius(100, 0.05, 100) > 10 * -ndtri(0.025)


def test_normal_mixture_holds_at_every_moment():
    rng = np.random.default_rng(5)
    walks = rng.normal(size=(2000, 1000)).cumsum(axis=1)
    radius = np.array([always_valid_radius(n, 0.05, 300) for n in range(1, 1001)])
    ever = (np.abs(walks) > radius).any(axis=1).mean()
    assert 0.005 < ever <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 2000)
