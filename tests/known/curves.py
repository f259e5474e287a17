"""Average precision and partial areas under the ROC curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.metrics import parse
from tests.known.answer import Known
from tests.stats.asah import NDKA, POOR, WFNS

ASAH = {"wfns": WFNS, "ndka": NDKA}


def value(notation: str, target: Sequence[int], scores: Sequence[float]) -> float:
    """A metric of one model."""
    influence = parse(notation).influence
    if influence is None:
        raise TypeError(f"{notation} has no influence")
    return influence(np.array(target), np.array(scores, dtype=float)).value


def _asah(scores: str, notation: str, printed: str, where: str) -> Known:
    return Known(
        "influence-jackknife-logit",
        f"aSAH, outcome by {scores}: {notation}",
        lambda: value(notation, POOR, ASAH[scores]),
        printed,
        f"pROC tests, test-auc.R, {where}",
        units=1.0,
        why="the last digits of double precision",
    )


ANSWERS: tuple[Known, ...] = (
    Known(
        "influence-jackknife-logit",
        "targets 0, 0, 1, 1, scores 0.1, 0.4, 0.35, 0.8: average precision",
        lambda: value("average_precision", [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]),
        "0.83",
        "scikit-learn documentation, average_precision_score",
    ),
    Known(
        "influence-jackknife-logit",
        "25 of 100 positive, one score: average precision",
        lambda: value("average_precision", [1, 0, 0, 0] * 25, [1.0] * 100),
        "0.25",
        "scikit-learn tests, test_average_precision_constant_values",
    ),
    _asah("wfns", "partial_auc(fpr=0.1, scale=area)", "0.0334417344173442", "partial.auc = c(1, .9)"),
    _asah("ndka", "partial_auc(fpr=0.1, scale=area)", "0.0107046070460705", "partial.auc = c(1, .9)"),
    _asah("wfns", "partial_auc(tpr=0.9, scale=area)", "0.0400999322493225", "c(1, .9), focus = se"),
    _asah("wfns", "partial_auc@0.1", "0.649693339038653", "partial.auc.correct = TRUE"),
    _asah("ndka", "partial_auc@0.1", "0.530024247610897", "partial.auc.correct = TRUE"),
    _asah("wfns", "partial_auc(tpr=0.9)", "0.68473648552275", "focus = se, partial.auc.correct = TRUE"),
)
