from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from assay.base.errors import PlanError
from assay.stats.procedures import bisect
from assay.stats.sequential import boundary, crossing, nominal_alphas, spent, stopping
from assay.stats.spending import Rule, classical, constant

EQUAL = [0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize(
    "rule",
    [
        Rule("obrien-fleming"),
        Rule("pocock"),
        Rule("hwang-shih-decani", -4.0),
        Rule("power", 3.0),
        Rule("classical-pocock", planned=(0.2, 0.6, 1.0)),
        Rule("classical-obrien-fleming", planned=(0.5, 1.0)),
    ],
)
@pytest.mark.parametrize("fractions", [EQUAL, [0.13, 0.5, 0.55, 0.97], [0.3, 1.2]])
def test_unequal_information_spends_exactly_what_was_planned(rule, fractions):
    upper, lower = crossing(fractions, boundary(fractions, 0.025, rule))
    planned = np.diff([0.0] + [spent(t, 0.025, rule) for t in fractions])
    assert upper == pytest.approx(planned, abs=1e-9)
    assert lower == pytest.approx(planned, abs=1e-9)


@pytest.mark.parametrize("spending", ["classical-pocock", "classical-obrien-fleming"])
@pytest.mark.parametrize("planned", [(0.25, 0.5, 0.75, 1.0), (0.2, 0.5, 1.0)])
def test_a_classical_design_has_its_own_bounds_at_the_planned_looks(spending, planned):
    delta = 0.5 if spending == "classical-pocock" else 0.0
    bounds = boundary(planned, 0.025, Rule(spending, planned=planned))
    assert bounds == pytest.approx(classical(planned, 0.025, delta), abs=1e-6)


def test_the_last_look_spends_what_is_left_whatever_its_information():
    for last in (0.8, 1.0, 1.3):
        upper, _ = crossing([0.5, last], boundary([0.5, last], 0.025, last=True))
        assert upper.sum() == pytest.approx(0.025, abs=1e-9)


def test_one_look_is_the_fixed_design():
    assert boundary([1.0], 0.025) == (pytest.approx(1.959963984540054, abs=1e-8),)
    assert nominal_alphas([1.0], 0.025)[0] == pytest.approx(0.025, abs=1e-9)


def test_crossing_with_drift_agrees_with_simulated_paths():
    rng = np.random.default_rng(11)
    times, bounds, drift = np.array([0.3, 0.7, 1.0]), boundary([0.3, 0.7, 1.0], 0.025), 2.5
    paths = rng.normal(size=(200_000, 3)) * np.sqrt(np.diff(times, prepend=0)) + drift * np.diff(times, prepend=0)
    paths = paths.cumsum(axis=1)
    crossed = np.abs(paths) / np.sqrt(times) > np.array(bounds)
    first = np.where(crossed.any(axis=1), crossed.argmax(axis=1), 2)
    found = stopping(times, bounds, drift)
    simulated = [np.mean((first == k) & crossed[:, k] & (paths[:, k] > 0)) for k in range(3)]
    assert found.upper == pytest.approx(simulated, abs=0.004)
    assert found.stop == pytest.approx([np.mean(first == k) for k in range(3)], abs=0.004)
    assert found.expected == pytest.approx(times[first].mean(), abs=0.002)
    naive = paths[np.arange(len(first)), first] / times[first]
    assert found.naive == pytest.approx(naive.mean(), abs=0.015)
    assert naive.mean() > drift + 0.1, "stopping at large values makes the naive estimate too large"


def _drift(times, bounds, power):
    return bisect(lambda drift: stopping(times, bounds, drift).power < power, 0.0, 8.0)


# source: SAS/STAT User's Guide, PROC SEQDESIGN, example "Creating Two-Sided Pocock and O'Brien-Fleming Designs",
# Output 83.3.1: Max Information 118.3143, Null Ref ASN 115.6074 and Alt Ref ASN 69.74805, in percent of a fixed sample
def test_expected_information_of_a_pocock_design():
    times = [0.25, 0.5, 0.75, 1.0]
    bounds = classical(tuple(times), 0.025, 0.5)
    drift = _drift(times, bounds, 0.9)
    most = 100 * drift**2 / (ndtri(0.975) + ndtri(0.9)) ** 2
    assert most == pytest.approx(118.3143, abs=2e-4)
    assert most * stopping(times, bounds).expected == pytest.approx(115.6074, abs=2e-4)
    assert most * stopping(times, bounds, drift).expected == pytest.approx(69.74805, abs=2e-4)


# source: rpact, test-f_design_group_sequential.R, getDesignCharacteristics y1: shift, rejectionProbabilities,
# inflationFactor, averageSampleNumber1
def test_power_and_expected_information_with_a_spending_family():
    times = [0.2, 0.4, 1.0]
    bounds = boundary(times, 0.03, Rule("hwang-shih-decani", 0.0))
    found = stopping(times, bounds, 9.4594101**0.5)
    assert found.upper == pytest.approx([0.12783451, 0.21271713, 0.51944835], abs=1e-5)
    assert found.power == pytest.approx(0.86, abs=1e-5)
    assert found.expected * 1.0788327 == pytest.approx(0.83081135, abs=6e-5)


def test_one_look_power_is_the_normal_one():
    found = stopping([1.0], [1.959963984540054], drift=2.8)
    assert found.upper[0] == pytest.approx(ndtr(2.8 - 1.959963984540054), abs=1e-12)
    assert (found.expected, found.naive) == (1.0, pytest.approx(2.8))


def test_a_lower_bound_of_its_own_and_none():
    upper, lower = crossing([0.5, 1.0], [2.5, 2.0], 0.0, lower=[-np.inf, -np.inf])
    assert lower.tolist() == [0.0, 0.0]
    assert upper.sum() > crossing([0.5, 1.0], [2.5, 2.0])[0].sum()


def test_error_too_small_to_spend_gives_an_unreachable_bound():
    bounds = boundary([0.001, 1.0], 0.025)
    assert bounds[0] > 8
    assert bounds[1] == pytest.approx(1.96, abs=1e-3)


@pytest.mark.parametrize(
    "fractions", [[], [0.0, 1.0], [0.5, 0.5], [0.7, 0.3], [-0.2, 1.0], [0.5, np.nan], [0.5, np.inf]]
)
def test_information_has_to_grow(fractions):
    with pytest.raises(PlanError, match="growing information"):
        boundary(fractions, 0.025)


@pytest.mark.parametrize(
    ("spending", "parameter"),
    [("power", None), ("power", 0.0), ("power", -1.0), ("hwang-shih-decani", None), ("hwang-shih-decani", 41.0)],
)
def test_a_family_without_a_sound_parameter_is_refused(spending, parameter):
    with pytest.raises(PlanError, match="parameter"):
        Rule(spending, parameter)


def test_constants_are_those_of_the_fixed_design_for_one_look():
    assert constant(1) == pytest.approx(1.959963984540054, abs=1e-8)
