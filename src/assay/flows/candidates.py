"""Many models on one test set: align, score, aggregate by groups of units, compare all with all and with the best."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from assay.base.errors import InputError, MetricError
from assay.base.progress import Progress
from assay.base.wording import counted
from assay.data.align import align
from assay.data.request import Aligned, AlignRequest
from assay.evaluate.bound import bound
from assay.evaluate.measure import measure
from assay.evaluate.request import Cell, Pair, Reading, Side
from assay.flows.compare import material_of, pairs_of, textual, with_gaps
from assay.records.candidates import Blocks, BlockStanding, PairDifference, Ranking, Standing
from assay.records.metric import TOGETHER, Family, Metric
from assay.records.protocols import Engine
from assay.records.sample import Design, GroupedCounts, GroupedSums, Sample
from assay.stats.blocks import friedman
from assay.stats.candidates import Many, groups, infer_many
from assay.stats.estimates import estimate
from assay.stats.functional import METHOD, ON_LOGIT
from assay.stats.groups import infer_contrasts
from assay.stats.jackknife import jackknife_t, on_logit
from assay.stats.means import difference_range
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Result
from assay.stats.together import Joint, joint, of_rows

MOST_MODELS = 200
ALONE = {Family.RANK: ("auc-jackknife", "auc-jackknife"), Family.FUNCTIONAL: (METHOD, ON_LOGIT)}
"""Methods of one model's value by itself, plain and on the logit scale, where rows are read."""


@dataclass(frozen=True, slots=True)
class ManyOptions:
    """How many models are read.

    Attributes:
        about: `model`: these artefacts, seeds averaged. `method`: the procedure that trains them.
        block: The column of data sets over which ranks are averaged; empty without.
        level: Of all intervals of a family together.
        seed: Of the draws that simultaneous levels take.
    """

    reading: Reading
    about: str = "model"
    block: str = ""
    level: float = 0.95
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """One metric on one slice: the sample of all arms, and which arms belong to which model."""

    metric: Metric
    sample: Sample
    design: Design
    models: tuple[tuple[int, ...], ...]
    key: tuple[Any, ...]

    def joint(self) -> Joint:
        """All models with their covariance."""
        return joint(self.metric, self.sample, self.design, self.models)


def check_metrics(metrics: Sequence[Metric], missing: str) -> None:
    """Refuse metrics whose values have no joint covariance, and bounds for missing rows.

    Raises:
        MetricError: naming the metric.
        InputError: for the policy `bounds`.
    """
    for metric in metrics:
        if metric.family not in TOGETHER:
            raise MetricError(
                f"{metric.label} has no covariance between models",
                rule=f"a {metric.family} metric is compared two models at a time",
                fix="assay compare, or a metric of counts, means or rows",
            )
    if missing == "bounds":
        raise InputError(
            "missing rows cannot be bounded for many models",
            rule="every pair would have extremes of its own",
            fix="--missing exclude, failure or refuse",
        )


def read_together(
    engine: Engine, request: AlignRequest, metrics: Sequence[Metric], options: ManyOptions, progress: Progress
) -> tuple[Aligned, list[Read]]:
    """Align all models and aggregate their scores by groups of units, for all rows and, where asked, by block.

    Raises:
        AssayError: what `align` and `measure` refuse.
    """
    check_metrics(metrics, request.missing)
    blocks = ((options.block,),) if options.block else ()
    progress.step("align", 1)
    wanted = replace(request, grouped=True, slices=(*request.slices, *blocks))
    aligned = align(engine, textual(engine, with_gaps(wanted, metrics), metrics))
    material = material_of(engine, aligned, blocks)
    sides = [p.candidate for p in pairs_of(aligned, metrics, options.about, False)]
    first = Side(aligned.models[0].name, aligned.models[0].arms)
    others = {read: tuple(c for side in sides for c in side.arms[read]) for read in first.arms}
    many = Pair(first, Side("the others", others), options.about)
    metrics = bound(material, [many], metrics, options.reading)
    cells = measure(material, [many], metrics, options.reading, dict(aligned.columns), progress)
    return aligned, [r for cell in cells for r in _reads(cell, (first, *sides))]


