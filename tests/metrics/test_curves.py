from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.metrics.curves import mean_of_shares
from tests.stats.asah import NDKA, POOR, S100B, WFNS


def value(notation, target, scores):
    return parse(notation).influence(np.asarray(target), np.asarray(scores, dtype=float)).value


@pytest.mark.parametrize(
    ("target", "scores", "expected"),
    [
        # source: scikit-learn documentation, example of sklearn.metrics.average_precision_score (0.83)
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.8333333333333333),
        # source: scikit-learn tests, test_precision_recall_curve_toydata
        ([0, 1], [0, 1], 1.0),
        # source: scikit-learn tests, test_precision_recall_curve_toydata
        ([0, 1], [1, 0], 0.5),
        # source: scikit-learn tests, test_precision_recall_curve_toydata
        ([1, 0], [1, 1], 0.5),
        # source: scikit-learn tests, test_precision_recall_curve_toydata
        ([1, 0], [1, 0], 1.0),
        # source: scikit-learn tests, test_precision_recall_curve_toydata
        ([1, 0], [0.5, 0.5], 0.5),
        # source: scikit-learn tests, test_precision_recall_curve_toydata
        ([1, 1], [0.25, 0.75], 1.0),
        # source: scikit-learn tests, test_average_precision_constant_values (a quarter positive, one score)
        ([1, 0, 0, 0] * 25, [1.0] * 100, 0.25),
    ],
)
def test_average_precision_meets_published_values(target, scores, expected):
    assert value("average_precision", target, scores) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("seed", range(6))
def test_average_precision_is_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    target, scores = rng.integers(0, 2, 80), np.round(rng.normal(size=80), seed % 3)
    # source: scikit-learn 1.9.1, average_precision_score(target, scores)
    assert value("average_precision", target, scores) == pytest.approx(average_precision_score(target, scores))


@pytest.mark.parametrize(
    ("scores", "notation", "expected"),
    [
        (WFNS, "partial_auc(fpr=1, scale=area)", 0.823678861788618),  # source: pROC tests, test-auc.R, full auc
        (NDKA, "partial_auc(fpr=1, scale=area)", 0.611957994579946),  # source: pROC tests, test-auc.R, full auc
        (S100B, "partial_auc(fpr=1, scale=area)", 0.731368563685637),  # source: pROC documentation, auc(aSAH s100b)
        (WFNS, "partial_auc(fpr=0.1, scale=area)", 0.0334417344173442),  # source: pROC tests, partial.auc = c(1, .9)
        (NDKA, "partial_auc(fpr=0.1, scale=area)", 0.0107046070460705),  # source: pROC tests, partial.auc = c(1, .9)
        (WFNS, "partial_auc(tpr=0.9, scale=area)", 0.0400999322493225),  # source: pROC tests, c(1, .9), focus = se
        (NDKA, "partial_auc(tpr=0.9, scale=area)", 0.0037940379403794),  # source: pROC tests, c(1, .9), focus = se
        (WFNS, "partial_auc(fpr=0.1)", 0.649693339038653),  # source: pROC tests, partial.auc.correct
        (NDKA, "partial_auc(fpr=0.1)", 0.530024247610897),  # source: pROC tests, partial.auc.correct
        (WFNS, "partial_auc(tpr=0.9)", 0.68473648552275),  # source: pROC tests, focus = se, partial.auc.correct
    ],
)
def test_partial_areas_of_asah(scores, notation, expected):
    assert value(notation, POOR, scores) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(
    ("scores", "rate", "low", "high", "expected"),
    [
        (WFNS, "fpr", 0.1, 0.2, 0.0598373983739837),  # source: pROC tests, test-auc.R, partial.auc = c(.9, .8)
        (WFNS, "fpr", 0.5, 1.0, 0.488134475939354),  # source: pROC tests, test-auc.R, partial.auc = c(.5, 0)
        (NDKA, "fpr", 0.1, 0.2, 0.0277777777777778),  # source: pROC tests, test-auc.R, partial.auc = c(.9, .8)
        (NDKA, "fpr", 0.5, 1.0, 0.416836043360434),  # source: pROC tests, test-auc.R, partial.auc = c(.5, 0)
        (WFNS, "tpr", 0.9, 0.8, 0.0609953703703703),  # source: pROC tests, c(.9, .8), focus = se
        (WFNS, "tpr", 0.5, 0.0, 0.483358739837398),  # source: pROC tests, c(.5, 0), focus = se
        (NDKA, "tpr", 0.9, 0.8, 0.0242547425474255),  # source: pROC tests, c(.9, .8), focus = se
        (NDKA, "tpr", 0.5, 0.0, 0.428523035230352),  # source: pROC tests, c(.5, 0), focus = se
    ],
)
def test_areas_between_two_rates_are_differences(scores, rate, low, high, expected):
    first, second = (value(f"partial_auc({rate}={at:g}, scale=area)", POOR, scores) for at in (low, high))
    assert second - first == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize(
    ("target", "scores", "fpr", "expected"),
    [
        ([0, 0, 1, 1], [0, 0, 1, 1], 1, 1.0),  # source: scikit-learn tests, test_partial_roc_auc_score
        ([0, 0, 1, 1], [0, 0, 1, 1], 0.001, 1.0),  # source: scikit-learn tests, test_partial_roc_auc_score
        ([0, 0, 1, 1], [0.1, 0, 0.1, 0.01], 0.3, 0.5),  # source: scikit-learn tests, test_partial_roc_auc_score
    ],
)
def test_partial_auc_meets_scikit_learns_tests(target, scores, fpr, expected):
    assert value(f"partial_auc@{fpr}", target, scores) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("fpr", [0.01, 0.1, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_partial_auc_is_scikit_learns(fpr, decimals):
    rng = np.random.default_rng(int(100 * fpr))
    target, scores = rng.integers(0, 2, 90), np.round(rng.normal(size=90), decimals)
    # source: scikit-learn 1.9.1, roc_auc_score(target, scores, max_fpr=fpr)
    assert value(f"partial_auc@{fpr}", target, scores) == pytest.approx(roc_auc_score(target, scores, max_fpr=fpr))


tables = st.integers(4, 20).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 1), min_size=n, max_size=n), st.lists(st.integers(-2, 3), min_size=n, max_size=n)
    )
)


