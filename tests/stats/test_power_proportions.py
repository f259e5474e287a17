"""Exact power of proportions: against enumeration, simulation, and the large-sample formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from assay.base.errors import PlanError
from assay.stats.power import Aim, Noise, power_at, units_needed
from assay.stats.power_proportions import (
    mcnemar_power,
    one_proportion,
    paired_power,
    paired_proportions,
    paired_units,
    threshold_power,
    threshold_units,
)
from assay.stats.proportions import proportion, tango_bounds


@pytest.mark.parametrize(
    ("share", "threshold", "n"), [(0.9, 0.8, 40), (0.5, 0.45, 61), (0.98, 0.9, 90), (0.2, 0.1, 35)]
)
def test_a_threshold_by_summing_over_every_count(share: float, threshold: float, n: int) -> None:
    def reached(k: int) -> bool:
        found = proportion(k, n, "")
        return bool(found.interval(0.95)[0] >= threshold)  # type: ignore[union-attr]

    expected = sum(binom.pmf(k, n, share) for k in range(n + 1) if reached(k))
    assert threshold_power(share, threshold, n, Aim("at_least")) == pytest.approx(expected, abs=1e-12)
    mirrored = threshold_power(1 - share, 1 - threshold, n, Aim("at_most"))
    assert mirrored == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "margin", "effect"),
    [("better", 0.0, 0.15), ("better", 0.05, 0.2), ("not_worse", 0.1, 0.0), ("equivalent", 0.2, 0.05)],
)
def test_a_paired_difference_by_summing_over_every_table(kind: str, margin: float, effect: float) -> None:
    n, discordant = 40, 0.25
    won = (discordant + effect) / 2
    total = 0.0
    for wins in range(n + 1):
        for losses in range(n + 1 - wins):
            low, high = tango_bounds(wins, losses, n, 0.95)
            reached = {
                "better": low > margin,
                "not_worse": low > -margin,
                "equivalent": -margin < low and high < margin,
            }
            if reached[kind]:
                total += binom.pmf(wins, n, won) * binom.pmf(losses, n - wins, (discordant - won) / (1 - won))
    aim = Aim(kind, margin)  # type: ignore[arg-type]
    assert paired_power(discordant, effect, n, aim) == pytest.approx(total, abs=1e-9)


def test_mcnemar_by_simulation() -> None:
    rng = np.random.default_rng(4)
    n, discordant, effect = 120, 0.2, 0.1
    differ = rng.binomial(n, discordant, 20_000)
    wins = rng.binomial(differ, 0.75)
    rejected = binom.sf(wins - 1, differ, 0.5) <= 0.025
    assert mcnemar_power(discordant, effect, n, 0.025) == pytest.approx(rejected.mean(), abs=0.012)


@pytest.mark.parametrize(("discordant", "effect"), [(0.2, 0.1), (0.1, 0.03), (0.5, 0.1), (0.05, 0.02)])
def test_paired_units_keep_the_power_from_there_on(discordant: float, effect: float) -> None:
    units = paired_units(discordant, effect, Aim())
    powers = [paired_power(discordant, effect, n, Aim()) for n in range(units - 1, units + 40)]
    assert powers[0] < 0.8
    assert min(powers[1:]) >= 0.8
    asymptotic = units_needed(paired_proportions(discordant, effect), Aim(), effect)
    assert asymptotic is not None
    assert abs(units - asymptotic) <= 0.1 * asymptotic + 25


@pytest.mark.parametrize(("share", "threshold"), [(0.9, 0.85), (0.99, 0.95), (0.3, 0.2)])
def test_threshold_units_keep_the_power_from_there_on(share: float, threshold: float) -> None:
    aim = Aim("at_least")
    units = threshold_units(share, threshold, aim)
    powers = [threshold_power(share, threshold, n, aim) for n in range(units - 1, units + 60)]
    assert powers[0] < 0.8
    assert min(powers[1:]) >= 0.8


def test_large_samples_take_the_formula() -> None:
    assert paired_units(0.1, 0.002, Aim()) == units_needed(paired_proportions(0.1, 0.002), Aim(), 0.002)
    noise = one_proportion(0.901, 0.9)
    assert threshold_units(0.901, 0.9, Aim("at_least")) == units_needed(noise, Aim("at_least"), 0.001)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.02, 0.9), st.floats(-0.9, 0.9), st.integers(5, 400))
def test_exact_powers_are_probabilities(discordant: float, part: float, n: int) -> None:
    for aim in (Aim(), Aim("not_worse", 0.05), Aim("equivalent", 0.1)):
        assert -1e-9 <= paired_power(discordant, part * discordant, n, aim) <= 1
    assert 0 <= threshold_power(discordant, 0.5, n, Aim("at_least")) <= 1


def test_a_difference_beyond_the_discordant_share_is_refused() -> None:
    for bad in ((0.05, 0.1), (0.0, 0.0), (1.2, 0.1)):
        with pytest.raises(PlanError, match="discordant"):
            paired_proportions(*bad)


def test_all_units_right() -> None:
    assert threshold_power(1.0, 0.9, 200, Aim("at_least")) == pytest.approx(1.0)
    assert threshold_power(1.0, 0.9, 5, Aim("at_least")) == 0.0
    assert math.isfinite(power_at(Noise(0.1), Aim("at_least"), 0.1, 5))


def exact_binomial(share: float, null: float, n: int, alpha: float) -> float:
    critical = next(k for k in range(n + 2) if binom.sf(k - 1, n, null) <= alpha)
    return float(binom.sf(critical - 1, n, share))


@pytest.mark.parametrize(("share", "null", "n"), [(0.9, 0.8, 14), (0.5, 0.2, 25), (0.3, 0.1, 20), (0.98, 0.9, 29)])
def test_exact_binomial_power(share: float, null: float, n: int) -> None:
    """Below 30 rows the exact interval always decides."""
    # source: Clopper & Pearson (1934): the interval inverts the exact binomial test, whose power scipy's binom gives
    expected = exact_binomial(share, null, n, 0.025)
    assert threshold_power(share, null, n, Aim("at_least")) == pytest.approx(expected, abs=1e-12)


def test_large_samples_meet_the_normal_power() -> None:
    # source: Chow, Shao & Wang (2008), page 86, with the variance under the null: Fleiss (1981), chapter 2
    noise = one_proportion(0.83, 0.8)
    assert threshold_power(0.83, 0.8, 3000, Aim("at_least")) == pytest.approx(
        power_at(noise, Aim("at_least"), 0.03, 3000), abs=0.01
    )


def test_mcnemar_exact_is_below_the_asymptotic_power() -> None:
    exact = mcnemar_power(0.2, 0.1, 155, 0.025)
    asymptotic = power_at(paired_proportions(0.2, 0.1), Aim(), 0.1, 155)
    assert np.all([exact > 0.7, exact < asymptotic])
