"""Coefficients of agreement: other implementations, and delete-one values by leaving rows out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assay.base.errors import InputError
from assay.stats.agreement import SCALES, Coefficient, Ratings, Scale, cohen, fleiss, krippendorff
from tests.known.agreement import ratings


def drawn(seed: int, items: int = 12, raters: int = 4, classes: int = 4) -> Ratings:
    rng = np.random.default_rng(seed)
    true = rng.integers(classes, size=items)
    found = np.where(rng.random((raters, items)) < 0.7, true, rng.integers(classes, size=(raters, items))).astype(float)
    found[rng.random(found.shape) < 0.2] = np.nan
    return ratings([[None if np.isnan(v) else v for v in row] for row in found])


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
    made = krippendorff(ratings([[1, 2, 3, 1, None], [1, 2, 3, 1, 2]]), "nominal")
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
        fleiss(ratings([[1, 2], [1, 2], [1, None]]))
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


def test_an_item_that_one_rater_gave_a_level_of_its_own_moves_no_place() -> None:
    paired = np.array([[1, 1], [3, 4], [4, 4], [5, 3], [1, 3]])
    with_one_more = ratings(np.vstack([paired.astype(object), [2, None]]).T)
    # source: scikit-learn 1.9, cohen_kappa_score(weights="quadratic") on the paired items
    expected = cohen_kappa_score(paired[:, 0], paired[:, 1], weights="quadratic")
    assert cohen(with_one_more, "ordinal").values[0] == pytest.approx(expected, abs=1e-12)
