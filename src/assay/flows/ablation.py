"""An ablation study: the design is read, every run is evaluated on the same units, effects follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assay.base.errors import InputError, MetricError
from assay.base.numeric import check_number, check_squares
from assay.base.progress import Progress
from assay.base.wording import counted
from assay.data.columns import filled, require
from assay.data.request import AlignRequest
from assay.flows.candidates import ManyOptions, read_together
from assay.records.ablation import Effect, Study, StudyRun
from assay.records.metric import Array, Floats, Metric
from assay.records.protocols import Engine, Table
from assay.records.sample import Design
from assay.stats.effects import exactly, half_normal, infer_effects, lenth
from assay.stats.estimates import estimate
from assay.stats.factorial import KINDS, Factorial, factorial
from assay.stats.options import InferenceOptions
from assay.stats.together import Joint

MOST_RUNS = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The design of a study.

    Attributes:
        names: [R], what each run is called: its model, or its number.
        factors: Factor -> its levels, sorted; effects are against the first.
        design: How effects follow from the runs.
        codes: [R, F], the level of every factor in every run.
    """

    names: tuple[str, ...]
    factors: dict[str, tuple[Any, ...]]
    design: Factorial
    codes: Array

    def settings(self, run: int) -> dict[str, Any]:
        """The levels of a run."""
        return {f: v[self.codes[run, i]] for i, (f, v) in enumerate(self.factors.items())}


def read_design(engine: Engine, table: Table, factors: Sequence[str], model: str, order: int) -> Plan:
    """Read the table of runs.

    Args:
        engine: That holds the table.
        table: A row for each run.
        factors: Columns of settings.
        model: The column that names each run's model; empty where runs are numbered.
        order: The largest number of factors in an interaction.

    Raises:
        AssayError: columns that are missing or empty, a model named twice, and what `factorial` refuses.
    """
    require(table, factors, "a factor")
    require(table, [c for c in (model,) if c], "the model")
    twice = next((f for f in factors if list(factors).count(f) > 1), None)
    if twice is not None:
        raise InputError(
            f"the factor {twice!r} is named twice", rule="factors are different columns", fix="name it once"
        )
    check_number("order", order, whole=True)
    if not 1 <= order <= 10:
        raise InputError(f"the order is {order}", rule="interactions of 1 to 10 factors", fix="--order 2")
    named = [*factors, *([model] if model else [])]
    filled(engine, table, named, "every run says its settings", "complete the table")
    rows = engine.rows(table, named, named)
    many = len(next(iter(rows.values())))
    if not 2 <= many <= MOST_RUNS:
        raise InputError(
            f"the design has {counted(many, 'run')}", rule=f"2 to {MOST_RUNS:,} runs", fix="a row for each run"
        )
    names = tuple(str(v) for v in rows[model].tolist()) if model else tuple(f"run {i + 1}" for i in range(many))
    if len(set(names)) < many:
        again = next(n for n in names if names.count(n) > 1)
        raise InputError(
            f"the model {again!r} is named twice",
            rule="a run of the same settings with another seed is a model of its own",
            fix="name each model once",
        )
    levels, codes = zip(*(_levels(rows[f]) for f in factors), strict=True)
    matrix = np.stack(codes, axis=1)
    return Plan(names, dict(zip(factors, levels, strict=True)), factorial(factors, levels, matrix, order), matrix)


def _levels(values: Array) -> tuple[tuple[Any, ...], Array]:
    found, place = np.unique(np.ma.getdata(values).astype(object), return_inverse=True)
    return tuple(found.tolist()), place.ravel()


def evaluated(
    engine: Engine,
    plan: Plan,
    request: AlignRequest,
    metrics: Sequence[Metric],
    options: ManyOptions,
    progress: Progress,
) -> list[Study]:
    """Effects on metrics, from the predictions of every run on the same units.

    Raises:
        AssayError: what reading refuses; a metric that is undefined for a run.
    """
    _, reads = read_together(engine, request, metrics, options, progress)
    progress.step("infer", len(metrics))
    studies = []
    for metric in metrics:
        read = next(r for r in reads if r.metric.label == metric.label)
        found = read.joint()
        undefined = [plan.names[m] for m in np.flatnonzero(np.isnan(found.values))]
        if undefined:
            raise MetricError(
                f"{metric.label} is undefined for {', '.join(undefined[:5])}",
                rule=f"every run needs a value: {metric.undefined}",
                fix="leave these runs out, or choose another metric",
            )
        studies.append(study(plan, found, read.design, metric.label, metric.direction, options))
        progress.advance()
    return studies


