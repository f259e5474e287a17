"""Agreement between raters: Krippendorff's alpha, Cohen's and Fleiss' kappa, the share of agreeing pairs.

Every coefficient is 1 - observed / expected disagreement. Items, or clusters of items, are what was sampled: each is
left out in turn, exactly and in time that grows with the ratings, not with their square.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Floats, Ints

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval", "ratio")
MOST_LEVELS = 20_000
MOST_RANKED = 1_000
MOST_PAIRS = 30_000_000
BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Ratings:
    """Ratings of items, one a line.

    Attributes:
        item: [n], codes 0..I-1.
        rater: [n], codes 0..R-1; a rater rates an item once.
        level: [n], codes 0..K-1 of the values, in ascending order.
        values: [K], the numbers that the levels stand for; their codes where the scale is nominal.
        group: [n], codes 0..G-1 of what was sampled: the item, a cluster of items, or a bucket of these.
    """

    item: Ints
    rater: Ints
    level: Ints
    values: Floats
    group: Ints

    @property
    def groups(self) -> int:
        """How many units, or buckets of units."""
        return int(self.group.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Observed and expected disagreement, from everything and without each group.

    Attributes:
        observed: [1 + G]; the first is of everything, the others leave a group out.
        expected: [1 + G].
        rows: [G], ratings that count.
    """

    observed: Floats
    expected: Floats
    rows: Floats

    @property
    def values(self) -> Floats:
        """1 - observed / expected; NaN where nothing but one value is expected."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.expected > 0, 1 - self.observed / self.expected, np.nan)


def pairable(ratings: Ratings) -> Ratings:
    """Without items that one rater alone has rated: they say nothing of agreement."""
    kept = np.bincount(ratings.item)[ratings.item] > 1
    return Ratings(ratings.item[kept], ratings.rater[kept], ratings.level[kept], ratings.values, ratings.group[kept])


def krippendorff(ratings: Ratings, scale: Scale) -> Coefficient:
    """Krippendorff's alpha, for any number of raters and missing ratings.

    Args:
        ratings: At least two of some item.
        scale: What distances mean: `nominal`, `ordinal`, `interval` or `ratio` (values from 0 up).

    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; Hayes & Krippendorff (2007),
    Communication Methods and Measures 1:77-89.
    """
    kept = pairable(ratings)
    if scale == "ordinal":
        return _ordinal(kept)
    if scale == "ratio" and kept.values.min(initial=0.0) < 0:
        least = float(kept.values.min())
        raise InputError(f"a rating is {least:g}", rule="a ratio scale starts at 0", fix="--scale interval")
    observed = _without(_observed(kept, scale))
    rows = np.bincount(kept.group, minlength=kept.groups).astype(float)
    n = _without(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Coefficient(observed / n, _expected(kept, scale) / (n * (n - 1)), rows)


def _observed(ratings: Ratings, scale: Scale) -> Floats:
    """Distances of all ordered pairs of ratings of an item over its ratings - 1, summed by group: [G]."""
    if scale == "nominal":
        return differing(ratings)
    if scale == "interval":
        size, square = _squares(ratings.values[ratings.level], ratings.item)
        return _by_group(ratings, 2 * size * square / np.maximum(size - 1, 1))
    group, a, b, weight = pairs(ratings)
    apart = distance(ratings.values[a], ratings.values[b], scale)
    return np.asarray(np.bincount(group, weights=weight * apart, minlength=ratings.groups), dtype=float)


def _squares(x: Floats, of: Ints) -> tuple[Floats, Floats]:
    """Values and squared deviations from their own mean, by what they belong to."""
    size = np.bincount(of).astype(float)
    mean = np.bincount(of, weights=x) / np.maximum(size, 1)
    return size, np.asarray(np.bincount(of, weights=(x - mean[of]) ** 2))


def differing(ratings: Ratings) -> Floats:
    """Ordered pairs of different ratings of an item over its ratings - 1, summed by group: [G]."""
    size = np.bincount(ratings.item).astype(float)
    cells, same = np.unique(ratings.item * max(1, ratings.values.size) + ratings.level, return_counts=True)
    alike = np.bincount(cells // max(1, ratings.values.size), weights=same.astype(float) ** 2, minlength=size.size)
    return _by_group(ratings, (size**2 - alike) / np.maximum(size - 1, 1))


def _by_group(ratings: Ratings, per_item: Floats) -> Floats:
    of = np.zeros(per_item.size, dtype=np.int64)
    of[ratings.item] = ratings.group
    return np.asarray(np.bincount(of, weights=per_item, minlength=ratings.groups), dtype=float)


def pairs(ratings: Ratings) -> tuple[Ints, Ints, Ints, Floats]:
    """Ordered pairs of different values of one item: group, levels, and how often over the item's ratings - 1.

    Raises:
        InputError: more pairs than can be held.
    """
    levels = max(1, ratings.values.size)
    cells, many = np.unique(ratings.item * levels + ratings.level, return_counts=True)
    item, level = cells // levels, cells % levels
    size, distinct = np.bincount(ratings.item), np.bincount(item)
    if float((distinct.astype(float) ** 2).sum()) > MOST_PAIRS:
        raise InputError(
            f"an item has {int(distinct.max())} different ratings",
            rule=f"ordinal and ratio scales compare them two by two, at most {MOST_PAIRS:,} times in all",
            fix="check that --item and --rater are not swapped, round the ratings, or --scale interval",
        )
    of = np.zeros(size.size, dtype=np.int64)
    of[ratings.item] = ratings.group
    starts = np.cumsum(distinct) - distinct
    group, a, b, weight = [], [], [], []
    for m in np.unique(distinct[distinct > 1]):
        places = starts[distinct == m][:, None] + np.arange(m)
        i, j = np.nonzero(~np.eye(m, dtype=bool))
        one, other = places[:, i].ravel(), places[:, j].ravel()
        group.append(of[item[one]])
        a.append(level[one])
        b.append(level[other])
        weight.append(many[one] * many[other] / (size[item[one]] - 1))
    if not group:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing, np.zeros(0)
    return np.concatenate(group), np.concatenate(a), np.concatenate(b), np.concatenate(weight)


def distance(a: Array, b: Array, scale: Scale) -> Floats:
    """Squared distance of two values; ordinal ones are given as mid-ranks."""
    if scale == "nominal":
        return np.asarray(a != b, dtype=float)
    apart = (a - b) ** 2
    if scale == "ratio":
        both = np.where(a + b > 0, a + b, 1.0)
        return np.asarray(apart / both**2)
    return np.asarray(apart, dtype=float)


def _without(per_group: Array) -> Floats:
    """[G] -> [1 + G]: the total, and the total without each group."""
    total = float(per_group.sum())
    return np.append(total, total - per_group)


def _expected(ratings: Ratings, scale: Scale) -> Floats:
    """Sum of the distances of all ordered pairs of ratings, whatever their items: [1 + G].

    Without a group it is n'Dn - 2 g'Dn + g'Dg, with n the counts of all values, g those of the group.
    """
    levels, groups = ratings.values.size, ratings.groups
    counts = np.bincount(ratings.level, minlength=levels).astype(float)
    towards = _towards(ratings.values, counts, scale)
    each = np.bincount(ratings.group, weights=towards[ratings.level], minlength=groups)
    within = _within(ratings, scale)
    everything = float(counts @ towards)
    return np.concatenate([[everything], everything - 2 * each + within])


def _towards(values: Floats, counts: Floats, scale: Scale) -> Floats:
    """Sum over all ratings of their distance to each value: [K]."""
    n = counts.sum()
    if scale == "nominal":
        return np.asarray(n - counts)
    if scale == "interval":
        centred = values - counts @ values / n
        return np.asarray(n * centred**2 - 2 * centred * (counts @ centred) + counts @ centred**2)
    if values.size > MOST_LEVELS:
        raise InputError(
            f"the ratings have {values.size} different values",
            rule=f"a ratio scale takes at most {MOST_LEVELS:,}",
            fix="round the ratings, or --scale interval",
        )
    step = max(1, BLOCK // max(1, values.size))
    parts = [distance(values[i : i + step, None], values[None, :], scale) @ counts for i in range(0, values.size, step)]
    return np.concatenate(parts)


def _within(ratings: Ratings, scale: Scale) -> Floats:
    """Sum of the distances of all ordered pairs of ratings of a group: [G]."""
    groups, level = ratings.groups, ratings.level
    size = np.bincount(ratings.group, minlength=groups).astype(float)
    if scale == "nominal":
        _, same = np.unique(ratings.group * ratings.values.size + level, return_counts=True)
        of = np.unique(ratings.group * ratings.values.size + level) // max(1, ratings.values.size)
        return np.asarray(size**2 - np.bincount(of, weights=same.astype(float) ** 2, minlength=groups))
    if scale == "interval":
        return np.asarray(2 * size * _squares(ratings.values[level], ratings.group)[1])
    order = np.argsort(ratings.group, kind="stable")
    parts = np.split(level[order], np.cumsum(size.astype(int))[:-1])
    return np.array([_pairwise(ratings.values, part, scale) for part in parts])


def _pairwise(values: Floats, level: Ints, scale: Scale) -> float:
    """Sum of the distances of all ordered pairs of some ratings."""
    used, many = np.unique(level, return_counts=True)
    return float(many @ _towards(values[used], many.astype(float), scale)) if used.size else 0.0


def _ordinal(ratings: Ratings) -> Coefficient:
    """Distances are those of mid-ranks, which change when ratings are left out."""
    levels, groups = ratings.values.size, ratings.groups
    if levels > MOST_RANKED:
        raise InputError(
            f"the ratings have {levels} different values",
            rule=f"an ordinal scale takes at most {MOST_RANKED:,}",
            fix="round the ratings, or --scale interval",
        )
    counts = np.bincount(ratings.level, minlength=levels).astype(float)
    pair_group, a, b, weight = pairs(ratings)
    rows = np.bincount(ratings.group, minlength=groups).astype(float)
    order = np.argsort(pair_group, kind="stable")
    ends = np.searchsorted(pair_group[order], np.arange(groups + 1))
    by_group = np.argsort(ratings.group, kind="stable")
    bounds = np.searchsorted(ratings.group[by_group], np.arange(groups + 1))
    # Pairs of the same two values count together.
    merged, place = np.unique(a * levels + b, return_inverse=True)
    total = np.bincount(place, weights=weight)
    low, high = merged // levels, merged % levels
    observed, expected = np.empty(1 + groups), np.empty(1 + groups)
    for g in range(-1, groups):
        left, pair_weight = counts, total
        if g >= 0:
            mine = ratings.level[by_group[bounds[g] : bounds[g + 1]]]
            left = counts - np.bincount(mine, minlength=levels)
            own = order[ends[g] : ends[g + 1]]
            pair_weight = total - np.bincount(place[own], weights=weight[own], minlength=merged.size)
        rank = np.cumsum(left) - left / 2
        n = left.sum()
        observed[1 + g] = pair_weight @ (rank[low] - rank[high]) ** 2 / n if n else np.nan
        centred = rank - (left @ rank / n if n else 0.0)
        expected[1 + g] = 2 * (left @ centred**2) / (n - 1) if n > 1 else np.nan
    return Coefficient(observed, expected, rows)


def cohen(ratings: Ratings, weights: Scale) -> Coefficient:
    """Cohen's kappa of two raters; weighted by the squared distance of values where the scale is not nominal.

    Args:
        ratings: Of two raters; items that one of them did not rate are left out.
        weights: `nominal` (plain kappa), `ordinal` (quadratic weights of the levels' places, among those that either
            rater gave to these items), `interval` or `ratio`.

    Source: Cohen (1960), Educ. Psychol. Meas. 20:37-46; Cohen (1968), Psychological Bulletin 70:213-220.
    """
    kept = pairable(ratings)
    one, other = (np.flatnonzero(kept.rater == r) for r in (0, 1))
    one, other = one[np.argsort(kept.item[one])], other[np.argsort(kept.item[other])]
    levels, groups, group = kept.values.size, kept.groups, kept.group[one]
    values, scale = weighing(kept, weights)
    apart = distance(values[kept.level[one]], values[kept.level[other]], scale)
    rows = np.bincount(group, minlength=groups).astype(float)
    n = _without(rows)
    first, second = (_counts(kept.level[each], group, levels, groups) for each in (one, other))
    table = distance(values[:, None], values[None, :], scale)
    expected = np.einsum("gk,kl,gl->g", first, table, second, optimize=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = _without(np.bincount(group, weights=apart, minlength=groups)) / n
        return Coefficient(observed, expected / n**2, rows)


def weighing(kept: Ratings, weights: Scale) -> tuple[Floats, Scale]:
    """Numbers [K] whose distances weigh disagreements of Cohen's kappa, and on which scale they are taken.

    A level that only unpaired items have is no place: an item of one rater changes nothing.
    """
    if weights != "ordinal":
        return kept.values, weights
    used = np.bincount(kept.level, minlength=kept.values.size) > 0
    return np.asarray(np.cumsum(used) - 1.0, dtype=float), "interval"


def fleiss(ratings: Ratings) -> Coefficient:
    """Fleiss' kappa: nominal, any number of raters, as many ratings of each item.

    Source: Fleiss (1971), Psychological Bulletin 76:378-382.
    """
    kept = pairable(ratings)
    sizes = np.bincount(kept.item)
    several = np.unique(sizes[sizes > 0])
    if several.size > 1:
        raise InputError(
            f"items have {several[0]} to {several[-1]} ratings",
            rule="Fleiss' kappa needs as many ratings of each item",
            fix="--measure krippendorff, which takes any number",
        )
    differ = differing(kept)
    rows = np.bincount(kept.group, minlength=kept.groups).astype(float)
    n = _without(rows)
    shares = _counts(kept.level, kept.group, kept.values.size, kept.groups) / np.maximum(n, 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return Coefficient(_without(differ) / n, 1 - (shares**2).sum(axis=1), rows)


def _counts(level: Ints, group: Ints, levels: int, groups: int) -> Floats:
    """Counts of every value, from everything and without each group: [1 + G, K]."""
    if levels * groups > BLOCK:
        raise InputError(
            f"the ratings have {levels} different values",
            rule="a kappa is of a few categories",
            fix="--measure krippendorff --scale interval",
        )
    by_group = np.bincount(group * levels + level, minlength=groups * levels).reshape(groups, levels).astype(float)
    total = by_group.sum(axis=0)
    return np.concatenate([total[None], total - by_group])


def effective(rows: Floats) -> float:
    """Effective units: (sum n)^2 / sum n^2 over groups with ratings."""
    return float(rows.sum() ** 2 / (rows**2).sum()) if rows.any() else 0.0


def log_ratio(coefficient: Coefficient) -> Floats:
    """Log of observed over expected disagreement, the scale on which a coefficient varies evenly."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(coefficient.observed / coefficient.expected), dtype=float)


def undefined(coefficient: Coefficient, measure: str) -> str:
    """Why there is no value; empty where there is one."""
    if coefficient.rows.sum() == 0:
        return "no item has ratings of two raters"
    if not coefficient.expected[0] > 0:
        return f"all ratings are the same: {measure} compares with chance, which leaves nothing to disagree on"
    return "" if math.isfinite(coefficient.values[0]) else "the value is not defined on these ratings"
