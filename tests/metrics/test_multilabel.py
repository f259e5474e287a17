"""Sets of labels against scikit-learn."""

from __future__ import annotations

import math
import warnings
from itertools import compress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.records.metric import Family
from tests.metrics.rows import sets

Indicators = list[list[int]]
METRICS = (
    "subset_accuracy", "hamming", "multilabel_f1", "multilabel_f1(average=macro)", "multilabel_f1(average=sample)",
    "multilabel_precision", "multilabel_precision(average=macro)", "multilabel_recall",
    "multilabel_recall(average=macro)",
)  # fmt: skip
A = ([[0, 1, 1], [1, 0, 0], [0, 0, 1], [1, 1, 1]], [[0, 1, 0], [1, 0, 0], [1, 0, 1], [1, 0, 1]])
B = ([[0, 0], [1, 1], [1, 0], [0, 1], [1, 1]], [[1, 0], [1, 1], [0, 0], [0, 1], [0, 1]])
# The example of scikit-learn's f1_score for multilabel data.
C = ([[0, 0, 0], [1, 1, 1], [0, 1, 1]], [[0, 0, 0], [1, 1, 1], [1, 1, 0]])
# The example of scikit-learn's hamming_loss.
D = ([[0, 1], [1, 1]], [[0, 0], [0, 0]])
KNOWN: list[tuple[tuple[Indicators, Indicators], str, float]] = [
    (A, "subset_accuracy", 0.25),  # source: scikit-learn 1.9.1, accuracy_score
    (A, "hamming", 0.25),  # source: scikit-learn 1.9.1, hamming_loss
    (A, "multilabel_f1", 0.7692307692307693),  # source: scikit-learn 1.9.1, f1_score(average="micro")
    (A, "multilabel_f1(average=macro)", 0.7555555555555555),  # source: scikit-learn 1.9.1, f1_score(average="macro")
    (A, "multilabel_f1(average=sample)", 0.7833333333333332),  # source: scikit-learn 1.9.1, f1_score(average="samples")
    (A, "multilabel_precision", 0.8333333333333334),  # source: scikit-learn 1.9.1, precision_score(average="micro")
    (A, "multilabel_precision(average=macro)", 0.8888888888888888),  # source: scikit-learn 1.9.1, precision_score
    (A, "multilabel_recall", 0.7142857142857143),  # source: scikit-learn 1.9.1, recall_score(average="micro")
    (A, "multilabel_recall(average=macro)", 0.7222222222222222),  # source: scikit-learn 1.9.1, recall_score
    (B, "subset_accuracy", 0.4),  # source: scikit-learn 1.9.1, accuracy_score
    (B, "hamming", 0.3),  # source: scikit-learn 1.9.1, hamming_loss
    (B, "multilabel_f1", 0.7272727272727273),  # source: scikit-learn 1.9.1, f1_score(average="micro")
    (B, "multilabel_f1(average=macro)", 0.7),  # source: scikit-learn 1.9.1, f1_score(average="macro")
    (B, "multilabel_f1(average=sample)", 0.5333333333333333),  # source: scikit-learn 1.9.1, f1_score(average="samples")
    (B, "multilabel_precision", 0.8),  # source: scikit-learn 1.9.1, precision_score(average="micro")
    (B, "multilabel_precision(average=macro)", 0.75),  # source: scikit-learn 1.9.1, precision_score(average="macro")
    (B, "multilabel_recall", 0.6666666666666666),  # source: scikit-learn 1.9.1, recall_score(average="micro")
    (B, "multilabel_recall(average=macro)", 0.6666666666666666),  # source: scikit-learn 1.9.1, recall_score
    (C, "subset_accuracy", 0.6666666666666666),  # source: scikit-learn 1.9.1, accuracy_score
    (C, "multilabel_f1", 0.8),  # source: scikit-learn 1.9.1, f1_score(average="micro")
    (C, "multilabel_f1(average=macro)", 0.7777777777777777),  # source: scikit-learn's documentation of f1_score, mean
    (C, "multilabel_f1(average=sample)", 0.8333333333333334),  # source: scikit-learn 1.9.1, zero_division=1
    (D, "hamming", 0.75),  # source: scikit-learn's documentation of hamming_loss
    (D, "multilabel_f1", 0.0),  # source: scikit-learn 1.9.1, f1_score(average="micro")
    (D, "multilabel_recall", 0.0),  # source: scikit-learn 1.9.1, recall_score(average="micro")
]
tables = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.tuples(*[st.lists(st.integers(0, 1), min_size=k, max_size=k)] * 2), min_size=1, max_size=8)
)


