from __future__ import annotations

import math

import numpy as np
import pytest

from assay.records.metric import Family
from assay.records.sample import GroupedCounts, PairedCounts, Rows
from assay.stats.choose import infer
from assay.stats.extremes import Contrasts, Separate
from assay.stats.gaps import infer_gap
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, Undefined
from assay.stats.proportions import wilson
from tests.stats.samples import ACCURACY, AUC, F1, LOSS, clustered, declared, flat, grouped_counts, moments, paired

OPTIONS = InferenceOptions(draws=999)


def mover(first, second, level):
    """The interval of first - second as gaps take it."""
    results = [first, second]
    values = np.array([r.value for r in results])
    low, high = np.array([r.interval(level) for r in results]).T
    reach = Separate(lambda _: (np.stack([values - low] * 2), np.stack([high - values] * 2)), lambda _: (low, high))
    below, above = reach.own(0, Contrasts(np.array([0]), np.array([1])), level)
    value = first.value - second.value
    return value - float(below[0]), value + float(above[0])


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # source: Newcombe (1998), Stat. Med. 17:873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_mover_meets_newcombes_table(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    found = mover(wilson(*first, "why"), wilson(*second, "why"), 0.95)
    assert found == pytest.approx((low, high), abs=6e-5)


def _shares(*right: int) -> list[PairedCounts]:
    """Groups of 100 rows; the candidate is right everywhere."""
    return [paired([[0, 100 - k], [0, k]]) for k in right]


def test_two_groups_are_one_pair() -> None:
    found = infer_gap([ACCURACY], _shares(80, 60), [flat(100)] * 2, False, OPTIONS).baseline
    low, high = mover(wilson(80, 100, "why"), wilson(60, 100, "why"), 0.95)
    assert found.value == pytest.approx(0.2)
    assert found.interval(0.95)[1] == pytest.approx(high)
    # Either group might have been the higher one: the lower bound pays for both orders.
    assert 0 < found.interval(0.95)[0] < low
    assert found.diagnostics["highest_group"] == 0
    assert found.diagnostics["least_units"] == 100


def test_order_of_groups_changes_nothing() -> None:
    one = infer_gap([ACCURACY], _shares(80, 60, 71), [flat(100)] * 3, False, OPTIONS).baseline
    other = infer_gap([ACCURACY], _shares(71, 80, 60), [flat(100)] * 3, False, OPTIONS).baseline
    assert one.interval(0.95) == pytest.approx(other.interval(0.95), abs=1e-12)


def test_gap_inverts_and_nests() -> None:
    found = infer_gap([ACCURACY], _shares(80, 60, 71), [flat(100)] * 3, False, OPTIONS).baseline
    assert isinstance(found, Inverted)
    for alpha in (0.01, 0.05, 0.3):
        low, high = found.interval(1 - alpha)
        for null in (low - 1e-3, low + 1e-3, high - 1e-3, high + 1e-3):
            assert (found.p_value(null) > alpha) == (low <= null <= high)
    assert found.interval(0.99)[0] <= found.interval(0.9)[0] <= found.value <= found.interval(0.9)[1]


def test_no_gap_starts_at_zero() -> None:
    found = infer_gap([ACCURACY], _shares(70, 71, 69), [flat(100)] * 3, False, OPTIONS).baseline
    assert found.interval(0.95)[0] == 0.0
    assert found.p_value(0.0) == 1.0


def test_coverage_where_there_is_no_gap() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(200):
        samples = _shares(*rng.binomial(100, 0.8, 4))
        low, high = infer_gap([ACCURACY], samples, [flat(100)] * 4, False, OPTIONS).baseline.interval(0.95)
        covered += low <= 0 <= high
    assert covered >= 192


def test_gap_of_any_metric_with_an_interval() -> None:
    rng = np.random.default_rng(0)
    scores = [rng.exponential(scale, size=(50, 2, 1)) for scale in (1.0, 1.5)]
    found = infer_gap([LOSS], [moments(s) for s in scores], [flat(50)] * 2, False, OPTIONS)
    assert found.candidate.value == pytest.approx(abs(scores[0][:, 1].mean() - scores[1][:, 1].mean()))
    counts = [PairedCounts(rng.integers(1, 40, (2, 2, 2))) for _ in range(2)]
    assert infer_gap([F1], counts, [flat(200)] * 2, False, OPTIONS).baseline.method == "gap-pairwise"


