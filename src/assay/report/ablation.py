"""An ablation study for a page and for a terminal: effects with their intervals, and what the design can tell."""

from __future__ import annotations

import textwrap

from assay.base.wording import counted, level, metric_words
from assay.records.ablation import AblationSet, Effect, Study
from assay.report.blocks import Block, Column, Document, Facts, Figure, Heading, Inline, Items, Paragraph, Table, Tone
from assay.report.numbers import format_for, p_value
from assay.report.svg.forest import Panel, Row, forest
from assay.report.svg.halfnormal import Dot, half_normal_plot
from assay.report.text import clean, pad, shorten

TOGETHER = "An effect is the mean at one level less that at the first; all intervals hold together."
MOST_LIMITS, LEAST_PLOTTED = 5, 4


def ablation_page(found: AblationSet) -> Document:
    """The effects on every measure, with plots, the design, and where it ends."""
    blocks: list[Block] = []
    for study in found.studies:
        blocks += [Heading(f"Effects on {_measure(study)}"), Paragraph(TOGETHER), _table(study, found), _forest(study)]
        if len(study.effects) >= LEAST_PLOTTED:
            blocks.append(_half_normal(study))
    blocks += [Heading("What the design can tell"), Items(tuple(_sentence(n) for n in found.notes))]
    blocks += [Heading("Runs"), *(_runs(s, found) for s in found.studies)]
    blocks += [Heading("How it was measured"), _facts(found)]
    limits = _limits(found)
    if limits:
        blocks += [Heading("Limits"), Items(tuple(limits))]
    return Document("Ablation study", tuple(blocks))


def render_ablation(found: AblationSet) -> str:
    """The same as tables of text."""
    lines: list[str] = []
    for study in found.studies:
        units = f", {counted(study.rows, 'row')}, {counted(study.units, 'unit')}" if study.units else ""
        lines += [f"{_measure(study)}: {counted(len(study.runs), 'run')} of {found.settings} settings{units}", ""]
        rows = [("effect", "value", "interval", "all together", "p", "not told from")]
        rows += [
            (f"{_mark(e)} {shorten(clean(e.name), 40)}", *_figures(e), p_value(e.estimate.p_value), _same(e, 30))
            for e in study.effects
        ]
        widths = [max(len(r[i]) for r in rows) for i in range(6)]
        lines += ["  ".join(pad(c, widths[i], 0 < i < 5) for i, c in enumerate(r)).rstrip() for r in rows]
        lines += ["", *_lenth_lines(study)]
    said = [f"{found.kind}: {found.notes[0]}", *found.notes[1:]]
    for note in said:
        lines += textwrap.wrap(_sentence(note), 100)
    limits = [f"○ {line}" for line in _limits(found)]
    return "\n".join([*lines, *([""] if limits else []), *limits]) + "\n"


def _measure(study: Study) -> str:
    way = f" ({study.direction} is better)" if study.direction else ""
    return f"{metric_words(study.measure) if study.direction else clean(study.measure)}{way}"


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}."


def _mark(e: Effect) -> str:
    bounds = e.estimate.decision_interval
    return "□" if bounds is None else "○" if bounds[0] <= 0 <= bounds[1] else "✔"


def _figures(e: Effect) -> tuple[str, str, str]:
    bounds = e.estimate.decision_interval
    form = format_for(bounds, e.estimate.value, against=(0.0,))
    own, both = (form.bounds(b, signed=True) for b in (e.estimate.interval, bounds))
    return form.value(e.estimate.value, signed=True), own, both


def _same(e: Effect, limit: int = 60) -> str:
    return shorten(", ".join(clean(a) for a in e.aliases), limit)


def _lenth_lines(study: Study) -> list[str]:
    if study.lenth is None:
        return []
    one, all_together = (format_for(None, v).value(v) for v in study.lenth)
    off = [clean(e.name) for e in study.effects if abs(e.estimate.value or 0.0) > study.lenth[0]]
    who = ", ".join(off[:8]) or "none"
    said = f"Lenth's margin of error {one}, of all together {all_together}; beyond the first: {who}"
    return [*textwrap.wrap(said, 100), ""]


