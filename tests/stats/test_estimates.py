from __future__ import annotations

import math

import numpy as np
import pytest

from assay.records.sample import PairedCounts
from assay.stats.choose import infer
from assay.stats.estimates import directed_p, estimate
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Draws, StudentT, Undefined
from assay.stats.proportions import tango
from tests.stats.samples import ACCURACY, F1, LOSS, flat, moments, paired

OPTIONS = InferenceOptions(draws=999)
TABLE = np.array([[10, 25], [12, 60]])


def test_every_field_is_filled() -> None:
    found = estimate(tango(TABLE, "why"), flat(107), level=0.9, decision_level=0.99)
    assert found.value == pytest.approx(13 / 107)
    assert found.interval == pytest.approx(tango(TABLE, "why").interval(0.9))
    assert found.decision_interval == pytest.approx(tango(TABLE, "why").interval(0.99))
    assert (found.level, found.decision_level) == (0.9, 0.99)
    assert (found.rows, found.units, found.effective_units) == (107, 107, 107.0)
    assert found.method == "tango"
    assert found.reason == "why"
    assert found.exact
    assert found.monte_carlo_error is None
    assert found.inside_domain
    assert "107" in found.domain
    assert found.undefined is None
    assert found.diagnostics["mcnemar_mid_p"] < 0.05 < found.diagnostics["mcnemar_exact_p"] + 0.05


def test_decision_interval_is_the_shown_one_unless_asked() -> None:
    found = estimate(tango(TABLE, "why"), flat(107))
    assert found.decision_interval == found.interval
    assert found.decision_level == 0.95


def test_margin_is_the_value_tested() -> None:
    procedure = StudentT(0.1, 0.05, 99, "t", "why")
    found = estimate(procedure, flat(100), margin=-0.02, alternative="greater")
    assert found.p_value == pytest.approx(procedure.p_value(-0.02) / 2)
    assert (found.margin, found.alternative) == (-0.02, "greater")


def test_directed_p() -> None:
    assert directed_p(1.0, 0.04, "two-sided", 0.0) == 0.04
    assert directed_p(1.0, 0.04, "greater", 0.0) == 0.02
    assert directed_p(1.0, 0.04, "less", 0.0) == 0.98


def test_undefined_and_descriptive_are_never_intervals() -> None:
    gone = estimate(Undefined("no positives", "wilson"), flat(10))
    assert (gone.value, gone.interval, gone.decision_interval, gone.p_value) == (None, None, None, None)
    assert gone.undefined == "no positives"
    shown = estimate(Descriptive(0.2, "descriptive", "no interval is known"), flat(10))
    assert (shown.value, shown.interval, shown.undefined) == (0.2, None, None)
    assert not gone.inside_domain
    assert not shown.inside_domain
    assert shown.domain == "no interval is known"


def test_monte_carlo_error_is_reported() -> None:
    counts = np.random.default_rng(0).integers(1, 30, (2, 2, 2))
    found = estimate(infer(F1, PairedCounts(counts), flat(int(counts.sum())), OPTIONS).difference, flat(200))
    assert found.monte_carlo_error is not None
    assert 0 < found.monte_carlo_error < 0.05
    assert not found.exact


def test_too_few_replicates_for_the_level_are_outside_the_domain() -> None:
    draws = Draws(0.5, np.linspace(0.3, 0.7, 99), "dirichlet", "why", 0.0, 1.0)
    assert estimate(draws, flat(100)).inside_domain
    found = estimate(draws, flat(100), decision_level=0.9999)
    assert not found.inside_domain
    assert found.decision_interval == (0.0, 1.0)
    unbounded = estimate(Draws(0.5, np.linspace(0.3, 0.7, 99), "dirichlet", "why"), flat(100), level=0.9999)
    assert unbounded.interval is None
    assert not unbounded.inside_domain


def test_small_samples_say_what_is_missing() -> None:
    scores = np.random.default_rng(1).exponential(size=(8, 2, 1))
    found = estimate(infer(LOSS, moments(scores), flat(8), OPTIONS).difference, flat(8))
    assert not found.inside_domain
    assert "10 units" in found.domain
    assert "here 8" in found.domain


def test_few_units_with_a_difference_cannot_support() -> None:
    scores = np.random.default_rng(1).normal(5.0, 1.0, size=(200, 2, 1))
    scores[9:, 1] = scores[9:, 0]
    found = infer(LOSS, moments(scores), flat(200), OPTIONS)
    assert not estimate(found.difference, flat(200)).inside_domain
    assert estimate(found.baseline, flat(200)).inside_domain


def test_no_estimate_has_zero_width() -> None:
    for table in ([[0, 0], [0, 1]], [[0, 0], [0, 9]], [[9, 0], [0, 0]], [[0, 9], [0, 0]]):
        three = infer(ACCURACY, paired(table), flat(int(np.sum(table))), OPTIONS)
        for procedure in (three.baseline, three.candidate, three.difference):
            interval = estimate(procedure, flat(9)).interval
            assert interval is not None
            assert interval[1] - interval[0] > 0.05
            assert all(math.isfinite(b) for b in interval)
