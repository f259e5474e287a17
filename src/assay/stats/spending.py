"""How much of the error may be spent by an information fraction: spending functions, and classical bounds as such.

`alpha` is always that of one side. A classical design has bounds for the looks that were planned; where looks come
otherwise, the error that it had spent by the planned looks is interpolated, so that planned looks give its own bounds.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from assay.base.errors import PlanError
from assay.records.plan import SPENDING_LIMITS, Spending
from assay.stats.brownian import WIDEST, ascending, crossing, equal
from assay.stats.procedures import bisect
from assay.stats.special import ndtr, ndtri

SPENDINGS: tuple[str, ...] = get_args(Spending)
DIGITS = 9
DELTA = {"classical-obrien-fleming": 0.0, "classical-pocock": 0.5}
"""The exponent of Wang and Tsiatis (1987) that gives a classical design."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How the error is spent.

    Attributes:
        spending: The spending function, or the classical design.
        parameter: gamma of Hwang, Shih and DeCani, or the exponent of the power family.
        planned: Information of the planned looks, the last 1, which a classical design needs.
    """

    spending: Spending = "obrien-fleming"
    parameter: float | None = None
    planned: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        family = SPENDING_LIMITS.get(self.spending)
        if family is None:
            return
        low, high = family
        value = self.parameter
        sound = value is not None and low <= value <= high and (value > 0 or self.spending != "power")
        if not sound:
            raise PlanError(
                f"the parameter of {self.spending} spending is {value}",
                rule=f"it lies between {low:g} and {high:g}" + (", above 0" if self.spending == "power" else ""),
                fix="looks: {…, spending: hwang-shih-decani, parameter: -4}, or power with 3",
            )


def spent(fraction: float, alpha: float, spending: Spending | Rule) -> float:
    """The error of one side that may be spent by an information fraction.

    Sources: Lan and DeMets, Biometrika 70, 1983; Hwang, Shih and DeCani, Statistics in Medicine 9, 1990; the power
    family: Kim and DeMets, Biometrika 74, 1987.

    >>> round(spent(0.5, 0.025, "pocock"), 5)
    0.0155
    """
    rule = spending if isinstance(spending, Rule) else Rule(spending)
    t = min(1.0, fraction)
    parameter = rule.parameter or 0.0
    match rule.spending:
        case "pocock":
            return alpha * math.log1p((math.e - 1) * t)
        case "hwang-shih-decani":
            return alpha * (t if parameter == 0 else math.expm1(-parameter * t) / math.expm1(-parameter))
        case "power":
            return float(alpha * t**parameter)
        case "obrien-fleming":
            return float(2 * ndtr(ndtri(alpha / 2) / math.sqrt(t)))
    return _interpolated(t, alpha, rule)


def _interpolated(t: float, alpha: float, rule: Rule) -> float:
    times = rule.planned or (1.0,)
    return float(np.interp(t, (0.0, *times), (0.0, *_cumulative(times, alpha, DELTA[rule.spending]))))


@functools.lru_cache(maxsize=256)
def _cumulative(times: tuple[float, ...], alpha: float, delta: float) -> tuple[float, ...]:
    bounds = classical(times, alpha, delta)
    total = np.cumsum(crossing(times, bounds)[0])
    return (*total[:-1].tolist(), alpha)


@functools.lru_cache(maxsize=256)
def classical(fractions: tuple[float, ...], alpha: float = 0.025, delta: float = 0.0) -> tuple[float, ...]:
    """Bounds of Wang and Tsiatis: z_k = C t_k^(delta - 1/2); 0 is O'Brien and Fleming's, 1/2 Pocock's.

    Args:
        fractions: Information of each look, ascending, the last 1.
        alpha: Error of one side over all looks.
        delta: The exponent.

    Sources: Pocock, Biometrika 64, 1977; O'Brien and Fleming, Biometrics 35, 1979; Wang and Tsiatis, Biometrics 43,
    1987.
    """
    times = ascending(fractions)
    form = np.array(times) ** (delta - 0.5)

    def too_low(c: float) -> bool:
        return float(crossing(times, (c * form).tolist())[0].sum()) > alpha

    c = round(bisect(too_low, 0.5, WIDEST, steps=40), DIGITS)
    return tuple(float(z) for z in c * form)


def constant(looks: int, alpha: float = 0.025, shape: Literal["pocock", "obrien-fleming"] = "pocock") -> float:
    """The constant C of classical bounds: z_k = C (Pocock) or C sqrt(K / k) (O'Brien and Fleming).

    Args:
        looks: Equally spaced looks K.
        alpha: Error of one side.
        shape: Which bounds.

    >>> round(constant(5), 3), round(constant(5, shape="obrien-fleming"), 3)
    (2.413, 2.04)
    """
    return classical(tuple(equal(looks)), alpha, 0.5 if shape == "pocock" else 0.0)[-1]


def steps(fractions: Sequence[float], alpha: float, rule: Rule, last: bool) -> list[float]:
    """What each look adds to the error spent; a look that nothing follows spends all that is left."""
    total = [spent(t, alpha, rule) for t in fractions]
    if last:
        total[-1] = alpha
    return [now - before for before, now in itertools.pairwise([0.0, *total])]
