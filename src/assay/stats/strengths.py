"""Strengths of models as procedures, and what can be said of their ranks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assay.base.seeds import stream
from assay.records.metric import Floats
from assay.stats.jackknife import effective_groups, jackknife_t
from assay.stats.maxt import DRAWS, largest_t, pairs
from assay.stats.preferences import Votes, covariance, fit, replicates
from assay.stats.procedures import Result, StudentT

METHOD, CLUSTERED = "bradley-terry", "bradley-terry-jackknife"


@dataclass(frozen=True, slots=True)
class Strengths:
    """What the votes say of every model.

    Attributes:
        models: [K], log-odds against an average model.
        order: Log-odds of the model shown first, or None where it was not asked.
        ranks: [K], 1 is the strongest.
        bounds: [K, 2], simultaneous intervals of the ranks.
        slopes: [C], change of the log-odds by one unit of each covariate.
    """

    models: tuple[Result, ...]
    order: Result | None
    ranks: np.ndarray[Any, np.dtype[np.int64]]
    bounds: np.ndarray[Any, np.dtype[np.int64]]
    slopes: tuple[Result, ...] = ()


def infer_strengths(votes: Votes, clustered: bool, order: bool, level: float, seed: int) -> Strengths:
    """Strengths with intervals, and simultaneous intervals of the ranks.

    Args:
        votes: Linked, so that all strengths are finite.
        clustered: Whether groups are units (or buckets of them); else every vote is one.
        order: Whether the model shown first may have an advantage.
        level: Of the intervals of ranks, all together.
        seed: Of the draws that the simultaneous level takes.
    """
    # Covariates are fitted in units of their own size.
    size = np.sqrt((votes.covariates**2).mean(axis=0)) if votes.slopes else np.ones(0)
    votes = replace(votes, covariates=votes.covariates / size) if votes.slopes else votes
    whole = fit(votes, votes.counts, order)
    k = votes.models
    unit = np.concatenate([np.ones(k + 2), size])
    if clustered:
        rows = np.bincount(votes.group, weights=votes.votes, minlength=votes.groups)
        made = replicates(votes, whole, order)
        moved = made - whole.values
        spread = (rows.size - 1) / rows.size * moved.T @ moved
        df = effective_groups(rows) - 1
    else:
        made, spread, df = np.zeros((0, unit.size)), covariance(votes, whole, order), math.inf
    made, spread = made / unit, spread / np.outer(unit, unit)
    results: dict[int, Result] = {}
    for place, value in enumerate(whole.values / unit):
        if place == k + 1:
            continue
        facts = _facts(votes, place if place < k else None, df, clustered)
        if clustered:
            why = "several votes of a unit: units left out in turn, t on effective units - 1"
            var = float(spread[place, place])
            results[place] = jackknife_t(float(value), made[:, place], var, df, why, (None, None), facts, CLUSTERED)
        else:
            why = "each vote a unit: maximum likelihood, normal"
            results[place] = StudentT(float(value), math.sqrt(spread[place, place]), df, METHOD, why, diagnostics=facts)
    ranks, bounds = _ranks(whole.theta, spread[:k, :k], df, level, seed)
    models, slopes = ([results[p] for p in range(*ends)] for ends in ((0, k), (k + 2, unit.size)))
    return Strengths(tuple(models), results[k] if order else None, ranks, bounds, tuple(slopes))


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
    reach = _critical(spread, df, level, seed) * apart
    surely = theta[None, :] - theta[:, None] > reach
    np.fill_diagonal(surely, False)
    return ranks, np.stack([1 + surely.sum(axis=1), k - surely.sum(axis=0)], axis=1)


def _critical(spread: Floats, df: float, level: float, seed: int) -> float:
    """Quantile of the largest |t| over all pairs."""
    ordered = largest_t(pairs(spread.shape[0]), spread, df, stream(seed, "preferences"))
    return float(ordered[min(DRAWS - 1, math.ceil((DRAWS + 1) * level) - 1)])
