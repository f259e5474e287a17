from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.choose import infer
from assay.stats.domain import within
from assay.stats.groups import infer_groups, replicate, weights
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Undefined
from tests.stats.samples import ACCURACY, F1, LOSS, RATIO, RECALL, clustered, grouped_counts, grouped_sums, swapped

OPTIONS = InferenceOptions()
seeds = st.integers(0, 10_000)


def _counts(seed: int, arms: int = 2) -> tuple[GroupedCounts, Design]:
    sample = grouped_counts(np.random.default_rng(seed), arms=arms)
    return sample, clustered(sample.counts[:, 0].sum((-2, -1)))


def _sums(seed: int, m: int = 1) -> tuple[GroupedSums, Design]:
    sample = grouped_sums(np.random.default_rng(seed), m=m)
    return sample, clustered(sample.n)


@pytest.mark.parametrize("metric", [ACCURACY, RECALL, F1])
def test_replicates_of_counts_by_brute_force(metric: Metric) -> None:
    sample, design = _counts(1)
    found = replicate(metric, sample, design, every_group=True)
    for g in range(5):
        left = np.delete(sample.counts, g, axis=0).sum(axis=0)
        assert found.replicates[g] == pytest.approx(metric.value(left), rel=1e-12)


def test_replicates_of_sums_by_brute_force() -> None:
    sample, design = _sums(1, m=2)
    found = replicate(RATIO, sample, design)
    for g in range(5):
        left = np.delete(sample.sums, g, axis=0).sum(axis=0)
        assert found.replicates[g] == pytest.approx(left[:, 0] / left[:, 1], rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(seeds)
@pytest.mark.parametrize("metric", [ACCURACY, F1])
def test_order_of_groups_and_empty_groups_change_nothing(metric: Metric, seed: int) -> None:
    sample, design = _counts(seed)
    order = np.random.default_rng(seed).permutation(len(sample.counts))
    padded = np.concatenate([sample.counts[order], np.zeros((3, 2, 2, 2), dtype=np.int64)])
    one, other = infer(metric, sample, design, OPTIONS), infer(metric, GroupedCounts(padded), design, OPTIONS)
    for side in ("baseline", "difference"):
        first, second = getattr(one, side).interval(0.95), getattr(other, side).interval(0.95)
        assert first == pytest.approx(second, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(seeds)
@pytest.mark.parametrize("metric", [ACCURACY, F1])
def test_swapping_models_mirrors_the_difference(metric: Metric, seed: int) -> None:
    sample, design = _counts(seed)
    one, other = infer_groups(metric, sample, design), infer_groups(metric, sample, swapped(design))
    assert other[2].value == -one[2].value
    assert other[0].value == one[1].value
    if not isinstance(one[2], Descriptive):
        low, high = one[2].interval(0.95)
        assert other[2].interval(0.95) == pytest.approx((-high, -low), rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.01, 100))
def test_scaling_a_mean_scales_its_estimate(seed: int, scale: float) -> None:
    sample, design = _sums(seed)
    one = infer(LOSS, sample, design, OPTIONS).difference
    other = infer(LOSS, GroupedSums(sample.n, sample.sums * scale), design, OPTIONS).difference
    assert other.interval(0.95) == pytest.approx(tuple(scale * b for b in one.interval(0.95)), rel=1e-8)


def test_equal_groups_give_the_paired_t_test_of_their_means() -> None:
    rng = np.random.default_rng(3)
    means = rng.standard_normal((25, 2, 1))
    sample = GroupedSums(np.full(25, 4), means * 4)
    found = infer(LOSS, sample, clustered(sample.n), OPTIONS).difference
    difference = means[:, 1, 0] - means[:, 0, 0]
    assert found.df == pytest.approx(24)
    assert found.se == pytest.approx(difference.std(ddof=1) / 5, rel=1e-10)


def test_a_share_over_clusters_is_wilson_with_a_design_effect() -> None:
    everything = np.zeros((40, 1, 2, 2), dtype=np.int64)
    # Whole clusters right or wrong: ten rows say no more than one.
    everything[:20, 0, 1, 1], everything[20:, 0, 1, 0] = 10, 10
    sample = GroupedCounts(np.repeat(everything, 2, axis=1))
    found = infer(ACCURACY, sample, clustered(np.full(40, 10)), OPTIONS).baseline
    assert found.method == "wilson-clustered"
    assert found.diagnostics["design_effect"] == pytest.approx(10, rel=0.05)
    low, high = found.interval(0.95)
    assert high - low == pytest.approx(2 * 2.02 * np.sqrt(0.5 * 0.5 / 39), rel=0.1)


def test_a_share_of_one_takes_a_cluster_for_a_row() -> None:
    counts = np.zeros((20, 2, 2, 2), dtype=np.int64)
    counts[:, :, 1, 1] = 30
    found = infer(ACCURACY, GroupedCounts(counts), clustered(np.full(20, 30)), OPTIONS)
    low, high = found.baseline.interval(0.95)
    assert high == 1.0
    assert found.baseline.method == "clopper-pearson-clustered"
    assert low == pytest.approx(0.025 ** (1 / (20 * (1.96 / 2.093) ** 2)), abs=0.001)
    assert isinstance(found.difference, Descriptive)


@pytest.mark.parametrize(("wrong", "inside"), [(11, False), (12, True), (308, True), (309, False), (0, True)])
def test_rarer_rows_that_would_fill_too_few_units_leave_a_share_outside_the_domain(wrong: int, inside: bool) -> None:
    """80 units of four rows, wrong in at most one more row than others; where none is, a unit counts as one row."""
    counts = np.zeros((80, 2, 2, 2), dtype=np.int64)
    errors = np.full(80, wrong // 80)
    errors[: wrong % 80] += 1
    counts[:, :, 1, 0], counts[:, :, 1, 1] = errors[:, None], 4 - errors[:, None]
    design = clustered(np.full(80, 4))
    found = infer(ACCURACY, GroupedCounts(counts), design, OPTIONS).baseline
    assert found.value == pytest.approx(1 - wrong / 320)
    facts = {"effective_units": design.effective_units, **found.diagnostics}
    assert within(found.method, facts)[0] == inside


def test_recall_counts_only_groups_with_positives() -> None:
    counts = np.zeros((30, 2, 2, 2), dtype=np.int64)
    counts[:, :, 0, 0] = 9
    counts[:6, :, 1, 1], counts[:3, 0, 1, 0] = 2, 1
    found = infer(RECALL, GroupedCounts(counts), clustered(np.full(30, 11)), OPTIONS).baseline
    assert found.diagnostics["groups"] == 6


def test_no_positives_and_one_unit() -> None:
    counts = np.zeros((5, 2, 2, 2), dtype=np.int64)
    counts[:, :, 0, 0] = 9
    none = infer(RECALL, GroupedCounts(counts), clustered(np.full(5, 9)), OPTIONS).baseline
    one = infer(ACCURACY, GroupedCounts(counts[:1]), clustered(np.array([9])), OPTIONS).baseline
    assert isinstance(none, Undefined)
    assert isinstance(one, Descriptive)
    assert "one unit" in one.reason


def test_units_in_which_the_models_differ_are_counted() -> None:
    sample, design = _counts(4)
    counts = sample.counts.copy()
    counts[5:, 1] = counts[5:, 0]
    found = infer(F1, GroupedCounts(counts), design, OPTIONS).difference
    assert found.diagnostics["nonzero"] <= 5


def test_seeds_of_a_model_are_averaged_as_they_are() -> None:
    sample, design = _counts(7, arms=5)
    design = dataclasses.replace(design, baseline=(0, 1), candidate=(2, 3, 4))
    found = infer(F1, sample, design, OPTIONS)
    each = F1.value(sample.counts.sum(axis=0))
    assert found.baseline.value == pytest.approx(each[:2].mean())
    assert found.difference.value == pytest.approx(each[2:].mean() - each[:2].mean())
    assert weights(design, 5)[2].tolist() == pytest.approx([-0.5, -0.5, 1 / 3, 1 / 3, 1 / 3])


def test_buckets_are_named() -> None:
    sample, design = _counts(2)
    assert "bucket-of-units" in infer(F1, sample, dataclasses.replace(design, units=5000), OPTIONS).difference.reason


def _units_of(rows: int, units: int, wrong: int) -> tuple[GroupedCounts, Design]:
    """The last units are wrong in one row each, by turns of either class; the baseline is right."""
    counts = np.zeros((units, 2, 2, 2), dtype=np.int64)
    counts[:, :, 0, 0] = counts[:, :, 1, 1] = rows // 2
    counts[units - wrong :: 2, 1, 0] += np.array([-1, 1])
    counts[units - wrong + 1 :: 2, 1, 1] += np.array([1, -1])
    sample = GroupedCounts(counts)
    return sample, clustered(np.full(units, rows))


@pytest.mark.parametrize(("rows", "wrong", "inside"), [(4, 11, False), (4, 12, True), (20, 59, False), (20, 60, True)])
def test_wrong_rows_that_would_fill_too_few_units_leave_f1_outside_the_domain(
    rows: int, wrong: int, inside: bool
) -> None:
    sample, design = _units_of(rows, 80, wrong)
    found = infer_groups(F1, sample, design)[1]
    assert found.method == "jackknife-logit"
    assert found.diagnostics["wrong_units"] == pytest.approx(wrong / rows)
    own = {"effective_units": design.effective_units, **found.diagnostics}
    assert within(found.method, own)[0] is inside


def test_rows_wrong_in_a_way_that_precision_does_not_read_are_not_counted() -> None:
    sample, design = _units_of(4, 80, 12)
    wrong = [infer_groups(parse(m), sample, design)[1].diagnostics["wrong_units"] for m in ("precision", "f1")]
    assert wrong == [1.5, 3.0]


def test_wrong_rows_are_not_asked_for_where_models_are_compared() -> None:
    sample, design = _units_of(4, 60, 12)
    assert "wrong_units" not in infer_groups(F1, sample, design)[2].diagnostics
