"""One published value, and how near is near enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

HALF = 0.5
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Known:
    """A value that someone else has published, beside what Assay gives.

    Attributes:
        of: The method or subject whose page shows it, e.g. `tango`.
        what: What is computed, in words: data and level.
        found: Gives Assay's value, or as many as are printed.
        printed: The value as the source prints it; several are parted by spaces. The last digit sets the tolerance.
        source: Who printed it, and where.
        units: How far off a value may be, in units of its last printed digit; half of one where the source rounds.
        why: Why it may be farther off than half a unit.
    """

    of: str
    what: str
    found: Callable[[], float | Sequence[float] | np.ndarray]
    printed: str
    source: str
    units: float = HALF
    why: str = ""

    @property
    def published(self) -> tuple[float, ...]:
        """The printed values."""
        return tuple(float(p) for p in self.printed.split())

    @property
    def tolerances(self) -> tuple[float, ...]:
        """How far off each may be."""
        return tuple(self.units * _last_digit(p) * (1 + ROUNDING) for p in self.printed.split())

    def values(self) -> tuple[float, ...]:
        """What Assay gives now."""
        return tuple(float(v) for v in np.atleast_1d(np.asarray(self.found(), dtype=float)).ravel())

    def shown(self) -> str:
        """What Assay gives, with one digit more than is printed."""
        return " ".join(_rounded(v, _last_digit(p)) for v, p in zip(self.values(), self.printed.split(), strict=True))

    def off(self) -> list[str]:
        """One line for each value that is not met."""
        found, wanted = self.values(), self.printed.split()
        if len(found) != len(wanted):
            return [f"{len(found)} values, {len(wanted)} are printed"]
        near = zip(found, self.published, self.tolerances, wanted, strict=True)
        return [f"{v!r}, printed {p}" for v, own, room, p in near if not abs(v - own) <= room]


def _last_digit(printed: str) -> float:
    exponent = Decimal(printed).as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{printed} is no number")
    return float(10.0**exponent)


def _rounded(value: float, digit: float) -> str:
    places = max(0, round(-np.log10(digit)) + 1)
    return f"{value:.{places}f}" if places <= 7 else f"{value:.4g}"
