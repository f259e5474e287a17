"""The verb `compare`: missing rows, units, seeds and repeats by hand."""

from __future__ import annotations

import math
import statistics
from typing import Any

import numpy as np
import pytest
from scipy import stats

from assay.base.errors import AlignmentError, MetricError
from tests.helpers.tables import Columns, binary
from tests.verbs.runs import run, split, whole

# --- missing rows ------------------------------------------------------------

SMALL: Columns = {"id": [1, 2, 3, 4, 5, 6], "y": [1, 1, 1, 0, 0, 0], "p": [1, 1, 0, 0, 0, 1]}  # accuracy 4/6
HOLES: Columns = {"id": [1, 2, 3, 4, 5], "y": [1, 1, 1, 0, 0], "p": [1, None, 1, 0, 1]}  # 6 is missing, 2 unscored


def test_refuse_is_the_default() -> None:
    said = "candidate1 lacks 1 row that baseline has, a prediction is empty or NaN in 1 row"
    with pytest.raises(AlignmentError, match=said):
        run(SMALL, HOLES, metrics=("accuracy",))


def test_exclude_leaves_rows_out_for_both() -> None:
    found = whole(SMALL, HOLES, metrics=("accuracy",), missing="exclude")
    # rows 1, 3, 4, 5: baseline right on 1, 4, 5; candidate right on 1, 3, 4
    assert (found.baseline.value, found.candidate.value) == (0.75, 0.75)
    counts = found.alignment
    assert (counts.rows, counts.dropped, counts.unscored, counts.imputed) == (4, 2, 1, 0)
    assert (counts.missing_in_candidate, counts.missing_in_baseline) == (1, 0)


def test_failure_counts_a_missing_prediction_as_wrong() -> None:
    found = whole(SMALL, HOLES, metrics=("accuracy",), missing="failure")
    assert (found.baseline.value, found.candidate.value) == (pytest.approx(4 / 6), 3 / 6)
    assert (found.alignment.rows, found.alignment.dropped, found.alignment.imputed) == (6, 0, 2)
    recall = whole(SMALL, HOLES, metrics=("recall",), missing="failure")
    assert recall.candidate.value == pytest.approx(2 / 3)
    brier = whole(SMALL, HOLES, metrics=("brier",), missing="failure")
    assert (brier.baseline.value, brier.candidate.value) == (pytest.approx(2 / 6), pytest.approx(3 / 6))


def test_failure_is_symmetric() -> None:
    found = whole(HOLES, SMALL, metrics=("accuracy",), missing="failure")
    assert (found.baseline.value, found.candidate.value) == (3 / 6, pytest.approx(4 / 6))
    assert found.alignment.missing_in_baseline == 1


def test_bounds_span_the_best_and_the_worst() -> None:
    found = whole(SMALL, HOLES, metrics=("accuracy",), missing="bounds")
    # the candidate's two missing rows are both wrong (3/6) or both right (5/6); the baseline is complete
    assert found.candidate.diagnostics["bounds"] == (pytest.approx(3 / 6), pytest.approx(5 / 6))
    assert found.difference.diagnostics["bounds"] == (pytest.approx(-1 / 6), pytest.approx(1 / 6))
    failure = whole(SMALL, HOLES, metrics=("accuracy",), missing="failure")
    assert found.difference.interval is not None
    assert failure.difference.interval is not None
    assert found.difference.interval[0] == pytest.approx(failure.difference.interval[0])
    assert found.difference.interval[1] > failure.difference.interval[1]


def test_bounds_of_a_mean_with_a_range() -> None:
    found = whole(SMALL, HOLES, metrics=("brier",), missing="bounds")
    assert found.candidate.diagnostics["bounds"] == (pytest.approx(1 / 6), pytest.approx(3 / 6))


@pytest.mark.parametrize("metric", ["rmse", "mae", "log_loss", "auc", "ece"])
@pytest.mark.parametrize("policy", ["failure", "bounds"])
def test_a_metric_without_a_worst_value_refuses_the_policy(metric: str, policy: str) -> None:
    with pytest.raises(MetricError, match="has no worst value"):
        run(SMALL, HOLES, metrics=(metric,), missing=policy)


def test_rows_without_a_target_can_be_left_out() -> None:
    base = {**SMALL, "y": [1, None, 1, 0, 0, 0]}
    with pytest.raises(AlignmentError, match="the target 'y' is empty in 1 row, first at id=2"):
        run(base, base, metrics=("accuracy",))
    found = whole(base, base, metrics=("accuracy",), missing="exclude")
    assert (found.alignment.rows, found.alignment.dropped) == (5, 1)
    assert found.baseline.value == pytest.approx(3 / 5)
    with pytest.raises(AlignmentError, match="no scored row in common"):
        run(
            {**SMALL, "y": [None] * 6},
            {**SMALL, "y": [None] * 6},
            metrics=("accuracy",),
            missing="exclude",
            labels=(0, 1),
        )


