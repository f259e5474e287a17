"""Sets of labels: subset accuracy, Hamming loss, and F1, precision and recall over labels."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.confusion import ratio
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

MOST = 100
"""Labels of which each keeps counts of its own."""
FEW = 200
"""Labels up to which rows are compared label by label rather than set by set."""
AVERAGES = ("micro", "macro", "sample")
Value = Callable[[Floats], Floats]
_TSOUMAKAS = "Tsoumakas, Katakis & Vlahavas (2010), Data Mining and Knowledge Discovery Handbook, ch. 34"


def _sizes(sets: Array) -> Floats:
    return np.fromiter(map(len, sets), dtype=float, count=len(sets))


def _shared(target: Array, prediction: Array) -> Floats:
    """Labels in both sets of every row."""
    places: dict[str, int] = {}
    for held in (*set(target.tolist()), *set(prediction.tolist())):
        for label in held:
            places.setdefault(label, len(places))
    if not places or len(places) > FEW:
        both = zip(target, prediction, strict=True)
        return np.fromiter((len(t & p) for t, p in both), dtype=float, count=len(target))
    return np.asarray((indicators(target, places) & indicators(prediction, places)).sum(axis=1), dtype=float)


def indicators(sets: Array, places: Mapping[str, int]) -> npt.NDArray[np.uint8]:
    """Which labels each row has, [n, labels], from those of every distinct set.

    Raises:
        MetricError: a label without a place.
    """
    rows: dict[frozenset[str], int] = {}
    of_row = np.fromiter((rows.setdefault(s, len(rows)) for s in sets.tolist()), dtype=np.int64, count=len(sets))
    table = np.zeros((len(rows), len(places)), dtype=np.uint8)
    for held, row in rows.items():
        for label in held:
            if label not in places:
                raise _undeclared(label, places)
            table[row, places[label]] = 1
    return table[of_row]


def subset_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """1 where both sets are equal."""
    return (np.fromiter((t == p for t, p in zip(target, prediction, strict=True)), dtype=float, count=len(target)),)


def sample_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """F1 of every row; 1 where both sets are empty."""
    total = _sizes(target) + _sizes(prediction)
    return (np.where(total > 0, 2 * _shared(target, prediction) / np.where(total > 0, total, 1), 1.0),)


def count_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """Labels right, said wrongly, missed."""
    shared = _shared(target, prediction)
    return shared, _sizes(prediction) - shared, _sizes(target) - shared


def f1_value(counts: Floats) -> Floats:
    """2 TP / (2 TP + FP + FN) of [..., 3]."""
    tp, fp, fn = (counts[..., k] for k in range(3))
    return ratio(2 * tp, 2 * tp + fp + fn)


def precision_value(counts: Floats) -> Floats:
    """TP / (TP + FP) of [..., 3]."""
    return ratio(counts[..., 0], counts[..., 0] + counts[..., 1])


def recall_value(counts: Floats) -> Floats:
    """TP / (TP + FN) of [..., 3]."""
    return ratio(counts[..., 0], counts[..., 0] + counts[..., 2])


def macro(value: Value) -> Value:
    """The mean over labels [..., 3 labels] of a value; undefined where it is for a label that occurs."""

    def averaged(sums: Floats) -> Floats:
        counts = sums.reshape(*sums.shape[:-1], -1, 3)
        each, occurs = value(counts), counts.sum(axis=-1) > 0
        lost = (np.isnan(each) & occurs).any(axis=-1)
        return np.asarray(np.where(lost, np.nan, ratio(np.where(occurs, each, 0).sum(axis=-1), occurs.sum(axis=-1))))

    return averaged


def recall_macro(sums: Floats) -> Floats:
    """The mean of the recalls of labels that some row has."""
    counts = sums.reshape(*sums.shape[:-1], -1, 3)
    each = recall_value(counts)
    return ratio(np.nansum(each, axis=-1), (~np.isnan(each)).sum(axis=-1))


def by_label(labels: Sequence[str]) -> Callable[[Array, Array, float], tuple[Floats, ...]]:
    """A scorer of right, wrongly said and missed, label by label."""
    place = {label: k for k, label in enumerate(labels)}

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        truth, said = indicators(target, place), indicators(prediction, place)
        parts = np.stack([truth & said, said & (1 - truth), truth & (1 - said)], axis=-1).astype(float)
        return tuple(parts.reshape(len(truth), -1).T)

    return scorer


def _undeclared(label: str, labels: Any) -> MetricError:
    return MetricError(
        f"the label {label!r} is not among the labels {', '.join(list(labels)[:10])}",
        rule="the labels name every label that occurs",
        fix="--labels with all of them",
    )


def _declared(name: str, **more: Any) -> Metric:
    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.MEAN,
        "reads": "label set",
        "direction": "higher",
        "lower": 0.0,
        "upper": 1.0,
        "unit": "1",
        "citation": _TSOUMAKAS,
        "columns": (name,),
        "value": lambda means: means[..., 0],
        "label": name,
    }
    return Metric(name=name, **{**declared, **more})


def subset_accuracy(separator: str = "|") -> Metric:
    """Share of rows whose whole set is right."""
    return _declared(
        "subset_accuracy",
        scorer=subset_rows,
        shares=True,
        summary="Share of the rows whose set of labels is right as a whole.",
        formula="mean([F = Y])",
    )


def hamming(separator: str = "|") -> Metric:
    """Share of labels that are wrong."""
    base = _declared(
        "hamming",
        direction="lower",
        summary="Hamming loss: share of all labels, row by row, that are wrongly said or missed.",
        formula="mean(|F xor Y|) / number of labels",
        undefined="no row has a label",
    )

    def bind(labels: tuple[str, ...]) -> Metric:
        known = frozenset(labels)

        def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
            for found in (*set(target.tolist()), *set(prediction.tolist())):
                if not found <= known:
                    raise _undeclared(min(found - known), labels)
            wrong = _sizes(target) + _sizes(prediction) - 2 * _shared(target, prediction)
            return (wrong / len(labels) if labels else np.full(len(target), np.nan),)

        return dataclasses.replace(base, scorer=scorer)

    return dataclasses.replace(base, bind=bind)


def _averaged(name: str, value: Value, whole: Value, average: str, **more: Any) -> Metric:
    """A metric of counts, of all labels together or label by label."""
    family, formula = Family.SUMS, str(more.pop("formula"))
    if average == "micro":
        return _declared(
            name,
            family=family,
            corpus=True,
            columns=("right", "wrong", "missed"),
            scorer=count_rows,
            value=value,
            formula=f"{formula}, of the counts of all labels",
            **more,
        )
    made = _declared(
        name, family=family, columns=(), value=whole, corpus=True, formula=f"mean over labels of {formula}", **more
    )

    def bind(labels: tuple[str, ...]) -> Metric:
        if len(labels) > MOST:
            raise MetricError(
                f"{name}(average=macro) over {len(labels)} labels",
                rule=f"counts are kept label by label for at most {MOST} labels",
                fix="average=micro or average=sample",
            )
        columns = tuple(f"{part}_{k}" for k in range(len(labels)) for part in ("right", "wrong", "missed"))
        if not labels:
            raise MetricError(
                f"{name}: no row has a label", rule="labels are averaged over", fix="name the right columns"
            )
        return dataclasses.replace(made, columns=columns, scorer=by_label(labels))

    return dataclasses.replace(made, bind=bind)


def _fitting(average: str, allowed: tuple[str, ...]) -> None:
    if average not in allowed:
        raise MetricError(
            f"average is {average!r}", rule=f"average is one of {', '.join(allowed)}", fix="average=micro"
        )


def multilabel_f1(average: str = "micro", separator: str = "|") -> Metric:
    """F1 over labels."""
    _fitting(average, AVERAGES)
    if average == "sample":
        return _declared(
            "multilabel_f1",
            scorer=sample_rows,
            summary="Mean of the rows' F1; a row without labels, rightly, has 1.",
            formula="mean(2 |F & Y| / (|F| + |Y|))",
        )
    return _averaged(
        "multilabel_f1",
        f1_value,
        macro(f1_value),
        average,
        summary="F1 of sets of labels: `micro` pools the counts of all labels, `macro` is the mean over labels "
        "that occur, "
        "`sample` the mean over rows.",
        formula="2 TP / (2 TP + FP + FN)",
        undefined="no row has a label, and none is predicted",
    )


def multilabel_precision(average: str = "micro", separator: str = "|") -> Metric:
    """Precision over labels."""
    _fitting(average, AVERAGES[:2])
    return _averaged(
        "multilabel_precision",
        precision_value,
        macro(precision_value),
        average,
        summary="Share of the labels said that are right; `macro` is the mean over labels that occur.",
        formula="TP / (TP + FP)",
        undefined="no label is predicted, or with macro one that occurs never is",
    )


def multilabel_recall(average: str = "micro", separator: str = "|") -> Metric:
    """Recall over labels."""
    _fitting(average, AVERAGES[:2])
    return _averaged(
        "multilabel_recall",
        recall_value,
        recall_macro,
        average,
        summary="Share of the labels of rows that are said; `macro` is the mean over labels that some row has.",
        formula="TP / (TP + FN)",
        undefined="no row has a label",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    for name, build, example in (
        ("subset_accuracy", subset_accuracy, "subset_accuracy"),
        ("hamming", hamming, "hamming"),
        ("multilabel_f1", multilabel_f1, "multilabel_f1(average=macro)"),
        ("multilabel_precision", multilabel_precision, "multilabel_precision"),
        ("multilabel_recall", multilabel_recall, "multilabel_recall"),
    ):
        registry.add(name, Definition(name, build, "", example))
