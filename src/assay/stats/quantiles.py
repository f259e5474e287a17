"""Quantiles, e.g. p95 latency: order statistics, Woodruff's interval over clusters, MOVER for a paired difference.

The value is the smallest x with F(x) >= q. All intervals invert a test of "F(x) = q" on counts of rows below x, so
they need no density.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Floats, Ints, Metric
from assay.records.sample import Design, Rows
from assay.stats.groups import weights
from assay.stats.jackknife import Range
from assay.stats.means import difference_range
from assay.stats.procedures import (
    Descriptive,
    Inverted,
    Result,
    StudentT,
    Undefined,
    t_quantile,
    two_sided_p,
    z_quantile,
)
from assay.stats.seeds import Part, method_t
from assay.stats.special import bdtr, bdtrc, bdtrik

CENTRAL = 0.95
STEP = 0.05
RUNGS = z_quantile(CENTRAL) + STEP * np.arange(-39, 81)
"""Normal quantiles at which the interval of a difference is evaluated: from 0.01 to 5.96."""
SAME = "no interval: ties (or a constant difference) leave the bounds of both quantiles at their values"
NO_SPREAD = "no interval: every unit has the same share of rows below the quantile, so the sample shows no variance"


@dataclass(frozen=True, slots=True)
class QuantileArm:
    """One arm's quantile and what its intervals need.

    Attributes:
        ordered: [n], ascending.
        q: Which quantile.
        deviations: [G], per group: rows at or below the quantile less the share expected, as counts.
        clustered: Whether groups have more than one row.
        df: Degrees of freedom over groups.
    """

    ordered: Floats
    q: float
    deviations: Floats
    clustered: bool
    df: float

    @property
    def value(self) -> float:
        """The smallest x with F(x) >= q."""
        return float(self.ordered[max(0, math.ceil(self.ordered.size * self.q - 1e-9) - 1)])

    @property
    def share_se(self) -> float:
        """Standard error of the share of rows below the quantile, over groups."""
        groups = self.deviations.size
        if groups < 2:
            return 0.0
        return math.sqrt(groups / (groups - 1) * float((self.deviations**2).sum())) / self.ordered.size

    def bounds(self, level: float) -> Bounds:
        """The two-sided interval; infinite where the sample does not reach."""
        low, high = self._clustered_ranks(level) if self.clustered else self._binomial_ranks(level)
        n = self.ordered.size
        return (
            float(self.ordered[low - 1]) if low >= 1 else -math.inf,
            float(self.ordered[high - 1]) if high <= n else math.inf,
        )

    def p(self, null: float) -> float:
        """Two-sided p of "the quantile is `null`", from the counts below and at it."""
        n = self.ordered.size
        at_most = int(np.searchsorted(self.ordered, null, side="right"))
        below = int(np.searchsorted(self.ordered, null, side="left"))
        if self.clustered:
            away = max(self.q - at_most / n, below / n - self.q)
            return two_sided_p(away / self.share_se, self.df) if away > 0 else 1.0
        upper_tail = float(bdtrc(below - 1, n, self.q)) if below else 1.0
        return min(1.0, 2 * min(float(bdtr(at_most, n, self.q)), upper_tail))

    def _binomial_ranks(self, level: float) -> tuple[int, int]:
        """Largest l with P(B < l) <= alpha / 2, least u with P(B >= u) <= alpha / 2, for B binomial(n, q)."""
        n, side = self.ordered.size, (1 - level) / 2
        low = _largest(n, self.q, side)
        high = n + 1 - _largest(n, 1 - self.q, side)
        return low, high

    def _clustered_ranks(self, level: float) -> tuple[int, int]:
        n, half = self.ordered.size, t_quantile(level, self.df) * self.share_se
        if math.isnan(half):
            return 0, n + 1
        return math.floor(n * (self.q - half)) + 1 if self.q - half >= 0 else 0, math.ceil(n * (self.q + half))


def _largest(n: int, q: float, side: float) -> int:
    """Largest l with P(binomial(n, q) <= l - 1) <= side; 0 where there is none."""
    guess = bdtrik(side, n, q)
    low = 0 if math.isnan(guess) else max(0, min(n, int(guess) + 2))
    while low > 0 and bdtr(low - 1, n, q) > side:
        low -= 1
    return low


def quantile_arm(scores: Floats, q: float, group: Ints | None, df: float) -> QuantileArm:
    """Prepare one arm.

    Args:
        scores: [n], finite.
        q: Which quantile, between 0 and 1.
        group: [n], codes 0..G-1 of the units, or None with one row per unit.
        df: Degrees of freedom over groups (not used with one row per unit).
    """
    ordered = np.sort(np.asarray(scores, dtype=float))
    value = float(ordered[max(0, math.ceil(ordered.size * q - 1e-9) - 1)])
    inside = np.asarray(scores) <= value
    # Under heavy ties more than q of the rows lie at or below the value: deviations are taken from that share.
    share = float(np.count_nonzero(inside)) / ordered.size
    if group is None:
        return QuantileArm(ordered, q, np.asarray(inside - share, dtype=np.float64), False, math.inf)
    rows = np.bincount(group)
    below = np.bincount(group[inside], minlength=rows.size)
    deviations = np.asarray(below - share * rows, dtype=np.float64)[rows > 0]
    return QuantileArm(ordered, q, deviations, True, df)


def infer_quantile(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference of a quantile.

    Args:
        metric: Its parameter `q` says which quantile.
        sample: The rows, with unit or group codes where clustered.
        design: How they were sampled.
    """
    if sample.scores.shape[1] == 0:
        empty = Undefined(metric.undefined, "order-statistics")
        return empty, empty, empty
    group = (sample.group if sample.group is not None else sample.unit) if design.clustered else None
    df = max(design.effective_units - 1, 0.0)
    arms = [quantile_arm(row, float(metric.parameters["q"]), group, df) for row in sample.scores]
    base, cand, difference = weights(design, len(arms))
    own = (metric.lower, metric.upper)
    if len(arms) == 2 and design.about == "model":
        first, second = arms[design.baseline[0]], arms[design.candidate[0]]
        return single_quantile(first, own), single_quantile(second, own), quantile_difference(first, second)
    return (
        _averaged(arms, base, design, own),
        _averaged(arms, cand, design, own),
        _averaged(arms, difference, design, difference_range(metric)),
    )


