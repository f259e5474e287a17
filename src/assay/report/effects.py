"""What a comparison shows: its figures, the interval that decides, and how they read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.base.wording import counted, level
from assay.records.comparison import Alignment, Comparison, ComparisonSet
from assay.records.estimate import Bounds, Estimate
from assay.records.metric import Family, Metric
from assay.records.plan import Claim
from assay.records.verdict import Verdict
from assay.report.blocks import Tone
from assay.report.numbers import NumberFormat, format_for, plain, side_format
from assay.report.text import clean

THRESHOLDS = ("at_least", "at_most")
APART = "no method"
"""How a difference reads that no method here can bound, though each model's value has an interval."""


@dataclass(frozen=True, slots=True)
class Effect:
    """The figures of one estimate, ready to be written.

    Attributes:
        bounds: The deciding interval, or None.
        signed: Whether it is a difference.
        lines: The values that it is read against, in the metric's own direction.
    """

    estimate: Estimate
    bounds: Bounds | None
    form: NumberFormat
    signed: bool
    lines: tuple[float, ...]

    @property
    def value(self) -> float | None:
        """The point estimate; None where undefined."""
        return None if self.estimate.undefined is not None else self.estimate.value

    def point(self) -> str:
        """The point estimate in figures."""
        return "undefined" if self.value is None else self.form.value(self.value, self.signed)

    def interval(self) -> str:
        """The deciding interval in figures."""
        return "–" if self.value is None else self.form.bounds(self.bounds, self.signed)

    def figures(self) -> str:
        """Value and interval, or the reason why there are none."""
        if self.value is None:
            return self.estimate.undefined or "undefined"
        return f"{self.point()} {self.interval()}" if self.bounds is not None else f"{self.point()}, no interval"


def effect(metric: Metric, estimate: Estimate, lines: Iterable[float] = (0.0,), signed: bool = True) -> Effect:
    """The figures of an estimate, read off the interval that decides."""
    bounds, kept = deciding(estimate), tuple(lines)
    form = format_for(bounds, estimate.value, metric.unit, kept)
    return Effect(estimate, bounds, form if signed else side_format(form, estimate.value), signed, kept)


def deciding(estimate: Estimate) -> Bounds | None:
    """The interval off which a verdict is read."""
    return estimate.decision_interval if estimate.decision_interval is not None else estimate.interval


def claim_lines(claim: Claim, metric: Metric) -> tuple[tuple[float, str], ...]:
    """The bounds of a claim in the metric's own direction, with their labels."""
    if claim.kind in THRESHOLDS:
        t = claim.threshold or 0.0
        return ((t, f"{'at least' if claim.kind == 'at_least' else 'at most'} {plain(t)}"),)
    margin = claim.margin or 0.0
    if margin == 0.0:
        return ()
    signs = {"better": (1.0,), "not_worse": (-1.0,), "equivalent": (-1.0, 1.0)}[claim.kind]
    return tuple((s * metric.sign * margin, f"margin {plain(s * metric.sign * margin, signed=True)}") for s in signs)


def claim_effect(verdict: Verdict) -> Effect | None:
    """The figures on which a claim was judged: the difference, or the candidate's value against a threshold."""
    if verdict.comparison is None:
        return None
    metric = verdict.comparison.metric
    lines = [value for value, _ in claim_lines(verdict.claim, metric)]
    if verdict.claim.kind in THRESHOLDS:
        return effect(metric, verdict.comparison.candidate, lines, signed=False)
    return effect(metric, verdict.comparison.difference, [0.0, *lines])


def side_values(comparison: Comparison, shown: Effect) -> tuple[str, str]:
    """The values of baseline and candidate, in the digits of the effect and never fewer than two."""
    sides = (comparison.baseline, comparison.candidate)
    if apart(comparison):
        first, second = (effect(comparison.metric, e, (), signed=False).point() for e in sides)
        return first, second
    between = effect(comparison.metric, comparison.difference).form if not shown.signed else shown.form
    form = max(shown.form, between, key=lambda f: (not f.power, f.decimals))
    first, second = (
        "undefined"
        if e.undefined is not None
        else side_format(form, e.value, comparison.difference.value).value(e.value)
        for e in sides
    )
    return first, second


