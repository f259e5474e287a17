"""Columns that hold more than one label or number a row: text, sets and lists of labels, vectors.

A list of floating point arrives as an array, any other list as JSON, a column of text as it stands. What cannot be
read is an error that shows the value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.evaluate.request import canonical
from assay.metrics.text import Rows
from assay.records.metric import Array, Floats, Metric, Reads
from assay.records.protocols import Kind

SEPARATOR = "|"
LONGEST = 60
_PLAIN: tuple[Kind, ...] = ("text", "integer", "boolean")
KINDS: dict[Reads, tuple[Kind, ...]] = {
    "text": _PLAIN,
    "label set": (*_PLAIN, "list"),
    "class list": (*_PLAIN, "list"),
    "class scores": ("text", "list"),
    "vector": ("text", "list"),
}
"""What the column of predictions may hold. A double has no one spelling, so that it is no text."""
TARGETS: dict[Reads, tuple[Kind, ...]] = {
    "text": (*_PLAIN, "list"),
    "label set": (*_PLAIN, "list"),
    "class list": (*_PLAIN, "number"),
    "class scores": (*_PLAIN, "number"),
    "vector": ("integer", "number", "boolean"),
}
HOLDS: dict[Reads, str] = {
    "text": "text",
    "label set": "a list of labels, or text such as a|b",
    "class list": "a list of classes, or text such as a|b",
    "class scores": "a list of numbers, or text such as [0.7, 0.2, 0.1]",
    "vector": "a list of numbers, or text such as [0.7, 0.2, 0.1]",
}


def check(metric: Metric, kind: Kind, target: bool = False) -> None:
    """Refuse a column of a kind that the metric does not read.

    Raises:
        MetricError: naming what it reads.
    """
    reads = metric.reads
    if kind in (TARGETS if target else KINDS)[reads]:
        return
    what = "a target" if target else "predictions"
    shown = "numbers in floating point" if kind == "number" else "lists" if kind == "list" else f"a {kind} column"
    number = target and reads == "vector"
    rule = "the target is one number a row" if number else f"it reads {HOLDS[reads]}"
    fix = "name another --target" if target else "name the column of predictions with --score"
    if kind == "number" and reads != "vector":
        fix = "save the column as text: a number in floating point has several spellings"
    raise MetricError(f"{metric.label} cannot read {what} of {shown}", rule=rule, fix=fix)


def predictions(metric: Metric, raw: Array, kind: Kind) -> Array:
    """Rows of predictions as the metric's scorer takes them.

    Returns:
        Text [n] of str; label sets [n] of frozenset; class lists [n] of tuple; numbers [n, k].
    """
    if metric.reads == "text":
        return Rows.of(_objects([v if isinstance(v, str) else _written(v) for v in raw.tolist()]))
    if metric.reads in ("class scores", "vector"):
        return vectors(metric, raw)
    if kind == "list":
        raw = _objects([_json(v) for v in raw.tolist()])
    kept = frozenset if metric.reads == "label set" else _ranking(metric)
    return _each(raw, lambda v: kept(_labels(metric, v, kind)))


def targets(metric: Metric, raw: Array, kind: Kind) -> Array:
    """Rows of the target as the metric's scorer takes them.

    Returns:
        References [n] of tuples of text; label sets [n] of frozenset; classes [n] of str; numbers [n].
    """
    if metric.reads == "text":
        if kind != "list":
            return Rows.of(_objects([(v if isinstance(v, str) else _written(v),) for v in raw.tolist()]))
        return Rows.of(_objects([_references(metric, v, kind) for v in raw.tolist()]))
    if metric.reads == "label set":
        return _each(raw, lambda v: frozenset(_labels(metric, v, kind)))
    if metric.reads == "vector":
        return np.asarray(raw, dtype=float)
    return _each(raw, _label)


def labels_of(metric: Metric, raw: Sequence[Any], kind: Kind) -> set[str]:
    """Every label in some distinct values of a column."""
    return {label for value in raw for label in _labels(metric, value, kind)}


def vectors(metric: Metric, raw: Array) -> Floats:
    """Vectors of one length, [n, k].

    Raises:
        MetricError: what is no vector, vectors of unequal length, values that are missing or infinite.
    """
    values = raw.tolist()
    found = _stacked(values) if isinstance(values[0], np.ndarray) else _numbers(values)
    if found is None or found.ndim != 2 or not found.shape[1] or not np.isfinite(found).all():
        raise _no_vectors(metric, [_json(v) for v in values])
    return found


def _stacked(values: Sequence[Any]) -> Floats | None:
    """Vectors that came as they are; None where they are not of one length, or a value is missing."""
    if {type(v) for v in values} != {np.ndarray} or len({v.size for v in values}) > 1:
        return None
    return np.concatenate(values).reshape(len(values), -1)


def _json(value: Any) -> Any:
    return json.dumps(value.tolist(), separators=(",", ":")) if isinstance(value, np.ndarray) else value


def _numbers(values: Sequence[Any]) -> Floats | None:
    """Vectors of as many numbers each; None where they are not."""
    if not all(isinstance(v, str) and v[:1] == "[" and v[-1:] == "]" for v in values):
        return None
    width = values[0].count(",") + 1
    if any(v.count(",") + 1 != width for v in values):
        return None
    try:
        # The ends of every vector are told by its commas; what is no number ends the parse early.
        found = np.fromstring(",".join([v[1:-1] for v in values]), dtype=float, sep=",")
    except (ValueError, DeprecationWarning):
        return None
    return found.reshape(-1, width) if found.size == len(values) * width else None


def _no_vectors(metric: Metric, values: Sequence[Any]) -> MetricError:
    """The error for the first value that is no vector, or is of another length than the first."""
    first = 0
    for value in values:
        row = _parsed(value)
        if not isinstance(row, list) or not row or any(isinstance(v, (str, bool, list, dict)) for v in row):
            return MetricError(
                f"{metric.label} cannot read {_shown(value)} as a vector",
                rule=f"it reads {HOLDS['vector']}",
                fix="name the column of vectors with --score",
            )
        if any(v is None or not np.isfinite(v) for v in row):
            return MetricError(
                f"{metric.label}: the vector {_shown(value)} holds a value that is missing, NaN or infinite",
                rule="every value of a vector is a finite number",
                fix="correct the predictions, or leave the whole row empty and choose a missing policy",
            )
        first = first or len(row)
        if len(row) != first:
            return unequal(metric, first, len(row), _shown(value))
    return MetricError(f"{metric.label} cannot read the vectors", rule=f"it reads {HOLDS['vector']}")


def unequal(metric: Metric, first: int, other: int, shown: str = "") -> MetricError:
    """The error for vectors of unequal length."""
    return MetricError(
        f"{metric.label}: vectors of {first} and of {other} values" + (f", such as {shown}" if shown else ""),
        rule="all vectors of a column have one length",
        fix="correct the predictions",
    )


def _each(raw: Array, read: Callable[[Any], Any]) -> Array:
    """Every value read; equal ones once."""
    known: dict[Any, Any] = {}
    values = raw.tolist()
    for value in values:
        if value not in known:
            known[value] = read(value)
    return _objects([known[v] for v in values])


def _objects(values: Sequence[Any]) -> Array:
    return np.fromiter(values, dtype=object, count=len(values))


def _references(metric: Metric, value: Any, kind: Kind) -> tuple[str, ...]:
    found = _parsed(value) if kind == "list" else value
    several = found if isinstance(found, list) else [found]
    if not several or any(v is None or isinstance(v, (list, dict)) for v in several):
        raise MetricError(
            f"{metric.label} cannot read the references {_shown(value)}",
            rule="a row has a text, or a list of one or more texts",
            fix="drop or mend the row",
        )
    return tuple(map(_written, several))


def _labels(metric: Metric, value: Any, kind: Kind) -> list[str]:
    """Labels of a value: a list column's, a JSON list in text, or text split at the separator."""
    if not isinstance(value, str):
        return [_label(value)]
    text = value.strip()
    if kind == "list" or (text[:1] == "[" and text[-1:] == "]"):
        found = _parsed(text)
        if isinstance(found, str):
            found = [found]
        if not isinstance(found, list) or any(isinstance(v, (list, dict)) or v is None for v in found):
            raise _no_labels(metric, value)
        return [_label(v) for v in found]
    separator = str(metric.parameters.get("separator", SEPARATOR))
    found = [part.strip() for part in text.split(separator)] if text else []
    if not all(found):
        raise _no_labels(metric, value)
    return found


def _no_labels(metric: Metric, value: Any) -> MetricError:
    return MetricError(
        f"{metric.label} cannot read {_shown(value)} as labels",
        rule='labels are a list column, text such as a|b, or a JSON list such as ["a", "b"]; an empty set is []',
        fix="mend the value; (separator=;) names another separator",
    )


def _ranking(metric: Metric) -> Callable[[list[str]], tuple[str, ...]]:
    def once(found: list[str]) -> tuple[str, ...]:
        if len(set(found)) < len(found):
            twice = next(v for v in found if found.count(v) > 1)
            raise MetricError(
                f"{metric.label}: the class {twice!r} is listed twice in a row",
                rule="a list names each class once",
                fix="drop the repetition",
            )
        return tuple(found)

    return once


def _label(value: Any) -> str:
    """A label as text; 1, 1.0 and true are one label."""
    return str(canonical(value)).strip()


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
