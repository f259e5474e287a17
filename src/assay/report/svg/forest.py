"""A forest plot: one row a claim or a slice, its point, its interval, and the lines that it is read against.

The right is always better for the candidate. Of a metric of which less is better the axis runs from large to small, so
that its numbers stay those of the table. Two drawings: for a page, and for a phone (labels above the intervals).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assay.report.blocks import Tone
from assay.report.svg.axis import Axis, span
from assay.report.svg.drawing import named, picture, rule, words
from assay.report.svg.marks import mark
from assay.report.svg.markup import Markup, element


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plot.

    Attributes:
        label: What it is about.
        size: Its n, in words.
        value: The point; None where undefined.
        bounds: The interval, or None.
        figures: Value and interval as text, or why there are none.
        tone: The status; `word` says it.
    """

    label: str
    size: str
    value: float | None
    bounds: tuple[float, float] | None
    figures: str
    tone: Tone
    word: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows that share an axis.

    Attributes:
        reference: The value of no effect, a solid line.
        margins: Values with their labels, dashed lines.
        flipped: Whether less is better.
        ends: What the left and the right end mean.
        heads: Titles over the sizes and over the figures.
        legend: Whether the shapes are explained beneath.
    """

    title: str
    rows: tuple[Row, ...]
    reference: float = 0.0
    reference_label: str = ""
    margins: tuple[tuple[float, str], ...] = ()
    flipped: bool = False
    ends: tuple[str, str] = ("", "")
    heads: tuple[str, str] = ("", "")
    legend: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand, in pixels.

    Attributes:
        stacked: Labels above the interval, not beside it.
        tall: Rows of two lines (claims); otherwise one (slices).
        label: Characters that a label may have.
    """

    width: float
    left: float
    right: float
    row: float
    label: int
    stacked: bool
    tall: bool
    ticks: int


def layouts(tall: bool) -> tuple[Layout, Layout]:
    """The drawings for a page and for a phone."""
    page = Layout(800, 252, 594, 44 if tall else 26, 34, False, tall, 5)
    phone = Layout(350, 8, 342, 66 if tall else 48, 24, True, tall, 4)
    return page, phone


def forest(panels: tuple[Panel, ...], title: str, description: str, tall: bool = True) -> tuple[str, str]:
    """The plot drawn for a page and for a phone.

    Args:
        panels: Rows by shared axis.
        title: Read aloud first.
        description: What the picture shows, in words.
        tall: Two lines a row, for claims; one line for slices.
    """
    page, phone = layouts(tall)
    return _draw(panels, title, description, page, "wide"), _draw(panels, title, description, phone, "narrow")


def _draw(panels: tuple[Panel, ...], title: str, description: str, layout: Layout, kind: str) -> str:
    parts: list[Markup] = []
    y = 4.0
    for panel in panels:
        y = _panel(parts, panel, layout, y) + 14
    return picture(kind, (layout.width, y - 10), title, description, parts)


def _panel(parts: list[Markup], panel: Panel, layout: Layout, y: float) -> float:
    axis = _axis(panel, layout)
    parts.append(named(0, y + 12, panel.title, 13, 46 if layout.stacked else 100, "b"))
    _heads(parts, panel, layout, y + 30)
    y = _line_labels(parts, panel, axis, layout, y + (30 if panel.heads[0] or panel.margins else 16))
    top, bottom = y + 6, y + 10 + layout.row * len(panel.rows)
    _lines(parts, panel, axis, layout, top, bottom)
    for index, row in enumerate(panel.rows):
        start = y + 8 + index * layout.row
        if index:
            parts.append(rule(0, start, layout.width, start, "grid"))
        (_stacked if layout.stacked else _beside)(parts, row, axis, layout, start)
    return _ends(parts, panel, axis, layout, bottom)


def _axis(panel: Panel, layout: Layout) -> Axis:
    drawn = [(r.value, *(r.bounds or (r.value, r.value))) for r in panel.rows if r.value is not None]
    low, high = span(drawn, [panel.reference, *(m for m, _ in panel.margins)])
    return Axis(low, high, layout.left + 8, layout.right - 8, panel.flipped)


def _heads(parts: list[Markup], panel: Panel, layout: Layout, y: float) -> None:
    sizes, figures = panel.heads
    if layout.stacked:
        parts.append(words(layout.width, y, figures, 11, "s", "end") if figures else Markup(""))
    elif sizes or figures:
        parts.append(words(layout.left - 6, y, sizes, 11, "s", "end"))
        parts.append(words(layout.right + 14, y, figures, 11, "s"))


def _line_labels(parts: list[Markup], panel: Panel, axis: Axis, layout: Layout, y: float) -> float:
    for value, label in panel.margins:
        x = axis.place(value)
        anchor = "start" if x < layout.left + 60 else "end" if x > layout.right - 60 else "middle"
        parts.append(words(x, y, label, 11, "margin-label", anchor))
    return y


