"""Areas under the ROC curve."""

from __future__ import annotations

import numpy as np

from assay.stats.auc import delong
from tests.known.answer import Known


def area(target: list[int], scores: list[float]) -> float:
    """The AUC of one model."""
    return float(delong(np.array(target), np.array([scores])).values[0])


def rated(normal: tuple[int, ...], abnormal: tuple[int, ...]) -> float:
    """The AUC of ratings, from how often each was given to normals and to abnormals."""
    counts = np.array([normal, abnormal])
    target, rating = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    return float(delong(target, rating[None].astype(float)).values[0])


ANSWERS: tuple[Known, ...] = (
    Known(
        "delong",
        "CT images rated 1 to 5, 58 normal (33, 6, 6, 11, 2) and 51 abnormal (3, 2, 2, 11, 33)",
        lambda: rated((33, 6, 6, 11, 2), (3, 2, 2, 11, 33)),
        "0.893",
        "Hanley & McNeil (1982), Radiology 143:29-36, table II",
    ),
    Known(
        "delong",
        "targets 0, 0, 1, 1, scores 0.1, 0.4, 0.35, 0.8",
        lambda: area([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]),
        "0.75",
        "scikit-learn documentation, roc_auc_score",
    ),
)
