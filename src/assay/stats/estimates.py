"""Procedures become estimates: every figure that a reader sees, or the reason why there is none."""

from __future__ import annotations

import math
from typing import Any

from assay.records.estimate import Alternative, Bounds, Estimate
from assay.records.sample import Design
from assay.stats.domain import within
from assay.stats.procedures import Descriptive, Draws, MaxT, Result, Undefined

LEAST_P = 1e-300
"""A tail that underflows is small, not zero."""


def estimate(
    procedure: Result,
    design: Design,
    *,
    level: float = 0.95,
    decision_level: float | None = None,
    alternative: Alternative = "two-sided",
    margin: float = 0.0,
) -> Estimate:
    """The estimate of a procedure.

    Args:
        procedure: A method applied to a sample.
        design: How its rows were sampled.
        level: The level shown.
        decision_level: The level off which a verdict is read; the level shown unless given.
        alternative: What the p-value is against: `two-sided`, `greater` or `less` than the margin.
        margin: The value tested, signed, in the metric's own unit: 0 for a plain difference.
    """
    deciding = level if decision_level is None else decision_level
    shared: dict[str, Any] = {
        "level": level,
        "decision_level": deciding,
        "alternative": alternative,
        "margin": margin,
        "rows": design.rows,
        "units": design.units,
        "effective_units": design.effective_units,
        "method": procedure.method,
        "reason": procedure.reason,
        "diagnostics": dict(procedure.diagnostics),
    }
    if isinstance(procedure, Undefined):
        why = procedure.reason
        return Estimate(None, None, inside_domain=False, domain=why, undefined=why, **shared)
    if isinstance(procedure, Descriptive):
        return Estimate(
            procedure.value, None, exact=procedure.exact, inside_domain=False, domain=procedure.reason, **shared
        )
    inside, domain = within(procedure.method, facts(procedure, design, deciding))
    shown = _finite(procedure.interval(level))
    decides = shown if deciding == level else _finite(procedure.interval(deciding))
    if decides is None:
        inside, domain = False, "no finite bounds at this level: " + domain
    return Estimate(
        value=procedure.value,
        interval=shown,
        decision_interval=decides,
        p_value=max(LEAST_P, directed_p(procedure.value, procedure.p_value(margin), alternative, margin)),
        exact=procedure.exact,
        monte_carlo_error=procedure.monte_carlo_error(level) if isinstance(procedure, (Draws, MaxT)) else None,
        inside_domain=inside,
        domain=domain,
        **shared,
    )


def facts(procedure: Result, design: Design, level: float) -> dict[str, Any]:
    """The figures that a domain may ask about."""
    known = {"rows": design.rows, "units": design.units, "effective_units": design.effective_units}
    if isinstance(procedure, (Draws, MaxT)):
        known["tail_draws"] = procedure.rank(level)
    return {**known, **procedure.diagnostics}


def directed_p(value: float, two_sided: float, alternative: Alternative, null: float) -> float:
    """A two-sided p-value turned to one side, so that both sides' intervals and p-values agree."""
    if alternative == "two-sided":
        return two_sided
    agrees = value > null if alternative == "greater" else value < null
    return two_sided / 2 if agrees else 1 - two_sided / 2


def _finite(bounds: Bounds) -> Bounds | None:
    return bounds if math.isfinite(bounds[0]) and math.isfinite(bounds[1]) else None
