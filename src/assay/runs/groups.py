"""Runs that differ by nothing but their seed, as one line: mean and interval over seeds; one seed is an anecdote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Floats, Ints
from assay.records.runlist import Column, RunGroup, RunTable, SeedMean
from assay.records.runs import Summary
from assay.stats.procedures import StudentT

MOST = 10_000
ANECDOTE = "one run: anecdotal"
ONE_SEED = "one seed, run {} times: anecdotal"
IDENTICAL = "all runs have the same value: no interval"
ODD = "a run ended in NaN or infinity"
NONE = SeedMean(0, None, None, None, "no run has it")


def groups(
    table: RunTable, metrics: Sequence[Column], level: float = 0.95, over_seeds: bool = True
) -> tuple[RunGroup, ...]:
    """Finished runs by group; the largest first, then the newest.

    Args:
        table: Finished runs.
        metrics: Last, least or greatest values of series, as the table has them.
        level: Of the intervals.
        over_seeds: Whether runs of a group differ by nothing but their seed, so that runs of one seed count once.

    Raises:
        InputError: when no run has one of the metrics, or there are too many groups to show.
    """
    for metric, has in zip(metrics, table.has, strict=True):
        if not has.any():
            what = f"no finished run that fits has a series {metric.name!r:.100}"
            raise InputError(what, rule="runs are compared on series that they have", fix="assay runs list")
    sizes = np.bincount(table.groups)
    if len(sizes) > MOST:
        what = f"these runs have {len(sizes)} configurations"
        raise InputError(what, rule=f"at most {MOST} are compared at once", fix="--by SETTING, or --where CONDITION")
    order = np.argsort(table.groups, kind="stable")
    ends = np.cumsum(sizes).tolist()
    ids, seeds = _taken(table.ids, order), _taken(table.seeds, order)
    marks = _seeds(table) if over_seeds else np.arange(len(table.ids))
    means = {
        metric_words(metric): _means(table.groups, marks, values, has, len(sizes), level)
        for metric, values, has in zip(metrics, table.values, table.has, strict=True)
    }
    found = []
    for g in np.argsort(-sizes, kind="stable").tolist():
        mine = slice(ends[g] - int(sizes[g]), ends[g])
        settings = {name: values[g] for name, values in table.settings.items()}
        known = tuple(seeds[mine]) if None not in seeds[mine] else tuple(s for s in seeds[mine] if s is not None)
        found.append(RunGroup(settings, tuple(ids[mine]), known, {name: held[g] for name, held in means.items()}))
    return tuple(found)


def _taken(held: Sequence[Any], order: Ints) -> list[Any]:
    """Values in an order; as objects, which is quick for a hundred thousand."""
    made = np.empty(len(held), object)
    made[:] = held
    taken: list[Any] = made[order].tolist()
    return taken


def _seeds(table: RunTable) -> Ints:
    """A number for each seed of each group; runs that say no seed have one each."""
    known: dict[tuple[int, int | None, int], int] = {}
    keys = zip(table.groups.tolist(), table.seeds, range(len(table.ids)), strict=True)
    marks = [known.setdefault((g, seed, -1 if seed is not None else i), len(known)) for g, seed, i in keys]
    return np.asarray(marks, np.int64)


def _means(groups: Ints, marks: Ints, values: Floats, has: Array, many: int, level: float) -> list[SeedMean]:
    """The mean of one metric over the seeds of each group.

    Args:
        groups: [n], the group of each run.
        marks: [n], a number for each seed of each group.
        values: [n].
        has: [n], whether the run has the metric.
        many: Groups.
        level: Of the intervals.
    """
    groups, marks, values = groups[has], marks[has], values[has]
    odd = np.bincount(groups[~np.isfinite(values)], minlength=many) > 0
    runs = np.bincount(groups, minlength=many)
    _, first, place = np.unique(marks, return_index=True, return_inverse=True)
    groups, often = groups[first], np.bincount(place)
    with np.errstate(invalid="ignore", over="ignore"):
        values = np.bincount(place, weights=values) / np.maximum(often, 1)
        n = np.bincount(groups, minlength=many)
        mean = np.bincount(groups, weights=values, minlength=many) / np.maximum(n, 1)
        # The mean of what is left over takes away what rounding has left in a mean of thousands.
        mean += np.bincount(groups, weights=values - mean[groups], minlength=many) / np.maximum(n, 1)
        squares = np.bincount(groups, weights=(values - mean[groups]) ** 2, minlength=many)
        least = np.full(many, np.inf)
        most = np.full(many, -np.inf)
        np.minimum.at(least, groups, values)
        np.maximum.at(most, groups, values)
    squares[least == most] = 0.0
    held = zip(
        n.tolist(), runs.tolist(), odd.tolist(), np.where(least == most, least, mean).tolist(), squares.tolist(),
        strict=True,
    )  # fmt: skip
    return [_mean(*one, level) for one in held]


def _mean(n: int, runs: int, odd: bool, mean: float, squares: float, level: float) -> SeedMean:
    """One group: n seeds in so many runs, with the sum of squares around their mean."""
    if not n:
        return NONE
    if odd:
        return SeedMean(n, None, None, None, ODD)
    if n == 1:
        return SeedMean(n, mean, None, None, ANECDOTE if runs == 1 else ONE_SEED.format(runs))
    deviation = math.sqrt(squares / (n - 1))
    if deviation == 0:
        return SeedMean(n, mean, 0.0, None, IDENTICAL)
    low, high = StudentT(mean, deviation / math.sqrt(n), n - 1, "t", "a mean over seeds").interval(level)
    return SeedMean(n, mean, deviation, (low, high), "")


def seed_mean(given: Sequence[float | None], level: float = 0.95) -> SeedMean:
    """The mean of a value over seeds, with its interval by t; one seed is an anecdote and has none.

    Args:
        given: One a run; None where it is undefined.
        level: Of the interval.
    """
    values = np.asarray([math.nan if v is None else v for v in given])
    same = np.zeros(len(values), np.int64)
    return _means(same, np.arange(len(values)), values, np.ones(len(values), bool), 1, level)[0]


def metric_words(metric: Column) -> str:
    """A metric as it was asked for."""
    return f"{metric.source}:{metric.name}" if metric.source in ("min", "max") else metric.name


def value_of(summary: Summary, metric: Column) -> float | None:
    """What a metric says of a series: its last, least or greatest value."""
    return {"min": summary.low, "max": summary.high}.get(metric.source, summary.last)
