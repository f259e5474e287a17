"""Bounds by information, with the path of the statistic: a plot for a page and for a phone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.blocks import Tone
from assay.report.numbers import count
from assay.report.svg.axis import Axis
from assay.report.svg.drawing import picture, rule
from assay.report.svg.marks import mark
from assay.report.svg.markup import Markup, element

TALLEST = 6.0
"""A statistic beyond it is drawn at the edge: early bounds are often out of reach."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The bound of one look.

    Attributes:
        units: Where it lies.
        z: How far from 0, on both sides.
        read: Whether the look has been taken.
    """

    units: float
    z: float
    read: bool


@dataclass(frozen=True, slots=True)
class Track:
    """The statistic at the looks so far, against one value.

    Attributes:
        label: The value, in words; empty where there is one.
        points: (units, statistic), in order.
    """

    label: str
    points: tuple[tuple[float, float], ...]


def bounds_plot(
    bounds: Sequence[Bound], tracks: Sequence[Track], title: str, description: str, unit: str = "units"
) -> tuple[str, str]:
    """The plot drawn for a page and for a phone.

    Args:
        bounds: Of every planned look, in order.
        tracks: Paths of the statistic; larger is better for the candidate.
        title: Read aloud first.
        description: What the picture shows, in words.
        unit: What the horizontal axis counts.
    """
    drawn = (_Frame(640, 260, "wide", 5), _Frame(350, 240, "narrow", 3))
    wide, narrow = (_draw(frame, bounds, tracks, (title, description), unit) for frame in drawn)
    return wide, narrow


@dataclass(frozen=True, slots=True)
class _Frame:
    width: float
    height: float
    kind: str
    ticks: int

    def across(self, most: float) -> Axis:
        return Axis(0.0, most, 44.0, self.width - 16)

    def up(self, most: float) -> Axis:
        return Axis(-most, most, self.height - 44, 22.0)


def _draw(frame: _Frame, bounds: Sequence[Bound], tracks: Sequence[Track], said: tuple[str, str], unit: str) -> str:
    most = max([b.units for b in bounds] + [u for t in tracks for u, _ in t.points], default=1.0)
    reached = [b.z for b in bounds] + [abs(z) for t in tracks for _, z in t.points]
    across, up = frame.across(1.04 * most), frame.up(min(TALLEST, math.ceil(max(reached, default=3.0) + 0.2)))
    parts = [*_grid(frame, across, up, unit), *_both_bounds(bounds, across, up)]
    for track in tracks:
        parts += _track(track, bounds, across, up)
    return picture(frame.kind, (frame.width, frame.height), said[0], said[1], parts)


def _grid(frame: _Frame, across: Axis, up: Axis, unit: str) -> list[Markup]:
    parts = []
    for value, label in up.ticks(6):
        y = up.place(value)
        parts.append(rule(across.left, y, across.right, y, "zero" if value == 0 else "grid"))
        parts.append(_text(across.left - 6, y + 4, label, "end"))
    base = up.place(up.low)
    parts.append(rule(across.left, base, across.right, base, "axis"))
    for value, _ in across.ticks(frame.ticks):
        parts.append(_text(across.place(value), base + 16, count(value), "middle"))
    parts.append(_text(across.right, frame.height - 8, unit, "end"))
    parts.append(_text(4, 12, "statistic z"))
    return parts


def _both_bounds(bounds: Sequence[Bound], across: Axis, up: Axis) -> list[Markup]:
    parts = []
    for side in (1.0, -1.0):
        places = [(across.place(b.units), up.place(side * b.z)) for b in bounds]
        if len(places) > 1:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            parts.append(element("polyline", {"points": points, "class": "margin", "fill": "none"}))
        for bound, (x, y) in zip(bounds, places, strict=True):
            size = 4.0 if bound.read else 2.5
            parts.append(mark("info", x, y, size + 1.5))
            if abs(bound.z) > up.high:
                parts.append(_text(x + 6, y + (12 if side > 0 else -6), f"{bound.z:.1f}", kind="margin-label"))
    return parts


def _track(track: Track, bounds: Sequence[Bound], across: Axis, up: Axis) -> list[Markup]:
    parts = []
    places = [(across.place(units), up.place(z)) for units, z in track.points]
    if len(places) > 1:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(element("polyline", {"points": points, "class": "zero", "fill": "none"}))
    reach = {b.units: b.z for b in bounds}
    for (units, z), (x, y) in zip(track.points, places, strict=True):
        parts.append(mark(tone_of(z, reach.get(units, math.inf)), x, y))
    if track.label and places:
        parts.append(_text(places[-1][0] - 8, places[-1][1] - 8, track.label, "end"))
    return parts


def tone_of(z: float, bound: float) -> Tone:
    """Beyond the upper bound, beyond the lower one, or between."""
    return "good" if z >= bound else "bad" if z <= -bound else "unsure"


def _text(x: float, y: float, text: str, anchor: str = "start", kind: str = "s") -> Markup:
    return element("text", {"x": x, "y": y, "font-size": 11.0, "text-anchor": anchor, "class": kind}, text)