@given(tables)
def test_average_precision_without_each_row_is_exact(table):
    target, scores = np.array(table[0]), np.array(table[1], dtype=float)
    if target.sum() < 2:
        return
    found = parse("average_precision").influence(target, scores)
    for i in range(len(target)):
        kept = np.arange(len(target)) != i
        left = average_precision_score(target[kept], scores[kept])
        assert found.value - found.moved[i] == pytest.approx(left, abs=1e-12)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table, random):
    target, scores = np.array(table[0]), np.array(table[1], dtype=float)
    if not 1 < target.sum() < len(target) - 1:
        return
    order = np.array(random.sample(range(len(target)), len(target)))
    for notation in ("average_precision", "partial_auc@0.3"):
        one, two = (parse(notation).influence(target[o], scores[o]) for o in (np.arange(len(target)), order))
        assert two.value == one.value
        np.testing.assert_allclose(two.moved, one.moved[order], atol=1e-15)


@pytest.mark.parametrize("notation", ["partial_auc@0.15", "partial_auc(tpr=0.8)", "partial_auc(fpr=0.4, scale=area)"])
def test_partial_auc_moves_as_without_the_row(notation):
    rng = np.random.default_rng(3)
    target = (rng.random(4000) < 0.4).astype(int)
    scores = rng.normal(size=4000) + target
    metric = parse(notation)
    found = metric.influence(target, scores)
    for i in rng.choice(4000, 60, replace=False):
        left = metric.influence(np.delete(target, i), np.delete(scores, i)).value
        assert found.moved[i] == pytest.approx(found.value - left, abs=0.01 * np.abs(found.moved).max())


def test_chance_and_the_least_value_of_mcclish():
    rng = np.random.default_rng(4)
    target, scores = rng.integers(0, 2, 20_000), rng.normal(size=20_000)
    assert value("partial_auc@0.2", target, scores) == pytest.approx(0.5, abs=0.02)
    metric = parse("partial_auc@0.2")
    reversed_ = metric.influence(np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 0.0, 0.0]))
    assert reversed_.value == pytest.approx(metric.lower)


@pytest.mark.parametrize("notation", ["average_precision", "partial_auc@0.1"])
def test_without_a_positive_row_there_is_no_value(notation):
    assert np.isnan(value(notation, [0, 0, 0], [0.1, 0.2, 0.3]))


def test_one_positive_row_has_a_value_and_no_moves():
    found = parse("average_precision").influence(np.array([0, 1, 0]), np.array([0.3, 0.2, 0.1]))
    assert found.value == 0.5
    assert np.isnan(found.moved).all()


@pytest.mark.parametrize(
    "notation",
    ["partial_auc", "partial_auc@0", "partial_auc@1.2", "partial_auc(tpr=1)", "partial_auc(fpr=0.1, tpr=0.9)"],
)
def test_a_part_that_is_none_is_refused(notation):
    with pytest.raises(MetricError, match=r"fpr|tpr"):
        parse(notation)


def test_an_unknown_scale_is_refused():
    with pytest.raises(MetricError, match="mcclish or area"):
        parse("partial_auc(fpr=0.1, scale=half)")


def test_mean_of_shares_with_every_weight_is_the_mean_share_from_the_top():
    value_, _ = mean_of_shares(np.array([3.0, 2.0, 1.0]), np.array([0, 1, 1]), np.ones(3, dtype=int))
    assert value_ == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
