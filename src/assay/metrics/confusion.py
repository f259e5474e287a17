"""Classification: metrics of the confusion counts [..., K, K], target by predicted.

Binary metrics see K = 2 with the positive class last; `class=` chooses the positive class, `average=` all of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Metric

Value = Callable[[Array], Array]
Averages = ("binary", "macro", "micro")
_SOKOLOVA = "Sokolova & Lapalme (2009), Information Processing & Management 45(4)"


def ratio(top: Array, bottom: Array) -> Array:
    """Top / bottom, NaN where the bottom is 0."""
    if np.all(bottom > 0):
        return np.asarray(top / bottom)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), np.nan))


def binary_cells(c: Array) -> tuple[Array, Array, Array, Array]:
    """TN, FP, FN, TP of the last class."""
    return c[..., 0, 0], c[..., 0, 1], c[..., 1, 0], c[..., 1, 1]


def one_against_rest(c: Array) -> Array:
    """[..., K, K] -> [..., K, 2, 2]: each class in turn as the positive one."""
    diagonal = np.diagonal(c, axis1=-2, axis2=-1)
    rows, columns, total = c.sum(-1), c.sum(-2), c.sum((-2, -1))[..., None]
    table = [[total - rows - columns + diagonal, columns - diagonal], [rows - diagonal, diagonal]]
    return np.stack([np.stack(row, axis=-1) for row in table], axis=-2)


def averaged(value: Value, average: str, strict: bool = False) -> Value:
    """A binary value over all classes: mean of the defined ones (macro) or of the pooled counts (micro).

    Args:
        strict: Undefined where the value of a class that occurs is, so that no class can be dodged.
    """
    if average == "micro":
        return lambda c: value(one_against_rest(c).sum(-3))

    def macro(c: Array) -> Array:
        tables = one_against_rest(c)
        values = value(tables)
        if strict:
            occurs = tables.sum((-2, -1)) - tables[..., 0, 0] > 0
            values = np.where((np.isnan(values) & occurs).any(-1, keepdims=True), np.nan, values)
        return ratio(np.nansum(values, axis=-1), np.sum(~np.isnan(values), axis=-1))

    return macro


def precision_value(c: Array) -> Array:
    """TP / (TP + FP)."""
    _, fp, _, tp = binary_cells(c)
    return ratio(tp, tp + fp)


def recall_value(c: Array) -> Array:
    """TP / (TP + FN)."""
    _, _, fn, tp = binary_cells(c)
    return ratio(tp, tp + fn)


def fbeta_value(beta: float) -> Value:
    """(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP)."""
    b2 = beta * beta

    def value(c: Array) -> Array:
        _, fp, fn, tp = binary_cells(c)
        return ratio((1 + b2) * tp, (1 + b2) * tp + b2 * fn + fp)

    return value


def accuracy_parts(c: Array) -> tuple[Array, Array]:
    """Right rows, rows."""
    return np.trace(c, axis1=-2, axis2=-1), c.sum((-2, -1))


def balanced_value(c: Array) -> Array:
    """Mean recall over the classes that occur."""
    recalls = ratio(np.diagonal(c, axis1=-2, axis2=-1), c.sum(-1))
    return ratio(np.nansum(recalls, axis=-1), np.sum(~np.isnan(recalls), axis=-1))


def mcc_value(c: Array) -> Array:
    """Gorodkin's R_K; Matthews' coefficient for two classes."""
    c = np.asarray(c, dtype=float)
    if c.shape[-1] == 2:
        return _matthews(c)
    total, right = c.sum((-2, -1)), np.trace(c, axis1=-2, axis2=-1)
    true, predicted = c.sum(-1), c.sum(-2)
    cross = right * total - (true * predicted).sum(-1)
    spread = (total**2 - (predicted**2).sum(-1)) * (total**2 - (true**2).sum(-1))
    return ratio(cross, np.sqrt(spread))


def _matthews(c: Array) -> Array:
    tn, fp, fn, tp = binary_cells(c)
    return ratio(tp * tn - fp * fn, np.sqrt((tp + fp) * (tn + fn) * ((tp + fn) * (tn + fp))))


def kappa_value(c: Array) -> Array:
    """(observed - expected agreement) / (1 - expected)."""
    c = np.asarray(c, dtype=float)
    total = c.sum((-2, -1))
    observed = ratio(np.trace(c, axis1=-2, axis2=-1), total)
    expected = ratio((c.sum(-1) * c.sum(-2)).sum(-1), total**2)
    return ratio(observed - expected, 1 - expected)


def _label_metric(name: str, value: Value, **more: Any) -> Metric:
    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.COUNTS,
        "reads": "label",
        "direction": "higher",
        "lower": 0.0,
        "upper": 1.0,
        "unit": "1",
        "citation": _SOKOLOVA,
        "label": name,
    }
    return Metric(name=name, value=value, **{**declared, **more})


def _fitting(average: str, class_: str) -> None:
    if average not in Averages:
        raise MetricError(
            f"average is {average!r}", rule=f"average is one of {', '.join(Averages)}", fix="average=macro"
        )
    if average != "binary" and class_:
        raise MetricError(
            "both class= and average= are given", rule="one class, or an average over all", fix="drop one"
        )


def accuracy(threshold: float | None = None) -> Metric:
    """Share of rows predicted right."""
    return _label_metric(
        "accuracy",
        lambda c: ratio(*accuracy_parts(c)),
        family=Family.PROPORTION,
        parts=accuracy_parts,
        multiclass=True,
        summary="Share of rows that are predicted right.",
        formula="trace(C) / sum(C)",
    )


def balanced_accuracy(threshold: float | None = None) -> Metric:
    """Mean recall over classes."""
    return _label_metric(
        "balanced_accuracy",
        balanced_value,
        multiclass=True,
        summary="Mean of the recalls of the classes that occur in the target.",
        formula="mean over classes k of C[k,k] / sum_j C[k,j]",
        citation="Brodersen et al. (2010), ICPR",
    )


def precision(threshold: float | None = None, class_: str = "", average: str = "binary") -> Metric:
    """Share of the rows predicted positive that are positive."""
    _fitting(average, class_)
    return _label_metric(
        "precision",
        precision_value if average == "binary" else averaged(precision_value, average, strict=True),
        multiclass=average != "binary",
        summary="Share of the rows predicted positive that are positive.",
        formula="TP / (TP + FP)",
        undefined="no row is predicted positive",
    )


def _share(name: str, row: int, column: int, summary: str, formula: str, undefined: str, **more: Any) -> Metric:
    def parts(c: Array) -> tuple[Array, Array]:
        return c[..., row, column], c[..., row, :].sum(-1)

    return _label_metric(
        name,
        lambda c: ratio(*parts(c)),
        family=Family.PROPORTION,
        parts=parts,
        summary=summary,
        formula=formula,
        undefined=undefined,
        **more,
    )


_NO_POSITIVE = "no row of the positive class"
_NO_NEGATIVE = "no row of the negative class"


def recall(threshold: float | None = None, class_: str = "", average: str = "binary") -> Metric:
    """Share of the positive rows that are found; also called sensitivity or true positive rate."""
    _fitting(average, class_)
    summary, formula = "Share of the positive rows that are predicted positive (sensitivity).", "TP / (TP + FN)"
    if average == "binary":
        return _share("recall", 1, 1, summary, formula, _NO_POSITIVE)
    return _label_metric(
        "recall",
        averaged(recall_value, average),
        multiclass=True,
        summary=summary,
        formula=formula,
        undefined=_NO_POSITIVE,
    )


def specificity(threshold: float | None = None, class_: str = "") -> Metric:
    """Share of the negative rows that are predicted negative."""
    return _share("specificity", 0, 0, "Share of the negative rows predicted negative.", "TN / (TN + FP)", _NO_NEGATIVE)


def false_positive_rate(threshold: float | None = None, class_: str = "") -> Metric:
    """Share of the negative rows that are predicted positive."""
    summary = "Share of the negative rows predicted positive."
    return _share("false_positive_rate", 0, 1, summary, "FP / (TN + FP)", _NO_NEGATIVE, direction="lower")


def false_negative_rate(threshold: float | None = None, class_: str = "") -> Metric:
    """Share of the positive rows that are predicted negative."""
    summary = "Share of the positive rows predicted negative."
    return _share("false_negative_rate", 1, 0, summary, "FN / (TP + FN)", _NO_POSITIVE, direction="lower")


def selection_rate(threshold: float | None = None, class_: str = "") -> Metric:
    """Share of rows that are predicted positive."""

    def parts(c: Array) -> tuple[Array, Array]:
        return c[..., 1].sum(-1), c.sum((-2, -1))

    return _label_metric(
        "selection_rate",
        lambda c: ratio(*parts(c)),
        family=Family.PROPORTION,
        parts=parts,
        direction="none",
        summary="Share of rows predicted positive, whatever the target says.",
        formula="(TP + FP) / rows",
        citation="Barocas, Hardt & Narayanan (2023), Fairness and Machine Learning, ch. 3",
    )


def confusion(cell: Literal["tp", "fp", "fn", "tn"] = "tp", threshold: float | None = None, class_: str = "") -> Metric:
    """One cell of the confusion table, as a share of all rows."""
    places = {"tn": (0, 0), "fp": (0, 1), "fn": (1, 0), "tp": (1, 1)}
    if cell not in places:
        raise MetricError(f"cell is {cell!r}", rule="cell is one of tp, fp, fn, tn", fix="confusion(cell=fp)")
    row, column = places[cell]

    def parts(c: Array) -> tuple[Array, Array]:
        return c[..., row, column], c.sum((-2, -1))

    return _label_metric(
        "confusion",
        lambda c: ratio(*parts(c)),
        family=Family.PROPORTION,
        parts=parts,
        direction="higher" if row == column else "lower",
        summary="One cell of the confusion table as a share of all rows.",
        formula=f"{cell.upper()} / rows",
    )


def fbeta(beta: float = 1.0, threshold: float | None = None, class_: str = "", average: str = "binary") -> Metric:
    """Weighted harmonic mean of precision and recall; recall counts beta times as much."""
    _fitting(average, class_)
    if beta <= 0:
        raise MetricError(f"beta is {beta}", rule="beta is above 0", fix="fbeta@2")
    value = fbeta_value(beta)
    return _label_metric(
        "fbeta",
        value if average == "binary" else averaged(value, average),
        multiclass=average != "binary",
        summary="Weighted harmonic mean of precision and recall.",
        formula="(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP)",
        citation="van Rijsbergen (1979), Information Retrieval, ch. 7",
        undefined="no row is positive or predicted positive",
    )


def f1(threshold: float | None = None, class_: str = "", average: str = "binary") -> Metric:
    """F-beta with beta = 1."""
    return dataclasses.replace(
        fbeta(1.0, threshold, class_, average), name="f1", label="f1", formula="2 TP / (2 TP + FN + FP)"
    )


def mcc(threshold: float | None = None) -> Metric:
    """Matthews correlation coefficient, for any number of classes."""
    return _label_metric(
        "mcc",
        mcc_value,
        lower=-1.0,
        multiclass=True,
        summary="Correlation of target and prediction.",
        formula="(TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)); R_K for more classes",
        citation="Matthews (1975), BBA 405; Gorodkin (2004), Comput. Biol. Chem. 28",
        undefined="the target or the predictions have one class only",
    )


def kappa(threshold: float | None = None) -> Metric:
    """Cohen's kappa: agreement beyond chance."""
    return _label_metric(
        "kappa",
        kappa_value,
        lower=-1.0,
        multiclass=True,
        summary="Agreement of target and prediction beyond chance.",
        formula="(p_o - p_e) / (1 - p_e)",
        citation="Cohen (1960), Educ. Psychol. Meas. 20",
        undefined="target and predictions are all of one class",
    )


_CUT = {"precision": "precision_at", "recall": "recall_at"}
"""Metrics of ranked lists have these names too, with a whole number: `recall@100`."""


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    for name, build, at, example in (
        ("accuracy", accuracy, "threshold", "accuracy@0.5"),
        ("balanced_accuracy", balanced_accuracy, "threshold", "balanced_accuracy"),
        ("precision", precision, "threshold", "precision@0.5"),
        ("recall", recall, "threshold", "recall(class=cat)"),
        ("specificity", specificity, "threshold", "specificity@0.5"),
        ("false_positive_rate", false_positive_rate, "threshold", "false_positive_rate@0.5"),
        ("false_negative_rate", false_negative_rate, "threshold", "false_negative_rate@0.5"),
        ("selection_rate", selection_rate, "threshold", "selection_rate@0.5"),
        ("confusion", confusion, "cell", "confusion@fp"),
        ("fbeta", fbeta, "beta", "fbeta@2"),
        ("f1", f1, "threshold", "f1(average=macro)"),
        ("mcc", mcc, "threshold", "mcc"),
        ("kappa", kappa, "threshold", "kappa"),
    ):
        registry.add(name, Definition(name, build, at, example, _CUT.get(name, "")))
