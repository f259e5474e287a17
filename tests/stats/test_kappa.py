from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from assay.stats.agreement import cohen
from assay.stats.kappa import large_sample
from assay.stats.raters import infer_agreement
from tests.known.agreement import ratings

RNG = np.random.default_rng(4)
ONE = RNG.integers(1, 5, 4000)
OTHER = np.where(RNG.random(4000) < 0.6, ONE, RNG.integers(1, 5, 4000))


@pytest.mark.parametrize("weights", ["nominal", "ordinal", "interval"])
def test_the_large_sample_error_is_the_bootstraps(weights):
    table = np.array([ONE, OTHER])
    values = []
    for _ in range(200):
        drawn = table[:, RNG.integers(0, 4000, 4000)]
        values.append(cohen(ratings(drawn), weights).values[0])
    assert large_sample(ratings(table), weights)["large_sample_se"] == pytest.approx(np.std(values), rel=0.15)


def test_z_is_standard_where_raters_agree_by_chance():
    found = [large_sample(ratings(RNG.integers(1, 4, (2, 200))), "nominal")["large_sample_z"] for _ in range(300)]
    assert np.std(found) == pytest.approx(1.0, abs=0.15)
    assert np.mean(found) == pytest.approx(0.0, abs=0.2)


def test_it_stands_beside_the_interval_of_kappa():
    found = infer_agreement("cohen", ratings([ONE[:60], OTHER[:60]]), "nominal")
    assert found.diagnostics["large_sample_se"] == pytest.approx(
        large_sample(ratings([ONE[:60], OTHER[:60]]), "nominal")["large_sample_se"]
    )


def test_items_of_one_rater_and_their_order_change_nothing():
    plain = ratings([[1, 2, 1, 2, 2, None], [1, 2, 2, 2, 1, 1]])
    order = np.random.default_rng(1).permutation(plain.item.size)
    mixed = dataclasses.replace(
        plain, item=plain.item[order], rater=plain.rater[order], level=plain.level[order], group=plain.group[order]
    )
    assert large_sample(mixed, "nominal") == pytest.approx(large_sample(plain, "nominal"))
    assert large_sample(ratings([[1, 2, 1, 2, 2], [1, 2, 2, 2, 1]]), "nominal") == pytest.approx(
        large_sample(plain, "nominal")
    )


def test_numbers_without_categories_have_none():
    """A table of all levels would not fit into memory."""
    one = np.arange(60_000.0)
    assert large_sample(ratings([one, one + 0.5]), "interval") == {}


@pytest.mark.parametrize("table", [[[1, 1], [1, 1]], [[1, 2], [1, 2]], [[1, None], [None, 2]]])
def test_without_disagreement_or_items_there_is_none(table):
    assert large_sample(ratings(table), "nominal") == {}
