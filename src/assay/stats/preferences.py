"""Strengths from pairwise preferences: Bradley and Terry's model with ties and an order effect.

Of a first model i and a second model j with eta = theta_i - theta_j + order, the chances of first, second and tie are
in the proportions exp(eta / 2) : exp(-eta / 2) : nu. The likelihood is concave, and votes count only through how often
each ordered pair ended in which way, so that a million votes of a hundred models are fitted from at most 9,900 pairs.
Covariates of a vote (how much longer the first answer is) add slopes x covariates to eta; pairs are then counted apart
where their covariates differ.

Source: Bradley & Terry (1952), Biometrika 39:324-345; Davidson (1970), J. Am. Stat. Assoc. 65:317-328 (ties);
Davidson & Beaver (1977), Biometrics 33:693-702 (order).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Floats, Ints

STEPS = 60
ENOUGH = 1e-10
FLAT = 1e-7
"""Information, in votes, below which nothing bounds a direction: a finite maximum has a vote or so against each."""


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
        covariates: [P, C], of the votes of the pair, first less second; C is 0 without.
    """

    models: int
    first: Ints
    second: Ints
    counts: Floats
    group: Ints
    pair: Ints
    outcome: Ints
    votes: Floats
    covariates: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def slopes(self) -> int:
        """How many covariates."""
        return int(self.covariates.shape[1])

    @property
    def groups(self) -> int:
        """How many units, or buckets of units."""
        return int(self.group.max(initial=-1)) + 1


