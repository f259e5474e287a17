from __future__ import annotations

import numpy as np
import pytest

from assay.records.metric import Family, Metric
from assay.records.sample import Design, PairedCounts, Rows, Sample
from assay.stats.choose import infer, infer_all
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Undefined
from tests.stats.samples import (
    ACCURACY,
    AUC,
    F1,
    LOSS,
    MACRO_PRECISION,
    P80,
    RMSE,
    clustered,
    declared,
    flat,
    grouped_counts,
    grouped_sums,
    moments,
    paired,
)

OPTIONS = InferenceOptions(draws=199)
RNG = np.random.default_rng(0)
PAIR = paired([[10, 20], [15, 60]])
THREE = PairedCounts(RNG.integers(5, 30, (3, 3, 3)))
SCORES = RNG.exponential(size=(60, 2, 1))
TARGET = RNG.integers(0, 2, 60)
ROWS = Rows(TARGET, TARGET + RNG.standard_normal((2, 60)), np.arange(60) // 3, np.arange(60) // 3)
CLUSTERS, SUMS = grouped_counts(RNG, groups=60), grouped_sums(RNG)
BY_UNIT = clustered(np.full(20, 3))


@pytest.mark.parametrize(
    ("metric", "sample", "design", "single", "difference"),
    [
        (ACCURACY, PAIR, flat(105), "wilson", "tango"),
        (F1, PAIR, flat(105), "dirichlet", "dirichlet"),
        (MACRO_PRECISION, THREE, flat(400), "multinomial-bootstrap", "multinomial-bootstrap"),
        (LOSS, moments(SCORES), flat(60), "t", "t"),
        (RMSE, moments(SCORES), flat(60), "t-ratio", "t-ratio"),
        (AUC, ROWS, flat(60), "delong-logit", "delong-paired"),
        (P80, Rows(ROWS.target, ROWS.scores), flat(60), "order-statistics", "quantile-mover"),
        (P80, ROWS, BY_UNIT, "woodruff", "quantile-mover"),
        (AUC, ROWS, BY_UNIT, "auc-jackknife", "auc-jackknife"),
        (ACCURACY, CLUSTERS, clustered(CLUSTERS.counts[:, 0].sum((-2, -1))), "wilson-clustered", "jackknife"),
        (F1, CLUSTERS, clustered(CLUSTERS.counts[:, 0].sum((-2, -1))), "jackknife-logit", "jackknife"),
        (LOSS, SUMS, clustered(SUMS.n), "jackknife", "jackknife"),
        (RMSE, SUMS, clustered(SUMS.n), "jackknife", "jackknife"),
    ],
)
def test_the_table_of_methods(metric: Metric, sample: Sample, design: Design, single: str, difference: str) -> None:
    found = infer(metric, sample, design, OPTIONS)
    assert (found.baseline.method, found.candidate.method, found.difference.method) == (single, single, difference)
    assert all(len(p.reason) > 20 for p in (found.baseline, found.difference))
    low, high = found.difference.interval(0.95)
    assert low < found.difference.value < high


def test_a_descriptive_metric_has_values_and_no_interval() -> None:
    ece = declared("ece", Family.DESCRIPTIVE, value=lambda y, s: float(np.mean(s) - np.mean(y)))
    found = infer(ece, ROWS, flat(60), OPTIONS)
    assert isinstance(found.difference, Descriptive)
    assert found.difference.value == pytest.approx(ROWS.scores[1].mean() - ROWS.scores[0].mean())


def test_a_descriptive_metric_may_be_undefined() -> None:
    never = declared("never", Family.DESCRIPTIVE, value=lambda y, s: float("nan"))
    assert isinstance(infer(never, ROWS, flat(60), OPTIONS).baseline, Undefined)


@pytest.mark.parametrize("metric", [ACCURACY, F1])
def test_an_empty_slice_is_undefined(metric: Metric) -> None:
    found = infer(metric, PairedCounts(np.zeros((2, 2, 2), dtype=np.int64)), flat(0), OPTIONS)
    assert isinstance(found.difference, Undefined)
    assert found.difference.reason == "no rows"


def test_several_metrics_at_once_are_each_as_alone() -> None:
    together = infer_all([ACCURACY, F1], PAIR, flat(105), OPTIONS)
    for metric, found in zip([ACCURACY, F1], together, strict=True):
        alone = infer(metric, PAIR, flat(105), OPTIONS)
        assert found.difference.interval(0.9) == alone.difference.interval(0.9)


def test_a_sample_of_another_family_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be inferred from Moments"):
        infer(ACCURACY, moments(SCORES), flat(60), OPTIONS)
