from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from assay.records.sample import GroupedSums
from assay.stats.choose import infer
from assay.stats.estimates import estimate
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Draws, StudentT
from assay.stats.seeds import Part, method_t, satterthwaite, seed_parts, spread
from tests.stats.samples import F1, LOSS, clustered, flat, grouped_counts

VALUES = np.array([0.70, 0.72, 0.69, 0.80, 0.78, 0.83, 0.79])
WEIGHTS = np.array([-1 / 3] * 3 + [1 / 4] * 4)
DESIGN = flat(500, baseline=(0, 1, 2), candidate=(3, 4, 5, 6), about="method")


def test_without_unit_variance_it_is_welchs_t_test() -> None:
    found = method_t(VALUES, WEIGHTS, Part(0.0, 499), DESIGN, (None, None))
    expected = stats.ttest_ind(VALUES[3:], VALUES[:3], equal_var=False)
    assert isinstance(found, StudentT)
    assert found.df == pytest.approx(expected.df, rel=1e-12)
    assert found.p_value(0.0) == pytest.approx(expected.pvalue, rel=1e-10)


def test_paired_seeds_without_unit_variance_are_the_paired_t_test() -> None:
    design = flat(500, baseline=(0, 1, 2), candidate=(3, 4, 5), about="method", seeds_paired=True)
    found = method_t(VALUES[:6], np.array([-1.0] * 3 + [1.0] * 3) / 3, Part(0.0, 499), design, (None, None))
    expected = stats.ttest_rel(VALUES[3:6], VALUES[:3])
    assert found.p_value(0.0) == pytest.approx(expected.pvalue, rel=1e-10)


@pytest.mark.parametrize(("seeds", "coverage"), [(3, 0.95275), (5, 0.9495), (10, 0.95325), (20, 0.9455)])
def test_t_over_few_seeds_covers_as_simulated_elsewhere(seeds: int, coverage: float) -> None:
    """4,000 samples of normal seeds there (standard error 0.0034) and here; a percentile bootstrap has 75 to 92 %."""
    drawn = np.random.default_rng(seeds).normal(size=(4000, seeds))
    arms = {"baseline": (0,), "candidate": tuple(range(1, 1 + seeds))}
    design = flat(500, about="method", **arms)
    weights = np.append(-1.0, np.full(seeds, 1 / seeds))
    held = 0
    for values in drawn:
        low, high = method_t(np.append(0.0, values), weights, Part(0.0, 499), design, (None, None)).interval(0.95)
        held += low <= 0 <= high
    assert held / 4000 == pytest.approx(coverage, abs=4 * np.sqrt(2) * 0.0034)


@pytest.mark.parametrize(("seeds", "coverage"), [(3, 0.75375), (5, 0.839), (10, 0.9055), (20, 0.92225)])
def test_percentiles_over_few_seeds_miss_as_simulated_elsewhere(seeds: int, coverage: float) -> None:
    """Why seeds have t: percentiles of resampled seeds, 1,000 samples of 999 draws here, 4,000 of 2,000 there."""
    rng, samples = np.random.default_rng(seeds), 1000
    held = 0
    for values in rng.normal(size=(samples, seeds)):
        drawn = np.sort(values[rng.integers(seeds, size=(999, seeds))].mean(axis=1))
        low, high = Draws(float(values.mean()), drawn, "percentile", "resampled seeds").interval(0.95)
        held += low <= 0 <= high
    assert held / samples == pytest.approx(coverage, abs=4 * np.hypot(0.0136, 0.0034))


def test_unit_variance_adds() -> None:
    found = method_t(VALUES, WEIGHTS, Part(4e-4, 499), DESIGN, (None, None))
    expected = 4e-4 + VALUES[:3].var(ddof=1) / 3 + VALUES[3:].var(ddof=1) / 4
    assert found.se**2 == pytest.approx(expected)
    assert found.diagnostics["seeds"] == 3


def test_satterthwaite_of_one_part_is_that_part() -> None:
    assert satterthwaite((Part(2.0, 7), Part(0.0, 1))).df == pytest.approx(7)


def test_a_single_deterministic_baseline_adds_nothing() -> None:
    design = flat(500, baseline=(0,), candidate=(3, 4, 5, 6), about="method")
    weights = np.array([-1.0, 0, 0] + [0.25] * 4)
    parts = seed_parts(VALUES, weights, design)
    assert parts[0].variance == 0.0
    assert parts[1] == spread(VALUES[3:])
    assert method_t(VALUES, weights, Part(1e-4, 499), design, (None, None)).diagnostics["seeds"] == 4


@pytest.mark.parametrize("candidate", [(1,), (3,)])
def test_one_seed_is_anecdotal(candidate: tuple[int, ...]) -> None:
    design = flat(500, baseline=(0,), candidate=candidate, about="method")
    weights = np.zeros(7)
    weights[0], weights[candidate[0]] = -1, 1
    found = method_t(VALUES, weights, Part(1e-4, 499), design, (None, None))
    assert isinstance(found, Descriptive)
    assert "anecdotal" in found.reason


def test_a_method_claim_is_wider_than_a_model_claim() -> None:
    sample = grouped_counts(np.random.default_rng(0), arms=6)
    sizes = sample.counts[:, 0].sum((-2, -1))
    arms = {"baseline": (0, 1, 2), "candidate": (3, 4, 5)}
    model = infer(F1, sample, clustered(sizes, **arms), InferenceOptions()).difference
    method = infer(F1, sample, clustered(sizes, about="method", **arms), InferenceOptions()).difference
    assert method.method == "seeds-satterthwaite"
    assert method.value == model.value
    assert method.se > model.se


def test_coverage_with_few_seeds() -> None:
    """Nominal 95 %: units and seeds both random; t over seeds alone would miss half of the time here."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(400):
        unit = rng.standard_normal((80, 1)) * 0.5
        level = rng.standard_normal(6) * 0.05
        scores = 1 + unit * np.r_[np.zeros(3), np.ones(3)] + level + rng.standard_normal((80, 6)) * 0.2
        sample = GroupedSums(np.ones(80, dtype=np.int64), scores[..., None])
        design = flat(80, baseline=(0, 1, 2), candidate=(3, 4, 5), about="method")
        low, high = infer(LOSS, sample, design, InferenceOptions()).difference.interval(0.95)
        covered += low <= 0 <= high
    assert covered >= 364


@pytest.mark.parametrize(("baseline", "paired", "inside"), [(3, False, True), (3, True, False), (1, False, False)])
def test_three_seeds_are_enough_where_both_models_vary(baseline: int, paired: bool, inside: bool) -> None:
    """One variance of two degrees of freedom covers 92 % where it decides (the grid of docs/coverage.md)."""
    rng = np.random.default_rng(1)
    arms = baseline + 3
    values = rng.normal(size=(100, 1, 1)) * 0.1 + rng.normal(size=(100, arms, 1)) * 0.1 + rng.normal(size=(1, arms, 1))
    design = dataclasses.replace(
        clustered(np.full(100, 1)),
        baseline=tuple(range(baseline)),
        candidate=tuple(range(baseline, arms)),
        about="method",
        seeds_paired=paired,
    )
    found = infer(LOSS, GroupedSums(np.full(100, 1), values), design, InferenceOptions()).difference
    made = estimate(found, design)
    assert made.method == "seeds-satterthwaite"
    assert made.inside_domain is inside
    assert "degrees of freedom between seeds" in made.domain