# --- units, seeds, repeats ---------------------------------------------------


def clustered(units: int, size: int, seed: int = 3) -> Columns:
    rng = np.random.default_rng(seed)
    u = np.repeat(np.arange(units), size)
    y = rng.integers(0, 2, units * size)
    shift = np.repeat(rng.normal(0, 0.1, units), size)
    scores = [np.clip(0.5 + w * (2 * y - 1) + shift + rng.normal(0, 0.2, len(u)), 0, 1) for w in (0.1, 0.2)]
    named = {"a": scores[0].round(3).tolist(), "b": scores[1].round(3).tolist()}
    return {"id": list(range(len(u))), "u": [f"u{i}" for i in u], "y": y.tolist(), **named}


def jackknife(values: np.ndarray[Any, Any], n: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Delete-one-group estimate of a ratio of sums and its standard error, written out."""
    left = np.array([(values.sum() - v) / (n.sum() - m) for v, m in zip(values, n, strict=True)])
    groups = len(left)
    return values.sum() / n.sum(), math.sqrt((groups - 1) / groups * np.sum((left - left.mean()) ** 2))


def test_units_are_what_is_left_out() -> None:
    data = clustered(40, 5)
    found = whole(*split(data), metrics=("brier",), unit="u")
    loss = (np.array(data["b"]) - data["y"]) ** 2 - (np.array(data["a"]) - data["y"]) ** 2
    value, se = jackknife(loss.reshape(40, 5).sum(1), np.full(40, 5.0))
    t = stats.t.ppf(0.975, 39)
    assert (found.alignment.rows, found.alignment.units, found.alignment.effective_units) == (200, 40, 40.0)
    assert found.difference.value == pytest.approx(value, rel=1e-9)
    assert found.difference.interval == pytest.approx((value - t * se, value + t * se), rel=1e-6)


def test_a_unit_of_one_row_is_a_row() -> None:
    data = binary(60)
    alone = whole(*split({**data, "u": [f"x{i}" for i in range(60)]}), metrics=("brier",), unit="u")
    assert alone.difference == whole(*split(data), metrics=("brier",)).difference


def test_more_than_1024_units_fall_into_buckets_and_are_still_counted() -> None:
    data = clustered(1500, 2)
    data = {**data, "r": ["n" if int(v[1:]) % 3 else "s" for v in data["u"]]}
    found = run(*split(data), metrics=("accuracy@0.5", "brier", "auc"), unit="u", slices=("r",)).comparisons
    assert len(found) == 9
    for c in found:
        expected = {(): 1500, ("n",): 1000, ("s",): 500}[tuple(c.slice.values())]
        assert (c.alignment.rows, c.alignment.units) == (2 * expected, expected), c.metric.label
    few = clustered(1000, 2)
    rows = whole(*split(data), metrics=("brier",), scores=("p",))
    bucketed = next(c for c in found if c.metric.label == "brier" and not c.slice)
    assert bucketed.difference.value == pytest.approx(rows.difference.value, rel=1e-12)
    assert whole(*split(few), metrics=("brier",), unit="u").difference.diagnostics["groups"] == 1000


def seeded(n: int, seeds: int, first: int, column: str, data: Columns) -> Columns:
    rng = np.random.default_rng(first)
    rows = [(i, s) for s in range(first, first + seeds) for i in range(n)]
    p = [float(np.clip(data[column][i] + rng.normal(0, 0.05), 0, 1).round(4)) for i, _ in rows]
    return {"id": [i for i, _ in rows], "s": [s for _, s in rows], "y": [data["y"][i] for i, _ in rows], "p": p}


def test_the_record_says_how_many_seeds_each_model_has() -> None:
    data = binary(80)
    tables = seeded(80, 3, 0, "a", data), seeded(80, 5, 10, "b", data)
    made = run(*tables, metrics=("brier",), seed_column="s")
    assert made.notes["seeds"] == made.to_json()["seeds"] == {"baseline": 3, "candidate1": 5}
    assert run(*split(data), metrics=("brier",)).to_json()["seeds"] == {}


def test_seeds_are_averaged_row_by_row_and_their_spread_counts() -> None:
    data = binary(80)
    base, cand = seeded(80, 3, 0, "a", data), seeded(80, 5, 10, "b", data)
    found = whole(base, cand, metrics=("brier",), seed_column="s")
    losses = []
    for table in (base, cand):
        per_seed: dict[int, list[float]] = {}
        for s, y, p in zip(table["s"], table["y"], table["p"], strict=True):
            per_seed.setdefault(s, []).append((p - y) ** 2)
        losses.append(np.array(list(per_seed.values())))
    d = losses[1].mean(0) - losses[0].mean(0)
    v_unit = np.var(d, ddof=1) / 80
    parts = [(np.var(x.mean(1), ddof=1) / len(x), len(x) - 1) for x in losses]
    total = v_unit + sum(v for v, _ in parts)
    df = total**2 / (v_unit**2 / 79 + sum(v**2 / k for v, k in parts))
    half = stats.t.ppf(0.975, df) * math.sqrt(total)
    assert found.difference.method == "seeds-satterthwaite"
    assert found.difference.value == pytest.approx(d.mean(), rel=1e-9)
    assert found.difference.interval == pytest.approx((d.mean() - half, d.mean() + half), rel=1e-6)
    assert (found.alignment.rows, found.alignment.units) == (80, 80)


def test_a_claim_about_the_models_takes_the_seeds_as_they_are() -> None:
    data = binary(80)
    tables = seeded(80, 3, 0, "a", data), seeded(80, 3, 10, "b", data)
    model = whole(*tables, metrics=("brier",), seed_column="s", about="model").difference
    method = whole(*tables, metrics=("brier",), seed_column="s").difference
    assert model.value == pytest.approx(method.value)
    assert model.method == "jackknife"
    assert model.interval is not None
    assert method.interval is not None
    assert model.interval[1] - model.interval[0] < method.interval[1] - method.interval[0]


def test_a_seed_that_lacks_rows_is_refused() -> None:
    data = binary(30)
    base, cand = seeded(30, 3, 0, "a", data), seeded(30, 3, 10, "b", data)
    short = {k: v[:-1] for k, v in cand.items()}
    with pytest.raises(AlignmentError, match="a prediction is empty or NaN in 1 row"):
        run(base, short, metrics=("brier",), seed_column="s")
    changed = {**cand, "y": [1 - cand["y"][0], *cand["y"][1:]]}
    with pytest.raises(AlignmentError, match="first at id=0"):
        run(base, changed, metrics=("brier",), seed_column="s")
    twice = {**cand, "s": [10] * len(cand["s"])}
    with pytest.raises(AlignmentError, match="a key is repeated in"):
        run(base, twice, metrics=("brier",), seed_column="s")


@pytest.mark.parametrize("metric", ["accuracy@0.5", "log_loss"])
def test_a_key_repeated_in_the_only_file_is_refused(metric: str) -> None:
    data = binary(30)
    twice = {**data, "id": [*data["id"][:-1], data["id"][0]]}
    with pytest.raises(AlignmentError, match=r"a key is repeated in 1 row, first id=0"):
        run(twice, baseline="a", candidates=("b",), metrics=(metric,))


def test_a_repeated_key_is_named_before_what_may_follow_from_it() -> None:
    data = binary(30)
    twice = {**data, "id": [*data["id"][:-1], data["id"][0]], "y": [*data["y"][:-1], 7]}
    with pytest.raises(AlignmentError, match="a key is repeated in"):
        run(twice, baseline="a", candidates=("b",), metrics=("accuracy@0.5",))


def test_repeats_are_rows_of_one_unit() -> None:
    data = binary(30)
    tables = []
    for column in "ab":
        rows = [(i, k) for i in range(30) for k in range(4)]
        p = [min(1.0, data[column][i] + 0.01 * k) for i, k in rows]
        keys = {"id": [i for i, _ in rows], "k": [k for _, k in rows], "y": [data["y"][i] for i, _ in rows]}
        tables.append({**keys, "p": p})
    found = whole(*tables, metrics=("brier", "auc", "accuracy@0.5"), repeat_column="k")
    assert (found.alignment.rows, found.alignment.units, found.alignment.effective_units) == (120, 30, 30.0)
    assert found.difference.method == "jackknife"
    with pytest.raises(AlignmentError, match="a key is repeated in"):
        run(*tables, metrics=("brier",))


def test_a_row_of_each_model_is_enough_for_values_and_too_little_for_a_verdict() -> None:
    one = {"id": [1], "y": [1], "p": [0.8]}
    found = run(one, one, metrics=("accuracy@0.5", "brier", "auc", "f1@0.5", "rmse", "ece", "log_loss", "mcc@0.5"))
    for c in found.comparisons:
        assert not c.difference.inside_domain, c.metric.label
        assert c.baseline.value is None or math.isfinite(c.baseline.value)
    assert statistics.fmean([c.alignment.rows for c in found.comparisons]) == 1


def test_a_quantile_of_hardly_any_units_is_compared_without_a_crash() -> None:
    base = {"id": [0, 1, 2, 3, 4], "u": [0, 0, 1, 1, 1], "y": [0, 1, 0, 1, 1], "p": [0.5] * 5}
    found = run(base, base, metrics=("p95",), unit="u", scores=("p",), slices=("y",)).comparisons
    assert [c.baseline.value for c in found] == [0.5] * 3
