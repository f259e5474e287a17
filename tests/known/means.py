"""Means, ratios and correlations: t, Welch and Satterthwaite, the jackknife."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assay.records.metric import Family
from assay.stats.choose import infer
from assay.stats.jackknife import variance
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Result, StudentT
from assay.stats.seeds import Part, method_t, satterthwaite
from tests.known.answer import Known
from tests.stats.samples import declared, flat, moments

Numbers = Sequence[float]
SLEEP = (
    (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
    (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
)
"""Extra hours of sleep of ten patients under two drugs: Cushny & Peebles (1905), Student (1908)."""
CARS = (
    (21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 21.5, 15.5, 15.2, 13.3, 19.2),
    (21.0, 21.0, 22.8, 32.4, 30.4, 33.9, 27.3, 26.0, 30.4, 15.8, 19.7, 15.0, 21.4),
)
"""Miles per gallon of cars with automatic and with manual transmission: R's mtcars."""
MICE = (94, 197, 16, 38, 99, 141, 23)
LSAT = (576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594)
GPA = (3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96)
SLEEP_PAIRED = "R, t.test(extra ~ group, data = sleep, paired = TRUE); signs turned"
SLEEP_WELCH = "R, t.test(extra ~ group, data = sleep), the example of ?t.test; signs turned"
CARS_WELCH = "R, t.test(mpg ~ am, data = mtcars); signs turned"
NIST = "NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.3, AUTO83B.DAT; Boost.Math, students_t_two_samples"
NIST_MEAN = "NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2, ZARR13.DAT"
EFRON = "Efron & Tibshirani (1993), An Introduction to the Bootstrap"


def paired(first: Numbers, second: Numbers) -> Result:
    """Second - first, as two models on the same units."""
    scores = np.array([first, second]).T[:, :, None]
    return infer(LOSS_OF_ANY_SIGN, moments(scores), flat(len(first)), InferenceOptions()).difference


LOSS_OF_ANY_SIGN = declared("score", Family.MEAN, value=lambda m: m[..., 0], lower=None, upper=None)


def welch(first: Numbers, second: Numbers) -> Result:
    """Second - first as methods: every value a seed, no variance over units."""
    values = np.array([*first, *second], dtype=float)
    one, other = len(first), len(second)
    arms = {"baseline": tuple(range(one)), "candidate": tuple(range(one, one + other))}
    weights = np.repeat([-1 / one, 1 / other], [one, other])
    return method_t(values, weights, Part(0.0, 1.0), flat(500, about="method", **arms), (None, None))


def student(result: Result) -> StudentT:
    """A procedure that is known to be t."""
    if not isinstance(result, StudentT):
        raise TypeError(f"{result.method} is not t")
    return result


def standard_error(values: Numbers) -> float:
    """Of a mean."""
    base = np.array(values, dtype=float)
    scores = np.stack([base, base + 1], axis=1)[:, :, None]
    found = infer(LOSS_OF_ANY_SIGN, moments(scores), flat(len(values)), InferenceOptions()).baseline
    return student(found).se


def jackknifed(value: Callable[[np.ndarray], float], rows: np.ndarray) -> float:
    """The jackknife's standard error of a function of rows [n, ...]."""
    replicates = np.array([value(np.delete(rows, i, axis=0)) for i in range(len(rows))])
    return float(np.sqrt(variance(value(rows), replicates)))


def correlation(rows: np.ndarray) -> float:
    """Pearson's, of two columns."""
    return float(np.corrcoef(rows.T)[0, 1])


def _sleep(name: str, found: Callable[[StudentT], object], printed: str) -> Known:
    what = f"sleep of ten patients, paired: {name}"
    return Known("t", what, lambda: found(student(paired(*SLEEP))), printed, SLEEP_PAIRED)  # type: ignore[arg-type,return-value]


def _welch(data: tuple[Numbers, Numbers], words: str, name: str, printed: str, source: str) -> Known:
    of: dict[str, Callable[[StudentT], object]] = {
        "t": lambda r: r.value / r.se,
        "degrees of freedom": lambda r: r.df,
        "p": lambda r: r.p_value(0.0),
        "95 %": lambda r: r.interval(0.95),
    }
    what = f"{words}, unequal variances: {name}"
    return Known("seeds-satterthwaite", what, lambda: of[name](student(welch(*data))), printed, source)  # type: ignore[arg-type,return-value]


def _two_parts() -> Part:
    return satterthwaite((Part(6.41470**2 / 249, 248), Part(6.10771**2 / 79, 78)))


ANSWERS: tuple[Known, ...] = (
    _sleep("t", lambda r: r.value / r.se, "4.0621"),
    _sleep("degrees of freedom", lambda r: r.df, "9"),
    _sleep("p", lambda r: r.p_value(0.0), "0.002833"),
    _sleep("95 %", lambda r: r.interval(0.95), "0.7001142 2.4598858"),
    _sleep("mean difference", lambda r: r.value, "1.58"),
    _welch(SLEEP, "sleep of ten patients", "t", "1.8608", SLEEP_WELCH),
    _welch(SLEEP, "sleep of ten patients", "degrees of freedom", "17.776", SLEEP_WELCH),
    _welch(SLEEP, "sleep of ten patients", "p", "0.07939", SLEEP_WELCH),
    _welch(SLEEP, "sleep of ten patients", "95 %", "-0.2054832 3.3654832", SLEEP_WELCH),
    _welch(CARS, "miles per gallon by transmission", "t", "3.7671", CARS_WELCH),
    _welch(CARS, "miles per gallon by transmission", "degrees of freedom", "18.332", CARS_WELCH),
    _welch(CARS, "miles per gallon by transmission", "p", "0.001374", CARS_WELCH),
    _welch(CARS, "miles per gallon by transmission", "95 %", "3.209684 11.280194", CARS_WELCH),
    Known(
        "seeds-satterthwaite",
        "U.S. and Japanese cars: sd 6.41470 of 249, 6.10771 of 79: degrees of freedom",
        lambda: _two_parts().df,
        "136.87499",
        NIST,
    ),
    Known(
        "seeds-satterthwaite",
        "the same: t of means 20.14458 and 30.48101",
        lambda: (20.14458 - 30.48101) / _two_parts().variance ** 0.5,
        "-12.94627",
        NIST,
    ),
    Known(
        "t",
        "195 heat flow measurements, mean 9.261460, sd 0.022789, 95 %",
        lambda: StudentT(9.261460, 0.022789 / 195**0.5, 194, "t", "").interval(0.95),
        "9.258242 9.264679",
        NIST_MEAN,
        1.0,
        "the source rounds t to 1.9723 first",
    ),
    Known("t", "standard error, seven treated mice", lambda: standard_error(MICE), "25.24", f"{EFRON}, table 2.1"),
    Known(
        "jackknife",
        "correlation of LSAT and GPA, 15 law schools: standard error",
        lambda: jackknifed(correlation, np.array([LSAT, GPA]).T),
        "0.1425",
        f"{EFRON}, section 11.5",
    ),
)
