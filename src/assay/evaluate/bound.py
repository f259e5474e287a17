"""Metrics that depend on which labels there are: bound to those declared, or to those that the data hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.base.errors import MetricError
from assay.evaluate import values
from assay.evaluate.request import Material, Pair, Reading
from assay.records.metric import Metric

MOST_VALUES = 10_000_000


def bound(material: Material, pairs: Sequence[Pair], metrics: Sequence[Metric], reading: Reading) -> list[Metric]:
    """The metrics, those that ask for labels with what depends on them.

    Raises:
        MetricError: labels that have to be declared and are not.
    """
    return [_bound(material, pairs, m, reading) for m in metrics]


def _bound(material: Material, pairs: Sequence[Pair], metric: Metric, reading: Reading) -> Metric:
    base = metric.inner or metric
    if base.bind is None:
        return metric
    labels = tuple(dict.fromkeys(str(v).strip() for v in reading.labels)) or _found(material, pairs, base)
    made = base.bind(labels)
    return replace(metric, columns=made.columns, scorer=made.scorer, inner=made if metric.inner else None)


def _found(material: Material, pairs: Sequence[Pair], metric: Metric) -> tuple[str, ...]:
    """The labels of the target and of every model, sorted."""
    if metric.reads != "label set":
        raise MetricError(
            f"{metric.label} needs the classes in the order of the scores",
            rule="a vector of scores does not say which class each of them is of",
            fix="--labels A,B,… with all classes, in order",
        )
    arms = [c for pair in pairs for c in pair.columns(metric.read_column)]
    found: set[str] = set()
    for column in dict.fromkeys([*(["y"] if "y" in material.table.columns else []), *arms]):
        kind = material.table.columns[column]
        values.check(metric, kind, column == "y")
        found |= values.labels_of(metric, material.engine.distinct(material.table, column, MOST_VALUES), kind)
    return tuple(sorted(found))
