"""One shape for each status, so that colour is never the only sign."""

from __future__ import annotations

from assay.report.blocks import Tone
from assay.report.svg.markup import Markup, element


def mark(tone: Tone, x: float, y: float, size: float = 5.0) -> Markup:
    """A filled circle (good), a filled diamond (bad), an open circle (unsure), a small square (muted), a bar (info).

    Args:
        tone: The status.
        x: Centre.
        y: Centre.
        size: Half of the height.
    """
    if tone == "good":
        return element("circle", {"cx": x, "cy": y, "r": size, "class": "mark-good"})
    if tone == "bad":
        r = size + 1
        points = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
        return element("polygon", {"points": points, "class": "mark-bad"})
    if tone == "unsure":
        return element("circle", {"cx": x, "cy": y, "r": size - 0.5, "class": "hollow-unsure"})
    half = size - 1.5
    box: dict[str, str | float] = {"x": x - half, "y": y - half, "width": 2 * half, "height": 2 * half}
    return element("rect", {**box, "class": f"hollow-{tone}"})


def icon(tone: Tone) -> Markup:
    """The shape alone, to stand beside a word."""
    return element("svg", {"viewBox": "-7 -7 14 14", "aria-hidden": "true", "focusable": "false"}, mark(tone, 0, 0))
