"""Numbers as people read them: as many digits as the interval supports, never `0.000`, never seventeen.

Widths decide: the interval's width keeps two significant digits, and its value and bounds share those decimals
(Taylor, An Introduction to Error Analysis, 2nd ed., rule 2.5 and 2.9, with one digit more so that a reader can check
a bound against a margin).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assay.base.wording import MINUS

INFINITY = "∞"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_DECIMALS = 6
HUGE = 1e12
"""From here on a number is written with a power of ten."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How one estimate's figures are written.

    Attributes:
        decimals: Digits after the point, shared by the value and its bounds.
        percent: Whether the values are percentages.
        power: Whether all of them are written with a power of ten, `decimals` then being those of the mantissa.
    """

    decimals: int
    percent: bool = False
    power: bool = False

    def value(self, number: float | None, signed: bool = False) -> str:
        """One figure, e.g. `−0.012`; a difference is `signed`."""
        if number is None or math.isnan(number):
            return "undefined"
        suffix = "%" if self.percent else ""
        if self.power and number and math.isfinite(number):
            sign = MINUS if number < 0 else "+" if signed else ""
            return sign + _power(abs(number), self.decimals) + suffix
        return decimal(number, self.decimals, signed) + suffix

    def bounds(self, bounds: tuple[float, float] | None, signed: bool = False) -> str:
        """An interval, e.g. `[−0.031, +0.008]`; a dash where there is none."""
        if bounds is None:
            return "–"
        return f"[{self.value(bounds[0], signed)}, {self.value(bounds[1], signed)}]"


def format_for(
    bounds: tuple[float, float] | None, value: float | None, unit: str = "", against: Iterable[float] = ()
) -> NumberFormat:
    """The format that an interval supports; figures that are all tiny, or one of them huge, get a power of ten.

    Args:
        bounds: The interval; where it is None the value gets three significant digits.
        value: The point estimate.
        unit: The metric's unit; `%` and `percent` add a percent sign.
        against: Lines that the bounds are read against (zero, margins): decimals are added until rounding no longer
            hides on which side of a line a bound lies.

    >>> format_for((-0.031, 0.008), -0.0115).bounds((-0.031, 0.008))
    '[−0.031, 0.008]'
    """
    percent = unit in ("%", "percent")
    width = bounds[1] - bounds[0] if bounds else 0.0
    figures = [abs(v) for v in (value, *(bounds or ())) if v is not None and math.isfinite(v) and v != 0]
    most, open_ended = max(figures, default=1.0), not math.isfinite(width) or width <= 0
    if not 10.0**-_MOST_DECIMALS <= most < HUGE:
        narrower = 1 if open_ended else math.floor(math.log10(most)) - math.floor(math.log10(width)) + 1
        return NumberFormat(min(max(1, narrower), 12), percent, power=True)
    if bounds is None or open_ended:
        return NumberFormat(_decimals(most, 3), percent)
    decimals = _decimals(width, 2)
    return NumberFormat(_apart(bounds, tuple(against), decimals), percent)


def side_format(form: NumberFormat, side: float | None, difference: float | None = None) -> NumberFormat:
    """How one model's value is written beside a difference: with its decimals, and two significant digits at least.

    >>> side_format(NumberFormat(0), 0.449).value(0.449), side_format(NumberFormat(3), 12.5).value(12.5)
    ('0.45', '12.500')
    """
    if side is None or side == 0 or not math.isfinite(side):
        return form
    size = abs(side)
    if form.power:
        return form if not 10.0**-_MOST_DECIMALS <= size < HUGE else NumberFormat(_decimals(size, 4), form.percent)
    point = _decimals(abs(difference), 2) if difference and round(difference, form.decimals) == 0 else 0
    return NumberFormat(max(form.decimals, min(point, _MOST_DECIMALS), _decimals(size, 2)), form.percent)


def _decimals(size: float, digits: int) -> int:
    return min(max(0, digits - 1 - math.floor(math.log10(size))), 12)


def _apart(bounds: tuple[float, float], lines: tuple[float, ...], decimals: int) -> int:
    for extra in range(decimals, decimals + _MOST_DECIMALS):
        pairs = ((b, line) for b in bounds for line in lines if b != line)
        if all(round(b, extra) != round(line, extra) for b, line in pairs):
            return extra
    return decimals


def decimal(number: float, decimals: int, signed: bool = False) -> str:
    """A number with thousands separators and a typographic minus.

    A number that is not zero never reads as zero: it gets the decimals of its first two digits, or a power of ten.

    >>> decimal(-0.00012, 3), decimal(0.0, 3), decimal(1234.5, 0, signed=True)
    ('−0.00012', '0', '+1,235')
    """
    if math.isnan(number):
        return "undefined"
    if number == 0:
        return "0"
    sign = MINUS if number < 0 else "+" if signed else ""
    size = abs(number)
    if math.isinf(size):
        return sign + INFINITY
    if size >= HUGE:
        return sign + _power(size)
    # The shortest decimal is rounded, not its binary neighbour: 0.0115 is 0.012 to three digits.
    text = f"{Decimal(repr(float(size))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    if float(text.replace(",", "")) != 0:
        return sign + text
    if size < 10.0**-_MOST_DECIMALS:
        return sign + _power(size)
    return sign + f"{size:.{_decimals(size, 2)}f}"


def _power(size: float, decimals: int = 1) -> str:
    mantissa, exponent = f"{size:.{decimals}e}".split("e")
    return f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def p_value(p: float | None) -> str:
    """A p-value: two digits, never 0 and never 1 unless it is.

    >>> p_value(0.0), p_value(0.0271), p_value(0.31), p_value(0.9996)
    ('< 0.001', '0.027', '0.31', '> 0.99')
    """
    if p is None or math.isnan(p):
        return "–"
    if p < 0.001:
        return "< 0.001"
    if p == 1:
        return "1"
    if p > 0.99:
        return "> 0.99"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def count(n: float) -> str:
    """A number of rows or units; a fraction of a unit (effective units) keeps one digit below 100.

    >>> count(336776), count(61.0), count(8.25)
    ('336,776', '61', '8.2')
    """
    return f"{n:,.1f}" if n < 100 and n != int(n) else f"{n:,.0f}"


def plain(value: float, signed: bool = False) -> str:
    """A number that somebody chose (a margin, a threshold), as it was written.

    >>> plain(-0.01), plain(50.0), plain(0.01, signed=True)
    ('−0.01', '50', '+0.01')
    """
    text = f"{value:+.6g}" if signed and value != 0 else f"{value:.6g}"
    return text.replace("-", MINUS)
