"""Top-k accuracy and prediction sets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from assay.base.errors import MetricError
from assay.metrics import parse
from tests.metrics.rows import objects, value

# The example of scikit-learn's top_k_accuracy_score.
SCORES = [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]]
TRUTH = [0, 1, 2, 2]
SETS = [["a"], ["a", "b"], [], ["c", "b", "a"], ["b"]]
CLASSES = ["a", "b", "a", "c", "c"]
KNOWN: list[tuple[str, float]] = [
    ("topk@1(from=scores)", 0.5),  # source: scikit-learn 1.9.1, top_k_accuracy_score(k=1)
    ("topk@2(from=scores)", 0.75),  # source: scikit-learn's documentation of top_k_accuracy_score
    ("topk@3(from=scores)", 1.0),  # source: scikit-learn 1.9.1, every class is among all of them
]
# source: Angelopoulos & Bates (2023), section 3: coverage is the share of [y in C], by class and by |C|
BY_DEFINITION: list[tuple[str, float]] = [
    ("set_coverage", 3 / 5),  # source: Angelopoulos & Bates (2023), eq. 1 counted by hand
    ("set_coverage(class=a)", 1 / 2),  # source: Angelopoulos & Bates (2023), class-conditional coverage by hand
    ("set_coverage(class=c)", 1 / 2),  # source: Angelopoulos & Bates (2023), class-conditional coverage by hand
    ("set_coverage(size=1)", 1 / 2),  # source: Angelopoulos & Bates (2023), size-stratified coverage by hand
    ("set_coverage(size=2+)", 1.0),  # source: Angelopoulos & Bates (2023), size-stratified coverage by hand
    ("set_coverage(size=0)", 0.0),  # source: Angelopoulos & Bates (2023), an empty set covers nothing
    ("set_coverage(class=b, size=2)", 1.0),  # source: Angelopoulos & Bates (2023), both conditions by hand
    ("set_size", 7 / 5),  # source: Angelopoulos & Bates (2023), mean set size by hand
    ("topk@1", 3 / 5 - 1 / 5),  # source: the first of each list, by hand: a and c
]


def from_scores(notation: str, truth: Any, scores: Any, labels: tuple[str, ...]) -> float:
    metric = parse(notation)
    assert metric.bind is not None
    return value(metric.bind(labels), objects(map(str, truth)), np.array(scores, dtype=float))


@pytest.mark.parametrize(("notation", "expected"), KNOWN)
def test_top_k_of_scores_is_that_of_scikit_learn(notation: str, expected: float) -> None:
    assert from_scores(notation, TRUTH, SCORES, ("0", "1", "2")) == expected


@pytest.mark.parametrize(("notation", "expected"), BY_DEFINITION)
def test_sets_are_counted(notation: str, expected: float) -> None:
    assert value(notation, objects(CLASSES), objects(map(tuple, SETS))) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations(range(5)), min_size=1, max_size=20), st.integers(1, 5), st.data())
def test_without_ties_any_scores_rank_as_in_scikit_learn(rows: list[list[int]], k: int, data: st.DataObject) -> None:
    truth = data.draw(st.lists(st.integers(0, 4), min_size=len(rows), max_size=len(rows)))
    expected = sk.top_k_accuracy_score(truth, np.array(rows), k=k, labels=range(5)) if k < 5 else 1.0
    assert from_scores(f"topk@{k}(from=scores)", truth, rows, tuple("01234")) == pytest.approx(expected)
    ranked = objects(tuple(str(c) for c in np.argsort(row)[::-1]) for row in rows)
    assert value(f"topk@{k}", objects(map(str, truth)), ranked) == pytest.approx(expected)


def test_a_model_that_tells_no_class_from_another_finds_none() -> None:
    assert from_scores("topk@2(from=scores)", [0, 1, 2], np.ones((3, 3)), ("0", "1", "2")) == 0.0


def test_a_list_shorter_than_k_is_taken_as_it_is() -> None:
    assert value("topk@5", objects("ab"), objects([("a",), ()])) == 0.5


def test_no_row_of_a_class_or_size_is_undefined() -> None:
    for notation, why in (("set_coverage(class=x)", "no row of the class x"), ("set_coverage(size=9)", "sets of 9")):
        assert math.isnan(value(notation, objects(CLASSES), objects(map(tuple, SETS))))
        assert why in parse(notation).undefined


def test_scores_need_as_many_labels_and_every_class() -> None:
    with pytest.raises(MetricError, match="a vector has 3 scores, and 2 classes are named"):
        from_scores("topk@2(from=scores)", TRUTH, SCORES, ("0", "1"))
    with pytest.raises(MetricError, match="the class '2' is not among the labels"):
        from_scores("topk@2(from=scores)", TRUTH, SCORES, ("0", "1", "x"))


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("topk@0", "k is 1 or more"),
        ("topk@2.5", "k is a number"),
        ("topk@2(from=logits)", "from is one of ranking, scores"),
        ("set_coverage(size=many)", "size is a number of classes"),
        ("set_coverage(size=-1)", "size is a number of classes"),
    ],
)
def test_parameters_out_of_range_are_refused(notation: str, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        parse(notation)


def test_shares_are_declared_where_rows_are_0_or_1() -> None:
    shares = {n: parse(n).shares for n in ("topk@2", "set_coverage", "set_size", "set_coverage(class=a)")}
    assert shares == {"topk@2": True, "set_coverage": True, "set_size": False, "set_coverage(class=a)": False}
    assert not parse("set_size").targeted
