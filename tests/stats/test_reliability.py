from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.calibration import calibration_curve

from assay.records.sample import Rows
from assay.stats.reliability import binned, reliability


def rows(seed, n=1000, per=1, shift=0.0):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.02, 0.98, n)
    unit = np.arange(n) // per
    noise = 0.0 if per == 1 else 1.5 * rng.normal(size=n)[unit]
    y = (rng.random(n) < expit(np.log(p / (1 - p)) + noise + shift)).astype(np.int64)
    return Rows(y, p[None], None if per == 1 else unit, None if per == 1 else unit)


@pytest.mark.parametrize("seed", range(4))
def test_points_are_those_of_scikit_learn(seed):
    sample = rows(seed)
    # source: scikit-learn 1.9.1, calibration_curve(y, p, n_bins=10, strategy="quantile")
    came, said = calibration_curve(sample.target, sample.scores[0], n_bins=10, strategy="quantile")
    found = reliability(sample, 0, 0.95)
    assert found.came == pytest.approx(came, abs=0.02)
    assert found.said == pytest.approx(said, abs=0.02)
    assert found.rows.sum() == 1000


def test_tied_probabilities_share_a_bin():
    assert binned(np.array([0.2] * 50 + [0.7] * 50), 10).max() == 1
    assert binned(np.full(9, 0.5), 10).tolist() == [0] * 9
    found = reliability(Rows(np.zeros(9, dtype=np.int64), np.full((1, 9), 0.5)), 0, 0.95)
    assert found.low[0] == 0.0
    assert 0 < found.high[0] < 1


def test_the_band_holds_a_calibrated_model_in_all_bins_at_once():
    held = 0
    for seed in range(300):
        found = reliability(rows(seed), 0, 0.95)
        held += bool(np.all((found.low <= found.said) & (found.said <= found.high)))
    assert held >= 0.93 * 300


def test_the_band_leaves_a_shifted_model():
    found = reliability(rows(1, 5000, shift=1.0), 0, 0.95)
    assert (found.said[2:8] < found.low[2:8]).all()


def test_units_widen_the_band():
    clustered = rows(2, 2000, per=20)
    alone = reliability(Rows(clustered.target, clustered.scores), 0, 0.95)
    found = reliability(clustered, 0, 0.95)
    assert found.came == pytest.approx(alone.came)
    assert np.nanmean(found.high - found.low) > 1.05 * np.mean(alone.high - alone.low)


def test_a_bin_of_one_unit_has_no_band():
    p = np.repeat([0.1, 0.9], 10)
    unit = np.repeat([0, 1], 10)
    found = reliability(Rows((p > 0.5).astype(np.int64), p[None], unit, unit), 0, 0.95, bins=2)
    assert np.isnan(found.low).all()
