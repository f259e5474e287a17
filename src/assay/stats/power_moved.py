"""What leaving out each group of units does to an estimate: how the estimates of several claims correlate."""

from __future__ import annotations

import numpy as np

from assay.records.metric import Family, Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums, Rows, Sample
from assay.stats.auc import auc_replicates
from assay.stats.groups import replicate, weights


def moved(metric: Metric, sample: Sample, design: Design, groups: int, difference: bool) -> Floats | None:
    """Replicates [G] of the candidate's value or of the difference; None where the metric has none.

    Args:
        metric: Of any family of counts or sums, or an AUC.
        sample: In groups, of which every claim has the same.
        design: Which arms to compare.
        groups: G.
        difference: Whether the claim is about the difference.
    """
    _, candidate, both = weights(design, len(design.baseline) + len(design.candidate))
    weight = both if difference else candidate
    if isinstance(sample, (GroupedCounts, GroupedSums)):
        return np.asarray(replicate(metric, sample, design, every_group=True).replicates @ weight)
    if metric.family is not Family.RANK or not isinstance(sample, Rows) or sample.group is None:
        return None
    present, codes = np.unique(sample.group, return_inverse=True)
    values, each = auc_replicates(np.asarray(sample.target), sample.scores, codes)
    out = np.full(groups, float(values @ weight))
    out[present] = each @ weight
    return out


def correlation(replicates: list[Floats]) -> Floats | None:
    """The correlation matrix of delete-one replicates; None where one of them never moves, or is undefined."""
    stacked = np.stack(replicates)
    if not np.isfinite(stacked).all() or not (stacked.std(axis=1) > 0).all():
        return None
    return np.asarray(np.corrcoef(stacked))
