"""Claims about a method: seeds resample the training data, so they are a second source of variance beside units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.metric import Floats
from assay.records.sample import Design
from assay.stats.jackknife import Range
from assay.stats.procedures import Descriptive, Result, StudentT
from assay.stats.skew import skew_facts

METHOD = "seeds-satterthwaite"
ONE_SEED = "no interval: one seed is anecdotal, a claim about a method needs at least two seeds"


@dataclass(frozen=True, slots=True)
class Part:
    """One source of variance.

    Attributes:
        variance: Of the estimate, not of one observation.
        df: Degrees of freedom.
    """

    variance: float
    df: float


def satterthwaite(parts: tuple[Part, ...]) -> Part:
    """Sum of the variances with its approximate degrees of freedom.

    Source: Satterthwaite (1946), Biometrics Bulletin 2; Welch (1947), Biometrika 34.

    >>> round(satterthwaite((Part(4.0, 9), Part(1.0, 4))).df, 3)
    12.329
    """
    total = sum(p.variance for p in parts)
    below = sum(p.variance**2 / p.df for p in parts if p.variance > 0)
    return Part(total, total**2 / below if below > 0 else math.inf)


def spread(values: Floats) -> Part:
    """Variance of a mean over seeds; 0 for a single, deterministic one."""
    if values.size < 2:
        return Part(0.0, 1.0)
    return Part(float(np.var(values, ddof=1)) / values.size, values.size - 1)


def seed_parts(values: Floats, weights: Floats, design: Design) -> tuple[Part, ...]:
    """What the seeds add to the variance of sum of weight x value.

    Args:
        values: [A], the metric of each arm.
        weights: [A]; arms with weight 0 do not matter.
        design: Which arms stand for which model, and whether seeds are paired.
    """
    used = [arms for arms in (design.baseline, design.candidate) if np.any(weights[list(arms)] != 0)]
    if len(used) == 2 and design.seeds_paired and len(used[0]) == len(used[1]):
        return (spread(values[list(used[1])] - values[list(used[0])]),)
    return tuple(spread(values[list(arms)]) for arms in used)


def anecdotal(weights: Floats, design: Design) -> bool:
    """Whether no model concerned has a second seed; a one-seed baseline beside several candidates is deterministic."""
    single = [len(arms) < 2 for arms in (design.baseline, design.candidate) if np.any(weights[list(arms)] != 0)]
    difference = len(single) == 2
    return single[1] if difference else single[0] and len(design.candidate) < 2


def method_t(
    values: Floats, weights: Floats, unit: Part, design: Design, bounds: Range, facts: Mapping[str, Any] | None = None
) -> Result:
    """Sum of weight x value for a method: V = V_unit + s_A^2 / S_A + s_B^2 / S_B with Satterthwaite's df.

    Args:
        values: [A].
        weights: [A], e.g. -1/S_A and 1/S_B for a difference.
        unit: Variance over units of the seed-averaged quantity.
        design: Arms and whether seeds are paired.
        bounds: Least and greatest value possible.
        facts: Diagnostics to keep.
    """
    value = float(values @ weights)
    if anecdotal(weights, design):
        return Descriptive(value, METHOD, ONE_SEED, diagnostics=dict(facts or {}))
    parts = seed_parts(values, weights, design)
    both = satterthwaite((unit, *parts))
    more = {
        **(facts or {}),
        "unit_variance": unit.variance,
        "seed_variance": sum(p.variance for p in parts),
        "df": both.df,
    }
    models = [list(arms) for arms in (design.baseline, design.candidate) if np.any(weights[list(arms)] != 0)]
    several = [len(np.unique(values[arms])) for arms in models if len(arms) > 1]
    if several:
        more |= {"seeds": min(several), "seed_df": sum(p.df for p in parts if p.variance > 0)}
    if not both.variance > 0:
        return Descriptive(value, METHOD, "no interval: neither units nor seeds differ", diagnostics=more)
    if "skewness" in more:
        # Third cumulants add up, and seeds are taken for symmetric.
        more |= skew_facts(more["effective_groups"], more["skewness"] * (unit.variance / both.variance) ** 1.5)
    kind = "paired seeds" if design.seeds_paired else "seeds resample the training data"
    reason = f"a claim about a method: variance over units plus variance over seeds ({kind})"
    return StudentT(value, math.sqrt(both.variance), both.df, METHOD, reason, bounds[0], bounds[1], diagnostics=more)
