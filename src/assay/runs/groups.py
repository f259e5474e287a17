"""Runs that differ by nothing but their seed, as one line: mean and interval over seeds; one seed is an anecdote."""

from __future__ import annotations

import math
from collections.abc import Sequence

from assay.base.errors import InputError
from assay.records.runlist import Column, RunGroup, RunRow, SeedMean
from assay.records.runs import Summary
from assay.stats.procedures import StudentT

ANECDOTE = "one run: anecdotal"
IDENTICAL = "all runs have the same value: no interval"
ODD = "a run ended in NaN or infinity"


def groups(
    rows: Sequence[RunRow], metrics: Sequence[Column], by: Sequence[str] = (), level: float = 0.95
) -> tuple[RunGroup, ...]:
    """Finished runs by configuration without the seed, or by some settings; the largest group first.

    Args:
        rows: Runs; those that did not finish are left out.
        metrics: Last, least or greatest values of series.
        by: Settings to group by; the whole configuration where none is given.
        level: Of the intervals.

    Raises:
        InputError: when no run has one of the metrics.
    """
    finished = [row for row in rows if row.state == "finished"]
    for metric in metrics:
        if not any(metric.name in row.metrics for row in finished):
            known = sorted({name for row in finished for name in row.metrics})
            raise InputError(
                f"no finished run has a series {metric.name!r:.100}",
                rule=f"there are {', '.join(known[:20]) or 'none'}",
                fix="--metric NAME",
            )
    held: dict[str, list[RunRow]] = {}
    for row in finished:
        key = repr([row.params.get(name) for name in by]) if by else row.group
        held.setdefault(key, []).append(row)
    varied = by or _varied([rows[0] for rows in held.values()])
    made = [_group(mine, metrics, varied, level) for mine in held.values()]
    return tuple(sorted(made, key=lambda g: -len(g.runs)))


def _varied(rows: Sequence[RunRow]) -> list[str]:
    names = dict.fromkeys(name for row in rows for name in row.params)
    return [n for n in names if n != "seed" and len({repr(row.params.get(n)) for row in rows}) > 1]


def _group(rows: Sequence[RunRow], metrics: Sequence[Column], names: Sequence[str], level: float) -> RunGroup:
    settings = {name: rows[0].params.get(name) for name in names}
    found = {
        metric_words(m): _mean([r.metrics[m.name] for r in rows if m.name in r.metrics], m, level) for m in metrics
    }
    seeds = tuple(row.seed for row in rows if row.seed is not None)
    return RunGroup(settings, tuple(row.id for row in rows), seeds, found)


def _mean(summaries: Sequence[Summary], metric: Column, level: float) -> SeedMean:
    return seed_mean([value_of(s, metric) for s in summaries], level)


def seed_mean(values: Sequence[float | None], level: float = 0.95) -> SeedMean:
    """The mean of a value over seeds, with its interval by t; one seed is an anecdote and has none.

    Args:
        values: One a run; None where it is undefined.
        level: Of the interval.
    """
    n = len(values)
    if not n:
        return SeedMean(0, None, None, None, "no run has it")
    if any(v is None or not math.isfinite(v) for v in values):
        return SeedMean(n, None, None, None, ODD)
    known = [v for v in values if v is not None]
    mean = math.fsum(known) / n
    if n == 1:
        return SeedMean(n, mean, None, None, ANECDOTE)
    deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in known) / (n - 1))
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
