from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit, ndtri
from sklearn.metrics import roc_auc_score

from assay.base.errors import MetricError
from assay.stats.auc import auc_difference, auc_replicates, delong, placements, single_auc, whole_sum
from assay.stats.procedures import Descriptive, Inverted, LogitT, StudentT, Undefined


def pairs_won(target, scores):
    """The definition: a positive beats a negative; a tie counts one half. [P, N]."""
    pos, neg = scores[target == 1], scores[target == 0]
    return (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])


def brute_covariance(target, first, second):
    one, two = pairs_won(target, first), pairs_won(target, second)
    over_pos = np.cov(one.mean(axis=1), two.mean(axis=1))[0, 1] / one.shape[0]
    over_neg = np.cov(one.mean(axis=0), two.mean(axis=0))[0, 1] / one.shape[1]
    return over_pos + over_neg


def binormal(seed, positives, negatives, aucs, correlation=0.5):
    rng = np.random.default_rng(seed)
    target = np.repeat([1, 0], [positives, negatives])
    noise = rng.normal(size=(len(aucs) + 1, len(target)))
    scores = np.sqrt(correlation) * noise[0] + np.sqrt(1 - correlation) * noise[1:]
    return target, scores + np.sqrt(2) * ndtri(np.array(aucs))[:, None] * target


tables = st.integers(2, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 1), min_size=n, max_size=n),
        st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 3)), min_size=n, max_size=n),
        st.lists(st.integers(0, 5), min_size=n, max_size=n),
    )
)


@given(tables)
def test_delong_equals_the_u_statistics_with_ties(table):
    target, scores = np.array(table[0]), np.array(table[1], dtype=float).T
    fit = delong(target, scores)
    if target.min() == target.max():
        assert np.isnan(fit.values).all()
        return
    assert fit.values == pytest.approx([pairs_won(target, arm).mean() for arm in scores], abs=1e-14)
    if min(fit.positives, fit.negatives) > 1:
        for i, j in itertools.product(range(2), repeat=2):
            assert fit.covariance[i, j] == pytest.approx(brute_covariance(target, scores[i], scores[j]), abs=1e-14)
    else:
        assert np.isnan(fit.covariance).all()


@given(tables)
def test_replicates_equal_recomputation_without_the_group(table):
    target, scores, group = np.array(table[0]), np.array(table[1], dtype=float).T, np.array(table[2])
    values, replicates = auc_replicates(target, scores, group)
    np.testing.assert_array_equal(values, delong(target, scores).values)
    for g in range(group.max() + 1):
        kept = group != g
        np.testing.assert_array_equal(replicates[g], delong(target[kept], scores[:, kept]).values)


