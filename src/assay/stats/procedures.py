"""Methods applied to one sample. Interval and p-value of a procedure always come from the same inversion.

Every class keeps to `assay.records.estimate.Procedure`: `p_value(null) <= alpha` exactly where `interval(1 - alpha)`
leaves the null out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Floats
from assay.stats.special import expit, logit, ndtr, ndtri, stdtr, stdtrit

Diagnostics = Mapping[str, Any]


def z_quantile(level: float) -> float:
    """The normal quantile of a two-sided level: 1.96 for 0.95."""
    return float(ndtri(0.5 + level / 2))


def t_quantile(level: float, df: float) -> float:
    """The t quantile of a two-sided level; infinite degrees of freedom give the normal one."""
    return float(stdtrit(df, 0.5 + level / 2)) if math.isfinite(df) else z_quantile(level)


def two_sided_p(statistic: float, df: float = math.inf) -> float:
    """Probability of a statistic at least as far from 0, under t with df (normal where infinite)."""
    tail = stdtr(df, -abs(statistic)) if math.isfinite(df) else ndtr(-abs(statistic))
    return float(min(1.0, 2 * tail))


def clip(bounds: Bounds, lower: float | None, upper: float | None) -> Bounds:
    """Bounds kept inside the range that the value can take."""
    low, high = bounds
    return (low if lower is None else max(low, lower), high if upper is None else min(high, upper))


@dataclass(frozen=True, slots=True)
class Undefined:
    """There is no value, and this is why.

    Attributes:
        reason: What is missing, said so that a user can act on it.
        method: The method that would have been used.
    """

    reason: str
    method: str
    diagnostics: Diagnostics = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Descriptive:
    """A value without an interval: a descriptive metric, or a sample that cannot tell its own variance.

    Attributes:
        reason: Why there is no interval.
    """

    value: float
    method: str
    reason: str
    exact: bool = True
    diagnostics: Diagnostics = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudentT:
    """An estimate with a standard error and degrees of freedom.

    Attributes:
        se: Standard error, greater than 0.
        df: Degrees of freedom; infinite for the normal.
        lower: The least value possible, or None.
        upper: The greatest value possible, or None.
    """

    value: float
    se: float
    df: float
    method: str
    reason: str
    lower: float | None = None
    upper: float | None = None
    exact: bool = True
    diagnostics: Diagnostics = field(default_factory=dict)

    def interval(self, level: float) -> Bounds:
        """Value -+ t quantile x standard error, inside the range."""
        half = t_quantile(level, self.df) * self.se
        return clip((self.value - half, self.value + half), self.lower, self.upper)

    def p_value(self, null: float) -> float:
        """Two-sided p of the t statistic."""
        return two_sided_p((self.value - null) / self.se, self.df)


@dataclass(frozen=True, slots=True)
class LogitT:
    """A value inside a bounded range: t on the logit scale of the range, so that the bounds stay inside it.

    Attributes:
        se: Standard error on the value's own scale, greater than 0.
        df: Degrees of freedom; infinite for the normal.
        lower: The least value possible, below the value.
        upper: The greatest value possible, above the value.
    """

    value: float
    se: float
    df: float
    method: str
    reason: str
    lower: float = 0.0
    upper: float = 1.0
    exact: bool = True
    diagnostics: Diagnostics = field(default_factory=dict)

    def _scaled(self, value: float) -> float:
        return float(logit((value - self.lower) / (self.upper - self.lower)))

    def _spread(self) -> float:
        return self.se * (self.upper - self.lower) / ((self.value - self.lower) * (self.upper - self.value))

    def interval(self, level: float) -> Bounds:
        """Bounds on the logit scale, turned back."""
        centre, half = self._scaled(self.value), t_quantile(level, self.df) * self._spread()
        width = self.upper - self.lower
        return self.lower + width * float(expit(centre - half)), self.lower + width * float(expit(centre + half))

    def p_value(self, null: float) -> float:
        """Two-sided p on the logit scale; a null at the end of the range is impossible."""
        if not self.lower < null < self.upper:
            return 0.0
        return two_sided_p((self._scaled(self.value) - self._scaled(null)) / self._spread(), self.df)


@dataclass(frozen=True, slots=True)
class Inverted:
    """An interval and a test that invert one another by construction, e.g. Wilson's.

    Attributes:
        bounds: Level -> two-sided interval.
        p: Null -> two-sided p-value of the same test.
    """

    value: float
    method: str
    reason: str
    bounds: Callable[[float], Bounds]
    p: Callable[[float], float]
    exact: bool = True
    diagnostics: Diagnostics = field(default_factory=dict)

    def interval(self, level: float) -> Bounds:
        """The interval at a level."""
        return self.bounds(level)

    def p_value(self, null: float) -> float:
        """The p-value of the same procedure."""
        return self.p(null)


@dataclass(frozen=True, slots=True)
class Draws:
    """Percentiles of replicates.

    The bounds are order statistics: with B replicates the k-th smallest and the k-th largest, k = (B + 1) alpha / 2.
    So `p_value` = 2 min(#(<= null) + 1, #(>= null) + 1) / (B + 1) inverts them exactly and is never 0. Where the
    replicates lie to one side of the value (all rows right, say), the interval is stretched to hold the value.

    Attributes:
        draws: [B], finite, in ascending order.
        lower: The least value possible: the bound where the level asks for more replicates than there are.
        upper: The greatest value possible.
        wider: Further sets like `draws`; the interval reaches over those of all sets, and p is the largest of theirs.
    """

    value: float
    draws: Floats
    method: str
    reason: str
    lower: float | None = None
    upper: float | None = None
    exact: bool = False
    diagnostics: Diagnostics = field(default_factory=dict)
    wider: tuple[Floats, ...] = ()

    def rank(self, level: float) -> int:
        """Which order statistic bounds the interval, from 1; 0 where there are too few replicates."""
        return min(_rank(s, level) for s in self._sets)

    def interval(self, level: float) -> Bounds:
        """The k-th smallest and the k-th largest replicate, of the set where they lie farthest out."""
        if self.rank(level) == 0:
            return clip((-math.inf, math.inf), self.lower, self.upper)
        ends = [(float(s[_rank(s, level) - 1]), float(s[-_rank(s, level)])) for s in self._sets]
        return min(self.value, *(low for low, _ in ends)), max(self.value, *(high for _, high in ends))

    def p_value(self, null: float) -> float:
        """Twice the smaller tail, each counted with one more replicate; 1 between the median and the value."""
        return max(_tails(s, self.value, null) for s in self._sets)

    def monte_carlo_error(self, level: float) -> float | None:
        """Standard error of the bounds from simulation, the largest of all; None with too few replicates."""
        errors = [_simulation_error(s, level) for s in self._sets]
        known = [error for error in errors if error is not None]
        return max(known) if len(known) == len(errors) else None

    @property
    def _sets(self) -> tuple[Floats, ...]:
        return (self.draws, *self.wider)


def _rank(draws: Floats, level: float) -> int:
    return math.floor((draws.size + 1) * (1 - level) / 2 + 1e-9)


def _tails(draws: Floats, value: float, null: float) -> float:
    below = int(np.searchsorted(draws, null, side="right"))
    above = draws.size - int(np.searchsorted(draws, null, side="left"))
    if (null <= value and below >= above) or (null >= value and above >= below):
        return 1.0
    return min(1.0, 2 * (min(below, above) + 1) / (draws.size + 1))


def _simulation_error(draws: Floats, level: float) -> float | None:
    """Half the distance between the order statistics one binomial standard deviation below and above the bound."""
    k, size = _rank(draws, level), draws.size
    spread = max(1, round(math.sqrt(size * (1 - level) / 2 * (1 + level) / 2)))
    if k == 0 or k + spread > size:
        return None
    low, high = max(0, k - 1 - spread), k - 1 + spread
    return float(max(draws[high] - draws[low], draws[size - 1 - low] - draws[size - 1 - high]) / 2)


@dataclass(frozen=True, slots=True)
class MaxT:
    """One of several contrasts whose intervals hold together: t against the largest |t| of all of them.

    With B draws of the largest |t| the critical value is the k-th largest, k = (B + 1) alpha, and the adjusted p-value
    is (#(draws >= |t|) + 1) / (B + 1), which inverts it exactly and is never 0.

    Attributes:
        se: Standard error, greater than 0.
        largest: [B], draws of the largest |t|, ascending; shared by all contrasts of the family.
        lower: The least value possible, or None.
        upper: The greatest value possible, or None.
    """

    value: float
    se: float
    largest: Floats
    method: str
    reason: str
    lower: float | None = None
    upper: float | None = None
    exact: bool = False
    diagnostics: Diagnostics = field(default_factory=dict)

    def rank(self, level: float) -> int:
        """Which of the largest draws is the critical value, from 1; 0 where there are too few."""
        return math.floor((self.largest.size + 1) * (1 - level) + 1e-9)

    def critical(self, level: float) -> float:
        """How many standard errors the intervals of the family reach; infinite with too few draws."""
        k = self.rank(level)
        return float(self.largest[-min(k, self.largest.size)]) if k else math.inf

    def interval(self, level: float) -> Bounds:
        """Value -+ critical value x standard error, inside the range."""
        half = self.critical(level) * self.se
        return clip((self.value - half, self.value + half), self.lower, self.upper)

    def p_value(self, null: float) -> float:
        """The p-value adjusted for the family."""
        reached = self.largest.size - int(np.searchsorted(self.largest, abs(self.value - null) / self.se, side="left"))
        return (reached + 1) / (self.largest.size + 1)

    def monte_carlo_error(self, level: float) -> float | None:
        """Standard error of the bounds from simulation, as of `Draws`."""
        k, size = self.rank(level), self.largest.size
        spread = max(1, round(math.sqrt(size * (1 - level) * level)))
        if k == 0 or k + spread > size:
            return None
        wide = self.largest[size - max(1, k - spread)] - self.largest[size - k - spread]
        return float(wide) / 2 * self.se


Result = StudentT | LogitT | Inverted | Draws | MaxT | Descriptive | Undefined


def falling_root(function: Callable[[float], float], low: float, high: float) -> float:
    """The zero of a function that falls from `low` to `high`: false position with the Illinois step, then bisection.

    Ends where the function is 0 to 1e-13 or the bracket is down to rounding: about ten evaluations where it is smooth.
    Where it does not change sign, the end that is nearer to doing so.

    Source: Dowell & Jarratt (1971), BIT 11:168-174.
    """
    at_low, at_high = function(low), function(high)
    if at_low <= 0:
        return low
    if at_high >= 0:
        return high
    side = 0
    for step in range(100):
        width = high - low
        if width <= 1e-16 + 4e-16 * max(abs(low), abs(high)):
            break
        smooth = step < 20 and math.isfinite(at_low) and math.isfinite(at_high)
        middle = low + width * (at_low / (at_low - at_high) if smooth else 0.5)
        middle = middle if low < middle < high else low + 0.5 * width
        found = function(middle)
        if abs(found) <= 1e-13:
            return middle
        if found > 0:
            low, at_low, at_high, side = middle, found, at_high / 2 if side > 0 else at_high, 1
        else:
            high, at_high, at_low, side = middle, found, at_low / 2 if side < 0 else at_low, -1
    return 0.5 * (low + high)


def bisect(inside: Callable[[float], bool], low: float, high: float, steps: int = 60) -> float:
    """Where a condition that holds at `low` and not at `high` stops to hold, to about 1e-16 of the bracket."""
    for _ in range(steps):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if inside(middle) else (low, middle)
    return 0.5 * (low + high)


def p_by_inversion(bounds: Callable[[float], Bounds], value: float, null: float) -> float:
    """The least alpha whose interval leaves the null out, for bounds that widen with the level.

    Args:
        bounds: Level -> two-sided interval.
        value: The point estimate, inside every interval.
        null: The value tested.
    """
    if null == value:
        return 1.0

    def inside(log_alpha: float) -> bool:
        low, high = bounds(1 - math.exp(log_alpha))
        return low <= null <= high

    floor = math.log(1e-14)
    if not inside(floor):
        return 1e-14
    return math.exp(bisect(inside, floor, 0.0))
