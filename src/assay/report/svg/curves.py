"""Curves of two models or more on one pair of axes, with their bands and, where it means something, the diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.records.comparison import Curve
from assay.report.blocks import Tone
from assay.report.svg.axis import Axis
from assay.report.svg.drawing import picture, rule, words
from assay.report.svg.marks import mark
from assay.report.svg.markup import Markup, element
from assay.report.text import clean, shorten

TONES: tuple[Tone, ...] = ("muted", "info", "unsure")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the axes are called and how far they reach.

    Attributes:
        across: Title of the horizontal axis, 0 to 1.
        up: Title of the vertical axis, from 0.
        top: Its upper end.
        diagonal: Whether the line from (0, 0) to (1, 1) is drawn.
    """

    across: str
    up: str
    top: float = 1.0
    diagonal: bool = False


def curves(drawn: Sequence[Curve], frame: Frame, title: str, description: str) -> tuple[str, str]:
    """The plot drawn for a page and for a phone."""
    return _draw(drawn, frame, title, description, 560, "wide"), _draw(drawn, frame, title, description, 350, "narrow")


def _draw(drawn: Sequence[Curve], frame: Frame, title: str, description: str, width: float, kind: str) -> str:
    left, right, top, bottom = 44.0, width - 8, 26.0, width * 0.62
    across, up = Axis(0, 1, left, right), Axis(0, frame.top, bottom, top)
    parts = [words(0, 13, frame.up, 12, "s")]
    for axis, level in ((across, False), (up, True)):
        for value, label in axis.ticks(5):
            at = axis.place(value)
            parts.append(rule(left, at, right, at, "grid") if level else rule(at, top, at, bottom, "grid"))
            place = (left - 6, at + 4, "end") if level else (at, bottom + 15, "middle")
            parts.append(words(place[0], place[1], label, 11, "s", place[2]))
    parts.append(rule(left, bottom, right, bottom, "axis"))
    if frame.diagonal:
        parts.append(rule(across.place(0), up.place(0), across.place(1), up.place(1), "margin"))
    for number, curve in enumerate(drawn):
        parts += _curve(curve, across, up, TONES[number % len(TONES)], 2.0 * number)
    parts.append(words(right, bottom + 32, frame.across, 12, "s", "end"))
    for number, curve in enumerate(drawn):
        y = bottom + 50 + 18 * number
        parts.append(mark(TONES[number % len(TONES)], left + 4, y - 4))
        parts.append(words(left + 16, y, shorten(clean(curve.model), 44), 12))
    return picture(kind, (width, bottom + 40 + 18 * len(drawn)), title, description, parts)


def _curve(curve: Curve, across: Axis, up: Axis, tone: Tone, shift: float) -> list[Markup]:
    """Points joined in order, each with its bounds; models stand a little apart, so that bounds do not hide others."""
    places = [(across.place(x) + shift, up.place(y)) for x, y in zip(curve.x, curve.y, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [element("polyline", {"points": path, "fill": "none", "class": f"whisker-{tone}"})]
    for (x, _), low, high in zip(places, curve.low, curve.high, strict=True):
        if low is not None and high is not None:
            parts.append(rule(x, up.place(low), x, up.place(high), f"whisker-{tone}"))
    return [*parts, *(mark(tone, x, y, 4.0) for x, y in places)]
