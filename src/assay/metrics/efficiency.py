"""Metrics of a measured column itself, such as latency or cost: no target is needed."""

from __future__ import annotations

from functools import partial
from typing import Literal

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Direction, Family, Floats, Metric


def _checked(direction: str) -> Direction:
    if direction not in ("higher", "lower"):
        raise MetricError(
            f"direction is {direction!r}", rule="direction is higher or lower", fix="mean(direction=higher)"
        )
    return "higher" if direction == "higher" else "lower"


def _itself(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    return (np.asarray(prediction, dtype=float),)


def mean(column: str = "", direction: Literal["higher", "lower"] = "lower") -> Metric:
    """Mean of a measured column."""
    return Metric(
        name="mean",
        parameters={},
        family=Family.MEAN,
        reads="number",
        direction=_checked(direction),
        lower=None,
        upper=None,
        unit="unit of the column",
        summary="Mean of a measured column, such as cost or latency.",
        formula="mean(x)",
        citation="Student (1908), Biometrika 6",
        columns=("mean",),
        scorer=_itself,
        targeted=False,
        value=lambda means: means[..., 0],
        label="mean",
    )


def quantile(q: float = 0.5, column: str = "", direction: Literal["higher", "lower"] = "lower") -> Metric:
    """A quantile of a measured column."""
    if not 0 < q < 1:
        raise MetricError(f"q is {q}", rule="q lies between 0 and 1", fix="quantile@0.95")
    return Metric(
        name="quantile",
        parameters={"q": q},
        family=Family.QUANTILE,
        reads="number",
        direction=_checked(direction),
        lower=None,
        upper=None,
        unit="unit of the column",
        summary="A quantile of a measured column, such as p95 latency.",
        formula="smallest x with F(x) >= q",
        citation="David & Nagaraja (2003), Order Statistics, 7.1; Woodruff (1952), JASA 47",
        targeted=False,
        label="quantile",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("mean", Definition("mean", mean, "", "mean(latency_ms)"))
    registry.add("quantile", Definition("quantile", quantile, "q", "quantile@0.95(latency_ms)"))
    for name, q in (("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)):
        registry.add(name, Definition(name, partial(quantile, q), "", f"{name}(latency_ms)"))
