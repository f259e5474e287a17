"""Is a run reproduced? Series and predictions of the claim beside those of the run again."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assay.records.metric import Floats
from assay.records.reproduction import Compared, Outcome
from assay.records.runs import Series
from assay.stats.procedures import StudentT

LEVEL, LEAST_SEEDS = 0.95, 3


@dataclass(frozen=True, slots=True)
class Apart:
    """How far tables lie apart in one column, each from each: [k, k], the first two the claim and the run again.

    Attributes:
        whole: Whether its values are texts or whole numbers, as names and labels are.
        rms: Root of the mean squared difference; of texts the share of rows that differ.
        far: The difference in the row where it is greatest.
    """

    name: str
    whole: bool
    rms: Floats
    far: Floats


def compare(
    first: Mapping[str, Series],
    again: Mapping[str, Series],
    digests: tuple[Mapping[str, str], Mapping[str, str]],
    tolerance: float,
    near: Mapping[str, float] | None = None,
) -> tuple[Compared, ...]:
    """Each series and each file of predictions.

    Args:
        first: Series of the claim, by name.
        again: Those of the run again.
        digests: Predictions of both, by name.
        tolerance: Relative difference of last values that counts as none.
        near: Greatest relative difference of predictions whose bytes differ, by name.
    """
    found = [_series(name, series, again.get(name), tolerance) for name, series in first.items()]
    for name, digest in digests[0].items():
        other = digests[1].get(name)
        within = (near or {}).get(name, math.inf) <= tolerance
        unlike: Outcome = "missing" if other is None else "within tolerance" if within else "different"
        state: Outcome = "identical" if other == digest else unlike
        found.append(Compared(name, "predictions", state, None, None))
    return tuple(found)


def _series(name: str, a: Series, b: Series | None, tolerance: float) -> Compared:
    if b is None:
        return Compared(name, "series", "missing", _last(a), None)
    x, y = _last(a), _last(b)
    if np.array_equal(a.values, b.values, equal_nan=True) and np.array_equal(a.steps, b.steps):
        return Compared(name, "series", "identical", x, y)
    if x is None or y is None:
        return Compared(name, "series", "different", x, y)
    close = x == y or (math.isnan(x) and math.isnan(y)) or abs(x - y) <= tolerance * max(abs(x), abs(y))
    return Compared(name, "series", "within tolerance" if close else "different", x, y)


def beside_noise(
    found: Sequence[Compared], last: Mapping[str, Sequence[float]], predictions: Collection[str]
) -> tuple[Compared, ...]:
    """What differs, beside the noise between seeds.

    Args:
        found: As `compare` gives it.
        last: Last values of runs that are the claim but for the seed, one a seed, by series.
        predictions: Names of those that lie no farther apart than seeds do.
    """
    return tuple(
        replace(one, outcome="within noise") if one.outcome == "different" and _within(one, last, predictions) else one
        for one in found
    )


def _within(one: Compared, last: Mapping[str, Sequence[float]], predictions: Collection[str]) -> bool:
    if one.what == "predictions":
        return one.name in predictions
    bound = noise_bound(last.get(one.name, ()))
    return bound is not None and one.first is not None and one.again is not None and abs(one.first - one.again) <= bound


def noise_bound(values: Sequence[float]) -> float | None:
    """How far two runs that differ by their seed alone lie apart in 95 of 100 cases, from a run of each seed.

    The difference of two draws has a standard deviation of sqrt(2) s; t on n - 1 degrees of freedom. None for fewer
    than three seeds, or where one is no number.
    """
    n = len(values)
    if n < LEAST_SEEDS or not all(map(math.isfinite, values)):
        return None
    s = float(np.std(np.asarray(values), ddof=1))
    if s == 0:
        return 0.0
    return StudentT(0.0, s * math.sqrt(2), n - 1, "t", "two runs that differ by the seed").interval(LEVEL)[1]


def farther_than_seeds(columns: Sequence[Apart], seeds: Sequence[int]) -> str:
    """Why predictions lie farther apart than two seeds do in 95 of 100 cases; empty where they do not.

    Distances between two tables of a pool are taken as draws: a further one lies below their mean + t s sqrt(1 + 1/n)
    for n seeds, with t on n - 1 degrees of freedom since pairs share seeds. It is asked of each column on the whole and
    in the row that lies farthest. design/0010 has how often it holds.

    Args:
        columns: Of the tables.
        seeds: Places of the tables that have one seed each, three or more.
    """
    first, second = np.triu_indices(len(seeds), 1)
    at = np.asarray(seeds)
    for one in columns:
        if one.whole and one.rms[0, 1] == 0 and one.rms[at[first], at[second]].any():
            return f"no noise between seeds: {one.name} says that their rows are not the same"
    for one in columns:
        for held, words in ((one.rms, "on the whole"), (one.far, "in the row that lies farthest")):
            pairs = held[at[first], at[second]]
            bound = _further(pairs, len(seeds))
            if not held[0, 1] <= bound:
                said = f"two seeds {float(np.mean(pairs)):.3g}, and in 95 of 100 cases at most {bound:.3g}"
                return f"{one.name} is {held[0, 1]:.3g} apart {words}; {said}"
    return ""


def _further(distances: Floats, seeds: int) -> float:
    """The bound of a further distance between two seeds; where one is infinite it is NaN, which nothing is below."""
    if not np.isfinite(distances).all():
        return math.nan
    mean, s = float(np.mean(distances)), float(np.std(distances, ddof=1))
    if s == 0:
        return mean
    return StudentT(mean, s * math.sqrt(1 + 1 / seeds), seeds - 1, "t", "a further distance").interval(LEVEL)[1]


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
