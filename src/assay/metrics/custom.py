"""Metrics of your own, in a few lines: a function of rows, or a function of the confusion counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np

from assay.base.errors import MetricError
from assay.metrics.confusion import binary_cells
from assay.metrics.registry import METRICS, Definition
from assay.records.metric import Array, Direction, Family, Floats, Metric, Reads

Function = Callable[..., Any]


def metric(
    *,
    direction: Direction,
    reads: Reads = "number",
    lower: float | None = None,
    upper: float | None = None,
    unit: str = "1",
    citation: str = "",
) -> Callable[[Function], Function]:
    """Register the mean of a per-row score: a function (target, prediction) -> one number a row, on arrays.

    Its name names the metric, its docstring says what it is for.

    >>> @metric(direction="lower", reads="probability", lower=0.0, unit="EUR")
    ... def missed_cost(target, prediction):
    ...     "Cost of a missed positive row."
    ...     return 5.0 * target * (1 - prediction)
    >>> METRICS.get("missed_cost").build().unit
    'EUR'
    """
    _known("direction", direction, get_args(Direction))
    _known("reads", reads, get_args(Reads))

    def register(function: Function) -> Function:
        def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
            scores = _called(function, target, prediction)
            if scores.shape != (len(prediction),):
                raise MetricError(
                    f"the metric {name!r} returned the shape {scores.shape} for {np.shape(prediction)} rows",
                    rule="a metric returns one number a row",
                    fix="return an array as long as the prediction",
                )
            return (scores,)

        name = function.__name__
        built = Metric(
            name=name,
            parameters={},
            family=Family.MEAN,
            reads=reads,
            direction=direction,
            lower=lower,
            upper=upper,
            unit=unit,
            summary=_summary(function),
            formula=f"mean of {name}(target, prediction)",
            citation=citation,
            columns=(name,),
            scorer=scorer,
            value=lambda means: means[..., 0],
            undefined=f"{name} is NaN in some rows",
            label=name,
        )
        METRICS.add(name, Definition(name, lambda: built, "", name))
        return function

    return register


def count_metric(
    *, direction: Direction, lower: float | None = 0.0, upper: float | None = 1.0, unit: str = "1", citation: str = ""
) -> Callable[[Function], Function]:
    """Register a function (tn, fp, fn, tp) -> value of the confusion counts of the positive class; NaN where undefined.

    The counts come as arrays of equal shape: use operations of NumPy.
    """
    _known("direction", direction, get_args(Direction))

    def register(function: Function) -> Function:
        name = function.__name__

        def value(counts: Array) -> Floats:
            return _called(function, *binary_cells(np.asarray(counts, dtype=float)))

        def build(threshold: float | None = None, class_: str = "") -> Metric:
            return Metric(
                name=name,
                parameters={},
                family=Family.COUNTS,
                reads="label",
                direction=direction,
                lower=lower,
                upper=upper,
                unit=unit,
                summary=_summary(function),
                formula=f"{name}(TN, FP, FN, TP)",
                citation=citation,
                value=value,
                undefined=f"{name} is undefined for these counts",
                label=name,
            )

        METRICS.add(name, Definition(name, build, "threshold", name))
        return function

    return register


def _called(function: Function, *arguments: Array) -> Floats:
    """What a user's function returns, as numbers; its failure is the user's to mend."""
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            # Copies: other metrics read the same arrays, and a function may write into its own.
            return np.asarray(function(*(np.array(a) for a in arguments)), dtype=float)
    except Exception as error:
        raise MetricError(
            f"the metric {function.__name__!r} fails: {type(error).__name__}: {error}",
            rule="a metric returns numbers for every row",
            fix="try the function on a few rows",
        ) from error


def _known(option: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        rule = f"{option} is one of {', '.join(allowed)}"
        raise MetricError(f"{option} is {given!r}", rule=rule, fix=f"{option}={allowed[0]!r}")


def _summary(function: Function) -> str:
    return (function.__doc__ or function.__name__).strip().splitlines()[0]
