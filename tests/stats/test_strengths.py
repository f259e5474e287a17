"""Strengths as procedures, and simultaneous intervals of ranks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import studentized_range

from assay.stats.preferences import Votes, count_votes
from assay.stats.procedures import Descriptive, StudentT
from assay.stats.strengths import _critical, infer_strengths
from tests.known.preferences import STIGLER, votes_of
from tests.stats.test_preferences import drawn


def test_journals_are_told_apart() -> None:
    found = infer_strengths(votes_of(STIGLER), clustered=False, order=False, level=0.95, seed=0)
    assert found.ranks.tolist() == [2, 4, 3, 1]
    assert found.bounds.tolist() == [[2, 2], [4, 4], [3, 3], [1, 1]]
    assert found.order is None
    assert {r.method for r in found.models} == {"bradley-terry"}


def test_equal_models_share_their_ranks() -> None:
    rng = np.random.default_rng(5)
    first = rng.integers(6, size=3000)
    second = (first + rng.integers(1, 6, 3000)) % 6
    votes = count_votes(first, second, rng.integers(2, size=3000), np.zeros(3000, dtype=int), 6)
    found = infer_strengths(votes, clustered=False, order=False, level=0.95, seed=0)
    assert found.bounds.tolist() == [[1, 6]] * 6
    assert sorted(found.ranks.tolist()) == [1, 2, 3, 4, 5, 6]


def test_the_simultaneous_bound_is_tukeys_where_models_are_alike() -> None:
    """Equal, independent estimates: the studentised range over sqrt(2)."""
    expected = studentized_range.ppf(0.95, 5, 30) / np.sqrt(2)
    assert _critical(np.eye(5), 30, 0.95, seed=1) == pytest.approx(expected, rel=0.02)


def test_units_that_repeat_their_vote_count_once() -> None:
    rng = np.random.default_rng(2)
    first = rng.integers(4, size=400)
    second = (first + rng.integers(1, 4, 400)) % 4
    outcome = rng.integers(2, size=400)
    once = _intervals(count_votes(first, second, outcome, np.arange(400), 4), True)
    again = [np.repeat(v, 5) for v in (first, second, outcome, np.arange(400))]
    assert _intervals(count_votes(*again, 4), True) == pytest.approx(once, rel=1e-6)
    naive = _intervals(count_votes(*again, 4), False)
    assert naive == pytest.approx(once / np.sqrt(5), rel=0.1)


def _intervals(votes: Votes, clustered: bool) -> np.ndarray:
    found = infer_strengths(votes, clustered, order=False, level=0.95, seed=0)
    assert all(isinstance(r, StudentT) for r in found.models)
    return np.array([np.diff(r.interval(0.95))[0] for r in found.models if isinstance(r, StudentT)])


def test_the_order_effect_is_found() -> None:
    found = infer_strengths(drawn(3, n=4000), clustered=True, order=True, level=0.95, seed=0)
    assert isinstance(found.order, StudentT)
    low, high = found.order.interval(0.95)
    assert low < 0.3 < high
    assert found.order.method == "bradley-terry-jackknife"
    assert found.order.diagnostics["fewest"] > 100


def test_without_a_unit_that_links_the_models_there_is_no_interval() -> None:
    votes = count_votes(np.array([0, 0, 0]), np.array([1, 1, 1]), np.array([0, 1, 0]), np.arange(3), 2)
    found = infer_strengths(votes, clustered=True, order=False, level=0.95, seed=0)
    assert all(isinstance(r, Descriptive) for r in found.models)
    assert found.bounds.tolist() == [[1, 2], [1, 2]]
