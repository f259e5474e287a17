"""Models in order on one scale, and which of them are not told apart: the critical-difference plot, by row.

A bar on the right joins models of which no two are told apart (Demsar 2006, J. Mach. Learn. Res. 7:1-30, figure 1,
turned so that any number of models fits and names stay readable).
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.report.svg.axis import Axis, span
from assay.report.svg.drawing import named, picture, rule, words
from assay.report.svg.marks import mark
from assay.report.svg.markup import Markup

_ROW, _TOP, _STEP = 24.0, 54.0, 12.0


@dataclass(frozen=True, slots=True)
class Place:
    """One model: its value on the scale, an interval of its own or None, and its figure in words."""

    name: str
    value: float
    bounds: tuple[float, float] | None
    figure: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What the axis shows.

    Attributes:
        title: Of the axis.
        flipped: Whether less is better, so that the better end stays on the right.
        difference: A length that values have to lie apart, drawn to scale; 0 for none. `said` names it.
    """

    title: str
    flipped: bool = False
    difference: float = 0.0
    said: str = ""


def places(models: tuple[Place, ...], groups: tuple[tuple[str, ...], ...], scale: Scale, title: str) -> tuple[str, str]:
    """The plot drawn for a page and for a phone.

    Args:
        models: Best first.
        groups: Names of models not told apart, a bar each; those of one model are not drawn.
        scale: The axis.
        title: Read aloud first.
    """
    bars = [g for g in groups if len(g) > 1]
    said = "; ".join(f"{m.name} {m.figure}" for m in models[:20])
    joined = "; ".join(" = ".join(g) for g in bars[:10]) or "every two models are told apart"
    description = f"{scale.title}, best first: {said}. Not told apart: {joined}."
    return (
        _draw(models, bars, scale, title, description, (800.0, 190.0, 30), "wide"),
        _draw(models, bars, scale, title, description, (350.0, 110.0, 16), "narrow"),
    )


def _draw(
    models: tuple[Place, ...],
    bars: list[tuple[str, ...]],
    scale: Scale,
    title: str,
    description: str,
    page: tuple[float, float, int],
    kind: str,
) -> str:
    width, left, limit = page
    shown = bars[: int((width - left) * 0.35 / _STEP)]
    right = width - _STEP * len(shown) - 16 - (70 if kind == "wide" else 0)
    drawn = [(m.value, *(m.bounds or (m.value, m.value))) for m in models]
    low, high = span(drawn, [models[0].value])
    axis = Axis(low, high, left, right, scale.flipped)
    bottom = _TOP + _ROW * len(models)
    parts = [named(0, 14, scale.title, 13, 100 if kind == "wide" else 44, "b"), *_length(axis, scale)]
    for value, label in axis.ticks(5 if kind == "wide" else 4):
        parts.append(rule(axis.place(value), _TOP - 4, axis.place(value), bottom, "grid"))
        parts.append(words(axis.place(value), bottom + 14, label, 11, "s", "middle"))
    parts.append(rule(left, bottom, right, bottom, "axis"))
    for row, model in enumerate(models):
        parts += _row(model, axis, _TOP + _ROW * (row + 0.5), limit, kind, right)
    place = {m.name: row for row, m in enumerate(models)}
    for number, bar in enumerate(shown):
        parts += _bar([place[name] for name in bar], width - _STEP * (len(shown) - number) + 4)
    if len(bars) > len(shown):
        parts.append(words(width, bottom + 28, f"and {len(bars) - len(shown)} more groups", 11, "s", "end"))
    return picture(kind, (width, bottom + 32), title, description, parts)


def _length(axis: Axis, scale: Scale) -> list[Markup]:
    """The critical difference, to scale, above the axis."""
    if not scale.difference:
        return []
    half = abs(axis.place(axis.low + scale.difference) - axis.place(axis.low)) / 2
    middle = (axis.left + axis.right) / 2
    ends = (middle - half, middle + half)
    return [
        words(middle, 30, scale.said, 11, "s", "middle"),
        rule(ends[0], 38, ends[1], 38, "zero"),
        *(rule(x, 34, x, 42, "zero") for x in ends),
    ]


def _row(model: Place, axis: Axis, y: float, limit: int, kind: str, right: float) -> list[Markup]:
    parts = [named(0, y + 4, model.name, 12.5, limit)]
    if model.bounds is not None:
        parts.append(rule(axis.place(model.bounds[0]), y, axis.place(model.bounds[1]), y, "whisker-info"))
    parts.append(mark("info", axis.place(model.value), y))
    if kind == "wide":
        parts.append(words(right + 10, y + 4, model.figure, 12))
    return parts


def _bar(rows: list[int], x: float) -> list[Markup]:
    """A line from the first to the last of a group, with a dot at each member."""
    y = [_TOP + _ROW * (row + 0.5) for row in rows]
    return [rule(x, min(y) - 6, x, max(y) + 6, "zero"), *(mark("info", x, at, 4.0) for at in y)]
