"""Sign flips: published exact p-values, SciPy's own, and the Monte Carlo count that is never 0."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from assay.metrics import parse
from assay.records.comparison import SignFlip
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.options import InferenceOptions
from assay.stats.permutation import sign_flip

OPTIONS = InferenceOptions(seed=1, draws=9_999)
# source: Darwin (1876), in Fisher (1935), The Design of Experiments, table 3: crossed less selfed, 1/8 inch
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
# source: Student (1908), Biometrika 6:1-25: additional hours of sleep, second drug less first
SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]


def flipped(differences: list[float], options: InferenceOptions = OPTIONS) -> SignFlip:
    n = len(differences)
    sums = np.stack([np.zeros(n), np.array(differences, dtype=float)], axis=1)[:, :, None]
    found = sign_flip(parse("mean"), GroupedSums(np.ones(n, dtype=np.int64), sums), Design(n, n, n, False), options)
    assert found is not None
    return found


def test_darwins_maize() -> None:
    found = flipped(DARWIN)
    # source: Fisher (1935), section 21: 863 of 32,768 arrangements at least as large on one side: p = 0.02634, doubled
    assert found == SignFlip(1726 / 32768, True, 15, 16384)


def test_students_sleep() -> None:
    # source: R, exactRankTests::perm.test of the sleep data, paired: p-value = 0.003906 (all nine differences positive)
    assert flipped(SLEEP) == SignFlip(pytest.approx(0.003906, abs=1e-6), True, 9, 256)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(8))
def test_exact_p_values_are_scipys(seed: int) -> None:
    """SciPy's permutation_test(permutation_type="samples") enumerates the same flips."""
    x = np.random.default_rng(seed).normal(0.4, 1, size=5 + seed).round(2)
    expected = stats.permutation_test(
        (x, np.zeros_like(x)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
    )
    assert flipped(x.tolist()).p_value == pytest.approx(float(expected.pvalue))


def test_many_units_are_sampled_and_never_reach_zero() -> None:
    found = flipped([1.0] * 40)
    assert not found.exact
    assert found.p_value == 1 / 10_000
    near = flipped((np.random.default_rng(0).normal(0.3, 1, 60)).tolist())
    exact = stats.ttest_1samp(np.random.default_rng(0).normal(0.3, 1, 60), 0).pvalue
    assert near.p_value == pytest.approx(float(exact), abs=0.02)


def test_proportions_are_mcnemars_exact_test() -> None:
    # source: McNemar (1947), exact form as in Fagerland et al. (2013), BMC Med. Res. Methodol. 13:91: binomial
    gained, lost, n = 9, 3, 40
    counts = np.zeros((n, 2, 2, 2), dtype=np.int64)
    right = np.array([[0, 1]] * gained + [[1, 0]] * lost + [[1, 1]] * (n - gained - lost))
    unit, arm = np.indices(right.shape)
    counts[unit, arm, 1, right] = 1
    found = sign_flip(parse("accuracy"), GroupedCounts(counts), Design(n, n, n, False), OPTIONS)
    assert found is not None
    assert found.p_value == pytest.approx(2 * float(stats.binom.cdf(lost, gained + lost, 0.5)))


def test_no_difference_at_all_has_p_one() -> None:
    assert flipped([0.0] * 12) == SignFlip(1.0, True, 0, 1)


def test_what_is_undefined_has_no_p_value() -> None:
    counts = np.zeros((5, 2, 2, 2), dtype=np.int64)
    counts[:, :, 0, 0] = 1
    assert sign_flip(parse("recall(class=1)"), GroupedCounts(counts), Design(5, 5, 5.0, False), OPTIONS) is None
