"""Counts beside their design: SciPy's statistic, exact p-values of two arms, laws, and hostile input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assay.base.errors import InputError
from assay.stats.shares import sample_ratio

ARMS = st.lists(st.tuples(st.integers(30, 500), st.floats(0.5, 2.0)), min_size=2, max_size=6)


@settings(max_examples=40, deadline=None)
@given(ARMS)
def test_scipy_says_the_same_in_any_order_and_unit(arms: list[tuple[int, float]]) -> None:
    counts, shares = (np.array(each, dtype=float) for each in zip(*arms, strict=True))
    found = sample_ratio(counts, shares)
    theirs = stats.chisquare(counts, counts.sum() * shares / shares.sum())
    assert (found.statistic, found.p_value) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)
    turned = sample_ratio(counts[::-1], 7 * shares[::-1])
    assert turned.statistic == pytest.approx(found.statistic, rel=1e-9, abs=1e-12)
    # More of the same says more.
    more = sample_ratio(2 * counts, shares)
    assert (more.p_value or 0) <= (found.p_value or 0) + 1e-12


@pytest.mark.parametrize("n", range(1, 10))
def test_few_of_two_equal_arms_are_exact(n: int) -> None:
    for k in range(n + 1):
        found = sample_ratio([k, n - k], [0.5, 0.5])
        assert found.exact
        assert found.p_value == pytest.approx(stats.binomtest(k, n).pvalue)


def test_few_of_two_unequal_arms_hold_their_level() -> None:
    for n in (3, 20, 49):
        p = np.array([sample_ratio([k, n - k], [0.1, 0.9]).p_value for k in range(n + 1)])
        chance = stats.binom.pmf(np.arange(n + 1), n, 0.1)
        for level in (0.001, 0.01, 0.05, 0.2):
            assert chance[p <= level].sum() <= level + 1e-12


def test_what_cannot_be_said_has_a_reason() -> None:
    assert sample_ratio([0, 0], [1, 1]).why == "nothing was counted"
    few = sample_ratio([5, 3, 4], [1, 1, 1])
    assert few.p_value is None
    assert few.why == "an arm expects 4, and fewer than 5 say little"
    assert sample_ratio([10**9, 1], [1, 1]).p_value == 1e-300
    assert sample_ratio([7, 7], [1, 1]).p_value == 1.0


BAD = [
    ([1], [1]),
    ([1, 2], [1, 1, 1]),
    ([1, 2], [1, 0]),
    ([1, 2], [1, -1]),
    ([1.5, 2], [1, 1]),
    ([-1, 2], [1, 1]),
    ([float("nan"), 2], [1, 1]),
    ([1, 2], [float("inf"), 1]),
    (["a", 2], [1, 1]),
    ([[1, 2]], [1, 1]),
    (None, [1, 1]),
]


@pytest.mark.parametrize(("counts", "shares"), BAD)
def test_bad_input_is_refused(counts: object, shares: object) -> None:
    with pytest.raises(InputError):
        sample_ratio(counts, shares)  # type: ignore[arg-type]
