"""Anomalies in time series: precision and recall of ranges, not of points.

A row is a series. Its target and its prediction are texts of ranges of positions, both ends included: `3-7 20-25 40`,
`none` where there is none; `assay.ranges(labels)` writes them from 0 and 1. Series are what was sampled: their ranges
are added up by series, and the series are the units.

Labels are taken as they are: after point adjustment (a whole range counts as found when one point in it is) random
scores reach nearly perfect values (Kim et al. 2022, AAAI), so it is not offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

NONE = "none"
BIASES = ("flat", "front", "middle", "back")
CARDINALITIES = ("reciprocal", "one")
Range = tuple[int, int]
_RANGE = re.compile(r"(\d{1,15})(?:-(\d{1,15}))?")
_TATBUL = "Tatbul, Lee, Zdonik, Alam & Gottschlich (2018), NeurIPS 31"


def ranges(labels: Iterable[Any]) -> str:
    """The ranges in which labels are 1 or True, as text.

    >>> ranges([0, 1, 1, 0, 0, 1])
    '1-2 5'
    """
    flags = np.concatenate([[0], np.asarray(list(labels)).astype(bool).astype(int), [0]])
    edges = np.flatnonzero(np.diff(flags))
    found = zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
    return " ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in found) or NONE


def parsed(text: str) -> list[Range]:
    """The ranges of a text, in order.

    Raises:
        MetricError: a text that holds no ranges, or ranges that overlap or are out of order.
    """
    if text.strip() == NONE:
        return []
    found: list[Range] = []
    for token in text.split():
        match = _RANGE.fullmatch(token)
        if match is None:
            raise _unreadable(text)
        found.append((int(match[1]), int(match[2] or match[1])))
    apart = all(one[1] < two[0] for one, two in pairwise(found))
    if not found or not apart or any(a > b for a, b in found):
        raise _unreadable(text)
    return found


def _unreadable(text: str) -> MetricError:
    return MetricError(
        f"{text[:60]!r} holds no ranges",
        rule="ranges of positions in order, both ends included, that do not overlap: 3-7 20-25 40, or none",
        fix="write them with assay.ranges(labels)",
    )


def coverage(own: Range, others: Sequence[Range], bias: str, cardinality: str, alpha: float) -> float:
    """How far a range is covered by others: alpha for being touched at all, the rest by how much, where and how often.

    Args:
        own: The range.
        others: In order, not overlapping.
        bias: Which positions of it count most.
        cardinality: `reciprocal` divides by how many others touch it; `one` does not.
        alpha: Weight of being touched, in [0, 1].
    """
    first, last = own
    touching = [(max(a, first), min(b, last)) for a, b in others if a <= last and b >= first]
    if not touching:
        return 0.0
    length = last - first + 1
    upto = _weights(length, bias)
    share = sum(upto(b - first + 1) - upto(a - first) for a, b in touching) / upto(length)
    factor = 1.0 / len(touching) if cardinality == "reciprocal" else 1.0
    return alpha + (1 - alpha) * factor * share


def _weights(length: int, bias: str) -> Callable[[int], float]:
    """The summed weights of the first k positions of a range."""
    half = length // 2

    def middle(k: int) -> float:
        up = min(k, half)
        down = max(0, k - half)
        return up * (up + 1) / 2 + down * (length + 1) - (k * (k + 1) - half * (half + 1)) / 2 * (down > 0)

    weights: dict[str, Callable[[int], float]] = {
        "flat": lambda k: float(k),
        "front": lambda k: k * length - k * (k - 1) / 2,
        "back": lambda k: k * (k + 1) / 2,
        "middle": middle,
    }
    return weights[bias]


def _scored(own: Sequence[Range], others: Sequence[Range], bias: str, cardinality: str, alpha: float) -> float:
    """Sum of the coverages of a series' ranges; the others that can touch each are found by moving on."""
    total, start = 0.0, 0
    for one in own:
        while start < len(others) and others[start][1] < one[0]:
            start += 1
        end = start
        while end < len(others) and others[end][0] <= one[1]:
            end += 1
        total += coverage(one, others[start:end], bias, cardinality, alpha)
    return total


