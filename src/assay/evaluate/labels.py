"""Classes, positive class and thresholds: read from the data where it leaves no choice, asked for where it does."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.base.errors import MetricError
from assay.base.wording import counted
from assay.evaluate.request import Label, Material, Reading, canonical
from assay.records.metric import Metric
from assay.records.protocols import By, Cut, Kind

MOST = 1000
_WORDS = {0: "false", 1: "true"}
_WHOLE = "save target and predictions as whole numbers or as text, not as floating point"


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a target.

    Attributes:
        labels: Canonical, sorted; the positive one last where there are two and it is known.
        positive: The positive class; None where it is not known.
    """

    labels: tuple[Any, ...]
    positive: Any

    def code(self, value: Any) -> int:
        """Position of a raw label, as itself or as text; -1 where it is missing.

        Raises:
            MetricError: a label that is none of the classes.
        """
        if value is None:
            return -1
        meant = canonical(value)
        for place, label in enumerate(self.labels):
            if meant == label or str(meant) == str(label):
                return place
        raise MetricError(
            f"the label {value!r} is not a class of the target",
            rule=f"its classes: {_said(self.labels)}",
            fix=_WHOLE,
        )


def classes(material: Material, reading: Reading) -> Classes:
    """The classes of the target.

    Raises:
        MetricError: a target that holds numbers, or a positive class that it does not have.
    """
    labels = _labels(material, reading)
    positive = None if reading.positive is None else _named(reading.positive, labels, "--positive")
    if set(labels) <= {0, 1}:
        labels, positive = (0, 1), 1 if positive is None else positive
    if len(labels) == 2 and positive is not None:
        labels = tuple(sorted(labels, key=lambda v: v == positive))
    return Classes(labels, positive)


def _labels(material: Material, reading: Reading) -> tuple[Any, ...]:
    if reading.labels:
        found = [_typed(v, material.table.columns["y"]) for v in reading.labels]
        many, example = material.engine.outside(material.table, "y", _raw(material, "y", found))
        if many:
            raise MetricError(
                f"the target holds {example!r}, which is not among the labels {_said(found)}",
                rule="the labels name every class",
                fix="--labels with all of them",
            )
    else:
        found = [_exact(v) for v in material.engine.distinct(material.table, "y", MOST)]
        if len(found) > MOST or any(isinstance(v, float) for v in found):
            odd = next((v for v in found if isinstance(v, float)), None)
            said = f"such as {odd}" if odd is not None else f"more than {MOST} of them"
            raise MetricError(
                f"the target holds numbers, {said}, not classes",
                rule="label metrics and probabilities need a target of classes",
                fix="use a metric of numbers such as mae or rmse, or name another --target",
            )
    return tuple(sorted(set(found), key=lambda v: (isinstance(v, str), v)))


def _exact(value: Any) -> Any:
    """A label; from 2^53 on floating point is no label, as it merges whole numbers."""
    return value if isinstance(value, float) and abs(value) >= 2**53 else canonical(value)


def _typed(given: Label, kind: Kind) -> Any:
    """A label as the target holds it: a command line can only give text."""
    if isinstance(given, str) and kind in ("integer", "number"):
        with contextlib.suppress(ValueError):
            return int(given)
        with contextlib.suppress(ValueError):
            return canonical(float(given))
    if isinstance(given, str) and kind == "boolean" and given.lower() in ("true", "false"):
        return int(given.lower() == "true")
    return canonical(given) if kind != "text" else str(given)


def _named(given: Label, labels: Sequence[Any], option: str) -> Any:
    for label in labels:
        if canonical(given) == label or str(given) == str(label) or str(given).lower() == _WORDS.get(label):
            return label
    raise MetricError(
        f"{given!r} is not a class of the target",
        rule=f"its classes: {_said(labels)}",
        fix=f"{option} with one of them",
    )


def _said(labels: Sequence[Any]) -> str:
    return ", ".join(str(v) for v in labels[:10]) + (", …" if len(labels) > 10 else "")


def positive_of(metric: Metric, known: Classes) -> Any:
    """The positive class of a metric that has one.

    Raises:
        MetricError: when it is not known; it is asked for, never guessed.
    """
    base = metric.inner or metric
    if base.parameters.get("class"):
        return _named(base.parameters["class"], known.labels, f"{base.name}(class=…)")
    if known.positive is None or (len(known.labels) > 2 and base.reads == "label"):
        if known.positive is not None:
            return known.positive
        averages = base.reads == "label" and base.name in ("precision", "recall", "f1", "fbeta")
        also = " or, for all classes, (average=macro)" if averages and len(known.labels) > 2 else ""
        raise MetricError(
            f"{metric.label} needs a positive class; the target has {_said(known.labels)}",
            rule="the positive class is never guessed",
            fix=f"--positive CLASS{also}",
        )
    return known.positive


def cuts(material: Material, metric: Metric, reading: Reading, known: Classes, columns: By) -> tuple[Cut, ...]:
    """How each arm becomes labels: as it is, or by the threshold.

    Raises:
        MetricError: a score without a threshold, or labels that the target does not have.
    """
    threshold = reading.threshold if metric.threshold is None else metric.threshold
    return tuple(_cut(material, metric, threshold, known, c) for c in columns)


def _cut(material: Material, metric: Metric, threshold: float | None, known: Classes, column: str) -> Cut:
    kind = material.table.columns[column]
    long = next((v for v in known.labels if isinstance(v, int) and abs(v) >= 2**53), None)
    if kind == "number" and long is not None:
        raise MetricError(
            f"the predictions are in floating point, which rounds classes such as {long}",
            rule="labels are told apart to their last digit",
            fix=_WHOLE,
        )
    many, example = material.engine.outside(material.table, column, _raw(material, column, known.labels))
    if many == 0 and not (kind == "number" and threshold is not None and metric.threshold is not None):
        return Cut(column)
    if kind in ("number", "integer"):
        if threshold is not None:
            positive_of(metric, known)
            if len(known.labels) < 2:
                raise MetricError(
                    f"the target has one class only, {_said(known.labels)}",
                    rule="a threshold cuts scores into two classes",
                    fix="--labels with both classes",
                )
            if len(known.labels) > 2:
                raise MetricError(
                    f"a threshold makes two classes, the target has {_said(known.labels)}",
                    rule="scores of one class cannot give more than two labels",
                    fix="give a column of predicted labels",
                )
            return Cut(column, threshold)
        if kind == "number":
            raise MetricError(
                f"{metric.label} needs labels and the predictions are scores, such as {example}",
                rule="a threshold is never guessed",
                fix=f"--threshold T, or --metric {metric.name}@T" if metric.name != "fbeta" else "--threshold T",
            )
    raise MetricError(
        f"an unknown label is held by {counted(many, 'prediction')}, such as {example!r}",
        rule=f"the classes of the target: {_said(known.labels)}",
        fix="--labels with all classes" + (", or --threshold T if it is a score" if kind == "integer" else ""),
    )


def _raw(material: Material, column: str, labels: Sequence[Any]) -> list[Any]:
    """Labels that a column of that type can hold, so that the engine compares like with like."""
    kind = material.table.columns[column]
    if kind == "text":
        return [str(v) for v in labels]
    if kind == "boolean":
        return [bool(v) for v in labels if v in (0, 1)]
    return [v for v in labels if isinstance(v, (int, float))]
