"""Paired differences of proportions: Tango's and Newcombe's intervals, McNemar's statistic."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtrc

from assay.stats.proportions import newcombe_bounds, tango_bounds, tango_statistic
from tests.known.answer import Known

STATSMODELS = "statsmodels stats/tests/test_nonparametric.py (R mcnemar.test)"
PACKAGE = "R ratesci, tests of pairbinci"
RATESCI = f"Tango (1998), Stat. Med. 17:891-908; {PACKAGE}"
FAGERLAND = "Fagerland, Lydersen & Laake (2014), Stat. Med. 33:2850-2875 (Bentur et al. 2009)"


def _tango(won: int, lost: int, n: int, printed: str, source: str, level: float = 0.95) -> Known:
    what = f"{won} won, {lost} lost of {n}, {level:.0%}"
    return Known("tango", what, lambda: tango_bounds(won, lost, n, level), printed, source)


def _newcombe(table: list[list[int]], printed: str, source: str) -> Known:
    (_, won), (lost, _), n = *table, sum(map(sum, table))
    what = f"{won} won, {lost} lost of {n}, both right {table[1][1]}, 95 %"
    return Known("newcombe-paired", what, lambda: newcombe_bounds(np.array(table), 0.95), printed, source)


def _chi_square(won: int, lost: int, printed: str, source: str) -> Known:
    n = won + lost + 1
    what = f"{won} won, {lost} lost, McNemar's χ² without correction (S(0)²)"
    return Known("tango", what, lambda: tango_statistic(won, lost, n, 0.0) ** 2, printed, source)


def _chi_square_p(won: int, lost: int, printed: str) -> Known:
    n = won + lost + 1
    what = f"{won} won, {lost} lost, p of McNemar's χ² without correction"
    return Known("tango", what, lambda: chdtrc(1, tango_statistic(won, lost, n, 0.0) ** 2), printed, STATSMODELS)


ANSWERS: tuple[Known, ...] = (
    _tango(1, 7, 21, "-0.517 -0.026", FAGERLAND),
    _tango(9, 3, 32, "-0.027 0.390", RATESCI),
    _tango(0, 1, 44, "-0.096 0.037", RATESCI, 0.90),
    _tango(16, 8, 86, "-0.020 0.207", f"Agresti & Min (2005), Stat. Med. 24:729-740; {PACKAGE}"),
    _chi_square(150, 86, "17.3559", "R, mcnemar.test(Performance, correct = FALSE); Agresti (1990), p. 350"),
    _chi_square(121, 59, "21.35556", STATSMODELS),
    _chi_square(70, 59, "0.9379845", STATSMODELS),
    _chi_square_p(121, 59, "3.815136e-06"),
    _chi_square_p(70, 59, "0.3327967"),
    _newcombe([[12, 1], [7, 1]], "-0.507 -0.026", FAGERLAND),
)
