"""Calibration: do probabilities mean what they say? Logistic recalibration, and the Brier score in its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.curves import classes, undefined
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Influence, Metric

STEPS = 60
_CLOSE = 1e-12
_ENDS = "a probability of exactly 0 or 1 has no finite logit: rows of them"
_APART = "every positive row has a higher probability than every negative one (or a lower): no finite slope fits"
_FLAT = "all probabilities are equal, so no slope can be told"
_ONE_CLASS = "the target has one class only"
_UNDEFINED = "one class, a probability of exactly 0 or 1, equal probabilities, or classes that a cut separates"
_COX = "Cox (1958), Biometrika 45:562-565; Steyerberg (2019), Clinical Prediction Models, 2nd ed., section 15.3"


def _trouble(positive: Array, p: Floats, slope: bool) -> str:
    held = classes(positive)
    if min(held.values()) == 0:
        return _ONE_CLASS
    ends = int(np.count_nonzero((p <= 0) | (p >= 1)))
    if ends:
        return f"{_ENDS}: {ends}"
    if not slope:
        return ""
    if p.min() == p.max():
        return _FLAT
    high, low = p[positive], p[~positive]
    return _APART if low.max() <= high.min() or high.max() <= low.min() else ""


def slope_influence(target: Array, p: Floats) -> Influence:
    """Slope of the logistic regression of the outcome on the logit of the probability; one step without each row.

    Source of the step without a row: Pregibon (1981), Annals of Statistics 9:705-724.
    """
    positive = np.asarray(target) > 0
    why = _trouble(positive, p, slope=True)
    if why:
        return undefined(len(p), why)
    x = logits(p)
    centre = float(x.mean())
    fitted = _fit(positive.astype(float), np.stack([np.ones(len(x)), x - centre]), np.zeros(len(x)))
    if fitted is None:
        return undefined(len(p), "no finite slope was found")
    return Influence(float(fitted[0][1]), fitted[1][1], facts=classes(positive))


def intercept_influence(target: Array, p: Floats) -> Influence:
    """The shift on the logit scale that makes mean probability and frequency meet; one step without each row."""
    positive = np.asarray(target) > 0
    why = _trouble(positive, p, slope=False)
    if why:
        return undefined(len(p), why)
    fitted = _fit(positive.astype(float), np.ones((1, len(p))), logits(p))
    if fitted is None:
        return undefined(len(p), "no finite intercept was found")
    return Influence(float(fitted[0][0]), fitted[1][0], facts=classes(positive))


def logits(p: Floats) -> Floats:
    """log(p / (1 - p))."""
    return np.asarray(np.log(p) - np.log1p(-p))


def _expit(x: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


def _fit(y: Floats, x: Floats, offset: Floats) -> tuple[Floats, Floats] | None:
    """Maximum likelihood of a logistic regression by Newton's steps, halved where they go down.

    Args:
        y: [n], 0 and 1.
        x: [k, n].
        offset: [n].

    Returns:
        [k] coefficients and [k, n] how each row moves them; None where no finite maximum is reached.
    """
    beta = np.zeros(len(x))
    best = _likelihood(y, offset)
    for _ in range(STEPS):
        mean = _expit(_linear(beta, x, offset))
        score, information = (x * (y - mean)).sum(axis=1), _information(x, mean)
        if not np.linalg.cond(information) < 1e14:
            return None
        step = np.linalg.solve(information, score)
        scale, reached = 1.0, _likelihood(y, _linear(beta + step, x, offset))
        while not reached >= best - _CLOSE * abs(best) and scale > 1e-6:
            scale /= 2
            reached = _likelihood(y, _linear(beta + scale * step, x, offset))
        beta, best = beta + scale * step, reached
        if np.abs(step).max() <= _CLOSE * (1 + np.abs(beta).max()):
            return beta, _moved(y, x, offset, beta)
    return None


def _linear(beta: Floats, x: Floats, offset: Floats) -> Floats:
    return np.asarray((beta[:, None] * x).sum(axis=0) + offset)


def _information(x: Floats, mean: Floats) -> Floats:
    """[k, k]; plain sums, as those of a linear algebra library depend on its threads."""
    weighted = x * (mean * (1 - mean))
    return np.array([[float((row * other).sum()) for other in x] for row in weighted])


def _likelihood(y: Floats, linear: Floats) -> float:
    return float((y * linear - np.logaddexp(0, linear)).sum())


def _moved(y: Floats, x: Floats, offset: Floats, beta: Floats) -> Floats:
    mean = _expit(_linear(beta, x, offset))
    direction = np.einsum("kj,jn->kn", np.linalg.inv(_information(x, mean)), x)
    leverage = mean * (1 - mean) * (x * direction).sum(axis=0)
    return np.asarray(direction * ((y - mean) / np.maximum(1 - leverage, 1e-3)))


@dataclass(frozen=True, slots=True)
class BrierParts:
    """The Brier score as reliability - resolution + uncertainty + within.

    Attributes:
        reliability: Mean squared distance of frequency and mean probability over bins; 0 is calibrated.
        resolution: Mean squared distance of the bins' frequencies from the overall one.
        uncertainty: Variance of the outcome.
        within: What the spread of probabilities inside bins adds; 0 where all rows of a bin say the same.
        bins: Bins with rows.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within: float
    bins: int

    @property
    def brier(self) -> float:
        """The Brier score."""
        return self.reliability - self.resolution + self.uncertainty + self.within


