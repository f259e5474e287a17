"""What every drawing is made of: lines, text, and the picture around them."""

from __future__ import annotations

import hashlib

from assay.report.svg.markup import Markup, element, join
from assay.report.text import clean, shorten

Attributes = dict[str, str | float]


def picture(kind: str, size: tuple[float, float], title: str, description: str, parts: list[Markup]) -> Markup:
    """The parts as one picture with its title and description.

    Args:
        kind: `wide` for a page, `narrow` for a phone.
        size: Width and height.
        title: Read aloud first.
        description: What it shows, in words.
        parts: What is drawn.
    """
    content = f"{kind}\x1f{title}\x1f{description}\x1f{join(parts)}"
    key = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:10]
    head = [element("title", {"id": f"t{key}"}, title), element("desc", {"id": f"d{key}"}, description)]
    attributes: Attributes = {
        "class": kind,
        "viewBox": f"0 0 {size[0]:g} {size[1]:g}",
        "role": "img",
        "aria-labelledby": f"t{key} d{key}",
    }
    return element("svg", attributes, *head, *parts)


def named(x: float, y: float, name: str, size: float, limit: int, kind: str = "") -> Markup:
    """A name of at most `limit` characters; a longer one is shortened and shown whole on pointing."""
    shown = shorten(clean(name), limit)
    whole = [element("title", {}, name)] if shown != clean(name) else []
    return words(x, y, shown, size, kind, "start", whole)


def words(
    x: float,
    y: float,
    said: str,
    size: float,
    kind: str = "",
    anchor: str = "start",
    inside: list[Markup] | None = None,
) -> Markup:
    """Text at a place, of a class of the style sheet."""
    attributes: Attributes = {"x": x, "y": y, "font-size": size}
    if kind:
        attributes["class"] = kind
    if anchor != "start":
        attributes["text-anchor"] = anchor
    return element("text", attributes, *(inside or []), said)


def rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line of a class of the style sheet."""
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": kind})
