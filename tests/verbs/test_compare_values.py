"""The verb `compare`: values and intervals against independent computations; slices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sk

from assay.base.errors import MetricError
from tests.helpers.tables import binary
from tests.verbs.runs import run, split, whole

# --- values ------------------------------------------------------------------


def test_values_are_those_of_scikit_learn() -> None:
    data = binary(300)
    y, b = np.array(data["y"]), np.array(data["b"])
    expected = {
        "auc": sk.roc_auc_score(y, b),
        "log_loss": sk.log_loss(y, b),
        "brier": sk.brier_score_loss(y, b),
        "accuracy@0.4": sk.accuracy_score(y, b >= 0.4),
        "f1@0.4": sk.f1_score(y, b >= 0.4),
        "fbeta(beta=2, threshold=0.4)": sk.fbeta_score(y, b >= 0.4, beta=2),
        "mcc@0.4": sk.matthews_corrcoef(y, b >= 0.4),
        "kappa@0.4": sk.cohen_kappa_score(y, b >= 0.4),
        "balanced_accuracy@0.4": sk.balanced_accuracy_score(y, b >= 0.4),
        "rmse": sk.root_mean_squared_error(y, b),
        "mae": sk.mean_absolute_error(y, b),
        "r2": sk.r2_score(y, b),
    }
    for found in run(*split(data), metrics=tuple(expected)).comparisons:
        assert found.candidate.value == pytest.approx(expected[found.metric.label], rel=1e-10), found.metric.label


def test_a_score_at_the_threshold_is_positive() -> None:
    base = {"id": [1, 2, 3, 4], "y": [1, 1, 0, 0], "p": [0.5, 0.4999, 0.5, 0.1]}
    found = whole(base, base, metrics=("confusion(cell=tp, threshold=0.5)",))
    assert found.baseline.value == 0.25
    assert whole(base, base, metrics=("confusion(cell=fp, threshold=0.5)",)).baseline.value == 0.25


def test_auc_takes_any_score_and_text_classes() -> None:
    data = binary(100)
    scaled = {**data, "y": ["bad" if v else "good" for v in data["y"]]}
    scaled |= {"a": [1000 * v - 3 for v in data["a"]], "b": [math.exp(3 * v) for v in data["b"]]}
    found = whole(*split(scaled), metrics=("auc",), positive="bad")
    expected = whole(*split(data), metrics=("auc",))
    assert found.difference.value == expected.difference.value
    assert found.difference.interval == pytest.approx(expected.difference.interval)
    flipped = whole(*split(scaled), metrics=("auc",), positive="good")
    assert flipped.candidate.value == pytest.approx(1 - expected.candidate.value)  # type: ignore[operator]


@pytest.mark.parametrize("labels", [[0, 1, 2], ["cat", "dog", "eel"]])
def test_many_classes(labels: list[Any]) -> None:
    rng = np.random.default_rng(5)
    y, a = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    b = np.where(rng.uniform(size=200) < 0.5, y, a)
    data = {"id": list(range(200)), **{k: [labels[i] for i in v] for k, v in (("y", y), ("a", a), ("b", b))}}
    second = str(labels[1])
    expected = {
        "accuracy": sk.accuracy_score(y, b),
        "f1(average=macro)": sk.f1_score(y, b, average="macro"),
        "f1(average=micro)": sk.f1_score(y, b, average="micro"),
        "mcc": sk.matthews_corrcoef(y, b),
        "kappa": sk.cohen_kappa_score(y, b),
        "balanced_accuracy": sk.balanced_accuracy_score(y, b),
        f"recall(class={second})": sk.recall_score(y, b, average=None)[1],
        f"precision(class={second})": sk.precision_score(y, b, average=None)[1],
        f"f1(class={second})": sk.f1_score(y, b, average=None)[1],
    }
    for found in run(*split(data), metrics=tuple(expected)).comparisons:
        assert found.candidate.value == pytest.approx(expected[found.metric.label], rel=1e-12), found.metric.label
    with pytest.raises(MetricError, match="needs a positive class"):
        run(*split(data), metrics=("recall",))


def test_the_t_interval_of_a_mean_is_that_of_scipy() -> None:
    data = binary(50)
    loss = [(np.array(data[k]) - np.array(data["y"])) ** 2 for k in "ab"]
    found = whole(*split(data), metrics=("brier",)).difference
    difference = loss[1] - loss[0]
    expected = stats.ttest_1samp(difference, 0)
    assert found.method == "t"
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.interval == pytest.approx(expected.confidence_interval(0.95), rel=1e-9)


def test_a_measured_column_of_its_own() -> None:
    data = binary(60)
    base, cand = split(data)
    base, cand = {**base, "ms": list(range(60))}, {**cand, "ms": [i * 2 for i in range(60)]}
    mean, p95, accuracy = run(base, cand, metrics=("mean(ms)", "quantile@0.95(ms)", "accuracy@0.5")).comparisons
    assert (mean.baseline.value, mean.candidate.value) == (29.5, 59.0)
    assert p95.baseline.value == sorted(base["ms"])[math.ceil(0.95 * 60) - 1] == 56
    assert p95.candidate.value == 112
    assert accuracy.metric.name == "accuracy"
    alone = whole(base, cand, target="", metrics=("mean(ms)",), scores=("p",))
    assert alone.difference.value == mean.difference.value


def test_the_calibration_error_is_descriptive() -> None:
    found = whole(*split(binary(200)), metrics=("ece@10",))
    assert found.candidate.value is not None
    assert found.difference.interval is None
    assert found.difference.method == "descriptive"


def test_a_gap_is_the_largest_difference_between_groups() -> None:
    data = binary(300, region=["n", "s", "w"] * 100)
    found = whole(*split(data), metrics=("gap(recall@0.5, by=region)",))
    recalls = []
    for r in "nsw":
        rows = [(y, b >= 0.5) for y, b, g in zip(data["y"], data["b"], data["region"], strict=True) if g == r]
        recalls.append(sk.recall_score([y for y, _ in rows], [b for _, b in rows]))
    assert found.candidate.value == pytest.approx(max(recalls) - min(recalls))
    assert found.candidate.interval is not None
    assert found.metric.to_json()["parameters"] == {"of": "recall@0.5", "by": "region"}


# --- slices ------------------------------------------------------------------


def test_each_slice_is_what_it_would_be_alone() -> None:
    data = binary(200, region=["n", "s", None, "w"] * 50)
    metrics = ("auc", "accuracy@0.5", "brier", "rmse")
    for found in run(*split(data), metrics=metrics, slices=("region",)).comparisons:
        if not found.slice:
            continue
        kept = [i for i, r in enumerate(data["region"]) if r == found.slice["region"]]
        part = {k: [v[i] for i in kept] for k, v in data.items()}
        alone = whole(*split(part), metrics=(found.metric.label,), scores=("p",))
        assert found.alignment.rows == len(kept) == 50
        assert found.difference.value == pytest.approx(alone.difference.value, rel=1e-9)
        assert found.difference.interval == pytest.approx(alone.difference.interval, rel=1e-9)


@pytest.mark.parametrize("values", [[1, None], [True, False, None], [1.5, math.nan], ["a", None], [2**62, None]])
def test_a_missing_slice_value_is_null(values: list[Any]) -> None:
    n = 20 * len(values)
    data = binary(n, s=values * 20)
    found = run(*split(data), metrics=("auc", "accuracy@0.5", "brier"), slices=("s",)).comparisons
    known = sorted(v for v in values if v is not None and v == v)
    for metric in ("auc", "accuracy@0.5", "brier"):
        assert [c.slice["s"] for c in found if c.slice and c.metric.label == metric] == [*known, None]


def test_slices_decide_at_a_shared_level() -> None:
    data = binary(200, region=["n", "s", "w", "e"] * 50)
    found = run(*split(data), metrics=("brier",), slices=("region",)).comparisons
    assert found[0].difference.decision_interval == found[0].difference.interval
    for sliced in found[1:]:
        assert sliced.difference.decision_level == pytest.approx(1 - 0.05 / 4)
        shown, deciding = sliced.difference.interval, sliced.difference.decision_interval
        assert shown is not None
        assert deciding is not None
        centre, wide = sliced.difference.value, stats.t.ppf(1 - 0.05 / 8, 49) / stats.t.ppf(0.975, 49)
        assert deciding[0] == pytest.approx(centre + (shown[0] - centre) * wide, rel=1e-9)  # type: ignore[operator]


def test_a_slice_by_the_unit_the_target_and_the_key_can_be_asked_for() -> None:
    data = binary(60, u=[i // 6 for i in range(60)])
    found = run(*split(data), metrics=("accuracy@0.5",), unit="u", slices=("u", "y")).comparisons
    assert [c.slice for c in found if "y" in c.slice] == [{"y": 0}, {"y": 1}]
    assert [c.slice["u"] for c in found if "u" in c.slice] == list(range(10))


def test_numbers_so_small_that_their_squares_vanish_are_refused_and_probabilities_are_not() -> None:
    y = np.random.default_rng(0).normal(10, 3, 50)
    small = {"id": range(50), "y": y * 1e-150, "a": y * 1.1e-150, "b": y * 1.2e-150}
    wide = {"baseline": "a", "candidates": ("b",)}
    with pytest.raises(MetricError, match="variance of small scores"):
        run(small, metrics=("rmse",), **wide)
    sure = np.where(y > 10, 1.0, 1e-90)
    perfect = {"id": range(50), "y": (y > 10).astype(int), "a": sure, "b": sure}
    assert whole(perfect, metrics=("brier",), **wide).candidate.value == pytest.approx(0.0, abs=1e-100)
