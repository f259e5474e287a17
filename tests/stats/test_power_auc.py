"""Variances of AUCs against DeLong's on drawn scores."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from assay.base.errors import PlanError
from assay.stats.auc import delong
from assay.stats.power_auc import auc_of, binormal_difference, binormal_sd


def drawn(shifts: tuple[float, float], correlation: float, n: int = 40_000, positives: float = 0.3):
    rng = np.random.default_rng(2)
    target = (np.arange(n) < n * positives).astype(int)
    noise = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], n).T
    return delong(target, noise + np.array(shifts)[:, None] * target)


@pytest.mark.parametrize(("one", "two", "correlation"), [(0.75, 0.8, 0.5), (0.9, 0.92, 0.8), (0.6, 0.6, 0.0)])
def test_a_paired_difference_is_delongs(one: float, two: float, correlation: float) -> None:
    a, b = (math.sqrt(2) * float(ndtri(v)) for v in (one, two))
    fit = drawn((a, b), correlation)
    weights = np.array([-1.0, 1.0])
    noise = binormal_difference((a, 1.0), (b, 1.0), 0.3, (correlation, correlation))
    assert noise.se(40_000) == pytest.approx(math.sqrt(weights @ fit.covariance @ weights), rel=0.05)
    assert auc_of(a, 1.0) == pytest.approx(one)


@pytest.mark.parametrize(("auc", "within"), [(0.6, 0.05), (0.8, 0.05), (0.9, 0.05)])
def test_one_auc_is_near_delongs(auc: float, within: float) -> None:
    a = math.sqrt(2) * float(ndtri(auc))
    fit = drawn((a, a), 0.0)
    assert binormal_sd(auc, 0.3) / 200 == pytest.approx(math.sqrt(fit.covariance[0, 0]), rel=within)


def test_what_has_no_variance_is_refused() -> None:
    for bad in ((1.0, 0.3), (0.8, 0.0), (0.8, 1.0), (0.0, 0.5)):
        with pytest.raises(PlanError):
            binormal_sd(*bad)
    with pytest.raises(PlanError, match="correlate"):
        binormal_difference((1.0, 1.0), (1.1, 1.0), 0.3, (1.0, 0.5))
