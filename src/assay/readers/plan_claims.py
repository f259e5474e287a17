"""What makes no sense in one claim: kind, margin, threshold and effect beside what the metric declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assay.base.errors import MetricError
from assay.readers.plan_schema import GuardrailKeys
from assay.readers.plan_yaml import Key
from assay.records.metric import Family, Metric

THRESHOLDS = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found at a path; a warning has no rule that it breaks."""

    path: Key
    what: str
    rule: str
    fix: str
    warning: bool = False
    metric: bool = False


def claim_findings(path: Key, claim: GuardrailKeys, known_metric: Callable[[str], Metric]) -> Iterator[Finding]:
    """Every rule on one claim."""
    try:
        metric: Metric | None = known_metric(claim.metric)
    except MetricError as error:
        yield Finding((*path, "metric"), error.what, error.rule, error.fix, metric=True)
        metric = None
    if metric is not None and metric.family is Family.DESCRIPTIVE:
        what = f"the claim {claim.name!r} is about {claim.metric}, which is descriptive"
        rule = "its value depends on the binning and has no interval that holds, so no verdict can rest on it"
        yield Finding(
            (*path, "metric"), what, rule, "claim brier or log_loss, and report this one beside it", metric=True
        )
    if metric is not None and metric.direction == "none" and claim.kind in ("better", "not_worse"):
        what = f"the claim {claim.name!r} asks {claim.metric} to be {claim.kind}"
        rule = "it is best at a value in between, so neither more nor less of it is better"
        fix = "claim at_least, at_most or equivalent; for calibration as a whole claim brier or log_loss"
        yield Finding((*path, "kind"), what, rule, fix)
    if claim.kind in THRESHOLDS:
        yield from _threshold(path, claim, metric)
    else:
        yield from _margin(path, claim, metric)
    yield from _effect(path, claim)


def _threshold(path: Key, claim: GuardrailKeys, metric: Metric | None) -> Iterator[Finding]:
    rule = f"`{claim.kind}` compares the candidate with a `threshold`, in the metric's unit"
    if claim.margin is not None:
        fix = "remove margin" if claim.threshold is not None else "write `threshold` in place of `margin`"
        yield Finding((*path, "margin"), f"the claim {claim.name!r} ({claim.kind}) has a margin", rule, fix)
    if claim.threshold is None:
        if claim.margin is None:
            yield Finding(path, f"the claim {claim.name!r} has no threshold", rule, "add `threshold: <value>`")
        return
    if metric is None:
        return
    t, low, high = claim.threshold, metric.lower, metric.upper
    if (low is not None and t < low) or (high is not None and t > high):
        what = f"the threshold {t:g} of the claim {claim.name!r} is no value that {claim.metric} can have"
        yield Finding((*path, "threshold"), what, _range(metric), "give a threshold in this range")
    elif t == (low if claim.kind == "at_least" else high):
        what = f"the claim {claim.name!r} ({claim.kind} {t:g}) always holds"
        yield Finding((*path, "threshold"), what, "", "choose a threshold that could fail", warning=True)
    if metric.direction != "none" and (claim.kind == "at_least") != (metric.direction == "higher"):
        other = "at_most" if claim.kind == "at_least" else "at_least"
        what = f"the claim {claim.name!r} asks {claim.metric} to be {claim.kind}, and {metric.direction} is better"
        yield Finding((*path, "kind"), what, "", f"{other} would ask for a good value", warning=True)


def _margin(path: Key, claim: GuardrailKeys, metric: Metric | None) -> Iterator[Finding]:
    d, kind = claim.margin, claim.kind
    if claim.threshold is not None:
        what, rule = f"the claim {claim.name!r} ({kind}) has a threshold", "`at_least` and `at_most` have a threshold"
        yield Finding((*path, "threshold"), what, rule, "remove it, or write `margin`")
    if d is None:
        if kind != "better":
            what = f"the claim {claim.name!r} ({kind}) has no margin"
            rule = "how much worse, or how different, is still acceptable has to be said before the data is read"
            yield Finding(path, what, rule, "add `margin: <distance in the metric's unit>`")
        return
    place = (*path, "margin")
    if d < 0:
        what = f"the margin {d:g} of the claim {claim.name!r} points in the wrong direction"
        rule = "a margin is a distance, 0 or more; the kind and the metric's direction say which way it counts"
        yield Finding(
            place, what, rule, f"write `margin: {-d:g}`, with `kind: not_worse` if it is how much may be lost"
        )
    elif kind == "equivalent" and d == 0:
        yield Finding(place, f"the claim {claim.name!r} is equivalent within 0", "no data can show that", "widen it")
    elif kind == "not_worse" and d == 0:
        what = f"the claim {claim.name!r} is not_worse with margin 0"
        yield Finding(place, what, "", "that asks for proof that it is better", warning=True)
    width = _width(metric)
    if width is not None and d >= width:
        what = f"the margin {d:g} of the claim {claim.name!r} is as large as the whole range of {claim.metric}"
        rule = f"two values of it differ by at most {width:g}" if metric is None else _range(metric)
        yield Finding(place, what, rule, "give the margin in the metric's unit, not in percent")


def _effect(path: Key, claim: GuardrailKeys) -> Iterator[Finding]:
    effect, margin, place = claim.minimal_effect, claim.margin or 0.0, (*path, "minimal_effect")
    if effect is None:
        if getattr(claim, "primary", False):
            what = f"the claim {claim.name!r} has no minimal_effect"
            yield Finding(path, what, "", "without it neither power nor the units still needed are known", warning=True)
        return
    least = f"the minimal effect {effect:g} of the claim {claim.name!r}"
    if effect < 0:
        rule = "it is how much better the candidate really is, in the metric's unit, whatever the direction"
        yield Finding(place, f"{least} is negative", rule, f"write `minimal_effect: {-effect:g}`")
    elif claim.kind == "better" and effect <= margin:
        rule = "`better` needs a true effect beyond its margin, or no number of units would be enough"
        yield Finding(place, f"{least} is not above the margin {margin:g}", rule, "raise it, or lower the margin")
    elif claim.kind in THRESHOLDS and effect == 0:
        rule = "it is how far beyond the threshold the candidate really is"
        yield Finding(place, f"{least} is 0", rule, "give a distance above 0")
    elif claim.kind == "equivalent" and claim.margin is not None and effect >= margin:
        rule = "`equivalent` needs a true difference inside its margin"
        yield Finding(place, f"{least} is not below the margin {margin:g}", rule, "lower it; 0 means no difference")


def _width(metric: Metric | None) -> float | None:
    if metric is None or metric.lower is None or metric.upper is None:
        return None
    return metric.upper - metric.lower


def _range(metric: Metric) -> str:
    low = "any value" if metric.lower is None else f"{metric.lower:g}"
    high = "any value" if metric.upper is None else f"{metric.upper:g}"
    return f"{metric.label or metric.name} ranges from {low} to {high}"
