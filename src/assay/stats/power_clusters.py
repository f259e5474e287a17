"""Clusters: intraclass correlation with its interval, the design effect, and the noise of units of unequal size."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assay.base.errors import PlanError
from assay.records.estimate import Bounds
from assay.stats.power import Noise
from assay.stats.special import fdtri

LEAST_UNITS = 2


@dataclass(frozen=True, slots=True)
class Clusters:
    """How rows fall into units.

    Attributes:
        size: Rows of a unit on average.
        icc: Correlation of two rows of one unit.
        cv: Coefficient of variation of the sizes: their standard deviation over their mean.
    """

    size: float
    icc: float
    cv: float = 0.0

    @property
    def even(self) -> float:
        """Effective units over units."""
        return 1 / (1 + self.cv * self.cv)

    @property
    def effect(self) -> float:
        """The design effect."""
        return design_effect(self.size, self.icc, self.cv)

    def noise(self, sd: float) -> Noise:
        """Noise per unit.

        Args:
            sd: Standard deviation of one row (of its paired difference).
        """
        return Noise(sd * math.sqrt(self.effect / self.size), small=True, even=self.even)


def design_effect(size: float, icc: float, cv: float = 0.0) -> float:
    """Variance of a mean over clustered rows, over that of as many independent rows.

    Args:
        size: Rows of a unit on average.
        icc: Correlation of two rows of one unit.
        cv: Coefficient of variation of the sizes.

    Source: Kish (1965), Survey Sampling; Eldridge, Ashby & Kerry (2006), Int. J. Epidemiol. 35:1292-1300.

    >>> round(design_effect(20, 0.05), 4), round(design_effect(20, 0.05, 0.5), 4)
    (1.95, 2.2)
    """
    if not (size >= 1 and cv >= 0 and math.isfinite(size) and math.isfinite(cv)):
        raise PlanError(
            f"units of {size:g} rows with a coefficient of variation of {cv:g}",
            rule="a unit has a row or more, and a coefficient of variation is 0 or more",
            fix="--rows-per-unit 10 --size-cv 0.5",
        )
    if not 0 <= icc <= 1:
        raise PlanError(
            f"the intraclass correlation is {icc:g}",
            rule="it lies between 0 and 1; an estimate below 0 is noise around 0 and plans nothing",
            fix="0, or the upper end of its interval",
        )
    return 1 + ((1 + cv * cv) * size - 1) * icc


def icc_of(effect: float, size: float) -> float:
    """The intraclass correlation that a design effect comes to.

    Args:
        effect: Variance with clusters over variance of independent rows.
        size: sum n^2 / sum n over units: the size of the unit of a row.
    """
    return (effect - 1) / (size - 1) if size > 1 else math.nan


def icc_bounds(icc: float, units: float, rows: float, level: float = 0.95) -> Bounds:
    """Searle's exact interval of an intraclass correlation; approximate where sizes differ.

    Args:
        icc: The estimate; it may be below 0.
        units: Units k, or effective units.
        rows: Rows n; n / k is the size.
        level: Two-sided.

    Source: Searle (1971), Linear Models, chapter 9; Donner & Wells (1986), Biometrics 42:401-412.

    >>> [round(bound, 3) for bound in icc_bounds(0.1657, 6, 24)]
    [-0.133, 0.723]
    """
    size = rows / units
    if units < LEAST_UNITS or size <= 1:
        raise PlanError(
            f"{units:g} units with {rows:g} rows",
            rule="an intraclass correlation is seen between units with several rows each: two units at least",
            fix="a pilot with more units",
        )
    ratio = (1 + (size - 1) * icc) / max(1 - icc, 1e-12)
    above, within, tail = units - 1, rows - units, (1 - level) / 2
    low, high = ratio / float(fdtri(above, within, 1 - tail)), ratio / float(fdtri(above, within, tail))
    return (low - 1) / (low + size - 1), (high - 1) / (high + size - 1)


def anova_icc(sizes: list[int], between: float, within: float) -> float:
    """The analysis-of-variance estimate from the sums of squares between and within units.

    Source: Donner (1986), International Statistical Review 54:67-82.
    """
    units, rows = len(sizes), sum(sizes)
    if units < LEAST_UNITS or rows <= units:
        raise PlanError(
            f"{units:g} units with {rows:g} rows",
            rule="an intraclass correlation is seen between units with several rows each: two units at least",
            fix="a pilot with more units",
        )
    size = (rows - sum(n * n for n in sizes) / rows) / (units - 1)
    above, below = between / (units - 1), within / (rows - units)
    total = above + (size - 1) * below
    return (above - below) / total if total > 0 else math.nan