def test_the_difference_of_two_gaps_holds_whichever_groups_are_farthest_apart() -> None:
    found = infer_gap([ACCURACY], _shares(95, 40), [flat(100)] * 2, False, OPTIONS).difference
    low, high = found.interval(0.95)
    assert found.value == pytest.approx(-0.55)
    assert found.method == "extremes-difference"
    # The candidate has no gap: the bounds are about those of the baseline's own gap.
    assert low < -0.55 < high < -0.3
    assert found.p_value(high) == pytest.approx(0.05, abs=1e-3)


def test_units_that_span_groups_are_jackknifed_together() -> None:
    rng = np.random.default_rng(5)
    level = rng.beta(2, 1, 60)
    counts = np.zeros((2, 60, 2, 2, 2), dtype=np.int64)
    for side in range(2):
        right = rng.binomial(20, level)
        counts[side, :, :, 1, 1], counts[side, :, :, 1, 0] = right[:, None], 20 - right[:, None]
    samples = [GroupedCounts(c) for c in counts]
    designs = [clustered(np.full(60, 20))] * 2
    together = infer_gap([ACCURACY], samples, designs, True, OPTIONS).baseline
    apart = infer_gap([ACCURACY], samples, designs, False, OPTIONS).baseline
    assert together.value == apart.value
    # The units' levels cancel in the difference of two groups that share them.
    assert together.interval(0.95)[1] < 0.6 * apart.interval(0.95)[1]


def test_groups_without_common_units_on_one_axis_agree_with_mover() -> None:
    rng = np.random.default_rng(8)
    counts = np.stack([grouped_counts(rng, groups=80).counts for _ in range(2)])
    counts[0, 40:], counts[1, :40] = 0, 0
    samples = [GroupedCounts(c) for c in counts]
    designs = [clustered(c[:, 0].sum((-2, -1))) for c in counts]
    together = infer_gap([F1], samples, designs, True, OPTIONS).baseline.interval(0.95)
    apart = infer_gap([F1], samples, designs, False, OPTIONS).baseline.interval(0.95)
    assert together[1] == pytest.approx(apart[1], rel=0.1)


def test_gap_of_a_method_includes_its_seeds() -> None:
    rng = np.random.default_rng(2)
    samples = [grouped_counts(rng, groups=40, arms=6) for _ in range(2)]
    arms = {"baseline": (0, 1, 2), "candidate": (3, 4, 5)}
    sizes = [s.counts[:, 0].sum((-2, -1)) for s in samples]
    model = infer_gap([F1], samples, [clustered(n, **arms) for n in sizes], True, OPTIONS).baseline
    method = infer_gap([F1], samples, [clustered(n, about="method", **arms) for n in sizes], True, OPTIONS).baseline
    assert method.value == model.value
    assert method.interval(0.95)[1] > model.interval(0.95)[1]


def test_auc_over_groups_with_shared_units() -> None:
    rng = np.random.default_rng(3)
    samples, designs = [], []
    for size in (150, 120):
        target = rng.integers(0, 2, size)
        unit = rng.integers(0, 30, size)
        samples.append(Rows(target, target + rng.standard_normal((2, size)), unit, unit))
        designs.append(clustered(np.bincount(unit)))
    found = infer_gap([AUC], samples, designs, True, OPTIONS).candidate
    each = [infer(AUC, s, d, OPTIONS).candidate.value for s, d in zip(samples, designs, strict=True)]
    assert found.value == pytest.approx(abs(each[0] - each[1]))
    assert found.interval(0.95)[0] <= found.value <= found.interval(0.95)[1]


def test_what_has_no_gap_says_why() -> None:
    assert "two groups" in infer_gap([ACCURACY], _shares(80), [flat(100)], False, OPTIONS).baseline.reason
    empty = [*_shares(80), paired([[0, 0], [0, 0]])]
    found = infer_gap([ACCURACY], empty, [flat(100), flat(0)], False, OPTIONS).baseline
    assert isinstance(found, Undefined)
    assert found.reason.startswith("group 2 of 2")


def test_a_group_without_an_interval_leaves_the_gap_without_one() -> None:
    ece = declared("ece", Family.DESCRIPTIVE, value=lambda y, s: float(np.abs(y - s).mean()))
    rows = [Rows(np.zeros(5), np.full((2, 5), level)) for level in (0.1, 0.4)]
    found = infer_gap([ece], rows, [flat(5)] * 2, False, OPTIONS).baseline
    assert isinstance(found, Descriptive)
    assert found.value == pytest.approx(0.3)
    joint = infer_gap([ece], rows, [flat(5)] * 2, True, OPTIONS).baseline
    assert isinstance(joint, Undefined)
    assert math.isclose(found.value, 0.3)
