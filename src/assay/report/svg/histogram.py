"""A histogram: how many values lie in each bin."""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.svg.axis import Axis
from assay.report.svg.drawing import Attributes, picture, rule, words
from assay.report.svg.markup import Markup, element
from assay.report.svg.series import reach


def histogram(counts: Sequence[int], edges: Sequence[float], title: str, description: str) -> tuple[str, str]:
    """The plot drawn for a page and for a phone.

    Args:
        counts: [b], values in each bin.
        edges: [b + 1], ascending and finite.
    """
    said = (title, description)
    return _draw(counts, edges, said, 560, "wide"), _draw(counts, edges, said, 350, "narrow")


def _draw(counts: Sequence[int], edges: Sequence[float], said: tuple[str, str], width: float, kind: str) -> str:
    left, right, top, bottom = 64.0, width - 8, 12.0, width * 0.36
    low, high = reach(edges)
    across, up = Axis(low, high, left, right), Axis(0.0, float(max(1, *counts)), bottom, top)
    parts: list[Markup] = []
    for value, label in up.ticks(4):
        parts.append(rule(left, up.place(value), right, up.place(value), "grid"))
        parts.append(words(left - 6, up.place(value) + 4, label, 11, "s", "end"))
    for i, many in enumerate(counts):
        start, end, y = across.place(edges[i]), across.place(edges[i + 1]), up.place(float(many))
        # Never thinner than a pixel: a bin with values is seen.
        box: Attributes = {
            "x": start,
            "y": y,
            "width": max(1.0, end - start - 0.5),
            "height": bottom - y,
            "class": "mark-info",
        }
        parts += [element("rect", box)] if many else []
    for value, label in across.ticks(4):
        parts.append(
            words(across.place(value), bottom + 15, label if len(label) < 9 else f"{value:.3g}", 11, "s", "middle")
        )
    parts.append(rule(left, bottom, right, bottom, "axis"))
    return picture(kind, (width, bottom + 24), *said, parts)
