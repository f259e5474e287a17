"""One proportion, and McNemar's tests."""

from __future__ import annotations

from assay.stats.procedures import z_quantile
from assay.stats.proportions import exact_bounds, mcnemar, wilson_bounds
from tests.known.answer import Known

Z95 = z_quantile(0.95)
NEWCOMBE = "Newcombe (1998), Stat. Med. 17:857-872, table I"
STATSMODELS = "statsmodels stats/tests/test_nonparametric.py (VassarStats)"
AIRWAY = "Fagerland, Lydersen & Laake (2013), BMC Med. Res. Methodol. 13:91, table 1 (Bentur et al. 2009)"


def _wilson(won: int, n: int, printed: str, source: str) -> Known:
    return Known("wilson", f"{won} of {n}, 95 %", lambda: wilson_bounds(won / n, n, Z95), printed, source)


def _exact(won: int, n: int, printed: str, source: str) -> Known:
    return Known("clopper-pearson", f"{won} of {n}, 95 %", lambda: exact_bounds(won / n, n, 0.95), printed, source)


def _mcnemar(won: int, lost: int, printed: str, source: str, kind: str = "exact") -> Known:
    what = f"{won} won, {lost} lost, {kind} p"
    return Known("mcnemar", what, lambda: mcnemar(won, lost)[f"mcnemar_{kind}_p"], printed, source)


ANSWERS: tuple[Known, ...] = (
    _wilson(81, 263, "0.2553 0.3662", f"{NEWCOMBE}, method 3"),
    _wilson(15, 148, "0.0624 0.1605", f"{NEWCOMBE}, method 3"),
    _wilson(0, 20, "0.0000 0.1611", f"{NEWCOMBE}, method 3"),
    _wilson(1, 29, "0.0061 0.1718", f"{NEWCOMBE}, method 3"),
    _exact(81, 263, "0.2527 0.3676", f"{NEWCOMBE}, method 5"),
    _exact(15, 148, "0.0578 0.1617", f"{NEWCOMBE}, method 5"),
    _exact(0, 20, "0.0000 0.1684", f"{NEWCOMBE}, method 5"),
    _exact(1, 29, "0.0009 0.1776", f"{NEWCOMBE}, method 5"),
    _mcnemar(121, 59, "0.000004", STATSMODELS),
    _mcnemar(70, 59, "0.378688", STATSMODELS),
    _mcnemar(80, 59, "0.089452", STATSMODELS),
    _mcnemar(30, 60, "0.00206", STATSMODELS),
    _mcnemar(1, 7, "0.070", AIRWAY),
    _mcnemar(1, 7, "0.039", AIRWAY, "mid"),
)
