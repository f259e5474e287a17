from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from assay.records.estimate import Estimate
from assay.records.metric import Floats
from assay.records.sample import GroupedSums
from assay.stats.choose import infer
from assay.stats.components import components
from assay.stats.estimates import estimate
from assay.stats.options import InferenceOptions
from tests.stats.samples import LOSS, clustered

# Scores [unit, seed] of a baseline (two seeds) and a candidate (three seeds).
BASE = np.array([[5.0, 5.4], [6.1, 6.6], [4.2, 4.8], [7.0, 7.1], [5.5, 5.2], [6.3, 6.9]])
CAND = np.array([[4.1, 4.4, 4.6], [5.0, 5.5, 5.2], [4.0, 3.9, 4.4], [6.2, 6.0, 6.9], [5.1, 4.6, 5.3], [5.4, 5.9, 5.6]])


def difference(base: Floats, cand: Floats, level: float = 0.95) -> Estimate:
    """A claim about a method: candidate less baseline on a mean of losses."""
    scores = np.hstack([base, cand])
    n, arms = scores.shape
    split = base.shape[1]
    design = dataclasses.replace(
        clustered(np.full(n, 1)), baseline=tuple(range(split)), candidate=tuple(range(split, arms)), about="method"
    )
    found = infer(LOSS, GroupedSums(np.full(n, 1), scores[..., None]), design, InferenceOptions()).difference
    return estimate(found, design, level=level)


def test_the_unit_part_is_the_squared_error_of_a_t_test_over_units() -> None:
    found = components(difference(BASE, CAND))
    # source: scipy 1.17.1, stats.ttest_1samp(d, 0), d = each unit's mean over candidate less over baseline seeds
    expected = stats.ttest_1samp(CAND.mean(axis=1) - BASE.mean(axis=1), 0.0)
    assert found is not None
    assert found.unit == pytest.approx((_mean() / expected.statistic) ** 2, rel=1e-9)


def _mean() -> float:
    return float(CAND.mean() - BASE.mean())


def test_the_seed_part_is_the_squared_error_of_welchs_t_test_over_seeds() -> None:
    found = components(difference(BASE, CAND))
    # source: scipy 1.17.1, stats.ttest_ind(candidate seeds, baseline seeds, equal_var=False)
    expected = stats.ttest_ind(CAND.mean(axis=0), BASE.mean(axis=0), equal_var=False)
    assert found is not None
    assert found.seed == pytest.approx((_mean() / expected.statistic) ** 2, rel=1e-9)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_parts_add_up_to_the_variance_of_the_deciding_interval(level: float) -> None:
    made = difference(BASE, CAND, level)
    found = components(made)
    assert found is not None
    assert made.interval is not None
    half = (made.interval[1] - made.interval[0]) / 2
    quantile = stats.t.ppf(0.5 + level / 2, made.diagnostics["df"])
    assert found.total == pytest.approx((half / quantile) ** 2, rel=1e-9)


@pytest.mark.parametrize(("unit_sd", "seed_sd"), [(0.6, 0.02), (0.1, 0.2), (0.4, 0.06)])
def test_the_parts_recover_the_truth(unit_sd: float, seed_sd: float) -> None:
    """Units (80), seeds (4 a model) and their interaction, 300 samples; each part against its expectation."""
    rng = np.random.default_rng(5)
    units, seeds, noise = 80, 4, 0.3
    parts = []
    for _ in range(300):
        own = rng.normal(0, unit_sd, (units, 1))
        base = 1 + rng.normal(0, seed_sd, seeds) + rng.normal(0, noise, (units, seeds))
        cand = 1 + own + rng.normal(0, seed_sd, seeds) + rng.normal(0, noise, (units, seeds))
        found = components(difference(base, cand))
        assert found is not None
        parts.append((found.unit, found.seed))
    # The noise of single predictions is seen over units and over seeds: the sum errs to the safe side by it.
    unit = (unit_sd**2 + 2 * noise**2 / seeds) / units
    seed = (seed_sd**2 + noise**2 / units) * 2 / seeds
    error = np.std(parts, axis=0) / math.sqrt(300)
    assert (np.abs(np.mean(parts, axis=0) - [unit, seed]) < 4 * error).all()


def test_what_is_larger_is_what_more_of_helps() -> None:
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 0.02, (40, 6))
    of_units = noise + np.hstack([np.zeros((40, 3)), np.repeat(rng.normal(0, 1, (40, 1)), 3, axis=1)])
    of_seeds = noise + rng.normal(0, 1, 6)
    first, second = (components(difference(m[:, :3], m[:, 3:])) for m in (of_units, of_seeds))
    assert first is not None
    assert second is not None
    assert (first.more, second.more) == ("units", "seeds")
    # One source alone: half its variance, and a t of more degrees of freedom.
    assert first.twice_units == pytest.approx(
        math.sqrt(0.5) * stats.t.ppf(0.975, 79) / stats.t.ppf(0.975, 39), abs=0.01
    )
    assert second.twice_seeds < math.sqrt(0.5)


def test_what_knows_no_seeds_has_no_parts() -> None:
    assert components(Estimate(0.1, (0.0, 0.2), 0.95, "t")) is None
    one = difference(BASE[:, :1], CAND[:, :1])
    assert "anecdotal" in one.reason
    assert components(one) is None