def _reads(cell: Cell, sides: Sequence[Side]) -> list[Read]:
    found = []
    for metric in cell.metrics:
        ends = np.cumsum([0, *(len(s.arms[metric.read_column]) for s in sides)]).tolist()
        models = tuple(tuple(range(a, b)) for a, b in pairwise(ends))
        found.append(Read(metric, cell.samples[0], cell.designs[0], models, cell.key))
    return found


def candidates(
    engine: Engine, request: AlignRequest, metrics: Sequence[Metric], options: ManyOptions, progress: Progress
) -> tuple[Aligned, list[Ranking], list[str]]:
    """All models by every metric, the best first; and warnings.

    Raises:
        AssayError: what reading refuses; a metric that is undefined for one of the models.
    """
    if len(request.models) > MOST_MODELS:
        raise InputError(
            f"{len(request.models)} models", rule=f"at most {MOST_MODELS} at once", fix="leave out the hopeless ones"
        )
    for metric in metrics:
        if metric.direction == "none":
            raise MetricError(
                f"{metric.label} has no best: neither more nor less is better",
                rule="models are ranked by a metric with a direction",
                fix="brier or log_loss, or assay compare for the value of each",
            )
    aligned, reads = read_together(engine, request, metrics, options, progress)
    names = [m.name for m in aligned.models]
    progress.step("infer", len(metrics))
    rankings = []
    for metric in metrics:
        whole = next(r for r in reads if r.metric.label == metric.label and not r.key)
        per_block = [r for r in reads if r.metric.label == metric.label and r.key]
        rankings.append(_ranking(names, whole, per_block, options))
        progress.advance()
    return aligned, rankings, _warnings(rankings)


def _ranking(names: list[str], whole: Read, per_block: Sequence[Read], options: ManyOptions) -> Ranking:
    metric, design, found = whole.metric, whole.design, whole.joint()
    undefined = [names[m] for m in np.flatnonzero(np.isnan(found.values))]
    if undefined:
        raise MetricError(
            f"{metric.label} is undefined for {', '.join(undefined[:5])}",
            rule=f"models are ranked where all have a value: {metric.undefined}",
            fix="leave these models out, or choose another metric",
        )
    kind = "several rows per unit" if design.clustered else "one row per unit"
    many = infer_many(found, metric.sign, difference_range(metric), InferenceOptions(options.seed), kind)
    pairs = [estimate(r, design, level=options.level) for r in many.pairs]
    order = np.argsort(-metric.sign * found.values, kind="stable").tolist()
    told = groups(order, _apart(len(names), pairs))
    single = [estimate(r, design, level=options.level) for r in _single(whole, found)]
    shown = _letters(told, len(names))
    models = tuple(
        _standing(names, m, place, single[m], many, shown[m], design, options.level) for place, m in enumerate(order, 1)
    )
    return Ranking(
        metric,
        design.rows,
        design.units,
        models,
        _pairs(names, pairs, order),
        tuple(tuple(names[m] for m in group) for group in told),
        _blocks(names, per_block, options) if per_block else None,
    )


def _standing(
    names: list[str], m: int, place: int, value: Any, many: Many, letters: str, design: Design, level: float
) -> Standing:
    # An interval that ends at 0 tests nothing there: the p-value is that of being the best.
    best = replace(estimate(many.best[m], design, level=level), p_value=None)
    p = float(many.p_best[m])
    same = names[many.twins[m]] if many.twins[m] != m else ""
    return Standing(names[m], place, value, best, p, p > 1 - level, letters, same)


def _single(whole: Read, found: Joint) -> tuple[Result, ...]:
    """Each model by itself."""
    eye = np.eye(len(whole.models))
    if isinstance(whole.sample, (GroupedCounts, GroupedSums)):
        weights = np.zeros((len(whole.models), sum(map(len, whole.models))))
        for place, arms in enumerate(whole.models):
            weights[place, list(arms)] = 1 / len(arms)
        lone = [replace(whole.design, baseline=arms, candidate=arms) for arms in whole.models]
        return tuple(infer_contrasts(whole.metric, whole.sample, d, [w])[0] for d, w in zip(lone, weights, strict=True))
    bounds, why = (whole.metric.lower, whole.metric.upper), "units left out in turn, t on effective units - 1"
    made = []
    for m, weights in enumerate(eye):
        value, var = float(found.values[m]), float(found.covariance[m, m])
        reps = found.values[m] + found.moved[:, m]
        facts = found.about(weights)
        df = found.degrees(weights[None])
        plain, logit = ALONE[whole.metric.family]
        made.append(on_logit(jackknife_t(value, reps, var, df, why, bounds, facts, plain), bounds, logit))
    return tuple(made)


