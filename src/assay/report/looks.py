"""Several looks in words, tables and plots: where each claim stands, and what holds after stopping."""

from __future__ import annotations

import textwrap

from assay.base.wording import figure, level
from assay.records.looks import Monitored, PlannedLooks, Step
from assay.records.metric import Metric
from assay.records.plan import Plan
from assay.records.verdict import Judgement, Verdict
from assay.report.blocks import Block, Column, Document, Figure, Heading, Paragraph, Table
from assay.report.numbers import count, decimal, format_for, p_value
from assay.report.svg.looks import Bound, Track, bounds_plot
from assay.report.text import pad
from assay.report.words import metric_name

KEPT = 20
"""Looks of a table; where there are more, the first and the last ones are shown."""


def looks_blocks(plan: Plan | None, judgement: Judgement) -> list[Block]:
    """A section of a memo: bounds with the path so far, and what can be said after stopping."""
    verdicts = {(v.claim.name, r.candidate): v for r in judgement.recommendations for v in r.verdicts}
    shown = [(m, verdicts[m.claim, m.candidate]) for m in judgement.monitored if (m.claim, m.candidate) in verdicts]
    if not shown:
        return []
    blocks: list[Block] = [Heading("Looks"), Paragraph(_what(plan))]
    several = len(judgement.recommendations) > 1
    for found, verdict in shown:
        blocks += _claim(plan, found, verdict, several)
    return blocks


def _what(plan: Plan | None) -> str:
    if plan is not None and plan.looks.any_number:
        return (
            "The deciding intervals hold at every moment together, so that any number of looks may be taken at any "
            "time; the price is their width."
        )
    return (
        "A look decides where the statistic reaches its bound, exactly where the deciding interval, a repeated "
        "confidence interval, leaves the claim's value out. Whoever stops at a large value has seen too large a value: "
        "the adjusted estimate and interval, by the stage-wise ordering, take that back. They are shown beside the "
        "deciding interval and decide nothing."
    )


def _claim(plan: Plan | None, found: Monitored, verdict: Verdict, several: bool) -> list[Block]:
    name = f"{found.claim}, {found.candidate}" if several else found.claim
    metric = verdict.comparison.metric if verdict.comparison is not None else None
    table = looks_table(found, metric, f"{name}: {verdict.claim.metric}")
    blocks: list[Block] = [_figure(found, metric, name, table, plan)] if found.bounds else [table]
    said = after_words(found, metric)
    return [*blocks, Paragraph(said)] if said else blocks