def brier_parts(bins: int, target: Array, p: Floats, corrected: bool = True) -> BrierParts:
    """Parts of the Brier score over bins of equal width; they add up exactly, bias-corrected or not.

    Args:
        bins: Bins of equal width over [0, 1].
        target: [n], 0 and 1.
        p: [n], in [0, 1].
        corrected: Take off what reliability and resolution gain by chance. Bins of one row cannot tell and are left
            as they are.

    Source: Murphy (1973), J. Appl. Meteorol. 12:595-600; the terms within bins: Stephenson, Coelho & Jolliffe (2008),
    Weather and Forecasting 23:752-757; the correction: Ferro & Fricker (2012), Q. J. R. Meteorol. Soc. 138:1954-1960.
    """
    y, p = np.asarray(target, dtype=float), np.asarray(p, dtype=float)
    total = len(y)
    if total == 0:
        nan = float("nan")
        return BrierParts(nan, nan, nan, nan, 0)
    code = np.minimum((p * bins).astype(np.int64), bins - 1)
    n = np.bincount(code, minlength=bins)
    kept = n > 0
    n = n[kept]
    hit, said = (np.bincount(code, v, minlength=bins)[kept] / n for v in (y, p))
    overall = float(y.mean())
    reliability = float(n @ (hit - said) ** 2 / total)
    resolution = float(n @ (hit - overall) ** 2 / total)
    uncertainty = overall * (1 - overall)
    within = float(((p - y) ** 2).mean()) - (reliability - resolution + uncertainty)
    if corrected and total > 1:
        several = n > 1
        chance = float((n * hit * (1 - hit) / np.where(several, n - 1, 1))[several].sum() / total)
        spread = uncertainty / (total - 1)
        reliability, resolution, uncertainty = reliability - chance, resolution - chance + spread, uncertainty + spread
    return BrierParts(reliability, resolution, uncertainty, within, len(n))


def _logit_metric(name: str, **more: object) -> Metric:
    declared: dict[str, object] = {
        "parameters": {},
        "family": Family.FUNCTIONAL,
        "reads": "probability",
        "direction": "none",
        "lower": None,
        "upper": None,
        "unit": "1",
        "citation": _COX,
        "undefined": _UNDEFINED,
        "label": name,
    }
    return Metric(name=name, **{**declared, **more})  # type: ignore[arg-type]


