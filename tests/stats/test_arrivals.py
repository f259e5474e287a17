from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from assay.base.errors import InputError
from assay.stats.arrivals import sample_ratio


@given(st.lists(st.tuples(st.integers(0, 5000), st.floats(0.05, 1.0)), min_size=2, max_size=5))
def test_it_is_scipys_chi_square(arms):
    observed, planned = zip(*arms, strict=True)
    if sum(observed):
        expected = [sum(observed) * share / sum(planned) for share in planned]
        found = chisquare(observed, expected)
        assert sample_ratio(observed, planned) == pytest.approx((found.statistic, found.pvalue), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("observed", "planned"), [([5, 5], [0.5]), ([5], [1.0]), ([5, 5], [1.0, 0.0]), ([0, 0], [1, 1]), ([-1, 5], [1, 1])]
)
def test_arms_without_a_share_or_units_are_refused(observed, planned):
    with pytest.raises(InputError):
        sample_ratio(observed, planned)
