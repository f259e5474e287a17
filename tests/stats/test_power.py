from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, nct

from assay.base.errors import PlanError
from assay.stats.power import (
    Aim,
    Noise,
    minimal_detectable_effect,
    one_sided,
    power_at,
    units_needed,
    unreachable,
)
from assay.stats.power_proportions import paired_proportions
from assay.stats.power_seeds import seed_variance


def two_sided(effect, se, alpha, df=math.inf):
    return one_sided(effect, se, alpha / 2, df) + one_sided(-effect, se, alpha / 2, df)


def test_r_pwr_one_sample_t():
    """pwr.t.test(d = .2, n = 60, sig.level = .10, type = "one.sample"): power 0.4555818."""
    assert two_sided(0.2, 1 / math.sqrt(60), 0.10, 59) == pytest.approx(0.4555818, abs=5e-8)


def test_r_pwr_two_sample_t():
    """pwr.t.test(d = .5, power = .8, type = "two.sample"): n = 63.76561 in each group."""
    n = 63.76561
    assert two_sided(0.5, math.sqrt(2 / n), 0.05, 2 * n - 2) == pytest.approx(0.8, abs=1e-6)


def test_r_pwr_two_proportions():
    """pwr.2p.test(h = .3, n = 80, alternative = "greater"): power 0.5996777."""
    assert one_sided(0.3, math.sqrt(2 / 80), 0.05) == pytest.approx(0.5996777, abs=5e-8)


def test_r_pwr_two_proportions_of_unequal_size():
    """pwr.2p2n.test(h = .3, n1 = 80, n2 = 245, alternative = "greater"): power 0.7532924."""
    assert one_sided(0.3, math.sqrt(1 / 80 + 1 / 245), 0.05) == pytest.approx(0.7532924, abs=5e-8)


def test_textbook_normal_sample_size():
    """(1.96 + 0.8416)^2 / 0.5^2 = 31.4 pairs; 62.8 in each of two groups: Chow, Shao & Wang (2008), chapter 3."""
    assert units_needed(Noise(1.0), Aim(), 0.5) == 32
    assert units_needed(Noise(math.sqrt(2)), Aim(), 0.5) == 63


@given(st.floats(2, 500), st.floats(-1, 6), st.floats(0.001, 0.2))
def test_noncentral_t_is_scipys(df, shift, alpha):
    expected = nct.sf(nct.ppf(1 - alpha, df, 0), df, shift)
    assert one_sided(shift, 1.0, alpha, df) == pytest.approx(expected, abs=1e-6)


@given(
    st.sampled_from(["better", "not_worse", "equivalent", "at_least", "at_most"]),
    st.floats(0.1, 3),
    st.floats(0.5, 0.95),
    st.booleans(),
)
def test_units_needed_is_the_least_that_reaches_the_power(kind, sd, power, small):
    aim = Aim(kind, margin=0.3, power=power)
    effect = {"better": 0.5, "not_worse": 0.0, "equivalent": 0.05}.get(kind, 0.2)
    noise = Noise(sd, small=small)
    units = units_needed(noise, aim, effect)
    assert units is not None
    assert power_at(noise, aim, effect, units) >= power
    assert units == 2 or power_at(noise, aim, effect, units - 1) < power


@given(st.sampled_from(["better", "not_worse", "at_least"]), st.floats(0.1, 3), st.integers(5, 5000))
def test_minimal_detectable_effect_has_exactly_the_power(kind, sd, units):
    aim = Aim(kind, margin=0.2)
    effect = minimal_detectable_effect(Noise(sd), aim, units)
    assert effect is not None
    assert power_at(Noise(sd), aim, effect, units) == pytest.approx(0.8, abs=1e-9)


def test_equivalence_shrinks_to_nothing_with_too_few_units():
    aim = Aim("equivalent", margin=0.2)
    assert minimal_detectable_effect(Noise(1.0), aim, 50) is None
    allowed = minimal_detectable_effect(Noise(1.0), aim, 1000)
    assert allowed is not None
    assert power_at(Noise(1.0), aim, allowed, 1000) == pytest.approx(0.8, abs=1e-9)


