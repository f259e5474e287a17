"""A metric's value on rows as its scorer takes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.metric import Array, Floats, Metric


def objects(values: Iterable[Any]) -> Array:
    kept = list(values)
    return np.fromiter(kept, dtype=object, count=len(kept))


def sums(metric: Metric, target: Any, prediction: Any) -> Floats:
    """Sums of the per-row scores, or their means where the metric's value takes these."""
    assert metric.scorer is not None
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = metric.scorer(target, prediction, 0.0)
    assert len(parts) == len(metric.columns)
    assert all(p.shape == (len(prediction),) for p in parts)
    added = np.array([np.sum(p) for p in parts])
    return added if metric.corpus else added / len(prediction)


def value(notation: str | Metric, target: Any, prediction: Any) -> float:
    metric = parse(notation) if isinstance(notation, str) else notation
    assert metric.value is not None
    return float(metric.value(sums(metric, target, prediction)))


def texts(notation: str, references: Sequence[Sequence[str]], said: Sequence[str]) -> float:
    return value(notation, objects(map(tuple, references)), objects(said))


def sets(notation: str, truth: Sequence[Any], said: Sequence[Any], labels: tuple[str, ...] = ()) -> float:
    metric = parse(notation)
    bound = metric.bind(labels) if metric.bind else metric
    return value(bound, objects(map(frozenset, truth)), objects(map(frozenset, said)))
