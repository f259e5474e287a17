"""AUC of two models: DeLong with one row per unit, delete-one-group jackknife over clusters, seeds on top of either."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from assay.records.metric import Metric
from assay.records.sample import Design, Rows
from assay.stats.auc import DeLong, auc_difference, auc_replicates, delong, misranked, single_auc
from assay.stats.groups import weights
from assay.stats.jackknife import Range, degrees, dense, effective_groups, jackknife, on_logit
from assay.stats.means import difference_range
from assay.stats.procedures import Result, StudentT, Undefined
from assay.stats.seeds import Part, method_t


def infer_rank(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference of an AUC."""
    one = _clustered if design.clustered and sample.unit is not None else _independent
    return one(metric, sample, design)


def _ranges(metric: Metric) -> tuple[Range, Range, Range]:
    own = (metric.lower, metric.upper)
    return own, own, difference_range(metric)


def _independent(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    fit = delong(sample.target, sample.scores)
    if design.about == "model":
        own = single_auc(fit, design.baseline), single_auc(fit, design.candidate)
        return *own, _difference(fit, design)
    facts = {"positives": fit.positives, "negatives": fit.negatives}
    if min(fit.positives, fit.negatives) < 2:
        return single_auc(fit, design.baseline), single_auc(fit, design.candidate), _difference(fit, design)
    unit_df = min(fit.positives, fit.negatives) - 1
    out: list[Result] = []
    for weight, bounds in zip(weights(design, len(sample.scores)), _ranges(metric), strict=True):
        unit = Part(max(0.0, float(weight @ fit.covariance @ weight)), unit_df)
        out.append(method_t(fit.values, weight, unit, design, bounds, facts))
    return out[0], out[1], out[2]


def _difference(fit: DeLong, design: Design) -> Result:
    return auc_difference(fit, design.baseline, design.candidate)


def _clustered(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    group = sample.group if sample.group is not None else sample.unit
    if group is None:
        raise TypeError("a clustered sample of rows without units")
    group = dense(group)
    target = np.asarray(sample.target)
    values, replicates = auc_replicates(target, sample.scores, group)
    positive = int(np.count_nonzero(target))
    facts: dict[str, Any] = {"positives": positive, "negatives": len(target) - positive}
    held = [effective_groups(np.bincount(group[target == c])) for c in (0, 1) if np.any(target == c)]
    facts["class_units"] = min(held)
    df = min(degrees(design, np.bincount(group)), facts["class_units"] - 1)
    reason = "several rows per unit: exact delete-one-unit AUCs, t on effective units - 1"
    out: list[Result] = []
    for weight, bounds in zip(weights(design, len(sample.scores)), _ranges(metric), strict=True):
        value = float(values @ weight)
        if math.isnan(value):
            out.append(Undefined(metric.undefined, "auc-jackknife", facts))
            continue
        alone = not np.any(weight < 0)
        known = facts | ({"misranked": misranked(value, facts["positives"], facts["negatives"])} if alone else {})
        units = jackknife(value, replicates @ weight, df, reason, bounds, known, "auc-jackknife")
        if design.about == "method" and isinstance(units, StudentT):
            part = Part(units.se**2, units.df)
            out.append(method_t(values, weight, part, design, bounds, units.diagnostics))
        else:
            out.append(on_logit(units, bounds, "auc-jackknife") if alone else units)
    return out[0], out[1], out[2]
