"""All pairs and the best: published intervals, laws of letters, and models that cannot be told apart."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assay.base.seeds import stream
from assay.records.metric import Floats
from assay.records.sample import Design
from assay.stats.candidates import groups, infer_many
from assay.stats.estimates import estimate
from assay.stats.maxt import largest_t, pairs
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, MaxT
from assay.stats.together import Joint

FREE = (None, None)
OPTIONS = InferenceOptions(1)


def independent(means: list[float], variance: float, n: int, df: float, seed: int = 0) -> Joint:
    """Means of samples of their own, as in a one-way layout: the covariance is exactly diagonal."""
    k = len(means)
    basis = np.linalg.qr(np.random.default_rng(seed).normal(size=(40, k)))[0]
    moved = basis * math.sqrt(variance / n * 40 / 39)
    return Joint(np.array(means), moved, np.ones(40), df, np.arange(40))


def all_pairs(means: list[float], variance: float, n: int, df: float) -> list[tuple[float, float]]:
    found = infer_many(independent(means, variance, n, df), 1.0, FREE, OPTIONS, "one way")
    assert all(isinstance(p, MaxT) for p in found.pairs)
    return [p.interval(0.95) for p in found.pairs if isinstance(p, MaxT)]


# source: Montgomery & Runger, Applied Statistics and Probability for Engineers, section 13-2.3, Table S13-2 (Minitab):
# hardwood concentration, Tukey's intervals of 5, 10, 15 and 20 per cent, mean square 6.51 on 20 df, 6 each
HARDWOOD = [(-9.791, -1.542), (-11.124, -2.876), (-15.291, -7.042), (-5.458, 2.791), (-9.624, -1.376), (-8.291, -0.042)]
# source: R's help of TukeyHSD, warpbreaks by tension (L, M, H): mean square 134.958 on 50 df, 18 each
WARPBREAKS = [(0.6465793, 19.35342), (5.3688015, 24.07564), (-4.6311985, 14.07564)]
# source: SciPy's documentation of scipy.stats.tukey_hsd: three headache remedies, 5 each
REMEDIES = [(-8.249, -0.951), (-3.909, 3.389), (0.691, 7.989)]
REMEDY_ERROR = float(
    np.mean(
        [
            np.var(v, ddof=1)
            for v in (
                [24.5, 23.5, 26.4, 27.1, 29.9],
                [28.4, 34.2, 29.5, 32.2, 30.1],
                [26.1, 28.3, 24.3, 26.2, 27.8],
            )
        ]
    )
)


@pytest.mark.parametrize(
    ("means", "variance", "n", "df", "expected"),
    [
        ([10.0, 15.667, 17.0, 21.167], 6.51, 6, 20, HARDWOOD),
        ([36.38889, 26.38889, 21.66667], 134.958, 18, 50, WARPBREAKS),
        ([26.28, 30.88, 26.54], REMEDY_ERROR, 5, 12, REMEDIES),
    ],
    ids=["hardwood", "warpbreaks", "remedies"],
)
def test_all_pairs_of_a_one_way_layout_are_tukeys(
    means: list[float], variance: float, n: int, df: float, expected: list[tuple[float, float]]
) -> None:
    reach = expected[0][1] - expected[0][0]
    for found, known in zip(all_pairs(means, variance, n, df), expected, strict=True):
        assert found == pytest.approx(known, abs=0.01 * reach)


def test_adjusted_p_values_are_tukeys() -> None:
    found = infer_many(independent([36.38889, 26.38889, 21.66667], 134.958, 18, 50), 1.0, FREE, OPTIONS, "one way")
    p = [r.p_value(0.0) for r in found.pairs if isinstance(r, MaxT)]
    # source: R's help of TukeyHSD, warpbreaks: p adj 0.0336262, 0.0011218, 0.4474210
    assert p == pytest.approx([0.0336, 0.0011, 0.4474], abs=0.013)
    assert min(p) >= 1e-4


# source: scipy 1.x, stats.studentized_range.ppf(0.95, k, df); tabulated by Harter (1960), Ann. Math. Stat. 31:1122-1147
RANGES = [(3, 10, 3.877), (3, 20, 3.578), (4, 20, 3.958), (5, 10, 4.654), (10, 60, 4.646)]


@pytest.mark.parametrize(("k", "df", "q"), RANGES)
def test_the_largest_t_of_equal_means_is_the_studentised_range(k: int, df: int, q: float) -> None:
    drawn = largest_t(pairs(k), np.eye(k), df, stream(1, "test"))
    assert MaxT(0.0, 1.0, drawn, "max-t", "").critical(0.95) * math.sqrt(2) == pytest.approx(q, rel=0.02)


# source: Dunnett (1955), J. Am. Stat. Assoc. 50:1096-1121, one-sided 5 %, treatments against a control, as reprinted
# in textbooks' appendices
DUNNETT = [
    (2, math.inf, 1.92),
    (3, math.inf, 2.06),
    (4, math.inf, 2.16),
    (5, math.inf, 2.23),
    (2, 20, 2.03),
    (3, 20, 2.19),
]


@pytest.mark.parametrize(("others", "df", "d"), DUNNETT)
def test_the_reach_with_the_best_is_dunnetts(others: int, df: float, d: float) -> None:
    k = others + 1
    found = infer_many(independent([0.0] * k, 1.0, 1, df, seed=3), 1.0, FREE, OPTIONS, "equal")
    best = found.best[0]
    assert isinstance(best, Inverted)
    assert best.interval(0.95)[1] == pytest.approx(d * math.sqrt(2), rel=0.02)


def test_a_published_comparison_with_the_best() -> None:
    # source: Minitab help, Hsu's MCB for paint hardness: blends 2 and 3 minus blend 4 (-14.5000, 0) and (-10.0833, 0)
    means = [14.733, 8.567, 12.983, 18.067]
    # source: Minitab help, one-way ANOVA of paint hardness: 6 each, pooled standard deviation 3.95012
    found = infer_many(independent(means, 3.95012**2, 6, 20), 1.0, FREE, OPTIONS, "one way")
    bounds = [b.interval(0.95) for b in found.best if isinstance(b, Inverted)]
    assert bounds[1] == (pytest.approx(-14.5, abs=0.1), 0.0)
    assert bounds[2] == (pytest.approx(-10.0833, abs=0.1), 0.0)
    # source: the same: the intervals of blends 1 and 4 hold 0 inside
    assert bounds[0][0] < 0 < bounds[0][1]
    assert bounds[3][0] < 0 < bounds[3][1]
    assert [p > 0.05 for p in found.p_best] == [True, False, False, True]


def test_less_is_better_turns_the_intervals_round() -> None:
    values = [3.0, 1.0, 2.0, 1.1]
    up = infer_many(independent([-v for v in values], 1.0, 30, 60), 1.0, FREE, OPTIONS, "")
    down = infer_many(independent(values, 1.0, 30, 60), -1.0, FREE, OPTIONS, "")
    for one, other in zip(up.best, down.best, strict=True):
        assert isinstance(one, Inverted)
        assert isinstance(other, Inverted)
        low, high = one.interval(0.95)
        assert other.interval(0.95) == pytest.approx((-high, -low), abs=0.05)
        assert other.value == -one.value


def test_models_that_no_unit_tells_apart_count_as_one() -> None:
    made = independent([1.0, 0.5, 0.0], 1.0, 30, 60)
    twice = Joint(made.values[[0, 0, 1, 2]], made.moved[:, [0, 0, 1, 2]], made.rows, 60, made.places)
    found, plain = (infer_many(j, 1.0, FREE, OPTIONS, "") for j in (twice, made))
    assert found.twins == (0, 0, 2, 3)
    assert isinstance(found.pairs[0], Descriptive)
    assert "no variance" in found.pairs[0].reason
    for model, alone in ((0, 0), (2, 1), (3, 2)):
        both = found.best[model], plain.best[alone]
        assert all(isinstance(b, Inverted) for b in both)
        assert both[0].interval(0.95) == pytest.approx(both[1].interval(0.95), abs=0.05)  # type: ignore[union-attr]
    assert found.p_best[0] == found.p_best[1] == 1.0 or found.p_best[0] == found.p_best[1]


def test_one_unit_says_nothing() -> None:
    lone = Joint(np.array([1.0, 2.0]), np.zeros((1, 2)), np.ones(1), 0.0, np.arange(1))
    found = infer_many(lone, 1.0, FREE, OPTIONS, "")
    assert all(isinstance(r, Descriptive) and "one unit" in r.reason for r in (*found.pairs, *found.best))
    assert found.p_best.tolist() == [1, 1]


def test_differences_of_correlated_models_are_as_precise_as_pairing_makes_them() -> None:
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(200, 1)) * 5
    x = shared + rng.normal(size=(200, 3)) + [0.0, 0.5, 0.0]
    moved = -(x - x.mean(axis=0)) / 199
    found = infer_many(Joint(x.mean(axis=0), moved, np.ones(200), 199, np.arange(200)), 1.0, FREE, OPTIONS, "")
    first = found.pairs[0]
    assert isinstance(first, MaxT)
    expected = stats.sem(x[:, 0] - x[:, 1])
    assert first.se == pytest.approx(expected, rel=1e-9)
    assert 2.2 < first.critical(0.95) < 2.5


def test_an_estimate_of_a_family_carries_its_simulation_error() -> None:
    found = infer_many(independent([0.0, 1.0, 2.0], 1.0, 30, 60), 1.0, FREE, OPTIONS, "")
    made = estimate(found.pairs[0], Design(40, 40, 40.0, False))
    assert made.monte_carlo_error is not None
    assert 0 < made.monte_carlo_error < 0.02
    assert not made.exact
    strict = estimate(found.pairs[0], Design(40, 40, 40.0, False), level=0.99999)
    assert strict.interval is None
    assert not strict.inside_domain


@given(st.integers(2, 7), st.data())
@settings(max_examples=60)
def test_groups_hold_every_pair_that_is_not_told_apart_and_no_other(size: int, data: st.DataObject) -> None:
    apart = np.zeros((size, size), dtype=bool)
    for i, j in itertools.combinations(range(size), 2):
        apart[i, j] = apart[j, i] = data.draw(st.booleans())
    found = groups(list(range(size)), apart)
    for i, j in itertools.combinations(range(size), 2):
        assert any(i in g and j in g for g in found) != apart[i, j]
    assert {m for g in found for m in g} == set(range(size))
    assert not any(set(a) < set(b) for a in found for b in found)


def test_the_interval_and_the_p_value_of_a_family_agree() -> None:
    drawn: Floats = np.sort(np.abs(np.random.default_rng(0).normal(size=9_999)))
    made = MaxT(0.3, 0.1, drawn, "max-t", "")
    for level in (0.9, 0.95, 0.99):
        low, high = made.interval(level)
        for null in (low - 1e-9, low + 1e-9, high - 1e-9, high + 1e-9):
            assert (made.p_value(null) <= 1 - level + 1e-12) == (not low <= null <= high)
