"""Several claims: formulas, bounds and simulation agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.errors import PlanError
from assay.stats.power_several import (
    at_least_all,
    at_least_any,
    probability_all_hold,
    probability_any_holds,
    simulate_joint,
)

shares = st.lists(st.floats(0.05, 0.999), min_size=1, max_size=5)


@given(shares, st.floats(0, 0.95))
def test_all_hold_lies_between_independence_and_the_weakest_claim(powers, correlation):
    joint = probability_all_hold(powers, correlation)
    assert math.prod(powers) - 1e-4 <= joint <= min(powers) + 1e-4
    assert at_least_all(powers) <= math.prod(powers) + 1e-12


@given(shares)
def test_any_holds_lies_between_the_strongest_and_the_sum(powers):
    assert at_least_any(powers) - 1e-12 <= probability_any_holds(powers) <= min(1.0, sum(powers)) + 1e-12


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_simulation_agrees_with_the_formula(correlation):
    powers = [0.8, 0.85, 0.9]
    matrix = np.full((3, 3), correlation) + (1 - correlation) * np.eye(3)
    every, some = simulate_joint(powers, matrix, seed=3)
    assert every.value == pytest.approx(probability_all_hold(powers, correlation), abs=4 * every.error)
    assert 0 < every.error < 0.002
    if correlation == 0:
        assert some.value == pytest.approx(probability_any_holds(powers), abs=4 * some.error)


def test_claims_that_are_one_claim():
    every, some = simulate_joint([0.8, 0.8], np.ones((2, 2)))
    assert every.value == pytest.approx(0.8, abs=0.005)
    assert some.value == pytest.approx(0.8, abs=0.005)


@settings(max_examples=10, deadline=None)
@given(st.floats(-0.9, 0.9))
def test_the_bounds_hold_whatever_the_correlation(correlation):
    powers = [0.7, 0.9]
    every, some = simulate_joint(powers, np.array([[1, correlation], [correlation, 1]]))
    assert at_least_all(powers) - 0.006 <= every.value <= min(powers) + 0.006
    assert at_least_any(powers) - 0.006 <= some.value <= min(1, sum(powers)) + 0.006


def test_an_impossible_correlation_is_refused():
    with pytest.raises(PlanError, match="correlation"):
        probability_all_hold([0.8], 1.0)
