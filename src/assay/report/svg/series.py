"""One logged series against its steps; what is no number breaks the line and stands as a dashed line of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from assay.report.svg.axis import Axis
from assay.report.svg.drawing import picture, rule, words
from assay.report.svg.markup import Markup, element

Point = tuple[int, float]
_MOST_ODD = 20


def series(points: Sequence[Point], title: str, description: str) -> tuple[str, str]:
    """The plot drawn for a page and for a phone.

    Args:
        points: Step and value, in the order of logging.
    """
    return _draw(points, title, description, 560, "wide"), _draw(points, title, description, 350, "narrow")


def _draw(points: Sequence[Point], title: str, description: str, width: float, kind: str) -> str:
    left, right, top, bottom = 64.0, width - 8, 12.0, width * 0.36
    across = Axis(*reach([float(step) for step, _ in points]), left, right)
    up = Axis(*reach([value for _, value in points if math.isfinite(value)]), bottom, top)
    parts: list[Markup] = []
    for axis, level in ((across, False), (up, True)):
        for value, label in axis.ticks(4):
            at = axis.place(value)
            parts.append(rule(left, at, right, at, "grid") if level else rule(at, top, at, bottom, "grid"))
            x, y, anchor = (left - 6, at + 4, "end") if level else (at, bottom + 15, "middle")
            parts.append(words(x, y, label if len(label) < 9 else f"{value:.3g}", 11, "s", anchor))
    parts.append(rule(left, bottom, right, bottom, "axis"))
    odd = list(dict.fromkeys(step for step, value in points if not math.isfinite(value)))
    parts += [rule(across.place(s), top, across.place(s), bottom, "margin") for s in odd[:_MOST_ODD]]
    for stretch in _stretches(points):
        places = [(across.place(step), up.place(value)) for step, value in stretch]
        if len(places) == 1:
            places.append((places[0][0] + 1, places[0][1]))
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(element("polyline", {"points": path, "fill": "none", "class": "whisker-info"}))
    parts.append(words(right, bottom + 32, "step", 12, "s", "end"))
    return picture(kind, (width, bottom + 40), title, description, parts)


def reach(values: Sequence[float]) -> tuple[float, float]:
    """From the least to the greatest value, with some room where they are the same; the largest floats are cut."""
    held = [min(1e300, max(-1e300, v)) for v in values]
    low, high = min(held, default=0.0), max(held, default=1.0)
    if high - low > max(1e-9 * max(abs(low), abs(high)), 1e-290):
        return low, high
    room = abs(low) * 0.05 or 0.5
    return low - room, high + room


def _stretches(points: Sequence[Point]) -> Iterator[list[Point]]:
    held: list[Point] = []
    for step, value in points:
        if math.isfinite(value):
            held.append((step, value))
        elif held:
            yield held
            held = []
    if held:
        yield held
