"""Rows that each candidate won and lost, by one metric of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.evaluate.flips import Flips, flips
from assay.evaluate.labels import Classes
from assay.evaluate.measure import MEANS, measured, score
from assay.evaluate.request import Material, Pair, Reading
from assay.records.comparison import Examples
from assay.records.metric import Metric


def examples_of(
    material: Material,
    pairs: Sequence[Pair],
    metrics: Sequence[Metric],
    metric: Metric,
    reading: Reading,
    known: Classes | None,
    named: Sequence[str],
) -> list[Flips]:
    """Examples for one metric, of each pair in turn.

    Args:
        material: With the table of scores.
        metrics: All that were scored, in their order.
        metric: By which rows are won and lost; of a gap, the metric that it compares.
        named: Columns of the key as users call them.
    """
    base = metric.inner or metric
    order = [m.label for m in measured(metrics) if m.family in MEANS]
    number = order.index(base.label) if base.label in order else -1
    keys = {f"k{i}": column for i, column in enumerate(named)}
    return [flips(material, pair, base, number, reading, known, keys) for pair in pairs]


def first_examples(
    material: Material, pairs: Sequence[Pair], metrics: Sequence[Metric], reading: Reading, named: Sequence[str]
) -> list[Examples]:
    """Examples for the first metric that single rows decide, of each candidate; none where there is no such metric.

    Args:
        material: Not scored yet: only what one metric needs is.
        named: As of `examples_of`.
    """
    whole = replace(material, sets=((),))
    for metric in metrics:
        base = metric.inner or metric
        scored, known = score(whole, pairs, [base], reading, keep_all=True)
        found = examples_of(replace(whole, scored=scored), pairs, [base], base, reading, known, named)
        if found and found[0].notes is not None:
            names = [p.candidate.name for p in pairs]
            return [Examples(n, f.won, f.lost, f.notes or {}) for n, f in zip(names, found, strict=True)]
    return []
