"""Groups compared: the largest gap between two of them, and the worst of them, for each model and their difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Floats, Metric
from assay.records.sample import Design, Sample
from assay.stats.choose import Inference, infer_all
from assay.stats.domain import within
from assay.stats.extremes import Contrasts, Extreme, Reach, Separate, pairs, singles
from assay.stats.joint import joint
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, Result, Undefined, p_by_inversion

GAP, WORST, BETWEEN = "gap-pairwise", "worst-group", "extremes-difference"
SKEWED = ("t", "t-ratio", "jackknife", "seeds-satterthwaite")
"""Methods whose domain asks how skewed the units are."""
Three = tuple[Sequence[Result], Sequence[Result], Sequence[Result]]


def infer_gap(
    metrics: Sequence[Metric],
    samples: Sequence[Sample],
    designs: Sequence[Design],
    shared_units: bool,
    options: InferenceOptions,
    worst: bool = False,
    names: Sequence[str] = (),
) -> Inference:
    """The largest gap of metrics over groups, for the baseline, for the candidate and between the two.

    Args:
        metrics: Metrics with an interval that take the same samples; the largest gap of any of them counts.
        samples: One a group.
        designs: One a group.
        shared_units: Whether a unit can have rows in several groups; samples then share their G axis (or, for rows,
            the codes of their groups).
        options: Seed and stream.
        worst: The worst group's value instead, of a single metric.
        names: Of the groups, for reasons; their places where left out.
    """
    method = WORST if worst else GAP
    if len(samples) < 2:
        what = "a worst group" if worst else "a gap"
        return _thrice(Undefined(f"{what} needs two groups or more", method))
    each = [infer_all(metrics, s, d, options) for s, d in zip(samples, designs, strict=True)]
    found = [e[m] for m in range(len(metrics)) for e in each]
    sides: Three = (
        [f.baseline for f in found],
        [f.candidate for f in found],
        [f.difference for f in found],
    )
    every = [*designs] * len(metrics)
    alone = Separate(partial(_reaches, sides), partial(_paired, sides))
    reach: Reach | None = alone
    how = "groups are independent: MOVER"
    if shared_units or designs[0].about == "method":
        steady = np.array([all(_steady(s[p], every[p]) for s in sides[:2]) for p in range(len(found))])
        reach = joint(metrics, samples, designs, shared_units, alone, steady)
        how = "units or seeds are shared: jackknife over all groups"
    if reach is None:
        return _thrice(Undefined("units span groups, or seeds do: that needs a metric of counts, sums or rows", method))
    sign = -1.0 if worst and metrics[0].direction != "lower" else 1.0
    contrasts = singles(len(samples), sign < 0) if worst else pairs([len(samples)] * len(metrics))
    values = np.array([[_value(r) for r in side] for side in sides[:2]])
    extreme = Extreme(contrasts, values, reach, -math.inf if worst else 0.0)
    called = names or [f"{place} of {len(samples)}" for place in range(1, len(samples) + 1)]
    return _inference(extreme, sides, every, called, sign, method, how)


def _inference(
    extreme: Extreme, sides: Three, designs: Sequence[Design], called: Sequence[str], sign: float, method: str, how: str
) -> Inference:
    groups = len(called)
    own = [_trouble(side, called, partial(_signed, extreme, i, sign), method) for i, side in enumerate(sides[:2])]
    names = {GAP: "largest gap between groups", WORST: "worst group"}
    reason = f"{names[method]}: the largest of one-sided bounds, simultaneous bounds on the other side ({how})"
    for i, side in enumerate(sides[:2]):
        if own[i] is None:
            facts = _facts(extreme, extreme.values[i], side, designs, groups)
            own[i] = _inverted(_signed(extreme, i, sign), partial(extreme.bounds, i), sign, method, reason, facts)
    both = [*sides[0], *sides[1]]
    between = _trouble(both, called, lambda: _signed(extreme, 1, sign) - _signed(extreme, 0, sign), BETWEEN)
    if between is None:
        why = f"difference between two models in the {names[method]}: least simultaneous bound over the groups of one, "
        facts = _facts(extreme, extreme.values[1], [*both, *sides[2]], [*designs] * 3, groups)
        value = _signed(extreme, 1, sign) - _signed(extreme, 0, sign)
        between = _inverted(
            value, extreme.difference, sign, BETWEEN, f"{why}largest over those of the other ({how})", facts
        )
    first, second = own
    if first is None or second is None:
        raise TypeError("a model without a result")
    return Inference(first, second, between)


def _signed(extreme: Extreme, side: int, sign: float) -> float:
    """The value on the metric's own scale."""
    return sign * extreme.value(side)


