"""Curves: values against a number of units, with reference lines, points with their errors, and a marked place."""

from __future__ import annotations

from dataclasses import dataclass

from assay.report.svg.axis import Axis
from assay.report.svg.drawing import picture, rule, words
from assay.report.svg.markup import Markup, element
from assay.report.text import clean, shorten

TOP, FOOT, GAP = 26.0, 42.0, 18.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One line, and points on it that were simulated.

    Attributes:
        label: What it is.
        points: (x, y), ascending in x.
        marks: (x, y, standard error) of simulated points.
    """

    label: str
    points: tuple[tuple[float, float], ...]
    marks: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves that share their axes.

    Attributes:
        across: What the horizontal axis is.
        up: What the vertical axis is.
        level: A dashed line across, with its label; None without.
        place: A dashed line upwards, with its label; None without.
        bounds: Least and greatest value shown; None for what the curves need.
    """

    title: str
    curves: tuple[Curve, ...]
    across: str
    up: str
    level: tuple[float, str] | None = None
    place: tuple[float, str] | None = None
    bounds: tuple[float, float] | None = None


def curves(charts: tuple[Chart, ...], title: str, description: str) -> tuple[str, str]:
    """The charts drawn for a page and for a phone."""
    return (
        _draw(charts, title, description, 800.0, "wide"),
        _draw(charts, title, description, 350.0, "narrow"),
    )


def _draw(charts: tuple[Chart, ...], title: str, description: str, width: float, kind: str) -> str:
    parts: list[Markup] = []
    y = 4.0
    for chart in charts:
        y = _chart(parts, chart, width, y) + GAP
    return picture(kind, (width, y - 10), title, description, parts)


def _chart(parts: list[Markup], chart: Chart, width: float, y: float) -> float:
    height = 190.0 if width > 400 else 160.0
    top, bottom = y + TOP + 14, y + TOP + height
    xs = [p[0] for c in chart.curves for p in (*c.points, *c.marks)]
    across = Axis(0.0, max([*xs, chart.place[0] if chart.place else 0.0, 1.0]), 58.0, width - 12)
    up = _upwards(chart, bottom, top)
    parts.append(words(0, y + 12, shorten(clean(chart.title), 90 if width > 400 else 44), 13, "b"))
    parts.append(words(0, y + TOP + 4, chart.up, 11, "s"))
    for value, label in up.ticks(4):
        parts.append(rule(across.left, up.place(value), across.right, up.place(value), "grid"))
        parts.append(words(across.left - 6, up.place(value) + 4, label, 11, "s", "end"))
    for value, label in across.ticks(5 if width > 400 else 3):
        parts.append(words(across.place(value), bottom + 14, label, 11, "s", "middle"))
    parts.append(rule(across.left, bottom, across.right, bottom, "axis"))
    _references(parts, chart, across, up)
    for curve in chart.curves:
        _curve(parts, curve, across, up)
    parts.append(words(across.right, bottom + 30, f"{chart.across} →", 11, "s", "end"))
    return bottom + FOOT - 10


def _upwards(chart: Chart, bottom: float, top: float) -> Axis:
    ys = [p[1] for c in chart.curves for p in (*c.points, *c.marks)]
    low, high = chart.bounds or (min([0.0, *ys]), max([*ys, chart.level[0] if chart.level else 0.0, 1e-12]))
    return Axis(low, high if high > low else low + 1.0, bottom, top)


def _references(parts: list[Markup], chart: Chart, across: Axis, up: Axis) -> None:
    if chart.level is not None:
        y = up.place(chart.level[0])
        parts.append(rule(across.left, y, across.right, y, "margin"))
        parts.append(words(across.right, y - 4, chart.level[1], 11, "margin-label", "end"))
    if chart.place is not None and across.holds(chart.place[0]):
        x = across.place(chart.place[0])
        parts.append(rule(x, up.left, x, up.right, "margin"))
        near = x > across.right - 120
        anchor, beside = ("end", x - 4) if near else ("start", x + 4)
        parts.append(words(beside, up.left - 6, chart.place[1], 11, "margin-label", anchor))


def _curve(parts: list[Markup], curve: Curve, across: Axis, up: Axis) -> None:
    if len(curve.points) > 1:
        line = " ".join(f"{across.place(x):.1f},{up.place(y):.1f}" for x, y in curve.points)
        parts.append(element("polyline", {"points": line, "class": "whisker-info"}, element("title", {}, curve.label)))
    for x, y, error in curve.marks:
        place = across.place(x)
        parts.append(rule(place, up.place(y - 2 * error), place, up.place(y + 2 * error), "whisker-muted"))
        parts.append(element("circle", {"cx": place, "cy": up.place(y), "r": 3.0, "class": "mark-info"}))
