"""Clusters: design effects against variances that were drawn, intervals against their coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assay.base.errors import PlanError
from assay.stats.power import Aim, Noise, units_needed
from assay.stats.power_clusters import Clusters, anova_icc, design_effect, icc_bounds, icc_of


def test_the_design_effect_is_that_of_unequal_clusters() -> None:
    rng = np.random.default_rng(5)
    sizes = np.repeat([2, 10, 30], 20)
    icc = 0.2
    unit = np.repeat(np.arange(60), sizes)
    means = []
    for _ in range(4000):
        values = np.sqrt(icc) * rng.normal(size=60)[unit] + np.sqrt(1 - icc) * rng.normal(size=unit.size)
        means.append(values.mean())
    cv = sizes.std() / sizes.mean()
    expected = design_effect(sizes.mean(), icc, cv) / unit.size
    assert np.var(means) == pytest.approx(expected, rel=0.07)
    noise = Clusters(sizes.mean(), icc, cv).noise(1.0)
    assert noise.se(60) ** 2 == pytest.approx(expected)
    assert noise.df(60) == pytest.approx(sizes.sum() ** 2 / (sizes**2).sum() - 1)


def test_the_interval_covers() -> None:
    rng = np.random.default_rng(6)
    units, size, icc, hits = 20, 5, 0.3, 0
    for _ in range(1500):
        values = np.sqrt(icc) * rng.normal(size=(units, 1)) + np.sqrt(1 - icc) * rng.normal(size=(units, size))
        between = size * ((values.mean(axis=1) - values.mean()) ** 2).sum()
        within = ((values - values.mean(axis=1, keepdims=True)) ** 2).sum()
        low, high = icc_bounds(anova_icc([size] * units, between, within), units, units * size)
        hits += low <= icc <= high
    assert hits / 1500 == pytest.approx(0.95, abs=0.02)


def test_a_correlation_below_zero_and_one_unit_are_refused() -> None:
    with pytest.raises(PlanError, match="below 0 is noise"):
        design_effect(5, -0.05)
    with pytest.raises(PlanError, match="two units at least"):
        icc_bounds(0.1, 1, 20)
    with pytest.raises(PlanError, match="two units at least"):
        anova_icc([20], 0.0, 1.0)
    with pytest.raises(PlanError, match="two units at least"):
        anova_icc([1, 1, 1], 1.0, 0.0)


def test_rows_of_one_unit_alike_are_one_row() -> None:
    assert design_effect(7, 1.0) == 7
    assert icc_of(7.0, 7.0) == 1
    assert np.isnan(icc_of(1.0, 1.0))


def test_few_clusters_cost_more_than_their_design_effect() -> None:
    even = units_needed(Clusters(10, 0.1).noise(1.0), Aim(), 0.4)
    uneven = units_needed(Clusters(10, 0.1, 1.0).noise(1.0), Aim(), 0.4)
    assert even is not None
    assert uneven is not None
    assert uneven > even


def test_clusters_of_equal_size() -> None:
    """Units times rows is the number of independent rows times the design effect, but for the degrees of freedom."""
    noise = Clusters(20, 0.05).noise(1.0)
    independent = units_needed(Noise(1.0), Aim(), 0.1)
    assert independent is not None
    assert units_needed(Noise(noise.sd), Aim(), 0.1) == math.ceil(independent * 1.95 / 20)


@pytest.mark.parametrize(
    ("size", "icc", "cv", "effect"),
    [(10, 0.05, 0.0, 1.45), (20, 0.01, 0.0, 1.19), (50, 0.02, 0.65, 2.4025), (1, 0.5, 0, 1)],
)
def test_design_effects(size: float, icc: float, cv: float, effect: float) -> None:
    assert design_effect(size, icc, cv) == pytest.approx(effect)
