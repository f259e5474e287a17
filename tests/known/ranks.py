"""Areas under the ROC curve, one model and two on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assay.stats.auc import DeLong, auc_difference, delong, single_auc
from assay.stats.procedures import Result, StudentT, two_sided_p, z_quantile
from tests.known.answer import Known
from tests.known.patients import OVARIAN
from tests.stats.asah import NDKA, POOR, S100B, WFNS

Numbers = Sequence[float]
SAS = "SAS/STAT User's Guide, PROC LOGISTIC, Comparing Receiver Operating Characteristic Curves"
PROC = "R pROC, aSAH data:"
HANLEY = "Hanley & McNeil (1982), Radiology 143:29-36, table II"


def area(target: Numbers, scores: Numbers) -> float:
    """The AUC of one model."""
    return float(delong(np.array(target), np.array([scores])).values[0])


def rated(normal: tuple[int, ...], abnormal: tuple[int, ...]) -> float:
    """The AUC of ratings, from how often each was given to normals and to abnormals."""
    counts = np.array([normal, abnormal])
    target, rating = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    return float(delong(target, rating[None].astype(float)).values[0])


def ovarian() -> DeLong:
    """Albumin, total protein, K-G score."""
    return delong(OVARIAN[3], OVARIAN[:3])


def asah() -> DeLong:
    """S100B, WFNS, NDKA."""
    return delong(POOR, np.stack([S100B, WFNS, NDKA]))


def error(fit: DeLong, place: int) -> float:
    """Standard error of one AUC."""
    return float(np.sqrt(fit.covariance[place, place]))


def plain(fit: DeLong, place: int) -> tuple[float, float]:
    """The normal 95 % interval on the AUC's own scale."""
    half = z_quantile(0.95) * error(fit, place)
    return float(fit.values[place] - half), float(fit.values[place] + half)


def apart(fit: DeLong, first: int, second: int) -> tuple[float, float]:
    """Second - first with its standard error, as Assay gives them."""
    result = auc_difference(fit, (first,), (second,))
    if not isinstance(result, StudentT):
        raise TypeError(f"{result.method} has no standard error")
    return result.value, result.se


def z_and_p(fit: DeLong, first: int, second: int) -> tuple[float, float]:
    """First - second over its standard error, and its two-sided normal p."""
    value, se = apart(fit, first, second)
    return -value / se, two_sided_p(value / se)


def interval(result: Result) -> tuple[float, float]:
    """The 95 % interval of a procedure that has one."""
    return result.interval(0.95)  # type: ignore[union-attr]


def _one(place: int, name: str, value: str, se: str, bounds: str) -> tuple[Known, ...]:
    words = f"ovarian cancer, 43 patients: {name}"
    return (
        Known("delong", f"{words}, area", lambda: ovarian().values[place], value, SAS),
        Known("delong", f"{words}, standard error", lambda: error(ovarian(), place), se, SAS),
        Known("delong", f"{words}, 95 %, plain", lambda: plain(ovarian(), place), bounds, SAS),
    )


def _difference(place: int, name: str, value: str, se: str, chi: str) -> tuple[Known, ...]:
    words = f"ovarian cancer: {name} less K-G score"
    return (
        Known(
            "delong-paired",
            f"{words}, and its standard error",
            lambda: apart(ovarian(), 2, place),
            f"{value} {se}",
            SAS,
        ),
        Known("delong-paired", f"{words}, χ²", lambda: z_and_p(ovarian(), 2, place)[0] ** 2, chi, SAS),
    )


def _asah(place: int, name: str, printed: str) -> Known:
    return Known("delong", f"113 patients: {name}", lambda: asah().values[place], printed, f"{PROC} roc")


def _ct(what: str, found: Callable[[], float], printed: str) -> Known:
    return Known("delong", f"CT images rated 1 to 5, 58 normal, 51 abnormal: {what}", found, printed, HANLEY)


ANSWERS: tuple[Known, ...] = (
    _ct("area", lambda: rated((33, 6, 6, 11, 2), (3, 2, 2, 11, 33)), "0.893"),
    Known(
        "delong",
        "targets 0, 0, 1, 1, scores 0.1, 0.4, 0.35, 0.8",
        lambda: area([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]),
        "0.75",
        "scikit-learn documentation, roc_auc_score",
    ),
    *_one(0, "albumin", "0.7366", "0.0927", "0.5549 0.9182"),
    *_one(1, "total protein", "0.6478", "0.1000", "0.4518 0.8439"),
    *_one(2, "K-G score", "0.7258", "0.1028", "0.5243 0.9273"),
    *_difference(0, "albumin", "0.0108", "0.0953", "0.0127"),
    *_difference(1, "total protein", "-0.0780", "0.1046", "0.5554"),
    _asah(0, "S100B", "0.7314"),
    _asah(1, "WFNS grade", "0.8237"),
    _asah(2, "NDKA", "0.6120"),
    Known(
        "delong",
        "113 patients: S100B, 95 %",
        lambda: interval(single_auc(asah(), (0,))),
        "0.6301 0.8326",
        f"{PROC} ci.auc",
    ),
    Known(
        "delong-paired",
        "113 patients: S100B less WFNS grade, Z and p",
        lambda: z_and_p(asah(), 0, 1),
        "-2.209 0.02718",
        f"{PROC} roc.test",
    ),
)
