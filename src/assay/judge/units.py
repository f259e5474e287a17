"""How many units an inconclusive claim would need: at the declared effect, never at the one observed.

Topping up to what the observed effect asks for and judging again has 10 % error at a nominal 5 %; only the variance
is taken from the data.
"""

from __future__ import annotations

import math

from assay.judge.numbers import usable
from assay.records.estimate import Estimate
from assay.records.plan import Claim
from assay.stats import power as powers
from assay.stats.anytime import nominal
from assay.stats.power import Aim, Noise
from assay.stats.special import ndtri, stdtrit


def units_needed(claim: Claim, estimate: Estimate, power: float, alpha: float | None = None) -> int | None:
    """Units with which the claim's power is reached at its declared minimal effect.

    Args:
        claim: Its margin and `minimal_effect`, in the metric's unit, improvement positive; for a threshold claim the
            effect is how far beyond the threshold the candidate is.
        estimate: The deciding estimate: its deciding interval gives the standard error.
        power: The plan's power, e.g. 0.8.
        alpha: The error on each side at which the claim will be decided, that of the last planned look; by default
            that of the deciding interval. An early look's level never comes again.

    Returns:
        None where no minimal effect is declared, there is no usable interval, or no number of units would be enough.
    """
    noise = noise_of(estimate)
    if claim.minimal_effect is None or noise is None or not 0 < power < 1:
        return None
    error = (1 - estimate.decision_level) / 2 if alpha is None else alpha
    return powers.units_needed(noise, Aim(claim.kind, claim.margin or 0.0, error, power), claim.minimal_effect)


def noise_of(estimate: Estimate) -> Noise | None:
    """Variance from the width of the deciding interval; the seeds' share of it does not shrink with units."""
    bounds, units = estimate.decision_interval, estimate.units
    if bounds is None or not usable(bounds) or units < 1 or not 0 < estimate.decision_level < 1:
        return None
    facts = estimate.diagnostics
    df = facts.get("df", math.inf)
    tail = (1 + estimate.decision_level) / 2
    if "best_at" in facts:
        # An interval that holds at every moment is wider than that of one look.
        tail = 1 - nominal(units, 1 - tail, facts["best_at"])
    quantile = float(stdtrit(df, tail)) if math.isfinite(df) and df > 0 else float(ndtri(tail))
    variance = ((bounds[1] - bounds[0]) / 2 / quantile) ** 2
    if not (variance > 0 and math.isfinite(variance)):
        return None
    parts = facts.get("unit_variance", 1.0), facts.get("seed_variance", 0.0)
    share = parts[1] / sum(parts) if sum(parts) > 0 else 0.0
    return Noise(math.sqrt(variance * (1 - share) * units), fixed=variance * share)
