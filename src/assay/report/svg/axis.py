"""The range that a plot shows, its ticks, and where a value lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from assay.report.numbers import decimal

# Below it steps between ticks are no longer numbers that can be told apart.
_TINY = 1e-200


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale.

    Attributes:
        low: Value at one end; `high` at the other.
        left: Pixel of the left end; `right` of the right end.
        flipped: Whether larger values lie to the left (metrics of which less is better).
    """

    low: float
    high: float
    left: float
    right: float
    flipped: bool = False

    def place(self, value: float) -> float:
        """The pixel of a value, kept within the axis."""
        share = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return self.left + (self.right - self.left) * (1 - share if self.flipped else share)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return self.low <= value <= self.high

    def ticks(self, about: int = 5) -> list[tuple[float, str]]:
        """Round values and their labels; all labels share their decimals."""
        step = _step((self.high - self.low) / about)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return [(i * step, "0" if i == 0 else decimal(i * step, decimals)) for i in range(first, last + 1)]


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(f * power for f in (1, 2, 5, 10) if f * power >= rough * (1 - 1e-9))


def span(intervals: Sequence[tuple[float, float, float]], lines: Sequence[float]) -> tuple[float, float]:
    """The range to show for (value, low, high) triples and reference lines.

    One very wide interval must not squeeze the others: bounds further than four typical half-widths from the points in
    the middle are left to an arrow.

    Args:
        intervals: Value and bounds of each row; bounds may be infinite.
        lines: Values that are always shown (zero, margins).
    """
    finite = [(v, low, high) for v, low, high in intervals if math.isfinite(v)]
    halves = [(high - low) / 2 for _, low, high in finite if math.isfinite(high - low)]
    centre = median([v for v, _, _ in finite]) if finite else 0.0
    values = sorted(abs(v - centre) for v, _, _ in finite)
    typical = median(halves) if halves else 0.0
    reach = max(4 * typical, 2.5 * values[int(0.75 * len(values))] if values else 0.0)
    ends = [b for _, low, high in finite for b in (low, high) if math.isfinite(b)] + [v for v, _, _ in finite]
    within = [min(max(b, centre - reach), centre + reach) for b in ends] if reach > 0 else ends
    least, most = min([*within, *lines], default=0.0), max([*within, *lines], default=0.0)
    size = max(abs(least), abs(most))
    if most - least <= 1e-9 * size or size < _TINY:
        size = size if size > _TINY else 1.0
        return least - 0.5 * size, most + 0.5 * size
    return least - 0.04 * (most - least), most + 0.04 * (most - least)
