"""Order statistics."""

from __future__ import annotations

import math

import numpy as np

from assay.stats.quantiles import quantile_arm
from tests.known.answer import Known


def ranks(n: int, q: float, level: float) -> tuple[float, float]:
    """Which order statistics of n bound a quantile."""
    return quantile_arm(np.arange(1.0, n + 1), q, None, math.inf).bounds(level)


NAIR = (
    (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 8),
    (8, 8, 9, 9, 10, 10, 10, 11, 11, 12, 12, 13, 13, 13, 14, 14, 15, 15, 16, 16),
    (16, 17, 17, 18, 18, 19, 19, 19, 20, 20, 21, 21, 22, 22, 22, 23, 23, 24, 24, 25),
)
MEDIAN = (30.2, 20.4, 15.1, 10.2, 10.5, 60.8, 20.8, 25.0, 20.7, 30.9, 10.8, 5.1, 50.9, 40.0, 20.9, 10.8, 0, 20.5, 50.8)
MEDIAN_ARM = quantile_arm(np.array(MEDIAN), 0.5, None, math.inf)


def _nair(first: int, values: tuple[int, ...], level: float) -> Known:
    many = range(first, first + len(values))
    return Known(
        "order-statistics",
        f"rank k whose k-th least and k-th largest bound the median, {level:.0%}, n = {first} to {many[-1]}",
        lambda: [ranks(n, 0.5, level)[0] for n in many],
        " ".join(map(str, values)),
        "Nair (1940), Sankhya 4:551-558, in Dixon & Massey (1969); Jarrard, Scientific Methods, table 5 (Wikisource)",
    )


ANSWERS: tuple[Known, ...] = (
    *(_nair(first, values, 0.95) for first, values in zip((6, 26, 46), NAIR, strict=True)),
    Known(
        "order-statistics",
        "median of 19 values: value and 95 %",
        lambda: (MEDIAN_ARM.value, *MEDIAN_ARM.bounds(0.95)),
        "20.7 10.8 30.9",
        "R statpsych, ci.median, example; Snedecor & Cochran (1989), Statistical Methods",
    ),
    Known(
        "order-statistics",
        "ranks that bound the median of 10, 95 %",
        lambda: ranks(10, 0.5, 0.95),
        "2 9",
        "David & Nagaraja (2003), Order Statistics, section 7.1 (coverage 97.9 %)",
    ),
)