def _lines(parts: list[Markup], panel: Panel, axis: Axis, layout: Layout, top: float, bottom: float) -> None:
    """Grid, zero and margins; where labels stand above the intervals, only as high as these."""
    ticks = axis.ticks(layout.ticks)
    rows = range(len(panel.rows) if layout.stacked else 1)
    for index in rows:
        end = top + 2 + (index + 1) * layout.row if layout.stacked else bottom
        start = end - 28 if layout.stacked else top
        for value, _ in ticks:
            parts.append(rule(axis.place(value), start, axis.place(value), end, "grid"))
        parts.append(rule(axis.place(panel.reference), start, axis.place(panel.reference), end, "zero"))
        for value, _ in panel.margins:
            parts.append(rule(axis.place(value), start, axis.place(value), end, "margin"))
    for value, label in ticks:
        parts.append(words(axis.place(value), bottom + 14, label, 11, "s", "middle"))
    parts.append(rule(layout.left, bottom, layout.right, bottom, "axis"))


def _ends(parts: list[Markup], panel: Panel, axis: Axis, layout: Layout, bottom: float) -> float:
    left, right = panel.ends
    y = bottom + 31
    if left:
        parts.append(words(layout.left, y, f"← {left}", 11, "s"))
    if right:
        parts.append(words(layout.right, y, f"{right} →", 11, "s", "end"))
    below = y + 4 if left or right else bottom + 18
    return _legend(parts, panel, layout, below + 20) + 4 if panel.legend else below


def _legend(parts: list[Markup], panel: Panel, layout: Layout, y: float) -> float:
    """The shapes that occur, each with its word."""
    x = 6.0
    for tone, word in dict.fromkeys((r.tone, r.word) for r in panel.rows if r.value is not None):
        parts.append(mark(tone, x, y - 4))
        parts.append(words(x + 11, y, word, 11.5, f"word-{tone}"))
        x += 30 + 7 * len(word)
    return y


def _beside(parts: list[Markup], row: Row, axis: Axis, layout: Layout, y: float) -> None:
    middle = y + layout.row / 2
    figures = layout.right + 14
    if layout.tall:
        parts.append(named(0, middle - 3, row.label, 13, layout.label, "b"))
        parts.append(named(0, middle + 14, row.size, 11.5, 38, "s"))
        parts.append(words(figures, middle - 3, row.figures if row.value is not None else "undefined", 12.5))
        parts.append(words(figures, middle + 14, row.word, 12, f"word-{row.tone}"))
    else:
        parts.append(named(0, middle + 4, row.label, 12.5, 27))
        parts.append(words(layout.left - 6, middle + 4, row.size, 11.5, "s", "end"))
        parts.append(words(figures, middle + 4, row.figures if row.value is not None else row.word, 12))
    _interval(parts, row, axis, middle, 54)


def _stacked(parts: list[Markup], row: Row, axis: Axis, layout: Layout, y: float) -> None:
    parts.append(
        named(0, y + 16, row.label, 12.5, layout.label + (8 if layout.tall else 0), "b" if layout.tall else "")
    )
    figures = row.figures if row.value is not None else row.word
    if layout.tall:
        parts.append(words(layout.width, y + 16, row.word, 12, f"word-{row.tone}", "end"))
        parts.append(named(0, y + 33, row.size, 11.5, 26, "s"))
        parts.append(words(layout.width, y + 33, figures, 12, "", "end"))
    else:
        parts.append(words(layout.width, y + 16, figures, 12, "", "end"))
    _interval(parts, row, axis, y + layout.row - 14, 52)


def _interval(parts: list[Markup], row: Row, axis: Axis, y: float, limit: int) -> None:
    """The whisker, with arrows where it leaves the axis, and the point; or the words for what cannot be drawn."""
    if row.value is None:
        parts.append(named(axis.left, y + 4, row.figures, 11, limit, "s"))
        return
    if row.bounds is not None:
        low, high = row.bounds
        parts.append(rule(axis.place(low), y, axis.place(high), y, f"whisker-{row.tone}"))
        for bound in (low, high):
            parts.append(_end(axis, bound, y, row.tone))
    if math.isfinite(row.value) and axis.holds(row.value):
        parts.append(mark(row.tone, axis.place(row.value), y))


def _end(axis: Axis, bound: float, y: float, tone: Tone) -> Markup:
    x = axis.place(bound)
    if axis.holds(bound):
        return rule(x, y - 4, x, y + 4, f"whisker-{tone}")
    outward = 1 if (bound > axis.high) != axis.flipped else -1
    tip = x + 6 * outward
    return element(
        "polygon", {"points": f"{tip:.1f},{y:.1f} {x:.1f},{y - 4:.1f} {x:.1f},{y + 4:.1f}", "class": f"mark-{tone}"}
    )
