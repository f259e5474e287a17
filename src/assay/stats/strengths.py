"""Strengths of models as procedures, and what can be said of their ranks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.seeds import stream
from assay.records.metric import Floats
from assay.stats.jackknife import effective_groups, jackknife_t
from assay.stats.preferences import Votes, covariance, fit, replicates
from assay.stats.procedures import Result, StudentT

METHOD, CLUSTERED = "bradley-terry", "bradley-terry-jackknife"
DRAWS = 9_999
CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Strengths:
    """What the votes say of every model.

    Attributes:
        models: [K], log-odds against an average model.
        order: Log-odds of the model shown first, or None where it was not asked.
        ranks: [K], 1 is the strongest.
        bounds: [K, 2], simultaneous intervals of the ranks.
    """

    models: tuple[Result, ...]
    order: Result | None
    ranks: np.ndarray[Any, np.dtype[np.int64]]
    bounds: np.ndarray[Any, np.dtype[np.int64]]


def infer_strengths(votes: Votes, clustered: bool, order: bool, level: float, seed: int) -> Strengths:
    """Strengths with intervals, and simultaneous intervals of the ranks.

    Args:
        votes: Linked, so that all strengths are finite.
        clustered: Whether groups are units (or buckets of them); else every vote is one.
        order: Whether the model shown first may have an advantage.
        level: Of the intervals of ranks, all together.
        seed: Of the draws that the simultaneous level takes.
    """
    whole = fit(votes, votes.counts, order)
    k = votes.models
    if clustered:
        rows = np.bincount(votes.group, weights=votes.votes, minlength=votes.groups)
        made = replicates(votes, whole, order)
        moved = made - whole.values
        spread = (rows.size - 1) / rows.size * moved.T @ moved
        df = effective_groups(rows) - 1
    else:
        made, spread, df = np.zeros((0, k + 2)), covariance(votes, whole, order), math.inf
    results = []
    for place, value in enumerate(whole.values[: k + 1]):
        facts = _facts(votes, place if place < k else None, df, clustered)
        if clustered:
            why = "several votes of a unit: units left out in turn, t on effective units - 1"
            var = float(spread[place, place])
            results.append(jackknife_t(float(value), made[:, place], var, df, why, (None, None), facts, CLUSTERED))
        else:
            why = "each vote a unit: maximum likelihood, normal"
            results.append(StudentT(float(value), math.sqrt(spread[place, place]), df, METHOD, why, diagnostics=facts))
    ranks, bounds = _ranks(whole.theta, spread[:k, :k], df, level, seed)
    return Strengths(tuple(results[:k]), results[k] if order else None, ranks, bounds)


def _facts(votes: Votes, model: int | None, df: float, clustered: bool) -> dict[str, Any]:
    """Wins and losses of the model, or of the place; a tie is half of each."""
    half = votes.counts[:, 2] / 2
    first, second = votes.counts[:, 0] + half, votes.counts[:, 1] + half
    if model is None:
        won, lost = float(first.sum()), float(second.sum())
    else:
        one, other = votes.first == model, votes.second == model
        won = float(first[one].sum() + second[other].sum())
        lost = float(second[one].sum() + first[other].sum())
    return {"won": won, "lost": lost, "fewest": min(won, lost), **({"effective_groups": df + 1} if clustered else {})}


def _ranks(theta: Floats, spread: Floats, df: float, level: float, seed: int) -> tuple[Any, Any]:
    """Ranks, and from all pairs together how far each may be off: [K], [K, 2].

    A model is at best behind those that are surely stronger, at worst before those that are surely weaker, by the
    simultaneous intervals of all differences (maximum of |t| over the pairs).

    Source: Al Mohamad, Goeman & van Zwet (2022), Biometrics 78:1304-1312; Westfall & Young (1993), Resampling-Based
    Multiple Testing.
    """
    k = theta.size
    order = np.argsort(-theta, kind="stable")
    ranks = np.empty(k, dtype=np.int64)
    ranks[order] = np.arange(1, k + 1)
    if not np.isfinite(spread).all():
        return ranks, np.tile([1, k], (k, 1))
    apart = np.sqrt(np.maximum(np.diag(spread)[:, None] + np.diag(spread) - 2 * spread, 0.0))
    reach = _critical(spread, apart, df, level, seed) * apart
    surely = theta[None, :] - theta[:, None] > reach
    np.fill_diagonal(surely, False)
    return ranks, np.stack([1 + surely.sum(axis=1), k - surely.sum(axis=0)], axis=1)


def _critical(spread: Floats, apart: Floats, df: float, level: float, seed: int) -> float:
    """Quantile of the largest |t| over all pairs, by draws from the estimates' own covariance."""
    k = spread.shape[0]
    values, vectors = np.linalg.eigh(spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    rng = stream(seed, "preferences")
    i, j = np.triu_indices(k, 1)
    scale = np.where(apart[i, j] > 0, apart[i, j], np.inf)
    largest = []
    size = max(1, CHUNK // max(1, i.size))
    for start in range(0, DRAWS, size):
        many = min(size, DRAWS - start)
        drawn = rng.standard_normal((many, k)) @ root.T
        t = np.abs(drawn[:, i] - drawn[:, j]) / scale
        common = np.sqrt(rng.chisquare(df, many) / df) if math.isfinite(df) else np.ones(many)
        largest.append(t.max(axis=1) / common)
    ordered = np.sort(np.concatenate(largest))
    return float(ordered[min(DRAWS - 1, math.ceil((DRAWS + 1) * level) - 1)])