def looks_table(found: Monitored, metric: Metric | None, caption: str) -> Table:
    """One row a look, those to come after those taken."""
    counted = bool(found.bounds)
    heads = [Column("Look"), Column("Units", True), Column("Information", True)]
    heads += [Column("Bound |z|", True), Column("Error spent", True)] if counted else []
    heads += [Column(f"z against {_null(null)}", True) for null in found.nulls] if counted else []
    heads += [Column("Estimate", True), Column("Deciding interval", True)]
    first = found.looks - len(found.steps)
    rows = [_row(found, metric, first + i, step) for i, step in enumerate(found.steps)]
    rows = rows if len(rows) <= KEPT else [*rows[: KEPT // 2], *rows[-KEPT // 2 :]]
    whole = _whole(found)
    for i, (fraction, z) in enumerate(found.ahead, found.looks + 1):
        empty = ["–"] * len(found.nulls)
        rows.append(
            (f"{i}, planned", count(round(fraction * whole)), _share(fraction), decimal(z, 3), "–", *empty, "–", "–")
        )
    return Table(tuple(heads), tuple(rows), caption)


def _row(found: Monitored, metric: Metric | None, place: int, step: Step) -> tuple[str, ...]:
    form = format_for(step.interval, step.value)
    bounds: tuple[str, ...] = ()
    if found.bounds:
        z = [decimal(s, 2) if s is not None else "–" for s in step.statistics]
        bounds = (decimal(found.bounds[place], 3), figure(found.spent[place], 2), *z)
    shown = form.value(step.value) if step.value is not None else "undefined"
    interval = form.bounds(step.interval) if step.interval is not None else "–"
    return (str(place + 1), count(step.units), _share(step.fraction), *bounds, shown, interval)


def after_words(found: Monitored, metric: Metric | None) -> str:
    """What can be said after stopping, in one sentence or two; empty while looks go on."""
    adjusted = found.adjusted
    if adjusted is None:
        return "" if found.why == "looks go on" else f"Nothing is adjusted: {found.why}."
    if adjusted.undefined is not None or adjusted.value is None:
        return f"Nothing is adjusted: {adjusted.undefined or adjusted.reason}."
    form = format_for(adjusted.interval, adjusted.value)
    of = f", {metric_name(metric)}" if metric is not None else ""
    bounds = form.bounds(adjusted.interval) if adjusted.interval is not None else "no finite bounds"
    said = (
        f"After stopping{of}: median-unbiased estimate {form.value(adjusted.value)}, "
        f"{level(adjusted.level)} interval {bounds}, p {p_value(adjusted.p_value)}"
    )
    if found.bias is not None:
        said += f"; the plain estimate lies off by about {decimal(found.bias, form.decimals, signed=True)} on average"
    return f"{said}."


def _figure(found: Monitored, metric: Metric | None, name: str, table: Table, plan: Plan | None) -> Figure:
    sign = metric.sign if metric is not None else 1
    whole = _whole(found)
    first = found.looks - len(found.steps)
    taken = [Bound(step.units, found.bounds[first + i], True) for i, step in enumerate(found.steps)]
    planned = [Bound(round(t * whole), z, False) for t, z in found.ahead]
    labels = [f"against {_null(null)}" if len(found.nulls) > 1 else "" for null in found.nulls]
    tracks = [
        Track(labels[i], tuple((s.units, sign * z) for s in found.steps if (z := _at(s, i)) is not None))
        for i in range(len(found.nulls))
    ]
    title = f"Bounds and statistic: {name}"
    unit = "units" if plan is None or not plan.data.unit else f"units ({plan.data.unit})"
    wide, narrow = bounds_plot([*taken, *planned], tracks, title, _said(found), unit)
    return Figure(title, _said(found), table, wide, narrow)


def _at(step: Step, place: int) -> float | None:
    return step.statistics[place] if place < len(step.statistics) else None


def _said(found: Monitored) -> str:
    at = ", ".join(f"{decimal(z, 2)} at look {i}" for i, z in enumerate(found.bounds, 1))
    return f"The dashed lines are the bounds of each look ({at}); the line is the statistic, larger being better."


def _whole(found: Monitored) -> float:
    last = found.steps[-1]
    return last.units / last.fraction if last.fraction > 0 else float(last.units)


def _share(fraction: float) -> str:
    return f"{100 * fraction:.0f}%"


def _null(null: float) -> str:
    return figure(null)


def planned_table(found: PlannedLooks) -> Table:
    """The bounds of planned looks, and how likely each is the last."""
    heads = [Column("Look"), Column("Units", True), Column("Information", True), Column("Bound |z|", True)]
    heads += [Column("Interval", True)]
    heads += [Column(head, True) for head in (_COUNTED if found.units_null is not None else ())]
    rows = []
    for i, look in enumerate(found.looks, 1):
        row = [str(i), count(look.units), _share(look.fraction), decimal(look.bound, 3), level(look.level)]
        more = [figure(look.spent, 2), _share(look.null), _share(look.effect)]
        rows.append((*row, *(more if found.units_null is not None else ())))
    return Table(tuple(heads), tuple(rows), f"{found.spending}, error of {figure(found.alpha)} on each side")


_COUNTED = ("Error spent", "Last without effect", "Last with effect")


def planned_page(found: PlannedLooks) -> Document:
    """The bounds with their plot."""
    bounds = [Bound(look.units, look.bound, False) for look in found.looks]
    said = "The dashed lines are the bounds on the statistic at each planned look."
    title = "Bounds by units"
    wide, narrow = bounds_plot(bounds, (), title, said)
    figure_ = Figure(title, said, planned_table(found), wide, narrow)
    return Document(f"Looks of the plan {found.name}", (Paragraph(planned_words(found), lead=True), figure_))


def render_planned(found: PlannedLooks) -> str:
    """The same as text."""
    table = planned_table(found)
    rows = [tuple(c.title for c in table.columns), *(tuple(str(c) for c in row) for row in table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
    lines = ["  ".join(pad(c, widths[i], True) for i, c in enumerate(row)).rstrip() for row in rows]
    return "\n".join([table.caption, "", *lines, "", *textwrap.wrap(planned_words(found), 100)]) + "\n"


def planned_words(found: PlannedLooks) -> str:
    """What the looks cost and save, in one sentence."""
    if found.units_null is None or found.units_effect is None or found.power is None:
        return "Any number of looks at any time; the bound is shown at some numbers of units."
    return (
        f"About {count(round(found.units_null))} units are read where there is no effect, and "
        f"{count(round(found.units_effect))} at the effect that a single look at all units would show with a power of "
        f"{_share(found.single)}; all looks together have {_share(found.power)} there."
    )
