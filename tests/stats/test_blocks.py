"""Friedman's test and the critical difference: published tables, published examples, and laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.base.errors import InputError
from assay.records.metric import Floats
from assay.stats.blocks import friedman, midranks, range_quantile, range_share

# source: Demsar (2006), J. Mach. Learn. Res. 7:1-30, Table 6: AUC of C4.5, C4.5+m, C4.5+cf, C4.5+m+cf on 14 data sets
DEMSAR = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        # The paper ranks the last two of these second and third: they are equal to three digits only.
        [0.972, 0.981, 0.975, 0.9749],
        [0.957, 0.978, 0.946, 0.970],
    ]
)
# source: Hollander & Wolfe (1973), Nonparametric Statistical Methods, p. 140, as in R's help of friedman.test
ROUNDING = -np.array(
    [
        *([5.40, 5.50, 5.55], [5.85, 5.70, 5.75], [5.20, 5.60, 5.50], [5.55, 5.50, 5.40], [5.90, 5.85, 5.70]),
        *([5.45, 5.55, 5.60], [5.40, 5.40, 5.35], [5.45, 5.50, 5.35], [5.25, 5.15, 5.00], [5.85, 5.80, 5.70]),
        *([5.25, 5.20, 5.10], [5.65, 5.55, 5.45], [5.60, 5.35, 5.45], [5.05, 5.00, 4.95], [5.50, 5.50, 5.40]),
        *([5.45, 5.55, 5.50], [5.55, 5.55, 5.35], [5.45, 5.50, 5.55], [5.50, 5.45, 5.25], [5.65, 5.60, 5.40]),
        *([5.70, 5.65, 5.55], [6.30, 6.30, 6.25]),
    ]
)
# source: Demsar (2006), Table 5(a): critical values of the two-tailed Nemenyi test, 2 to 10 models
NEMENYI = {
    0.95: [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164],
    0.90: [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920],
}


@pytest.mark.parametrize(("level", "models"), [(level, k) for level in NEMENYI for k in range(2, 11)])
def test_critical_values_are_those_of_the_table(level: float, models: int) -> None:
    assert range_quantile(level, models) / math.sqrt(2) == pytest.approx(NEMENYI[level][models - 2], abs=1.1e-3)


def test_c45_on_fourteen_data_sets() -> None:
    found = friedman(DEMSAR)
    # source: Demsar (2006), section 3.2.2: average ranks 3.143, 2.000, 2.893, 1.964
    assert found.ranks.round(3).tolist() == [3.143, 2.0, 2.893, 1.964]
    # source: Demsar (2006), section 3.2.2: chi-squared 9.28, which leaves ties uncorrected
    assert found.chi2 * found.ties == pytest.approx(9.28, abs=0.005)
    # source: Demsar (2006), section 3.2.2: F of Iman and Davenport 3.69, from the same
    plain = found.chi2 * found.ties
    assert 13 * plain / (14 * 3 - plain) == pytest.approx(3.69, abs=0.005)
    # source: Demsar (2006), section 3.2.2: critical difference 1.25 at 0.05, 1.12 at 0.10
    assert found.critical_difference(0.95) == pytest.approx(1.25, abs=0.005)
    assert found.critical_difference(0.90) == pytest.approx(1.12, abs=0.005)


def test_rounding_first_base() -> None:
    found = friedman(ROUNDING)
    # source: R's help of friedman.test: Friedman chi-squared = 11.143, df = 2, p-value = 0.003805
    assert found.chi2 == pytest.approx(11.143, abs=5e-4)
    assert found.chi2_p == pytest.approx(0.003805, abs=5e-7)


@pytest.mark.parametrize("values", [DEMSAR, ROUNDING], ids=["c45", "rounding"])
def test_the_statistic_is_that_of_scipy(values: Floats) -> None:
    """SciPy's friedmanchisquare, which corrects for ties."""
    expected = stats.friedmanchisquare(*values.T)
    found = friedman(values)
    assert found.chi2 == pytest.approx(float(expected.statistic), rel=1e-12)
    assert found.chi2_p == pytest.approx(float(expected.pvalue), rel=1e-9)


@pytest.mark.parametrize(("models", "q"), [(3, 3.5), (5, 4.2), (20, 5.0), (100, 6.1)])
def test_the_range_is_that_of_scipy(models: int, q: float) -> None:
    assert range_share(q, models) == pytest.approx(float(stats.studentized_range.cdf(q, models, np.inf)), abs=1e-9)


def test_pairs_agree_with_the_critical_difference() -> None:
    found = friedman(DEMSAR)
    apart = np.abs(found.ranks[:, None] - found.ranks)
    assert ((found.pair_p() < 0.05) == (apart > found.critical_difference(0.95))).all()
    assert np.diag(found.pair_p()).tolist() == [1.0] * 4


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_midranks_are_those_of_scipy(values: list[int]) -> None:
    assert midranks(np.array(values)).tolist() == stats.rankdata([-v for v in values]).tolist()


def test_blocks_that_all_rank_alike_and_blocks_of_ties() -> None:
    alike = friedman(np.tile([3.0, 2.0, 1.0], (5, 1)))
    assert alike.ranks.tolist() == [1, 2, 3]
    assert math.isinf(alike.f)
    assert 0 < alike.f_p < 1e-200
    tied = friedman(np.ones((5, 3)))
    assert (tied.chi2, tied.chi2_p, tied.f_p) == (0, 1, 1)
    with pytest.raises(InputError, match="1 blocks of 3 models"):
        friedman(np.ones((1, 3)))
