"""The studentised bootstrap over groups: a check of the jackknife's t interval, not the interval that decides."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterator

import numpy as np

from assay.records.metric import Floats, Metric
from assay.records.sample import Design, GroupedSums
from assay.stats.groups import weights
from assay.stats.means import gradient, value_of
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Result, StudentT

DRAWS = 999
LEAST_GROUPS = 20
CHUNK = 2_000_000


def resampled(groups: int, draws: int, generator: np.random.Generator) -> Floats:
    """How often each group is drawn, [draws, groups], each row summing to `groups`."""
    picked = generator.integers(groups, size=(draws, groups))
    flat = picked + groups * np.arange(draws)[:, None]
    return np.bincount(flat.ravel(), minlength=draws * groups).reshape(draws, groups).astype(float)


@functools.lru_cache(maxsize=2)
def _shared(options: InferenceOptions, groups: int) -> Floats:
    """The replicates of a slice, [DRAWS, groups]: all its metrics see the same, as the stream does not name them."""
    return resampled(groups, DRAWS, options.generator("studentised"))


def _replicates(options: InferenceOptions, groups: int) -> Iterator[Floats]:
    size = CHUNK // groups
    if size >= DRAWS:
        yield _shared(options, groups)
        return
    generator = options.generator("studentised")
    for start in range(0, DRAWS, max(1, size)):
        yield resampled(groups, min(max(1, size), DRAWS - start), generator)


def studentised(metric: Metric, sample: GroupedSums, weight: Floats, options: InferenceOptions) -> Floats:
    """Replicates of (replicate - value) / standard error of the replicate.

    Args:
        metric: Family MEAN or SUMS.
        sample: Sums over groups.
        weight: [A], the contrast of the arms.
        options: Seed and stream.

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 12.5.
    """
    kept = sample.n > 0
    n, sums = sample.n[kept].astype(float), sample.sums[kept]
    groups, arms, m = sums.shape
    mean = sums.sum(axis=0) / n.sum()
    slope = np.stack([w * gradient(metric, mean[a], np.abs(mean[a])) for a, w in enumerate(weight)])
    value = float(value_of(metric, mean) @ weight)
    flat = sums.reshape(groups, arms * m)
    linear = flat @ slope.ravel()
    columns = np.column_stack([n, flat, linear, linear * linear, linear * n, n * n])
    out = []
    for replicates in _replicates(options, groups):
        drawn = replicates @ columns
        total = drawn[:, 0]
        means = (drawn[:, 1 : 1 + arms * m] / total[:, None]).reshape(-1, arms, m)
        centre = drawn[:, -4] / total
        spread = drawn[:, -3] - 2 * centre * drawn[:, -2] + centre**2 * drawn[:, -1]
        with np.errstate(divide="ignore", invalid="ignore"):
            se = np.sqrt(np.maximum(spread, 0) * groups / (groups - 1)) / total
            out.append((value_of(metric, means) @ weight - value) / se)
    return np.concatenate(out)


def bootstrap_interval(procedure: StudentT, replicates: Floats, level: float = 0.95) -> tuple[float, float]:
    """The bootstrap-t interval of a procedure; degenerate replicates count as infinitely far."""
    far = np.sort(np.where(np.isfinite(replicates), replicates, np.inf))
    k = max(1, math.floor((far.size + 1) * (1 - level) / 2 + 1e-9))
    return procedure.value - procedure.se * float(far[-k]), procedure.value - procedure.se * float(far[k - 1])


def with_bootstrap(
    metric: Metric, sample: GroupedSums, design: Design, options: InferenceOptions, three: tuple[Result, Result, Result]
) -> tuple[Result, Result, Result]:
    """Add `bootstrap_t_interval` (95 %) to the diagnostics of the difference, from 20 groups with rows."""
    base, cand, difference = three
    groups = int(np.count_nonzero(sample.n))
    if not isinstance(difference, StudentT) or difference.method != "jackknife" or groups < LEAST_GROUPS:
        return three
    replicates = studentised(metric, sample, weights(design, sample.sums.shape[1])[2], options)
    bounds = bootstrap_interval(difference, replicates)
    more = {**difference.diagnostics, "bootstrap_t_interval": bounds}
    return base, cand, dataclasses.replace(difference, diagnostics=more)
