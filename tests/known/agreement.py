"""Coefficients of agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.stats.agreement import Ratings, Scale, cohen, fleiss, krippendorff
from assay.stats.kappa import large_sample
from assay.stats.procedures import z_quantile
from tests.known.answer import Known

_ = None
Table = Sequence[Sequence[Any]]


def ratings(table: Any, values: Any = None) -> Ratings:
    """Raters by items, None where a rating is missing."""
    found = np.array([[np.nan if v is None else v for v in row] for row in table], dtype=float)
    rater, item = np.nonzero(~np.isnan(found))
    levels, level = np.unique(found[rater, item], return_inverse=True)
    return Ratings(item, rater, level, levels, item)


def crossed(counts: Table) -> Ratings:
    """Two raters from their table of counts: rows the first rater's categories, columns the second's."""
    table = np.asarray(counts)
    one, other = (np.repeat(place.ravel(), table.ravel()) for place in np.indices(table.shape))
    return ratings([one, other])


def tallied(counts: Table) -> Ratings:
    """Ratings from items by categories, as many raters of each item."""
    return ratings(np.array([np.repeat(np.arange(len(row)), row) for row in counts]).T)


FOUR = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
)
THREE = (
    (_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3),
    (1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _),
    (_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4),
)
FLEISS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip
DIAGNOSES = (
    (0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0), (2, 0, 4, 0, 0),
    (0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6), (1, 0, 0, 5, 0), (1, 1, 0, 4, 0),
    (0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1), (0, 0, 5, 0, 1), (3, 0, 0, 1, 2), (5, 1, 0, 0, 0),
    (0, 2, 0, 4, 0), (1, 0, 2, 0, 3), (0, 0, 0, 0, 6), (0, 1, 0, 5, 0), (0, 2, 0, 1, 3), (2, 0, 0, 4, 0),
    (1, 0, 0, 4, 1), (0, 5, 0, 1, 0), (4, 0, 0, 0, 2), (0, 2, 0, 4, 0), (1, 0, 5, 0, 0), (0, 0, 0, 0, 6),
)  # fmt: skip
ANXIETY = (
    (3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3),
    (3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4),
    (2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2),
)
TRAINEES = ((0, 4, 1), (0, 8, 0), (0, 1, 5))
IRR = "R irr, as kept by statsmodels (stats/tests/test_inter_rater.py):"
RANDOLPH = "Randolph's online kappa calculator, as kept by statsmodels (stats/tests/test_inter_rater.py)"
SAS = "SAS PROC FREQ, as kept by statsmodels (stats/tests/test_inter_rater.py)"
BOOK = "Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D"
CODERS = "Wikipedia, Krippendorff's alpha, three coders; pln-fing-udelar/fast-krippendorff tests/test_krippendorff.py"


def _alpha(words: str, table: Table, scale: Scale, printed: str, source: str) -> Known:
    what = f"Krippendorff's alpha, {scale}, {words}"
    return Known("agreement-jackknife", what, lambda: krippendorff(ratings(table), scale).values[0], printed, source)


def _cohen(words: str, table: Table, weights: Scale, printed: str, source: str) -> Known:
    what = f"Cohen's kappa, {weights} weights, {words}"
    return Known("agreement-jackknife", what, lambda: cohen(crossed(table), weights).values[0], printed, source)


def _cohen_rated(words: str, table: Table, weights: Scale, printed: str, source: str) -> Known:
    what = f"Cohen's kappa, {weights} weights, {words}"
    return Known("agreement-jackknife", what, lambda: cohen(ratings(table), weights).values[0], printed, source)


def _errors(words: str, table: Table, weights: Scale, printed: str, source: str) -> Known:
    what = f"Cohen's kappa, 19 items: {words}: large-sample standard error, z"
    return Known(
        "agreement-jackknife", what, lambda: list(large_sample(crossed(table), weights).values()), printed, source
    )


def _bounds(words: str, table: Table, printed: str, source: str) -> Known:
    what = f"Cohen's kappa, 19 items: {words}: large-sample 95 %"
    return Known("agreement-jackknife", what, lambda: _normal_bounds(crossed(table)), printed, source)


def _normal_bounds(found: Ratings) -> tuple[float, float]:
    value, half = float(cohen(found, "nominal").values[0]), large_sample(found, "nominal")["large_sample_se"]
    reach = z_quantile(0.95) * half
    return value - reach, value + reach


def _z(words: str, table: Table, weights: Scale, printed: str, source: str) -> Known:
    what = f"Cohen's kappa, {weights} weights, {words}: z"
    found = ratings(table)
    return Known("agreement-jackknife", what, lambda: large_sample(found, weights)["large_sample_z"], printed, source)


def _fleiss(words: str, counts: Table, printed: str, source: str) -> Known:
    what = f"Fleiss' kappa, {words}"
    return Known("agreement-jackknife", what, lambda: fleiss(tallied(counts)).values[0], printed, source)


ANSWERS: tuple[Known, ...] = (
    _alpha("four observers, 12 units, ratings missing", FOUR, "nominal", "0.743", BOOK),
    _alpha("four observers, 12 units, ratings missing", FOUR, "ordinal", "0.815", BOOK),
    _alpha("four observers, 12 units, ratings missing", FOUR, "interval", "0.849", BOOK),
    _alpha("four observers, 12 units, ratings missing", FOUR, "ratio", "0.797", BOOK),
    _alpha("three coders, 15 units, ratings missing", THREE, "nominal", "0.691358", CODERS),
    _alpha("three coders, 15 units, ratings missing", THREE, "interval", "0.810845", CODERS),
    _fleiss("14 raters, 10 items, 5 categories", FLEISS, "0.210", "Wikipedia, Fleiss' kappa, worked example"),
    _fleiss("6 psychiatrists, 30 patients, 5 diagnoses", DIAGNOSES, "0.4302445", f"Fleiss (1971); {IRR} kappam.fleiss"),
    _fleiss("8 raters, two items: 7, 1; 3, 5", ((7, 1), (3, 5)), "0.161905", RANDOLPH),
    _fleiss("7 raters, two items: 6, 1, 0; 0, 7, 0", ((6, 1, 0), (0, 7, 0)), "0.708333", RANDOLPH),
    _fleiss("7 raters, two items: 7, 0; 0, 7", ((7, 0), (0, 7)), "1.000000", RANDOLPH),
    _cohen("19 items: 0, 4, 1; 0, 8, 0; 0, 1, 5", TRAINEES, "nominal", "0.4842", SAS),
    _errors("0, 4, 1; 0, 8, 0; 0, 1, 5", TRAINEES, "nominal", "0.1380 3.2626", SAS),
    _bounds("0, 4, 1; 0, 8, 0; 0, 1, 5", TRAINEES, "0.2137 0.7547", SAS),
    _z("anxiety, raters 2 and 3", ANXIETY[1:], "nominal", "-0.0604067", f"{IRR} kappa2"),
    _z("anxiety, raters 2 and 3", ANXIETY[1:], "ordinal", "1.437451", f"{IRR} kappa2, squared"),
    _cohen_rated("anxiety, raters 2 and 3", ANXIETY[1:], "nominal", "-0.006289308", f"{IRR} kappa2"),
    _cohen_rated("anxiety, raters 2 and 3", ANXIETY[1:], "ordinal", "0.2520325", f"{IRR} kappa2, squared"),
    _cohen("50 proposals: 20, 5; 10, 15", ((20, 5), (10, 15)), "nominal", "0.4", "Wikipedia, Cohen's kappa"),
)
