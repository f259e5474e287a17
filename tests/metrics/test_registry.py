"""Every metric is declared in full; families share laws."""

from __future__ import annotations

import numpy as np
import pytest

from assay.metrics import METRICS, parse
from assay.metrics.registry import Definition
from assay.records.metric import VALUES, Array, Family, Metric
from tests.metrics.rows import objects

DEFINITIONS = dict(METRICS)
BUILT = {name: parse(d.example) for name, d in DEFINITIONS.items()}
COUNTED = [m for m in BUILT.values() if m.family in (Family.PROPORTION, Family.COUNTS)]
SUMMED = [m for m in BUILT.values() if m.family in (Family.MEAN, Family.SUMS) and m.reads not in ("ranking", "ranges")]


def names(metric: Metric) -> str:
    return metric.name


def test_the_metrics_of_the_issue_are_there() -> None:
    wanted = "accuracy balanced_accuracy precision recall specificity fbeta f1 mcc kappa confusion log_loss brier ece"
    more = "auc mae rmse r2 mape pinball mean quantile ndcg mrr map rbp success recall_at precision_at"
    values = "exact_match token_f1 bleu chrf ter rouge wer subset_accuracy hamming multilabel_f1 topk"
    forecasts = "mase wape crps interval_coverage interval_width interval_score set_coverage set_size"
    assert {*wanted.split(), *more.split(), *values.split(), *forecasts.split()} <= set(DEFINITIONS)


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=lambda d: d.name)
def test_a_metric_is_documented(definition: Definition) -> None:
    metric = parse(definition.example)
    assert definition.example.startswith(definition.name)
    assert metric.label == definition.example
    assert metric.direction in ("higher", "lower", "none")
    assert metric.unit
    assert metric.summary.endswith(".")
    assert metric.formula
    assert metric.citation
    assert any(c.isdigit() for c in metric.citation)
    assert metric.undefined
    if metric.lower is not None and metric.upper is not None:
        assert metric.lower < metric.upper
    assert metric.to_json()["name"] == metric.name
    assert metric.sign == (-1.0 if metric.direction == "lower" else 1.0)


@pytest.mark.parametrize("metric", COUNTED, ids=names)
def test_counts_scale_and_their_values_keep_to_the_range(metric: Metric) -> None:
    assert metric.value is not None
    assert metric.lower is not None
    assert metric.upper is not None
    rng = np.random.default_rng(1)
    for classes in (2, 4) if metric.multiclass else (2,):
        tables = rng.integers(0, 6, (300, classes, classes))
        values = np.asarray(metric.value(tables))
        known = values[~np.isnan(values)]
        assert known.size > 250
        assert known.min() >= metric.lower - 1e-12
        assert known.max() <= metric.upper + 1e-12
        assert np.allclose(values, metric.value(tables * 7), equal_nan=True)


@pytest.mark.parametrize("metric", COUNTED, ids=names)
def test_no_counts_are_undefined_without_a_warning(metric: Metric) -> None:
    assert metric.value is not None
    assert np.isnan(float(metric.value(np.zeros((2, 2), dtype=np.int64))))


@pytest.mark.parametrize("metric", [m for m in COUNTED if m.multiclass], ids=names)
def test_the_order_of_classes_does_not_matter(metric: Metric) -> None:
    assert metric.value is not None
    counts = np.random.default_rng(2).integers(1, 9, (4, 4))
    order = [2, 0, 3, 1]
    assert float(metric.value(counts)) == pytest.approx(float(metric.value(counts[order][:, order])))


@pytest.mark.parametrize("metric", [m for m in COUNTED if m.family is Family.PROPORTION], ids=names)
def test_parts_of_merged_groups_are_the_sums_of_their_parts(metric: Metric) -> None:
    assert metric.parts is not None
    one, two = np.random.default_rng(3).integers(0, 9, (2, 2, 2))
    for merged, a, b in zip(metric.parts(one + two), metric.parts(one), metric.parts(two), strict=True):
        assert merged == a + b


