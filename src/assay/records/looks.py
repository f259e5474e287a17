"""Several looks at one claim: where the statistic stood at each, against bounds, and what holds after stopping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain
from assay.records.estimate import Bounds, Estimate


@dataclass(frozen=True, slots=True)
class Step:
    """One look at one claim.

    Attributes:
        units: Units read until then.
        fraction: Units over those planned for the last look.
        value: The estimate as it was read; None where undefined.
        interval: The deciding interval of the look: a repeated interval, or one that holds at every moment.
        statistics: Normal statistic against each null of the claim, in the metric's own sign; None where there is none.
    """

    units: int
    fraction: float
    value: float | None
    interval: Bounds | None
    statistics: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Monitored:
    """All looks at one claim so far.

    Attributes:
        nulls: The values that the claim is decided against, in the metric's unit: two for equivalence.
        level: Of the error over all looks: 1 - twice that of one side.
        steps: The looks so far, this one last; those that an older version read are missing.
        looks: Number of this look.
        bounds: |z| at which each look so far decides; empty where looks are always valid.
        spent: Error of one side spent until each look so far.
        ahead: (fraction, |z|) of the planned looks to come.
        adjusted: After stopping, by the stage-wise ordering; shown beside the deciding interval, decides nothing.
        bias: How far the naive estimate lies off on average, were the adjusted one true.
        why: Why there is nothing adjusted.
    """

    claim: str
    candidate: str
    nulls: tuple[float, ...]
    level: float
    steps: tuple[Step, ...]
    looks: int
    bounds: tuple[float, ...] = ()
    spent: tuple[float, ...] = ()
    ahead: tuple[tuple[float, float], ...] = ()
    adjusted: Estimate | None = None
    bias: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLook:
    """One look of a plan, before any was taken.

    Attributes:
        units: Units planned.
        fraction: Of those planned for the last look.
        bound: |z| at which it decides.
        spent: Error of one side spent until then.
        level: Of its deciding interval.
        null: Probability that it is the last look of a claim where there is no effect.
        effect: The same at the effect for which a single look with all units would have the plan's power.
    """

    units: int
    fraction: float
    bound: float
    spent: float
    level: float
    null: float
    effect: float


@dataclass(frozen=True, slots=True)
class PlannedLooks:
    """The bounds of a plan's looks.

    Attributes:
        name: Of the plan.
        spending: How the error is spent; `always-valid` where looks are not counted.
        alpha: Error of one side over all looks, after reuse.
        looks: In order; where looks are not counted, examples up to the units planned.
        units_null: Units expected to be read where there is no effect; None where looks are not counted.
        units_effect: The same at the effect for which a single look would have the plan's power.
        power: Power of all looks at that effect.
        single: Power of the single look.
    """

    name: str
    spending: str
    alpha: float
    looks: tuple[PlannedLook, ...]
    units_null: float | None
    units_effect: float | None
    power: float | None
    single: float

    def to_json(self) -> dict[str, Any]:
        """The object that `assay plan looks --json -` prints."""
        return {"schema": 1, "type": "planned-looks", **plain(self)}


Past = Mapping[tuple[str, str], tuple[Step, ...]]
"""(claim, candidate) -> what the earlier looks have shown, oldest first."""
