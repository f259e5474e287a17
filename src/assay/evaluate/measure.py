"""All cells of a reading: which metric takes which route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assay.base.errors import MetricError
from assay.base.progress import Progress
from assay.evaluate.counts import count_cells
from assay.evaluate.designs import UnitCounts, together, unit_counts
from assay.evaluate.labels import Classes, classes
from assay.evaluate.ranked import row_cells
from assay.evaluate.request import Cell, Material, Pair, Reading
from assay.evaluate.scores import score_cells, score_table
from assay.records.metric import Family, Metric
from assay.records.protocols import Table
from assay.records.sample import GROUPS

COUNTS = (Family.PROPORTION, Family.COUNTS)
MEANS = (Family.MEAN, Family.SUMS)


def measured(metrics: Sequence[Metric]) -> list[Metric]:
    """The metrics whose cells are needed: gaps stand for the metric whose values they compare."""
    return list({m.label: m for metric in metrics for m in metric.compared}.values())


def score(
    material: Material, pairs: Sequence[Pair], metrics: Sequence[Metric], reading: Reading, keep_all: bool = False
) -> tuple[Table, Classes | None]:
    """The table with every per-row score (as it is where no metric needs one), and the classes of the target.

    Args:
        keep_all: Keep every aligned column beside the scores: the evidence.

    Raises:
        MetricError: predictions that a metric cannot take.
    """
    known = _known(material, metrics, reading)
    # A corpus metric may have hundreds of scores a row: unless they are kept, they are summed as they come.
    summed = {i: m for i, m in _numbered(metrics).items() if keep_all or not m.corpus}
    if not summed:
        return material.table, known
    sides = {s.name: s for pair in pairs for s in (pair.baseline, pair.candidate)}
    return score_table(material, summed, list(sides.values()), known, keep_all), known


def _numbered(metrics: Sequence[Metric]) -> dict[int, Metric]:
    """The metrics of means, by the number that names their scores."""
    return dict(enumerate(m for m in measured(metrics) if m.family in MEANS))


def measure(
    material: Material,
    pairs: Sequence[Pair],
    metrics: Sequence[Metric],
    reading: Reading,
    columns: dict[str, str],
    progress: Progress,
) -> Iterator[Cell]:
    """Cells for every pair, metric and slice.

    Args:
        columns: Slice column as the user calls it -> aligned column; gaps look their groups up in it.

    Raises:
        MetricError: predictions that a metric cannot take, or that leave a choice which is never guessed.
    """
    if material.groups:
        # Sums by group need no table of scores: rows are scored as they are added up.
        known = _known(material, metrics, reading)
        yield from cells(material, pairs, metrics, reading, known, columns, progress)
        return
    table, known = score(material, pairs, metrics, reading)
    yield from cells(replace(material, scored=table), pairs, metrics, reading, known, columns, progress)


def cells(
    material: Material,
    pairs: Sequence[Pair],
    metrics: Sequence[Metric],
    reading: Reading,
    known: Classes | None,
    columns: dict[str, str],
    progress: Progress,
) -> Iterator[Cell]:
    """The same, from rows that are scored already, or are scored as they are added up."""
    order = [m.label for m in measured(metrics) if m.family in MEANS]
    plain = [m for m in metrics if m.family is not Family.GAP]
    yield from _routes(material, pairs, plain, reading, known, order, progress)
    for gap in metrics:
        if gap.family is Family.GAP and gap.inner is not None:
            if material.missing == "bounds":
                raise MetricError(
                    f"{gap.label} has no bounds for missing rows",
                    rule="the largest gap over all ways to fill them is not computed",
                    fix="--missing exclude, failure or refuse",
                )
            by = tuple(columns[c] for c in gap.by)
            held = grouped(material) if gap.corpus else material
            crossed = replace(held, sets=tuple((*s, *by) for s in held.sets if not set(by) & set(s)))
            found = list(_routes(crossed, pairs, gap.compared, reading, known, order, progress))
            yield from _gaps(held, gap, found)


def _known(material: Material, metrics: Sequence[Metric], reading: Reading) -> Classes | None:
    needs = [m for m in metrics if (m.inner or m).reads in ("label", "probability", "score")]
    wanting = needs or [m for m in metrics if m.targeted]
    if wanting and "y" not in material.table.columns:
        rule = "predictions are compared with the truth"
        raise MetricError(f"{wanting[0].label} needs a target", rule=rule, fix="--target COLUMN")
    return classes(material, reading) if needs else None


def _routes(
    material: Material,
    pairs: Sequence[Pair],
    metrics: Sequence[Metric],
    reading: Reading,
    known: Classes | None,
    order: Sequence[str],
    progress: Progress,
) -> Iterator[Cell]:
    units: UnitCounts = unit_counts(material)
    counted = [m for m in metrics if m.family in COUNTS]
    numbered = {order.index(m.label): m for m in metrics if m.family in MEANS}
    together = {i: m for i, m in numbered.items() if m.corpus}
    summed = {i: m for i, m in numbered.items() if i not in together}
    whole = grouped(material) if together else material
    ranked = [m for m in metrics if m.family not in (*COUNTS, *MEANS)]
    progress.step("aggregate", len(pairs))
    for pair in pairs:
        if counted and known is not None:
            yield from count_cells(material, pair, counted, reading, known, units)
        if summed:
            yield from score_cells(material, pair, summed, units, known)
        if together:
            yield from score_cells(whole, pair, together, units, known)
        if ranked:
            yield from row_cells(material, pair, ranked, known, units)
        progress.advance()


def _group(key: tuple[object, ...]) -> object:
    return key[0] if len(key) == 1 else key


def grouped(material: Material) -> Material:
    """The rows in groups of units: a metric of all rows together is judged by leaving them out in turn.

    Raises:
        MetricError: rows that have no key, so that nothing says what a unit is.
    """
    if material.groups:
        return material
    if not material.unit:
        raise MetricError(
            "a metric of all rows together needs to know what a row is",
            rule="its interval leaves out units in turn, always the same ones",
            fix="--on COLUMN",
        )
    # Scores that are kept stand beside the keys; other tables of scores hold no more than their metrics need.
    kept = material.scored if material.scored and set(material.unit) <= material.scored.columns.keys() else None
    table, units, _, _ = material.engine.groups(kept or material.table, material.unit, GROUPS)
    return replace(material, table=table, groups=min(units, GROUPS), scored=table if kept else None)


def _gaps(material: Material, gap: Metric, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Cells of one slice and pair, by group, become one cell."""
    found: dict[tuple[object, ...], list[Cell]] = {}
    split = -len(gap.by)
    for cell in cells:
        if len(cell.metrics) < len(gap.compared):
            raise MetricError(
                f"{gap.label} compares metrics that are read off the data differently",
                rule="metrics of one gap read the same labels",
                fix="one gap for each metric",
            )
        pair = (cell.pair.baseline.name, cell.pair.candidate.name)
        found.setdefault((*pair, cell.columns, cell.key[:split]), []).append(cell)
    for same in found.values():
        first = same[0]
        samples, designs = tuple(c.samples[0] for c in same), tuple(c.designs[0] for c in same)
        yield Cell(
            (gap,),
            first.pair,
            first.columns[:split],
            first.key[:split],
            samples,
            designs,
            tuple(_group(c.key[split:]) for c in same),
            together(material, first.pair, gap.read_column, samples, designs),
        )