def plotted(comparison: Comparison, shown: Effect) -> str:
    """The figures in a plot; where there is no method, what stands instead is too long for it and is a note."""
    return "no method for the difference; see the note" if apart(comparison) else shown.figures()


def difference_point(comparison: Comparison, shown: Effect) -> str:
    """The difference in figures, or that there is no method for it."""
    return APART if apart(comparison) else shown.point()


def reading(comparison: Comparison) -> tuple[Tone, str]:
    """How a difference reads without a claim: which side of zero its interval lies on, or why it cannot say."""
    difference = comparison.difference
    bounds = deciding(difference)
    if apart(comparison):
        return "muted", APART
    if difference.undefined is not None or difference.value is None:
        return "muted", "undefined"
    if bounds is None:
        return "muted", "no interval"
    if not difference.inside_domain:
        return "muted", "too small"
    low, high = sorted(comparison.metric.sign * bound for bound in bounds)
    if comparison.metric.direction == "none":
        return ("info", "higher") if low > 0 else ("info", "lower") if high < 0 else ("unsure", "unclear")
    return ("good", "better") if low > 0 else ("bad", "worse") if high < 0 else ("unsure", "unclear")


def share(estimate: Estimate) -> float:
    """How many times smaller the error of the deciding interval is than that of the interval shown."""
    left = 1 - estimate.decision_level
    return 1.0 if estimate.decision_interval is None or left <= 0 else (1 - estimate.level) / left


def adjusted_p(estimate: Estimate) -> float | None:
    """The p-value beside the deciding interval: as often larger as that interval's error is smaller (Bonferroni).

    It is at most the error shown exactly where the deciding interval leaves the null out.
    """
    return None if estimate.p_value is None else min(1.0, estimate.p_value * share(estimate))


def p_title(estimates: Iterable[Estimate]) -> str:
    """The head of a column of p-values."""
    return "adjusted p" if any(share(e) > 1 + 1e-9 for e in estimates) else "p"


def apart(comparison: Comparison) -> bool:
    """Whether both models have a value and their difference has no method, as for gaps between groups."""
    values = (comparison.baseline.value, comparison.candidate.value)
    return comparison.metric.family is Family.GAP and comparison.difference.value is None and None not in values


def each_alone(comparison: Comparison) -> str:
    """The interval of each model by itself, where their difference has none."""
    metric = comparison.metric
    sides = ((comparison.baseline_name, comparison.baseline), (comparison.candidate_name, comparison.candidate))
    said = [f"{clean(name)} {effect(metric, side, (), signed=False).figures()}" for name, side in sides]
    return f"each model alone: {', '.join(said)} ({interval_name(comparison.candidate)})"


def size_words(alignment: Alignment, unit: str = "") -> str:
    """How much was compared: rows, and units where they are not the rows; `unit` is the column that names them."""
    rows = counted(alignment.rows, "row")
    return rows if alignment.units == alignment.rows else f"{rows}, {units_words(alignment.units, unit)}"


def units_words(units: float, unit: str = "") -> str:
    """A number of units with the column that names them, e.g. `61 units (date)`."""
    return counted(units, "unit") + (f" ({clean(unit)})" if unit else "")


def needed_words(verdict: Verdict, unit: str = "", goal: str = "", looks: bool = False) -> str:
    """How many units an open claim needs, or that those read are enough, so that more of them would not settle it.

    Args:
        verdict: With `units_needed`.
        unit: The column that names the units.
        goal: What they are needed for.
        looks: Whether several looks are planned: the last one's level counts.
    """
    needed = verdict.units_needed
    if needed is None:
        return ""
    when = " at the level of the last look" if looks else ""
    read = verdict.comparison.alignment.units if verdict.comparison is not None else 0
    if needed > read:
        return f"about {units_words(needed, unit)} are needed{goal}{when}"
    why = "so more units are not what is missing"
    return f"about {units_words(needed, unit)} are enough{goal or ' for the minimal effect'}{when}, {why}"


def unit_named(results: ComparisonSet) -> str:
    """The column that names the units of a reading; empty where each row is one."""
    unit = results.notes.get("unit", "")
    return unit if isinstance(unit, str) else ""


def interval_name(estimate: Estimate) -> str:
    """The deciding interval's level, e.g. `97.5% interval`."""
    shown = estimate.decision_level if estimate.decision_interval is not None else estimate.level
    return f"{level(shown)} interval"
