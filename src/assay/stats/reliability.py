"""Reliability diagrams: how often what was said with a probability came true, bin by bin, with a band.

Bins hold as many rows each, rows of one probability together. The band is simultaneous: with the level shown, the true
frequency lies in it in every bin.

Source: Bröcker & Smith (2007), Weather and Forecasting 22:651-661, for diagrams that show their own uncertainty;
Wilson (1927), JASA 22:209-212, for the frequency of a bin; Bonferroni over bins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.records.metric import Floats, Ints
from assay.records.sample import Rows
from assay.stats.jackknife import dense, effective_groups
from assay.stats.procedures import Descriptive, Result, Undefined
from assay.stats.proportions import effective_rows, proportion, proportion_clustered

BINS = 10
WHY = "frequency in a bin of a reliability diagram"


@dataclass(frozen=True, slots=True)
class Bins:
    """The points of a diagram.

    Attributes:
        said: [B], mean probability.
        came: [B], frequency of the positive class.
        low: [B], lower bound of the frequency; NaN where a bin has no interval.
        high: [B].
        rows: [B].
    """

    said: Floats
    came: Floats
    low: Floats
    high: Floats
    rows: Ints


def reliability(sample: Rows, arm: int, level: float, bins: int = BINS) -> Bins:
    """The diagram of one arm.

    Args:
        sample: Target 0 and 1, probabilities, and the units' groups where they have several rows.
        arm: Which scores.
        level: Of the band over all bins together.
        bins: At most so many; fewer where probabilities are tied.
    """
    p, y = sample.scores[arm], np.asarray(sample.target) > 0
    code = binned(p, bins)
    rows = np.bincount(code)
    said, came = np.bincount(code, p) / rows, np.bincount(code, y) / rows
    group = sample.group if sample.group is not None else sample.unit
    each = 1 - (1 - level) / len(rows)
    found = [_bin(y[code == b], None if group is None else group[code == b]) for b in range(len(rows))]
    low, high = np.array([_bounds(f, each) for f in found]).T
    return Bins(said, came, low, high, rows)


def binned(p: Floats, bins: int) -> Ints:
    """The bin of each row: bins of about as many rows, rows of one probability in the bin of their middle rank.

    >>> binned(np.array([0.1, 0.1, 0.1, 0.9]), 2).tolist()
    [0, 0, 0, 1]
    """
    _, place, tied = np.unique(p, return_inverse=True, return_counts=True)
    middle = np.cumsum(tied) - (tied + 1) / 2
    return np.unique(np.floor(middle * bins / len(p))[place], return_inverse=True)[1]


def _bin(y: Floats, group: Ints | None) -> Result:
    hits, rows = float(np.count_nonzero(y)), float(len(y))
    if group is None:
        return proportion(hits, rows, WHY, "no rows")
    group = dense(group)
    held = np.bincount(group).astype(float)
    value, units = hits / rows, len(held)
    effective = effective_groups(held)
    if units < 2:
        return Descriptive(value, "wilson-clustered", "all rows of the bin belong to one unit")
    moved = (np.bincount(group, y) - value * held) / (rows - held)
    variance = float((moved * moved).sum()) * (units - 1) / units
    n = effective_rows(value, rows, variance, effective)
    return proportion_clustered(value, n, effective - 1, WHY, {})


def _bounds(found: Result, level: float) -> tuple[float, float]:
    return (np.nan, np.nan) if isinstance(found, (Undefined, Descriptive)) else found.interval(level)
