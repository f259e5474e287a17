"""Strengths from pairwise preferences: Bradley and Terry's model with ties and an order effect.

Of a first model i and a second model j with eta = theta_i - theta_j + order, the chances of first, second and tie are
in the proportions exp(eta / 2) : exp(-eta / 2) : nu. The likelihood is concave, and votes count only through how often
each ordered pair ended in which way, so that a million votes of a hundred models are fitted from at most 9,900 pairs.

Source: Bradley & Terry (1952), Biometrika 39:324-345; Davidson (1970), J. Am. Stat. Assoc. 65:317-328 (ties);
Davidson & Beaver (1977), Biometrics 33:693-702 (order).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Floats, Ints

STEPS = 60
ENOUGH = 1e-10


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes counted by ordered pair, outcome and group of units.

    Attributes:
        models: How many.
        first: [P], codes of the model shown first.
        second: [P], codes of the other.
        counts: [P, 3], votes for the first, for the second, and ties.
        group: [E], group of an entry; groups are 0..G-1.
        pair: [E], pair of an entry.
        outcome: [E], 0 first, 1 second, 2 tie.
        votes: [E], votes of the entry.
    """

    models: int
    first: Ints
    second: Ints
    counts: Floats
    group: Ints
    pair: Ints
    outcome: Ints
    votes: Floats

    @property
    def groups(self) -> int:
        """How many units, or buckets of units."""
        return int(self.group.max(initial=-1)) + 1


