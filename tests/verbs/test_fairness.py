"""Group fairness through `compare`: published and peer values, crossed columns, worst groups, differences of gaps."""

from __future__ import annotations

import numpy as np
import pytest
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_difference,
    equal_opportunity_difference,
    equalized_odds_difference,
)
from sklearn.metrics import accuracy_score, recall_score

import assay
from assay.base.errors import AssayError

# source of the table: fairlearn documentation, MetricFrame, first example
TRUE = [1, 1, 1, 1, 1, 0, 0, 1, 1, 0]
SAID = [0, 1, 1, 1, 1, 0, 0, 0, 1, 1]
SEX = ["Female"] * 5 + ["Male"] * 5


def compared(columns, metrics, **more):
    size = len(next(iter(columns.values())))
    return assay.compare(
        {"id": list(range(size)), **columns},
        on="id",
        target="y",
        baseline="a",
        candidates="b",
        metrics=metrics,
        **more,
    )


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("gap(selection_rate, by=sex)", 0.4),  # source: fairlearn documentation, MetricFrame, difference
        ("demographic_parity(by=sex)", 0.4),  # source: fairlearn documentation, MetricFrame, difference
        ("gap(accuracy, by=sex)", 0.2),  # source: fairlearn documentation, MetricFrame, difference
        ("worst(accuracy, by=sex)", 0.6),  # source: fairlearn documentation, MetricFrame, group_min
    ],
)
def test_the_example_of_fairlearns_documentation(metric, expected):
    found = compared({"y": TRUE, "a": SAID, "b": TRUE, "sex": SEX}, [metric])
    assert found[0].baseline.value == pytest.approx(expected)


def drawn(seed, size=600):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, size)
    sex, race = (np.array(v)[rng.integers(0, len(v), size)] for v in (["f", "m"], ["b", "w", "x"]))
    wrong = 0.1 + 0.15 * (sex == "f") + 0.1 * (race == "b")
    a, b = (np.where(rng.random(size) < wrong * scale, 1 - y, y) for scale in (1.0, 0.6))
    return {"y": y, "a": a, "b": b, "sex": sex, "race": race}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("name", "peer"),
    [
        # source: fairlearn 0.15, demographic_parity_difference(y, a, sensitive_features=race)
        ("demographic_parity", demographic_parity_difference),
        # source: fairlearn 0.15, equal_opportunity_difference(y, a, sensitive_features=race)
        ("equal_opportunity", equal_opportunity_difference),
        # source: fairlearn 0.15, equalized_odds_difference(y, a, sensitive_features=race)
        ("equalized_odds", equalized_odds_difference),
    ],
)
def test_named_gaps_are_fairlearns(name, peer, seed):
    table = drawn(seed)
    found = compared(table, [f"{name}(by=race)"])[0]
    first, second = (peer(table["y"], table[side], sensitive_features=table["race"]) for side in "ab")
    assert found.baseline.value == pytest.approx(first)
    assert found.candidate.value == pytest.approx(second)
    assert found.difference.value == pytest.approx(second - first)
    low, high = found.difference.interval
    assert low <= second - first <= high


def test_crossed_columns_are_intersections():
    table = drawn(5)
    found = compared(table, ["gap(recall, by=sex*race)", "worst(recall, by=sex*race)", "worst(accuracy, by=sex)"])
    crossed = [f"{s}{r}" for s, r in zip(table["sex"], table["race"], strict=True)]
    # source: fairlearn 0.15, MetricFrame(metrics=recall_score, sensitive_features=sex and race).difference()
    peer = MetricFrame(metrics=recall_score, y_true=table["y"], y_pred=table["b"], sensitive_features=crossed)
    assert found[0].candidate.value == pytest.approx(peer.difference())
    # source: fairlearn 0.15, MetricFrame(metrics=recall_score, …).group_min()
    assert found[1].candidate.value == pytest.approx(peer.group_min())
    low, high = found[1].candidate.interval
    assert low < found[1].candidate.value < high
    # source: fairlearn 0.15, MetricFrame(metrics=accuracy_score, sensitive_features=sex).group_min()
    by_sex = MetricFrame(metrics=accuracy_score, y_true=table["y"], y_pred=table["a"], sensitive_features=table["sex"])
    assert found[2].baseline.value == pytest.approx(by_sex.group_min())


def test_a_gap_of_calibration_within_groups():
    rng = np.random.default_rng(6)
    p = rng.uniform(0.05, 0.95, 2000)
    group = np.array(["a", "b"])[rng.integers(0, 2, 2000)]
    shifted = 1 / (1 + np.exp(-(np.log(p / (1 - p)) + 1.0 * (group == "b"))))
    table = {"y": (rng.random(2000) < shifted).astype(int), "a": p, "b": shifted, "group": group}
    found = compared(table, ["gap(calibration_intercept, by=group)"])[0]
    assert found.baseline.value == pytest.approx(1.0, abs=0.35)
    assert found.baseline.interval[0] > 0.5
    assert found.difference.interval[1] < 0
    assert found.difference.inside_domain


def test_units_that_span_groups_have_a_difference_of_gaps():
    table = drawn(7, 1200)
    table["user"] = np.arange(1200) % 150
    found = compared(table, ["equalized_odds(by=sex)", "worst(accuracy, by=sex)"], unit="user")
    for comparison in found:
        low, high = comparison.difference.interval
        assert low <= comparison.difference.value <= high
        assert comparison.difference.method == "extremes-difference"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"group": ["a"] * 10}, "two groups"),
        ({"group": ["a"] * 9 + ["b"]}, "no row of the positive class"),
    ],
)
def test_one_group_or_a_group_without_positives_is_undefined_and_says_so(columns, words):
    found = compared({"y": TRUE, "a": SAID, "b": TRUE, **columns}, ["equal_opportunity(by=group)"])[0]
    assert found.baseline.value is None
    assert words in found.baseline.undefined
    assert found.difference.undefined


@pytest.mark.parametrize(
    "metric",
    [
        "gap(recall, auc, by=sex)",
        "gap(recall@0.5, false_positive_rate@0.4, by=sex)",
        "gap(recall, by=sex*sex)",
        "gap(recall, by=sex*)",
        "worst(recall, precision, by=sex)",
        "worst(calibration_slope, by=sex)",
        "worst(ece, by=sex)",
        "equalized_odds",
        "equalized_odds(recall, by=sex)",
        "demographic_parity(by=)",
        "gap@0.5(recall, by=sex)",
        "gap(gap(recall, by=sex), by=race)",
    ],
)
def test_what_is_no_gap_is_refused_in_one_line(metric):
    with pytest.raises(AssayError) as caught:
        compared(drawn(8), [metric])
    assert "\n" not in str(caught.value)


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(AssayError, match="raze"):
        compared(drawn(9), ["demographic_parity(by=sex*raze)"])


def test_a_group_without_a_value_is_named() -> None:
    columns = {"y": [1, 1, 0, 1, 0, 0, 0], "a": [1, 1, 0, 0, 1, 0, 0], "b": [1, 0, 0, 1, 0, 0, 0]}
    columns |= {"sex": ["f", "f", "f", "m", "m", "x", "x"], "old": [0, 0, 0, 0, 0, 0, 1]}
    found = compared(columns, ["gap(recall, by=sex)", "worst(recall, by=sex*old)"])
    assert found[0].baseline.undefined == "group sex=x: no row of the positive class"
    assert found[1].baseline.undefined == "group sex=x, old=0: no row of the positive class"
