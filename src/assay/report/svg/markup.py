"""Elements as strings. Text is escaped here and nowhere else; markup is a type of its own."""

from __future__ import annotations

from html import escape

from assay.report.text import clean


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(name: str, attributes: dict[str, str | float], *children: str) -> Markup:
    """An element; children that are not `Markup` are text.

    >>> element("text", {"x": 1.5}, "<b>")
    '<text x="1.5">&lt;b&gt;</text>'
    """
    pairs = "".join(f' {key}="{_attribute(value)}"' for key, value in attributes.items())
    if not children:
        return Markup(f"<{name}{pairs}/>")
    body = "".join(c if isinstance(c, Markup) else escape(clean(c)) for c in children)
    return Markup(f"<{name}{pairs}>{body}</{name}>")


def join(parts: list[Markup]) -> Markup:
    """Elements side by side."""
    return Markup("".join(parts))


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return escape(clean(value), quote=True)
    # Coordinates to a tenth of a pixel: small files, and the same bytes on every platform.
    return (
        f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")
    )
