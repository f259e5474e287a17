"""Metrics and samples that the tests of the stats room share; `stats` never imports `metrics`, so neither do they."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from assay.records.metric import Array, Family, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums, Moments, PairedCounts


def declared(name: str, family: Family, **more: Any) -> Metric:
    base: dict[str, Any] = {
        "parameters": {},
        "reads": "label",
        "direction": "higher",
        "lower": 0.0,
        "upper": 1.0,
        "unit": "1",
        "summary": name,
        "formula": name,
        "citation": "",
        "label": name,
        "undefined": f"{name} has no rows to count",
    }
    return Metric(name=name, family=family, **{**base, **more})


def _share(top: Array, bottom: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.asarray(top, dtype=float) / bottom)


def _right(c: Array) -> tuple[Array, Array]:
    return np.trace(c, axis1=-2, axis2=-1), c.sum((-2, -1))


def _found(c: Array) -> tuple[Array, Array]:
    return c[..., 1, 1], c[..., 1, :].sum(-1)


def _macro(c: Array) -> Array:
    return np.asarray(_share(np.diagonal(c, axis1=-2, axis2=-1), c.sum(-2)).mean(-1))


ACCURACY = declared("accuracy", Family.PROPORTION, parts=_right, value=lambda c: _share(*_right(c)))
RECALL = declared("recall", Family.PROPORTION, parts=_found, value=lambda c: _share(*_found(c)))
F1 = declared(
    "f1", Family.COUNTS, value=lambda c: _share(2 * c[..., 1, 1], 2 * c[..., 1, 1] + c[..., 0, 1] + c[..., 1, 0])
)
MACRO_PRECISION = declared("precision", Family.COUNTS, value=_macro, multiclass=True)
LOSS = declared("loss", Family.MEAN, value=lambda m: m[..., 0], columns=("loss",), direction="lower", upper=None)
RMSE = declared("rmse", Family.SUMS, value=lambda m: np.sqrt(m[..., 0]), columns=("sq",), direction="lower", upper=None)
RATIO = declared(
    "ratio", Family.SUMS, value=lambda m: m[..., 0] / m[..., 1], columns=("a", "b"), lower=None, upper=None
)
P80 = declared("p80", Family.QUANTILE, reads="number", parameters={"q": 0.8}, direction="lower", lower=None, upper=None)
AUC = declared("auc", Family.RANK, reads="score")


def flat(rows: int, **more: Any) -> Design:
    return Design(rows, rows, float(rows), False, **more)


def clustered(sizes: Array, **more: Any) -> Design:
    n = np.asarray(sizes, dtype=float)
    n = n[n > 0]
    return Design(int(n.sum()), len(n), float(n.sum() ** 2 / (n * n).sum()), True, **more)


def paired(table: Any) -> PairedCounts:
    """Both classes' rows by (baseline right, candidate right) from one 2x2 table, all rows of the positive class."""
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    counts[1] = np.asarray(table)
    return PairedCounts(counts)


def swapped(design: Design) -> Design:
    return dataclasses.replace(design, baseline=design.candidate, candidate=design.baseline)


def skewness(x: Array) -> Array:
    """m3 / m2^1.5 along the last axis; 0 without variance."""
    d = x - x.mean(axis=-1, keepdims=True)
    second = (d**2).mean(axis=-1)
    return np.asarray((d**3).mean(axis=-1) / np.where(second > 0, second, np.inf) ** 1.5)


def moments(scores: Array) -> Moments:
    """From scores [n, A, m]."""
    n, arms, m = scores.shape
    flat_scores = scores.reshape(n, arms * m)
    centred = flat_scores - flat_scores.mean(axis=0)
    nonzero = int((scores[:, 0, 0] != scores[:, 1, 0]).sum())
    gaps = np.stack([scores[:, 0, 0], scores[:, 1, 0], scores[:, 1, 0] - scores[:, 0, 0]])
    return Moments(n, scores.mean(axis=0), centred.T @ centred, nonzero, skewness(gaps))


def grouped_counts(rng: np.random.Generator, groups: int = 30, arms: int = 2, classes: int = 2) -> GroupedCounts:
    """Rows with the same targets for every arm, and answers right four times in five."""
    counts = np.zeros((groups, arms, classes, classes), dtype=np.int64)
    for g in range(groups):
        target = rng.integers(classes, size=rng.integers(1, 12))
        for a in range(arms):
            said = np.where(rng.random(len(target)) < 0.8, target, rng.integers(classes, size=len(target)))
            np.add.at(counts[g, a], (target, said), 1)
    return GroupedCounts(counts)


def grouped_sums(rng: np.random.Generator, groups: int = 30, arms: int = 2, m: int = 1) -> GroupedSums:
    n = rng.integers(1, 9, groups)
    level = rng.gamma(4.0, 0.25, (groups, 1, 1)) + rng.gamma(4.0, 0.1, (groups, arms, m))
    return GroupedSums(n, level * n[:, None, None])
