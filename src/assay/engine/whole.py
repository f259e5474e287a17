"""Scores as whole numbers: scaled by a power of two, so that their sums are exact whatever the order.

A column keeps so many bits below its largest value. Where a slice is so much smaller that too few of them are left,
the sums say so (`Scaled.watched`), and the caller takes more bits or leaves the slice undefined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import duckdb
import numpy as np

from assay.engine.sql import name
from assay.records.metric import Floats

BITS = 48
"""128-bit sums hold 2^31 products of two values of 48 bits."""
KEPT = 39
"""Bits that a slice's mean absolute value has to have: rounding is then below 2^-40 of it, 1e-12."""


@dataclass(frozen=True, slots=True)
class Scaled:
    """A column made whole.

    Attributes:
        column: Its name.
        shift: The power of two that makes its largest value a whole number of at most `bits` bits.
        spoilt: Whether it holds values that are not finite.
        watched: Whether some value keeps fewer bits than the sum of a slice needs.
    """

    column: str
    shift: int
    spoilt: bool
    watched: bool

    @property
    def _times(self) -> str:
        half = self.shift // 2
        # Twice, as the power itself can exceed a double where the values do not.
        return f"{name(self.column)} * {2.0**half!r} * {2.0 ** (self.shift - half)!r}"

    def whole(self) -> str:
        """The value as a whole number; 0 where it is not finite."""
        return self._finite(f"round({self._times})::BIGINT")

    def rest(self) -> str:
        """What `whole` leaves out, as a whole number of `BITS` bits more."""
        return self._finite(f"round(({self._times} - round({self._times})) * {2.0**BITS!r})::BIGINT")

    def _finite(self, expression: str) -> str:
        return f"(CASE WHEN isfinite({name(self.column)}) THEN {expression} ELSE 0 END)" if self.spoilt else expression


def scaled(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str], bits: int
) -> dict[str, Scaled]:
    """How to make each column whole, from its largest and its least value other than 0."""
    parts = []
    for c in map(name, columns):
        finite = f"CASE WHEN isfinite({c}) THEN abs({c}) END"
        parts += [f"max({finite})", f"min(CASE WHEN {c} <> 0 THEN abs({c}) END)", f"count_if(NOT isfinite({c}))"]
    row = connection.execute(f"SELECT {', '.join(parts)} FROM {relation}").fetchone() or ()
    result = {}
    for c, most, least, bad in zip(columns, row[::3], row[1::3], row[2::3], strict=True):
        shift = bits - math.frexp(most)[1] if most else 0
        small = bool(most) and math.frexp(least)[1] - 1 + shift < KEPT
        result[c] = Scaled(c, shift, bool(bad), small)
    return result


def centred(
    n: int, sums: Sequence[int], products: Sequence[int], shifts: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> tuple[Floats, Floats]:
    """Means and co-moments from integer sums: the subtraction that would cancel is done exactly.

    Raises:
        OverflowError: squares beyond the range of a double.
    """
    mean = np.array([float(Fraction(s, n) * Fraction(2) ** -k) for s, k in zip(sums, shifts, strict=True)])
    comoment = np.empty((len(sums), len(sums)))
    for (i, j), p in zip(pairs, products, strict=True):
        exact = Fraction(n * p - sums[i] * sums[j], n) * Fraction(2) ** -(shifts[i] + shifts[j])
        comoment[i, j] = comoment[j, i] = float(exact)
    return mean, comoment
