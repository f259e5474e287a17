"""Models over several data sets: ranks within each, Friedman's test, and the critical difference of average ranks.

Source: Friedman (1937), J. Am. Stat. Assoc. 32:675-701; Iman & Davenport (1980), Commun. Stat. A 9:571-595; Nemenyi
(1963); Demsar (2006), J. Mach. Learn. Res. 7:1-30.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Floats
from assay.stats.procedures import falling_root
from assay.stats.special import chdtrc, fdtrc, ndtr

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(200)


@dataclass(frozen=True, slots=True)
class Friedman:
    """Average ranks over blocks, 1 the best, and whether the models differ at all.

    Attributes:
        ranks: [K].
        blocks: How many blocks.
        chi2: Corrected for ties.
        chi2_p: By the chi-squared distribution with K - 1 degrees of freedom.
        f: Iman and Davenport's; infinite where all blocks rank alike.
        f_p: By F with K - 1 and (K - 1)(N - 1) degrees of freedom.
        ties: What ties divide the plain statistic by; 1 without ties.
    """

    ranks: Floats
    blocks: int
    chi2: float
    chi2_p: float
    f: float
    f_p: float
    ties: float

    def critical_difference(self, level: float) -> float:
        """How far two average ranks must lie apart, all pairs together (Nemenyi)."""
        k = self.ranks.size
        return range_quantile(level, k) / math.sqrt(2) * math.sqrt(k * (k + 1) / (6 * self.blocks))

    def pair_p(self) -> Floats:
        """[K, K], Nemenyi's p-values of all pairs."""
        k = self.ranks.size
        apart = np.abs(self.ranks[:, None] - self.ranks) / math.sqrt(k * (k + 1) / (6 * self.blocks)) * math.sqrt(2)
        return np.array([[1 - range_share(float(q), k) if q else 1.0 for q in row] for row in apart])


def midranks(values: Array) -> Floats:
    """Ranks along the last axis from 1 for the largest, ties share the mean.

    >>> midranks(np.array([0.9, 0.5, 0.9])).tolist()
    [1.5, 3.0, 1.5]
    """
    x = np.asarray(values, dtype=float)
    above = (x[..., None, :] > x[..., :, None]).sum(axis=-1)
    same = (x[..., None, :] == x[..., :, None]).sum(axis=-1)
    return np.asarray(above + (same + 1) / 2)


def friedman(values: Floats) -> Friedman:
    """Friedman's test of models over blocks.

    Args:
        values: [N, K], larger is better.

    Raises:
        InputError: fewer than two blocks or models.
    """
    n, k = values.shape
    if n < 2 or k < 2:
        raise InputError(f"{n} blocks of {k} models", rule="ranks are averaged over two blocks of two models at least")
    ranks = midranks(values)
    mean = ranks.mean(axis=0)
    plain = 12 * n / (k * (k + 1)) * float(((mean - (k + 1) / 2) ** 2).sum())
    # The variance of ranks with ties, relative to that without.
    ties = float(((ranks - (k + 1) / 2) ** 2).sum()) / (n * k * (k * k - 1) / 12)
    if ties == 0:
        return Friedman(mean, n, 0.0, 1.0, 0.0, 1.0, 0.0)
    chi2 = plain / ties
    left = n * (k - 1) - chi2
    f = (n - 1) * chi2 / left if left > 1e-12 * n * k else math.inf
    f_p = float(fdtrc(k - 1, (k - 1) * (n - 1), f)) if math.isfinite(f) else 0.0
    return Friedman(mean, n, chi2, float(chdtrc(k - 1, chi2)), f, max(f_p, 1e-300), ties)


def range_share(q: float, k: int) -> float:
    """P(range of k standard normals <= q).

    >>> round(range_share(3.314493, 3), 5)
    0.95
    """
    if q <= 0:
        return 0.0
    z = 9.0 * _NODES
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    share = k * 9.0 * float((_WEIGHTS * density * np.maximum(ndtr(z) - ndtr(z - q), 0.0) ** (k - 1)).sum())
    return min(1.0, share)


def range_quantile(level: float, k: int) -> float:
    """The quantile of the range of k standard normals (the studentised range with infinite degrees of freedom)."""
    return falling_root(lambda q: level - range_share(q, k), 0.0, 60.0)