def test_equivalence_power_agrees_with_simulation():
    rng = np.random.default_rng(1)
    estimates = 0.03 + rng.normal(size=200_000) / math.sqrt(300)
    half = 1.959963984540054 / math.sqrt(300)
    simulated = np.mean((estimates - half > -0.2) & (estimates + half < 0.2))
    assert power_at(Noise(1.0), Aim("equivalent", margin=0.2), 0.03, 300) == pytest.approx(simulated, abs=0.004)


@pytest.mark.parametrize(("n", "effect", "within"), [(155, 0.1, 0.03), (1500, 0.03, 0.015)])
def test_mcnemar_power_agrees_with_enumeration(n, effect, within):
    """Exact power of McNemar's chi-square test by summing over the discordant counts."""
    discordant = 0.2
    total = 0.0
    for m in range(min(n, 500) + 1):
        wins = np.arange(m + 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            rejected = np.where(m > 0, (2 * wins - m) / np.sqrt(m), 0) > 1.959963984540054
        share = (discordant + effect) / 2 / discordant
        total += binom.pmf(m, n, discordant) * binom.pmf(wins, m, share)[rejected].sum()
    assert power_at(paired_proportions(discordant, effect), Aim(), effect, n) == pytest.approx(total, abs=within)


def test_seeds_put_a_floor_under_the_error():
    fixed = seed_variance(0.1, 5, 5)
    assert fixed == pytest.approx(0.004)
    assert seed_variance(0.1, 1, 5, deterministic_baseline=True) == pytest.approx(0.002)
    assert units_needed(Noise(1.0, fixed), Aim(), 0.05) is None
    more, fewer = units_needed(Noise(1.0, fixed), Aim(), 0.3), units_needed(Noise(1.0), Aim(), 0.3)
    assert more is not None
    assert fewer is not None
    assert more > fewer


def test_no_units_help_an_effect_on_the_wrong_side():
    assert units_needed(Noise(1.0), Aim("better", margin=0.2), 0.1) is None
    assert units_needed(Noise(1.0), Aim("not_worse", margin=0.1), -0.2) is None


@pytest.mark.parametrize(
    ("noise", "aim"),
    [(Noise(0.0), Aim()), (Noise(1.0), Aim(alpha=0.6)), (Noise(1.0), Aim(power=1.0)), (Noise(1.0), Aim(margin=-1.0))],
)
def test_impossible_plans_are_refused(noise, aim):
    with pytest.raises(PlanError):
        power_at(noise, aim, 0.1, 10)


def test_what_no_number_of_units_reaches_says_why():
    assert "does not exceed 0" in unreachable(Noise(1.0), Aim(), 0.0)
    assert "does not exceed the margin 0.2" in unreachable(Noise(1.0), Aim(margin=0.2), 0.1)
    assert "is not within the margin 0.1" in unreachable(Noise(1.0), Aim("equivalent", margin=0.1), 0.1)
    assert "worse than the margin 0.1" in unreachable(Noise(1.0), Aim("not_worse", margin=0.1), -0.2)
    assert "does not lie beyond it" in unreachable(Noise(1.0), Aim("at_least"), 0.0)
    assert "train more seeds" in unreachable(Noise(1.0, seed_variance(0.1, 5, 5)), Aim(), 0.05)
    assert unreachable(Noise(1.0), Aim(), 0.1) == ""


def test_degrees_of_freedom_follow_satterthwaite():
    assert Noise(1.0).df(50) == math.inf
    assert Noise(1.0, small=True).df(50) == pytest.approx(49)
    assert Noise(1.0, small=True, even=0.5).df(50) == pytest.approx(24)
    noise = Noise(10.0, fixed=1.0, small=True, fixed_df=4)
    unit = 100 / 10
    assert noise.df(10) == pytest.approx((unit + 1) ** 2 / (unit**2 / 9 + 1 / 4))


def test_few_degrees_of_freedom_cost_power():
    plain, few = Noise(1.0, fixed=0.01), Noise(1.0, fixed=0.01, small=True, fixed_df=2)
    assert power_at(few, Aim(), 0.4, 100) < power_at(plain, Aim(), 0.4, 100)
