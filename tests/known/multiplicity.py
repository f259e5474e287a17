"""Claims that Holm's procedure supports, adjusted p-values, and counts beside their design."""

from __future__ import annotations

import numpy as np

from assay.judge.levels import holm
from assay.stats.multiplicity import adjust
from assay.stats.shares import sample_ratio
from tests.known.answer import Known

TEA_TESTS = "e10v/tea-tasting tests/test_multiplicity.py @90306f16"
TEA = "e10v/tea-tasting tests/test_multiplicity.py @90306f16; statsmodels multipletests"
SIX = (0.005, 0.06, 0.007, 0.04, 0.01, 0.03)
ADJUSTED = (0.03, 0.09, 0.035, 0.09, 0.04, 0.09)
"""Holm's adjusted p-values of these six, as printed there."""
EIGHT = (0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387)
HALF = (0.5, 0.5)
CHISQUARE = "scipy.stats.chisquare, examples of its documentation"
FDR = "scipy stats/tests/test_morestats.py, TestFDRControl"
ENDPOINTS = "Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289-300, section 4"
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


def _adjusted(how: str, printed: str, p: tuple[float, ...] = SIX, source: str = TEA_TESTS, units: float = 0.5) -> Known:
    what = f"{len(p)} p-values, {', '.join(f'{each:g}' for each in p)}: {how}"
    why = "" if units == 0.5 else "the last digit printed is rounding of the source"
    return Known("adjusted-p", what, lambda: adjust(p, how), printed, source, units, why)


def _found(how: str, printed: str, where: str) -> Known:
    what = f"rejected at 0.05 of 15 endpoints of myocardial infarction: {how}"
    return Known("adjusted-p", what, lambda: float(np.count_nonzero(adjust(MYOCARDIAL, how) <= 0.05)), printed, where)


def _ratio(counts: tuple[int, ...], shares: tuple[float, ...], printed: str, source: str) -> Known:
    said = (", ".join(f"{each:g}" for each in values) for values in (counts, shares))
    what = f"counts {next(said)} where the design says {next(said)}: chi-square and p"
    return Known("sample-ratio", what, lambda: ratio(counts, shares), printed, source)


def ratio(counts: tuple[int, ...], shares: tuple[float, ...]) -> tuple[float, float]:
    """Chi-square and its p-value."""
    found = sample_ratio(counts, shares)
    return found.statistic or np.nan, found.p_value or np.nan


ANSWERS: tuple[Known, ...] = (
    *(_at(alpha) for alpha in (0.029, 0.031, 0.036, 0.041, 0.089, 0.091)),
    Known(
        "multiplicity",
        "rejected at 0.05 of 15 endpoints by Holm, of which Bonferroni and Hochberg reject three",
        lambda: supported(MYOCARDIAL, 0.05),
        "3",
        ENDPOINTS,
    ),
    _adjusted("holm", "0.03 0.09 0.035 0.09 0.04 0.09"),
    _adjusted(
        "holm-sidak",
        "0.0296274906437343 0.087327 0.0345134180118071 0.087327 0.0394039900000001 0.087327",
        units=2,
    ),
    _adjusted("hochberg", "0.03 0.06 0.035 0.06 0.04 0.06"),
    _adjusted("benjamini-hochberg", "0.02 0.06 0.02 0.048 0.02 0.045"),
    _adjusted("benjamini-yekutieli", "0.049 0.147 0.049 0.1176 0.049 0.11025"),
    _adjusted("benjamini-hochberg", "0.036 0.036 0.044 0.044 0.082 0.135 0.387 0.387", EIGHT, FDR),
    _ratio((44000, 45000), HALF, "11.235955056179776 0.000802278117768", "srm.osc.garden: p = 0.0008, to more digits"),
    _ratio(
        (600, 400), HALF, "40.0 2.5396285894709e-10", "Wikipedia, Sample ratio mismatch: p = 2.54e-10, to more digits"
    ),
    Known(
        "sample-ratio",
        "counts 821588, 815482 where the design says halves: p",
        lambda: ratio((821588, 815482), HALF)[1],
        "1.8e-6",
        "Kohavi, Tang & Xu (2020), Trustworthy Online Controlled Experiments, on sample ratio mismatch",
    ),
    _ratio((16, 18, 16, 14, 12, 12), (1,) * 6, "2.0 0.84914503608460956", CHISQUARE),
    _ratio((16, 18, 16, 14, 12, 12), (16, 16, 16, 16, 16, 8), "3.5 0.62338762774958223", CHISQUARE),
    _found("hochberg", "3", ENDPOINTS),
    _found("benjamini-hochberg", "4", ENDPOINTS),
)