def single_quantile(arm: QuantileArm, limits: Range = (None, None)) -> Result:
    """One model's quantile: order statistics, or Woodruff over clusters."""
    method = "woodruff" if arm.clustered else "order-statistics"
    why = _trouble((arm,))
    if why:
        return Descriptive(arm.value, method, why)
    if arm.clustered:
        reason = "a quantile with several rows per unit: Woodruff (1952), t on effective units - 1"
    else:
        reason = "a quantile, one row per unit: order statistics by the binomial (David & Nagaraja 2003, 7.1)"

    def bounds(level: float) -> Bounds:
        low, high = arm.bounds(level)
        return low if limits[0] is None else max(low, limits[0]), high if limits[1] is None else min(high, limits[1])

    return Inverted(arm.value, method, reason, bounds, arm.p, diagnostics=_facts((arm,)))


def quantile_difference(baseline: QuantileArm, candidate: QuantileArm) -> Result:
    """Candidate - baseline by MOVER (Zou & Donner 2008) with the correlation of the two indicators."""
    method, value = "quantile-mover", candidate.value - baseline.value
    why = _trouble((baseline, candidate))
    if why:
        return Descriptive(value, method, why)
    r = _correlation(baseline, candidate)

    ladder = functools.cache(lambda: _ladder(baseline, candidate, r))

    def bounds(level: float) -> Bounds:
        rung = _rung(level)
        if rung >= RUNGS.size:
            return -math.inf, math.inf
        down, up = ladder()
        return value - float(down[rung]), value + float(up[rung])

    def p(null: float) -> float:
        reach, away = (ladder()[0], value - null) if null < value else (ladder()[1], null - value)
        short = int(np.searchsorted(reach, away, side="left"))
        return two_sided_p(float(RUNGS[short - 1])) if short else 1.0

    reason = "difference of two quantiles on the same rows: MOVER from the two intervals and their correlation"
    facts = {**_facts((baseline, candidate)), "correlation": r}
    if bounds(CENTRAL) == (value, value) or _alike(baseline, candidate):
        return Descriptive(value, method, SAME, diagnostics=facts)
    return Inverted(value, method, reason, bounds, p, diagnostics=facts)


