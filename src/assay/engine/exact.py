"""Sums of doubles that are exact whatever the order: values are cut into whole numbers on one fixed grid.

A value is a sum of digits of 37 bits at fixed powers of 2^37. Digits are whole numbers, and so are their sums, which
no order, chunk or thread changes; carried over, the digits of a total are unique. (The idea is that of the binned
sums of Demmel & Hida (2004), SIAM J. Sci. Comput. 25:1214-1248, with every bin that occurs kept.)
"""

from __future__ import annotations

import math

import numpy as np

from assay.records.metric import Array, Floats, Ints

DIGIT = 37
"""Bits of a digit: 2^16 of them add up exactly as doubles, and 2^25 as 64-bit integers beside what is carried."""
PIECE = 1 << 16
"""Values taken at a time: few enough for the processor's cache, enough that two threads seldom wait for each other."""
MOST = 1 << 25
"""Values after which digits are carried."""


class ExactSums:
    """Sums of values by place.

    Args:
        size: Places.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._digits: dict[int, Ints] = {}
        self._spoilt: Ints | None = None
        self._since = 0

    def add(self, place: Ints, values: Floats) -> None:
        """Add values [n] at their places [n], 0..size - 1; a place with a value that is not finite has no sum."""
        for start in range(0, len(values), PIECE):
            part = np.array(values[start : start + PIECE], dtype=float)
            self._since += len(part)
            if self._since > MOST:
                self._digits, self._since = self._carried(), len(part)
            self._add(place[start : start + PIECE], part)

    def _add(self, place: Ints, rest: Floats) -> None:
        most = _largest(rest)
        if not np.isfinite(most):
            bad = ~np.isfinite(rest)
            found = np.bincount(place[bad], minlength=self.size)
            self._spoilt = found if self._spoilt is None else self._spoilt + found
            rest[bad] = 0.0
            most = _largest(rest)
        digit = np.empty_like(rest)
        while most >= 2.0**DIGIT:
            k = (math.frexp(most)[1] - 1) // DIGIT
            np.trunc(_scaled(rest, -k * DIGIT, digit), out=digit)
            self._count(k, place, digit)
            rest -= _scaled(digit, k * DIGIT, digit)
            most = _largest(rest)
        if most > 0:
            # Below 2^37 scaling only goes up, where a double loses nothing: one digit after the other is cut off.
            k = (math.frexp(most)[1] - 1) // DIGIT
            _scaled(rest, -k * DIGIT, rest)
            while True:
                self._count(k, place, np.trunc(rest, out=digit))
                rest -= digit
                if not rest.any():
                    break
                rest *= 2.0**DIGIT
                k -= 1

    def _count(self, k: int, place: Ints, digit: Floats) -> None:
        held = self._digits.get(k)
        if held is None:
            held = self._digits[k] = np.zeros(self.size, dtype=np.int64)
        if self.size <= PIECE:
            held += np.bincount(place, weights=digit, minlength=self.size).astype(np.int64)
        else:
            np.add.at(held, place, digit.astype(np.int64))

    def total(self) -> Floats:
        """The sums [size], NaN where a value was not finite."""
        result, lost = np.zeros(self.size), np.zeros(self.size)
        with np.errstate(over="ignore", invalid="ignore"):
            for k, digit in self._carried().items():
                # Knuth's two-sum: what rounding loses is kept, and added last.
                more = _scaled(digit.astype(float), k * DIGIT)
                both = result + more
                part = both - result
                lost += (result - (both - part)) + (more - part)
                result = both
            result = np.where(np.isfinite(result), result + lost, result)
        if self._spoilt is not None:
            result[self._spoilt > 0] = np.nan
        return result

    def include(self, other: ExactSums) -> None:
        """Add the sums of other values at the same places."""
        self._digits, self._since = self._carried(), 0
        for k, digit in other._carried().items():
            self._digits[k] = self._digits.get(k, 0) + digit
        if other._spoilt is not None:
            self._spoilt = other._spoilt if self._spoilt is None else self._spoilt + other._spoilt

    def rolled_up(self, place: Ints, size: int) -> ExactSums:
        """The exact sums of places that belong together.

        Args:
            place: [self.size], the place of every place among the new ones.
            size: How many there are then.
        """
        result = ExactSums(size)
        for k, digit in self._carried().items():
            result._digits[k] = np.zeros(size, dtype=np.int64)
            np.add.at(result._digits[k], place, digit)
        if self._spoilt is not None:
            result._spoilt = np.bincount(place, weights=self._spoilt, minlength=size).astype(np.int64)
        return result

    def _carried(self) -> dict[int, Ints]:
        """The digits from the lowest up, each between -2^36 and 2^36."""
        carried: dict[int, Ints] = {}
        if not self._digits:
            return carried
        carry = np.zeros(self.size, dtype=np.int64)
        k, highest = min(self._digits), max(self._digits)
        while k <= highest or carry.any():
            whole = carry + self._digits.get(k, 0)
            carry = (whole + (1 << (DIGIT - 1))) >> DIGIT
            carried[k] = whole - (carry << DIGIT)
            k += 1
        return carried


def _largest(values: Floats) -> float:
    return float(max(values.max(initial=0.0), -values.min(initial=0.0)))


def _scaled(values: Array, power: int, out: Floats | None = None) -> Floats:
    """Values times a power of two, in two steps where the power itself is no double."""
    half = power // 2 if abs(power) > 1000 else 0
    made = np.multiply(values, 2.0 ** (power - half), out=out)
    return np.multiply(made, 2.0**half, out=made) if half else made
