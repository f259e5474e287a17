"""Curves of all data, for the page of a comparison and for a memo: reliability diagrams, and risk against coverage."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from assay.evaluate.labels import Classes
from assay.evaluate.ranked import row_cells
from assay.evaluate.request import Cell, Material, Pair
from assay.metrics import parse
from assay.records.comparison import Curve
from assay.records.metric import Metric
from assay.records.sample import Design, Rows
from assay.stats.choose import infer
from assay.stats.estimates import estimate
from assay.stats.options import InferenceOptions
from assay.stats.reliability import reliability

COVERAGES = tuple(c / 10 for c in range(1, 11))
SELECTIVE = ("aurc", "selective_risk", "selective_accuracy")
SIMULTANEOUS = "holds the true frequency in every bin at once (Wilson's intervals, Bonferroni over bins)"
POINTWISE = "holds the true risk at each coverage by itself (jackknife over units)"


def curves_of(
    material: Material, pairs: Sequence[Pair], metrics: Sequence[Metric], known: Classes | None, level: float
) -> list[Curve]:
    """The curves that the metrics asked for make natural: one of each kind for each model.

    Seeds: the first one of each model.
    """
    base = [m.inner or m for m in metrics]
    probability = any(m.reads == "probability" for m in base)
    selective = any(m.name in SELECTIVE for m in base)
    if known is None or not probability:
        return []
    whole = replace(material, sets=((),))
    out: dict[tuple[str, str], Curve] = {}
    for pair in pairs:
        for cell in row_cells(whole, pair, [parse("ece")], known, {}):
            for curve in _of_cell(cell, pair, selective, level):
                out.setdefault((curve.kind, curve.model), curve)
    return sorted(out.values(), key=lambda c: c.kind)


def curves_of_cells(cells: Sequence[Cell], level: float) -> tuple[Curve, ...]:
    """The curves of all data that cells hold the rows for: those of metrics that need every probability.

    A metric of means has none, since its cells keep no rows.
    """
    out: dict[tuple[str, str], Curve] = {}
    for cell in cells:
        reads = {m.reads for m in cell.metrics if m.inner is None}
        selective = any(m.name in SELECTIVE for m in cell.metrics)
        if cell.columns or not reads & {"probability", *(["class scores"] if selective else [])}:
            continue
        for curve in _of_cell(cell, cell.pair, selective, level, "class scores" in reads):
            out.setdefault((curve.kind, curve.model), curve)
    return tuple(sorted(out.values(), key=lambda c: c.kind))


def _of_cell(cell: Cell, pair: Pair, selective: bool, level: float, signed: bool = False) -> list[Curve]:
    """The curves of a cell's rows, which are signed where they hold confidences of several classes."""
    sample, design = cell.samples[0], cell.designs[0]
    if not isinstance(sample, Rows) or not len(sample.target):
        return []
    arms = ((pair.baseline.name, design.baseline[0]), (pair.candidate.name, design.candidate[0]))
    found = [] if signed else [_reliability(sample, name, arm, level) for name, arm in arms]
    return [*found, *(_risk(sample, design, arms, level, signed) if selective else [])]


def _reliability(sample: Rows, name: str, arm: int, level: float) -> Curve:
    b = reliability(sample, arm, level)
    low, high = (tuple(None if math.isnan(v) else v for v in side.tolist()) for side in (b.low, b.high))
    rows = tuple(b.rows.tolist())
    return Curve(
        "reliability", name, tuple(b.said.tolist()), tuple(b.came.tolist()), low, high, rows, level, SIMULTANEOUS
    )


def _risk(sample: Rows, design: Design, arms: Sequence[tuple[str, int]], level: float, signed: bool) -> list[Curve]:
    """Risk at tenths of coverage."""
    two = Rows(sample.target, sample.scores[[arm for _, arm in arms]], sample.unit, sample.group)
    alone = replace(design, baseline=(0,), candidate=(1,), about="model")
    risks_at = [parse(f"selective_risk@{c:g}" + ("(from=scores)" if signed else "")) for c in COVERAGES]
    at = [infer(risk, two, alone, InferenceOptions()) for risk in risks_at]
    out = []
    for (name, _), side in zip(arms, ("baseline", "candidate"), strict=True):
        risks = [estimate(getattr(f, side), alone, level=level) for f in at]
        shown = [(c, r) for c, r in zip(COVERAGES, risks, strict=True) if r.value is not None]
        bounds = [r.interval or (None, None) for _, r in shown]
        out.append(
            Curve(
                "risk-coverage",
                name,
                tuple(c for c, _ in shown),
                tuple(float(r.value or 0.0) for _, r in shown),
                tuple(low for low, _ in bounds),
                tuple(high for _, high in bounds),
                tuple(round(c * len(sample.target)) for c, _ in shown),
                level,
                POINTWISE,
            )
        )
    return out
