"""Series of a run as curves: a picture each, and the table that says the same."""

from __future__ import annotations

import math

from assay.records.runs import Series, SeriesKey
from assay.records.runview import RunView
from assay.report.blocks import Block, Column, Figure, Heading, Inline, Paragraph, Table
from assay.report.numbers import count
from assay.report.svg.series import series as drawn
from assay.report.text import clean

MOST, POINTS, ROWS = 24, 500, 8


def series_blocks(view: RunView) -> list[Block]:
    """A curve for each series, of the first two dozen that have two values or more."""
    long = [(key, series) for key, series in view.series.items() if len(series) > 1]
    if not long:
        return []
    out: list[Block] = [Heading("Curves")]
    out += [_figure(key, series, view.lengths[key]) for key, series in long[:MOST]]
    if len(long) > MOST:
        out.append(Paragraph(f"{len(long) - MOST} more are in the table alone."))
    return out


def _figure(key: SeriesKey, series: Series, many: int) -> Figure:
    few = series.downsampled(POINTS)
    points = list(few)
    odd = sum(not math.isfinite(value) for _, value in series)
    said = f"{clean(key.words())} against the step, {count(many)} values"
    if odd:
        said += "; dashed where it is no number"
    wide, narrow = drawn(points, clean(key.words()), said)
    rows: tuple[tuple[Inline, ...], ...] = tuple((str(s), f"{v:.6g}") for s, v in series.downsampled(ROWS))
    return Figure(clean(key.words()), said, Table((Column("step"), Column("value", numeric=True)), rows), wide, narrow)
