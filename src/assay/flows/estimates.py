"""Cells become comparisons: one door to inference, slices at an adjusted level."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from assay.evaluate.request import Cell, Pair
from assay.records.comparison import Alignment, Comparison
from assay.records.estimate import Estimate
from assay.records.metric import Family, Metric
from assay.records.sample import Design, GroupedCounts, PairedCounts, Rows, Sample
from assay.stats.choose import Inference, at_any_moment, infer_all
from assay.stats.estimates import estimate
from assay.stats.gaps import infer_gap
from assay.stats.options import InferenceOptions

MOST_THREADS = 4


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one comparison.

    Attributes:
        shown: The level of `interval`.
        deciding: The level of `decision_interval`.
        null: The value that the p-value of the difference is against, signed, in the metric's unit.
    """

    shown: float = 0.95
    deciding: float = 0.95
    null: float = 0.0


@dataclass(frozen=True, slots=True)
class Inferred:
    """One metric on one slice and pair, inferred once; estimates at any level follow from it.

    Attributes:
        where: The slice, by the columns' own names.
        inferences: One; two where missing rows are bounded.
    """

    metric: Metric
    where: Mapping[str, Any]
    pair: Pair
    inferences: tuple[Inference, ...]
    design: Design
    alignment: Alignment

    def at(self, levels: Levels) -> Comparison:
        """The comparison with its intervals."""
        d = self.design
        own = levels if levels.null == 0 else replace(levels, null=0.0)
        return Comparison(
            metric=self.metric,
            slice=self.where,
            baseline_name=self.pair.baseline.name,
            candidate_name=self.pair.candidate.name,
            alignment=replace(self.alignment, rows=d.rows, units=d.units, effective_units=d.effective_units),
            baseline=_estimate([i.baseline for i in self.inferences], d, own),
            candidate=_estimate([i.candidate for i in self.inferences], d, own),
            difference=_estimate([i.difference for i in self.inferences], d, levels),
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """What every inference of a reading shares.

    Attributes:
        columns: Slice column as the user calls it -> aligned column.
        counts: What alignment found, by candidate.
    """

    columns: Mapping[str, str]
    counts: Mapping[str, Alignment]
    seed: int = 0
    draws: int = 9999


def infer_cell(cell: Cell, setting: Setting, best_at: float | None = None) -> list[Inferred]:
    """Every metric of a cell; random streams depend on the slice alone, never on names or order.

    Args:
        best_at: Units at which intervals that hold at every moment are to be tightest; None for those of one look.
    """
    names = {aligned: column for column, aligned in setting.columns.items()}
    where = {names[c]: v for c, v in zip(cell.columns, cell.key, strict=True)}
    stream = tuple(f"{k}={v}" for k, v in where.items())
    options = InferenceOptions(setting.seed, setting.draws, stream, sensitivity=not where, best_at=best_at)
    design = cell.whole or cell.designs[0]
    found = Alignment(0, 0, 0.0) if where else setting.counts[cell.pair.candidate.name]
    return [
        Inferred(metric, where, cell.pair, tuple(inferences), design, found)
        for metric, inferences in _infer(cell, options)
    ]


def comparisons(
    cells: Sequence[Cell], setting: Setting, level: float, metrics: Mapping[tuple[str, Any], float] | None = None
) -> list[Comparison]:
    """Every comparison; slices of one metric and candidate share the error (Bonferroni).

    Args:
        cells: What is compared.
        setting: What every inference shares.
        level: Of the intervals shown.
        metrics: By candidate and slice, among how many metrics the error is shared besides; 1 unless given.
    """
    family = Counter((m.label, c.pair.candidate.name) for c in cells if c.columns for m in c.metrics)

    def infer(cell: Cell) -> list[Comparison]:
        found = []
        for inferred in infer_cell(cell, setting):
            candidate = cell.pair.candidate.name
            share = float(family[inferred.metric.label, candidate]) if cell.columns else 1.0
            share *= (metrics or {}).get((candidate, tuple(inferred.where.items())), 1.0)
            found.append(inferred.at(Levels(level, 1 - (1 - level) / share)))
        return found

    # Small samples take many short steps of Python, which threads only hold up; others take long ones of NumPy.
    if not any(_is_large(s) for c in cells for s in c.samples):
        return [comparison for cell in cells for comparison in infer(cell)]
    # Cells are independent and draw from streams of their own: threads change the time, not the numbers.
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        return [comparison for made in pool.map(infer, cells) for comparison in made]


def _is_large(sample: Sample) -> bool:
    """Whether it is rows, or counts of more than two classes."""
    if isinstance(sample, (PairedCounts, GroupedCounts)):
        return bool(sample.counts.shape[-1] > 2)
    return isinstance(sample, Rows)


def _infer(cell: Cell, options: InferenceOptions) -> list[tuple[Metric, list[Inference]]]:
    """Each metric with its inference; two where missing rows are bounded."""
    if cell.metrics[0].family is Family.GAP:
        gap, shared = cell.metrics[0], cell.designs[0].clustered
        names = [_said(gap.by, value) for value in cell.groups]
        found = infer_gap(gap.compared, cell.samples, cell.designs, shared, options, gap.name == "worst", names)
        return [(gap, [at_any_moment(found, cell.whole or cell.designs[0], options)])]
    each = [infer_all(cell.metrics, s, cell.designs[0], options) for s in cell.samples]
    return [(metric, [found[i] for found in each]) for i, metric in enumerate(cell.metrics)]


def _said(by: Sequence[str], value: Any) -> str:
    """A group by its columns: `region=north`, `race=black, household=large`."""
    values = value if len(by) > 1 else (value,)
    return ", ".join(f"{column}={v}" for column, v in zip(by, values, strict=True))


def _estimate(results: Sequence[Any], design: Design, levels: Levels) -> Estimate:
    shown: dict[str, Any] = {"level": levels.shown, "decision_level": levels.deciding, "margin": levels.null}
    made = [estimate(r, design, **shown) for r in results]
    if len(made) == 1:
        return made[0]
    return _bounded(made)


def _bounded(made: Sequence[Estimate]) -> Estimate:
    """What holds whatever the missing rows are: the union of the intervals of both extremes."""
    values = [e.value for e in made]
    intervals = [e.interval for e in made]
    deciding = [e.decision_interval for e in made]
    p_values = [e.p_value for e in made]
    first = made[0]
    if any(v is None for v in values):
        return replace(first, value=None, interval=None, decision_interval=None, p_value=None)
    known = [v for v in values if v is not None]
    return replace(
        first,
        value=sum(known) / len(known),
        interval=_union(intervals),
        decision_interval=_union(deciding),
        p_value=_bounded_p(known, p_values, first.margin),
        inside_domain=all(e.inside_domain for e in made),
        reason=f"{first.reason}; missing rows at both extremes, the union of both intervals",
        diagnostics={**first.diagnostics, "bounds": (min(known), max(known))},
    )


def _bounded_p(values: Sequence[float], p_values: Sequence[float | None], null: float) -> float | None:
    """1 where some completion of the missing rows meets the null, else the larger p-value of both extremes."""
    known = [p for p in p_values if p is not None]
    if len(known) < len(p_values):
        return None
    return 1.0 if min(values) <= null <= max(values) else max(known)


def _union(intervals: Sequence[tuple[float, float] | None]) -> tuple[float, float] | None:
    known = [i for i in intervals if i is not None]
    if len(known) < len(intervals):
        return None
    return min(i[0] for i in known), max(i[1] for i in known)