def count_votes(
    first: Ints, second: Ints, outcome: Ints, group: Ints, models: int, covariates: Floats | None = None
) -> Votes:
    """Count votes [n] by ordered pair, covariates [n, C], outcome and group."""
    pairs, pair = np.unique(first * models + second, return_inverse=True)
    of_pair = np.zeros((pairs.size, 0))
    if covariates is not None:
        distinct, row = np.unique(covariates, axis=0, return_inverse=True)
        both, pair = np.unique(pair * len(distinct) + row.ravel(), return_inverse=True)
        place, row = np.divmod(both, max(1, len(distinct)))
        pairs, of_pair = pairs[place], distinct[row]
    cells, votes = np.unique((group * pairs.size + pair) * 3 + outcome, return_counts=True)
    entry, ended = np.divmod(cells, 3)
    of, which = np.divmod(entry, max(1, pairs.size))
    weight = votes.astype(float)
    counts: Floats = np.bincount(which * 3 + ended, weights=weight, minlength=3 * pairs.size).astype(float)
    return Votes(models, pairs // models, pairs % models, counts.reshape(-1, 3), of, which, ended, weight, of_pair)


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters: a strength for each model (they sum to 0), the order effect, the log of the tie parameter.

    Attributes:
        theta: [K].
        order: Advantage of the model shown first; 0 where it is not fitted.
        tie: Log of nu; minus infinity without ties.
        slopes: [C], change of the log-odds by one unit of each covariate.
    """

    theta: Floats
    order: float
    tie: float
    slopes: Floats

    @property
    def values(self) -> Floats:
        """[K + 2 + C]: strengths, order, tie (0 without ties), slopes."""
        return np.concatenate([self.theta, [self.order, self.tie if np.isfinite(self.tie) else 0.0], self.slopes])


def fit(votes: Votes, counts: Floats, order: bool, start: Fit | None = None) -> Fit:
    """Maximum likelihood by Newton's method.

    Args:
        votes: The pairs.
        counts: [P, 3], how often each ended in which way.
        order: Whether the model shown first may have an advantage.
        start: Where to start.

    Raises:
        InputError: votes, or covariates, that tell winners from losers without fail, so that nothing is finite.
    """
    ties = bool(counts[:, 2].sum() > 0)
    k = votes.models
    at = np.zeros(k + 2 + votes.slopes) if start is None else start.values.copy()
    free = _free(votes, order, ties)
    total, largest = counts.sum(axis=1), np.inf
    for _ in range(STEPS):
        gradient, information = _derivatives(votes, counts, total, at, ties)
        # Strengths are known up to a constant; this keeps their sum where it is.
        information[:k, :k] += total.sum() / k**2
        try:
            step = np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        except np.linalg.LinAlgError:
            break
        largest = float(np.abs(step).max())
        at[free] += step if largest <= 2 else step * (2 / largest)
        if largest < ENOUGH:
            break
    # Far out the gradient is lost in rounding, so that a likelihood without end looks as if it had one.
    flat = np.linalg.eigvalsh(information[np.ix_(free, free)])[0] < FLAT
    if not largest < ENOUGH or flat:
        raise _unbounded(votes, order)
    theta = at[:k] - at[:k].mean()
    return Fit(theta, float(at[k]), float(at[k + 1]) if ties else -np.inf, at[k + 2 :])


def _unbounded(votes: Votes, order: bool) -> InputError:
    """The error for a likelihood that grows without end."""
    if votes.slopes:
        return InputError(
            "the covariates tell winners from losers without fail",
            rule="a slope is finite only if votes overlap: some are won against what the covariates say",
            fix="leave a covariate out, or collect more votes",
        )
    rule = "strengths are finite only if some votes are won against them" + (" and against the order" if order else "")
    return InputError(
        "wherever the votes are no ties, the same side wins without fail",
        rule=rule,
        fix="collect more votes" + (", or leave the order effect out" if order else ""),
    )


def _free(votes: Votes, order: bool, ties: bool) -> Array:
    """Which parameters are fitted."""
    return np.concatenate([np.ones(votes.models, dtype=bool), [order, ties], np.ones(votes.slopes, dtype=bool)])


def _derivatives(votes: Votes, counts: Floats, total: Floats, at: Floats, ties: bool) -> tuple[Floats, Floats]:
    """Gradient and information of the log-likelihood."""
    k, first, second = votes.models, votes.first, votes.second
    gradient, (won, lost, tied) = _gradient(votes, counts, total, at, ties)
    # Variance of (first - second) / 2, of the tie, and their covariance.
    both = total * 0.25 * (won + lost - (won - lost) ** 2)
    mixed = -total * 0.5 * (won - lost) * tied
    information = np.zeros((k + 2 + votes.slopes,) * 2)
    cross = np.bincount(first * k + second, weights=both, minlength=k * k).reshape(k, k)
    information[:k, :k] = -(cross + cross.T)
    own = np.bincount(first, weights=both, minlength=k) + np.bincount(second, weights=both, minlength=k)
    information[np.arange(k), np.arange(k)] += own
    for place, weight in ((k, both), (k + 1, mixed)):
        column = np.bincount(first, weights=weight, minlength=k) - np.bincount(second, weights=weight, minlength=k)
        information[:k, place] = information[place, :k] = column
    information[k, k], information[k + 1, k + 1] = both.sum(), (total * tied * (1 - tied)).sum()
    information[k, k + 1] = information[k + 1, k] = mixed.sum()
    for c, x in enumerate(votes.covariates.T, k + 2):
        column = np.bincount(first, both * x, minlength=k) - np.bincount(second, both * x, minlength=k)
        information[:k, c] = information[c, :k] = column
        information[k, c] = information[c, k] = (both * x).sum()
        information[k + 1, c] = information[c, k + 1] = (mixed * x).sum()
        information[c, k + 2 :] = (both * x) @ votes.covariates
    return gradient, information


def _gradient(
    votes: Votes, counts: Floats, total: Floats, at: Floats, ties: bool
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Observed minus expected, as the family is exponential; and the chances of first, second and tie."""
    k, first, second = votes.models, votes.first, votes.second
    shift = votes.covariates @ at[k + 2 :] if votes.slopes else 0.0
    won, lost, tied = chances(at[:k], float(at[k]) + shift, float(at[k + 1]) if ties else -np.inf, first, second)
    lean = 0.5 * (counts[:, 0] - counts[:, 1] - total * (won - lost))
    gradient = np.zeros(k + 2 + votes.slopes)
    if votes.slopes:
        gradient[k + 2 :] = lean @ votes.covariates
    gradient[:k] = np.bincount(first, weights=lean, minlength=k) - np.bincount(second, weights=lean, minlength=k)
    gradient[k], gradient[k + 1] = lean.sum(), (counts[:, 2] - total * tied).sum()
    return gradient, (won, lost, tied)


def chances(
    theta: Floats, order: float | Floats, tie: float, first: Ints, second: Ints
) -> tuple[Floats, Floats, Floats]:
    """Chances [P] of first, second and tie; the order effect may hold what covariates add."""
    half = 0.5 * (theta[first] - theta[second] + order)
    most = np.maximum(np.abs(half), tie)
    won, lost, tied = np.exp(half - most), np.exp(-half - most), np.exp(tie - most)
    total = won + lost + tied
    return won / total, lost / total, tied / total


def covariance(votes: Votes, whole: Fit, order: bool) -> Floats:
    """Inverse information, square of K + 2 + C: the covariance where every vote is a unit; 0 for what is not fitted."""
    ties, k = bool(np.isfinite(whole.tie)), votes.models
    free, size = _free(votes, order, ties), k + 2 + votes.slopes
    total = votes.counts.sum(axis=1)
    _, information = _derivatives(votes, votes.counts, total, whole.values, ties)
    gauge = np.zeros((size, size))
    gauge[:k, :k] = total.sum() / k**2
    result = np.zeros((size, size))
    result[np.ix_(free, free)] = np.linalg.inv((information + gauge)[np.ix_(free, free)])
    # The gauge adds a constant to all strengths, which says nothing.
    centre = np.eye(size)
    centre[:k, :k] -= 1 / k
    return np.asarray(centre @ result @ centre.T)


def replicates(votes: Votes, whole: Fit, order: bool) -> Floats:
    """Parameters without each group of units in turn: [G, K + 2 + C]."""
    starts = np.searchsorted(votes.group, np.arange(votes.groups + 1))
    if votes.slopes:
        return one_step(votes, whole, order, starts)
    out = np.empty((votes.groups, votes.models + 2))
    ties, k = bool(np.isfinite(whole.tie)), votes.models
    total = votes.counts.sum(axis=1)
    free = _free(votes, order, ties)
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
        try:
            out[g] = near if near is not None else fit(votes, left, order, whole).values
        except InputError:
            out[g] = np.nan
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


def one_step(votes: Votes, whole: Fit, order: bool, starts: Ints) -> Floats:
    """The same by one step of Newton's method from all votes: with covariates a vote may be a pair of its own.

    Source: Shao & Tu (1995), The Jackknife and Bootstrap, section 5.4 (one-step jackknife).
    """
    ties, k = bool(np.isfinite(whole.tie)), votes.models
    free, at, total = _free(votes, order, ties), whole.values, votes.counts.sum(axis=1)
    _, information = _derivatives(votes, votes.counts, total, at, ties)
    information[:k, :k] += total.sum() / k**2
    beaten = _by_models(votes, votes.counts)
    out = np.empty((votes.groups, at.size))
    for g in range(votes.groups):
        mine = slice(starts[g], starts[g + 1])
        held = _part(votes, mine)
        left = beaten - _by_models(held, held.counts)
        if np.any((left == 0) & (beaten > 0)) and not _whole(votes, left, ties):
            out[g] = np.nan
            continue
        gradient, own = _derivatives(held, held.counts, held.counts.sum(axis=1), at, ties)
        out[g] = at
        out[g, free] -= np.linalg.solve((information - own)[np.ix_(free, free)], gradient[free])
        out[g, :k] -= out[g, :k].mean()
    return out


def _part(votes: Votes, mine: slice) -> Votes:
    """The votes of some entries."""
    pairs, place = np.unique(votes.pair[mine], return_inverse=True)
    counts = np.zeros((pairs.size, 3))
    np.add.at(counts, (place, votes.outcome[mine]), votes.votes[mine])
    held = (votes.group[mine], place, votes.outcome[mine], votes.votes[mine])
    return Votes(votes.models, votes.first[pairs], votes.second[pairs], counts, *held, votes.covariates[pairs])


def _by_models(votes: Votes, counts: Floats) -> Floats:
    """Counts by first and second model, whatever the covariates: [K * K, 3]."""
    k, at = votes.models, votes.first * votes.models + votes.second
    return np.stack([np.bincount(at, counts[:, o], minlength=k * k) for o in range(3)], axis=1)


def _whole(votes: Votes, counts: Floats, ties: bool) -> bool:
    """Whether strengths stay finite with these counts [K * K, 3] by first and second model."""
    k = votes.models
    nothing = np.zeros(0, dtype=np.int64)
    first, second = np.divmod(np.arange(k * k), k)
    square = Votes(k, first, second, counts, nothing, nothing, nothing, np.zeros(0), np.zeros((k * k, 0)))
    return connected(square, counts) and not (ties and not counts[:, 2].any())


def refuse_collinear(votes: Votes, order: bool, names: Sequence[str]) -> None:
    """Refuse covariates that follow from the models compared, the order, or one another.

    Raises:
        InputError: naming the first one.
    """
    if not votes.slopes:
        return
    total, k = votes.counts.sum(axis=1), votes.models
    incidence = np.zeros((len(total), k))
    incidence[np.arange(len(total)), votes.first] += 1.0
    incidence[np.arange(len(total)), votes.second] -= 1.0
    basis = [*incidence.T, *([np.ones(len(total))] if order else [])]
    root = np.sqrt(total)
    for name, x in zip(names, votes.covariates.T, strict=True):
        known = np.stack(basis, axis=1) * root[:, None]
        left = x * root - known @ np.linalg.lstsq(known.T @ known, known.T @ (x * root), rcond=1e-12)[0]
        if not float(left @ left) > 1e-9 * float((x * root) @ (x * root)):
            raise InputError(
                f"the covariate {name!r} follows from the models, the order or the covariates before it",
                rule="a slope is told apart by votes of the same two models with other covariates",
                fix="leave it out" + (", or --order" if order else ""),
            )
        basis.append(x)


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
