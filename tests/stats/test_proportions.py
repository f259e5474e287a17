from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assay.records.sample import PairedCounts
from assay.stats.choose import infer
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Undefined
from assay.stats.proportions import (
    FEW,
    mcnemar,
    newcombe,
    paired_table,
    proportion,
    tango,
    tango_statistic,
    wilson,
    wilson_bounds,
    wilson_clustered,
)
from tests.stats.samples import ACCURACY, RECALL, flat, paired

Z95 = stats.norm.ppf(0.975)


@pytest.mark.parametrize(("successes", "n"), [(0, 7), (3, 11), (50, 80), (99, 100), (12, 12)])
def test_wilson_is_scipys(successes: int, n: int) -> None:
    expected = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    assert wilson_bounds(successes / n, n, Z95) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_p_is_the_score_test() -> None:
    procedure = wilson(30, 100, "why")
    chi2 = (30 - 100 * 0.4) ** 2 / (100 * 0.4 * 0.6)
    assert procedure.p_value(0.4) == pytest.approx(stats.chi2.sf(chi2, 1), rel=1e-12)


def test_mcnemar_without_discordant_pairs_is_one() -> None:
    assert mcnemar(0, 0) == {"mcnemar_exact_p": 1.0, "mcnemar_mid_p": 1.0}


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_exact_is_the_binomial_test(won: int, lost: int) -> None:
    if won + lost:
        expected = stats.binomtest(won, won + lost).pvalue
        assert mcnemar(won, lost)["mcnemar_exact_p"] == pytest.approx(expected, rel=1e-9)


def _score_by_brute_force(won: int, lost: int, n: int, difference: float) -> float:
    """Tango's statistic with the nuisance parameter found by search instead of by formula."""
    grid = np.linspace(max(0.0, -difference) + 1e-9, (1 - difference) / 2 - 1e-9, 200_001)
    win, rest = grid + difference, 1 - 2 * grid - difference
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = lost * np.log(grid) + (won * np.log(win) if won else 0) + (n - won - lost) * np.log(rest)
    q = grid[np.nanargmax(likelihood)]
    return float((won - lost - n * difference) / math.sqrt(n * (2 * q + difference * (1 - difference))))


@pytest.mark.parametrize(("won", "lost", "n", "d"), [(12, 2, 50, 0.1), (5, 9, 40, 0.05), (0, 3, 20, -0.3)])
def test_tangos_closed_form_is_the_restricted_maximum(won: int, lost: int, n: int, d: float) -> None:
    assert tango_statistic(won, lost, n, d) == pytest.approx(_score_by_brute_force(won, lost, n, d), abs=2e-3)


def test_no_discordant_pairs_still_have_a_width() -> None:
    procedure = tango(np.array([[0, 0], [0, 40]]), "why")
    z2 = Z95**2
    assert procedure.interval(0.95) == pytest.approx((-z2 / (40 + z2), z2 / (40 + z2)), abs=1e-9)


tables = st.tuples(*[st.integers(0, 40)] * 4).filter(lambda t: sum(t) > 0).map(lambda t: np.array(t).reshape(2, 2))


@settings(max_examples=60, deadline=None)
@given(tables, st.floats(0.01, 0.4), st.floats(-0.6, 0.6))
@pytest.mark.parametrize("method", [tango, newcombe])
def test_p_value_and_interval_invert_one_another(method, table, alpha: float, null: float) -> None:
    procedure = method(table, "why")
    low, high = procedure.interval(1 - alpha)
    if min(abs(null - low), abs(null - high)) > 1e-6:
        assert (procedure.p_value(null) > alpha) == (low <= null <= high)


@settings(max_examples=60, deadline=None)
@given(tables)
@pytest.mark.parametrize("method", [tango, newcombe])
def test_swapping_models_mirrors_the_interval(method, table) -> None:
    one, other = method(table, "why"), method(table.T, "why")
    low, high = one.interval(0.9)
    assert one.value == -other.value
    assert other.interval(0.9) == pytest.approx((-high, -low), abs=1e-9)
    assert one.p_value(0.1) == pytest.approx(other.p_value(-0.1), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(tables)
@pytest.mark.parametrize("method", [tango, newcombe])
def test_intervals_nest_and_hold_the_value(method, table) -> None:
    procedure = method(table, "why")
    (low, high), (wide_low, wide_high) = procedure.interval(0.8), procedure.interval(0.99)
    assert -1 <= wide_low <= low <= procedure.value + 1e-12
    assert procedure.value - 1e-12 <= high <= wide_high <= 1


def test_table_counts_only_rows_that_are_trials() -> None:
    counts = np.array([[[5, 6], [7, 8]], [[1, 2], [3, 4]]])
    assert paired_table(RECALL, counts).tolist() == [[1, 2], [3, 4]]
    # Class 0 is right where the prediction is 0.
    assert paired_table(ACCURACY, counts).tolist() == [[8 + 1, 7 + 2], [6 + 3, 5 + 4]]


def test_table_of_three_classes_by_brute_force() -> None:
    counts = np.random.default_rng(0).integers(0, 9, (3, 3, 3))
    expected = np.zeros((2, 2))
    for target, base, cand in np.ndindex(3, 3, 3):
        expected[int(base == target), int(cand == target)] += counts[target, base, cand]
    assert paired_table(ACCURACY, counts).tolist() == expected.tolist()


def test_recall_without_positives_is_undefined_with_the_metrics_reason() -> None:
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    counts[0] = 5
    found = infer(RECALL, PairedCounts(counts), flat(20), InferenceOptions())
    assert isinstance(found.difference, Undefined)
    assert found.baseline.reason == "recall has no rows to count"


def test_single_models_are_the_margins_of_the_pair() -> None:
    found = infer(RECALL, paired([[3, 12], [2, 36]]), flat(53), InferenceOptions())
    assert found.baseline.value == 38 / 53
    assert found.candidate.value == 48 / 53
    assert found.difference.value == pytest.approx(10 / 53)
    assert found.difference.diagnostics["discordant"] == 14


def test_clustered_wilson_with_infinite_df_is_wilson() -> None:
    procedure = wilson_clustered(0.3, 100, math.inf, "why", {})
    assert procedure.interval(0.95) == pytest.approx(wilson_bounds(0.3, 100, Z95))
    assert wilson_clustered(0.3, 100, 5, "why", {}).interval(0.95)[1] > procedure.interval(0.95)[1]


@pytest.mark.parametrize("n", [30, 99, 400])
@pytest.mark.parametrize("alpha", [0.025, 0.025 / 20])
def test_a_rare_share_is_not_supported_more_often_than_the_level_allows(n: int, alpha: float) -> None:
    """Exact one-sided error of `at_least` at the worst truth: a bound above the truth, weighted by its probability."""
    bounds = [proportion(x, n, "a share").interval(1 - 2 * alpha) for x in range(n + 1)]
    few = [low for x, (low, _) in enumerate(bounds) if x < FEW]
    for truth in few[1:]:
        wrong = sum(stats.binom.pmf(x, n, truth) for x, (low, _) in enumerate(bounds) if low > truth)
        assert wrong <= alpha * 1.0001


def test_exact_p_is_dual_to_the_exact_interval() -> None:
    result = proportion(3, 60, "a share")
    assert result.method == "clopper-pearson"
    for level in (0.5, 0.9, 0.95, 0.999):
        for end in result.interval(level):
            assert result.p_value(end) == pytest.approx(1 - level, rel=1e-6)
