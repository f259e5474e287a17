"""Variances of AUCs before there are data: binormal ROC curves, one and two on the same rows."""

from __future__ import annotations

import math

from assay.base.errors import PlanError
from assay.stats.power import Noise
from assay.stats.special import ndtr, ndtri


def binormal_sd(auc: float, positives: float, *, apart: bool = False) -> float:
    """Standard deviation of an AUC per row, for scores that are normal with one variance in both classes.

    Args:
        auc: The AUC expected.
        positives: Share of positives.
        apart: Take intercept and slope of the ROC curve for independent, as Obuchowski (1994) does, with the constant
            that is printed there: up to 30 % too much.

    Source: Obuchowski & McClish (1997), Statistics in Medicine 16:1529-1542; `apart`: Obuchowski (1994), Acad. Radiol.
    1:83-93.
    """
    _check(positives, auc)
    a, ratio = math.sqrt(2) * float(ndtri(auc)), (1 - positives) / positives
    if apart:
        own = 0.0099 * math.exp(-a * a / 2) * (5 * a * a + 8 + (a * a + 8) / ratio)
        return math.sqrt(own / positives)
    return math.sqrt(_variance(a, 1.0, ratio) / positives)


def auc_of(a: float, b: float) -> float:
    """The area under a binormal ROC curve with intercept a and slope b."""
    return float(ndtr(a / math.sqrt(1 + b * b)))


def binormal_difference(
    baseline: tuple[float, float],
    candidate: tuple[float, float],
    positives: float,
    correlations: tuple[float, float],
) -> Noise:
    """Noise of a paired difference of AUCs under two binormal curves.

    Args:
        baseline: Intercept and slope (a, b) of the baseline's curve.
        candidate: Those of the candidate's.
        positives: Share of positives.
        correlations: Of the two models' scores among negatives, and among positives.

    Source: Obuchowski & McClish (1997), Statistics in Medicine 16:1529-1542.
    """
    _check(positives, auc_of(*baseline), auc_of(*candidate))
    if not all(-1 <= r < 1 for r in correlations):
        raise PlanError(f"correlations are {correlations}", rule="scores of two models correlate by less than 1")
    ratio = (1 - positives) / positives
    total = sum(_variance(*curve, ratio) for curve in (baseline, candidate))
    shared = _covariance(baseline, candidate, ratio, correlations)
    own = 2 * (_variance(*baseline, ratio) - _covariance(baseline, baseline, ratio, correlations))
    return Noise(math.sqrt((total - 2 * shared) / positives), null_sd=math.sqrt(own / positives))


def _slopes(a: float, b: float) -> tuple[float, float]:
    """Derivatives of the area by intercept and slope."""
    bell = math.exp(-a * a / (2 * (1 + b * b)))
    return bell / math.sqrt(2 * math.pi * (1 + b * b)), -a * b * bell / math.sqrt(2 * math.pi * (1 + b * b) ** 3)


def _variance(a: float, b: float, ratio: float) -> float:
    """Variance of an area times the number of positives; `ratio` is negatives over positives."""
    f, g = _slopes(a, b)
    own = f * f * (1 + b * b / ratio + a * a / 2) + g * g * b * b * (1 + ratio) / (2 * ratio)
    return own + f * g * a * b


def _covariance(
    one: tuple[float, float], two: tuple[float, float], ratio: float, correlations: tuple[float, float]
) -> float:
    (a1, b1), (a2, b2), (rn, ra) = one, two, correlations
    (f1, g1), (f2, g2) = _slopes(a1, b1), _slopes(a2, b2)
    both = f1 * f2 * (ra + rn * b1 * b2 / ratio + ra * ra * a1 * a2 / 2)
    both += g1 * g2 * b1 * b2 * (rn * rn + ratio * ra * ra) / (2 * ratio)
    return both + (f1 * g2 * ra * ra * a1 * b2 + f2 * g1 * ra * ra * a2 * b1) / 2


def _check(positives: float, *areas: float) -> None:
    if not 0 < positives < 1:
        raise PlanError(
            f"the share of positives is {positives:g}", rule="an AUC needs both classes: between 0 and 1", fix="0.5"
        )
    for auc in areas:
        if not 0 < auc < 1:
            raise PlanError(f"the AUC is {auc:g}", rule="between 0 and 1: a perfect ranking has no variance", fix="0.8")
