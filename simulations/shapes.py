"""Sizes of units, designs and moments, shared by the scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.records.metric import Floats, Ints
from assay.records.sample import Design, Moments
from assay.stats.skew import skewness

LARGEST = 100


def sizes(rng: np.random.Generator, units: int, shape: str) -> Ints:
    """Rows of each unit: `one`, `equal5`, or `pareto` (tail index 1.5, at most 100)."""
    if shape == "one":
        return np.ones(units, dtype=np.int64)
    if shape == "pareto":
        return np.minimum(LARGEST, np.ceil(rng.pareto(1.5, units) + 1)).astype(np.int64)
    return np.full(units, int(shape.removeprefix("equal")), dtype=np.int64)


def design(rows: Ints, **more: Any) -> Design:
    """The design of units with so many rows each."""
    n = rows[rows > 0].astype(float)
    clustered = bool((n > 1).any())
    return Design(int(n.sum()), len(n), float(n.sum() ** 2 / (n * n).sum()), clustered, **more)


def moments(scores: Floats) -> Moments:
    """Moments of scores [A, m, n] with one row per unit."""
    arms, columns, n = scores.shape
    flat = scores.reshape(arms * columns, n)
    mean = flat.mean(axis=1)
    centred = flat - mean[:, None]
    differ = int(np.count_nonzero(scores[0, 0] != scores[1, 0]))
    three = np.stack([scores[0, 0], scores[1, 0], scores[1, 0] - scores[0, 0]])
    return Moments(n, mean.reshape(arms, columns), centred @ centred.T, differ, skewness(three))


def group_sums(values: Floats, unit: Ints, units: int) -> Floats:
    """Sums by unit of values [A, m, n] -> [units, A, m]."""
    flat = values.reshape(-1, values.shape[-1])
    sums = np.stack([np.bincount(unit, row, minlength=units).astype(float) for row in flat], axis=1)
    return sums.reshape(units, *values.shape[:2])
