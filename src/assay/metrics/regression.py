"""Metrics of numbers against a numeric target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

Rows = Callable[[Array, Array, float], tuple[Floats, ...]]


def _errors(target: Array, prediction: Array) -> Floats:
    return np.asarray(np.asarray(prediction, dtype=float) - np.asarray(target, dtype=float))


def _mean_of(name: str, rows: Callable[[Floats, Array], Floats], **more: Any) -> Metric:
    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return (rows(_errors(target, prediction), np.asarray(target, dtype=float)),)

    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.MEAN,
        "reads": "number",
        "direction": "lower",
        "lower": 0.0,
        "upper": None,
        "unit": "unit of the target",
        "columns": (name,),
        "scorer": scorer,
        "value": lambda means: means[..., 0],
        "label": name,
        "citation": "Hyndman & Koehler (2006), Int. J. Forecasting 22(4)",
    }
    return Metric(name=name, **{**declared, **more})


def mae() -> Metric:
    """Mean absolute error."""
    return _mean_of("mae", lambda e, y: np.abs(e), summary="Mean absolute error.", formula="mean(|f - y|)")


def mse() -> Metric:
    """Mean squared error."""
    return _mean_of(
        "mse",
        lambda e, y: e * e,
        summary="Mean squared error.",
        formula="mean((f - y)^2)",
        unit="square of the target's unit",
    )


def rmse() -> Metric:
    """Root of the mean squared error."""
    return _mean_of(
        "rmse",
        lambda e, y: e * e,
        family=Family.SUMS,
        summary="Root of the mean squared error.",
        formula="sqrt(mean((f - y)^2))",
        value=lambda means: np.sqrt(means[..., 0]),
    )


def mape() -> Metric:
    """Mean absolute error as a share of the target."""

    def rows(e: Floats, y: Array) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(y == 0, np.nan, np.abs(e / np.where(y == 0, 1, y)))

    return _mean_of(
        "mape",
        rows,
        unit="1",
        summary="Mean absolute error as a share of the target.",
        formula="mean(|f - y| / |y|)",
        undefined="the target is 0 in some rows",
    )


def pinball(tau: float = 0.5, column: str = "") -> Metric:
    """Quantile loss."""
    if not 0 < tau < 1:
        raise MetricError(f"tau is {tau}", rule="tau lies between 0 and 1", fix="pinball@0.9")
    return _mean_of(
        "pinball",
        lambda e, y: np.maximum(-tau * e, (1 - tau) * e),
        parameters={"tau": tau},
        summary="Loss of a quantile forecast.",
        formula="mean(max(tau (y - f), (tau - 1)(y - f)))",
        citation="Koenker & Bassett (1978), Econometrica 46",
    )


def r2_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """Squared error, and the target about its centre and squared: the centre keeps the variance from cancelling."""
    y = np.asarray(target, dtype=float) - centre
    return _errors(target, prediction) ** 2, y, y * y


def r2_value(means: Floats) -> Floats:
    """1 - MSE / variance of the target."""
    variance = means[..., 2] - means[..., 1] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(variance > 0, 1 - means[..., 0] / np.where(variance > 0, variance, 1), np.nan))


def r2() -> Metric:
    """Coefficient of determination."""
    return Metric(
        name="r2",
        parameters={},
        family=Family.SUMS,
        reads="number",
        direction="higher",
        lower=None,
        upper=1.0,
        unit="1",
        summary="Share of the target's variance that is explained.",
        formula="1 - sum((f - y)^2) / sum((y - ybar)^2)",
        citation="Kvalseth (1985), The American Statistician 39(4), R2_1",
        undefined="the target is constant",
        columns=("squared_error", "target", "target_squared"),
        scorer=r2_rows,
        value=r2_value,
        label="r2",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    for name, build, at, example in (
        ("mae", mae, "", "mae"),
        ("mse", mse, "", "mse"),
        ("rmse", rmse, "", "rmse"),
        ("r2", r2, "", "r2"),
        ("mape", mape, "", "mape"),
        ("pinball", pinball, "tau", "pinball@0.9"),
    ):
        registry.add(name, Definition(name, build, at, example))
