"""AUC of two models: DeLong with one row per unit, delete-one-group jackknife over clusters, seeds on top of either."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from assay.records.metric import Floats, Metric
from assay.records.sample import Design, Rows
from assay.stats.auc import auc_replicates, delong
from assay.stats.groups import weights
from assay.stats.jackknife import Range, degrees, jackknife, on_logit
from assay.stats.means import difference_range
from assay.stats.procedures import Descriptive, LogitT, Result, StudentT, Undefined
from assay.stats.seeds import Part, method_t


def infer_rank(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference of an AUC."""
    one = _clustered if design.clustered and sample.unit is not None else _independent
    return one(metric, sample, design)


def _ranges(metric: Metric) -> tuple[Range, Range, Range]:
    own = (metric.lower, metric.upper)
    return own, own, difference_range(metric)


def _independent(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    result = delong(sample.target, sample.scores)
    facts = {"positives": result.positives, "negatives": result.negatives}
    if min(result.positives, result.negatives) == 0:
        return (Undefined(metric.undefined, "delong", facts),) * 3
    out: list[Result] = []
    for weight, bounds in zip(weights(design, len(sample.scores)), _ranges(metric), strict=True):
        value, var = float(result.values @ weight), float(weight @ result.covariance @ weight)
        unit = Part(var, min(result.positives, result.negatives) - 1)
        if not var > 1e-30:
            out.append(Descriptive(value, "delong", _flat(weight), diagnostics=facts))
        elif design.about == "method":
            out.append(method_t(result.values, weight, unit, design, bounds, facts))
        else:
            out.append(_delong(value, math.sqrt(var), bounds, facts, difference=bool(np.any(weight < 0))))
    return out[0], out[1], out[2]


def _flat(weight: Floats) -> str:
    if np.any(weight < 0):
        return "no interval: both models rank all pairs alike, so the sample shows no variance"
    return "no interval: every pair is ranked alike, or a class has a single row, so the sample shows no variance"


def _delong(value: float, se: float, bounds: Range, facts: dict[str, Any], *, difference: bool) -> Result:
    if difference:
        why = "one row per unit: DeLong's covariance of the two AUCs"
        return StudentT(value, se, math.inf, "delong-paired", why, bounds[0], bounds[1], diagnostics=facts)
    if not 0 < value < 1:
        return Descriptive(value, "delong", _flat(np.ones(1)), diagnostics=facts)
    # Qin & Hotilovac (2008), Stat. Methods Med. Res. 17:207-221; Pepe (2003), section 5.2.
    why = "one row per unit: DeLong's variance on the logit scale"
    return LogitT(value, se, math.inf, "delong-logit", why, diagnostics={**facts, "se": se})


def _clustered(metric: Metric, sample: Rows, design: Design) -> tuple[Result, Result, Result]:
    group = sample.group if sample.group is not None else sample.unit
    if group is None:
        raise TypeError("a clustered sample of rows without units")
    present, group = np.unique(group, return_inverse=True)
    target = np.asarray(sample.target)
    values, replicates = auc_replicates(target, sample.scores, group)
    positive = int(np.count_nonzero(target))
    facts: dict[str, Any] = {"positives": positive, "negatives": len(target) - positive}
    df = degrees(design, np.bincount(group, minlength=present.size))
    reason = "several rows per unit: exact delete-one-unit AUCs, t on effective units - 1"
    out: list[Result] = []
    for weight, bounds in zip(weights(design, len(sample.scores)), _ranges(metric), strict=True):
        value = float(values @ weight)
        if math.isnan(value):
            out.append(Undefined(metric.undefined, "auc-jackknife", facts))
            continue
        units = jackknife(value, replicates @ weight, df, reason, bounds, facts, "auc-jackknife")
        if design.about == "method" and isinstance(units, StudentT):
            part = Part(units.se**2, units.df)
            out.append(method_t(values, weight, part, design, bounds, units.diagnostics))
        else:
            out.append(units if np.any(weight < 0) else on_logit(units, bounds, "auc-jackknife"))
    return out[0], out[1], out[2]
