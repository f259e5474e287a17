"""A half-normal plot of effects: those of chance lie on a line through 0, those that are real stand off it.

Source: Daniel (1959), Technometrics 1:311-341.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.report.svg.axis import Axis
from assay.report.svg.drawing import named, picture, rule, words
from assay.report.svg.marks import mark
from assay.report.svg.markup import Markup

NAMED = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """One effect: its name, its size, its half-normal score, and whether it stands off."""

    name: str
    size: float
    score: float
    off: bool


def half_normal_plot(dots: tuple[Dot, ...], title: str, margins: tuple[tuple[float, str], ...]) -> tuple[str, str]:
    """The plot drawn for a page and for a phone.

    Args:
        dots: Every effect.
        title: Read aloud first.
        margins: Sizes that are drawn as lines, with their labels.
    """
    largest = sorted(dots, key=lambda d: -d.size)[:NAMED]
    said = "Sizes of effects by half-normal score, largest first: " + ", ".join(
        f"{d.name} {d.size:.3g}" for d in largest
    )
    wide = _draw(dots, title, said, margins, (800.0, 340.0, 60.0), "wide")
    return wide, _draw(dots, title, said, margins, (350.0, 300.0, 44.0), "narrow")


def _draw(
    dots: tuple[Dot, ...],
    title: str,
    said: str,
    margins: tuple[tuple[float, str], ...],
    page: tuple[float, float, float],
    kind: str,
) -> str:
    width, height, left = page
    most = max([d.size for d in dots] + [m for m, _ in margins], default=1.0) or 1.0
    x = Axis(0.0, 1.08 * max((d.score for d in dots), default=1.0), left, width - 10)
    y = Axis(0.0, 1.08 * most, height - 40, 24)
    parts: list[Markup] = [words(0, 12, "Size of the effect", 12, "s")]
    for value, label in y.ticks(5):
        parts.append(rule(left, y.place(value), width - 10, y.place(value), "grid"))
        parts.append(words(left - 6, y.place(value) + 4, label, 11, "s", "end"))
    for value, label in x.ticks(5):
        parts.append(words(x.place(value), height - 24, label, 11, "s", "middle"))
    parts.append(rule(left, y.place(0), width - 10, y.place(0), "axis"))
    parts.append(words(width - 10, height - 8, "half-normal score", 11, "s", "end"))
    for size, label in margins:
        parts.append(rule(left, y.place(size), width - 10, y.place(size), "margin"))
        parts.append(words(left + 4, y.place(size) - 4, label, 11, "margin-label"))
    shown = {d.name for d in sorted(dots, key=lambda d: -d.size)[:NAMED] if d.off} or {
        d.name for d in sorted(dots, key=lambda d: -d.size)[:3]
    }
    for dot in dots:
        at = (x.place(dot.score), y.place(dot.size))
        parts.append(mark("good" if dot.off else "unsure", *at))
        if dot.name in shown:
            parts.append(_name(dot.name, at, width))
    return picture(kind, (width, height), title, said, parts)


def _name(name: str, at: tuple[float, float], width: float) -> Markup:
    if at[0] > width / 2:
        return words(at[0] - 9, at[1] + 4, name if len(name) <= 24 else name[:23] + "…", 11.5, "", "end")
    return named(at[0] + 9, at[1] + 4, name, 11.5, 24)
