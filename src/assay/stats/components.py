"""What the variance of an estimate about a method is made of: units, and training seeds.

The parts are those of the interval that decides (`seeds`): V = V_unit + sum over models of s^2 / S. They say what would
narrow it: units are in the first part alone, seeds in the second.

Source: Satterthwaite (1946), Biometrics Bulletin 2:110-114; Searle, Casella & McCulloch (1992), Variance Components,
chapter 3; Bouthillier et al. (2021), Accounting for variance in machine learning benchmarks, MLSys 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assay.records.estimate import Estimate
from assay.stats.procedures import t_quantile

ALIKE = 0.01


@dataclass(frozen=True, slots=True)
class Components:
    """Both parts of a variance, and what more of either would do.

    Attributes:
        unit: Variance of the estimate that comes from the units, in the metric's unit squared.
        seed: That comes from training seeds, of all models that are compared.
        twice_units: Width of the deciding interval with twice the units, over its width now.
        twice_seeds: The same with twice the seeds of each model.
    """

    unit: float
    seed: float
    twice_units: float
    twice_seeds: float

    @property
    def total(self) -> float:
        """The variance that the deciding interval uses."""
        return self.unit + self.seed

    @property
    def seed_share(self) -> float:
        """The seeds' part of the whole, 0 to 1."""
        return self.seed / self.total

    @property
    def more(self) -> str:
        """What would narrow the interval more: `seeds`, `units`, or `either` where there is no telling."""
        if abs(self.twice_units - self.twice_seeds) < ALIKE:
            return "either"
        return "seeds" if self.twice_seeds < self.twice_units else "units"


def components(estimate: Estimate) -> Components | None:
    """The parts of an estimate over seeds and units; None where it knows no seeds, or has no interval.

    Twice as much of one halves its part and adds to its degrees of freedom; a seed's own part is taken for that of the
    training alone, so that both figures are about.
    """
    facts = estimate.diagnostics
    unit, seed, df = (float(facts.get(name, math.nan)) for name in ("unit_variance", "seed_variance", "df"))
    if not (unit >= 0 and seed >= 0 and unit + seed > 0) or estimate.interval is None:
        return None
    total, unit_df, seed_df = unit + seed, estimate.effective_units - 1, float(facts.get("seed_df", 0))
    if "best_at" in facts or not (df > 0 and unit_df > 0):
        # An interval that holds at every moment knows no degrees of freedom.
        return Components(unit, seed, math.sqrt((unit / 2 + seed) / total), math.sqrt((unit + seed / 2) / total))
    of_units = unit**2 / unit_df
    of_seeds = max(total**2 / df - of_units, seed**2 / seed_df if seed_df > 0 else 0.0)

    def width(unit: float, seed: float, below: float) -> float:
        held = (unit + seed) ** 2 / below if below > 0 else math.inf
        return math.sqrt(unit + seed) * t_quantile(estimate.decision_level, held)

    now = math.sqrt(total) * t_quantile(estimate.decision_level, df)
    more_units = width(unit / 2, seed, of_units / 4 * unit_df / (2 * unit_df + 1) + of_seeds)
    more_seeds = width(unit, seed / 2, of_units + of_seeds / 4 * seed_df / (2 * seed_df + 1))
    return Components(unit, seed, more_units / now, more_seeds / now)
