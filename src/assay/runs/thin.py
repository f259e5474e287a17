"""A long series in few points: first, last, least and greatest of each bucket, and what is no number."""

from __future__ import annotations

import numpy as np

from assay.records.metric import Ints
from assay.records.runs import Series


def thin(series: Series, points: int = 1000) -> Series:
    """At most about so many points of a series; no extreme and no NaN bucket is missing.

    Args:
        series: In the order of logging.
        points: Asked for, from 8; the result has at most so many, or the whole series where it is shorter.
    """
    n = len(series)
    points = max(8, points)
    if n <= points:
        return series
    kept = kept_places(series.values, points)
    return Series(series.key, series.steps[kept], series.values[kept], series.times[kept])


def kept_places(values: np.ndarray, points: int) -> Ints:
    """Places of the first, last, least, greatest and first odd value of each bucket, in order."""
    n, buckets = len(values), max(1, points // 5)
    edges = np.linspace(0, n, buckets + 1).astype(np.int64)
    starts, ends = edges[:-1], edges[1:]
    finite = np.isfinite(values)
    low = np.where(finite, values, np.inf)
    high = np.where(finite, values, -np.inf)
    bucket = np.repeat(np.arange(buckets), ends - starts)
    least, most = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    chosen = [starts, ends - 1]
    for match in (finite & (values == least[bucket]), finite & (values == most[bucket]), ~finite):
        places = np.flatnonzero(match)
        chosen.append(places[np.unique(bucket[places], return_index=True)[1]])
    return np.unique(np.concatenate(chosen))
