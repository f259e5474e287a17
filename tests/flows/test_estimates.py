"""Cells become comparisons: shared levels, and the union over extremes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.flows.estimates import Levels
from assay.records.comparison import ComparisonSet
from assay.verbs import compare
from tests.helpers.tables import binary


def run(**options: Any) -> ComparisonSet:
    data = binary(240, r=["n", "s", "w"] * 80, q=["x", "y"] * 120)
    base = {**{k: data[k] for k in ("id", "y", "r", "q")}, "p": data["a"]}
    request = compare.CompareRequest(
        files=(base, {"id": data["id"], "p": data["b"]}), on=("id",), target="y", scores=("p",), **options
    )
    return compare.run(request)


def test_the_family_is_all_slices_of_a_metric_and_candidate() -> None:
    found = run(metrics=("accuracy@0.5", "brier"), slices=("r", "q")).comparisons
    for c in found:
        expected = 0.95 if not c.slice else 1 - 0.05 / 5
        assert c.difference.decision_level == pytest.approx(expected)
        assert c.difference.level == 0.95


def test_the_deciding_interval_holds_the_shown_one() -> None:
    for c in run(metrics=("accuracy@0.5", "brier", "auc", "f1@0.5"), slices=("r",)).comparisons:
        shown, deciding = c.difference.interval, c.difference.decision_interval
        assert shown is not None
        assert deciding is not None
        assert deciding[0] <= shown[0] <= shown[1] <= deciding[1]
        if c.slice:
            assert deciding[1] - deciding[0] > shown[1] - shown[0]


def test_levels_and_seeds_are_the_callers() -> None:
    narrow = run(metrics=("brier",), level=0.8).comparisons[0].difference
    wide = run(metrics=("brier",), level=0.99).comparisons[0].difference
    assert (narrow.level, wide.level) == (0.8, 0.99)
    assert narrow.interval is not None
    assert wide.interval is not None
    assert wide.interval[0] < narrow.interval[0] < narrow.interval[1] < wide.interval[1]
    one, same, other = (run(metrics=("f1@0.5",), seed=s).comparisons[0].difference for s in (1, 1, 2))
    assert one == same
    assert one.value == other.value
    assert one.interval != other.interval
    assert one.interval == pytest.approx(other.interval, abs=0.01)


def test_a_metric_alone_is_the_metric_among_others() -> None:
    alone = run(metrics=("f1@0.5",), slices=("r",)).comparisons
    among = run(metrics=("auc", "f1@0.5", "mcc@0.5"), slices=("q", "r")).comparisons
    for c in alone:
        twin = next(x for x in among if x.metric.label == "f1@0.5" and x.slice == c.slice)
        assert twin.difference.interval == c.difference.interval


def test_comparisons_come_by_metric_then_slice() -> None:
    found = run(metrics=("brier", "auc"), slices=("q", "r")).comparisons
    assert [c.metric.label for c in found] == ["brier"] * 6 + ["auc"] * 6
    order = [tuple(c.slice.items()) for c in found[:6]]
    assert order == [(), *((("q", v),) for v in "xy"), *((("r", v),) for v in "nsw")]


def test_results_do_not_depend_on_threads() -> None:
    data = binary(300, u=[i % 50 for i in range(300)], r=["n", None, "w"] * 100)
    rng = np.random.default_rng(1)
    found = set()
    for threads in (1, 2):
        order = rng.permutation(300)
        base = {k: [data[k][i] for i in order] for k in ("id", "y", "u", "r", "a")}
        request = compare.CompareRequest(
            files=(base, {"id": data["id"], "b": data["b"]}),
            on=("id",),
            target="y",
            unit="u",
            slices=("r",),
            scores=("a", "b"),
            metrics=("auc", "f1@0.5", "brier", "r2", "p95", "ece@10", "gap(recall@0.5, by=r)"),
        )
        from assay.base.canonical import digest_json

        found.add(digest_json(compare.run(request, threads=threads).to_json()))
    assert len(found) == 1


def test_levels_have_defaults() -> None:
    assert (Levels().shown, Levels().deciding) == (0.95, 0.95)
