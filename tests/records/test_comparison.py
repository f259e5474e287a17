"""The record of a comparison, and what of it is shown."""

from __future__ import annotations

import dataclasses

import pytest

from assay.base.canonical import plain
from assay.metrics import parse
from assay.records.comparison import Alignment, Comparison, ComparisonSet, InputFile
from assay.records.estimate import Estimate

ESTIMATE = Estimate(0.5, (0.4, 0.6), 0.95, "t", decision_interval=(0.3, 0.7), p_value=0.04)


def comparison() -> Comparison:
    whole = Alignment(10, 5, 4.5)
    return Comparison(parse("fbeta@2"), {"region": "n"}, "a", "b", whole, ESTIMATE, ESTIMATE, ESTIMATE)


def test_a_comparison_is_shown_as_the_interface_says() -> None:
    found = plain(comparison().to_json())
    assert found["metric"] == {"name": "fbeta", "parameters": {"beta": 2.0}, "direction": "higher"}
    assert found["slice"] == {"region": "n"}
    assert found["alignment"]["effective_units"] == 4.5
    assert found["baseline"] == {
        "value": 0.5,
        "interval": [0.4, 0.6],
        "level": 0.95,
        "method": "t",
        "undefined": None,
    }
    assert found["difference"]["decision_interval"] == [0.3, 0.7]
    assert found["difference"]["p_value"] == 0.04


def test_a_set_is_shown_with_its_inputs_and_warnings() -> None:
    found = ComparisonSet("0.1.0", 7, (InputFile("a.csv", "sha256:0", 3),), (comparison(),), ("careful",)).to_json()
    assert (found["assay"], found["schema"], found["seed"]) == ("0.1.0", 1, 7)
    assert plain(found["inputs"]) == [{"name": "a.csv", "digest": "sha256:0", "rows": 3}]
    assert found["warnings"] == ["careful"]


def test_records_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        comparison().baseline_name = "x"  # type: ignore[misc]


def test_a_metric_knows_its_sign_and_what_it_reads() -> None:
    gap = parse("gap(recall@0.3, by=region)")
    assert (gap.sign, gap.threshold, gap.read_column, gap.needs_positive) == (-1.0, 0.3, "", True)
    assert parse("mcc").needs_positive is False
    assert parse("mean(ms)").read_column == "ms"