def calibration_slope() -> Metric:
    """Slope of the outcome on the logit of the probability."""
    return _logit_metric(
        "calibration_slope",
        summary="Slope of a logistic regression of the outcome on the logit of the probability: 1 is calibrated, below "
        "1 probabilities are too extreme, above 1 too timid.",
        formula="b in logit P(y = 1) = a + b logit(p), by maximum likelihood",
        influence=slope_influence,
    )


def calibration_intercept() -> Metric:
    """Calibration in the large, on the logit scale."""
    return _logit_metric(
        "calibration_intercept",
        unit="logits",
        summary="Shift on the logit scale that makes the mean probability meet the frequency (calibration in the "
        "large): 0 is calibrated, below 0 probabilities are too high, above 0 too low.",
        formula="a in logit P(y = 1) = a + logit(p), by maximum likelihood",
        influence=intercept_influence,
    )


def _part(name: str, summary: str, formula: str, bins: int, bias: str, **more: object) -> Metric:
    if not 2 <= bins <= 1000:
        raise MetricError(f"bins is {bins}", rule="bins lies between 2 and 1000", fix=f"{name}@10")
    if bias not in ("corrected", "plain"):
        raise MetricError(f"bias is {bias!r}", rule="bias is corrected or plain", fix=f"{name}(bins=10, bias=plain)")
    part = name.removeprefix("brier_")
    declared: dict[str, object] = {"direction": "lower", "lower": None, "upper": 1.0, **more}
    return Metric(
        name=name,
        parameters={"bins": bins, "bias": bias},
        family=Family.DESCRIPTIVE,
        reads="probability",
        unit="1",
        summary=f"{summary} Descriptive: a claim about calibration uses Brier or log loss.",
        formula=formula,
        citation="Murphy (1973), J. Appl. Meteorol. 12; Stephenson et al. (2008), Weather and Forecasting 23; Ferro & "
        "Fricker (2012), Q. J. R. Meteorol. Soc. 138",
        value=lambda target, p: getattr(brier_parts(bins, target, p, bias == "corrected"), part),
        label=name,
        **declared,  # type: ignore[arg-type]
    )


def brier_reliability(bins: int = 10, bias: str = "corrected") -> Metric:
    """The part of the Brier score that recalibration would take off."""
    summary = "The part of the Brier score that recalibration would take off; less chance, it can fall below 0."
    return _part("brier_reliability", summary, "sum_k n_k/n (pbar_k - ybar_k)^2 - bias", bins, bias)


def brier_resolution(bins: int = 10, bias: str = "corrected") -> Metric:
    """The part of the Brier score won by telling rows apart."""
    summary = "The part of the Brier score won by telling rows apart."
    formula = "sum_k n_k/n (ybar_k - ybar)^2 - bias"
    return _part("brier_resolution", summary, formula, bins, bias, direction="higher")


def brier_uncertainty(bins: int = 10, bias: str = "corrected") -> Metric:
    """The Brier score of saying the frequency for every row."""
    summary = "The Brier score of saying the frequency for every row: it belongs to the data, not to the model."
    return _part("brier_uncertainty", summary, "ybar (1 - ybar) + bias", bins, bias, direction="none")


def brier_within(bins: int = 10, bias: str = "corrected") -> Metric:
    """What is left of the Brier score inside bins."""
    summary = "What the spread of probabilities inside bins adds to the Brier score, so that the parts add up exactly."
    return _part("brier_within", summary, "brier - (reliability - resolution + uncertainty)", bins, bias)


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    for name, build in (("calibration_slope", calibration_slope), ("calibration_intercept", calibration_intercept)):
        registry.add(name, Definition(name, build, "", name))
    for part in (brier_reliability, brier_resolution, brier_uncertainty, brier_within):
        registry.add(part.__name__, Definition(part.__name__, part, "bins", f"{part.__name__}@10"))
