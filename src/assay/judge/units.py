"""How many units an inconclusive claim would need: at the declared effect, never at the one observed.

Topping up to what the observed effect asks for and judging again has 10 % error at a nominal 5 %; only the variance
is taken from the data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri, stdtrit

from assay.judge.numbers import usable
from assay.records.estimate import Estimate
from assay.records.plan import Claim

MOST = 10**12
"""More units than any study has: beyond it the answer is that units do not help."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Variance of an estimate per unit, and what more units do not remove (seeds)."""

    per_unit: float
    floor: float

    def se(self, units: float) -> float:
        """The standard error with that many units."""
        return math.sqrt(self.per_unit / units + self.floor)


def units_needed(claim: Claim, estimate: Estimate, power: float) -> int | None:
    """Units with which the claim's power is reached at its declared minimal effect.

    Args:
        claim: Its margin and `minimal_effect`, in the metric's unit, improvement positive; for a threshold claim the
            effect is how far beyond the threshold the candidate is.
        estimate: The deciding estimate: its deciding interval gives the standard error, its level the error.
        power: The plan's power, e.g. 0.8.

    Returns:
        None where no minimal effect is declared, there is no usable interval, or no number of units would be enough.
    """
    room = distances(claim)
    noise = noise_of(estimate)
    if room is None or noise is None or not 0 < power < 1:
        return None
    quantile = float(ndtri((1 + estimate.decision_level) / 2))
    if _power(room, noise.se(MOST), quantile) < power:
        return None
    low, high = 0, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(room, noise.se(middle), quantile) >= power else (middle, high)
    return high


def distances(claim: Claim) -> tuple[float, ...] | None:
    """How far the declared effect lies from each bound that has to be excluded; None where no effect is declared."""
    effect, margin = claim.minimal_effect, claim.margin or 0.0
    if effect is None:
        return None
    room: tuple[float, ...]
    if claim.kind == "equivalent":
        room = (margin - effect, margin + effect)
    elif claim.kind == "not_worse":
        room = (margin + effect,)
    else:
        room = (effect - (margin if claim.kind == "better" else 0.0),)
    return room if all(r > 0 for r in room) else None


def noise_of(estimate: Estimate) -> Noise | None:
    """Variance from the width of the deciding interval; seeds' share does not shrink with units."""
    bounds, units = estimate.decision_interval, estimate.units
    if bounds is None or not usable(bounds) or units < 1 or not 0 < estimate.decision_level < 1:
        return None
    facts = estimate.diagnostics
    df = facts.get("df", math.inf)
    tail = (1 + estimate.decision_level) / 2
    quantile = float(stdtrit(df, tail)) if math.isfinite(df) and df > 0 else float(ndtri(tail))
    variance = ((bounds[1] - bounds[0]) / 2 / quantile) ** 2
    if not (variance > 0 and math.isfinite(variance)):
        return None
    parts = facts.get("unit_variance", 1.0), facts.get("seed_variance", 0.0)
    share = parts[1] / sum(parts) if sum(parts) > 0 else 0.0
    return Noise(variance * (1 - share) * units, variance * share)


def _power(room: tuple[float, ...], se: float, quantile: float) -> float:
    """Probability that every bound is excluded, for a normal estimate (two one-sided tests for equivalence)."""
    return sum(float(ndtr(r / se - quantile)) for r in room) - (len(room) - 1)
