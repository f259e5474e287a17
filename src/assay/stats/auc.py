"""Area under the ROC curve: DeLong's covariance, and exact delete-one-group values, by sorting each arm once.

Every count is an integer (twice the placements, so that a tie counts one half without rounding): the results do not
depend on the order of the rows, on threads, or on the linear algebra library.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.records.estimate import Bounds
from assay.records.metric import Array, Floats, Ints
from assay.stats.procedures import Descriptive, Inverted, LogitT, Result, StudentT, Undefined

WHOLE = 2**62
PLAIN_ROOM = 4.0
PLAIN_CLASS = 30
NORMAL_CLASS = 40
NO_SPREAD = "no interval: all rows are ranked alike, so the sample shows no variance"


@dataclass(frozen=True, slots=True)
class Placements:
    """How many rows of the other class each row beats, for every arm.

    Attributes:
        positive: [n], True where the target is positive.
        twice: [A, n]; positives: twice the negatives ranked below plus those tied; negatives: twice the positives
            ranked above plus those tied.
    """

    positive: Array
    twice: Ints

    @property
    def positives(self) -> int:
        """Rows whose target is positive."""
        return int(np.count_nonzero(self.positive))

    @property
    def negatives(self) -> int:
        """Rows whose target is negative."""
        return len(self.positive) - self.positives


@dataclass(frozen=True, slots=True)
class DeLong:
    """AUCs of several arms on the same rows, and their covariance.

    Attributes:
        values: [A]; NaN where a class is absent.
        parts: [2, A, A], the covariance that comes from the positives and from the negatives; NaN where a class has
            fewer than two rows.
        positives: Rows of the positive class.
        negatives: Rows of the negative class.
    """

    values: Floats
    parts: Floats
    positives: int
    negatives: int

    @property
    def covariance(self) -> Floats:
        """The covariance of the AUCs, [A, A]."""
        return np.asarray(self.parts.sum(axis=0))


def placements(target: Array, scores: Floats) -> Placements:
    """Place every row among the rows of the other class.

    Args:
        target: [n], 0 and 1 (or False and True).
        scores: [A, n], finite; larger means more positive.

    Raises:
        MetricError: when a score is NaN.
    """
    positive = np.asarray(target).astype(bool)
    scores = np.atleast_2d(scores)
    if np.isnan(scores).any():
        raise MetricError(
            f"{int(np.isnan(scores).sum())} scores are NaN",
            rule="AUC ranks scores, and NaN has no rank",
            fix="fill or exclude the rows",
        )
    return Placements(positive, np.stack([_place(positive, arm) for arm in scores]))


def _place(positive: Array, scores: Floats) -> Ints:
    if not len(scores):
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(scores)
    ranked = scores[order]
    edges = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1], [True]])).astype(np.int64)
    flags = positive[order]
    below = np.concatenate([[0], np.cumsum(~flags, dtype=np.int64)])[edges]
    negatives = below[:-1] + below[1:]
    positives = (edges[:-1] + edges[1:]) - negatives
    above = 2 * np.count_nonzero(positive) - positives
    if len(edges) <= len(scores):
        lengths = np.diff(edges)
        negatives, above = np.repeat(negatives, lengths), np.repeat(above, lengths)
    twice = np.empty(len(scores), dtype=np.int64)
    twice[order] = np.where(flags, negatives, above)
    return twice


def delong(target: Array, scores: Floats) -> DeLong:
    """AUCs and their covariance by DeLong, DeLong and Clarke-Pearson (1988), ties by midranks.

    Args:
        target: [n], 0 and 1.
        scores: [A, n].

    Sun and Xu (2014) gave the computation by ranks; here it is done in exact integers.

    >>> result = delong(np.array([0, 0, 1, 1]), np.array([[0.1, 0.4, 0.35, 0.8]]))
    >>> float(result.values[0]), float(result.covariance[0, 0])
    (0.75, 0.125)
    """
    return delong_of(placements(target, scores))


def delong_of(placed: Placements) -> DeLong:
    """AUCs and their covariance from placements (see `delong`)."""
    pos, neg = placed.positives, placed.negatives
    arms = len(placed.twice)
    if pos == 0 or neg == 0:
        return DeLong(np.full(arms, np.nan), np.full((2, arms, arms), np.nan), pos, neg)
    over_pos = [row[placed.positive] for row in placed.twice]
    over_neg = [row[~placed.positive] for row in placed.twice]
    values = np.array([whole_sum(row) / (2 * pos * neg) for row in over_pos])
    parts = np.stack([_covariance(over_pos, 2 * neg) / pos, _covariance(over_neg, 2 * pos) / neg])
    return DeLong(values, parts, pos, neg)


def whole_sum(values: Ints) -> int:
    """The exact sum of integers, also beyond 64 bits."""
    largest = int(max(values.max(initial=0), -values.min(initial=0)))
    step = max(1, WHOLE // max(largest, 1))
    if len(values) <= step:
        return int(values.sum())
    starts = np.arange(0, len(values), step)
    return sum(np.add.reduceat(values, starts).tolist())


def _covariance(rows: list[Ints], scale: int) -> Floats:
    """Sample covariance [A, A] of integer rows divided by `scale`; each entry is rounded once."""
    n, arms = len(rows[0]), len(rows)
    out = np.full((arms, arms), np.nan)
    if n < 2:
        return out
    centred = [row - whole_sum(row) // n for row in rows]
    sums = [whole_sum(row) for row in centred]
    for i in range(arms):
        for j in range(i + 1):
            joint = n * whole_sum(centred[i] * centred[j]) - sums[i] * sums[j]
            out[i, j] = out[j, i] = joint / (n * (n - 1) * scale * scale)
    return out


def auc_replicates(target: Array, scores: Floats, group: Ints) -> tuple[Floats, Floats]:
    """AUCs, and AUCs with one group left out, exact and with one sort an arm.

    Without group g the count loses the pairs of g's positives with all negatives and of g's negatives with all
    positives, and gains back the pairs inside g, which were taken off twice.

    Args:
        target: [n], 0 and 1.
        scores: [A, n].
        group: [n], codes 0..G-1.

    Returns:
        Values [A] and replicates [G, A]; NaN where leaving the group out leaves one class.
    """
    placed = placements(target, scores)
    groups = int(group.max(initial=-1)) + 1
    narrow = group.astype(np.min_scalar_type(max(groups, 1)))
    in_pos = np.bincount(group, minlength=groups)
    pos_of = np.bincount(group[placed.positive], minlength=groups)
    neg_of = in_pos - pos_of
    pairs = 2 * (placed.positives - pos_of) * (placed.negatives - neg_of)
    total = 2 * placed.positives * placed.negatives
    values, columns = [], []
    for arm, twice in zip(np.atleast_2d(scores), placed.twice, strict=True):
        won = whole_sum(twice[placed.positive])
        left = won - _group_sums(narrow, twice, groups) + _won_inside(placed.positive, arm, narrow, pos_of, groups)
        values.append(won / total if total else np.nan)
        columns.append(np.divide(left, pairs, out=np.full(groups, np.nan), where=pairs > 0))
    return np.array(values), np.stack(columns, axis=1)


def _group_sums(group: Ints, values: Ints, groups: int) -> Ints:
    """Exact sums of integers by group, [G]."""
    out = np.zeros(groups, dtype=np.int64)
    np.add.at(out, group, values)
    return out


def _won_inside(positive: Array, scores: Floats, group: Ints, pos_of: Ints, groups: int) -> Ints:
    """Twice the pairs won inside each group (ties count one), [G]."""
    by_score = np.argsort(scores)
    order = by_score[np.argsort(group[by_score], kind="stable")]
    ranked, member = scores[order], group[order]
    new = np.concatenate([[True], (ranked[1:] != ranked[:-1]) | (member[1:] != member[:-1]), [True]])
    edges = np.flatnonzero(new)
    flags = positive[order]
    below = np.concatenate([[0], np.cumsum(~flags, dtype=np.int64)])
    starts = np.searchsorted(member, np.arange(groups))
    ties = below[edges[:-1]] + below[edges[1:]] - 2 * below[starts][member[edges[:-1]]]
    wins = np.add.reduceat(flags.astype(np.int64), edges[:-1]) * ties
    return _group_sums(member[edges[:-1]], wins, groups)


def single_auc(fit: DeLong, arms: Sequence[int] = (0,)) -> Result:
    """The AUC of one model (several arms are averaged), plain or on the logit scale.

    Plain DeLong has 78 to 93 % where an AUC comes near 1 for its size (design/0004); there, and where a class has
    fewer than 30 rows, the logit scale is used, with t and Welch-Satterthwaite degrees of freedom.

    Args:
        fit: From `delong`.
        arms: Positions of the model's arms.
    """
    without = _without_variance(fit, {arm: 1 / len(arms) for arm in arms}, "delong")
    if without is not None:
        return without
    value, se, df = _contrast(fit, {arm: 1 / len(arms) for arm in arms})
    if se == 0:
        return _separated(value, fit) if value in (0.0, 1.0) else Descriptive(value, "delong", NO_SPREAD)
    room = min(value, 1 - value)
    facts = _facts(fit, room)
    if room >= PLAIN_ROOM * se and min(fit.positives, fit.negatives) >= PLAIN_CLASS:
        reason = "AUC with one row per unit: DeLong"
        return StudentT(value, se, math.inf, "delong", reason, 0.0, 1.0, diagnostics=facts)
    # Qin & Hotilovac (2008), Stat. Methods Med. Res. 17:207-221; Pepe (2003), section 5.2.
    reason = "AUC close to its limit, or a class below 30 rows: DeLong's variance on the logit scale, with t"
    return LogitT(value, se, df, "delong-logit", reason, diagnostics={**facts, "df": df})


def auc_difference(fit: DeLong, baseline: Sequence[int] = (0,), candidate: Sequence[int] = (1,)) -> Result:
    """The paired difference of two models' AUCs, candidate - baseline; several arms of a model are averaged.

    Args:
        fit: From `delong` on the arms of both models.
        baseline: Positions of the baseline's arms.
        candidate: Positions of the candidate's arms.
    """
    weights = {arm: -1 / len(baseline) for arm in baseline}
    weights |= {arm: 1 / len(candidate) for arm in candidate}
    without = _without_variance(fit, weights, "delong-paired")
    if without is not None:
        return without
    value, se, df = _contrast(fit, weights)
    if se == 0:
        return Descriptive(value, "delong-paired", NO_SPREAD)
    small = min(fit.positives, fit.negatives) < NORMAL_CLASS
    reason = "difference of AUCs on the same rows, one row per unit: paired DeLong"
    reason += ", t with Welch-Satterthwaite degrees of freedom (a class is small)" if small else ""
    room = float(np.minimum(fit.values, 1 - fit.values).min())
    facts = _facts(fit, room)
    return StudentT(value, se, df if small else math.inf, "delong-paired", reason, -1.0, 1.0, diagnostics=facts)


def _facts(fit: DeLong, room: float) -> dict[str, Any]:
    """What the domain of the method is declared in; `room` is the distance of the AUC from its nearer limit."""
    known = {"positives": fit.positives, "negatives": fit.negatives}
    return known | {"misranked": misranked(room, fit.positives, fit.negatives)}


def misranked(value: float, positives: int, negatives: int) -> float:
    """How many rows of the smaller class would be ranked wrong, were all that are wrong wrong altogether.

    >>> misranked(0.95, 40, 400)
    2.0
    """
    return round(min(positives, negatives) * min(value, 1 - value), 12)


def _without_variance(fit: DeLong, weights: Mapping[int, float], method: str) -> Undefined | Descriptive | None:
    """No value without one of the classes, no interval with one row of one of them."""
    for name, count in (("positive", fit.positives), ("negative", fit.negatives)):
        if count == 0:
            return Undefined(f"no {name} rows: AUC compares the two classes", method)
    for name, count in (("positive", fit.positives), ("negative", fit.negatives)):
        if count == 1:
            value = sum(weight * float(fit.values[arm]) for arm, weight in weights.items())
            why = f"no interval: one {name} row only, and AUC's variance needs two of each class"
            return Descriptive(value, method, why, diagnostics={"positives": fit.positives, "negatives": fit.negatives})
    return None


def _contrast(fit: DeLong, weights: Mapping[int, float]) -> tuple[float, float, float]:
    """Value, standard error (0 where it is nothing but rounding) and Welch-Satterthwaite df of a weighted sum."""
    w = np.zeros(len(fit.values))
    for arm, weight in weights.items():
        w[arm] = weight
    from_pos, from_neg = (float((part * w[:, None] * w[None, :]).sum()) for part in fit.parts)
    total = from_pos + from_neg
    value = float((fit.values * w).sum())
    if not total > 1e-15 * float((np.abs(fit.parts).sum(axis=0) * np.abs(w[:, None] * w[None, :])).sum()):
        return value, 0.0, math.inf
    df = total**2 / (from_pos**2 / (fit.positives - 1) + from_neg**2 / (fit.negatives - 1))
    return value, math.sqrt(total), df


def _separated(value: float, fit: DeLong) -> Inverted:
    """Perfect ranking: DeLong's variance is 0, so bound it by disjoint pairs, one positive and one negative each.

    With m such pairs, all ranked right, the exact (Clopper-Pearson) lower bound is (alpha / 2)^(1 / m).
    """
    pairs = min(fit.positives, fit.negatives)

    def bounds(level: float) -> Bounds:
        reach = ((1 - level) / 2) ** (1 / pairs)
        return (reach, 1.0) if value == 1.0 else (0.0, 1 - reach)

    def p(null: float) -> float:
        likely = null if value == 1.0 else 1 - null
        return min(1.0, 2 * max(likely, 0.0) ** pairs)

    # An exact bound needs no rows ranked wrong: the figure is not reported, so it does not bind.
    facts = {"positives": fit.positives, "negatives": fit.negatives}
    reason = f"every positive is ranked on one side of every negative: exact bound from {pairs} disjoint pairs"
    return Inverted(value, "delong-logit", reason, bounds, p, diagnostics=facts)
