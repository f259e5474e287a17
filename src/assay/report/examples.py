"""Rows won and lost by each candidate: how many, where that was counted, and a few of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from assay.base.wording import figure
from assay.records.comparison import ComparisonSet, Examples, Flip
from assay.report.blocks import Block, Column, Details, Heading, Paragraph, Table
from assay.report.numbers import count
from assay.report.text import clean, show
from assay.report.words import metric_words, slice_words

EXAMPLES = 5
NO_EXAMPLE = "No row changed from right to wrong or back, or these metrics know no right and wrong."


def flip_blocks(results: ComparisonSet) -> list[Block]:
    """Rows that the candidate won and lost: how many, where that was counted, and a few of them."""
    every = results.examples()
    if not any(e.won or e.lost for e in every):
        return [Paragraph(NO_EXAMPLE)]
    if len(every) == 1:
        return _flip_sides(every[0])
    return [block for e in every for block in (Heading(e.candidate, 3), *_flip_sides(e))]


def _flip_sides(of: Examples) -> list[Block]:
    if not of.won and not of.lost:
        return [Paragraph(NO_EXAMPLE)]
    return [*_flip_side(of, "won", of.won), *_flip_side(of, "lost", of.lost)]


def _flip_side(of: Examples, name: str, flips: Sequence[Flip]) -> list[Block]:
    total, metric = of.notes.get(name), of.notes.get("by")
    better, worse = ("candidate", "baseline") if name == "won" else ("baseline", "candidate")
    # Without a count these are rows that one model does much better, not rows that change from wrong to right.
    meaning = f"{better} right, {worse} wrong" if isinstance(total, int) else f"the {better} does much better"
    by = _found_by(metric_words(metric), of.notes.get("reads")) if isinstance(metric, str) else ""
    all_of = f" of {count(total)}" if isinstance(total, int) else ""
    shown = flips[:EXAMPLES]
    blocks: list[Block] = [_flip_table(shown, f"{name.capitalize()}: {meaning}{by} ({len(shown)}{all_of} shown)")]
    if len(flips) > EXAMPLES:
        rest = _flip_table(flips[EXAMPLES:], f"{name.capitalize()}: more examples")
        blocks.append(Details(f"{len(flips) - EXAMPLES} more {name}", (rest,)))
    return blocks


def _found_by(metric: str, reads: Any) -> str:
    """By what examples were found, and among which rows."""
    rows = {"positive": "of the positive class", "negative": "not of the positive class"}
    if reads in rows:
        return f", among the rows {rows[reads]}, which alone {metric} reads"
    return f", by whether the label is right, as {metric} reads it" if reads == "all" else f", by {metric}"


def _flip_table(flips: Sequence[Flip], caption: str) -> Table:
    columns = (Column("Row"), Column("Target", True), Column("Baseline", True), Column("Candidate", True))
    rows = tuple((slice_words(f.key), _value(f.target), _value(f.baseline), _value(f.candidate)) for f in flips)
    return Table(columns, rows or (("none", "–", "–", "–"),), caption)


def _value(value: Any) -> str:
    return figure(value) if isinstance(value, float) and math.isfinite(value) else show(value)


def example_lines(results: ComparisonSet) -> list[str]:
    """The same for a terminal, a line a row."""
    lines: list[str] = []
    for e in results.examples():
        for name, flips in (("won", e.won), ("lost", e.lost)):
            total, by = e.notes.get(name), e.notes.get("by")
            of = f" of {count(total)}" if isinstance(total, int) else ""
            lines.append(f"{name} by {clean(e.candidate)}, by {metric_words(str(by))}: {len(flips)}{of}")
            said = ((slice_words(f.key), *map(_value, (f.target, f.baseline, f.candidate))) for f in flips)
            lines += [f"  {key}: target {y}, baseline {a}, candidate {b}" for key, y, a, b in said]
    return lines
