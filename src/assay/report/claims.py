"""Claims and guardrails: their table, their forest plot, and what would change them."""

from __future__ import annotations

from collections.abc import Sequence

from assay.base.wording import counted
from assay.records.comparison import Alignment
from assay.records.plan import Plan
from assay.records.verdict import Verdict
from assay.report.blocks import Badge, Block, Column, Figure, Inline, Items, Span, Table
from assay.report.effects import (
    THRESHOLDS,
    claim_effect,
    claim_lines,
    difference_point,
    effect,
    interval_name,
    needed_words,
    side_values,
    size_words,
    units_words,
)
from assay.report.numbers import count, plain
from assay.report.svg.forest import Panel, Row, forest
from assay.report.words import STATUS_TONE, claim_words, direction, ends, metric_title, slice_words

_COLUMNS = (
    Column("Claim"),
    Column("Baseline", True),
    Column("Candidate", True),
    Column("Difference", True),
    Column("Deciding interval", True),
    Column("n", True),
    Column("Verdict"),
)


def claims_table(verdicts: Sequence[Verdict], caption: str, unit: str = "") -> Table:
    """One row a claim: effect, the interval that decides, n, verdict."""
    return Table(_COLUMNS, tuple(_claim_row(v, unit) for v in verdicts), caption)


def _claim_row(verdict: Verdict, unit: str) -> tuple[Inline, ...]:
    head: Inline = (Span(verdict.claim.name, "strong"), Span(claim_words(verdict.claim), "sub"))
    badge = Badge(verdict.status, STATUS_TONE[verdict.status])
    shown, comparison = claim_effect(verdict), verdict.comparison
    if shown is None or comparison is None:
        return (head, "–", "–", "–", "–", "–", badge)
    metric = comparison.metric
    difference = shown if shown.signed else effect(metric, comparison.difference)
    deciding: Inline = (shown.interval(), Span(interval_name(shown.estimate), "sub"))
    sides = side_values(comparison, shown)
    point = difference_point(comparison, difference)
    seeds = shown.estimate.diagnostics.get("seeds")
    size = _n(comparison.alignment, unit, seeds if isinstance(seeds, int) else 0)
    return (head, sides[0], sides[1], point, deciding, size, badge)


def _n(alignment: Alignment, unit: str, seeds: int = 0) -> Inline:
    """Rows, units where they are not the rows, and the seeds of a claim about a method."""
    rows = counted(alignment.rows, "row")
    more = [] if alignment.units == alignment.rows else [Span(units_words(alignment.units, unit), "sub")]
    more += [Span(f"{counted(seeds, 'seed')} a model", "sub")] if seeds else []
    return (rows, *more) if more else rows


def reasons(verdicts: Sequence[Verdict]) -> Items:
    """Why each verdict fell as it did."""
    return Items(tuple((Span(v.claim.name, "strong"), f": {v.reason}") for v in verdicts))


def claims_figure(verdicts: Sequence[Verdict], title: str, unit: str = "") -> Figure | None:
    """The forest plot of all claims that have figures, one panel a metric; None where there are none."""
    drawn = [v for v in verdicts if v.comparison is not None]
    if not drawn:
        return None
    groups: dict[tuple[str, bool], list[Verdict]] = {}
    for verdict in drawn:
        groups.setdefault((verdict.claim.metric, verdict.claim.kind in THRESHOLDS), []).append(verdict)
    panels = tuple(_panel(group, unit) for group in groups.values())
    said = "; ".join(f"{v.claim.name}: {_figures(v)}, {v.status}" for v in drawn)
    wide, narrow = forest(panels, title, f"Right is better for the candidate. {said}.")
    return Figure(title, said, claims_table(drawn, "", unit), wide, narrow, repeated=True)


def _panel(group: list[Verdict], unit: str) -> Panel:
    first = group[0]
    if first.comparison is None:
        raise ValueError("a claim without figures has no place in a plot")
    metric = first.comparison.metric
    against = first.claim.kind in THRESHOLDS
    lines = {line: None for v in group for line in claim_lines(v.claim, metric)}
    return Panel(
        title=metric_title(metric) if against else f"Difference in {metric_title(metric)}",
        rows=tuple(_row(v, unit) for v in group),
        reference=next(iter(lines))[0] if against else 0.0,
        margins=tuple(lines),
        flipped=metric.direction == "lower",
        ends=ends(metric, alone=against),
    )


