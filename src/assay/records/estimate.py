"""Estimates: a value is never alone, and what cannot be estimated says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Alternative = Literal["two-sided", "greater", "less"]
Bounds = tuple[float, float]


class Procedure(Protocol):
    """A method applied to one sample: every interval and p-value comes from the same procedure."""

    value: float
    method: str
    reason: str
    exact: bool

    def interval(self, level: float) -> Bounds:
        """The two-sided interval at a level, e.g. 0.95."""

    def p_value(self, null: float) -> float:
        """The two-sided p-value of `value == null`: the least alpha whose interval excludes the null."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, or undefined with a reason.

    Attributes:
        value: The point estimate, in the metric's unit; None where undefined.
        interval: Two-sided, at `level`; None where undefined or descriptive.
        level: The level shown, e.g. 0.95.
        decision_interval: The interval off which a verdict is read, at `decision_level` (adjusted for looks, reuse,
            several claims or slices); it equals `interval` where nothing is adjusted.
        p_value: Inverts the same procedure against `-margin`, `0` or `margin`, as the alternative says.
        method: A stable name, e.g. `delong-paired`.
        reason: Why this method was chosen.
        exact: False where Monte Carlo or an approximation to the data is involved.
        monte_carlo_error: Standard error of the interval's bounds from simulation, the larger of the two; else None.
        inside_domain: Whether n, effective units and events lie in the method's declared domain; a verdict outside it
            cannot be `supported`.
        domain: What the domain asks for, and what there is.
        undefined: Why there is no value.
        diagnostics: Further figures by name, e.g. `mcnemar_exact_p`, `seed_variance`, `bootstrap_t_interval`.
    """

    value: float | None
    interval: Bounds | None
    level: float
    method: str
    reason: str = ""
    decision_interval: Bounds | None = None
    decision_level: float = 0.95
    p_value: float | None = None
    alternative: Alternative = "two-sided"
    margin: float = 0.0
    exact: bool = True
    monte_carlo_error: float | None = None
    rows: int = 0
    units: int = 0
    effective_units: float = 0.0
    inside_domain: bool = True
    domain: str = ""
    undefined: str | None = None
    diagnostics: Mapping[str, Any] = field(default_factory=dict)

    def brief(self) -> dict[str, Any]:
        """The five fields shown for a single model."""
        return {
            "value": self.value,
            "interval": self.interval,
            "level": self.level,
            "method": self.method,
            "undefined": self.undefined,
        }

    def full(self) -> dict[str, Any]:
        """The same with what a reader needs to judge it."""
        return {
            **self.brief(),
            "p_value": self.p_value,
            "units": self.units,
            "effective_units": self.effective_units,
            "reason": self.reason,
            "monte_carlo_error": self.monte_carlo_error,
            "inside_domain": self.inside_domain,
            "domain": self.domain,
            "diagnostics": dict(self.diagnostics),
        }
