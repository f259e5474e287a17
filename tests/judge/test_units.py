"""Units needed: against the textbook formulas, and never from the observed effect."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy.special import ndtri, stdtrit

from assay.judge.units import units_needed
from tests.judge.evidence import claim, estimate


def observed(sd: float, units: int, centre: float = 0.0, level: float = 0.95, **more: Any) -> Any:
    half = ndtri((1 + level) / 2) * sd / math.sqrt(units)
    return estimate((centre - half, centre + half), decision_level=level, units=units, **more)


def test_a_paired_mean_meets_the_textbook_sample_size() -> None:
    # Chow, Shao, Wang (2008), Sample Size Calculations in Clinical Research, 2nd ed., section 3.1.1:
    # n = (z_{alpha/2} + z_beta)^2 sigma^2 / epsilon^2; 5 %, 80 %, sigma 1, epsilon 0.5: (1.96 + 0.84)^2 / 0.25 = 31.4.
    assert units_needed(claim("better", minimal_effect=0.5), observed(1.0, 50), 0.8) == 32


def test_one_sided_formula_with_a_margin() -> None:
    n = ((ndtri(0.975) + ndtri(0.9)) * 2.0 / 0.3) ** 2
    assert units_needed(claim("better", margin=0.2, minimal_effect=0.5), observed(2.0, 80), 0.9) == math.ceil(n)
    assert units_needed(claim("not_worse", margin=0.2, minimal_effect=0.1), observed(2.0, 80), 0.9) == math.ceil(n)
    assert units_needed(claim("at_least", threshold=7.0, minimal_effect=0.3), observed(2.0, 80), 0.9) == math.ceil(n)


def test_equivalence_without_a_difference_needs_half_the_error_on_each_side() -> None:
    # Chow, Shao, Wang (2008), section 3.1.3: n = (z_alpha + z_{beta/2})^2 sigma^2 / (delta - |epsilon|)^2, epsilon = 0
    n = ((ndtri(0.975) + ndtri(0.9)) / 0.25) ** 2
    asked = claim("equivalent", margin=0.25, minimal_effect=0.0)
    assert units_needed(asked, observed(1.0, 40), 0.8) == math.ceil(n)


def test_equivalence_with_a_difference_is_ruled_by_the_nearer_bound() -> None:
    # Chow, Shao, Wang (2008), section 3.1.3: n = (z_alpha + z_beta)^2 sigma^2 / (delta - |epsilon|)^2, epsilon > 0
    n = ((ndtri(0.975) + ndtri(0.8)) / 0.2) ** 2
    asked = claim("equivalent", margin=0.3, minimal_effect=0.1)
    assert units_needed(asked, observed(1.0, 40), 0.8) == math.ceil(n)


def test_the_observed_effect_does_not_matter() -> None:
    asked = claim("better", minimal_effect=0.1)
    answers = {units_needed(asked, observed(1.0, 100, centre), 0.8) for centre in (-3.0, 0.0, 0.05)}
    assert answers == {785}  # (1.959964 + 0.841621)^2 / 0.01 = 784.9


def test_a_stricter_level_needs_more() -> None:
    asked = claim("better", minimal_effect=0.1)
    n = ((ndtri(0.995) + ndtri(0.8)) / 0.1) ** 2
    assert units_needed(asked, observed(1.0, 100, level=0.99), 0.8) == math.ceil(n)


def test_the_width_of_a_t_interval_is_read_with_t() -> None:
    half = stdtrit(9, 0.975) * 1.0 / math.sqrt(10)
    found = estimate((-half, half), units=10, diagnostics={"df": 9.0})
    assert units_needed(claim("better", minimal_effect=0.5), found, 0.8) == 32


def test_more_units_do_not_remove_the_variance_of_seeds() -> None:
    parts = {"unit_variance": 0.01, "seed_variance": 0.01}
    half = ndtri(0.975) * math.sqrt(0.02)
    found = estimate((-half, half), units=100, diagnostics=parts)
    n = 0.01 * 100 / ((0.5 / (ndtri(0.975) + ndtri(0.8))) ** 2 - 0.01)
    assert units_needed(claim("better", minimal_effect=0.5), found, 0.8) == math.ceil(n)
    assert units_needed(claim("better", minimal_effect=0.2), found, 0.8) is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (claim("better"), observed(1.0, 100)),
        (claim("better", margin=0.2, minimal_effect=0.2), observed(1.0, 100)),
        (claim("equivalent", margin=0.1, minimal_effect=0.1), observed(1.0, 100)),
        (claim("better", minimal_effect=0.0), observed(1.0, 100)),
        (claim("better", minimal_effect=0.1), estimate(None)),
        (claim("better", minimal_effect=0.1), estimate((0.1, 0.1))),
        (claim("better", minimal_effect=0.1), estimate((math.nan, 0.1))),
        (claim("better", minimal_effect=0.1), estimate((0.0, 0.1), units=0)),
        (claim("better", minimal_effect=1e-9), observed(1.0, 100)),
    ],
)
def test_there_is_not_always_an_answer(asked: Any, found: Any) -> None:
    assert units_needed(asked, found, 0.8) is None
