"""Metrics in a few lines, through the same door as the built-in ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from assay.base.errors import MetricError
from assay.metrics import METRICS, count_metric, metric, parse
from assay.records.metric import Array, Family


@pytest.fixture(autouse=True)
def _registry_as_before() -> Iterator[None]:
    before = dict(METRICS._items)
    yield
    METRICS._items.clear()
    METRICS._items.update(before)


def test_a_function_of_rows_becomes_a_mean() -> None:
    @metric(direction="lower", reads="probability", lower=0.0, upper=5.0, unit="EUR")
    def missed_cost(target: Array, prediction: Array) -> Array:
        """Cost of a missed positive row."""
        return np.asarray(5.0 * target * (1 - prediction))

    found = parse("missed_cost")
    assert found.family is Family.MEAN
    assert (found.unit, found.summary, found.direction) == ("EUR", "Cost of a missed positive row.", "lower")
    assert found.scorer is not None
    assert found.scorer(np.array([1.0, 0.0]), np.array([0.8, 0.3]), 0.0)[0] == pytest.approx([1.0, 0.0])
    assert missed_cost(np.array([1.0]), np.array([0.0]))[0] == 5.0


def test_a_function_of_counts_takes_a_threshold_and_a_class() -> None:
    @count_metric(direction="higher")
    def jaccard(tn: Array, fp: Array, fn: Array, tp: Array) -> Array:
        """Overlap of the positive rows and those predicted so."""
        return np.asarray(tp / (tp + fp + fn))

    found = parse("jaccard@0.4")
    assert found.threshold == 0.4
    assert found.value is not None
    assert float(found.value(np.array([[5, 1], [2, 3]]))) == 0.5
    assert parse("jaccard(class=cat)").parameters["class"] == "cat"


def test_an_undefined_count_metric_warns_nobody() -> None:
    @count_metric(direction="higher")
    def share(tn: Array, fp: Array, fn: Array, tp: Array) -> Array:
        return np.asarray(tp / (tp + fp))

    found = parse("share")
    assert found.value is not None
    assert np.isnan(float(found.value(np.array([[5, 0], [2, 0]]))))


def test_a_name_is_taken_once() -> None:
    with pytest.raises(MetricError, match="registered twice"):

        @metric(direction="higher")
        def accuracy(target: Array, prediction: Array) -> Array:
            return prediction


def test_a_metric_returns_one_number_a_row() -> None:
    @metric(direction="higher")
    def short(target: Array, prediction: Array) -> float:
        return 1.0

    found = parse("short")
    assert found.scorer is not None
    with pytest.raises(MetricError, match="one number a row"):
        found.scorer(np.zeros(3), np.zeros(3), 0.0)


def test_a_metric_that_writes_into_its_arguments_spoils_nobody_else() -> None:
    @metric(direction="higher")
    def rude(target: Array, prediction: Array) -> Array:
        prediction[:] = 0.0
        return prediction

    found, given = parse("rude"), np.ones(3)
    assert found.scorer is not None
    assert found.scorer(np.zeros(3), given, 0.0)[0].tolist() == [0.0, 0.0, 0.0]
    assert given.tolist() == [1.0, 1.0, 1.0]
