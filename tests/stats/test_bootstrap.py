from __future__ import annotations

import numpy as np
import pytest

from assay.stats.bootstrap import bootstrap_interval, resampled, studentised
from assay.stats.choose import infer
from assay.stats.options import InferenceOptions
from assay.stats.procedures import StudentT
from tests.stats.samples import LOSS, RMSE, clustered, grouped_sums

CHECKED = InferenceOptions(sensitivity=True)


def test_every_replicate_draws_as_many_groups() -> None:
    drawn = resampled(30, 50, np.random.default_rng(0))
    assert drawn.sum(axis=1).tolist() == [30] * 50
    assert drawn.mean() == pytest.approx(1.0)


def test_replicates_by_brute_force() -> None:
    sample = grouped_sums(np.random.default_rng(1))
    weight = np.array([-1.0, 1.0])
    found = studentised(LOSS, sample, weight, CHECKED)
    drawn = resampled(30, 999, CHECKED.generator("studentised"))[0].astype(int)
    rows = np.repeat(np.arange(30), drawn)
    n, d = sample.n[rows], sample.sums[rows, 1, 0] - sample.sums[rows, 0, 0]
    value = float((sample.sums[:, 1] - sample.sums[:, 0]).sum() / sample.n.sum())
    centre = d.sum() / n.sum()
    se = np.sqrt(30 / 29 * ((d - centre * n) ** 2).sum()) / n.sum()
    assert found[0] == pytest.approx((centre - value) / se, rel=1e-8)


@pytest.mark.parametrize("metric", [LOSS, RMSE])
def test_check_agrees_with_the_jackknife_on_well_behaved_data(metric) -> None:
    sample = grouped_sums(np.random.default_rng(2), groups=200)
    found = infer(metric, sample, clustered(sample.n), CHECKED).difference
    assert found.diagnostics["bootstrap_t_interval"] == pytest.approx(found.interval(0.95), abs=0.25 * found.se)


def test_check_needs_twenty_groups_and_to_be_asked() -> None:
    small = grouped_sums(np.random.default_rng(3), groups=19)
    large = grouped_sums(np.random.default_rng(3), groups=20)
    asked = infer(LOSS, small, clustered(small.n), CHECKED).difference
    unasked = infer(LOSS, large, clustered(large.n), InferenceOptions()).difference
    given = infer(LOSS, large, clustered(large.n), CHECKED).difference
    assert "bootstrap_t_interval" not in asked.diagnostics
    assert "bootstrap_t_interval" not in unasked.diagnostics
    assert "bootstrap_t_interval" in given.diagnostics


def test_degenerate_replicates_make_it_wider() -> None:
    procedure = StudentT(0.0, 1.0, 29, "jackknife", "why")
    replicates = np.random.default_rng(0).standard_normal(999)
    broken = np.where(np.arange(999) < 5, np.nan, replicates)
    assert bootstrap_interval(procedure, broken)[0] <= bootstrap_interval(procedure, replicates)[0]
