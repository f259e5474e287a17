from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from assay.records.sample import GroupedSums
from assay.stats.choose import infer
from assay.stats.domain import within
from assay.stats.estimates import estimate
from assay.stats.groups import group_skewness, infer_groups
from assay.stats.options import InferenceOptions
from assay.stats.skew import skew_facts, skewness
from tests.stats.samples import LOSS, clustered, flat, moments

OPTIONS = InferenceOptions()


def _pairs(values: np.ndarray) -> np.ndarray:
    """Scores [n, 2, 1] whose differences are the values."""
    base = np.random.default_rng(3).normal(5.0, 1.0, len(values))
    return np.stack([base, base + values], axis=1)[:, :, None]


def test_skewness_is_that_of_the_field() -> None:
    x = np.random.default_rng(0).lognormal(size=(3, 50))
    assert skewness(x) == pytest.approx(stats.skew(x, axis=1), rel=1e-12)
    assert float(skewness(np.ones(5))) == 0.0


def test_units_for_each_squared_skewness() -> None:
    assert skew_facts(100, 2.0) == {"skewness": 2.0, "skew_units": 25.0}
    assert skew_facts(30, 0.0)["skew_units"] == pytest.approx(300.0)
    assert not within("t", {"units": 1000, **skew_facts(1000, float("nan"))})[0]


@pytest.mark.parametrize(("n", "inside"), [(100, False), (2000, True)])
def test_log_normal_differences_need_many_units(n: int, inside: bool) -> None:
    # Skewness 6.2 in the population, about 3 in 100 rows; covers 92 % there (docs/coverage.md).
    values = np.random.default_rng(1).lognormal(size=n)
    found = estimate(infer(LOSS, moments(_pairs(values)), flat(n), OPTIONS).difference, flat(n))
    assert found.inside_domain is inside
    assert inside or "where values are as skewed as here (skewness " in found.domain
    assert found.diagnostics["skewness"] == pytest.approx(stats.skew(values), rel=1e-6)


def test_single_arms_have_their_own_skewness() -> None:
    scores = _pairs(np.random.default_rng(1).lognormal(size=100))
    found = infer(LOSS, moments(scores), flat(100), OPTIONS)
    assert found.baseline.diagnostics["skewness"] == pytest.approx(stats.skew(scores[:, 0, 0]), rel=1e-6)
    assert found.candidate.diagnostics["skewness"] == pytest.approx(stats.skew(scores[:, 1, 0]), rel=1e-6)


def test_groups_show_the_skewness_of_their_means() -> None:
    rng = np.random.default_rng(2)
    n, means = rng.integers(1, 9, 60), rng.lognormal(size=60)
    total = float((n * means).sum())
    replicates = (total - n * means) / (n.sum() - n)
    assert group_skewness(total / n.sum() - replicates, n) == pytest.approx(stats.skew(means), rel=1e-9)


def test_variance_over_seeds_dilutes_the_skewness_of_units() -> None:
    rng = np.random.default_rng(5)
    values = rng.lognormal(size=(60, 1, 1)) + rng.normal(size=(1, 6, 1)) * 3
    design = dataclasses.replace(clustered(np.full(60, 1)), baseline=(0, 1, 2), candidate=(3, 4, 5), about="method")
    sample = GroupedSums(np.full(60, 1), values)
    units = infer_groups(LOSS, sample, dataclasses.replace(design, about="model"))[1]
    both = infer_groups(LOSS, sample, design)[1]
    assert 0 < both.diagnostics["skewness"] < 0.2 * units.diagnostics["skewness"]
    assert both.diagnostics["skew_units"] > units.diagnostics["skew_units"]
