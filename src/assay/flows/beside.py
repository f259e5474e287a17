"""Readings beside a comparison: relative difference, sign flips, a posterior, and the level that metrics share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assay.evaluate.request import Cell
from assay.flows.asked import Asked
from assay.flows.estimates import Setting, comparisons
from assay.records.comparison import Beside, Comparison
from assay.records.estimate import Estimate
from assay.records.metric import Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.estimates import estimate
from assay.stats.maxt import largest_t
from assay.stats.options import InferenceOptions
from assay.stats.permutation import sign_flip
from assay.stats.posterior import bootstrap_posterior, normal_posterior
from assay.stats.procedures import MaxT, two_sided_p
from assay.stats.ratio import fieller
from assay.stats.together import Joint, joint

Key = tuple[str, str, tuple[tuple[str, Any], ...]]
"""Metric, candidate and slice of a comparison."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """One metric of a cell whose sample is by groups of units."""

    metric: Metric
    cell: Cell

    @property
    def design(self) -> Design:
        """How its rows were sampled."""
        return self.cell.designs[0]

    def joint(self) -> Joint:
        """Baseline and candidate with their covariance."""
        d = self.design
        return joint(self.metric, self.cell.samples[0], d, (d.baseline, d.candidate))


def key_of(comparison: Comparison) -> Key:
    """What names a comparison."""
    return comparison.metric.label, comparison.candidate_name, tuple(comparison.slice.items())


def read_beside(
    cells: Sequence[Cell], grouped: Sequence[Cell], setting: Setting, level: float, asked: Asked
) -> list[Comparison]:
    """Every comparison with what was asked beside it.

    Args:
        cells: As they are compared.
        grouped: The same by groups of units.
        setting: What every inference of the reading shares.
        level: Of the intervals.
        asked: Which readings.
    """
    known = by_key(grouped, setting.columns)
    shared = shares(known, level, setting.seed) if asked.simultaneous else {}
    found = comparisons(cells, setting, level, shared)
    if not (asked.relative or asked.permutation or asked.bayes):
        return found
    return [readings(c, known[key_of(c)], asked, setting.seed, setting.draws) for c in found]


def by_key(cells: Sequence[Cell], columns: Mapping[str, str]) -> dict[Key, Grouped]:
    """Every metric of every cell, by what names its comparison."""
    names = {aligned: column for column, aligned in columns.items()}
    found = {}
    for cell in cells:
        where = tuple((names[c], v) for c, v in zip(cell.columns, cell.key, strict=True))
        for metric in cell.metrics:
            found[metric.label, cell.pair.candidate.name, where] = Grouped(metric, cell)
    return found


def shares(grouped: Mapping[Key, Grouped], level: float, seed: int) -> dict[tuple[str, Any], float]:
    """By candidate and slice: how many independent metrics as many correlated ones count as.

    The largest |t| over the metrics, under the correlation of their differences over units, says at which error each
    is to be read so that all intervals hold together; every metric keeps its own method at that error.
    """
    families: dict[tuple[str, Any], list[Grouped]] = {}
    for (_, candidate, where), one in grouped.items():
        families.setdefault((candidate, where), []).append(one)
    return {key: _share(members, level, seed) for key, members in families.items()}


def _share(members: Sequence[Grouped], level: float, seed: int) -> float:
    if len(members) < 2:
        return 1.0
    each = [m.joint() for m in members]
    size = 1 + max(int(j.places.max(initial=0)) for j in each)
    moved: Floats = np.zeros((size, len(each)))
    for column, j in enumerate(each):
        moved[j.places, column] = j.moved[:, 1] - j.moved[:, 0]
    covariance = moved.T @ moved
    df = min(j.df for j in each)
    if np.isnan(covariance).any() or not df > 0.05:
        return float(len(members))
    options = InferenceOptions(seed)
    drawn = largest_t(np.eye(len(each)), covariance, df, options.generator("metrics"), options.draws)
    error = two_sided_p(MaxT(0.0, 1.0, drawn, "max-t", "").critical(level), df)
    return float(min(len(members), max(1.0, (1 - level) / max(error, 1e-300))))


def readings(comparison: Comparison, one: Grouped, asked: Asked, seed: int, draws: int) -> Comparison:
    """The comparison with what was asked beside it."""
    stream = tuple(f"{k}={v}" for k, v in comparison.slice.items())
    options = InferenceOptions(seed, draws, stream)
    level = comparison.difference.level
    notes: dict[str, str] = {}
    found = Beside(_relative(one, level) if asked.relative else None, notes=notes)
    sample = one.cell.samples[0]
    if asked.permutation:
        if isinstance(sample, (GroupedCounts, GroupedSums)):
            found = replace(found, sign_flip=sign_flip(one.metric, sample, one.design, options))
        if found.sign_flip is None:
            notes["sign_flip"] = "no sign flips: the value is undefined, or follows from ranks of all rows"
    if asked.bayes:
        posterior = None
        if asked.prior is not None or not isinstance(sample, (GroupedCounts, GroupedSums)):
            posterior = _normal(comparison.difference, one, asked, level)
        else:
            posterior = bootstrap_posterior(one.metric, sample, one.design, asked.rope, level, options)
        found = replace(found, posterior=posterior)
        if posterior is None:
            notes["posterior"] = "no posterior: the difference is undefined, or shows no variance"
    return replace(comparison, beside=found)


def _relative(one: Grouped, level: float) -> Estimate:
    found = one.joint()
    contrast = np.array([-1.0, 1.0])
    kind = "several rows per unit" if one.design.clustered else "one row per unit"
    df = found.degrees(np.stack([contrast, np.array([1.0, 0.0])]))
    made = fieller(found.values, found.covariance, df, kind, found.about(contrast))
    return estimate(made, one.design, level=level)


def _normal(difference: Estimate, one: Grouped, asked: Asked, level: float) -> Any:
    found = one.joint()
    contrast = np.array([-1.0, 1.0])
    var = float(contrast @ found.covariance @ contrast)
    if difference.value is None or not var > 0 or math.isnan(var):
        return None
    return normal_posterior(difference.value, math.sqrt(var), one.metric.sign, asked.rope, level, asked.prior)
