"""Order statistics."""

from __future__ import annotations

import math

import numpy as np

from assay.stats.quantiles import quantile_arm
from tests.known.answer import Known


def ranks(n: int, q: float, level: float) -> tuple[float, float]:
    """Which order statistics of n bound a quantile."""
    return quantile_arm(np.arange(1.0, n + 1), q, None, math.inf).bounds(level)


ANSWERS: tuple[Known, ...] = (
    Known(
        "order-statistics",
        "ranks that bound the median of 10, 95 %",
        lambda: ranks(10, 0.5, 0.95),
        "2 9",
        "David & Nagaraja (2003), Order Statistics, section 7.1 (coverage 97.9 %)",
    ),
)
