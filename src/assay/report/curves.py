"""Reliability diagrams and risk-coverage curves as blocks: a picture each, and the table that says the same."""

from __future__ import annotations

from collections.abc import Sequence

from assay.base.wording import level
from assay.records.comparison import Curve
from assay.report.blocks import Block, Column, Figure, Heading, Inline, Paragraph, Table
from assay.report.numbers import count
from assay.report.svg.curves import Frame, curves
from assay.report.text import clean

_SAID = {
    "reliability": ("Reliability", "probability", "frequency of the positive class"),
    "risk-coverage": ("Risk and coverage", "share of rows answered, surest first", "share of errors among them"),
}
_MEANING = {
    "reliability": "On the dashed diagonal, what is said with a probability comes true as often as it says. Bins hold "
    "about as many rows each.",
    "risk-coverage": "A model that may abstain answers the rows it is surest of first: the lower the curve, the less "
    "it risks at that coverage.",
}


def curve_blocks(drawn: Sequence[Curve]) -> list[Block]:
    """A figure for each kind of curve."""
    out: list[Block] = []
    for kind in dict.fromkeys(c.kind for c in drawn):
        same = [c for c in drawn if c.kind == kind]
        title, across, up = _SAID[kind]
        band = f"The {level(same[0].level)} band {same[0].band}."
        out += [Heading(title, 3), Paragraph(f"{_MEANING[kind]} {band}"), _figure(same, title, across, up)]
    return out


def _figure(same: Sequence[Curve], title: str, across: str, up: str) -> Figure:
    reliable = same[0].kind == "reliability"
    top = 1.0 if reliable else _round_up(max([v for c in same for v in (*c.y, *(h for h in c.high if h is not None))]))
    said = f"{up} against {across}, for {', '.join(clean(c.model) for c in same)}"
    wide, narrow = curves(same, Frame(across, up, top, reliable), title, said)
    columns = (Column("model"), *(Column(name, numeric=True) for name in (across, up, "band", "rows")))
    rows = tuple(row for c in same for row in _rows(c))
    return Figure(title, said, Table(columns, rows), wide, narrow)


def _rows(curve: Curve) -> list[tuple[Inline, ...]]:
    out: list[tuple[Inline, ...]] = []
    for x, y, low, high, rows in zip(curve.x, curve.y, curve.low, curve.high, curve.rows, strict=True):
        band = "none" if low is None or high is None else f"[{low:.3f}, {high:.3f}]"
        out.append((clean(curve.model), f"{x:.3f}", f"{y:.3f}", band, count(rows)))
    return out


def _round_up(value: float) -> float:
    """A round end of the axis at or above a share."""
    return next((end for end in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75) if value <= end), 1.0)
