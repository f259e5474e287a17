"""Is a run reproduced? Series and predictions of the claim beside those of the run again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from assay.records.reproduction import Compared, Outcome
from assay.records.runs import Series
from assay.stats.procedures import StudentT

LEVEL = 0.95


def compare(
    first: Mapping[str, Series],
    again: Mapping[str, Series],
    digests: tuple[Mapping[str, str], Mapping[str, str]],
    tolerance: float,
    noise: Mapping[str, Sequence[float]],
    near: Mapping[str, float] | None = None,
) -> tuple[Compared, ...]:
    """Each series and each file of predictions.

    Args:
        first: Series of the claim, by name.
        again: Those of the run again.
        digests: Predictions of both, by name.
        tolerance: Relative difference of last values that counts as none.
        noise: Last values over other seeds of the same configuration, by series.
        near: Greatest relative difference of predictions whose bytes differ, by name.
    """
    found = [_series(name, series, again.get(name), tolerance, noise.get(name, ())) for name, series in first.items()]
    for name, digest in digests[0].items():
        other = digests[1].get(name)
        within = (near or {}).get(name, math.inf) <= tolerance
        unlike: Outcome = "missing" if other is None else "within tolerance" if within else "different"
        state: Outcome = "identical" if other == digest else unlike
        found.append(Compared(name, "predictions", state, None, None))
    return tuple(found)


def _series(name: str, a: Series, b: Series | None, tolerance: float, noise: Sequence[float]) -> Compared:
    if b is None:
        return Compared(name, "series", "missing", _last(a), None)
    x, y = _last(a), _last(b)
    if np.array_equal(a.values, b.values, equal_nan=True) and np.array_equal(a.steps, b.steps):
        return Compared(name, "series", "identical", x, y)
    if x is None or y is None:
        return Compared(name, "series", "different", x, y)
    if x == y or (math.isnan(x) and math.isnan(y)) or abs(x - y) <= tolerance * max(abs(x), abs(y)):
        return Compared(name, "series", "within tolerance", x, y)
    bound = noise_bound(noise)
    return Compared(name, "series", "within noise" if bound is not None and abs(x - y) <= bound else "different", x, y)


def noise_bound(values: Sequence[float]) -> float | None:
    """How far two runs that differ by their seed alone lie apart in 95 of 100 cases, from runs over seeds.

    The difference of two draws has a standard deviation of sqrt(2) s; t on n - 1 degrees of freedom. None for fewer
    than three runs, or where one is no number.
    """
    n = len(values)
    if n < 3 or not all(map(math.isfinite, values)):
        return None
    s = float(np.std(np.asarray(values), ddof=1))
    if s == 0:
        return 0.0
    return StudentT(0.0, s * math.sqrt(2), n - 1, "t", "two runs that differ by the seed").interval(LEVEL)[1]


def outcome(found: Sequence[Compared]) -> str:
    """`reproduced`, `within noise` or `not reproduced`."""
    states = {c.outcome for c in found}
    if not states:
        return "not reproduced"
    if states <= {"identical", "within tolerance"}:
        return "reproduced"
    return "within noise" if states <= {"identical", "within tolerance", "within noise"} else "not reproduced"


def _last(series: Series) -> float | None:
    return float(series.values[-1]) if len(series) else None