def _inverted(
    value: float, bounds: Callable[[float], Bounds], sign: float, method: str, reason: str, facts: Mapping[str, Any]
) -> Inverted:
    def turned(level: float) -> Bounds:
        low, high = bounds(level)
        return (low, high) if sign > 0 else (-high, -low)

    return Inverted(value, method, reason, turned, lambda null: p_by_inversion(turned, value, null), diagnostics=facts)


def _thrice(result: Result) -> Inference:
    return Inference(result, result, result)


def _value(result: Result) -> float:
    return math.nan if isinstance(result, Undefined) else result.value


def _trouble(
    results: Sequence[Result], called: Sequence[str], value: Callable[[], float], method: str
) -> Result | None:
    """Why there is no value, or no interval: the first group that has none."""
    for place, result in enumerate(results):
        if isinstance(result, Undefined):
            return Undefined(f"group {called[place % len(called)]}: {result.reason}", method)
    for place, result in enumerate(results):
        if isinstance(result, Descriptive):
            return Descriptive(value(), method, f"group {called[place % len(called)]}: {result.reason}")
    return None


def _reaches(sides: Three, level: float) -> tuple[Floats, Floats]:
    """[2, P] below and above the values of both models; infinite where a group has no interval."""
    below, above = zip(*(_reach(side, level) for side in sides[:2]), strict=True)
    return np.stack(below), np.stack(above)


def _paired(sides: Three, level: float) -> tuple[Floats, Floats]:
    """[P] below and above the differences; where two models do not differ enough, as if they had nothing in common."""
    below, above = _reach(sides[2], level)
    (low, other_low), (high, other_high) = _reaches(sides, level)
    # Two models that agree row by row leave no variance: their own intervals still have a width.
    return np.where(np.isinf(below), other_low + high, below), np.where(np.isinf(above), other_high + low, above)


def _reach(results: Sequence[Result], level: float) -> tuple[Floats, Floats]:
    below, above = np.full(len(results), np.inf), np.full(len(results), np.inf)
    for place, result in enumerate(results):
        if not isinstance(result, (Undefined, Descriptive)):
            low, high = result.interval(level)
            below[place], above[place] = max(0.0, result.value - low), max(0.0, high - result.value)
    return below, above


def _facts(
    extreme: Extreme, values: Floats, results: Sequence[Result], designs: Sequence[Design], groups: int
) -> dict[str, Any]:
    facts: dict[str, Any] = {"groups": groups, **_ends(extreme.contrasts, values, groups)}
    facts["least_units"] = min(d.effective_units for d in designs)
    skewed = [r.diagnostics for r in results if r.method in SKEWED and "skew_units" in r.diagnostics]
    if skewed:
        least = min(skewed, key=lambda each: float(each["skew_units"]))
        facts |= {key: least[key] for key in ("skew_units", "skewness") if key in least}
    judged = [(r, d) for r, d in zip(results, designs, strict=True) if not isinstance(r, (Undefined, Descriptive))]
    facts["share_inside"] = sum(_inside(r, d) for r, d in judged) / len(judged)
    return facts


def _ends(contrasts: Contrasts, values: Floats, groups: int) -> dict[str, int]:
    """Which groups the maximum is read off."""
    at = int(np.argmax(contrasts.of(values)))
    named = {"highest_group": int(contrasts.plus[at]), "lowest_group": int(contrasts.minus[at])}
    return {name: place % groups for name, place in named.items() if place >= 0}


def _steady(result: Result, design: Design) -> bool:
    return _inside(result, design) and not result.method.startswith("clopper")


def _inside(result: Result, design: Design) -> bool:
    own = {"rows": design.rows, "units": design.units, "effective_units": design.effective_units}
    return within(result.method, {**own, **result.diagnostics})[0]
