"""Which values of a long series are kept where few points are shown: first, last, least, greatest, and no number."""

from __future__ import annotations

import numpy as np

from assay.records.metric import Floats, Ints


def kept_places(values: Floats, points: int) -> Ints:
    """Places of the first, last, least, greatest and first odd value of each bucket, in order.

    Args:
        values: [n], in the order of logging.
        points: At most about so many, from 8.
    """
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
