"""The largest gap between groups: max - min of a metric over groups, with pairwise bounds.

The plug-in gap is biased upwards, and where there is no gap every replicate is positive: a percentile bootstrap then
covers 0 % of the time. Pairwise bounds do not have that fault. The upper bound is the largest one-sided bound of any
pair (the pair that is truly farthest apart is one of them); the lower bound is the largest of the simultaneous ones.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Family, Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums, Rows, Sample
from assay.stats.auc import auc_replicates
from assay.stats.choose import Inference, infer
from assay.stats.domain import within
from assay.stats.groups import ArmReplicates, replicate, weights
from assay.stats.jackknife import degrees, jackknife
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, Result, StudentT, Undefined, p_by_inversion
from assay.stats.seeds import Part, method_t

METHOD = "gap-pairwise"
SKEWED = ("t", "t-ratio", "jackknife", "seeds-satterthwaite")
"""Methods whose domain asks how skewed the units are."""
Interval = Callable[[float], Bounds]
"""Level -> two-sided interval."""
PairIntervals = Callable[[int, int], Interval]
"""Groups i and j -> interval of the value in i minus the value in j."""

TWO_GAPS = (
    "a gap is a maximum over groups, so the difference of two gaps has no method here with known coverage: "
    "judge the candidate's gap against a threshold (at_most), or compare the models group by group"
)


def infer_gap(
    metric: Metric,
    samples: Sequence[Sample],
    designs: Sequence[Design],
    shared_units: bool,
    options: InferenceOptions,
) -> Inference:
    """The largest gap of a metric over groups, for the baseline and for the candidate.

    Args:
        metric: Any metric with an interval.
        samples: One a group.
        designs: One a group.
        shared_units: Whether a unit can have rows in several groups; samples then share their G axis (or, for rows,
            the codes of their groups).
        options: Seed and stream.

    Returns:
        The difference of the two gaps is undefined and says why.
    """
    if len(samples) < 2:
        return _no_gap("a gap needs two groups or more")
    per_group = [infer(metric, s, d, options) for s, d in zip(samples, designs, strict=True)]
    joint = shared_units or designs[0].about == "method"
    arms = _replicates(metric, samples, designs, shared_units) if joint else []
    if joint and not arms:
        return _no_gap("units span groups, or seeds do: a gap then needs a metric of counts, sums or ranks")
    gaps = []
    for side in ("baseline", "candidate"):
        results: list[Result] = [getattr(inference, side) for inference in per_group]
        if joint:
            pairs = _joint_pairs(arms, designs, side, results)
            gaps.append(largest_gap(results, designs, pairs, "units or seeds are shared: jackknife over all groups"))
        else:
            gaps.append(largest_gap(results, designs, mover_pairs(results), "groups are independent: MOVER"))
    return Inference(gaps[0], gaps[1], Undefined(TWO_GAPS, METHOD))


def _no_gap(why: str) -> Inference:
    result = Undefined(why, METHOD)
    return Inference(result, result, result)


def largest_gap(results: Sequence[Result], designs: Sequence[Design], pairs: PairIntervals, how: str) -> Result:
    """Max - min over groups with its interval.

    Args:
        results: One a group, all with an interval.
        designs: One a group.
        pairs: Intervals of the difference of two groups.
        how: Where the pairwise intervals come from, for the reason.
    """
    for place, result in enumerate(results):
        if isinstance(result, Undefined):
            return Undefined(f"group {place + 1} of {len(results)}: {result.reason}", METHOD)
    values = [result.value for result in results if not isinstance(result, Undefined)]
    gap = max(values) - min(values)
    for place, result in enumerate(results):
        if isinstance(result, Descriptive):
            return Descriptive(gap, METHOD, f"group {place + 1} of {len(results)}: {result.reason}")
    ordered = [pairs(i, j) for i, j in itertools.permutations(range(len(values)), 2)]

    def bounds(level: float) -> Bounds:
        side = (1 - level) / 2
        high = max(pair(1 - 2 * side)[1] for pair in ordered)
        low = max(pair(1 - 2 * side / len(ordered))[0] for pair in ordered)
        return max(0.0, low), max(high, gap)

    facts = {
        "groups": len(values),
        "highest_group": int(np.argmax(values)),
        "lowest_group": int(np.argmin(values)),
        "least_units": min(d.effective_units for d in designs),
    }
    skewed = [r.diagnostics for r in results if r.method in SKEWED and "skew_units" in r.diagnostics]
    if skewed:
        least = min(skewed, key=lambda each: float(each["skew_units"]))
        facts |= {key: least[key] for key in ("skew_units", "skewness") if key in least}
    facts["share_inside"] = sum(map(_inside, results, designs)) / len(results)
    reason = f"largest gap between groups: largest pairwise upper bound, simultaneous lower bounds ({how})"
    return Inverted(gap, METHOD, reason, bounds, lambda null: p_by_inversion(bounds, gap, null), diagnostics=facts)


def _inside(result: Result, design: Design) -> bool:
    own = {"rows": design.rows, "units": design.units, "effective_units": design.effective_units}
    return within(result.method, {**own, **result.diagnostics})[0]


def mover_pairs(results: Sequence[Result]) -> PairIntervals:
    """Pairwise intervals from each group's own interval: the method of variance estimates recovery.

    Source: Newcombe (1998), Stat. Med. 17:873-890, method 10; Zou & Donner (2008), Stat. Med. 27:1693-1702.
    """

    def pairs(i: int, j: int) -> Interval:
        return lambda level: mover(results[i], results[j], level)

    return pairs


def mover(first: Result, second: Result, level: float) -> Bounds:
    """Interval of first - second from two independent procedures."""
    if isinstance(first, (Undefined, Descriptive)) or isinstance(second, (Undefined, Descriptive)):
        raise TypeError("MOVER needs two intervals")
    (low1, high1), (low2, high2) = first.interval(level), second.interval(level)
    value = first.value - second.value
    low = value - math.hypot(first.value - low1, high2 - second.value)
    high = value + math.hypot(high1 - first.value, second.value - low2)
    return low, high


def _replicates(
    metric: Metric, samples: Sequence[Sample], designs: Sequence[Design], shared: bool
) -> list[ArmReplicates]:
    """Delete-one-group replicates of every group of rows on one common axis."""
    out = []
    for sample, design in zip(samples, designs, strict=True):
        if isinstance(sample, (GroupedCounts, GroupedSums)):
            out.append(replicate(metric, sample, design, every_group=True))
        elif isinstance(sample, Rows) and metric.family is Family.RANK and (sample.group is not None):
            values, reps = auc_replicates(sample.target, sample.scores, sample.group)
            rows = np.bincount(sample.group, minlength=len(reps)).astype(float)
            out.append(ArmReplicates(values, reps, rows, 0))
        else:
            return []
    return _on_one_axis(out, shared)


def _on_one_axis(arms: list[ArmReplicates], shared: bool) -> list[ArmReplicates]:
    """Stretch every sample to all groups: a group that a sample does not have leaves its value as it is."""
    sizes = [len(a.replicates) for a in arms]
    starts = [0] * len(arms) if shared else [sum(sizes[:i]) for i in range(len(arms))]
    total = max(sizes) if shared else sum(sizes)
    out = []
    for arm, start, size in zip(arms, starts, sizes, strict=True):
        reps = np.tile(arm.values, (total, 1))
        reps[start : start + size] = arm.replicates
        out.append(ArmReplicates(arm.values, reps, arm.rows, arm.differing))
    return out


def _joint_pairs(
    arms: list[ArmReplicates], designs: Sequence[Design], side: str, results: Sequence[Result]
) -> PairIntervals:
    """The jackknife of each pair, which sees what units share; MOVER where it is wider and a group is small.

    A small group that is all right has no variance for the jackknife to see; its own interval has a width.
    """
    steady = [_inside(r, d) and not r.method.startswith("clopper") for r, d in zip(results, designs, strict=True)]
    base, cand, _ = weights(designs[0], arms[0].values.size)
    weight = base if side == "baseline" else cand

    def pairs(i: int, j: int) -> Interval:
        result = _pair(arms[i], arms[j], weight, designs[i], min(degrees(designs[k], arms[k].rows) for k in (i, j)))
        if isinstance(result, StudentT) and steady[i] and steady[j]:
            return result.interval
        if isinstance(result, StudentT):
            return lambda level: _wider(result.interval(level), mover(results[i], results[j], level))
        # Without a variance the pair bounds nothing, and the gap's interval says so.
        return lambda level: (-math.inf, math.inf)

    return pairs


def _wider(first: Bounds, second: Bounds) -> Bounds:
    return min(first[0], second[0]), max(first[1], second[1])


def _pair(first: ArmReplicates, second: ArmReplicates, weight: Floats, design: Design, df: float) -> Result:
    used = weight != 0
    values = first.values - second.values
    reps = (first.replicates - second.replicates)[:, used] @ weight[used]
    units = jackknife(float(values[used] @ weight[used]), reps, df, "pair of groups")
    if design.about == "method" and isinstance(units, StudentT):
        return method_t(np.nan_to_num(values), weight, Part(units.se**2, units.df), design, (None, None))
    return units
