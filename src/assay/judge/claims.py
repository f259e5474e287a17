"""The status of one claim, read off the deciding interval and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from assay.base.errors import PlanError
from assay.base.wording import level
from assay.judge.numbers import metric_words, texts, usable, with_unit
from assay.judge.units import units_needed
from assay.records.comparison import Comparison
from assay.records.estimate import Bounds, Estimate
from assay.records.metric import Metric
from assay.records.plan import Claim
from assay.records.verdict import Status, Verdict

THRESHOLDS = ("at_least", "at_most")
LEAST_NONZERO = 10
"""Units with a non-zero difference below which no method's error can be trusted, so nothing is supported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A status with its one sentence."""

    status: Status
    reason: str


def oriented(bounds: Bounds, metric: Metric) -> Bounds:
    """The interval of a difference, turned so that larger is better."""
    return bounds if metric.sign > 0 else (-bounds[1], -bounds[0])


def read_off(claim: Claim, bounds: Bounds, metric: Metric) -> Status:
    """The table of verdicts, on an interval in the metric's own unit.

    Args:
        claim: What is claimed; its margin is at least 0.
        bounds: Of the difference, candidate minus baseline; for `at_least` and `at_most` of the candidate itself.
        metric: Its direction orients the difference.

    Raises:
        PlanError: when the claim lacks the margin or the threshold that its kind needs.
    """
    if claim.kind in THRESHOLDS:
        t = threshold(claim)
        if claim.kind == "at_least":
            return _decide(bounds[0] >= t, bounds[1] < t)
        return _decide(bounds[1] <= t, bounds[0] > t)
    low, high = oriented(bounds, metric)
    d = margin(claim)
    if claim.kind == "better":
        return _decide(low > d, high < d)
    if claim.kind == "not_worse":
        return _decide(low > -d, high < -d)
    return _decide(-d < low and high < d, low > d or high < -d)


def status(claim: Claim, comparison: Comparison | None, broken: str = "") -> Finding:
    """What the evidence says of a claim.

    Args:
        claim: What is claimed.
        comparison: The evidence at the claim's decision level; None where nothing could be compared.
        broken: Why the evidence cannot be trusted (leakage, wrong pairing, a look too many); empty where it can.
    """
    if broken or comparison is None:
        return Finding("invalid", broken or "nothing was compared for this claim")
    estimate = deciding(claim, comparison)
    if estimate.undefined is not None:
        return Finding("inconclusive", f"{_what(claim, comparison)} is undefined: {estimate.undefined}")
    bounds = estimate.decision_interval
    if bounds is None or not usable(bounds):
        why = estimate.domain or estimate.reason or "the method gives no finite bounds"
        return Finding("inconclusive", f"{_what(claim, comparison)} has no interval to decide on: {why}")
    found = read_off(claim, bounds, comparison.metric)
    reason = explain(claim, estimate, bounds, comparison.metric, found)
    doubt = _doubt(claim, estimate)
    if found == "supported" and doubt:
        return Finding("inconclusive", f"{reason}; this cannot count as supported, because {doubt}")
    return Finding(found, reason)


def verdict(
    claim: Claim, candidate: str, comparison: Comparison | None, power: float, final: float | None = None
) -> Verdict:
    """The verdict on a claim for one candidate, with the units still needed where it stays open.

    Args:
        power: The plan's power, at the claim's declared minimal effect.
        final: The error on each side at the last planned look; by default that of the deciding interval.
    """
    found = status(claim, comparison)
    needed = None
    if found.status == "inconclusive" and comparison is not None:
        needed = units_needed(claim, deciding(claim, comparison), power, final)
    return Verdict(claim, candidate, found.status, found.reason, comparison, needed)


def deciding(claim: Claim, comparison: Comparison) -> Estimate:
    """The estimate that decides: the candidate's own for a threshold, else the difference."""
    return comparison.candidate if claim.kind in THRESHOLDS else comparison.difference


def margin(claim: Claim) -> float:
    """The claim's margin; `better` without one means better at all.

    Raises:
        PlanError: when a margin is missing or negative.
    """
    if claim.margin is None and claim.kind == "better":
        return 0.0
    if claim.margin is None or not claim.margin >= 0:
        raise PlanError(
            f"the claim {claim.name!r} has the margin {claim.margin}",
            rule=f"`{claim.kind}` needs a margin of 0 or more, in the metric's unit",
            fix="add a margin to the claim",
        )
    return claim.margin


