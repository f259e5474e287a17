"""The largest of several contrasts, for each model and for their difference: bounds that hold whichever is largest.

A gap is the largest of the differences between two groups; the worst group is the largest of the groups' values, turned
round where more is better. The plug-in of a maximum is biased upwards, and a percentile bootstrap covers 0 % where all
contrasts are equal; bounds of single contrasts do not have that fault.

- One model. Upper bound: the largest one-sided bound of any contrast (the one that is truly largest is among them).
  Lower bound: the largest of the simultaneous ones.
- The difference of two models. Let x be the candidate's largest contrast. Whatever the baseline's contrast y, the
  difference is at most w_c(x) - w_b(y), so the least of simultaneous upper bounds over y holds; x is not known, so the
  largest over x is taken, which costs nothing. The lower bound is the same with the models' roles exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Array, Floats, Ints

MOST_PAIRED = 40
"""Of many contrasts so many of the baseline are tried beside each of the candidate's; all are paid for."""


@dataclass(frozen=True, slots=True)
class Contrasts:
    """What the maximum is over: the value at `plus` less the value at `minus`; -1 stands for none.

    Attributes:
        plus: [K], places of values.
        minus: [K].
    """

    plus: Ints
    minus: Ints

    def of(self, values: Floats) -> Floats:
        """[K] contrasts of values [P]."""
        return _at(values, self.plus) - _at(values, self.minus)

    def __len__(self) -> int:
        return len(self.plus)


def pairs(sizes: list[int]) -> Contrasts:
    """Both orders of every pair of groups, within each metric; values stand metric by metric."""
    plus, minus, start = [], [], 0
    for size in sizes:
        first, second = np.nonzero(~np.eye(size, dtype=bool))
        plus.append(first + start)
        minus.append(second + start)
        start += size
    return Contrasts(np.concatenate(plus), np.concatenate(minus))


def singles(size: int, negative: bool) -> Contrasts:
    """Each value, or each turned round."""
    places, none = np.arange(size), np.full(size, -1)
    return Contrasts(none, places) if negative else Contrasts(places, none)


class Reach(Protocol):
    """How far above its estimate a contrast may lie, at a two-sided level."""

    def own(self, side: int, contrasts: Contrasts, level: float) -> tuple[Floats, Floats]:
        """[K] below and [K] above, of one model (0 the baseline, 1 the candidate)."""

    def between(self, first: int, x: Contrasts, y: Contrasts, level: float) -> Floats:
        """[K] above, of x of one model less y of the other."""


@dataclass(frozen=True, slots=True)
class Separate:
    """Groups that share no unit: each one's own intervals, put together by the method of variance estimates recovery.

    Attributes:
        sides: Level -> [2, P] below and [2, P] above the values of both models.
        paired: Level -> [P] below and [P] above the difference candidate - baseline.

    Source: Newcombe (1998), Stat. Med. 17:873-890, method 10; Zou & Donner (2008), Stat. Med. 27:1693-1702.
    """

    sides: Callable[[float], tuple[Floats, Floats]]
    paired: Callable[[float], tuple[Floats, Floats]]

    def own(self, side: int, contrasts: Contrasts, level: float) -> tuple[Floats, Floats]:
        """Root of the sum of squares of the parts' reaches."""
        below, above = (part[side] for part in self.sides(level))
        low = np.hypot(_at(below, contrasts.plus), _at(above, contrasts.minus))
        return low, np.hypot(_at(above, contrasts.plus), _at(below, contrasts.minus))

    def between(self, first: int, x: Contrasts, y: Contrasts, level: float) -> Floats:
        """The same; a group that stands on both sides enters by its paired difference, or as if wholly correlated."""
        below, above = self.sides(level)
        paired_below, paired_above = self.paired(level)
        if first == 0:
            paired_below, paired_above = paired_above, paired_below
        up, down, other_up, other_down = above[first], below[first], above[1 - first], below[1 - first]
        same_plus, same_minus = (x.plus == y.plus) & (x.plus >= 0), (x.minus == y.minus) & (x.minus >= 0)
        crossed_plus, crossed_minus = (x.plus == y.minus) & (x.plus >= 0), (x.minus == y.plus) & (x.minus >= 0)
        first_part = np.where(same_plus, _at(paired_above, x.plus), _at(up, x.plus))
        first_part = first_part + np.where(crossed_plus, _at(other_up, y.minus), 0.0)
        second_part = np.where(same_minus, _at(paired_below, x.minus), _at(down, x.minus))
        second_part = second_part + np.where(crossed_minus, _at(other_down, y.plus), 0.0)
        third = np.where(same_plus | crossed_minus, 0.0, _at(other_down, y.plus))
        fourth = np.where(same_minus | crossed_plus, 0.0, _at(other_up, y.minus))
        return np.asarray(np.sqrt(first_part**2 + second_part**2 + third**2 + fourth**2))


@dataclass(frozen=True, slots=True)
class Extreme:
    """The maximum of contrasts of two models' values.

    Attributes:
        contrasts: What the maximum is over.
        values: [2, P], of baseline and candidate.
        reach: How far each contrast may lie from its estimate.
        least: The least that the maximum can be (0 for a gap), or -infinity.
    """

    contrasts: Contrasts
    values: Floats
    reach: Reach
    least: float

    def value(self, side: int) -> float:
        """The largest contrast of a model."""
        return float(self.contrasts.of(self.values[side]).max())

    def bounds(self, side: int, level: float) -> Bounds:
        """Bounds of the largest contrast of a model."""
        found, count = self.contrasts.of(self.values[side]), len(self.contrasts)
        _, above = self.reach.own(side, self.contrasts, level)
        below, _ = self.reach.own(side, self.contrasts, 1 - (1 - level) / count)
        low, high = float((found - below).max()), float((found + above).max())
        return max(self.least, low), max(high, float(found.max()))

    def difference(self, level: float) -> Bounds:
        """Bounds of the candidate's largest contrast less the baseline's."""
        return -self._above(0, level), self._above(1, level)

    def _above(self, first: int, level: float) -> float:
        """The upper bound of the maximum of model `first` less that of the other."""
        x, other = self.contrasts, self.contrasts.of(self.values[1 - first])
        count = len(x)
        tried = np.argsort(-other, kind="stable")[:MOST_PAIRED]
        one = np.repeat(np.arange(count), len(tried) + 1)
        # Beside the other model's largest contrasts, each contrast meets itself, where pairing helps the most.
        two = np.concatenate([np.tile(tried, (count, 1)), np.arange(count)[:, None]], axis=1).ravel()
        first_of, second_of = (Contrasts(x.plus[at], x.minus[at]) for at in (one, two))
        strict = 1 - (1 - level) / count
        reach = self.reach.between(first, first_of, second_of, strict)
        upper = first_of.of(self.values[first]) - other[two] + reach
        return float(upper.reshape(count, -1).min(axis=1).max())


def _at(values: Array, places: Ints) -> Floats:
    """Values at places, 0 where there is none."""
    return np.where(places >= 0, values[np.maximum(places, 0)], 0.0)