def _texts(values: Array) -> list[list[Range]]:
    return [parsed(str(v)) for v in values.tolist()]


def _ratio(means: Floats, top: int) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        below = means[..., top + 1]
        return np.asarray(np.where(below > 0, means[..., top] / np.where(below > 0, below, 1), np.nan))


def _f1(means: Floats) -> Floats:
    """Harmonic mean; 0 where both are 0."""
    precision, recall = _ratio(means, 0), _ratio(means, 2)
    both = precision + recall
    return np.asarray(np.where(both > 0, 2 * precision * recall / np.where(both > 0, both, 1), both))


def _of_series(
    name: str, wanted: tuple[bool, bool], alpha: float, bias: str, cardinality: str, summary: str, formula: str
) -> Metric:
    if not 0 <= alpha <= 1:
        raise MetricError(f"alpha is {alpha}", rule="alpha lies in [0, 1]", fix=f"{name}(alpha=0.5)")
    for key, given, allowed in (("bias", bias, BIASES), ("cardinality", cardinality, CARDINALITIES)):
        if given not in allowed:
            raise MetricError(f"{key} is {given!r}", rule=f"{key} is one of {', '.join(allowed)}", fix=f"{name}")
    precision, recall = wanted

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        real, said = _texts(target), _texts(prediction)
        columns: list[list[float]] = []
        if precision:
            columns += [[_scored(p, r, bias, cardinality, 0.0) for r, p in zip(real, said, strict=True)]]
            columns += [[float(len(p)) for p in said]]
        if recall:
            columns += [[_scored(r, p, bias, cardinality, alpha) for r, p in zip(real, said, strict=True)]]
            columns += [[float(len(r)) for r in real]]
        return tuple(np.array(c) for c in columns)

    parts = (("precision_sum", "predicted_ranges") if precision else ()) + (("recall_sum", "ranges") if recall else ())
    return Metric(
        name=name,
        parameters={"alpha": alpha, "bias": bias, "cardinality": cardinality},
        family=Family.SUMS,
        reads="ranges",
        direction="higher",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary=summary,
        formula=formula,
        citation=_TATBUL,
        undefined="no series has a range to be found, or none has a predicted one",
        columns=parts,
        scorer=scorer,
        value=_f1 if all(wanted) else lambda means: _ratio(means, 0),
        label=name,
    )


def range_recall(alpha: float = 0.0, bias: str = "flat", cardinality: str = "reciprocal") -> Metric:
    """How far the real ranges are covered by predicted ones."""
    formula = "mean over real ranges of alpha [touched] + (1 - alpha) share covered / ranges that touch it"
    summary = "Mean, over the real ranges of all series, of how far predicted ranges cover each."
    return _of_series("range_recall", (False, True), alpha, bias, cardinality, summary, formula)


def range_precision(bias: str = "flat", cardinality: str = "reciprocal") -> Metric:
    """How far the predicted ranges lie in real ones."""
    formula = "mean over predicted ranges of share in real ranges / ranges that touch it"
    summary = "Mean, over the predicted ranges of all series, of how far each lies in real ranges."
    return _of_series("range_precision", (True, False), 0.0, bias, cardinality, summary, formula)


def range_f1(alpha: float = 0.0, bias: str = "flat", cardinality: str = "reciprocal") -> Metric:
    """Harmonic mean of precision and recall of ranges."""
    formula = "2 P R / (P + R) of range_precision and range_recall"
    summary = "Harmonic mean of range_precision and range_recall."
    return _of_series("range_f1", (True, True), alpha, bias, cardinality, summary, formula)


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    for build, at in ((range_precision, ""), (range_recall, "alpha"), (range_f1, "alpha")):
        registry.add(build.__name__, Definition(build.__name__, build, at, f"{build.__name__}(bias=front)"))
