"""How skewed units are, and whether there are enough of them for a t interval: Cochran's rule.

A mean of skewed values misses the truth more often than its t interval says. Cochran's rule asks for 25 units for each
squared skewness; here it is 40, because the skewness of a sample is smallest in the very samples that miss the
truth (design/0004-coverage.md).

Source: Cochran (1977), Sampling Techniques, 3rd edition, section 2.15.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from assay.records.metric import Array, Floats

LEAST = 0.1
"""A squared skewness below this asks for nothing that the other limits do not."""


def skewness(values: Array) -> Floats:
    """m3 / m2^1.5 along the last axis; 0 without variance.

    >>> round(float(skewness(np.array([0.0, 0.0, 0.0, 1.0]))), 4)
    1.1547
    """
    x = np.asarray(values, dtype=float)
    d = x - x.sum(axis=-1, keepdims=True) / x.shape[-1]
    spread = np.sqrt(np.einsum("...i,...i->...", d, d) / x.shape[-1])[..., None]
    # Scaled before it is cubed: the cube of a deviation may be beyond the range of a double.
    with np.errstate(divide="ignore", invalid="ignore"):
        d = np.where(spread > 0, d / spread, 0.0)
    return np.asarray(np.einsum("...i,...i,...i->...", d, d, d) / x.shape[-1])


def skew_facts(units: float, skew: float) -> dict[str, Any]:
    """Diagnostics: the skewness, and units for each squared skewness; an unknown skewness has none.

    Args:
        units: Units, or groups of units, whose values the skewness is of.
        skew: Of the values of the units.
    """
    if math.isnan(skew):
        return {"skew_units": 0.0}
    return {"skewness": skew, "skew_units": units / max(skew * skew, LEAST)}
