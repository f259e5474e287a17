"""Plots: what cannot be drawn is said, what is cut is marked, what is hostile is text."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from assay.report.svg.axis import Axis, span
from assay.report.svg.forest import Panel, Row, forest
from assay.report.svg.markup import element

number = st.floats(-1e6, 1e6, allow_nan=False)


def row(value: float | None, low: float, high: float) -> Row:
    return Row("all", "10 rows", value, None if value is None else (low, high), "why not", "unsure", "unclear")


@given(st.lists(st.tuples(number, number, number), max_size=8), st.lists(number, max_size=3))
def test_the_range_holds_the_lines_and_has_a_size(rows: list[tuple[float, float, float]], lines: list[float]) -> None:
    ordered = [tuple(sorted(r)) for r in rows]
    low, high = span([(m, a, b) for a, m, b in ordered], lines)
    assert low < high
    assert all(low <= line <= high for line in lines)


@given(number, st.floats(1e-6, 1e6))
def test_ticks_are_round_within_the_axis_and_few(low: float, width: float) -> None:
    axis = Axis(low, low + width, 0, 100)
    ticks = axis.ticks()
    slack = 1e-6 * (abs(low) + width)
    assert 1 <= len(ticks) <= 11
    assert all(low - slack <= value <= low + width + slack for value, _ in ticks)


def test_a_flipped_axis_puts_less_on_the_right() -> None:
    assert Axis(0, 1, 0, 100, flipped=True).place(0.0) == 100
    assert Axis(0, 1, 0, 100).place(0.0) == 0


def test_an_interval_that_leaves_the_axis_ends_in_an_arrow() -> None:
    rows = tuple(row(0.0, -0.01, 0.01) for _ in range(5))
    wide = row(0.0, -9.0, 9.0)
    assert "polygon" not in forest((Panel("p", rows),), "t", "d")[0]
    assert forest((Panel("p", (*rows, wide)),), "t", "d")[0].count("polygon") == 2


def test_infinite_bounds_are_drawn_as_arrows() -> None:
    page, phone = forest((Panel("p", (row(1.0, -math.inf, math.inf),)),), "t", "d")
    for text in (page, phone):
        assert text.count("polygon") == 2
        assert "nan" not in text
        assert "inf" not in text


def test_an_undefined_row_says_why() -> None:
    for text in forest((Panel("p", (row(None, 0, 0), row(1.0, 0.5, 1.5))),), "t", "d"):
        assert "why not" in text


@given(st.text(), st.text())
def test_any_text_gives_well_formed_markup(label: str, title: str) -> None:
    bad = Row(label, label, 1.0, (0.0, 2.0), label, "good", label)
    panel = Panel(label, (bad,), margins=((0.5, label),), ends=(label, label), heads=(label, label), legend=True)
    for text in forest((panel,), title, label):
        ET.fromstring(text)


def test_attributes_and_text_are_escaped() -> None:
    assert element("a", {"b": '"<'}, "<&") == '<a b="&quot;&lt;">&lt;&amp;</a>'
    assert element("a", {"x": -0.0, "y": 10.04}) == '<a x="0" y="10"/>'
