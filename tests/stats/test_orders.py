"""Orders in which pairs were shown: Pearson's statistic, units that share an order, and chance taken for a fault."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, chisquare

from assay.stats.orders import Orders, orders
from assay.stats.preferences import count_votes


def shown(n: int, models: int, per: int, rng: np.random.Generator, once: bool) -> Orders:
    """Votes whose order is drawn for each, or once for all votes of a unit, models sorted first or last."""
    a = rng.integers(models, size=n)
    b = (a + rng.integers(1, models, n)) % models
    unit = np.arange(n) // per
    coin = (rng.random(n) < 0.5)[unit if once else np.arange(n)]
    low, high = np.minimum(a, b), np.maximum(a, b)
    first, second = np.where(coin, low, high), np.where(coin, high, low)
    return orders(count_votes(first, second, rng.integers(3, size=n), unit, models), per > 1)


def test_votes_as_units_add_pearsons_statistics() -> None:
    counts = {(0, 1): 40, (1, 0): 20, (0, 2): 15, (2, 0): 15, (2, 1): 9, (1, 2): 12, (2, 3): 6}
    first, second = (np.repeat([k[i] for k in counts], list(counts.values())) for i in (0, 1))
    votes = count_votes(first, second, np.zeros(first.size, dtype=int), np.zeros(first.size, dtype=int), 4)
    found = orders(votes, clustered=False)
    each = [chisquare(pair).statistic for pair in ([40, 20], [15, 15], [9, 12])]
    assert found.statistic == pytest.approx(sum(each))
    assert (found.df, found.pairs, found.left_out) == (3, 3, 1)
    assert found.p_value == pytest.approx(chi2.sf(sum(each), 3))
    assert (found.worst, found.counts) == ((0, 1), (40, 20))


def test_units_of_one_vote_each_are_votes() -> None:
    rng = np.random.default_rng(0)
    a = rng.integers(3, size=300)
    b = (a + rng.integers(1, 3, 300)) % 3
    votes = count_votes(a, b, np.zeros(300, dtype=int), np.arange(300), 3)
    one, other = orders(votes, clustered=False), orders(votes, clustered=True)
    assert (one.statistic, one.df, one.p_value) == pytest.approx((other.statistic, other.df, other.p_value))
    assert (one.worst, one.counts) == (other.worst, other.counts)


def test_covariates_split_no_pair() -> None:
    rng = np.random.default_rng(1)
    a = rng.integers(2, size=200)
    plain = count_votes(a, 1 - a, np.zeros(200, dtype=int), np.zeros(200, dtype=int), 2)
    split = count_votes(a, 1 - a, np.zeros(200, dtype=int), np.zeros(200, dtype=int), 2, rng.normal(size=(200, 1)))
    assert orders(plain, clustered=False) == orders(split, clustered=False)


def test_units_that_see_both_orders_say_nothing() -> None:
    first = np.array([0, 1] * 50)
    votes = count_votes(first, 1 - first, np.zeros(100, dtype=int), np.arange(100) // 2, 2)
    assert orders(votes, clustered=True) == Orders(None, 0.0, None, 0, 1)


@pytest.mark.parametrize(("per", "once"), [(1, False), (5, True), (5, False)])
def test_chance_is_seldom_taken_for_a_fault(per: int, once: bool) -> None:
    """Also where votes of a unit share one draw, which Pearson's statistic of votes takes for five draws."""
    rng = np.random.default_rng(7)
    p = np.array([shown(250, 4, per, rng, once).p_value for _ in range(600)], dtype=float)
    assert (p <= 0.05).mean() <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 600)
    assert (p <= 0.001).sum() <= 5
    if once or per == 1:
        assert (p <= 0.05).mean() >= 0.02
