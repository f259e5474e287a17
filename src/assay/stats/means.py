"""Means and smooth functions of means, one row per unit: t by the delta method on the co-moments."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from assay.records.metric import Array, Family, Floats, Metric
from assay.records.sample import Moments
from assay.stats.jackknife import Range
from assay.stats.procedures import Descriptive, Result, StudentT, Undefined
from assay.stats.skew import skew_facts

UNSUMMED = "all scores here are too small beside the largest of the table to be summed exactly"


def value_of(metric: Metric, means: Array) -> Floats:
    """The metric at means [..., m] -> [...]."""
    if metric.value is None:
        return np.asarray(means[..., 0], dtype=float)
    return np.asarray(metric.value(means), dtype=float)


def gradient(metric: Metric, mean: Floats, spread: Floats) -> Floats:
    """Derivatives of the metric by its means, by central differences.

    A mean is linear, so that its step may be as long as its values and rounding does no harm.

    Args:
        metric: Family MEAN or SUMS.
        mean: [m].
        spread: [m], standard deviations: the scale of the step where a mean is near 0.
    """
    scale = np.maximum(np.abs(mean), spread)
    scale = np.where(scale > 0, scale, 1.0)
    step = scale * (1.0 if metric.family is Family.MEAN else np.finfo(float).eps ** (1 / 3))
    with np.errstate(invalid="ignore", divide="ignore"):
        ahead = value_of(metric, mean + np.diag(step))
        behind = value_of(metric, mean - np.diag(step))
    return np.asarray((ahead - behind) / (2 * step))


def contrast_gradient(metric: Metric, sample: Moments, weights: Floats) -> Floats:
    """Gradient [A*m] of sum over arms of weight x value of the arm."""
    arms, m = sample.mean.shape
    spread = np.sqrt(np.diagonal(sample.comoment).reshape(arms, m) / max(1, sample.n - 1))
    return np.concatenate(
        [w * gradient(metric, sample.mean[a], spread[a]) if w else np.zeros(m) for a, w in enumerate(weights)]
    )


def moments_t(
    metric: Metric, sample: Moments, weights: Floats, bounds: Range, facts: Mapping[str, Any] | None = None
) -> Result:
    """Sum over arms of weight x metric, with t on n - 1 degrees of freedom.

    Args:
        metric: Family MEAN or SUMS.
        sample: Means and co-moments of all arms.
        weights: [A], e.g. (-1, 1) for a difference.
        bounds: Least and greatest value possible.
        facts: Diagnostics to keep.
    """
    mean = metric.family is Family.MEAN
    method = "t" if mean else "t-ratio"
    used = np.flatnonzero(weights)
    if sample.n < 1:
        return Undefined(metric.undefined, method)
    values = value_of(metric, sample.mean[used])
    value = float(values @ weights[used])
    if math.isnan(value):
        return Undefined(why_undefined(metric, sample.mean[used]), method)
    if sample.n < 2:
        return Descriptive(value, method, "no interval: one unit says nothing of how units differ")
    slope = contrast_gradient(metric, sample, weights)
    var = float(slope @ sample.comoment @ slope) / (sample.n - 1) / sample.n
    size = float(np.abs(slope) @ np.sqrt(np.diagonal(sample.comoment) / sample.n))
    # Below this, what is left of the variance is the rounding of co-moments that cancel.
    if not var * sample.n > 1e-14 * size * size:
        why = "no interval: every unit gives the same value, so the sample shows no variance"
        return Descriptive(value, method, why)
    reason = "one row per unit: t over units" if mean else "a function of means, one row per unit: delta method with t"
    low, high = bounds
    # Of a function of several means the first column speaks for all: in the metrics here it holds the squared errors.
    skew = sample.skewness[used[0] if len(used) == 1 else -1]
    facts = {**(facts or {}), "df": sample.n - 1, **skew_facts(sample.n, float(skew))}
    return StudentT(value, math.sqrt(var), sample.n - 1, method, reason, low, high, diagnostics=facts)


def why_undefined(metric: Metric, sums: Floats) -> str:
    """Why a value is NaN: its sums already are, or the metric is not defined on them."""
    return f"{metric.undefined}, or {UNSUMMED}" if np.isnan(sums).any() else metric.undefined


def difference_range(metric: Metric) -> Range:
    """The range of a difference of two values of the metric."""
    if metric.lower is None or metric.upper is None:
        return None, None
    width = metric.upper - metric.lower
    return -width, width
