"""Exact sums: those of fractions, whatever the size, the order and the pieces."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine.exact import MOST, PIECE, ExactSums

doubles = st.lists(st.floats(-1e300, 1e300, allow_nan=False), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(doubles)
def test_a_sum_is_exact_to_half_a_bit(values: list[float]) -> None:
    made = ExactSums(1)
    made.add(np.zeros(len(values), dtype=np.int64), np.array(values))
    exact = sum(map(Fraction, values))
    assert abs(Fraction(float(made.total()[0])) - exact) <= Fraction(0.5001) * Fraction(math.ulp(math.fsum(values)))


@settings(max_examples=50, deadline=None)
@given(doubles)
def test_neither_order_nor_pieces_change_a_bit(values: list[float]) -> None:
    order = np.random.default_rng(len(values)).permutation(len(values))
    place = np.arange(len(values)) % 3
    one, other = ExactSums(3), ExactSums(3)
    one.add(place, np.array(values))
    for i in order:
        other.add(place[i : i + 1], np.array(values[i : i + 1]))
    assert one.total().tobytes() == other.total().tobytes()


def test_the_smallest_and_the_largest_doubles() -> None:
    values = np.array([5e-324, 1e308, -1e308, 5e-324, 3e-310])
    made = ExactSums(2)
    made.add(np.array([0, 1, 1, 0, 0]), values)
    assert made.total().tolist() == [math.fsum(values[[0, 3, 4]]), 0.0]
    made.add(np.array([1, 1]), np.array([1.7e308, 1.7e308]))
    assert made.total()[1] == math.inf


@pytest.mark.parametrize("wrong", [math.inf, -math.inf, math.nan])
def test_a_value_that_is_not_finite_spoils_its_place_alone(wrong: float) -> None:
    made = ExactSums(3)
    made.add(np.array([0, 1, 2, 1]), np.array([1.0, wrong, 2.0, 3.0]))
    assert np.isnan(made.total()).tolist() == [False, True, False]
    assert np.isnan(made.rolled_up(np.array([0, 1, 0]), 2).total()).tolist() == [False, True]
    assert made.rolled_up(np.array([0, 1, 0]), 2).total()[0] == 3.0


def test_many_values_in_pieces_and_rolled_up() -> None:
    rng = np.random.default_rng(1)
    values = rng.lognormal(0, 5, 3 * PIECE + 7) * rng.choice([-1, 1], 3 * PIECE + 7)
    place = rng.integers(0, 6, len(values))
    made = ExactSums(6)
    made.add(place, values)
    expected = [math.fsum(values[place == p]) for p in range(6)]
    assert made.total() == pytest.approx(expected, rel=2**-52)
    halves = made.rolled_up(np.arange(6) // 3, 2).total()
    assert halves == pytest.approx([math.fsum(values[place // 3 == h]) for h in range(2)], rel=2**-52)


def test_more_values_than_digits_can_hold_are_carried() -> None:
    """The largest digits, again and again: 2^23 of them are as many as 64 bits hold."""
    values = np.full(PIECE, 1 - 2.0**-53)
    made = ExactSums(1)
    for _ in range(2 * MOST // PIECE + 1):
        made.add(np.zeros(PIECE, dtype=np.int64), values)
    n = 2 * MOST + PIECE
    assert Fraction(float(made.total()[0])) == Fraction(float(n * Fraction(1 - 2.0**-53)))


def test_many_places() -> None:
    rng = np.random.default_rng(2)
    values, place = rng.normal(size=50_000), rng.integers(0, 3 * PIECE, 50_000)
    made = ExactSums(3 * PIECE)
    made.add(place, values)
    assert made.total() == pytest.approx(np.bincount(place, weights=values, minlength=3 * PIECE), rel=1e-12, abs=1e-15)


def test_nothing_added_is_zero() -> None:
    assert ExactSums(2).total().tolist() == [0.0, 0.0]


@settings(max_examples=50, deadline=None)
@given(doubles, st.integers(0, 60))
def test_totals_of_two_parts_are_those_of_the_whole(values: list[float], cut: int) -> None:
    place = np.arange(len(values)) % 3
    whole, part, rest = ExactSums(3), ExactSums(3), ExactSums(3)
    whole.add(place, np.array(values))
    part.add(place[:cut], np.array(values[:cut]))
    rest.add(place[cut:], np.array(values[cut:]))
    part.include(rest)
    assert part.total().tobytes() == whole.total().tobytes()


def test_what_spoils_one_part_spoils_the_whole() -> None:
    part, rest = ExactSums(2), ExactSums(2)
    part.add(np.array([0, 1]), np.array([1.0, 2.0]))
    rest.add(np.array([1]), np.array([math.nan]))
    part.include(rest)
    assert np.isnan(part.total()).tolist() == [False, True]
