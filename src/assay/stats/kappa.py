"""The large-sample errors of Cohen's kappa: what other programs print, shown beside the interval that decides."""

from __future__ import annotations

import math

import numpy as np

from assay.records.metric import Floats
from assay.stats.agreement import Ratings, Scale, distance, pairable, weighing

MOST_LEVELS = 1_000
"""A table of levels by levels is made: beyond, there are no large-sample errors, and no categories either."""


def large_sample(ratings: Ratings, weights: Scale) -> dict[str, float]:
    """Standard error of Cohen's kappa, and kappa over its standard error where raters agree by chance alone.

    Both take every item for a unit, and a normal kappa: near 1, and for few items, they are not to be trusted.

    Args:
        ratings: Of two raters; items that one of them did not rate are left out.
        weights: As for `agreement.cohen`.

    Returns:
        `large_sample_se` and `large_sample_z`; nothing where kappa, or an error, is not defined, or levels are many.

    Source: Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72:323-327.
    """
    if ratings.values.size > MOST_LEVELS:
        return {}
    shares, items = _shares(ratings)
    agreed = _agreed(ratings, weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float((agreed * shares).sum()), float(rows @ agreed @ columns)
    if not expected < 1:
        return {}
    kappa = (observed - expected) / (1 - expected)
    either = (agreed @ columns)[:, None] + (rows @ agreed)[None, :]
    scale = items * (1 - expected) ** 2
    spread = (shares * (agreed - either * (1 - kappa)) ** 2).sum() - (kappa - expected * (1 - kappa)) ** 2
    chance = (np.outer(rows, columns) * (agreed - either) ** 2).sum() - expected**2
    if not (spread > 0 and chance > 0):
        return {}
    return {"large_sample_se": math.sqrt(spread / scale), "large_sample_z": kappa / math.sqrt(chance / scale)}


def _shares(ratings: Ratings) -> tuple[Floats, int]:
    """Shares of items by first and second rater's level, and how many items."""
    kept = pairable(ratings)
    one, other = (np.flatnonzero(kept.rater == r) for r in (0, 1))
    one, other = one[np.argsort(kept.item[one])], other[np.argsort(kept.item[other])]
    levels = kept.values.size
    cells = np.bincount(kept.level[one] * levels + kept.level[other], minlength=levels * levels)
    return cells.reshape(levels, levels) / max(1, one.size), int(one.size)


def _agreed(ratings: Ratings, weights: Scale) -> Floats:
    """1 less the distance of two levels over the largest one."""
    kept = pairable(ratings)
    values, scale = weighing(kept, weights)
    apart = distance(values[:, None], values[None, :], scale)
    used = np.bincount(kept.level, minlength=values.size) > 0
    widest = float(apart[np.ix_(used, used)].max(initial=0.0))
    return np.asarray(1 - apart / (widest or 1.0))
