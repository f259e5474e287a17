"""Whether the order in which two models were shown was drawn by chance: each pair as often one way as the other.

Of a pair let d_u be the votes of unit u that show one first, less those that show the other first. Where the order was
drawn, for each vote or once for each unit, the sign of d_u is a coin's, and T = (sum d)^2 / sum d^2 is chi-squared with
one degree of freedom; of votes that are units it is Pearson's statistic of the two counts. The sum over pairs is read
against the multiple of chi-squared with its mean and variance where one draw of a unit serves all its pairs.

Source: Pearson (1900), Philosophical Magazine 50:157-175; Satterthwaite (1946), Biometrics Bulletin 2:110-114.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from assay.records.metric import Floats, Ints
from assay.stats.estimates import LEAST_P
from assay.stats.preferences import Votes
from assay.stats.shares import ENOUGH, chi_square

HALVES = np.array([0.5, 0.5])
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Orders:
    """How models were shown.

    Attributes:
        statistic: Chi-square over all pairs that were tested; None where none was.
        df: Its degrees of freedom: as many as pairs where every vote is a unit, fewer where units share an order.
        p_value: Of all pairs together.
        pairs: How many were tested.
        left_out: Pairs whose votes expect fewer than five in either order.
        worst: Codes of the two models of the pair that is farthest off, the one that stood first more often first.
        counts: Votes of that pair in which it did, and in which it did not.
    """

    statistic: float | None
    df: float
    p_value: float | None
    pairs: int
    left_out: int
    worst: tuple[int, int] | None = None
    counts: tuple[int, int] = (0, 0)


def orders(votes: Votes, clustered: bool) -> Orders:
    """Test whether each pair was shown as often in one order as in the other.

    Args:
        votes: By ordered pair.
        clustered: Whether groups are units (or buckets of them); else every vote is one.
    """
    forward = votes.first < votes.second
    low, high = np.minimum(votes.first, votes.second), np.maximum(votes.first, votes.second)
    codes, of = np.unique(low * votes.models + high, return_inverse=True)
    many = votes.counts.sum(axis=1)
    shown = np.stack([np.bincount(of, many * side, codes.size) for side in (forward, ~forward)], axis=1).astype(float)
    each, effective = chi_square(shown, HALVES), shown.sum(axis=1)
    apart = _apart(votes, of, np.where(forward, 1.0, -1.0)) if clustered else None
    if apart is not None:
        each, effective = apart.each(codes.size), apart.effective(codes.size)
    tested = np.flatnonzero(effective >= ENOUGH / HALVES.min())
    left = int(codes.size - tested.size)
    if not tested.size:
        return Orders(None, 0.0, None, 0, left)
    scale = 1.0 if apart is None else apart.overlap(tested, codes.size) / tested.size
    statistic, df = float(each[tested].sum()) / scale, tested.size / scale
    p = max(LEAST_P, float(chdtrc(df, statistic)))
    place = tested[np.argmax(each[tested])]
    models = divmod(int(codes[place]), votes.models)
    counts = (int(shown[place, 0]), int(shown[place, 1]))
    if counts[1] > counts[0]:
        models, counts = models[::-1], counts[::-1]
    return Orders(statistic, df, p, int(tested.size), left, models, counts)


@dataclass(frozen=True, slots=True)
class _Apart:
    """How many more votes of a group show one model of a pair first than the other: [E], none of them 0."""

    groups: int
    group: Ints
    pair: Ints
    more: Floats

    def _squares(self, pairs: int) -> Floats:
        found: Floats = np.bincount(self.pair, self.more**2, pairs).astype(float)
        return np.where(found > 0, found, 1.0)

    def each(self, pairs: int) -> Floats:
        """T of each pair; 0 where every group shows both orders as often."""
        found: Floats = np.bincount(self.pair, self.more, pairs) ** 2 / self._squares(pairs)
        return found

    def effective(self, pairs: int) -> Floats:
        """As how many votes that are units the groups of a pair count."""
        found: Floats = np.bincount(self.pair, np.abs(self.more), pairs) ** 2 / self._squares(pairs)
        return found

    def overlap(self, tested: Ints, pairs: int) -> float:
        """Sum of the squared correlations of all pairs' differences, where a group's signs turn together."""
        scaled = self.more / np.sqrt(self._squares(pairs))[self.pair]
        column = np.full(pairs, -1)
        column[tested] = np.arange(tested.size)
        place = column[self.pair]
        gram: Floats = np.zeros((self.groups, self.groups))
        for start in range(0, tested.size, CHUNK):
            mine = np.flatnonzero((place >= start) & (place < start + CHUNK))
            part: Floats = np.zeros((self.groups, min(CHUNK, tested.size - start)))
            part[self.group[mine], place[mine] - start] = scaled[mine]
            gram += part @ part.T
        return float((gram**2).sum())


def _apart(votes: Votes, of: Ints, sign: Floats) -> _Apart:
    """Entries of votes by group and unordered pair.

    Args:
        votes: By ordered pair.
        of: [P], the unordered pair of an ordered one.
        sign: [P], 1 where the ordered pair shows the first of the unordered one first, else -1.
    """
    pairs = int(of.max(initial=0)) + 1
    cells, place = np.unique(votes.group * pairs + of[votes.pair], return_inverse=True)
    more: Floats = np.bincount(place, sign[votes.pair] * votes.votes, cells.size).astype(float)
    kept = np.flatnonzero(more)
    return _Apart(votes.groups, cells[kept] // pairs, cells[kept] % pairs, more[kept])
