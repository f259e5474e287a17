"""One proportion, and McNemar's tests."""

from __future__ import annotations

from assay.stats.procedures import z_quantile
from assay.stats.proportions import exact_bounds, mcnemar, wilson_bounds
from tests.known.answer import Known

Z95 = z_quantile(0.95)
NEWCOMBE = "Newcombe (1998), Stat. Med. 17:857-872, table I"
STATSMODELS = "statsmodels stats/tests/test_nonparametric.py (VassarStats)"
BINOM = "R binom, binom.confint, as kept by statsmodels (stats/tests/results/results_proportion.py)"
AIRWAY = "Fagerland, Lydersen & Laake (2013), BMC Med. Res. Methodol. 13:91, table 1"


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
    _wilson(18, 20, "0.6989663548 0.9721335188", BINOM),
    _wilson(4, 20, "0.0806576626 0.4160174323", BINOM),
    _wilson(4, 200, "0.0078044264 0.0502870869", BINOM),
    _wilson(190, 200, "0.9104218519 0.9726173544", BINOM),
    _wilson(1, 30, "0.005908590 0.16670391", BINOM),
    _wilson(29, 30, "0.8332961 0.9940914", BINOM),
    _wilson(0, 30, "0.00000000 0.11351339", BINOM),
    _wilson(30, 30, "0.8864866 1.0000000", BINOM),
    _exact(18, 20, "0.6830172860 0.9876514728", BINOM),
    _exact(4, 20, "0.0573339971 0.4366140030", BINOM),
    _exact(4, 200, "0.0054755659 0.0504136091", BINOM),
    _exact(190, 200, "0.9099724623 0.9757658345", BINOM),
    _exact(1, 30, "0.0008435709 0.17216946", BINOM),
    _exact(29, 30, "0.8278305 0.9991564", BINOM),
    _exact(0, 30, "0.00000000 0.11570331", BINOM),
    _exact(30, 30, "0.8842967 1.0000000", BINOM),
    _mcnemar(121, 59, "0.000004", STATSMODELS),
    _mcnemar(70, 59, "0.378688", STATSMODELS),
    _mcnemar(80, 59, "0.089452", STATSMODELS),
    _mcnemar(30, 60, "0.00206", STATSMODELS),
    _mcnemar(1, 7, "0.070", AIRWAY),
    _mcnemar(1, 7, "0.039", AIRWAY, "mid"),
)
