"""Numbers never lie about their side of a line, never read as zero, never show noise."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.wording import level
from assay.report.numbers import count, decimal, format_for, p_value, plain, side_format

finite = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0115, 3, "0.012"),  # binary 0.01149999…: the decimal that was written is rounded
        (-0.0115, 3, "−0.012"),
        (0.00012, 3, "0.00012"),
        (3e-9, 3, "3.0×10⁻⁹"),
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (1234567.8, 0, "1,234,568"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (math.nan, 2, "undefined"),
    ],
)
def test_a_decimal_reads_as_people_write_it(value: float, decimals: int, text: str) -> None:
    assert decimal(value, decimals) == text


@given(finite, st.integers(0, 8))
def test_only_zero_reads_as_zero(value: float, decimals: int) -> None:
    text = decimal(value, decimals)
    assert (value == 0) == (re.fullmatch(r"[+−]?0(\.0*)?", text) is not None)
    assert "-" not in text


@given(finite, st.floats(1e-6, 1e6), st.floats(-1, 1))
def test_the_digits_follow_the_width(value: float, half: float, shift: float) -> None:
    bounds = (value - half * (1 + shift / 2), value + half)
    text = format_for(bounds, value).value(value)
    decimals = len(text.partition(".")[2])
    assert decimals <= 17
    assert "e" not in text
    if abs(value) > half:
        assert 10.0**-decimals <= (bounds[1] - bounds[0])


@given(st.floats(-0.02, 0.02), st.floats(0.0001, 1.0))
def test_rounding_does_not_move_a_bound_across_zero(low: float, width: float) -> None:
    shown = format_for((low, low + width), low, against=(0.0,)).bounds((low, low + width))
    first = shown[1:].split(",")[0]
    assert (low < 0) == first.startswith("−")
    assert (low == 0) == (first == "0")


def test_decimals_are_added_until_a_margin_is_told_apart() -> None:
    bounds = (-0.00996, 0.02)
    assert format_for(bounds, 0.0, against=(-0.01,)).bounds(bounds) == "[−0.00996, 0.02000]"


def test_tiny_and_huge_figures_share_one_notation_with_two_digits() -> None:
    bounds = (-9.8e-15, 1.2e-14)
    form = format_for(bounds, 2.5e-15, against=(0.0,))
    assert form.value(2.5e-15, signed=True) == "+2.5×10⁻¹⁵"
    assert form.bounds(bounds, signed=True) == "[−9.8×10⁻¹⁵, +1.2×10⁻¹⁴]"
    assert format_for((2.49e-15, 2.53e-15), 2.51e-15).bounds((2.49e-15, 2.53e-15)) == "[2.490×10⁻¹⁵, 2.530×10⁻¹⁵]"
    assert format_for((9e11, 3e12), 2e12).bounds((9e11, 3e12)) == "[9.0×10¹¹, 3.0×10¹²]"
    assert format_for((0.0, 1e-9), 0.0).bounds((0.0, 1e-9)) == "[0, 1.0×10⁻⁹]"
    assert side_format(form, 0.5).value(0.5) == "0.5000"


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.001, 50))
def test_two_values_agree_with_their_difference(base: float, cand: float, half: float) -> None:
    """The difference of what is shown is the difference shown, but for the rounding of three numbers."""
    gap = round(cand - base, 6)
    form = format_for((gap - half, gap + half), gap, against=(0.0,))
    shown = [side_format(form, v, gap).value(v) for v in (base, cand)] + [form.value(gap)]
    first, second, between = (float(s.replace("−", "-")) for s in shown)
    assert abs(second - first - between) <= 0.5 * sum(10.0 ** -len(s.partition(".")[2]) for s in shown) + 1e-6
    assert all(len(s.replace(".", "").lstrip("0")) >= 2 for s in shown[:2])
    assert all(len(s.partition(".")[2]) >= len(shown[2].partition(".")[2]) for s in shown[:2] if abs(gap) > 1e-4)


def test_a_percentage_says_so() -> None:
    assert format_for((1.0, 3.0), 2.0, "percent").bounds((1.0, 3.0)) == "[1.0%, 3.0%]"


def test_no_interval_gives_three_digits() -> None:
    assert format_for(None, 0.123456).value(0.123456) == "0.123"
    assert format_for((0.5, 0.5), 0.5).value(0.5) == "0.500"


def test_a_missing_value_is_undefined_not_zero() -> None:
    assert format_for(None, None).value(None) == "undefined"


@given(st.floats(0, 1))
def test_a_p_value_is_never_zero(p: float) -> None:
    assert p_value(p) not in ("0", "0.0", "0.00", "0.000", "1.00")


def test_p_values_counts_levels_and_plain_numbers() -> None:
    assert [p_value(p) for p in (0.0, 0.0271, 0.31, 1.0, None, math.nan)] == ["< 0.001", "0.027", "0.31", "1", "–", "–"]
    assert [count(n) for n in (336776, 8.25, 61.0)] == ["336,776", "8.2", "61"]
    assert [level(v) for v in (0.95, 0.9975, 0.999)] == ["95%", "99.75%", "99.9%"]
    assert [plain(-0.01), plain(0.01, signed=True), plain(0.0, signed=True)] == ["−0.01", "+0.01", "0"]