def drawn(metric: Metric, rng: np.random.Generator) -> tuple[Array, Array]:
    """Thirty rows of what a metric reads: target and prediction."""
    letters = [tuple(rng.permutation(list("abcdef"))[: rng.integers(1, 6)].tolist()) for _ in range(60)]
    first, second = letters[:30], letters[30:]
    match metric.reads:
        case "text":
            return objects((" ".join(v),) for v in first), objects(map(" ".join, second))
        case "label set":
            return objects(map(frozenset, first)), objects(map(frozenset, second))
        case "class list":
            return objects(v[0] for v in first), objects(second)
    y, p = rng.integers(0, 2, 30).astype(float) + 0.0, rng.uniform(0.1, 0.9, 30)
    several = metric.reads == "vector" or metric.inputs
    return y, np.column_stack([p, p + 0.1, p + 0.2])[:, : 3 if metric.reads == "vector" else 2] if several else p


def perfect(metric: Metric) -> tuple[Array, Array]:
    """Rows of what a metric reads, all right."""
    texts = ["one two three four", "five six seven eight nine"]
    match metric.reads:
        case "text":
            return objects((t,) for t in texts), objects(texts)
        case "label set":
            return objects(frozenset(t.split()) for t in texts), objects(frozenset(t.split()) for t in texts)
        case "class list":
            return objects("ab"), objects([("a",), ("b",)])
    y = np.array([1.0, 0.0, 1.0, 1.0]) if metric.reads == "probability" else np.array([1.0, 2.0, 3.0, 5.0])
    width = 3 if metric.reads == "vector" else len(metric.inputs)
    return y, np.column_stack([y] * width) if width else y


def known(metric: Metric) -> Metric:
    """The metric with the labels that the rows here have."""
    rows = (
        label for of in (drawn(metric, np.random.default_rng(4)), perfect(metric)) for c in of for v in c for label in v
    )
    return metric.bind(tuple(sorted(set(rows)))) if metric.bind else metric


@pytest.mark.parametrize("metric", SUMMED, ids=names)
def test_scores_are_of_each_row_alone(metric: Metric) -> None:
    metric = known(metric)
    assert metric.scorer is not None
    rng = np.random.default_rng(4)
    y, p = drawn(metric, rng)
    whole = metric.scorer(y, p, 0.3)
    assert len(whole) == len(metric.columns)
    order = rng.permutation(30)
    for column, shuffled in zip(whole, metric.scorer(y[order], p[order], 0.3), strict=True):
        assert column.shape == (30,)
        assert np.array_equal(column[order], shuffled, equal_nan=True)
    if metric.reads not in VALUES:
        assert all(c.shape == (0,) for c in metric.scorer(y[:0], p[:0], 0.3))


@pytest.mark.parametrize("metric", SUMMED, ids=names)
def test_a_perfect_prediction_is_at_the_good_end(metric: Metric) -> None:
    if metric.name in ("mean", "set_size"):
        return
    metric = known(metric)
    assert metric.scorer is not None
    assert metric.value is not None
    y, p = perfect(metric)
    centre = float(y.mean()) if y.dtype == float else 0.0
    scored = metric.scorer(y, p, centre)
    means = np.array([c.sum() if metric.corpus else c.mean() for c in scored])
    best = metric.upper if metric.direction == "higher" else metric.lower
    assert float(metric.value(means)) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("metric", SUMMED, ids=names)
def test_values_take_any_leading_axes(metric: Metric) -> None:
    """The jackknife gives a metric its sums by unit and model at once."""
    metric = known(metric)
    assert metric.scorer is not None
    assert metric.value is not None
    sums = np.array([c.sum() for c in metric.scorer(*drawn(metric, np.random.default_rng(4)), 0.3)])
    whole = np.asarray(metric.value(np.stack([[sums, sums], [sums, sums], [sums, sums]])))
    assert whole.shape == (3, 2)
    assert np.allclose(whole, metric.value(sums), equal_nan=True)


@pytest.mark.parametrize("metric", [m for m in SUMMED if m.shares], ids=names)
def test_a_share_scores_every_row_0_or_1(metric: Metric) -> None:
    metric = known(metric)
    assert metric.scorer is not None
    assert set(metric.scorer(*drawn(metric, np.random.default_rng(4)), 0.3)[0].tolist()) <= {0.0, 1.0}
    assert metric.lower == 0.0
    assert metric.upper == 1.0
