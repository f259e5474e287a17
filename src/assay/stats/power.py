"""How many units a claim takes, what a number of units can detect, and how likely all claims are to hold.

Effects are oriented so that larger is better, as in verdicts. A claim is reached when the bounds of its interval
exclude what they have to (`rooms`); its power is the probability of that, for a normal estimate, or noncentral t where
degrees of freedom are given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import nctdtr, ndtr, ndtri, stdtrit

from assay.base.errors import PlanError
from assay.records.plan import ClaimKind

MOST = 10**12
"""More units than any study has."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a claim has to show.

    Attributes:
        kind: The kind of claim.
        margin: For `better`, `not_worse` and `equivalent`, >= 0.
        alpha: Error of one side.
        power: The probability wanted.
    """

    kind: ClaimKind = "better"
    margin: float = 0.0
    alpha: float = 0.025
    power: float = 0.8


@dataclass(frozen=True, slots=True)
class Noise:
    """How an estimate varies with the number of effective units.

    Attributes:
        sd: Standard deviation of one effective unit's contribution (of the paired difference).
        fixed: Variance that more units do not remove, e.g. that of seeds (`seed_variance`).
        null_sd: The same as `sd` where the claim's bound is true; `sd` unless given.
        small: Whether to use t with units - 1 degrees of freedom.
    """

    sd: float
    fixed: float = 0.0
    null_sd: float | None = None
    small: bool = False

    def se(self, units: float, *, null: bool = False) -> float:
        """The standard error with so many effective units."""
        sd = self.null_sd if null and self.null_sd is not None else self.sd
        return math.sqrt(sd * sd / units + self.fixed)


def rooms(aim: Aim, effect: float) -> tuple[float, ...]:
    """Distances between a true effect and the bounds that have to be excluded.

    Args:
        aim: The claim.
        effect: The true improvement; for `at_least` and `at_most` how far beyond the threshold.

    >>> rooms(Aim("not_worse", margin=0.01), 0.0)
    (0.01,)
    """
    if aim.kind == "equivalent":
        return (aim.margin - effect, aim.margin + effect)
    if aim.kind == "not_worse":
        return (aim.margin + effect,)
    return (effect - aim.margin,) if aim.kind == "better" else (effect,)


def one_sided(room: float, se: float, alpha: float, df: float = math.inf, null_se: float | None = None) -> float:
    """Probability that a one-sided test excludes a bound `room` away.

    Args:
        room: Distance of the truth from the bound; negative on its wrong side.
        se: Standard error of the estimate.
        alpha: Error of one side.
        df: Degrees of freedom; infinite for the normal.
        null_se: Standard error under which the bound is set; `se` unless given.

    >>> round(one_sided(0.2, 1 / 60**0.5, 0.05, 59), 4)
    0.4548
    """
    scale = (se if null_se is None else null_se) / se
    shift = room / se
    if math.isfinite(df) and df < 1000:
        tail = float(nctdtr(df, shift, float(stdtrit(df, 1 - alpha)) * scale))
        if math.isfinite(tail):
            return 1 - tail
    return float(ndtr(shift + float(ndtri(alpha)) * scale))


def power_at(noise: Noise, aim: Aim, effect: float, units: float) -> float:
    """Probability that a claim is supported.

    Two bounds (equivalence) both have to be excluded: 1 - the sum of the two misses, which is exact where the
    intervals cannot miss on both sides at once and otherwise low.

    Args:
        noise: How the estimate varies.
        aim: The claim.
        effect: The true improvement.
        units: Effective units.

    >>> round(power_at(Noise(1.0), Aim(), 0.28, 100), 3)
    0.8
    """
    _checked(noise, aim)
    df = max(units - 1, 0.1) if noise.small else math.inf
    se, null_se = noise.se(units), noise.se(units, null=True)
    reached = [one_sided(room, se, aim.alpha, df, null_se) for room in rooms(aim, effect)]
    return max(0.0, sum(reached) - (len(reached) - 1))


def units_needed(noise: Noise, aim: Aim, effect: float) -> int | None:
    """The least number of effective units with the power wanted; None where no number is enough.

    Args:
        noise: How the estimate varies.
        aim: The claim and the power.
        effect: The improvement worth detecting, as declared; never the one observed.

    >>> units_needed(Noise(1.0), Aim(), 0.28)
    101
    """
    if min(rooms(aim, effect)) <= 0 or power_at(noise, aim, effect, MOST) < aim.power:
        return None
    return _least(lambda units: power_at(noise, aim, effect, units) >= aim.power)


def minimal_detectable_effect(noise: Noise, aim: Aim, units: float) -> float | None:
    """The least true improvement at which the claim has the power wanted.

    For `not_worse` it may be negative: how much worse the candidate may truly be. For `equivalent` it is the largest
    true difference at which equivalence is still shown.

    Args:
        noise: How the estimate varies.
        aim: The claim and the power.
        units: Effective units.

    Returns:
        None where equivalence is out of reach even with no difference.
    """
    if aim.kind == "equivalent":
        if power_at(noise, aim, 0.0, units) < aim.power:
            return None
        return _crossing(lambda effect: power_at(noise, aim, effect, units) >= aim.power, 0.0, aim.margin)
    near = -aim.margin if aim.kind == "not_worse" else aim.margin if aim.kind == "better" else 0.0
    reach = noise.se(units)
    while power_at(noise, aim, near + reach, units) < aim.power:
        reach *= 2
    return _crossing(lambda effect: power_at(noise, aim, effect, units) < aim.power, near, near + reach)


def paired_proportions(discordant: float, effect: float = 0.0) -> Noise:
    """Noise of a paired difference of proportions, for McNemar's and Tango's tests.

    Args:
        discordant: Share of units that the two models judge differently.
        effect: The true difference, at most `discordant`.

    Source: Connor (1987), Biometrics 43:207-211.

    >>> units_needed(paired_proportions(0.2, 0.1), Aim(), 0.1)
    155
    """
    if not abs(effect) <= discordant <= 1:
        raise PlanError(
            f"{discordant:g} of the units discordant, with a difference of {effect:g}",
            rule="the difference cannot exceed the discordant share",
            fix="raise the discordant share, or lower the effect",
        )
    return Noise(math.sqrt(discordant - effect * effect), null_sd=math.sqrt(discordant))


def two_groups(sd: float, small: bool = False) -> Noise:
    """Noise per pair of units of a difference between two independent groups of equal size."""
    return Noise(sd * math.sqrt(2), small=small)


def auc_sd(auc: float, positives: float) -> float:
    """Standard deviation of an AUC per effective unit, for large samples.

    Args:
        auc: The AUC expected.
        positives: Share of positives.

    Source: Hanley & McNeil (1982), Radiology 143:29-36, with exponential scores.
    """
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    return math.sqrt((q2 - auc**2) / positives + (q1 - auc**2) / (1 - positives))


def auc_difference(baseline: float, candidate: float, positives: float, correlation: float) -> Noise:
    """Noise of a paired difference of AUCs.

    Args:
        baseline: AUC expected of the baseline.
        candidate: AUC expected of the candidate.
        positives: Share of positives.
        correlation: Of the two AUCs, about 0.5 for models that share features (Hanley & McNeil 1983).
    """
    a, b = auc_sd(baseline, positives), auc_sd(candidate, positives)
    return Noise(math.sqrt(a * a + b * b - 2 * correlation * a * b), null_sd=a * math.sqrt(2 * (1 - correlation)))


def seed_variance(
    sd: float, baseline_seeds: int, candidate_seeds: int, *, deterministic_baseline: bool = False
) -> float:
    """Variance that seeds leave in a difference of methods, to be given as `Noise.fixed`.

    Args:
        sd: Standard deviation of the metric over seeds.
        baseline_seeds: Seeds of the baseline.
        candidate_seeds: Seeds of the candidate.
        deterministic_baseline: The baseline has no seeds' variance.
    """
    return sd * sd * ((0.0 if deterministic_baseline else 1 / baseline_seeds) + 1 / candidate_seeds)


def design_effect(units: int, effective_units: float) -> float:
    """Units for each effective unit: multiply the units needed by it where sizes are as uneven as those seen."""
    return units / effective_units if effective_units > 0 else 1.0


def probability_all_hold(powers: Sequence[float], correlation: float = 0.0) -> float:
    """Probability that all claims are supported.

    Args:
        powers: Of each claim, at its declared effect.
        correlation: Common to the estimates of any two claims, in [0, 1); 0 is the cautious choice.

    >>> round(probability_all_hold([0.8, 0.9]), 3), round(probability_all_hold([0.8, 0.9], 0.7), 3)
    (0.72, 0.769)
    """
    if not 0 <= correlation < 1:
        raise PlanError(f"correlation is {correlation:g}", rule="a common correlation lies in [0, 1)")
    if correlation == 0 or any(p <= 0 for p in powers):
        return float(np.prod(np.asarray(powers, dtype=float)))
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    z = ndtri(np.minimum(np.asarray(powers, dtype=float), 1 - 1e-16))
    given = ndtr((z[:, None] + math.sqrt(correlation) * nodes) / math.sqrt(1 - correlation))
    return float((given.prod(axis=0) * weights).sum() / math.sqrt(2 * math.pi))


def _checked(noise: Noise, aim: Aim) -> None:
    if not (noise.sd > 0 and math.isfinite(noise.sd)):
        raise PlanError(f"standard deviation is {noise.sd:g}", rule="it is positive", fix="give one from a pilot")
    if not (0 < aim.alpha < 0.5 and 0 < aim.power < 1):
        raise PlanError(
            f"alpha {aim.alpha:g} and power {aim.power:g}", rule="alpha of a side lies below 0.5, power between 0 and 1"
        )
    if aim.margin < 0:
        raise PlanError(f"margin is {aim.margin:g}", rule="a margin is 0 or more, on the scale of improvement")


def _least(enough: Callable[[float], bool]) -> int:
    low, high = 1, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _crossing(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that holds at `low` stops to hold on the way to `high`."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2
