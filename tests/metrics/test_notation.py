"""The notation of metrics, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.records.metric import Family


def test_values_and_names() -> None:
    assert parse("recall@0.5").threshold == 0.5
    assert parse("fbeta@2").parameters["beta"] == 2.0
    assert parse("fbeta(beta=2, threshold=0.3)").threshold == 0.3
    assert parse("  f1 ( average = macro ) ").parameters["average"] == "macro"
    assert parse("recall(class=cat)").parameters["class"] == "cat"
    assert parse("ece@20").parameters["bins"] == 20
    assert parse("recall @ 0.5").label == "recall @ 0.5"


def test_a_gap_holds_its_inner_metric() -> None:
    found = parse("gap(fbeta(beta=2, threshold=0.4), by=age group)")
    assert found.family is Family.GAP
    assert found.inner is not None
    assert found.inner.parameters == {"beta": 2.0, "threshold": 0.4}
    assert found.parameters == {"of": "fbeta(beta=2, threshold=0.4)", "by": "age group"}
    assert found.direction == "lower"
    assert (found.lower, found.upper) == (0.0, 1.0)
    assert parse("gap(mcc, by=x)").upper == 2.0
    assert parse("gap(mae, by=x)").upper is None


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("", "cannot read the metric"),
        ("recall@", "cannot read"),
        ("recall@@5", "threshold is '@5'"),
        ("recall(", "cannot read"),
        ("recall)", "cannot read"),
        ("recall@0.5 x", "cannot read"),
        ("@0.5", "cannot read"),
        ("x" * 300, "cannot read"),
        ("recal", "did you mean 'recall'?"),
        ("recall(threshold=0.5, threshold=0.6)", "twice"),
        ("recall@0.5(threshold=0.6)", "twice"),
        ("recall(thresh=0.5)", "has no parameter 'thresh'"),
        ("recall@abc", "threshold is 'abc'"),
        ("recall@nan", "threshold is nan"),
        ("recall@inf", "threshold is inf"),
        ("recall(a, b)", "cannot read"),
        ("recall(0.5)", "has no parameter 'column'"),
        ("auc@0.5", "takes no @ value"),
        ("gap(recall)", "gap(metric, by=column)"),
        ("gap(by=x)", "gap(metric, by=column)"),
        ("gap(recall, by=)", "gap(metric, by=column)"),
        ("gap(recall, by=x, over=y)", "gap(metric, by=column)"),
        ("gap@2(recall, by=x)", "gap(metric, by=column)"),
        ("gap(gap(recall, by=x), by=y)", "no gap of"),
        ("gap(ece, by=x)", "no gap of"),
        ("gap(p95(ms), by=x)", "no gap of"),
        ("recall(class=)", "class is empty"),
    ],
)
def test_what_cannot_be_read_is_refused(notation: str, said: str) -> None:
    with pytest.raises(MetricError) as caught:
        parse(notation)
    assert said in caught.value.line()
    assert "\n" not in caught.value.line()


@given(st.text(alphabet="recalf1gap@().,=by 0\n\t'\"*", max_size=40), st.booleans())
def test_hostile_text_is_refused_in_one_line(notation: str, known: bool) -> None:
    with pytest.raises(MetricError) as caught:
        parse(("recall@0.5 " if known else "~") + notation + "~")
    assert len(caught.value.line().splitlines()) == 1
