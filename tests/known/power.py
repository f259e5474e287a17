"""Power and numbers of units."""

from __future__ import annotations

import math

from assay.stats.power import Aim, Noise, one_sided, two_groups, units_needed
from tests.known.answer import Known

PWR = "R pwr manual, examples of"


def two_sided(effect: float, se: float, alpha: float, df: float = math.inf) -> float:
    """Power of a two-sided test: both one-sided ones."""
    return one_sided(effect, se, alpha / 2, df) + one_sided(-effect, se, alpha / 2, df)


def _needed(noise: Noise, words: str, printed: str) -> Known:
    source = "Chow, Shao & Wang (2008), Sample Size Calculations, chapter 3: (1.96 + 0.84)² σ²/δ², rounded up"
    return Known("power", f"units for power 0.8, effect 0.5 σ, {words}", lambda: _units(noise), printed, source)


def _units(noise: Noise) -> float:
    return float(units_needed(noise, Aim(), 0.5) or math.nan)


ANSWERS: tuple[Known, ...] = (
    Known(
        "power",
        "t, one sample, d = 0.2, n = 60, two-sided 0.10",
        lambda: two_sided(0.2, 1 / math.sqrt(60), 0.10, 59),
        "0.4555818",
        f"{PWR} pwr.t.test",
    ),
    Known(
        "power",
        "t, two samples of 63.76561, d = 0.5, two-sided 0.05",
        lambda: two_sided(0.5, math.sqrt(2 / 63.76561), 0.05, 2 * 63.76561 - 2),
        "0.800000",
        f"{PWR} pwr.t.test",
    ),
    Known(
        "power",
        "two proportions, h = 0.3, n = 80 each, one-sided 0.05",
        lambda: one_sided(0.3, math.sqrt(2 / 80), 0.05),
        "0.5996777",
        f"{PWR} pwr.2p.test",
    ),
    Known(
        "power",
        "two proportions, h = 0.3, n = 80 and 245, one-sided 0.05",
        lambda: one_sided(0.3, math.sqrt(1 / 80 + 1 / 245), 0.05),
        "0.7532924",
        f"{PWR} pwr.2p2n.test",
    ),
    _needed(Noise(1.0), "paired", "32"),
    _needed(two_groups(1.0), "in each of two groups", "63"),
)
