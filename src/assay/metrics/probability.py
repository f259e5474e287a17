"""Metrics of probabilities and scores against a 0/1 target: log loss, Brier, AUC, expected calibration error."""

from __future__ import annotations

import math

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

CLIP = 1e-15


def _first(means: Floats) -> Floats:
    return means[..., 0]


def log_loss_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """-log of the probability given to what happened, clipped at 1e-15."""
    p = np.clip(np.asarray(prediction, dtype=float), CLIP, 1 - CLIP)
    return (-np.log(np.where(np.asarray(target) > 0, p, 1 - p)),)


def brier_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """Squared distance of probability and outcome."""
    return ((np.asarray(prediction, dtype=float) - np.asarray(target, dtype=float)) ** 2,)


def log_loss() -> Metric:
    """Mean negative log likelihood of a 0/1 target."""
    return Metric(
        name="log_loss",
        parameters={},
        family=Family.MEAN,
        reads="probability",
        direction="lower",
        lower=0.0,
        upper=None,
        unit="nats",
        summary="Mean negative log likelihood of the outcomes; probabilities are clipped at 1e-15.",
        formula="-mean(y log p + (1 - y) log(1 - p))",
        citation="Good (1952), J. R. Stat. Soc. B 14",
        columns=("log_loss",),
        scorer=log_loss_rows,
        value=_first,
        label="log_loss",
    )


def brier() -> Metric:
    """Mean squared distance of probability and outcome."""
    return Metric(
        name="brier",
        parameters={},
        family=Family.MEAN,
        reads="probability",
        direction="lower",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary="Mean squared distance between probability and outcome.",
        formula="mean((p - y)^2)",
        citation="Brier (1950), Monthly Weather Review 78",
        columns=("brier",),
        scorer=brier_rows,
        value=_first,
        label="brier",
    )


def auc() -> Metric:
    """Area under the ROC curve."""
    return Metric(
        name="auc",
        parameters={},
        family=Family.RANK,
        reads="score",
        direction="higher",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary="Probability that a positive row scores above a negative one; ties count one half.",
        formula="P(s+ > s-) + P(s+ = s-) / 2",
        citation="Hanley & McNeil (1982), Radiology 143; DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44",
        undefined="the target has one class only",
        label="auc",
    )


def debiased_ece(bins: int, target: Array, prediction: Array) -> float:
    """Expected calibration error over bins of equal mass, less its bias under binomial noise.

    In each bin |mean(y) - mean(p)| is corrected by the bias of a folded normal with variance y(1 - y)/n.
    """
    order = np.argsort(prediction, kind="stable")
    y, p = np.asarray(target, dtype=float)[order], np.asarray(prediction, dtype=float)[order]
    edges = np.unique(np.linspace(0, len(p), min(bins, len(p)) + 1).astype(int))
    n = np.diff(edges)
    hit, said = np.add.reduceat(y, edges[:-1]) / n, np.add.reduceat(p, edges[:-1]) / n
    gap = np.abs(hit - said)
    sd = np.sqrt(np.maximum(hit * (1 - hit), 1e-300) / n)
    # The normal distribution between -z and z.
    between = np.array([math.erf(z) for z in gap / sd / math.sqrt(2)])
    folded = sd * np.sqrt(2 / np.pi) * np.exp(-((gap / sd) ** 2) / 2) + gap * between
    return float(max(0.0, np.sum(n * (2 * gap - folded)) / n.sum()))


def ece(bins: int = 15) -> Metric:
    """Expected calibration error, debiased; descriptive."""
    if not 2 <= bins <= 1000:
        raise MetricError(f"bins is {bins}", rule="bins lies between 2 and 1000", fix="ece@15")
    return Metric(
        name="ece",
        parameters={"bins": bins},
        family=Family.DESCRIPTIVE,
        reads="probability",
        direction="lower",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary="Mean distance between probability and frequency over bins of equal mass, debiased. Descriptive: "
        "a claim about calibration uses Brier or log loss.",
        formula="sum_b n_b/n (2 |ybar_b - pbar_b| - E|N(ybar_b - pbar_b, ybar_b(1 - ybar_b)/n_b)|)",
        citation="Kumar, Liang & Ma (2019), NeurIPS 32, section 5",
        value=lambda target, prediction: debiased_ece(bins, target, prediction),
        label="ece",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("log_loss", Definition("log_loss", log_loss, "", "log_loss"))
    registry.add("brier", Definition("brier", brier, "", "brier"))
    registry.add("auc", Definition("auc", auc, "", "auc"))
    registry.add("ece", Definition("ece", ece, "bins", "ece@15"))