def named(rows: Indicators) -> list[list[str]]:
    return [list(compress("abcdefgh", row)) for row in rows]


def value(notation: str, y: Indicators, p: Indicators) -> float:
    return sets(notation, named(y), named(p), tuple("abcdefgh"[: len(y[0])]))


@pytest.mark.parametrize(("tables", "notation", "expected"), KNOWN)
def test_values_are_known(tables: tuple[Indicators, Indicators], notation: str, expected: float) -> None:
    assert value(notation, *tables) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(tables)
def test_any_table_scores_as_in_scikit_learn(rows: list[tuple[list[int], list[int]]]) -> None:
    y, p = [r[0] for r in rows], [r[1] for r in rows]
    truth, said = np.array(y), np.array(p)
    assert value("subset_accuracy", y, p) == pytest.approx((truth == said).all(axis=1).mean())
    assert value("hamming", y, p) == pytest.approx((truth != said).mean())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = {
            "multilabel_f1": sk.f1_score(truth, said, average="micro", zero_division=np.nan),
            "multilabel_f1(average=macro)": sk.f1_score(truth, said, average="macro", zero_division=np.nan),
            "multilabel_f1(average=sample)": sk.f1_score(truth, said, average="samples", zero_division=1),
            "multilabel_precision": sk.precision_score(truth, said, average="micro", zero_division=np.nan),
            "multilabel_recall": sk.recall_score(truth, said, average="micro", zero_division=np.nan),
            "multilabel_recall(average=macro)": sk.recall_score(truth, said, average="macro", zero_division=np.nan),
        }
    for notation, peer in expected.items():
        assert value(notation, y, p) == pytest.approx(float(peer), nan_ok=True), notation


def test_no_label_is_undefined_and_two_empty_sets_agree() -> None:
    for notation in ("multilabel_f1", "multilabel_f1(average=macro)", "multilabel_precision", "multilabel_recall"):
        assert math.isnan(sets(notation, [[], []], [[], []], ("a",)))
    assert sets("subset_accuracy", [[], ["a"]], [[], []]) == 0.5
    assert sets("multilabel_f1(average=sample)", [[], ["a"]], [[], []]) == 0.5
    assert math.isnan(sets("hamming", [[]], [[]], ()))


def test_macro_precision_cannot_dodge_a_label() -> None:
    assert math.isnan(sets("multilabel_precision(average=macro)", [["a"], ["b"]], [["a"], ["a"]], ("a", "b")))


@pytest.mark.parametrize("notation", METRICS)
def test_declarations_hold_together(notation: str) -> None:
    metric = parse(notation)
    assert metric.reads == "label set"
    assert metric.lower == 0.0
    assert metric.upper == 1.0
    assert metric.corpus == (metric.family is Family.SUMS)


@pytest.mark.parametrize("notation", ["hamming", "multilabel_f1(average=macro)"])
def test_labels_that_were_not_declared_are_refused(notation: str) -> None:
    with pytest.raises(MetricError, match="the label 'z' is not among the labels a, b"):
        sets(notation, [["a"]], [["z"]], ("a", "b"))


def test_macro_takes_a_bounded_list_of_labels() -> None:
    with pytest.raises(MetricError, match="at most 100 labels"):
        sets("multilabel_f1(average=macro)", [["1"]], [["1"]], tuple(map(str, range(101))))
    with pytest.raises(MetricError, match="no row has a label"):
        sets("multilabel_f1(average=macro)", [[]], [[]], ())


@pytest.mark.parametrize(
    "notation",
    ["multilabel_f1(average=weighted)", "multilabel_precision(average=sample)", "multilabel_recall(average=a)"],
)
def test_other_averages_are_refused(notation: str) -> None:
    with pytest.raises(MetricError, match="average is one of micro, macro"):
        parse(notation)