def _ladder(baseline: QuantileArm, candidate: QuantileArm, r: float) -> tuple[Floats, Floats]:
    """How far the interval reaches below and above the value at each rung, never less than at the rung before.

    With correlated arms MOVER alone can shrink as the level grows, since order statistics move in steps; a procedure
    whose p-value inverts its interval must not.
    """
    down, up = np.empty(RUNGS.size), np.empty(RUNGS.size)
    for k, z in enumerate(RUNGS):
        level = 1 - two_sided_p(float(z))
        (low1, high1), (low2, high2) = baseline.bounds(level), candidate.bounds(level)
        down[k] = _combined(candidate.value - low2, high1 - baseline.value, r)
        up[k] = _combined(high2 - candidate.value, baseline.value - low1, r)
    return np.maximum.accumulate(down), np.maximum.accumulate(up)


def _rung(level: float) -> int:
    """The first rung that is at least as wide as the level asks for; 0.95 is a rung itself."""
    return max(0, math.ceil((z_quantile(level) - float(RUNGS[0])) / STEP - 1e-9))


def _alike(first: QuantileArm, second: QuantileArm) -> bool:
    """Whether the two columns are the same up to a constant, in the same rows."""
    apart = second.ordered - first.ordered
    same = bool(np.array_equal(first.deviations, second.deviations))
    return same and float(np.ptp(apart)) <= 1e-12 * float(np.abs(first.ordered).max())


def _combined(first: float, second: float, r: float) -> float:
    if math.isinf(first) or math.isinf(second):
        return math.inf
    return math.sqrt(max(0.0, first * first + second * second - 2 * r * first * second))


def _correlation(first: QuantileArm, second: QuantileArm) -> float:
    scale = math.sqrt(float((first.deviations**2).sum()) * float((second.deviations**2).sum()))
    return float((first.deviations * second.deviations).sum()) / scale if scale > 0 else 0.0


def _trouble(arms: Sequence[QuantileArm]) -> str:
    if arms[0].clustered and (arms[0].deviations.size < 2 or not arms[0].df > 0.05):
        return "no interval: nearly all rows belong to one unit, which says nothing of how units differ"
    if any(arm.clustered and arm.share_se == 0 for arm in arms):
        return NO_SPREAD
    return ""


def _facts(arms: Sequence[QuantileArm]) -> dict[str, Any]:
    """Rows and effective units expected beyond the quantile, on its thinner side: what a tail has to hold."""
    arm = arms[0]
    tail = min(arm.q, 1 - arm.q)
    units = (arm.df + 1) * tail if arm.clustered else arm.ordered.size * tail
    return {"tail_rows": arm.ordered.size * tail, "tail_units": units}


def _averaged(arms: Sequence[QuantileArm], weight: Floats, design: Design, limits: Range) -> Result:
    """Several seeds: each arm's standard error from its own interval, joined by the indicators' correlations."""
    used = [a for a in range(len(arms)) if weight[a] != 0]
    method = "quantile-mover" if np.any(weight < 0) else "woodruff"
    values = np.array([arm.value for arm in arms])
    value = float((values * weight).sum())
    why = _trouble([arms[a] for a in used])
    spreads = [_spread(arms[a]) for a in used]
    if why or not all(math.isfinite(s) for s in spreads):
        return Descriptive(value, method, why or "no interval: too few rows beyond the quantile")
    var = sum(
        weight[i] * weight[j] * si * sj * (1.0 if i == j else _correlation(arms[i], arms[j]))
        for i, si in zip(used, spreads, strict=True)
        for j, sj in zip(used, spreads, strict=True)
    )
    unit = Part(max(float(var), 0.0), arms[0].df if arms[0].clustered else design.units - 1)
    facts = _facts([arms[a] for a in used])
    if design.about == "method":
        return method_t(values, weight, unit, design, limits, facts)
    if not unit.variance > 0:
        return Descriptive(value, method, NO_SPREAD, diagnostics=facts)
    reason = "quantiles averaged over seeds, which are fixed: standard errors from their intervals"
    return StudentT(value, math.sqrt(unit.variance), unit.df, method, reason, limits[0], limits[1], diagnostics=facts)


def _spread(arm: QuantileArm) -> float:
    low, high = arm.bounds(CENTRAL)
    return (high - low) / (2 * t_quantile(CENTRAL, arm.df))
