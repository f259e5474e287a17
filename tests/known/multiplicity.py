"""Claims that Holm's procedure supports."""

from __future__ import annotations

from assay.judge.levels import holm
from tests.known.answer import Known

TEA = "e10v/tea-tasting tests/test_multiplicity.py @90306f16; statsmodels multipletests"
SIX = (0.005, 0.06, 0.007, 0.04, 0.01, 0.03)
ADJUSTED = (0.03, 0.09, 0.035, 0.09, 0.04, 0.09)
"""Holm's adjusted p-values of these six, as printed there."""
MYOCARDIAL = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip
"""Benjamini & Hochberg (1995), section 4: endpoints of a trial of two treatments of myocardial infarction."""


def supported(p: tuple[float, ...], alpha: float) -> float:
    """How many claims are supported, each where its p-value is at most the error at which it is read."""
    known = {str(place): value for place, value in enumerate(p)}
    ends = holm(list(known), alpha, lambda name, error: known[name] <= error)
    return float(sum(known[name] <= error for name, error in ends.items()))


def _at(alpha: float) -> Known:
    what = f"rejected at {alpha:g} of six p-values by Holm"
    printed = str(sum(p <= alpha for p in ADJUSTED))
    return Known("multiplicity", what, lambda: supported(SIX, alpha), printed, TEA)


ANSWERS: tuple[Known, ...] = (
    *(_at(alpha) for alpha in (0.029, 0.031, 0.036, 0.041, 0.089, 0.091)),
    Known(
        "multiplicity",
        "rejected at 0.05 of 15 endpoints by Holm, of which Bonferroni and Hochberg reject three",
        lambda: supported(MYOCARDIAL, 0.05),
        "3",
        "Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289-300, section 4",
    ),
)
