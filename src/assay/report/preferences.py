"""Strengths and ranks of models, for a page and for a terminal."""

from __future__ import annotations

from assay.base.wording import counted, figure
from assay.records.estimate import Estimate
from assay.records.preferences import PreferenceSet, Showing, Slope, Strength
from assay.report.blocks import Block, Column, Document, Facts, Figure, Heading, Inline, Items, Paragraph, Table
from assay.report.numbers import count, format_for, p_value
from assay.report.svg.forest import Panel, Row, forest
from assay.report.text import clean, pad, shorten

MOST_LIMITS = 5


def preference_page(found: PreferenceSet) -> Document:
    """The models, strongest first, with a plot, how it was measured, and where it ends."""
    blocks: list[Block] = [
        Heading("Models, strongest first"),
        Paragraph("Ranks that overlap are not told apart by these votes; all rank intervals hold together."),
        _table(found),
        _figure(found),
        Heading("How it was measured"),
        Facts(
            (
                ("Votes", f"{count(found.votes)}, of which {count(found.ties)} ties"),
                ("Unit", clean(found.unit)),
                ("Model", "Bradley and Terry, ties after Davidson; log-odds of winning against an average model"),
                *((("Shown first", _order(found.order)),) if found.order is not None else ()),
                *((("Order of showing", _showing(found.showing)),) if found.showing is not None else ()),
                *((f"Adjusted for {clean(s.name)}", _slope(s)) for s in found.covariates),
                ("Analysis seed", str(found.seed)),
                *((clean(i.name), i.digest or "a table in memory") for i in found.inputs),
                ("Assay", found.version),
            )
        ),
    ]
    limits = [*map(clean, found.warnings), *_limits(found)]
    if limits:
        blocks += [Heading("Limits"), Items(tuple(limits))]
    return Document("Models ranked by preference", tuple(blocks))


def render_preferences(found: PreferenceSet) -> str:
    """The same as a table of text."""
    rows = [("rank", "model", "strength", "interval", "won", "lost", "tied")]
    rows += [
        (_rank(m), shorten(clean(m.name), 40), *_shown(m.estimate), count(m.won), count(m.lost), count(m.tied))
        for m in found.models
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(7)]
    lines = [
        f"{counted(found.votes, 'vote')}, {counted(found.ties, 'tie')}; unit: {clean(found.unit)};"
        " strength: log-odds of winning against an average model",
        "",
    ]
    lines += ["  ".join(pad(cell, widths[i], i > 1) for i, cell in enumerate(row)).rstrip() for row in rows]
    if found.order is not None:
        lines += ["", f"shown first: {_order(found.order)}"]
    if found.showing is not None:
        lines.append(f"order of showing: {_showing(found.showing)}")
    if found.covariates:
        lines += ["", *(f"adjusted for {clean(s.name)}: {_slope(s)}" for s in found.covariates)]
    limits = _limits(found)
    return "\n".join([*lines, *([""] if limits else []), *(f"○ {line}" for line in limits)]) + "\n"


def _rank(m: Strength) -> str:
    low, high = m.rank_interval
    return f"{m.rank}" if low == high else f"{m.rank} ({low} to {high})"


def _shown(e: Estimate) -> tuple[str, str]:
    form = format_for(e.interval, e.value)
    return form.value(e.value, signed=True), form.bounds(e.interval, signed=True)


def _order(order: Estimate | None) -> str:
    return "" if order is None else " ".join((*_shown(order), "log-odds for the model shown first"))


def _showing(showing: Showing) -> str:
    """How uneven the orders are, and how many pairs say so."""
    left = f"; {counted(showing.left_out, 'pair')} with too few votes left out" if showing.left_out else ""
    if showing.statistic is None:
        return f"not tested{left}"
    square = f"chi-square {figure(showing.statistic, 3)}, {figure(showing.df, 3)} df"
    equal = f"test of equal orders in {counted(showing.pairs, 'pair')}"
    return f"{equal}: p {p_value(showing.p_value)} ({square}){left}"


def _slope(slope: Slope) -> str:
    return " ".join((*_shown(slope.estimate), "log-odds for the first model by one unit"))


def _limits(found: PreferenceSet) -> list[str]:
    outside = [m for m in found.models if not m.estimate.inside_domain]
    lines = [f"{clean(m.name)}: {m.estimate.domain}" for m in outside[:MOST_LIMITS]]
    if len(outside) > MOST_LIMITS:
        lines.append(f"and {len(outside) - MOST_LIMITS} more models outside the domain of the method")
    return lines


def _table(found: PreferenceSet) -> Table:
    titles = ("Model", "Rank", "Strength", f"{found.level:.4g} interval", "Won", "Lost", "Tied")
    columns = tuple(Column(title, i > 0) for i, title in enumerate(titles))
    rows: list[tuple[Inline, ...]] = [
        (clean(m.name), _rank(m), *_shown(m.estimate), count(m.won), count(m.lost), count(m.tied)) for m in found.models
    ]
    return Table(columns, tuple(rows))


def _figure(found: PreferenceSet) -> Figure:
    rows = tuple(
        Row(
            clean(m.name),
            f"rank {_rank(m)}",
            m.estimate.value,
            m.estimate.interval,
            " ".join(_shown(m.estimate)),
            "info" if m.estimate.inside_domain else "muted",
            "",
        )
        for m in found.models
    )
    said = "; ".join(f"{clean(m.name)} {' '.join(_shown(m.estimate))}" for m in found.models[:10])
    title = "Strengths with their intervals"
    wide, narrow = forest((Panel("Log-odds against an average model", rows, ends=("weaker", "stronger")),), title, said)
    return Figure(title, said, _table(found), wide, narrow, repeated=True)
