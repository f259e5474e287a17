"""Compare without a plan: align, score, aggregate, infer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from threading import Thread

from assay.base.errors import AssayError, MetricError
from assay.base.owed import Owed
from assay.base.progress import Progress
from assay.data.align import align
from assay.data.columns import held_somewhere, score_column
from assay.data.request import Aligned, AlignRequest
from assay.evaluate.bound import bound
from assay.evaluate.labels import classes
from assay.evaluate.measure import measure
from assay.evaluate.request import Cell, Material, Pair, Reading, Side
from assay.flows.asked import Asked, check_beside
from assay.records.comparison import Alignment, Comparison, Curve, Examples
from assay.records.metric import VALUES, Family, Metric, Reads
from assay.records.protocols import By, Engine

TEXTS: tuple[Reads, ...] = ("text", "label set", "class list")
"""What is read from text: a column of numbers is then taken as it is written."""
LISTED_TARGETS: tuple[Reads, ...] = ("text", "label set")
"""Readings whose truth may be a list: several references, a set of labels."""


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """How a comparison is read.

    Attributes:
        about: `model`: these artefacts, seeds averaged. `method`: the procedure that trains them.
        level: Two-sided.
        seed: Of the random streams.
        draws: Of resampling methods.
        curves: Whether curves are made of probabilities.
        examples: Whether rows won and lost are looked up.
        asked: Readings beside the intervals.
    """

    reading: Reading = field(default_factory=Reading)
    about: str = "model"
    seeds_paired: bool = False
    level: float = 0.95
    seed: int = 0
    draws: int = 9999
    curves: bool = False
    examples: bool = False
    asked: Asked = field(default_factory=Asked)


def compare(
    engine: Engine, request: AlignRequest, metrics: Sequence[Metric], options: CompareOptions, progress: Progress
) -> tuple[list[Comparison], Aligned, list[Curve], list[Examples]]:
    """All comparisons, in the order metric, slice, candidate; the aligned table; the curves and examples asked for.

    Raises:
        AssayError: what `align` and `measure` refuse.
    """
    # SciPy and the statistics take 0.25 s to import, which passes while the database reads.
    Thread(target=list, args=(map(import_module, ("assay.flows.estimates", "scipy.special")),), daemon=True).start()
    progress.step("align", 1)
    check_groups(request, metrics)
    check_lists(request, metrics)
    if options.asked.apart:
        check_beside(metrics, request.missing)
    wanted = textual(engine, with_gaps(request, metrics), metrics)
    with Owed() as owed:
        aligned = align(engine, replace(wanted, grouped=options.asked.apart), owed)
        material = material_of(engine, aligned, request.slices)
        pairs = pairs_of(aligned, metrics, options.about, options.seeds_paired)
        # Units are told apart for the readings beside; a unit a row needs no groups for its interval.
        apart = aligned.clustered or any(len(m.seeds) > 1 for m in aligned.models)
        own = material if apart else replace(material, groups=0)
        metrics, columns = bound(own, pairs, metrics, options.reading), dict(aligned.columns)
        cells = list(measure(own, pairs, metrics, options.reading, columns, progress))
        grouped = cells
        if options.asked.apart and not apart:
            grouped = list(measure(material, pairs, metrics, options.reading, columns, progress))
        progress.step("infer", 1)
        # Inference is Python and leaves a core to the database.
        owed.begin()
        found = _inferred(cells, grouped, aligned, options)
    order = {m.label: i for i, m in enumerate(metrics)}
    slices = {tuple(s): i for i, s in enumerate([(), *request.slices])}
    found.sort(key=lambda c: (order[c.metric.label], slices.get(tuple(c.slice), 0)))
    drawn: list[Curve] = []
    if options.curves:
        from assay.flows.curves import curves_of, curves_of_cells

        labelled = [m for m in metrics if (m.inner or m).reads == "probability"]
        known = classes(material, options.reading) if labelled else None
        drawn = curves_of(material, pairs, labelled, known, options.level)
        vectors = [c for c in cells if any(m.reads == "class scores" for m in c.metrics)]
        drawn = [*drawn, *curves_of_cells(vectors, options.level)]
    rows: list[Examples] = []
    if options.examples and request.id:
        from assay.flows.examples import first_examples

        rows = first_examples(own, pairs, metrics, options.reading, (request.query,) if request.query else request.id)
    return found, aligned, drawn, rows


def _inferred(
    cells: Sequence[Cell], grouped: Sequence[Cell], aligned: Aligned, options: CompareOptions
) -> list[Comparison]:
    from assay.flows.estimates import Setting, comparisons

    setting = Setting(aligned.columns, aligned.counts, options.seed, options.draws)
    if options.asked.apart:
        from assay.flows.beside import read_beside

        found = read_beside(cells, grouped, setting, options.level, options.asked)
    else:
        found = comparisons(cells, setting, options.level)
    if options.asked.discoveries:
        from assay.flows.discoveries import with_discoveries

        return with_discoveries(found)
    return found


def check_groups(request: AlignRequest, metrics: Sequence[Metric]) -> None:
    """The columns by which metrics group rows are there.

    Raises:
        InputError: naming the metric and the nearest column.
    """
    tables = [m.table for m in request.models]
    for metric in metrics:
        if metric.family is Family.GAP:
            for column in metric.by:
                held_somewhere(tables, column, f"the groups of {metric.label}")


def check_lists(request: AlignRequest, metrics: Sequence[Metric]) -> None:
    """Metrics of ranked lists are asked for where rows are documents of queries, and no others are.

    Raises:
        MetricError: naming the metric.
    """
    for metric in metrics:
        ranking = (metric.inner or metric).reads == "ranking"
        if ranking and not request.query:
            also = f"; a threshold is {metric.name}(threshold=…)" if metric.name in ("recall", "precision") else ""
            raise MetricError(
                f"{metric.label} reads ranked lists, and no column names the query",
                rule="rows are documents, and those of one query are one list",
                fix="--query COLUMN" + also,
            )
        if request.query and not ranking:
            raise MetricError(
                f"{metric.label} reads rows, and rows are documents of ranked lists",
                rule="with a query, metrics are of ranked lists: ndcg@10, mrr, map, recall@100, precision@10, rbp@0.8",
                fix="leave --query out, or name one of these with --metric",
            )


def with_gaps(request: AlignRequest, metrics: Sequence[Metric]) -> AlignRequest:
    """The request with what the metrics need besides: columns of groups and measured columns."""
    groups = tuple(m.by for m in metrics if m.family is Family.GAP)
    extra = tuple(dict.fromkeys(c for m in metrics for c in m.read_columns if c))
    held = (c for c in ("", *extra, request.target) if all(_listed(m, c, request.target) for m in metrics))
    return replace(request, slices=(*request.slices, *groups), extra=extra, lists=tuple(held))


def _listed(metric: Metric, column: str, target: str) -> bool:
    """Whether the column may hold lists as far as the metric is concerned: it reads them, or not this column."""
    if column in metric.read_columns and metric.reads not in VALUES:
        return False
    return column != target or not column or not metric.targeted or metric.reads in LISTED_TARGETS


def textual(engine: Engine, request: AlignRequest, metrics: Sequence[Metric]) -> AlignRequest:
    """The request with columns that only metrics of text and of classes read as text, though they hold numbers."""
    named = {c for m in metrics for c in m.read_columns if m.reads in TEXTS}
    named -= {c for m in metrics for c in m.read_columns if m.reads not in TEXTS}
    aimed = [m for m in metrics if m.targeted]
    truth = bool(aimed) and all(m.reads in TEXTS or m.reads == "class scores" for m in aimed)
    wanted: dict[str, list[str]] = {}
    for model in request.models:
        columns = [c for c in (*named, *([request.target] if truth else [])) if c in model.table.columns]
        if "" in named:
            # What is wrong with the score's column is said when rows are aligned.
            with suppress(AssayError):
                columns.append(score_column(model, request))
        wanted.setdefault(model.table.name, []).extend(columns)
    made = {m.table.name: engine.as_text(m.table, list(dict.fromkeys(wanted[m.table.name]))) for m in request.models}
    return replace(request, models=tuple(replace(m, table=made[m.table.name]) for m in request.models))


def material_of(engine: Engine, aligned: Aligned, slices: Sequence[tuple[str, ...]]) -> Material:
    """The aligned table as the evaluate stage takes it."""
    sets: list[By] = [(), *(tuple(aligned.columns[c] for c in s) for s in slices)]
    return Material(
        engine,
        aligned.table,
        aligned.unit,
        aligned.units,
        aligned.effective_units,
        aligned.clustered,
        aligned.groups,
        aligned.missing,
        tuple(dict.fromkeys(sets)),
        tuple(aligned.columns.values()),
    )


def pairs_of(aligned: Aligned, metrics: Sequence[Metric], about: str, seeds_paired: bool) -> list[Pair]:
    """Every candidate beside the baseline.

    Raises:
        MetricError: a metric reads the model's score and a model has none.
    """
    sides = [Side(m.name, m.arms) for m in aligned.models]
    for metric in metrics:
        for side in sides:
            if any(c not in side.arms for c in metric.read_columns):
                raise MetricError(
                    f"{metric.label} needs a column of predictions", rule="each model has one", fix="--score COLUMN"
                )
    return [Pair(sides[0], side, about, seeds_paired) for side in sides[1:]]


def unread_warnings(read: Mapping[tuple[int, int], Sequence[str]]) -> list[str]:
    """Queries that metrics of ranked lists leave out.

    Args:
        read: (queries that were compared, queries that the metric reads) -> the metrics.
    """
    return [
        f"{', '.join(dict.fromkeys(metrics))}: {rows - few:,} of {rows:,} queries have no relevant document: left out"
        for (rows, few), metrics in read.items()
        if few < rows
    ]


def left_out_warnings(counts: Mapping[str, Alignment]) -> list[str]:
    """What the missingness policy did, by candidate; empty where every row was scored by both."""
    warnings = []
    for name, a in counts.items():
        if a.dropped:
            warnings.append(f"{name}: {a.dropped:,} rows that one side lacks or did not score are left out")
        if a.imputed:
            warnings.append(f"{name}: {a.imputed:,} rows that one side lacks or did not score count as the policy says")
    return warnings
