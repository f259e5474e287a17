"""Verb `plan looks`: the bounds of a plan's looks, and where they are likely to end, before anything is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assay.base.errors import PlanError
from assay.flows.looks import planned_fractions, rule_of
from assay.readers.planfile import read_plan
from assay.records.access import READ
from assay.records.looks import PlannedLook, PlannedLooks
from assay.records.plan import Plan
from assay.stats.anytime import mixture_rho, mixture_z, nominal
from assay.stats.sequential import boundary, stopping
from assay.stats.special import ndtr, ndtri
from assay.verbs.served import served

EXAMPLES = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of the units planned at which always-valid bounds are shown."""


@served(READ, path="plan")
def run(path: Path) -> PlannedLooks:
    """The looks of a plan file; its data are not read.

    Raises:
        AssayError: a plan that is not sound, or with a single look.
    """
    plan = read_plan(path)
    if not plan.looks.several:
        raise PlanError(
            f"the plan {plan.name!r} has a single look",
            rule="a single look spends the whole error, at the level of the plan",
            fix="looks: {at: [2000, 5000, 10000]} plans several",
            where=path.name,
        )
    alpha = (1 - plan.level) / 2 / plan.reuse.candidates
    return _any_number(plan, alpha) if plan.looks.any_number else _counted(plan, alpha)


def _counted(plan: Plan, alpha: float) -> PlannedLooks:
    times, units = planned_fractions(plan.looks), float(plan.looks.units or 1)
    bounds = boundary(times, alpha, rule_of(plan.looks), last=True)
    drift = float(ndtri(plan.power) - ndtri(alpha))
    null, effect = stopping(times, bounds), stopping(times, bounds, drift)
    looks = tuple(
        PlannedLook(round(t * units), t, z, float(spent), 1 - 2 * float(ndtr(-z)), float(a), float(b))
        for t, z, spent, a, b in zip(times, bounds, np.cumsum(null.upper), null.stop, effect.stop, strict=True)
    )
    read = (units * null.expected, units * effect.expected)
    return PlannedLooks(plan.name, plan.looks.spending, alpha, looks, *read, effect.power, plan.power)


def _any_number(plan: Plan, alpha: float) -> PlannedLooks:
    units = float(plan.looks.units or 1)
    rho = mixture_rho(units)
    looks = []
    for share in EXAMPLES:
        n = max(1, round(share * units))
        level = 1 - 2 * nominal(n, alpha, units)
        looks.append(PlannedLook(n, share, mixture_z(n, 2 * alpha, rho), alpha, level, 0.0, 0.0))
    return PlannedLooks(plan.name, plan.looks.kind, alpha, tuple(looks), None, None, None, plan.power)
