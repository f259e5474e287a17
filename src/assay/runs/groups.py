"""Runs that differ by nothing but their seed, as one line: mean and interval over seeds; one seed is an anecdote."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Ints
from assay.records.runlist import Column, RunGroup, RunTable, SeedMean
from assay.records.runs import Summary
from assay.stats.procedures import StudentT

MOST = 10_000
ANECDOTE = "one run: anecdotal"
IDENTICAL = "all runs have the same value: no interval"
ODD = "a run ended in NaN or infinity"


def groups(table: RunTable, metrics: Sequence[Column], level: float = 0.95) -> tuple[RunGroup, ...]:
    """Finished runs by group; the largest first, then the newest.

    Args:
        table: Finished runs.
        metrics: Last, least or greatest values of series, as the table has them.
        level: Of the intervals.

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
    ends = np.cumsum(sizes)
    return tuple(
        _group(table, g, order[ends[g] - sizes[g] : ends[g]], metrics, level)
        for g in np.argsort(-sizes, kind="stable").tolist()
    )


def _group(table: RunTable, group: int, mine: Ints, metrics: Sequence[Column], level: float) -> RunGroup:
    found = {}
    for metric, values, has in zip(metrics, table.values, table.has, strict=True):
        found[metric_words(metric)] = seed_mean(values[mine][has[mine]].tolist(), level)
    at = mine.tolist()
    seeds = tuple(seed for seed in (table.seeds[i] for i in at) if seed is not None)
    settings = {name: values[group] for name, values in table.settings.items()}
    return RunGroup(settings, tuple(table.ids[i] for i in at), seeds, found)


def seed_mean(given: Sequence[float | None], level: float = 0.95) -> SeedMean:
    """The mean of a value over seeds, with its interval by t; one seed is an anecdote and has none.

    Args:
        given: One a run; None where it is undefined.
        level: Of the interval.
    """
    n, values = len(given), [v for v in given if v is not None and math.isfinite(v)]
    if not n:
        return SeedMean(0, None, None, None, "no run has it")
    if len(values) < n:
        return SeedMean(n, None, None, None, ODD)
    mean = math.fsum(values) / n
    if n == 1:
        return SeedMean(n, mean, None, None, ANECDOTE)
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))
    if deviation == 0:
        return SeedMean(n, mean, 0.0, None, IDENTICAL)
    low, high = StudentT(mean, deviation / math.sqrt(n), n - 1, "t", "a mean over seeds").interval(level)
    return SeedMean(n, mean, deviation, (low, high), "")


def metric_words(metric: Column) -> str:
    """A metric as it was asked for."""
    return f"{metric.source}:{metric.name}" if metric.source in ("min", "max") else metric.name


def value_of(summary: Summary, metric: Column) -> float | None:
    """What a metric says of a series: its last, least or greatest value."""
    return {"min": summary.low, "max": summary.high}.get(metric.source, summary.last)
