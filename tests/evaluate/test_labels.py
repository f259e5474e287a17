"""Classes, the positive class and thresholds: read where there is no choice, asked for where there is."""

from __future__ import annotations

from typing import Any

import pytest

from assay.base.errors import MetricError
from assay.evaluate.request import canonical
from assay.records.comparison import Comparison
from assay.verbs import compare


def value(y: list[Any], p: list[Any], metric: str, **options: Any) -> Comparison:
    table = {"id": list(range(len(y))), "y": y, "p": p}
    request = compare.CompareRequest(files=(table, table), on=("id",), target="y", metrics=(metric,), **options)
    return compare.run(request).comparisons[0]


@pytest.mark.parametrize(
    ("y", "p"),
    [
        ([0, 1, 1, 0], [0, 1, 0, 1]),
        ([0.0, 1.0, 1.0, 0.0], [0, 1, 0, 1]),
        ([False, True, True, False], [0, 1, 0, 1]),
        ([False, True, True, False], [False, True, False, True]),
        ([0, 1, 1, 0], [False, True, False, True]),
        ([0, 1, 1, 0], [0.0, 1.0, 0.0, 1.0]),
    ],
)
def test_zero_and_one_are_labels_however_they_are_written(y: list[Any], p: list[Any]) -> None:
    assert value(y, p, "recall").baseline.value == 0.5
    assert value(y, p, "confusion@fp").baseline.value == 0.25


@pytest.mark.parametrize("positive", [0, "0", False, "false"])
def test_the_positive_class_can_be_the_other_one(positive: Any) -> None:
    y, p = [False, True, True, False, False], [False, True, False, True, False]
    assert value(y, p, "recall", positive=positive).baseline.value == pytest.approx(2 / 3)
    assert value(y, p, "specificity", positive=positive).baseline.value == 0.5


@pytest.mark.parametrize("labels", [(0, 1, 2), ("0", "1", "2"), ("2.0", 1, 0)])
def test_labels_that_the_target_does_not_show(labels: tuple[Any, ...]) -> None:
    y, p = [0, 1, 1, 0], [0, 2, 1, 2]
    with pytest.raises(MetricError, match="an unknown label is held by 2 predictions, such as 2"):
        value(y, p, "accuracy")
    assert value(y, p, "accuracy", labels=labels).baseline.value == 0.5


def test_labels_of_text_stay_text() -> None:
    y, p = ["1", "b", "b", "1"], ["1", "b", "c", "1"]
    assert value(y, p, "accuracy", labels=("1", "b", "c")).baseline.value == 0.75


def test_a_threshold_does_not_touch_labels_and_needs_two_classes() -> None:
    assert value([0, 1, 1, 0], [0, 1, 0, 1], "recall", threshold=0.9).baseline.value == 0.5
    assert value([0, 1, 1, 0], [0.2, 0.9, 0.5, 0.95], "recall", threshold=0.9).baseline.value == 0.5
    with pytest.raises(MetricError, match="a threshold makes two classes"):
        value([0, 1, 2, 0], [0.2, 0.9, 0.5, 0.95], "accuracy", threshold=0.5, positive=1)


def test_many_classes_are_refused_where_the_whole_table_is_needed() -> None:
    y = list(range(150)) * 2
    assert value(y, y, "accuracy").baseline.value == 1.0
    assert value(y, y, "recall(class=7)").baseline.value == 1.0
    with pytest.raises(MetricError, match="over 150 classes"):
        value(y, y, "mcc")


def test_more_than_a_thousand_values_are_not_classes() -> None:
    y = list(range(1200))
    with pytest.raises(MetricError, match="more than 1000 of them"):
        value(y, y, "accuracy")


@pytest.mark.parametrize("metric", ["auc", "brier", "rmse", "ece"])
def test_text_is_no_score(metric: str) -> None:
    with pytest.raises(MetricError, match=r"needs numbers and the predictions are text"):
        value([0, 1, 0, 1], ["a", "b", "a", "b"], metric)


def test_text_is_no_target_of_numbers() -> None:
    with pytest.raises(MetricError, match="rmse needs a target of numbers and the target is text"):
        value(["a", "b"], [1.0, 2.0], "rmse")


@pytest.mark.parametrize("metric", ["mse", "rmse", "mae", "r2"])
def test_a_score_too_large_to_square_is_refused(metric: str) -> None:
    with pytest.raises(MetricError, match="in a row; a score of a row is at most"):
        value([1.0, 2.0, 3.5], [1e200, 2.0, 3.0], metric)


def test_mape_is_undefined_where_the_target_is_zero() -> None:
    found = value([0.0, 2.0, 4.5], [1.0, 2.0, 3.0], "mape")
    assert found.baseline.value is None
    assert found.baseline.undefined.startswith("the target is 0 in some rows")


def test_bounds_of_a_gap_are_refused() -> None:
    table = {"id": [1, 2, 3], "y": [0, 1, 1], "p": [0, 1, None], "r": ["a", "b", "a"]}
    request = compare.CompareRequest(
        files=(table, table),
        on=("id",),
        target="y",
        metrics=("gap(accuracy, by=r)",),
        scores=("p",),
        missing="bounds",
    )
    with pytest.raises(MetricError, match="has no bounds for missing rows"):
        compare.run(request)


def test_labels_that_mean_the_same_are_the_same() -> None:
    assert [canonical(v) for v in (True, 1, 1.0, "1", 1.5, None)] == [1, 1, 1, "1", 1.5, None]
    assert type(canonical(True)) is int


def test_one_class_with_a_threshold_is_told_or_undefined() -> None:
    found = value([1, 1, 1], [0.2, 0.7, 0.9], "false_positive_rate@0.5", positive=1)
    assert found.baseline.undefined == "no row of the negative class"
    with pytest.raises(MetricError, match="one class only, cat"):
        value(["cat"] * 3, [0.2, 0.7, 0.9], "recall@0.5", positive="cat")
