"""The product's words for metrics, slices, claims and statuses; said the same way on every face."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assay.base import wording
from assay.records.metric import Metric
from assay.records.plan import Claim
from assay.records.verdict import Action, Status
from assay.report.blocks import Tone
from assay.report.numbers import plain
from assay.report.text import clean, show

BETWEEN = "best in between"
"""Which way is better, of a metric that is best at a value in between."""

STATUS_TONE: dict[Status, Tone] = {
    "supported": "good",
    "refuted": "bad",
    "inconclusive": "unsure",
    "invalid": "muted",
}

ACTION_TONE: dict[Action, Tone] = {"adopt": "good", "iterate": "unsure", "stop": "bad", "hold": "unsure"}

ACTION_MEANING: dict[Action, str] = {
    "adopt": "Every required claim is supported. A person decides.",
    "iterate": "Not as it is: change the candidate and test it on fresh units.",
    "stop": "The evidence is against it: spend the effort elsewhere.",
    "hold": "Not yet: the evidence does not settle it. A person decides.",
}


def ordinal(n: int) -> str:
    """Which one it is, in words as far as these are short.

    >>> ordinal(2), ordinal(7)
    ('second', '7th')
    """
    return {1: "first", 2: "second", 3: "third"}.get(n, f"{n}th")


def metric_words(notation: str) -> str:
    """A metric's notation as it reads in a sentence.

    >>> metric_words("log_loss"), metric_words("auc"), metric_words("recall@0.5")
    ('log loss', 'AUC', 'recall@0.5')
    """
    return clean(wording.metric_words(notation))


def metric_name(metric: Metric) -> str:
    """A metric's name as it reads in a sentence."""
    return metric_words(metric.label or metric.name)


def capital(text: str) -> str:
    """A sentence's first letter in upper case, where that is a plain word.

    >>> capital("log loss"), capital("gap(recall, by=region)")
    ('Log loss', 'gap(recall, by=region)')
    """
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+( |,|:|$)", text) else text


def direction(metric: Metric) -> str:
    """Which way is better, in words."""
    return BETWEEN if metric.direction == "none" else f"{metric.direction} is better"


def ends(metric: Metric, alone: bool = False) -> tuple[str, str]:
    """What the two sides of a plot mean, left then right: of a difference, or of one model's value alone."""
    low, high = ("lower", "higher") if metric.direction == "none" else ("worse", "better")
    return (low, high) if alone else (f"baseline {'higher' if low == 'lower' else 'better'}", f"candidate {high}")


def unit_of(metric: Metric) -> str:
    """The unit where it says something; `1` and percentages say nothing beside a number."""
    return "" if metric.unit in ("", "1", "%", "percent") else clean(metric.unit)


def metric_title(metric: Metric) -> str:
    """Name, unit and direction: `log loss (nats, lower is better)`."""
    inside = ", ".join(part for part in (unit_of(metric), direction(metric)) if part)
    return f"{metric_name(metric)} ({inside})"


def slice_words(key: Mapping[str, Any]) -> str:
    """A slice by its columns and values; an empty one is all data."""
    return ", ".join(f"{clean(str(name))} = {show(value)}" for name, value in key.items()) or "all data"


def claim_words(claim: Claim) -> str:
    """What a claim says, as a sentence without its subject.

    >>> claim_words(Claim("harm", "auc", "not_worse", margin=0.01))
    'AUC not worse than the baseline by 0.01 or more'
    """
    margin, threshold = plain(claim.margin or 0.0), plain(claim.threshold or 0.0)
    said = {
        "better": "better than the baseline" + (f" by more than {margin}" if claim.margin else ""),
        "not_worse": f"not worse than the baseline by {margin} or more",
        "equivalent": f"within {margin} of the baseline, either way",
        "at_least": f"of the candidate at least {threshold}",
        "at_most": f"of the candidate at most {threshold}",
    }[claim.kind]
    where = f", for {slice_words(claim.slice)}" if claim.slice else ""
    about = ", over training seeds" if claim.about == "method" else ""
    return f"{metric_words(claim.metric)} {said}{where}{about}"