def _table(study: Study, found: AblationSet) -> Table:
    at = level(found.level)
    titles = ("Effect", "Value", f"{at} alone", f"{at} together", "p, together", "Not told from")
    columns = tuple(Column(t, 0 < i < 5) for i, t in enumerate(titles))
    rows: list[tuple[Inline, ...]] = [
        (clean(e.name), *_figures(e), p_value(e.estimate.p_value), _same(e) or "–") for e in study.effects
    ]
    return Table(columns, tuple(rows))


def _forest(study: Study) -> Figure:
    rows = tuple(_row(e) for e in study.effects[:30])
    better = study.direction == "lower"
    panel = Panel(
        "Effect, all intervals together",
        rows,
        flipped=better,
        ends=("worse", "better") if study.direction else ("less", "more"),
    )
    title = "Effects with intervals that hold together"
    said = "; ".join(f"{r.label} {r.figures}" for r in rows)
    wide, narrow = forest((panel,), title, f"{said}.", tall=False)
    columns = (Column("Effect"), Column("Value and interval", True))
    table = Table(columns, tuple((r.label, r.figures) for r in rows))
    return Figure(title, said, table, wide, narrow, repeated=True)


def _row(e: Effect) -> Row:
    value, _, both = _figures(e)
    tone: Tone = "info" if _mark(e) == "✔" else "unsure"
    inside = e.estimate.inside_domain
    return Row(
        clean(e.name),
        "",
        e.estimate.value,
        e.estimate.decision_interval,
        f"{value} {both}",
        tone if inside else "muted",
        "",
    )


def _half_normal(study: Study) -> Figure:
    margins = () if study.lenth is None else ((study.lenth[0], "Lenth's margin"), (study.lenth[1], "of all together"))
    least = None if study.lenth is None else study.lenth[0]
    dots = tuple(
        Dot(clean(e.name), size, e.score, _mark(e) == "✔" if least is None else size > least)
        for e in study.effects
        for size in (abs(e.estimate.value or 0.0),)
    )
    title = "Half-normal plot of the effects"
    wide, narrow = half_normal_plot(dots, title, margins)
    columns = (Column("Effect"), Column("Size", True), Column("Half-normal score", True))
    rows: list[tuple[Inline, ...]] = [(d.name, f"{d.size:.4g}", f"{d.score:.2f}") for d in dots]
    return Figure(
        title, "Sizes of effects by half-normal score", Table(columns, tuple(rows)), wide, narrow, repeated=True
    )


def _runs(study: Study, found: AblationSet) -> Table:
    columns = (Column("Run"), *(Column(clean(f)) for f in found.factors), Column(_measure(study), True))
    rows: list[tuple[Inline, ...]] = [
        (clean(r.name), *(clean(str(r.settings[f])) for f in found.factors), format_for(None, r.value).value(r.value))
        for r in study.runs
    ]
    return Table(columns, tuple(rows))


def _facts(found: AblationSet) -> Facts:
    noise = [s for s in found.studies if s.run_variance is not None]
    said = tuple(
        (f"Noise between runs, {_measure(s)}", f"variance {s.run_variance:.3g} on {s.run_df} df, pooled over settings")
        for s in noise
    )
    return Facts(
        (
            ("Design", found.kind),
            (
                "Factors",
                "; ".join(f"{clean(f)}: {', '.join(clean(str(v)) for v in lv)}" for f, lv in found.factors.items()),
            ),
            ("Unit", clean(found.unit) or "each row" if any(s.units for s in found.studies) else "each run"),
            *said,
            ("Level", f"{level(found.level)}; together by the largest |t| over all effects"),
            ("Analysis seed", str(found.seed)),
            *((clean(i.name), i.digest or "a table in memory") for i in found.inputs),
            ("Assay", found.version),
        )
    )


def _limits(found: AblationSet) -> list[str]:
    lines = list(found.warnings)
    for study in found.studies:
        outside = [e.estimate.domain for e in study.effects if not e.estimate.inside_domain]
        if outside and any(e.estimate.decision_interval for e in study.effects):
            lines.append(f"{_measure(study)}: {len(outside)} of {len(study.effects)} effects: {outside[0]}")
    return lines[:MOST_LIMITS]
