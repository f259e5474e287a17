"""Slices: all of them, worst first, each with its n; what is too small or undefined says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.records.comparison import Comparison
from assay.report.blocks import Badge, Block, Column, Details, Figure, Heading, Inline, Paragraph, Span, Table
from assay.report.effects import (
    APART,
    adjusted_p,
    apart,
    difference_point,
    each_alone,
    effect,
    interval_name,
    p_title,
    plotted,
    reading,
    side_values,
)
from assay.report.numbers import count, p_value
from assay.report.svg.forest import Panel, Row, forest
from assay.report.words import capital, ends, metric_name, metric_title, slice_words

SHOWN = 20
_ORDER = {
    "worse": 0,
    "lower": 0,
    "higher": 0,
    "unclear": 0,
    "better": 0,
    "no interval": 1,
    "too small": 2,
    APART: 3,
    "undefined": 3,
}


def worst_first(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The measured ones from worst to best, then those too small, then those undefined."""

    def rank(c: Comparison) -> tuple[int, float, str]:
        value = c.difference.value
        oriented = 0.0 if value is None else c.metric.sign * value
        return _ORDER[reading(c)[1]], oriented, slice_words(c.slice)

    return sorted(comparisons, key=rank)


def by_question(comparisons: Sequence[Comparison]) -> list[list[Comparison]]:
    """Comparisons grouped by candidate, baseline and metric, in order of appearance."""
    groups: dict[tuple[str, str, str], list[Comparison]] = {}
    for c in comparisons:
        groups.setdefault((c.candidate_name, c.baseline_name, metric_name(c.metric)), []).append(c)
    return list(groups.values())


def slice_blocks(comparisons: Sequence[Comparison], several: bool = False) -> list[Block]:
    """A figure for each metric and candidate; the worst 20 in it, the rest behind it.

    Args:
        comparisons: The slices of all metrics and candidates.
        several: Whether headings have to name the candidate.
    """
    blocks: list[Block] = []
    for group in by_question(comparisons):
        ordered = worst_first(group)
        first = ordered[0]
        subject = f", {first.candidate_name} against {first.baseline_name}" if several else ""
        blocks.append(Heading(capital(f"{metric_name(first.metric)}{subject}"), 3))
        blocks.append(Paragraph(_summary(ordered)))
        figure = slice_figure(ordered[:SHOWN], len(ordered))
        blocks.append(replace(figure, whole=difference_table(ordered, "")) if len(ordered) > SHOWN else figure)
        if len(ordered) > SHOWN:
            rest = difference_table(ordered[SHOWN:], "The rest, worst first")
            blocks.append(Details(f"The other {len(ordered) - SHOWN} slices", (rest,)))
    return blocks


def _summary(ordered: Sequence[Comparison]) -> Inline:
    words = [reading(c)[1] for c in ordered]
    tally = [f"{words.count(word)} {word}" for word in _ORDER if word in words]
    small = "; too small or undefined means unknown, not unharmed" if {"too small", "undefined"} & set(words) else ""
    level = next((interval_name(c.difference) for c in ordered if c.difference.interval), "")
    read = f", read off the {level}" if level else ""
    adjusted = "; p is adjusted like the interval" if read and p_title(c.difference for c in ordered) != "p" else ""
    return f"{len(ordered)} slices: {', '.join(tally)}{read}{adjusted}{small}."


def slice_figure(ordered: Sequence[Comparison], total: int) -> Figure:
    """The forest plot of some slices of one metric."""
    first = ordered[0]
    metric = first.metric
    level = next((interval_name(c.difference) for c in ordered if c.difference.interval), "interval")
    panel = Panel(
        title=f"Difference in {metric_title(metric)}",
        rows=tuple(_row(c) for c in ordered),
        flipped=metric.direction == "lower",
        ends=ends(metric),
        heads=(
            "rows" if all(c.alignment.rows == c.alignment.units for c in ordered) else "rows · units",
            f"difference [{level}]",
        ),
        legend=True,
    )
    title = f"{metric_name(metric)} by slice, {first.candidate_name} against {first.baseline_name}"
    described = f"{len(ordered)} of {total} slices, worst first. Right is better for the candidate. " + "; ".join(
        f"{slice_words(c.slice)}: {reading(c)[1]}" for c in ordered
    )
    wide, narrow = forest((panel,), title, described, tall=False)
    return Figure(title, described, difference_table(ordered, ""), wide, narrow)


def _row(comparison: Comparison) -> Row:
    tone, word = reading(comparison)
    shown = effect(comparison.metric, comparison.difference)
    n = comparison.alignment
    size = count(n.rows) if n.rows == n.units else f"{count(n.rows)} · {count(n.units)}"
    return Row(slice_words(comparison.slice), size, shown.value, shown.bounds, plotted(comparison, shown), tone, word)


def difference_table(comparisons: Sequence[Comparison], caption: str, named: bool = False) -> Table:
    """Comparisons as rows: both values, difference, interval, p, n, and how it reads.

    Args:
        comparisons: Any comparisons.
        caption: What they are.
        named: Whether the first column names the metric too.
    """
    columns = (
        Column("Metric, slice" if named else "Slice"),
        Column("Baseline", True),
        Column("Candidate", True),
        Column("Difference", True),
        Column("Deciding interval", True),
        Column(p_title(c.difference for c in comparisons), True),
        Column("Rows", True),
        Column("Units", True),
        Column("Reading"),
    )
    notes = tuple(_note(c) for c in comparisons if apart(c))
    return Table(columns, tuple(_difference_row(c, named) for c in comparisons), caption, notes)


def _note(comparison: Comparison) -> str:
    """What stands instead of a difference that has no method: too long for a cell."""
    where = f", {slice_words(comparison.slice)}" if comparison.slice else ""
    why = capital(comparison.difference.undefined or "")
    return f"{capital(metric_name(comparison.metric))}{where}: {each_alone(comparison)}. {why}."


def _difference_row(comparison: Comparison, named: bool) -> tuple[Inline, ...]:
    shown = effect(comparison.metric, comparison.difference)
    tone, word = reading(comparison)
    head: Inline = slice_words(comparison.slice)
    if named:
        where = () if not comparison.slice else (Span(slice_words(comparison.slice), "sub"),)
        head = (Span(metric_title(comparison.metric), "strong"), *where)
    sides = side_values(comparison, shown)
    n = comparison.alignment
    why = _why(comparison, word)
    status: Inline = (Badge(word, tone), Span(why, "sub")) if why else Badge(word, tone)
    p = p_value(adjusted_p(comparison.difference))
    return (
        head,
        sides[0],
        sides[1],
        difference_point(comparison, shown),
        shown.interval(),
        p,
        count(n.rows),
        count(n.units),
        status,
    )


def _why(comparison: Comparison, word: str) -> str:
    """Why a difference says nothing, without the word that stands before it."""
    difference = comparison.difference
    if apart(comparison):
        return ""
    why = difference.undefined or ("" if difference.inside_domain else difference.domain)
    return why.removeprefix(f"{word}: ")
