"""Runs that differ by nothing but their seed, as one line: mean and interval over seeds; one seed is an anecdote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Floats, Ints
from assay.records.runlist import Column, RunGroup, RunTable, SeedMean
from assay.records.runs import Summary
from assay.stats.procedures import StudentT

MOST, FINISHED = 10_000, "finished"
ANECDOTE = "one run: anecdotal"
ONE_SEED = "one seed, run {} times: anecdotal"
IDENTICAL = "all runs have the same value: no interval"
ODD = "a run ended in NaN or infinity"
NONE, UNFINISHED = "no run has it", "no run of it counts"


def groups(
    table: RunTable, metrics: Sequence[Column], level: float = 0.95, over_seeds: bool = True
) -> tuple[RunGroup, ...]:
    """Runs by group, the largest first, then the newest: means are of those that finished, the others are counted.

    Args:
        table: Runs that fit.
        metrics: Last, least or greatest values of series, as the table has them.
        level: Of the intervals.
        over_seeds: Whether runs of a group differ by nothing but their seed, so that runs of one seed count once.

    Raises:
        InputError: when there are too many groups to show.
    """
    if not len(table.groups):
        return ()
    many = int(table.groups.max()) + 1
    if many > MOST:
        what = f"these runs have {many} configurations"
        raise InputError(what, rule=f"at most {MOST} are compared at once", fix="--by SETTING, or --where CONDITION")
    table, others = _told_apart(table, many)
    sizes = np.bincount(table.groups, minlength=many)
    order = np.argsort(table.groups, kind="stable")
    ends = np.cumsum(sizes).tolist()
    ids, seeds = _taken(table.ids, order), _taken(table.seeds, order)
    marks = _seeds(table) if over_seeds else np.arange(len(table.ids))
    means = {
        metric_words(metric): _means(table.groups, marks, values, has, sizes, level)
        for metric, values, has in zip(metrics, table.values, table.has, strict=True)
    }
    found = []
    for g in np.argsort(-sizes, kind="stable").tolist():
        mine = slice(ends[g] - int(sizes[g]), ends[g])
        settings = {name: values[g] for name, values in table.settings.items()}
        known = tuple(seeds[mine]) if None not in seeds[mine] else tuple(s for s in seeds[mine] if s is not None)
        metrics_of = {name: held[g] for name, held in means.items()}
        found.append(RunGroup(settings, tuple(ids[mine]), known, metrics_of, others.get(g, {})))
    return tuple(found)


def _told_apart(table: RunTable, many: int) -> tuple[RunTable, dict[int, dict[str, int]]]:
    """The finished runs of a table, and by group how many others there are and why they do not count."""
    states = np.asarray(table.states, object)
    counted = states == FINISHED
    if counted.all():
        return table, {}
    others: dict[int, dict[str, int]] = {}
    for why in sorted(set(table.states) - {FINISHED}):
        often = np.bincount(table.groups[states == why], minlength=many)
        for g in np.flatnonzero(often).tolist():
            others.setdefault(g, {})[why] = int(often[g])
    kept = np.flatnonzero(counted)
    ids, seeds = _taken(table.ids, kept), _taken(table.seeds, kept)
    values, has = tuple(v[kept] for v in table.values), tuple(h[kept] for h in table.has)
    return replace(table, ids=ids, seeds=seeds, groups=table.groups[kept], values=values, has=has), others


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


def _means(groups: Ints, marks: Ints, values: Floats, has: Array, sizes: Ints, level: float) -> list[SeedMean]:
    """The mean of one metric over the seeds of each group.

    Args:
        groups: [n], the group of each run.
        marks: [n], a number for each seed of each group.
        values: [n].
        has: [n], whether the run has the metric.
        sizes: How many runs each group has.
        level: Of the intervals.
    """
    many = len(sizes)
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
        n.tolist(), runs.tolist(), sizes.tolist(), odd.tolist(),
        np.where(least == most, least, mean).tolist(), squares.tolist(),
        strict=True,
    )  # fmt: skip
    return [_mean(level, *one) for one in held]


def _mean(level: float, n: int, runs: int, size: int, odd: bool, mean: float, squares: float) -> SeedMean:
    """One group: n seeds in so many runs of those that finished, with the sum of squares around their mean."""
    lacking = size - runs
    if not n:
        return SeedMean(0, None, None, None, NONE if size else UNFINISHED, lacking)
    if odd:
        return SeedMean(n, None, None, None, ODD, lacking)
    if n == 1:
        return SeedMean(n, mean, None, None, ANECDOTE if runs == 1 else ONE_SEED.format(runs), lacking)
    deviation = math.sqrt(squares / (n - 1))
    if deviation == 0:
        return SeedMean(n, mean, 0.0, None, IDENTICAL, lacking)
    low, high = StudentT(mean, deviation / math.sqrt(n), n - 1, "t", "a mean over seeds").interval(level)
    return SeedMean(n, mean, deviation, (low, high), "", lacking)


def seed_mean(given: Sequence[float | None], level: float = 0.95) -> SeedMean:
    """The mean of a value over seeds, with its interval by t; one seed is an anecdote and has none.

    Args:
        given: One a run; None where it is undefined.
        level: Of the interval.
    """
    values = np.asarray([math.nan if v is None else v for v in given])
    same = np.zeros(len(values), np.int64)
    return _means(same, np.arange(len(values)), values, np.ones(len(values), bool), np.asarray([len(values)]), level)[0]


def metric_words(metric: Column) -> str:
    """A metric as it was asked for."""
    return f"{metric.source}:{metric.name}" if metric.source in ("min", "max") else metric.name


def value_of(summary: Summary, metric: Column) -> float | None:
    """What a metric says of a series: its last, least or greatest value."""
    return {"min": summary.low, "max": summary.high}.get(metric.source, summary.last)
