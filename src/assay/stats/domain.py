"""Where each method holds: what a verdict may rest on, as data. The coverage table in docs/ is the judge of it."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.base.wording import figure
from assay.stats.skew import LEAST


@dataclass(frozen=True, slots=True)
class Need:
    """One condition of a method.

    Attributes:
        fact: The name of the figure in an estimate's diagnostics, or `rows`, `units`, `effective_units`.
        least: What it has to reach.
        said: The figure in words.
    """

    fact: str
    least: float
    said: str


_UNITS = Need("effective_units", 20, "effective units")
_NONZERO = Need("nonzero", 10, "units in which the models differ")
_GROUPS = Need("effective_groups", 20, "effective units with rows that count")
_SKEW = Need("skew_units", 40, "units, as a multiple of the squared skewness of their values")
_GROUP_SKEW = Need("skew_units", 50, "effective units, as a multiple of the squared skewness of their values")
_POSITIVES = Need("positives", 10, "rows of the positive class")
_NEGATIVES = Need("negatives", 10, "rows of the negative class")
_CLASSES = (Need("positives", 20, "rows of the positive class"), Need("negatives", 20, "rows of the negative class"))
_MISRANKED = Need("misranked", 4, "rows of the smaller class ranked wrong")
_CLASS_UNITS = Need("class_units", 5, "effective units with rows of the rarest class")
_OF_ROWS = (
    Need("carrying_units", 15, "units that carry the variance, were they to move the value alike"),
    Need("precision_rows", 50, "rows of the positive class, whose precision is averaged"),
    Need("part_rows", 20, "rows of one class in the part of the curve that counts"),
    Need("wrong_rows", 30, "rows predicted wrong"),
    Need("wrong_answered", 8, "rows answered wrong"),
    Need("right_answered", 8, "rows answered right"),
)
_INFLUENCE = (
    _UNITS,
    _GROUPS,
    Need("positives", 30, "rows of the positive class"),
    Need("negatives", 20, "rows of the negative class"),
    Need("class_units", 10, _CLASS_UNITS.said),
    *_OF_ROWS,
)
_TOGETHER = (
    Need("effective_units", 30, _UNITS.said),
    Need("effective_groups", 30, _GROUPS.said),
    _NONZERO,
    _GROUP_SKEW,
    _CLASS_UNITS,
    Need("class_rows", 30, "rows of the rarer class"),
    *_OF_ROWS,
)
_GROUPED = (
    Need("least_units", 10, "effective units in the smallest group"),
    Need("share_inside", 1, "as the share of groups inside the domain of their own method"),
    _SKEW,
)
_TAIL = Need("tail_rows", 5, "rows expected beyond the quantile")
_TAIL_UNITS = Need("tail_units", 2, "effective units expected beyond the quantile")

ROUNDING = 1e-9
"""A number of units that a product misses by rounding alone."""

_FILLED = Need("rarer_units", 3, "units, were each of one kind throughout, to hold the rarer rows")

DOMAINS: Mapping[str, tuple[Need, ...]] = {
    "wilson": (Need("trials", 10, "rows that count"),),
    "wilson-clustered": (_UNITS, _GROUPS, _FILLED),
    "clopper-pearson": (Need("trials", 10, "rows that count"),),
    "clopper-pearson-clustered": (_UNITS, _GROUPS, _FILLED),
    "tango": (Need("trials", 10, "rows that count"),),
    "newcombe-paired": (Need("trials", 10, "rows that count"),),
    "dirichlet": (Need("rows", 20, "rows"), Need("tail_draws", 1, "replicates beyond each bound")),
    "multinomial-bootstrap": (
        Need("rows", 100, "rows"),
        Need("rarest_class", 30, "rows of the rarest class"),
        Need("wrong_rows", 5, "rows predicted wrong"),
        _NONZERO,
        Need("tail_draws", 1, "replicates beyond each bound"),
    ),
    "t": (Need("units", 30, "units"), _NONZERO, _SKEW),
    "t-ratio": (Need("units", 100, "units"), _NONZERO, _SKEW),
    "jackknife": (
        Need("effective_units", 30, _UNITS.said),
        Need("effective_groups", 30, _GROUPS.said),
        _NONZERO,
        _GROUP_SKEW,
        _CLASS_UNITS,
    ),
    "max-t": (
        *_TOGETHER,
        Need("tail_draws", 1, "replicates beyond each bound"),
    ),
    "fieller": _TOGETHER,
    "max-t-runs": (
        Need("run_df", 4, "degrees of freedom between runs of the same settings"),
        Need("tail_draws", 1, "replicates beyond each bound"),
    ),
    "best-t": _TOGETHER,
    "jackknife-logit": (
        _UNITS,
        _GROUPS,
        _CLASS_UNITS,
        Need("wrong_units", 3, "units, were they wrong throughout, to hold the rows predicted wrong"),
    ),
    "delong": (*_CLASSES, _MISRANKED),
    "delong-logit": (*_CLASSES, _MISRANKED),
    "delong-paired": (*_CLASSES, Need("misranked", 1, _MISRANKED.said)),
    "auc-jackknife": (_UNITS, _POSITIVES, _NEGATIVES, _CLASS_UNITS, Need("misranked", 1, _MISRANKED.said)),
    "influence-jackknife": _INFLUENCE,
    "influence-jackknife-logit": _INFLUENCE,
    "influence-jackknife-paired": (*_INFLUENCE, _NONZERO),
    "order-statistics": (Need("units", 20, "units"), _TAIL),
    "woodruff": (_UNITS, _TAIL, _TAIL_UNITS),
    "quantile-mover": (_UNITS, _TAIL, _TAIL_UNITS),
    "seeds-satterthwaite": (
        _UNITS,
        _GROUPS,
        _GROUP_SKEW,
        _CLASS_UNITS,
        Need("seeds", 3, "seeds with different results, of each model with more than one"),
        Need("seed_df", 3, "degrees of freedom between seeds (seeds - 1, summed over the models that vary)"),
    ),
    "agreement-jackknife": (_GROUPS, Need("disagreeing", 5, "units in which raters disagree")),
    "bradley-terry": (Need("fewest", 10, "wins, or losses, of the model, whichever are fewer"),),
    "bradley-terry-jackknife": (
        Need("effective_groups", 30, _GROUPS.said),
        Need("fewest", 10, "wins, or losses, of the model, whichever are fewer"),
    ),
    "worst-group": _GROUPED,
    "extremes-difference": _GROUPED,
    "gap-pairwise": _GROUPED,
    "normal-mixture": (
        _UNITS,
        Need("around_inside", 1, "as the share of intervals inside the domain of the method that it is built around"),
    ),
    "stage-wise": (_UNITS,),
    "beta-binomial-mixture": (Need("trials", 10, "rows that count"),),
    "betting-mixture": (Need("trials", 10, "rows that count"),),
}


def within(method: str, facts: Mapping[str, Any]) -> tuple[bool, str]:
    """Whether a sample lies in a method's domain, and the sentence that says so.

    A figure that the method did not report does not bind it: a single mean has no units in which models differ.

    Args:
        method: The stable name.
        facts: Figures by name: those of the design, and the procedure's diagnostics.
    """
    if method not in DOMAINS:
        return False, "no interval, so no verdict can rest on it"
    binding = [need for need in DOMAINS[method] if need.fact in facts]
    short = [need for need in binding if not facts[need.fact] >= need.least]
    shown = [need for need in short or binding if not _said_already(need, short or binding, facts)]
    verb = "too small: needs" if short else "holds from"
    return not short, f"{verb} " + ", ".join(_said(need, facts) for need in shown)


def _said_already(need: Need, beside: Sequence[Need], facts: Mapping[str, Any]) -> bool:
    """Whether it says of effective units with rows that count what another need says of all of them."""
    if need.fact != "effective_groups":
        return False
    units = [n for n in beside if (n.fact, n.least) == ("effective_units", need.least)]
    return any(figure(facts[n.fact], 4) == figure(facts[need.fact], 4) for n in units)


def _said(need: Need, facts: Mapping[str, Any]) -> str:
    """One condition with what there is; how many units a skewness asks for is worked out."""
    skew = facts.get("skewness")
    if need.fact == "skew_units" and skew is not None:
        squared = max(skew * skew, LEAST)
        least, here, name = need.least * squared, facts[need.fact] * squared, need.said.partition(",")[0]
        asked = f"{figure(math.ceil(least - ROUNDING))} {name} where values are as skewed as here"
        return f"{asked} (skewness {figure(skew, 3)}; here {_short_of(here, least)})"
    return f"{figure(need.least)} {need.said} (here {_short_of(facts[need.fact], need.least)})"


@functools.lru_cache(maxsize=1024)
def _short_of(number: float, least: float) -> str:
    """A figure with four digits, or as many as keep it from reading as the limit that it misses."""
    digits = next((d for d in range(4, 17) if (float(f"{number:.{d}g}") < least) == (number < least)), 17)
    return figure(number, digits)
