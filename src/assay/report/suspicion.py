"""Changes too large to be believed before somebody has looked: derived when evidence is read, and no verdict heeds it.

A difference over all data is suspicious where even the cautious end of its deciding interval

- is more than half of what the worse model's value lacks to the best that the metric can reach: one model has removed
  more than half of the error that the other leaves. Of metrics of a target with such a best, gaps between groups apart;
- or is more than ten times the smallest effect that the plan says would matter.

What has no interval inside its method's domain is never called so, as nothing is claimed of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.base.wording import figure
from assay.records.comparison import Comparison, ComparisonSet
from assay.records.metric import Family
from assay.records.verdict import Recommendation
from assay.report.blocks import Block, Callout
from assay.report.effects import THRESHOLDS, deciding, effect
from assay.report.text import clean
from assay.report.words import metric_name

SHARE, TIMES = 0.5, 10.0
ADVICE = (
    "Before it is believed, look for the truth among what a model reads (leakage), for test rows in the training data, "
    "for files that are swapped or of another model, and for a model that is broken or trivial. No verdict heeds this."
)


def suspicion(comparison: Comparison, minimal_effect: float | None = None) -> str:
    """Why a difference asks for a second look; empty where it does not.

    Args:
        comparison: Over all data; a slice is never called suspicious.
        minimal_effect: The smallest effect that matters, where a plan declares one.
    """
    cautious = _cautious(comparison)
    if not cautious:
        return ""
    metric = comparison.metric
    shown = effect(metric, comparison.difference)
    found = []
    left = _left(comparison, cautious)
    if left and abs(cautious) > SHARE * left:
        winner, loser = comparison.candidate_name, comparison.baseline_name
        if cautious < 0:
            winner, loser = loser, winner
        found.append(f"{clean(winner)} removes more than half of what {clean(loser)} lacks to a perfect value")
    if minimal_effect and abs(cautious) > TIMES * abs(minimal_effect):
        found.append(f"it is over ten times the smallest effect that matters ({figure(abs(minimal_effect))})")
    return f"{metric_name(metric)} {shown.figures()}: {', and '.join(found)}" if found else ""


def suspicion_blocks(said: Sequence[str]) -> list[Block]:
    """A remark that must not be missed, where there is something to remark."""
    return [Callout("unsure", "Suspicious change", f"{'; '.join(said)}. {ADVICE}")] if said else []


def of_comparisons(results: ComparisonSet, candidate: str = "") -> list[str]:
    """What is suspicious of a comparison without a plan; of one candidate, where one is named."""
    mine = (c for c in results.comparisons if candidate in ("", c.candidate_name))
    several = len({c.candidate_name for c in results.comparisons}) > 1 and not candidate
    return [f"{clean(c.candidate_name)}, {why}" if several else why for c in mine if (why := suspicion(c))]


def of_verdicts(recommendation: Recommendation) -> list[str]:
    """What is suspicious of one candidate's claims, each metric once."""
    found: dict[str, str] = {}
    for verdict in recommendation.verdicts:
        claim, comparison = verdict.claim, verdict.comparison
        if comparison is not None:
            minimal = None if claim.kind in THRESHOLDS else claim.minimal_effect
            found.setdefault(comparison.metric.label, suspicion(comparison, minimal))
    return [why for why in found.values() if why]


def _cautious(comparison: Comparison) -> float:
    """The end of the deciding interval that is nearer to no difference, above 0 where the candidate is better; or 0."""
    difference, metric = comparison.difference, comparison.metric
    bounds = deciding(difference)
    known = difference.undefined is None and difference.value is not None and difference.inside_domain
    if comparison.slice or metric.direction == "none" or bounds is None or not known:
        return 0.0
    low, high = sorted(metric.sign * bound for bound in bounds)
    return low if low > 0 else high if high < 0 else 0.0


def _left(comparison: Comparison, cautious: float) -> float:
    """What the value of the worse model lacks to the best that there can be; 0 where no best is known."""
    metric = comparison.metric
    worse = comparison.baseline if cautious > 0 else comparison.candidate
    best = metric.upper if metric.direction == "higher" else metric.lower
    if best is None or worse.value is None or not metric.targeted or metric.family is Family.GAP:
        return 0.0
    return abs(best - worse.value)