def measured(
    engine: Engine, plan: Plan, table: Table, column: str, factors: Sequence[str], options: ManyOptions
) -> Study:
    """Effects on a column of values, one a run, without units.

    Raises:
        InputError: values that are missing or no numbers.
    """
    require(table, [column], "the value")
    if table.columns[column] not in ("number", "integer"):
        raise InputError(
            f"the values in {column!r} are {table.columns[column]}", rule="a value is a number", fix="--value COLUMN"
        )
    filled(engine, table, [column], "every run has a value", "complete the table, or leave the run out")
    # In the order of the settings, as the design was read.
    rows = engine.rows(table, [*factors, column], [*factors, column])
    values: Floats = np.asarray(np.ma.filled(rows[column].astype(float), np.nan))
    if not np.isfinite(values).all():
        raise InputError(f"a value in {column!r} is no finite number", rule="every run has a value", fix="correct it")
    check_squares(values, f"a value in {column!r}")
    many = len(values)
    found = Joint(values, np.zeros((1, many)), np.ones(1), 0.0, np.zeros(1, dtype=np.int64))
    return study(plan, found, Design(many, many, float(many), False), column, "", options, units=False)


def study(
    plan: Plan, found: Joint, shape: Design, measure: str, direction: str, options: ManyOptions, units: bool = True
) -> Study:
    """Effects of all terms that the design tells."""
    design = plan.design
    made = infer_effects(design, found, units, InferenceOptions(options.seed))
    values = exactly(design.weights, found.values)
    scores = half_normal(values)
    effects = []
    for e, term in enumerate(design.terms):
        both = estimate(made.together[e], shape, level=options.level)
        own = made.alone[e]
        alone = None if own is None else own.interval(options.level)
        both = replace(both, interval=alone, decision_interval=both.interval)
        factors = tuple(list(plan.factors)[f] for f in term.factors)
        effects.append(Effect(term.name, factors, design.aliases[e], both, float(scores[e])))
    margins = lenth(values, options.level) if made.run_variance is None and not units else None
    runs = tuple(StudyRun(n, plan.settings(r), float(found.values[r])) for r, n in enumerate(plan.names))
    shown = None if margins is None else (margins.margin, margins.simultaneous)
    rows, many = (shape.rows, shape.units) if units else (len(runs), 0)
    return Study(measure, direction, rows, many, runs, tuple(effects), made.run_variance, made.run_df, shown)


def notes(plan: Plan, order: int, units: bool) -> tuple[str, ...]:
    """What the design can and cannot tell."""
    design, many = plan.design, int(np.unique(plan.design.cells).size)
    said = {
        KINDS[0]: f"every one of {many} combinations of levels has a run",
        KINDS[1]: f"{many} of {many + design.absent} combinations have a run: effects that these runs cannot tell apart"
        " are named together",
        KINDS[
            2
        ]: "each factor was changed alone beside one common setting: every effect is that of the change there, and"
        " what two changes do together (their interaction) is not in these runs",
        KINDS[
            3
        ]: f"{counted(design.absent, 'combination')} of levels {'has' if design.absent == 1 else 'have'} no run, such"
        f" as {design.missing[0] if design.missing else 'none'}: they are filled by the effects shown",
    }
    out = [said[design.kind]]
    if design.kind != KINDS[2] and order < len(plan.factors) and design.absent:
        out.append(f"interactions of more than {order} factors are taken for none")
    if len(plan.names) == many:
        about = (
            "about these runs: how a new training run would differ is not seen"
            if units
            else ("no setting was run twice, so there are no intervals: effects beyond Lenth's margin stand out")
        )
        out.append(f"one run a setting: what is said is {about}" if units else about)
    return tuple(out)