@given(tables, st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit(table, random):
    target, scores = np.array(table[0]), np.array(table[1], dtype=float).T
    order = np.array(random.sample(range(len(target)), len(target)))
    one, two = delong(target, scores), delong(target[order], scores[:, order])
    np.testing.assert_array_equal(one.values, two.values)
    np.testing.assert_array_equal(one.covariance, two.covariance)


@given(st.lists(st.integers(-(2**55), 2**55), max_size=300))
def test_whole_sum_is_exact_beyond_64_bits(values):
    assert whole_sum(np.array(values, dtype=np.int64)) == sum(values)


def test_order_preserving_maps_change_nothing_and_reversal_mirrors():
    target, scores = binormal(1, 40, 60, (0.7, 0.8))
    fit, mapped, reversed_ = delong(target, scores), delong(target, np.exp(scores)), delong(target, -scores)
    np.testing.assert_array_equal(fit.covariance, mapped.covariance)
    assert reversed_.values == pytest.approx(1 - fit.values, abs=1e-15)
    assert reversed_.covariance == pytest.approx(fit.covariance, rel=1e-12)


def test_hanley_and_mcneil_ct_example():
    """Rated CT images, 58 normal and 51 abnormal: W = 0.893, se 0.032; Hanley & McNeil, Radiology 143 (1982) 29-36."""
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    target = np.repeat([0, 1], [58, 51])
    scores = np.concatenate([np.repeat(np.arange(5), normal), np.repeat(np.arange(5), abnormal)]).astype(float)
    fit = delong(target, scores[None])
    assert round(float(fit.values[0]), 3) == 0.893
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(0.032, abs=0.0015)


def test_nan_scores_are_refused():
    with pytest.raises(MetricError, match="NaN"):
        placements(np.array([0, 1]), np.array([[0.1, np.nan]]))


def test_infinite_scores_rank():
    assert delong(np.array([0, 1, 1]), np.array([[-np.inf, 0.0, np.inf]])).values[0] == 1.0


def test_single_in_the_middle_is_plain_delong():
    target, scores = binormal(2, 100, 100, (0.7,))
    fit = delong(target, scores)
    result = single_auc(fit)
    assert isinstance(result, StudentT)
    assert result.method == "delong"
    half = 1.959963984540054 * np.sqrt(fit.covariance[0, 0])
    assert result.interval(0.95) == pytest.approx((fit.values[0] - half, fit.values[0] + half))


def test_single_near_one_stays_inside_and_inverts():
    target, scores = binormal(3, 25, 60, (0.95,))
    fit = delong(target, scores)
    result = single_auc(fit)
    assert isinstance(result, LogitT)
    assert result.method == "delong-logit"
    low, high = result.interval(0.95)
    assert 0 < low < fit.values[0] < high < 1
    assert logit(high) - logit(fit.values[0]) == pytest.approx(logit(fit.values[0]) - logit(low))
    assert result.p_value(low) == pytest.approx(0.05)
    assert result.p_value(high) == pytest.approx(0.05)
    assert result.p_value(1.0) == 0.0


@pytest.mark.parametrize("flip", [1, -1])
def test_perfect_separation_is_bounded_by_disjoint_pairs(flip):
    target, scores = np.repeat([0, 1], [30, 10]), flip * np.arange(40.0)
    result = single_auc(delong(target, scores[None]))
    assert isinstance(result, Inverted)
    low, high = result.interval(0.95)
    reach = 0.025 ** (1 / 10)
    assert (low, high) == pytest.approx((reach, 1.0) if flip == 1 else (0.0, 1 - reach))
    assert result.p_value(reach if flip == 1 else 1 - reach) == pytest.approx(0.05)


@pytest.mark.parametrize(("target", "words"), [([1, 1, 1], "no negative"), ([0, 0, 0], "no positive")])
def test_without_a_class_there_is_no_value(target, words):
    fit = delong(np.array(target), np.arange(6.0).reshape(2, 3))
    for result in (single_auc(fit), auc_difference(fit)):
        assert isinstance(result, Undefined)
        assert words in result.reason


@pytest.mark.parametrize("target", [[0, 0, 1], [1, 0, 1]])
def test_one_row_of_a_class_gives_a_value_without_an_interval(target):
    scores = np.array([[0.1, 0.9, 0.5], [0.3, 0.2, 0.8]])
    fit = delong(np.array(target), scores)
    values = [roc_auc_score(target, s) for s in scores]
    expected = (values[0], values[1] - values[0])
    for result, value in zip((single_auc(fit), auc_difference(fit)), expected, strict=True):
        assert isinstance(result, Descriptive)
        assert result.value == pytest.approx(value)
        assert "row only" in result.reason


def test_equal_rankings_give_a_value_without_an_interval():
    target, scores = binormal(4, 50, 50, (0.8,))
    result = auc_difference(delong(target, np.stack([scores[0], np.exp(scores[0])])))
    assert isinstance(result, Descriptive)
    assert result.value == 0.0


def test_difference_is_candidate_minus_baseline_and_averages_arms():
    target, scores = binormal(5, 60, 90, (0.7, 0.72, 0.8, 0.82))
    fit = delong(target, scores)
    result = auc_difference(fit, (0, 1), (2, 3))
    weights = np.array([-0.5, -0.5, 0.5, 0.5])
    assert isinstance(result, StudentT)
    assert result.value == pytest.approx(weights @ fit.values)
    assert result.se == pytest.approx(np.sqrt(weights @ fit.covariance @ weights))
    assert result.df == np.inf


def test_small_classes_take_t_with_welch_satterthwaite():
    target, scores = binormal(6, 12, 400, (0.7, 0.8))
    result = auc_difference(delong(target, scores))
    assert isinstance(result, StudentT)
    assert 11 <= result.df < 411


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_logit_interval_mirrors_when_the_classes_swap(seed):
    target, scores = binormal(seed, 12, 15, (0.85,))
    one, two = single_auc(delong(target, scores)), single_auc(delong(1 - target, scores))
    assert not isinstance(one, (Undefined, Descriptive))
    assert not isinstance(two, (Undefined, Descriptive))
    low, high = one.interval(0.9)
    assert two.interval(0.9) == pytest.approx((1 - high, 1 - low))
    assert expit(logit(one.value)) == pytest.approx(1 - two.value)
