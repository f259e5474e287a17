"""Label metrics against scikit-learn, on every kind of confusion."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from assay.base.errors import MetricError
from assay.metrics import parse

Labels = list[tuple[int, int]]


def labels(classes: int, least: int = 1) -> st.SearchStrategy[Labels]:
    one = st.integers(0, classes - 1)
    return st.lists(st.tuples(one, one), min_size=least, max_size=60)


def table(rows: Labels, classes: int) -> np.ndarray[Any, Any]:
    counts = np.zeros((classes, classes), dtype=np.int64)
    for target, predicted in rows:
        counts[target, predicted] += 1
    return counts


def value(notation: str, rows: Labels, classes: int = 2) -> float:
    found = parse(notation)
    assert found.value is not None
    return float(found.value(table(rows, classes)))


def same(mine: float, theirs: float) -> None:
    """Equal, where scikit-learn's NaN is our undefined."""
    if math.isnan(theirs):
        assert math.isnan(mine)
    else:
        assert mine == pytest.approx(theirs, rel=1e-12, abs=1e-15)


BINARY: dict[str, Callable[..., float]] = {
    "accuracy": sk.accuracy_score,
    "precision": lambda y, p: sk.precision_score(y, p, zero_division=np.nan),
    "recall": lambda y, p: sk.recall_score(y, p, zero_division=np.nan),
    "specificity": lambda y, p: sk.recall_score(y, p, pos_label=0, zero_division=np.nan),
    "f1": lambda y, p: sk.f1_score(y, p, zero_division=np.nan),
    "fbeta@2": lambda y, p: sk.fbeta_score(y, p, beta=2, zero_division=np.nan),
    "fbeta@0.5": lambda y, p: sk.fbeta_score(y, p, beta=0.5, zero_division=np.nan),
}


@pytest.mark.parametrize("notation", BINARY)
@settings(max_examples=25)
@given(rows=labels(2))
def test_a_binary_metric_is_that_of_scikit_learn(notation: str, rows: Labels) -> None:
    y, p = zip(*rows, strict=True)
    same(value(notation, rows), BINARY[notation](y, p))


@settings(max_examples=25)
@given(rows=labels(2))
def test_rates_and_shares_are_counted(rows: Labels) -> None:
    n = len(rows)
    negative = [p for y, p in rows if y == 0]
    positive = [p for y, p in rows if y == 1]
    same(value("false_positive_rate", rows), sum(negative) / len(negative) if negative else math.nan)
    same(value("false_negative_rate", rows), 1 - sum(positive) / len(positive) if positive else math.nan)
    for cell, pattern in {"tn": (0, 0), "fp": (0, 1), "fn": (1, 0), "tp": (1, 1)}.items():
        same(value(f"confusion@{cell}", rows), rows.count(pattern) / n)
    assert sum(value(f"confusion@{c}", rows) for c in ("tn", "fp", "fn", "tp")) == pytest.approx(1)


@pytest.mark.parametrize("classes", [2, 3, 5])
@settings(max_examples=25)
@given(data=st.data())
def test_metrics_of_the_whole_table_are_those_of_scikit_learn(classes: int, data: st.DataObject) -> None:
    rows = data.draw(labels(classes))
    y, p = zip(*rows, strict=True)
    same(value("accuracy", rows, classes), sk.accuracy_score(y, p))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(value("balanced_accuracy", rows, classes), sk.balanced_accuracy_score(y, p))
    constant = len(set(y)) == 1 or len(set(p)) == 1
    same(value("mcc", rows, classes), math.nan if constant else sk.matthews_corrcoef(y, p))
    both = len(set(y) | set(p)) == 1
    same(value("kappa", rows, classes), math.nan if both else sk.cohen_kappa_score(y, p))


@pytest.mark.parametrize("average", ["macro", "micro"])
@settings(max_examples=25)
@given(rows=labels(4))
def test_averages_are_those_of_scikit_learn(average: str, rows: Labels) -> None:
    y, p = zip(*rows, strict=True)
    present = {"labels": range(4), "average": average, "zero_division": np.nan}
    dodged = average == "macro" and not set(y) <= set(p)
    expected = math.nan if dodged else sk.precision_score(y, p, **present)
    same(value(f"precision(average={average})", rows, 4), expected)
    same(value(f"recall(average={average})", rows, 4), sk.recall_score(y, p, **present))
    same(value(f"f1(average={average})", rows, 4), sk.f1_score(y, p, **present))
    same(value(f"fbeta@2(average={average})", rows, 4), sk.fbeta_score(y, p, beta=2, **present))


@given(rows=labels(3, least=0))
def test_proportions_are_successes_over_trials(rows: Labels) -> None:
    for notation in ("accuracy", "recall", "specificity", "false_positive_rate", "false_negative_rate", "confusion@fp"):
        metric = parse(notation)
        counts = table([(min(y, 1), min(p, 1)) for y, p in rows], 2)
        assert metric.parts is not None
        top, bottom = (float(v) for v in metric.parts(counts))
        assert 0 <= top <= bottom <= len(rows)
        assert metric.value is not None
        same(float(metric.value(counts)), top / bottom if bottom else math.nan)


@pytest.mark.parametrize("notation", ["accuracy", "f1", "fbeta@2", "mcc", "kappa", "balanced_accuracy", "precision"])
def test_values_come_for_many_tables_at_once(notation: str) -> None:
    tables = np.random.default_rng(0).integers(0, 9, (4, 3, 2, 2))
    metric = parse(notation)
    assert metric.value is not None
    every = metric.value(tables)
    assert every.shape == (4, 3)
    assert every[2, 1] == pytest.approx(float(metric.value(tables[2, 1])))


def test_large_counts_do_not_overflow() -> None:
    counts = np.array([[4_000_000_000, 1_000_000_000], [500_000_000, 4_500_000_000]], dtype=np.int64)
    small = counts // 100_000_000
    for notation in ("mcc", "kappa", "f1", "accuracy", "balanced_accuracy"):
        metric = parse(notation)
        assert metric.value is not None
        assert float(metric.value(counts)) == pytest.approx(float(metric.value(small)), rel=1e-12)


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("f1(average=weighted)", "average is 'weighted'"),
        ("f1(average=macro, class=cat)", "both class= and average="),
        ("fbeta@0", "beta is 0.0"),
        ("fbeta@-1", "beta is -1.0"),
        ("confusion@xx", "cell is 'xx'"),
    ],
)
def test_a_wrong_parameter_is_refused(notation: str, said: str) -> None:
    with pytest.raises(MetricError, match=r"average is|both class=|beta is|cell is") as caught:
        parse(notation)
    assert said in str(caught.value)
