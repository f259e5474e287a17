"""Forecasts: scaled and weighted errors, CRPS of quantiles and samples, prediction intervals.

A forecast by horizon is a slice by the column that holds the horizon.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.confusion import ratio
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

ESTIMATORS = ("plain", "fair")
_HYNDMAN = "Hyndman & Koehler (2006), Int. J. Forecasting 22(4)"
_GNEITING = "Gneiting & Raftery (2007), JASA 102"


def naive_scale(history: npt.ArrayLike, season: int = 1) -> float:
    """The in-sample error of the (seasonal) naive forecast, by which MASE scales the errors of a series.

    Args:
        history: The series before the forecasts, in order of time.
        season: Observations a season; 1 for the last value.

    Returns:
        mean(|y_t - y_(t - season)|).

    Raises:
        MetricError: a series that is no longer than a season, or holds a missing value.

    Source: Hyndman & Koehler (2006), Int. J. Forecasting 22(4).

    >>> naive_scale([1, 3, 2, 6])
    2.3333333333333335
    """
    y = np.asarray(history, dtype=float)
    if season < 1 or y.ndim != 1 or len(y) <= season or not np.isfinite(y).all():
        raise MetricError(
            f"a series of {y.size} values and a season of {season}",
            rule="the scale is a mean over values one season apart, none of them missing",
            fix="give a longer series, or a shorter season",
        )
    return float(np.abs(y[season:] - y[:-season]).mean())


def _declared(name: str, **more: Any) -> Metric:
    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.MEAN,
        "reads": "number",
        "direction": "lower",
        "lower": 0.0,
        "upper": None,
        "unit": "unit of the target",
        "columns": (name,),
        "value": lambda means: means[..., 0],
        "label": name,
    }
    return Metric(name=name, **{**declared, **more})


def wape() -> Metric:
    """Sum of absolute errors over the sum of absolute targets."""

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        y = np.asarray(target, dtype=float)
        return np.abs(np.asarray(prediction, dtype=float) - y), np.abs(y)

    return _declared(
        "wape",
        family=Family.SUMS,
        corpus=True,
        columns=("absolute_error", "absolute_target"),
        scorer=scorer,
        value=lambda means: ratio(means[..., 0], means[..., 1]),
        unit="1",
        summary="Absolute errors as a share of the absolute targets, both summed over all rows.",
        formula="sum(|f - y|) / sum(|y|)",
        citation="Kolassa & Schuetz (2007), Foresight 6",
        undefined="every target is 0",
    )


def mase(scale: str = "scale", column: str = "") -> Metric:
    """Mean absolute scaled error."""

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        by = prediction[:, 1]
        if (by < 0).any():
            raise MetricError(
                f"mase: the scale is {float(by[by < 0][0]):g} in a row",
                rule="a scale is a mean of absolute errors, 0 or more",
                fix=f"correct the column {scale!r}",
            )
        error = np.abs(prediction[:, 0] - np.asarray(target, dtype=float))
        return (np.where(by > 0, error / np.where(by > 0, by, 1), np.nan),)

    return _declared(
        "mase",
        parameters={"scale": scale},
        inputs=(column, scale),
        common=(scale,),
        scorer=scorer,
        unit="1",
        summary="Mean absolute error, each row scaled by the column `scale`: the in-sample error of the (seasonal) "
        "naive "
        "forecast of its series (`assay.metrics.naive_scale`). Below 1 is better than that forecast was in the sample.",
        formula="mean(|f - y| / q), q = mean over the history of |y_t - y_(t - m)|",
        citation=_HYNDMAN,
        undefined="the scale is 0 in some rows: the history of a series is constant",
    )


def _levels(said: str) -> Floats:
    try:
        levels = np.array([float(v) for v in said.split("|")])
    except ValueError:
        levels = np.empty(0)
    if not levels.size or not ((levels > 0) & (levels < 1)).all() or (np.diff(levels) <= 0).any():
        raise MetricError(f"levels is {said!r}", rule="levels rise between 0 and 1", fix="crps(levels=0.1|0.5|0.9)")
    return levels


def quantile_rows(levels: Floats, target: Array, prediction: Array) -> Floats:
    """Twice the mean pinball loss of quantiles [n, k] at levels [k]."""
    if prediction.shape[1] != len(levels):
        raise MetricError(
            f"crps: {prediction.shape[1]} quantiles a row and {len(levels)} levels",
            rule="each quantile has its level",
            fix="levels=0.1|0.5|0.9 with one for each quantile",
        )
    error = np.asarray(target, dtype=float)[:, None] - prediction
    return np.asarray(2 * np.maximum(levels * error, (levels - 1) * error).mean(axis=1))


def sample_rows(fair: bool, target: Array, prediction: Array) -> Floats:
    """CRPS of samples [n, m]: mean distance from the target less half the mean distance of two samples."""
    m = prediction.shape[1]
    if fair and m < 2:
        raise MetricError(
            "crps(estimator=fair) of one sample a row", rule="the fair estimator takes two samples or more", fix="crps"
        )
    # Sorted, the distances of all pairs are a weighted sum.
    weights = 2 * np.arange(1, m + 1) - m - 1
    apart = np.sort(prediction, axis=1) @ weights
    pairs = m * (m - 1) if fair else m * m
    return np.asarray(np.abs(prediction - np.asarray(target, dtype=float)[:, None]).mean(axis=1) - apart / pairs)


def crps(levels: str = "", columns: str = "", estimator: str = "plain") -> Metric:
    """Continuous ranked probability score."""
    known = _levels(levels) if levels else None
    inputs = tuple(c.strip() for c in columns.split("|")) if columns else ()
    if estimator not in ESTIMATORS or (known is not None and estimator != "plain"):
        raise MetricError(
            f"estimator is {estimator!r}" + (" beside levels" if levels else ""),
            rule="samples have a plain or a fair estimator, quantiles none",
            fix="crps(estimator=fair), or crps(levels=0.1|0.5|0.9)",
        )
    if not all(inputs) or len(inputs) == 1:
        raise MetricError(
            f"columns is {columns!r}", rule="columns are two or more, with | between", fix="columns=q10|q50|q90"
        )
    if known is not None and inputs and len(inputs) != len(known):
        raise MetricError(
            f"{len(inputs)} columns and {len(known)} levels", rule="each column has its level", fix="as many of both"
        )

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        if known is not None:
            return (quantile_rows(known, target, prediction),)
        return (sample_rows(estimator == "fair", target, prediction),)

    return _declared(
        "crps",
        reads="number" if inputs else "vector",
        inputs=inputs,
        scorer=scorer,
        lower=0.0 if estimator == "plain" else None,
        summary="Continuous ranked probability score of samples, or with `levels=` of quantile forecasts, in a "
        "vector or in "
        "`columns=`. `estimator=plain` is the score of the samples as they are; `fair` that of the distribution they "
        "come from, and the one to take where models give different numbers of samples.",
        formula="samples: mean|x_i - y| - sum_ij |x_i - x_j| / (2 m^2), fair: / (2 m (m - 1)); quantiles: 2 mean "
        "over levels "
        "of max(t (y - q_t), (t - 1)(y - q_t))",
        citation=f"{_GNEITING}; Ferro (2014), Q. J. R. Meteorol. Soc. 140 (fair); Laio & Tamea (2007), HESS 11 "
        f"(quantiles)",
    )


def _interval(name: str, ends: tuple[str, str], rows: Any, **more: Any) -> Metric:
    """A metric of the two ends of an interval: two columns, or a vector of two numbers."""
    lower, upper = ends
    if bool(lower) != bool(upper) or (lower and lower == upper):
        raise MetricError(
            f"{name} is given lower={lower or '…'} and upper={upper or '…'}",
            rule="an interval has a column for each end, or one column of vectors [lower, upper]",
            fix=f"{name}(lower=low, upper=high)",
        )

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        if prediction.shape[1] != 2:
            raise MetricError(
                f"{name}: vectors of {prediction.shape[1]} values",
                rule="an interval is [lower, upper]",
                fix="name the column of intervals",
            )
        low, high = prediction.T
        if (low > high).any():
            at = int(np.flatnonzero(low > high)[0])
            raise MetricError(
                f"{name}: an interval from {low[at]:g} to {high[at]:g}",
                rule="the lower end is not above the upper one",
                fix="correct the predictions, or exchange the columns",
            )
        return (rows(np.asarray(target, dtype=float), low, high),)

    inputs = (lower, upper) if lower else ()
    return _declared(
        name, reads="number" if lower else "vector", inputs=inputs, scorer=scorer, citation=_GNEITING, **more
    )


def interval_coverage(lower: str = "", upper: str = "") -> Metric:
    """Share of targets inside their interval."""
    return _interval(
        "interval_coverage",
        (lower, upper),
        lambda y, low, high: ((low <= y) & (y <= high)).astype(float),
        direction="higher",
        upper=1.0,
        unit="1",
        shares=True,
        summary="Share of the targets inside their prediction interval, ends included: to be at least the "
        "interval's level. "
        "More is not better by itself; `interval_score` pays for width.",
        formula="mean([l <= y <= u])",
    )


def interval_width(lower: str = "", upper: str = "") -> Metric:
    """Mean width of a prediction interval."""
    return _interval(
        "interval_width",
        (lower, upper),
        lambda y, low, high: high - low,
        targeted=False,
        summary="Mean width of the prediction intervals.",
        formula="mean(u - l)",
    )


def interval_score(level: float = 0.9, lower: str = "", upper: str = "") -> Metric:
    """Winkler's interval score."""
    if not 0 < level < 1:
        raise MetricError(
            f"level is {level}", rule="the level of an interval lies between 0 and 1", fix="interval_score@0.9"
        )
    price = 2 / (1 - level)
    return _interval(
        "interval_score",
        (lower, upper),
        lambda y, low, high: high - low + price * (np.maximum(low - y, 0) + np.maximum(y - high, 0)),
        parameters={"level": level},
        summary="Interval score (Winkler): the width of the interval, plus 2 / (1 - level) times how far the "
        "target lies "
        "outside. The level is the one that the intervals were made for.",
        formula="mean(u - l + 2/a max(l - y, 0) + 2/a max(y - u, 0)), a = 1 - level",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("wape", Definition("wape", wape, "", "wape"))
    registry.add("mase", Definition("mase", mase, "", "mase(scale=scale)"))
    registry.add("crps", Definition("crps", crps, "", "crps(levels=0.25|0.5|0.75)"))
    registry.add(
        "interval_coverage",
        Definition("interval_coverage", interval_coverage, "", "interval_coverage(lower=low, upper=high)"),
    )
    registry.add(
        "interval_width", Definition("interval_width", interval_width, "", "interval_width(lower=low, upper=high)")
    )
    registry.add(
        "interval_score",
        Definition("interval_score", interval_score, "level", "interval_score@0.9(lower=low, upper=high)"),
    )
