"""Adjusted p-values."""

from __future__ import annotations

from assay.stats.multiplicity import ADJUSTMENTS
from tests.known.answer import Known

TEA = "e10v/tea-tasting tests/test_multiplicity.py @90306f16"
SIX = (0.005, 0.06, 0.007, 0.04, 0.01, 0.03)
EIGHT = (0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387)


def _adjusted(name: str, p: tuple[float, ...], printed: str, source: str) -> Known:
    what = f"{name} of {', '.join(f'{v:g}' for v in p)}"
    return Known("multiplicity", what, lambda: ADJUSTMENTS[name](p), printed, source)


MYOCARDIAL = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip
"""Benjamini & Hochberg (1995), section 4: endpoints of a trial of two treatments of myocardial infarction."""


def _rejected(name: str, printed: str) -> Known:
    what = f"rejected at 0.05 of 15 hypotheses, {name}"
    source = "Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289-300, section 4"
    return Known("multiplicity", what, lambda: float((ADJUSTMENTS[name](MYOCARDIAL) <= 0.05).sum()), printed, source)


ANSWERS: tuple[Known, ...] = (
    _rejected("benjamini-hochberg", "4"),
    _rejected("bonferroni", "3"),
    _rejected("hochberg", "3"),
    _adjusted("benjamini-hochberg", SIX, "0.02 0.06 0.02 0.048 0.02 0.045", TEA),
    _adjusted("benjamini-yekutieli", SIX, "0.049 0.147 0.049 0.1176 0.049 0.11025", TEA),
    _adjusted("hochberg", SIX, "0.03 0.06 0.035 0.06 0.04 0.06", TEA),
    _adjusted("holm", SIX, "0.03 0.09 0.035 0.09 0.04 0.09", f"{TEA}; statsmodels multipletests"),
    _adjusted(
        "holm-sidak",
        SIX,
        "0.029627490644 0.087327 0.034513418012 0.087327 0.039403990000 0.087327",
        TEA,
    ),
    _adjusted(
        "benjamini-hochberg",
        EIGHT,
        "0.036 0.036 0.044 0.044 0.082 0.135 0.387 0.387",
        "scipy stats/tests/test_morestats.py::TestFDRControl",
    ),
)