def _row(verdict: Verdict, unit: str) -> Row:
    shown, comparison = claim_effect(verdict), verdict.comparison
    if shown is None or comparison is None:
        raise ValueError("a claim without figures has no place in a plot")
    where = f" · {slice_words(verdict.claim.slice)}" if verdict.claim.slice else ""
    return Row(
        label=verdict.claim.name,
        size=size_words(comparison.alignment, unit) + where,
        value=shown.value,
        bounds=shown.bounds,
        figures=shown.figures(),
        tone=STATUS_TONE[verdict.status],
        word=verdict.status,
    )


def _figures(verdict: Verdict) -> str:
    shown = claim_effect(verdict)
    return "no figures" if shown is None else shown.figures()


def what_would_change(plan: Plan | None, verdicts: Sequence[Verdict]) -> list[Block]:
    """For each open claim the units that it needs; then what the plan itself said beforehand."""
    items: list[Inline] = [line for v in verdicts if (line := _need(v, plan)) is not None]
    if plan is not None and plan.change_my_mind:
        items.append((Span("Said in the plan", "strong"), f": {plan.change_my_mind}"))
    if plan is not None:
        items += [(Span("Stop rule", "strong"), f": {rule}") for rule in plan.stop_rules]
    if not items:
        items.append("All claims are supported; evidence against one of them, on fresh units, would change it.")
    return [Items(tuple(items))]


def _need(verdict: Verdict, plan: Plan | None) -> Inline | None:
    claim = verdict.claim
    name = Span(claim.name, "strong")
    had = f"; this reading had {count(verdict.comparison.alignment.units)}" if verdict.comparison else ""
    if verdict.status == "inconclusive":
        parts = [part for part in (_domain_needs(verdict), _power_needs(verdict, plan)) if part]
        return (name, f": {'; '.join(parts)}{had}.")
    if verdict.status == "refuted":
        return (name, ": the interval lies beyond the bound, so more units will not help; the candidate has to change.")
    if verdict.status == "invalid":
        return (name, f": cannot be judged until this is mended: {verdict.reason}")
    return None


def _domain_needs(verdict: Verdict) -> str:
    """What would let the claim be supported, where its method does not hold on so little."""
    shown = claim_effect(verdict)
    if shown is None or shown.estimate.inside_domain:
        return ""
    estimate = shown.estimate
    if estimate.undefined is not None:
        return f"it has no value here: {estimate.undefined}"
    short, _, asked = estimate.domain.partition("needs ")
    if not asked or short not in ("", "too small: "):
        return f"it cannot be supported: {estimate.domain or f'outside the domain of {estimate.method}'}"
    return f"it can be supported only where its method ({estimate.method}) holds, which needs {asked}"


def _power_needs(verdict: Verdict, plan: Plan | None) -> str:
    """The units that the plan's power takes at the declared effect, or why nobody knows them."""
    claim, shown = verdict.claim, claim_effect(verdict)
    if verdict.units_needed is not None:
        goal = f" to detect {plain(claim.minimal_effect)} of {direction_words(verdict)}" if claim.minimal_effect else ""
        power = f" with power {plan.power:.0%}" if plan is not None else ""
        looks = plan is not None and plan.looks.several
        return needed_words(verdict, plan.data.unit if plan is not None else "", f"{goal}{power}", looks)
    if shown is None or shown.bounds is None:
        return "there is no interval to judge by" if shown is None or shown.estimate.inside_domain else ""
    if claim.minimal_effect is not None:
        seeds = "; more training seeds would" if claim.about == "method" else ""
        return f"no number of units alone would reach the power at the declared minimal effect{seeds}"
    if shown.estimate.inside_domain:
        return "more units are needed; no minimal effect is declared, so how many is not known"
    return ""


def direction_words(verdict: Verdict) -> str:
    """Which way the minimal effect goes."""
    if verdict.comparison is None:
        return "improvement"
    return f"improvement ({direction(verdict.comparison.metric)})"
