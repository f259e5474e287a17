"""Bradley and Terry's model: the likelihood itself, and votes that cannot be ranked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from assay.base.errors import InputError
from assay.records.metric import Floats
from assay.stats.preferences import Votes, connected, count_votes, fit, refuse_unconnected, replicates

JOURNALS = np.array(["Biometrika", "Comm Statist", "JASA", "JRSS-B"])


def drawn(seed: int, n: int = 600, models: int = 5, groups: int = 20) -> Votes:
    rng = np.random.default_rng(seed)
    first = rng.integers(models, size=n)
    second = (first + rng.integers(1, models, n)) % models
    theta = rng.normal(size=models) * 0.5
    eta = theta[first] - theta[second] + 0.3
    weights = np.stack([np.exp(eta / 2), np.exp(-eta / 2), np.full(n, 0.5)], axis=1)
    outcome = (rng.random(n)[:, None] * weights.sum(1)[:, None] > np.cumsum(weights, axis=1)).sum(axis=1)
    return count_votes(first, second, outcome, rng.integers(groups, size=n), models)


def _loss(at: Floats, votes: Votes) -> float:
    theta, order, tie = np.append(at[:4], -at[:4].sum()), at[4], at[5]
    half = (theta[votes.first] - theta[votes.second] + order) / 2
    logs = np.stack([half, -half, np.full(half.size, tie)], axis=1)
    return float(-(votes.counts * (logs - np.log(np.exp(logs).sum(axis=1, keepdims=True)))).sum())


@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_where_the_likelihood_is_largest(seed: int) -> None:
    votes = drawn(seed)
    found = minimize(_loss, np.zeros(6), args=(votes,), method="BFGS", options={"gtol": 1e-8})
    made = fit(votes, votes.counts, order=True)
    assert made.theta[:4] == pytest.approx(found.x[:4], abs=1e-5)
    assert (made.order, made.tie) == pytest.approx((found.x[4], found.x[5]), abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_names_sides_and_repeats_change_nothing(seed: int) -> None:
    votes = drawn(seed)
    order = np.random.default_rng(seed).permutation(5)
    swapped = Votes(
        5, order[votes.second], order[votes.first], votes.counts[:, [1, 0, 2]], votes.group, votes.pair, votes.outcome,
        votes.votes,
    )  # fmt: skip
    one, other = fit(votes, votes.counts, order=True), fit(swapped, 3 * swapped.counts, order=True)
    assert other.theta[order] == pytest.approx(one.theta, abs=1e-8)
    assert (other.order, other.tie) == pytest.approx((-one.order, one.tie), abs=1e-8)


@pytest.mark.parametrize("order", [True, False])
def test_replicates_are_fits_without_a_group(order: bool) -> None:
    votes = drawn(7)
    found = replicates(votes, fit(votes, votes.counts, order), order)
    for g in range(3):
        left = votes.counts.copy()
        for pair, outcome, many in zip(
            *(v[votes.group == g] for v in (votes.pair, votes.outcome, votes.votes)), strict=True
        ):
            left[pair, outcome] -= many
        assert found[g] == pytest.approx(fit(votes, left, order).values, abs=1e-8)


def test_a_group_without_which_nothing_is_known_leaves_no_replicate() -> None:
    first, second, outcome = np.array([0, 0, 0]), np.array([1, 1, 1]), np.array([0, 1, 0])
    votes = count_votes(first, second, outcome, np.array([0, 1, 2]), 2)
    found = replicates(votes, fit(votes, votes.counts, False), False)
    assert np.isnan(found[1]).all()
    assert np.isfinite(found[[0, 2]]).all()


def _of(*votes: tuple[int, int, int]) -> Votes:
    first, second, outcome = map(np.array, zip(*votes, strict=True))
    return count_votes(first, second, outcome, np.zeros(len(votes), dtype=int), 4)


def test_a_model_that_never_lost_has_no_finite_strength() -> None:
    votes = _of((0, 1, 0), (0, 2, 0), (1, 2, 0), (2, 1, 0), (2, 3, 2), (3, 0, 1))
    with pytest.raises(InputError, match="Biometrika never lost to, or tied with, any of the others"):
        refuse_unconnected(votes, JOURNALS)


def test_models_that_no_votes_link_are_not_ranked() -> None:
    votes = _of((0, 1, 0), (0, 1, 1), (2, 3, 0), (3, 2, 0))
    with pytest.raises(InputError, match="were never compared, directly or in a chain"):
        refuse_unconnected(votes, JOURNALS)


def test_a_tie_links_two_models() -> None:
    tied, apart = _of((0, 1, 2), (1, 2, 2), (2, 3, 2)), _of((0, 1, 2), (2, 3, 2))
    assert (connected(tied, tied.counts), connected(apart, apart.counts)) == (True, False)
