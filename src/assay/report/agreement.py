"""Agreement between raters, for a page and for a terminal."""

from __future__ import annotations

from dataclasses import replace

from assay.base.wording import counted
from assay.records.agreement import Agreement, AgreementSet
from assay.report.blocks import Block, Callout, Column, Document, Facts, Figure, Heading, Inline, Items, Table
from assay.report.numbers import count, format_for
from assay.report.svg.forest import Panel, Row, forest
from assay.report.text import clean, pad

_SCALES = {
    "nominal": "nominal: values are the same or not",
    "ordinal": "ordinal: values have an order, distances are those of their ranks",
    "interval": "interval: distances of values mean what they say",
    "ratio": "ratio: distances count for less between large values",
}


def agreement_page(found: AgreementSet) -> Document:
    """The measures with a plot, how they were taken, and where they end."""
    blocks: list[Block] = [
        Heading("Measures"),
        _table(found),
        _figure(found),
        Heading("How it was measured"),
        Facts(
            (
                ("Items", f"{count(found.items)}, of which {count(found.alone)} with one rating are left out"),
                ("Raters", count(found.raters)),
                ("Ratings that count", count(found.ratings)),
                ("Unit", clean(found.unit)),
                ("Scale", _SCALES[found.scale]),
                *((clean(i.name), i.digest or "a table in memory") for i in found.inputs),
                ("Assay", found.version),
            )
        ),
    ]
    limits = _limits(found)
    if limits:
        blocks += [Heading("Limits"), Items(tuple(limits))]
    return Document("Agreement between raters", tuple(blocks))


def render_agreement(found: AgreementSet) -> str:
    """The measures as a table of text."""
    rows = [("measure", "value", "interval", "method")]
    rows += [(_named(m), *_shown(m), m.estimate.method) for m in found.measures]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    lines = [
        f"{counted(found.ratings, 'rating')} of {counted(found.items - found.alone, 'item')} by"
        f" {counted(found.raters, 'rater')}; unit: {clean(found.unit)}; scale: {found.scale}",
        "",
    ]
    lines += ["  ".join(pad(cell, widths[i], i in (1, 2)) for i, cell in enumerate(row)).rstrip() for row in rows]
    return "\n".join([*lines, *([""] if _limits(found) else []), *(f"○ {line}" for line in _limits(found))]) + "\n"


def _named(measure: Agreement) -> str:
    return f"{measure.title} ({measure.measure})" if measure.measure in ("agreement", "ceiling") else measure.title


def _shown(measure: Agreement) -> tuple[str, str]:
    e = measure.estimate
    form = format_for(e.interval, e.value)
    # Agreement is read to two digits also where its interval is wide.
    form = replace(form, decimals=max(2, form.decimals))
    return form.value(e.value), form.bounds(e.interval)


def _limits(found: AgreementSet) -> list[str]:
    """Why a measure has no value or no interval, or lies outside its method's domain."""
    lines = []
    for m in found.measures:
        if m.estimate.undefined:
            lines.append(f"{m.title}: undefined: {m.estimate.undefined}")
        elif not m.estimate.inside_domain:
            lines.append(f"{m.title}: {m.estimate.domain}")
    return lines


def _table(found: AgreementSet) -> Table:
    columns = (Column("Measure"), Column("Value", True), Column("95% interval", True), Column("Units", True))
    if found.measures and found.measures[0].estimate.level != 0.95:
        columns = (columns[0], columns[1], Column(f"{found.measures[0].estimate.level:.4%} interval", True), columns[3])
    rows: list[tuple[Inline, ...]] = [(_named(m), *_shown(m), count(m.estimate.units)) for m in found.measures]
    return Table(columns, tuple(rows), "1 is full agreement; 0 of alpha and kappa is that of chance")


def _figure(found: AgreementSet) -> Figure | Callout:
    drawn = [m for m in found.measures if m.estimate.value is not None]
    if not drawn:
        return Callout("unsure", "Nothing to draw", "No measure has a value on these ratings.")
    rows = tuple(
        Row(
            m.measure,
            count(m.estimate.units),
            m.estimate.value,
            m.estimate.interval,
            " ".join(_shown(m)),
            "info" if m.estimate.inside_domain else "muted",
            "",
        )
        for m in drawn
    )
    said = "; ".join(f"{m.title} {' '.join(_shown(m))}" for m in drawn)
    panel = Panel("Agreement", rows, ends=("chance", "full agreement"))
    wide, narrow = forest((panel,), "Agreement between raters with intervals", f"{said}.")
    return Figure("Agreement between raters with intervals", said, _table(found), wide, narrow, repeated=True)