def count_votes(first: Ints, second: Ints, outcome: Ints, group: Ints, models: int) -> Votes:
    """Count votes [n] by ordered pair, outcome and group."""
    pairs, pair = np.unique(first * models + second, return_inverse=True)
    cells, votes = np.unique((group * pairs.size + pair) * 3 + outcome, return_counts=True)
    entry, ended = np.divmod(cells, 3)
    of, which = np.divmod(entry, max(1, pairs.size))
    weight = votes.astype(float)
    counts: Floats = np.bincount(which * 3 + ended, weights=weight, minlength=3 * pairs.size).astype(float)
    return Votes(models, pairs // models, pairs % models, counts.reshape(-1, 3), of, which, ended, weight)


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters: a strength for each model (they sum to 0), the order effect, the log of the tie parameter.

    Attributes:
        theta: [K].
        order: Advantage of the model shown first; 0 where it is not fitted.
        tie: Log of nu; minus infinity without ties.
    """

    theta: Floats
    order: float
    tie: float

    @property
    def values(self) -> Floats:
        """[K + 2]: strengths, order, tie (0 without ties)."""
        return np.append(self.theta, [self.order, self.tie if np.isfinite(self.tie) else 0.0])


def fit(votes: Votes, counts: Floats, order: bool, start: Fit | None = None) -> Fit:
    """Maximum likelihood by Newton's method.

    Args:
        votes: The pairs.
        counts: [P, 3], how often each ended in which way.
        order: Whether the model shown first may have an advantage.
        start: Where to start.
    """
    ties = bool(counts[:, 2].sum() > 0)
    k = votes.models
    at = np.zeros(k + 2) if start is None else start.values.copy()
    free = np.ones(k + 2, dtype=bool)
    free[k], free[k + 1] = order, ties
    total = counts.sum(axis=1)
    for _ in range(STEPS):
        gradient, information = _derivatives(votes, counts, total, at, ties)
        # Strengths are known up to a constant; this keeps their sum where it is.
        information[:k, :k] += total.sum() / k**2
        step = np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        largest = float(np.abs(step).max())
        at[free] += step if largest <= 2 else step * (2 / largest)
        if largest < ENOUGH:
            break
    theta = at[:k] - at[:k].mean()
    return Fit(theta, float(at[k]), float(at[k + 1]) if ties else -np.inf)


def _derivatives(votes: Votes, counts: Floats, total: Floats, at: Floats, ties: bool) -> tuple[Floats, Floats]:
    """Gradient and information of the log-likelihood."""
    k, first, second = votes.models, votes.first, votes.second
    gradient, (won, lost, tied) = _gradient(votes, counts, total, at, ties)
    # Variance of (first - second) / 2, of the tie, and their covariance.
    both = total * 0.25 * (won + lost - (won - lost) ** 2)
    mixed = -total * 0.5 * (won - lost) * tied
    information = np.zeros((k + 2, k + 2))
    cross = np.bincount(first * k + second, weights=both, minlength=k * k).reshape(k, k)
    information[:k, :k] = -(cross + cross.T)
    own = np.bincount(first, weights=both, minlength=k) + np.bincount(second, weights=both, minlength=k)
    information[np.arange(k), np.arange(k)] += own
    for place, weight in ((k, both), (k + 1, mixed)):
        column = np.bincount(first, weights=weight, minlength=k) - np.bincount(second, weights=weight, minlength=k)
        information[:k, place] = information[place, :k] = column
    information[k, k], information[k + 1, k + 1] = both.sum(), (total * tied * (1 - tied)).sum()
    information[k, k + 1] = information[k + 1, k] = mixed.sum()
    return gradient, information


def _gradient(
    votes: Votes, counts: Floats, total: Floats, at: Floats, ties: bool
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Observed minus expected, as the family is exponential; and the chances of first, second and tie."""
    k, first, second = votes.models, votes.first, votes.second
    won, lost, tied = chances(at[:k], float(at[k]), float(at[k + 1]) if ties else -np.inf, first, second)
    lean = 0.5 * (counts[:, 0] - counts[:, 1] - total * (won - lost))
    gradient = np.zeros(k + 2)
    gradient[:k] = np.bincount(first, weights=lean, minlength=k) - np.bincount(second, weights=lean, minlength=k)
    gradient[k], gradient[k + 1] = lean.sum(), (counts[:, 2] - total * tied).sum()
    return gradient, (won, lost, tied)


def chances(theta: Floats, order: float, tie: float, first: Ints, second: Ints) -> tuple[Floats, Floats, Floats]:
    """Chances [P] of first, second and tie."""
    half = 0.5 * (theta[first] - theta[second] + order)
    most = np.maximum(np.abs(half), tie)
    won, lost, tied = np.exp(half - most), np.exp(-half - most), np.exp(tie - most)
    total = won + lost + tied
    return won / total, lost / total, tied / total


def covariance(votes: Votes, whole: Fit, order: bool) -> Floats:
    """Inverse information [K + 2, K + 2]: the covariance where every vote is a unit; 0 for what is not fitted."""
    ties, k = bool(np.isfinite(whole.tie)), votes.models
    free = np.append(np.ones(k, dtype=bool), [order, ties])
    total = votes.counts.sum(axis=1)
    _, information = _derivatives(votes, votes.counts, total, whole.values, ties)
    gauge = np.zeros((k + 2, k + 2))
    gauge[:k, :k] = total.sum() / k**2
    result = np.zeros((k + 2, k + 2))
    result[np.ix_(free, free)] = np.linalg.inv((information + gauge)[np.ix_(free, free)])
    # The gauge adds a constant to all strengths, which says nothing.
    centre = np.eye(k + 2)
    centre[:k, :k] -= 1 / k
    return np.asarray(centre @ result @ centre.T)


def replicates(votes: Votes, whole: Fit, order: bool) -> Floats:
    """Parameters without each group of units in turn: [G, K + 2]."""
    starts = np.searchsorted(votes.group, np.arange(votes.groups + 1))
    out = np.empty((votes.groups, votes.models + 2))
    ties, k = bool(np.isfinite(whole.tie)), votes.models
    total = votes.counts.sum(axis=1)
    free = np.append(np.ones(k, dtype=bool), [order, ties])
    _, information = _derivatives(votes, votes.counts, total, whole.values, ties)
    information[:k, :k] += total.sum() / k**2
    inverse = np.linalg.inv(information[np.ix_(free, free)])
    for g in range(votes.groups):
        mine = slice(starts[g], starts[g + 1])
        left = votes.counts.copy()
        np.subtract.at(left, (votes.pair[mine], votes.outcome[mine]), votes.votes[mine])
        emptied = np.any((left == 0) & (votes.counts > 0))
        if emptied and (not connected(votes, left) or (ties and not left[:, 2].any())):
            out[g] = np.nan
            continue
        near = _chord(votes, left, whole.values, inverse, free, ties)
        out[g] = near if near is not None else fit(votes, left, order, whole).values
        out[g, :k] -= out[g, :k].mean()
    return out


def _chord(votes: Votes, counts: Floats, start: Floats, inverse: Floats, free: Array, ties: bool) -> Floats | None:
    """Newton's method with the information of all votes: without one group of many it is nearly the right one."""
    at, total = start.copy(), counts.sum(axis=1)
    for _ in range(12):
        step = inverse @ _gradient(votes, counts, total, at, ties)[0][free]
        at[free] += step
        if float(np.abs(step).max()) < ENOUGH:
            return at
    return None


def connected(votes: Votes, counts: Floats) -> bool:
    """Whether the strengths have finite estimates: from every model a chain of wins and ties leads to every other.

    Source: Ford (1957), Amer. Math. Monthly 64:28-33.
    """
    return len(components(votes, counts)) == 1


def components(votes: Votes, counts: Floats) -> list[set[int]]:
    """Groups of models that beat, or tie with, one another in chains; the strongest group first."""
    k = votes.models
    beats = np.zeros((k, k), dtype=bool)
    forward, backward = counts[:, 0] + counts[:, 2] > 0, counts[:, 1] + counts[:, 2] > 0
    beats[votes.first[forward], votes.second[forward]] = True
    beats[votes.second[backward], votes.first[backward]] = True
    reach = beats | np.eye(k, dtype=bool)
    for _ in range(max(1, int(np.ceil(np.log2(max(2, k)))))):
        reach = (reach.astype(np.float32) @ reach.astype(np.float32)) > 0
    mutual = reach & reach.T
    found = [set(np.flatnonzero(row).tolist()) for row in np.unique(mutual, axis=0)]
    return sorted(found, key=lambda models: -int(reach[min(models)].sum()))


def refuse_unconnected(votes: Votes, names: Array) -> None:
    """Refuse votes from which not all strengths can be told.

    Raises:
        InputError: naming models that are compared with none of the others, or that beat or lose to all of them.
    """
    found = components(votes, votes.counts)
    if len(found) == 1:
        return
    top = ", ".join(str(names[m]) for m in sorted(found[0])[:5])
    linked = np.zeros((votes.models, votes.models), dtype=bool)
    linked[votes.first, votes.second] = linked[votes.second, votes.first] = True
    touching = any(linked[i, j] for i in found[0] for j in range(votes.models) if j not in found[0])
    if touching:
        raise InputError(
            f"{top} never lost to, or tied with, any of the others",
            rule="a strength is finite only if every model has lost to some other, directly or in a chain",
            fix="collect votes between them, or leave these models out",
        )
    raise InputError(
        f"{top} and the other models were never compared, directly or in a chain",
        rule="strengths are relative: all models are linked by votes",
        fix="collect votes between the groups, or rank each by itself",
    )
