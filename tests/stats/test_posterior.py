"""Posteriors: moments that are known in closed form, and what has none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from assay.metrics import parse
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.options import InferenceOptions
from assay.stats.posterior import bootstrap_posterior, normal_posterior

OPTIONS = InferenceOptions(seed=2, draws=20_000)


def of(differences: np.ndarray, rope: float = 0.0, metric: str = "mean"):  # type: ignore[no-untyped-def]
    n = differences.size
    sums = np.stack([np.zeros(n), differences], axis=1)[:, :, None]
    sample = GroupedSums(np.ones(n, dtype=np.int64), sums)
    return bootstrap_posterior(parse(metric), sample, Design(n, n, n, False), rope, 0.95, OPTIONS)


def test_the_bootstrap_posterior_has_rubins_moments() -> None:
    x = np.random.default_rng(0).gamma(2.0, 1.0, 50)
    found = of(x)
    # source: Rubin (1981), Annals of Statistics 9:130-134: mean the sample's, variance sum of squares / (n (n + 1))
    sd = math.sqrt(((x - x.mean()) ** 2).sum() / (50 * 51))
    assert found.mean == pytest.approx(x.mean(), abs=4 * sd / math.sqrt(20_000))
    assert found.interval[1] - found.interval[0] == pytest.approx(2 * 1.96 * sd, rel=0.05)


def test_probabilities_are_shares_and_follow_the_direction() -> None:
    x = np.random.default_rng(1).normal(0.1, 1.0, 200)
    up, down = of(x, 0.05, "mean(direction=higher)"), of(x, 0.05, "mean(direction=lower)")
    assert up.better == pytest.approx(1 - down.better)
    below = 1 - up.inside - up.above
    assert down.above == pytest.approx(below)
    assert 0 < up.inside < 1
    assert of(x).inside is None


def test_what_shows_no_variance_or_is_undefined_has_no_posterior() -> None:
    assert of(np.ones(20)) is None
    counts = np.zeros((5, 2, 2, 2), dtype=np.int64)
    counts[:, :, 0, 0] = 1
    made = bootstrap_posterior(
        parse("recall(class=1)"), GroupedCounts(counts), Design(5, 5, 5.0, False), 0.0, 0.95, OPTIONS
    )
    assert made is None


@pytest.mark.parametrize(
    ("prior", "mean", "sd"),
    [
        # source: Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, eqs 2.11 and 2.12: precisions add
        (None, 0.3, 0.1),
        (0.1, 0.15, 0.1 / math.sqrt(2)),
        (0.2, 0.24, 1 / math.sqrt(125)),
    ],
)
def test_a_normal_prior_adds_its_precision(prior: float | None, mean: float, sd: float) -> None:
    found = normal_posterior(0.3, 0.1, 1.0, 0.05, 0.95, prior)
    assert found.mean == pytest.approx(mean)
    assert found.interval[1] - found.mean == pytest.approx(1.959964 * sd, rel=1e-6)
    assert found.inside is not None
    assert found.above is not None
    assert found.inside + found.above < 1


def test_less_is_better_turns_the_probability_round() -> None:
    up, down = (normal_posterior(0.1, 0.1, sign, 0.0, 0.95) for sign in (1.0, -1.0))
    # source: the normal distribution function at 1: 0.8413
    assert up.better == pytest.approx(0.8413, abs=5e-5)
    assert down.better == pytest.approx(1 - up.better)
