"""Examples won and lost: of the rows that the metric reads, right or wrong as it reads them, furthest apart first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assay.engine import DuckEngine
from assay.evaluate.flips import Flips, flips, reads
from assay.evaluate.labels import classes
from assay.evaluate.request import Material, Pair, Reading, Side
from assay.metrics import parse

Values = Sequence[Any]


def found(metric: str, y: Values, base: Values, cand: Values, missing: Any = "refuse", positive: Any = None) -> Flips:
    with DuckEngine(1) as engine:
        columns = {"k0": list(range(len(y))), "y": list(y), "a0": list(base), "b0": list(cand)}
        table = engine.register(columns, "t")
        material = Material(engine, table, (), len(y), float(len(y)), False, 0, missing, ((),))
        pair = Pair(Side("base", {"": ("a0",)}), Side("cand", {"": ("b0",)}))
        reading = Reading(positive=positive)
        return flips(material, pair, parse(metric), -1, reading, classes(material, reading), {"k0": "id"})


def ids(rows: Sequence[Any]) -> list[int]:
    return [row.key["id"] for row in rows]


Y = [1, 1, 1, 0, 0, 0]
BASE = [0.2, 0.4, 0.9, 0.6, 0.1, 0.2]
CAND = [0.6, 0.9, 0.1, 0.1, 0.9, 0.7]


@pytest.mark.parametrize(
    ("metric", "won", "lost", "rows"),
    [
        ("recall@0.5", [1, 0], [2], "positive"),
        ("false_negative_rate@0.5", [1, 0], [2], "positive"),
        ("specificity@0.5", [3], [4, 5], "negative"),
        ("accuracy@0.5", [1, 3, 0], [2, 4, 5], "all"),
        ("precision@0.5", [1, 3, 0], [2, 4, 5], "all"),
    ],
)
def test_only_rows_that_the_metric_reads_are_won_or_lost(
    metric: str, won: list[int], lost: list[int], rows: str
) -> None:
    shown = found(metric, Y, BASE, CAND)
    assert (ids(shown.won), ids(shown.lost)) == (won, lost)
    assert shown.notes == {"won": len(won), "lost": len(lost), "by": metric, "reads": rows}


def test_labels_come_in_the_order_of_their_keys() -> None:
    shown = found("recall", Y, [0, 0, 1, 1, 0, 0], [1, 1, 0, 0, 1, 1])
    assert (ids(shown.won), ids(shown.lost)) == ([0, 1], [2])


def test_one_class_of_many_is_told_from_all_others() -> None:
    # Row 2 goes from one wrong class to the right one, neither of them `a`: it says nothing of that class.
    y, base, cand = ["a", "b", "c", "b"], ["b", "a", "b", "b"], ["a", "c", "c", "a"]
    shown = found("precision(class=a)", y, base, cand)
    assert (ids(shown.won), ids(shown.lost)) == ([0, 1], [3])
    assert (ids(found("recall(class=a)", y, base, cand).won)) == [0]
    assert ids(found("accuracy", y, base, cand).won) == [0, 2]


def test_true_and_one_point_zero_are_the_positive_class_too() -> None:
    truth = [bool(v) for v in Y]
    assert ids(found("recall@0.5", truth, BASE, CAND).won) == [1, 0]
    assert ids(found("recall@0.5", [float(v) for v in Y], BASE, CAND).won) == [1, 0]


def test_a_row_without_a_prediction_is_wrong_where_the_policy_says_so() -> None:
    gone = [None, *CAND[1:]]
    assert ids(found("recall@0.5", Y, [0.9, *BASE[1:]], gone, "failure").lost) == [2, 0]
    assert ids(found("recall@0.5", Y, [0.9, *BASE[1:]], gone, "bounds").lost) == [2]


def test_a_metric_of_all_classes_reads_all_rows() -> None:
    assert [reads(parse(m)) for m in ("recall", "specificity", "mcc", "recall(average=macro)")] == [
        True,
        False,
        None,
        None,
    ]
