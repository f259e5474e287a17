"""Several contrasts at once: the largest t of a family, drawn from the estimates' own covariance.

Contrasts of the same units are correlated, so that Bonferroni asks for more than it has to. The distribution of the
largest |t| under the joint covariance of the estimates gives intervals that hold together.

Source: Hothorn, Bretz & Westfall (2008), Biometrical Journal 50:346-363; Westfall & Young (1993), Resampling-Based
Multiple Testing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from assay.records.metric import Floats

DRAWS = 9_999
CHUNK = 4_000_000


def draw_values(covariance: Floats, df: float, rng: np.random.Generator, wide: int, draws: int) -> Iterator[Floats]:
    """Draws [n, K] of K estimates around 0 with this covariance, t with df; some at a time.

    Args:
        covariance: [K, K], positive semi-definite; singular ones are fine.
        df: Degrees of freedom that all estimates share; infinite for the normal.
        rng: Where the numbers come from.
        wide: How many numbers the caller makes of one draw, which bounds the memory.
        draws: How many in all.
    """
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    size = max(1, CHUNK // max(1, wide))
    for start in range(0, draws, size):
        many = min(size, draws - start)
        drawn = rng.standard_normal((many, covariance.shape[0])) @ root.T
        common = np.sqrt(rng.chisquare(df, many) / df) if math.isfinite(df) else np.ones(many)
        yield drawn / common[:, None]


def largest_t(contrasts: Floats, covariance: Floats, df: float, rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Draws of the largest |t| over the contrasts, ascending: [draws].

    Args:
        contrasts: [C, K], weights on the estimates; those without variance never are the largest.
        covariance: [K, K], of the estimates.
        df: Degrees of freedom that all estimates share.
        rng: Where the numbers come from.
        draws: How many.
    """
    scale = standard_errors(contrasts, covariance)
    scale = np.where(scale > 0, scale, np.inf)
    found = [
        (np.abs(drawn @ contrasts.T) / scale).max(axis=1, initial=0.0)
        for drawn in draw_values(covariance, df, rng, contrasts.shape[0], draws)
    ]
    return np.sort(np.concatenate(found))


def standard_errors(contrasts: Floats, covariance: Floats) -> Floats:
    """Standard errors [C]; 0 where what is left of the variance is rounding."""
    var = np.einsum("ci,ij,cj->c", contrasts, covariance, contrasts, optimize=True)
    size = np.abs(contrasts) @ np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return np.sqrt(np.where(var > 1e-20 * size * size, var, 0.0))


def pairs(many: int) -> Floats:
    """All differences of two of K estimates: [K (K - 1) / 2, K].

    >>> pairs(3).tolist()
    [[1.0, -1.0, 0.0], [1.0, 0.0, -1.0], [0.0, 1.0, -1.0]]
    """
    first, second = np.triu_indices(many, 1)
    out = np.zeros((first.size, many))
    out[np.arange(first.size), first] = 1.0
    out[np.arange(first.size), second] = -1.0
    return out