def threshold(claim: Claim) -> float:
    """The value that `at_least` and `at_most` are about.

    Raises:
        PlanError: when it is missing or not a number.
    """
    if claim.threshold is None or claim.threshold != claim.threshold:
        raise PlanError(
            f"the claim {claim.name!r} has the threshold {claim.threshold}",
            rule=f"`{claim.kind}` needs a threshold, in the metric's unit",
            fix="add a threshold to the claim",
        )
    return claim.threshold


def explain(claim: Claim, estimate: Estimate, bounds: Bounds, metric: Metric, found: Status) -> str:
    """One sentence: the deciding interval beside the bound, and what follows."""
    limit = _limit(claim, metric)
    limits = (-limit, limit) if claim.kind == "equivalent" else (limit,)
    low, high, *shown = texts(*bounds, *limits)
    of = f"the candidate's {metric_words(metric)}" if claim.kind in THRESHOLDS else "the difference"
    interval = f"the {level(estimate.decision_level)} interval of {of}, {with_unit(f'{low} to {high}', metric)}"
    if claim.kind == "equivalent":
        return f"{interval}, {_equivalence(shown, metric, found)}"
    if found == "inconclusive":
        return f"{interval}, contains {shown[0]}: the data do not settle whether {_asked(claim, shown[0], metric)}"
    return f"{interval}, {_side(bounds, limit)} {shown[0]}: {_follows(claim, metric, found)}"


def _side(bounds: Bounds, limit: float) -> str:
    if bounds[0] > limit:
        return "lies above"
    if bounds[1] < limit:
        return "lies below"
    return "does not go below" if bounds[0] == limit else "does not go above"


def _limit(claim: Claim, metric: Metric) -> float:
    """The bound in the metric's own unit and orientation."""
    if claim.kind in THRESHOLDS:
        return threshold(claim)
    if claim.kind == "equivalent":
        return margin(claim)
    return margin(claim) * metric.sign * (1 if claim.kind == "better" else -1) + 0.0


def _equivalence(limits: list[str], metric: Metric, found: Status) -> str:
    inside = f"{limits[0]} to {limits[1]}"
    words = metric_words(metric)
    if found == "supported":
        return f"lies inside {inside}: the {words} of both is the same within the margin"
    if found == "refuted":
        return f"lies outside {inside}: the {words} differs by more than the margin"
    return f"reaches a bound of {inside}: the data do not settle whether the {words} is the same within the margin"


def _asked(claim: Claim, limit: str, metric: Metric) -> str:
    words = metric_words(metric)
    if claim.kind in THRESHOLDS:
        return f"it is {claim.kind.replace('_', ' ')} {limit}"
    if claim.kind == "better":
        return f"the candidate's {words} is better" + (" by more than the margin" if margin(claim) else "")
    return f"the candidate's {words} is worse than the margin allows"


def _follows(claim: Claim, metric: Metric, found: Status) -> str:
    words, yes = f"the candidate's {metric_words(metric)}", found == "supported"
    up = metric.direction != "lower"
    if claim.kind in THRESHOLDS:
        asked = claim.kind.replace("_", " ")
        return f"it is {asked} the threshold" if yes else f"it is not {asked} the threshold"
    if claim.kind == "better" and not margin(claim):
        return f"{words} is {'higher' if up == yes else 'lower'}"
    if claim.kind == "better":
        return f"{words} is better by {'more' if yes else 'less'} than the margin"
    return f"{words} is {'not worse' if yes else 'worse'} than the margin allows"


def _doubt(claim: Claim, estimate: Estimate) -> str:
    """Why support would not count: outside the method's domain, or too few units that differ."""
    if not estimate.inside_domain:
        return f"the data lie outside the domain of {estimate.method}" + (
            f" ({estimate.domain})" if estimate.domain else ""
        )
    differ = estimate.diagnostics.get("nonzero")
    if claim.kind not in THRESHOLDS and differ is not None and differ < LEAST_NONZERO:
        return f"only {differ:g} units differ between the models, and {LEAST_NONZERO} are needed"
    return ""


def _what(claim: Claim, comparison: Comparison) -> str:
    name = metric_words(comparison.metric)
    return f"the candidate's {name}" if claim.kind in THRESHOLDS else f"the difference of {name}"


def _decide(supported: bool, refuted: bool) -> Status:
    return "supported" if supported else "refuted" if refuted else "inconclusive"
