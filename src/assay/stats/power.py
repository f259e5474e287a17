"""How many units a claim takes, what a number of units can detect, and how likely all claims are to hold.

Effects are oriented so that larger is better, as in verdicts. A claim is reached when the bounds of its interval
exclude what they have to (`rooms`); its power is the probability of that, for a normal estimate, or noncentral t where
degrees of freedom are given.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from assay.base.errors import PlanError
from assay.records.plan import ClaimKind
from assay.stats.special import nctdtr, ndtr, ndtri, stdtrit

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
        fixed_df: Degrees of freedom of the fixed variance.
        even: Effective units over units: below 1 where clusters are of unequal size. It counts for the degrees of
            freedom alone: what unequal sizes add to the variance belongs into `sd`.
    """

    sd: float
    fixed: float = 0.0
    null_sd: float | None = None
    small: bool = False
    fixed_df: float = math.inf
    even: float = 1.0

    def se(self, units: float, *, null: bool = False) -> float:
        """The standard error with so many effective units."""
        sd = self.null_sd if null and self.null_sd is not None else self.sd
        return math.sqrt(sd * sd / units + self.fixed)

    def df(self, units: float) -> float:
        """Degrees of freedom of that standard error, by Satterthwaite where part of the variance is fixed."""
        part = self.sd * self.sd / units
        below = part * part / max(units * self.even - 1, 0.1) if self.small else 0.0
        below += self.fixed * self.fixed / self.fixed_df
        return (part + self.fixed) ** 2 / below if below > 0 else math.inf


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
    df, se, null_se = noise.df(units), noise.se(units), noise.se(units, null=True)
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
    if unreachable(noise, aim, effect):
        return None
    return least(lambda units: power_at(noise, aim, effect, units) >= aim.power)


def unreachable(noise: Noise, aim: Aim, effect: float) -> str:
    """Why no number of units has the power wanted; empty where one has."""
    _checked(noise, aim)
    if min(rooms(aim, effect)) <= 0:
        return _beside(aim, effect)
    limit = power_at(noise, aim, effect, MOST)
    if limit >= aim.power:
        return ""
    if not noise.fixed > 0:
        return f"no number of units is enough: an effect of {effect:g} takes more than {MOST:,}"
    return (
        f"no number of units is enough: with {noise.fixed:.3g} of variance that units do not remove (seeds) the power"
        f" stays below {math.floor(limit * 100) / 100:.2f}; train more seeds"
    )


def _beside(aim: Aim, effect: float) -> str:
    """An effect on the wrong side of the bound: the claim is false then, and more units would only refute it."""
    if aim.kind == "equivalent":
        return f"no number of units is enough: a difference of {effect:g} is not within the margin {aim.margin:g}"
    if aim.kind == "better":
        said = f"an effect of {effect:g} does not exceed " + (f"the margin {aim.margin:g}" if aim.margin else "0")
    elif aim.kind == "not_worse":
        said = f"with an effect of {effect:g} the candidate is worse than the margin {aim.margin:g} allows"
    else:
        said = f"a candidate {effect:g} beyond its threshold does not lie beyond it"
    return f"no number of units is enough: {said}, so that the claim would not be true"


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
        return crossing(lambda effect: power_at(noise, aim, effect, units) >= aim.power, 0.0, aim.margin)
    near = -aim.margin if aim.kind == "not_worse" else aim.margin if aim.kind == "better" else 0.0
    reach = noise.se(units)
    while power_at(noise, aim, near + reach, units) < aim.power:
        reach *= 2
    return crossing(lambda effect: power_at(noise, aim, effect, units) < aim.power, near, near + reach)


def _checked(noise: Noise, aim: Aim) -> None:
    if not (noise.sd > 0 and math.isfinite(noise.sd)):
        raise PlanError(f"standard deviation is {noise.sd:g}", rule="it is positive", fix="give one from a pilot")
    if not (0 < aim.alpha < 0.5 and 0 < aim.power < 1):
        raise PlanError(
            f"alpha {aim.alpha:g} and power {aim.power:g}", rule="alpha of a side lies below 0.5, power between 0 and 1"
        )
    if aim.margin < 0:
        raise PlanError(f"margin is {aim.margin:g}", rule="a margin is 0 or more, on the scale of improvement")


def least(enough: Callable[[int], bool]) -> int:
    """The least number of units that is enough, of a condition that more units never undo."""
    low, high = 1, 2
    while high < MOST and not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def crossing(holds: Callable[[float], bool], low: float, high: float, steps: int = 80) -> float:
    """Where a condition that holds at `low` stops to hold on the way to `high`."""
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2
