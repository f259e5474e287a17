"""Coefficients of agreement: published values, other implementations, and delete-one values by leaving rows out."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assay.base.errors import InputError
from assay.stats.agreement import SCALES, Coefficient, Ratings, Scale, cohen, fleiss, krippendorff

_ = None


def ratings(table: Any, values: Any = None) -> Ratings:
    """Raters by items, None where a rating is missing."""
    found = np.array([[np.nan if v is None else v for v in row] for row in table], dtype=float)
    rater, item = np.nonzero(~np.isnan(found))
    levels, level = np.unique(found[rater, item], return_inverse=True)
    return Ratings(item, rater, level, levels, item)


def drawn(seed: int, items: int = 12, raters: int = 4, classes: int = 4) -> Ratings:
    rng = np.random.default_rng(seed)
    true = rng.integers(classes, size=items)
    found = np.where(rng.random((raters, items)) < 0.7, true, rng.integers(classes, size=(raters, items))).astype(float)
    found[rng.random(found.shape) < 0.2] = np.nan
    return ratings([[None if np.isnan(v) else v for v in row] for row in found])


# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D: nominal .743, ordinal .815, interval .849,
# ratio .797.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
# The three coders of Wikipedia's article on Krippendorff's alpha, as in the tests of fast-krippendorff:
# nominal .691358, interval .810845.
THREE = [
    [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
    [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
    [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
]


@pytest.mark.parametrize(
    ("table", "scale", "published"),
    [
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
        (FOUR, "ratio", 0.797),
        (THREE, "nominal", 0.691358),
        (THREE, "interval", 0.810845),
    ],
)
def test_alpha_is_that_of_the_books(table: Any, scale: Scale, published: float) -> None:
    digits = 6 if table is THREE else 3
    assert round(float(krippendorff(ratings(table), scale).values[0]), digits) == published


def test_kappa_of_fleiss_is_that_of_the_book() -> None:
    """Ten items, fourteen raters, five categories: 0.210 (Wikipedia, Fleiss' kappa, worked example)."""
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    table = np.array([np.repeat(np.arange(5), row) for row in counts]).T
    assert float(fleiss(ratings(table)).values[0]) == pytest.approx(0.210, abs=5e-4)


def test_kappa_of_cohen_is_that_of_the_book() -> None:
    """Fifty proposals, 20 and 15 agreed on, 5 and 10 not: 0.40 (Wikipedia, Cohen's kappa, first example)."""
    one = [1] * 25 + [0] * 25
    other = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert float(cohen(ratings([one, other]), "nominal").values[0]) == pytest.approx(0.4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_kappas_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = rng.integers(1, 5, 40)
    other = np.where(rng.random(40) < 0.5, one, rng.integers(1, 5, 40))
    found = ratings([one, other])
    assert cohen(found, "nominal").values[0] == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)
    quadratic = cohen_kappa_score(one, other, weights="quadratic")
    assert cohen(found, "ordinal").values[0] == pytest.approx(quadratic, abs=1e-12)


def coefficient(kind: str, found: Ratings) -> Coefficient:
    return krippendorff(found, kind) if kind in SCALES else cohen(found, "interval")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [*SCALES, "cohen"])
@pytest.mark.parametrize("seed", range(3))
def test_values_without_a_unit_are_those_of_the_other_rows(kind: str, seed: int) -> None:
    found = drawn(seed, raters=2 if kind == "cohen" else 4)
    found = dataclasses.replace(found, group=found.item // 2)
    made = coefficient(kind, found)
    for g in range(found.groups):
        kept = found.group != g
        used, level = np.unique(found.level[kept], return_inverse=True)
        rest = Ratings(found.item[kept], found.rater[kept], level, found.values[used], np.zeros(kept.sum(), dtype=int))
        assert made.values[1 + g] == pytest.approx(coefficient(kind, rest).values[0], rel=1e-10)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
@pytest.mark.parametrize("scale", SCALES)
def test_names_and_order_of_raters_change_nothing(scale: Scale, seed: int) -> None:
    found = drawn(seed)
    order = np.random.default_rng(seed).permutation(found.item.size)
    other = Ratings(found.item[order], 9 - found.rater[order], found.level[order], found.values, found.group[order])
    assert krippendorff(other, scale).values == pytest.approx(krippendorff(found, scale).values, rel=1e-10, nan_ok=True)


def test_full_agreement_is_one_and_a_rater_alone_counts_for_nothing() -> None:
    made = krippendorff(ratings([[1, 2, 3, 1, _], [1, 2, 3, 1, 2]]), "nominal")
    assert made.values[0] == 1.0
    assert made.rows.tolist() == [2, 2, 2, 2]


def test_small_disagreement_beside_large_values_is_not_lost_in_rounding() -> None:
    rng = np.random.default_rng(0)
    true = 1e6 * rng.random(40)
    found = ratings([true, true + 1e-3 * np.where(np.arange(40) % 2, 1, -1)])
    made = krippendorff(found, "interval")
    assert made.observed[0] == pytest.approx(1e-6, rel=1e-4)
    assert krippendorff(ratings([true, true]), "interval").observed[0] == 0


def test_ratings_that_a_scale_does_not_take() -> None:
    with pytest.raises(InputError, match="a ratio scale starts at 0"):
        krippendorff(ratings([[-1, 2], [1, 2]]), "ratio")
    with pytest.raises(InputError, match="items have 2 to 3 ratings"):
        fleiss(ratings([[1, 2], [1, 2], [1, _]]))
    many = np.arange(3000.0)
    with pytest.raises(InputError, match="an ordinal scale takes at most 1,000"):
        krippendorff(ratings([many, many]), "ordinal")
    crowd = np.arange(40_000.0) % 10_000
    with pytest.raises(InputError, match="an item has 10000 different ratings"):
        krippendorff(
            Ratings(np.zeros(40_000, int), np.arange(40_000), crowd.astype(int), np.arange(1e4), np.zeros(40_000, int)),
            "ratio",
        )
    with pytest.raises(InputError, match="a kappa is of a few categories"):
        cohen(ratings([many, many]), "nominal")
