"""Several classes for a row whose truth is one: top-k accuracy, and prediction sets with their coverage and size."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.confusion import ratio
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

SOURCES = ("ranking", "scores")
_SIZE = re.compile(r"\d{1,6}\+?")
_ANGELOPOULOS = "Angelopoulos & Bates (2023), Foundations and Trends in Machine Learning 16(4)"


def _held(target: Array, prediction: Array) -> Floats:
    """1 where the class is in the row's list."""
    return np.fromiter((t in p for t, p in zip(target, prediction, strict=True)), dtype=float, count=len(target))


def _sizes(lists: Array) -> Floats:
    return np.fromiter(map(len, lists), dtype=float, count=len(lists))


def _declared(name: str, **more: Any) -> Metric:
    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.MEAN,
        "reads": "class list",
        "direction": "higher",
        "lower": 0.0,
        "upper": 1.0,
        "unit": "1",
        "citation": _ANGELOPOULOS,
        "columns": (name,),
        "value": lambda means: means[..., 0],
        "label": name,
    }
    return Metric(name=name, **{**declared, **more})


def topk(k: int = 5, from_: str = "ranking", separator: str = "|") -> Metric:
    """Share of rows whose class is among the first k."""
    if k < 1:
        raise MetricError(f"k is {k}", rule="k is 1 or more", fix="topk@5")
    if from_ not in SOURCES:
        raise MetricError(f"from is {from_!r}", rule=f"from is one of {', '.join(SOURCES)}", fix="topk@5(from=scores)")

    def first_k(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return (_held(target, np.fromiter((p[:k] for p in prediction), dtype=object, count=len(prediction))),)

    base = _declared(
        "topk",
        parameters={"k": k},
        scorer=first_k,
        shares=True,
        summary="Share of the rows whose class is among the first k of a list of classes, the likeliest first; or, "
        "with "
        "`from=scores`, among the k largest of a vector with a score for each class, in the order of `--labels`. "
        "Classes of equal score count as if the true one came last.",
        formula="mean([rank of y <= k])",
        citation="Russakovsky et al. (2015), Int. J. Computer Vision 115",
        label=f"topk@{k}",
    )
    if from_ == "ranking":
        return base
    return dataclasses.replace(base, reads="class scores", bind=lambda labels: _from_scores(base, k, labels))


def _from_scores(base: Metric, k: int, labels: tuple[str, ...]) -> Metric:
    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        own = scores_of_truth(base.label, labels, target, prediction)
        return ((np.count_nonzero(prediction >= own[:, None], axis=1) <= k).astype(float),)

    return dataclasses.replace(base, reads="class scores", scorer=scorer)


def scores_of_truth(label: str, labels: tuple[str, ...], target: Array, prediction: Floats) -> Floats:
    """The score of each row's own class: [n], of scores [n, k] in the order of the labels.

    Raises:
        MetricError: as many scores as there are no labels, or a class that is none of them.
    """
    place = {name: i for i, name in enumerate(labels)}
    if prediction.shape[1] != len(labels):
        raise MetricError(
            f"{label}: a vector has {prediction.shape[1]} scores, and {len(labels)} classes are named",
            rule="a vector holds a score for each class",
            fix="--labels with all classes, in the order of the scores",
        )
    unknown = next((t for t in target if t not in place), None)
    if unknown is not None:
        raise MetricError(
            f"{label}: the class {unknown!r} is not among the labels {', '.join(labels[:10])}",
            rule="the labels name every class of the target",
            fix="--labels with all classes, in the order of the scores",
        )
    return np.asarray(prediction[np.arange(len(target)), [place[t] for t in target]])


def _coverage_of(size: str, class_: str) -> Metric:
    """Coverage among the rows of one class, or with sets of one size."""
    least, open_ = int(size.rstrip("+") or 0), size.endswith("+")

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        among = np.ones(len(target), dtype=bool)
        if size:
            sizes = _sizes(prediction)
            among &= sizes >= least if open_ else sizes == least
        if class_:
            among &= np.fromiter((t == class_ for t in target), dtype=bool, count=len(target))
        return _held(target, prediction) * among, among.astype(float)

    what = [f"of the class {class_}"] * bool(class_) + [f"with sets of {size} classes"] * bool(size)
    return _declared(
        "set_coverage",
        family=Family.SUMS,
        corpus=True,
        columns=("covered", "rows"),
        scorer=scorer,
        value=lambda means: ratio(means[..., 0], means[..., 1]),
        summary=f"Share of the rows {' and '.join(what)} whose set holds the class.",
        formula="sum([y in C and row counts]) / sum([row counts])",
        undefined=f"no row {' and '.join(what)}",
    )


def set_coverage(class_: str = "", size: str = "", separator: str = "|") -> Metric:
    """Share of rows whose prediction set holds the class."""
    if size and not _SIZE.fullmatch(size):
        raise MetricError(
            f"size is {size!r}", rule="size is a number of classes, or one with + for it and more", fix="size=3+"
        )
    if class_ or size:
        return _coverage_of(size, class_)

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return (_held(target, prediction),)

    return _declared(
        "set_coverage",
        scorer=scorer,
        shares=True,
        summary="Share of the rows whose prediction set holds the class: to be at least the level that the sets "
        "were made "
        "for. `class=` reads one class, `size=2` or `size=3+` sets of that size; an empty set covers nothing.",
        formula="mean([y in C])",
    )


def set_size(separator: str = "|") -> Metric:
    """Mean number of classes in a prediction set."""

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return (_sizes(prediction),)

    return _declared(
        "set_size",
        scorer=scorer,
        targeted=False,
        direction="lower",
        upper=None,
        unit="classes",
        summary="Mean number of classes in a prediction set: of two models that cover alike, the smaller sets say "
        "more.",
        formula="mean(|C|)",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("topk", Definition("topk", topk, "k", "topk@2"))
    registry.add("set_coverage", Definition("set_coverage", set_coverage, "", "set_coverage"))
    registry.add("set_size", Definition("set_size", set_size, "", "set_size"))
