"""Several claims: the probability that all hold, or that one does, from their powers and how their estimates correlate.

Estimates are taken for jointly normal; each claim is supported where its own estimate exceeds what its power says.
Claims read off the same rows correlate, mostly upwards: independence is then cautious for all-of and hopeful for
any-of. Whatever the dependence, Frechet's bounds hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.base.errors import PlanError
from assay.base.seeds import stream
from assay.records.metric import Floats
from assay.stats.special import ndtr, ndtri

DRAWS = 100_000
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability with its Monte Carlo standard error; 0 where it is a formula."""

    value: float
    error: float = 0.0


def probability_all_hold(powers: Sequence[float], correlation: float = 0.0) -> float:
    """Probability that all claims are supported.

    Args:
        powers: Of each claim, at its declared effect.
        correlation: Common to the estimates of any two claims, in [0, 1); 0 is the cautious choice.

    >>> round(probability_all_hold([0.8, 0.9]), 3), round(probability_all_hold([0.8, 0.9], 0.7), 3)
    (0.72, 0.769)
    """
    if not 0 <= correlation < 1:
        raise PlanError(f"correlation is {correlation:g}", rule="a common correlation lies in [0, 1)")
    if correlation == 0 or any(p <= 0 for p in powers):
        return float(np.prod(np.asarray(powers, dtype=float)))
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    z = ndtri(np.minimum(np.asarray(powers, dtype=float), 1 - 1e-16))
    given = ndtr((z[:, None] + math.sqrt(correlation) * nodes) / math.sqrt(1 - correlation))
    return float((given.prod(axis=0) * weights).sum() / math.sqrt(2 * math.pi))


def at_least_all(powers: Sequence[float]) -> float:
    """The least probability that all hold, whatever their dependence."""
    return max(0.0, 1 - sum(1 - p for p in powers))


def probability_any_holds(powers: Sequence[float]) -> float:
    """Probability that at least one of independent claims is supported.

    Under Holm one is supported exactly where one is at the first step, alpha over the number of claims: these are
    the powers to give.
    """
    return 1 - float(np.prod(1 - np.asarray(powers, dtype=float)))


def at_least_any(powers: Sequence[float]) -> float:
    """The least probability that one holds, whatever their dependence."""
    return max(powers)


def simulate_joint(powers: Sequence[float], correlation: Floats, seed: int = 0) -> tuple[Chance, Chance]:
    """Probability that all claims hold, and that at least one does, for correlated estimates.

    Args:
        powers: [m], of each claim.
        correlation: [m, m], of the estimates, each turned so that larger supports its claim.
        seed: Of the draws.
    """
    root = _root(np.asarray(correlation, dtype=float))
    limit = ndtri(np.clip(np.asarray(powers, dtype=float), 1e-300, 1 - 1e-16))
    rng = stream(seed, "joint power")
    every = some = 0
    for _ in range(DRAWS // BATCH):
        held = rng.standard_normal((BATCH, limit.size)) @ root.T <= limit
        every += int(held.all(axis=1).sum())
        some += int(held.any(axis=1).sum())
    return _chance(every), _chance(some)


def _chance(count: int) -> Chance:
    share = count / DRAWS
    return Chance(share, math.sqrt(max(share * (1 - share), 1 / DRAWS) / DRAWS))


def _root(correlation: Floats) -> Floats:
    """A square root of a correlation matrix; eigenvalues below 0, which rounding gives, count as 0."""
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))