def _apart(many: int, pairs: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    apart = np.zeros((many, many), dtype=bool)
    for i, j, e in zip(*np.triu_indices(many, 1), pairs, strict=True):
        apart[i, j] = apart[j, i] = e.interval is not None and not e.interval[0] <= 0 <= e.interval[1]
    return apart


def _pairs(names: list[str], pairs: Sequence[Any], order: Sequence[int]) -> tuple[PairDifference, ...]:
    found = [
        PairDifference(names[i], names[j], e) for i, j, e in zip(*np.triu_indices(len(names), 1), pairs, strict=True)
    ]
    place = {names[m]: rank for rank, m in enumerate(order)}
    return tuple(sorted(found, key=lambda p: sorted((place[p.first], place[p.second]))))


def _letters(told: Sequence[Sequence[int]], many: int) -> list[str]:
    """For every model the letters of its groups; beyond 26 groups, two letters each."""
    alphabet = string.ascii_lowercase
    marks = alphabet if len(told) <= len(alphabet) else [a + b for a in alphabet for b in alphabet]
    joint_by = "" if len(told) <= len(alphabet) else " "
    return [joint_by.join(mark for mark, group in zip(marks, told, strict=False) if m in group) for m in range(many)]


def _blocks(names: list[str], per_block: Sequence[Read], options: ManyOptions) -> Blocks | None:
    values = np.array([r.joint().values for r in per_block])
    held = ~np.isnan(values).any(axis=1)
    left = tuple(str(r.key[0]) for r, kept in zip(per_block, held, strict=True) if not kept)
    if held.sum() < 2:
        raise InputError(
            f"the column {options.block!r} has {counted(int(held.sum()), 'block')} in which every model has a value",
            rule="ranks are averaged over two blocks at least, ten for a verdict",
            fix="name the column of data sets, or leave --block out",
        )
    metric, values = per_block[0].metric, values[held]
    test = friedman(metric.sign * values)
    reach = test.critical_difference(options.level)
    by_rank = np.argsort(test.ranks, kind="stable").tolist()
    told = groups(by_rank, np.abs(test.ranks[:, None] - test.ranks) > reach)
    ranked = _letters(told, len(names))
    found = of_rows(values)
    many = infer_many(
        found,
        metric.sign,
        difference_range(metric),
        InferenceOptions(options.seed),
        "each block a unit of the same weight",
    )
    design = Design(len(values), len(values), float(len(values)), False)
    pairs = [estimate(r, design, level=options.level) for r in many.pairs]
    by_mean = np.argsort(-metric.sign * found.values, kind="stable").tolist()
    meant = _letters(groups(by_mean, _apart(len(names), pairs)), len(names))
    models = tuple(
        BlockStanding(names[m], float(test.ranks[m]), ranked[m], float(found.values[m]), meant[m]) for m in by_rank
    )
    return Blocks(
        options.block,
        len(values),
        left,
        test.chi2,
        test.chi2_p,
        test.f if np.isfinite(test.f) else None,
        test.f_p,
        reach,
        models,
        tuple(tuple(names[m] for m in group) for group in told),
        _pairs(names, pairs, by_mean),
    )


def _warnings(rankings: Sequence[Ranking]) -> list[str]:
    said = []
    for ranking in rankings:
        for m in ranking.models:
            if m.same_as:
                said.append(
                    f"{m.name} scores every unit as {m.same_as} does by {ranking.metric.label}: the two count as one"
                )
        if ranking.blocks and ranking.blocks.left_out:
            left = ranking.blocks.left_out
            where = f"{counted(len(left), 'block')}: {', '.join(left[:5])}"
            said.append(f"{ranking.metric.label} is undefined in {where}")
    return said
