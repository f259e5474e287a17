"""One reading of evaluation data for a plan: align, score, aggregate; what it saw, and digests of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.base.canonical import digest_json
from assay.base.errors import PlanError
from assay.base.progress import Progress
from assay.data.align import align
from assay.data.realign import realign
from assay.data.request import Aligned, AlignRequest, ModelArms, ModelInput
from assay.evaluate.bound import bound
from assay.evaluate.flips import Flips
from assay.evaluate.measure import cells, score
from assay.evaluate.request import Cell, Material, Pair, Reading, canonical
from assay.flows.compare import check_groups, check_lists, material_of, pairs_of, textual, with_gaps
from assay.flows.contributions import pairs_without
from assay.flows.estimates import Setting
from assay.flows.examples import examples_of
from assay.flows.wording import plan_words
from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.plan import Claim, Plan
from assay.records.protocols import Engine, Member, Sides, Table


@dataclass(frozen=True, slots=True)
class Sight:
    """Aligned rows and the digests by which a look at them is counted.

    Attributes:
        dataset: Digest of keys and targets, whatever file they came in.
        scores: Digest of each model's predictions, by name.
        design: Digest of units and slices, by row; empty where there are none.
    """

    aligned: Aligned
    dataset: str
    scores: dict[str, str]
    design: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What one reading saw.

    Attributes:
        scored: The aligned table with every per-row score: the evidence.
        seeds: Seeds of each model, by name.
    """

    sight: Sight
    scored: Table
    cells: tuple[Cell, ...]
    setting: Setting
    seeds: dict[str, int]
    flips: Flips


def claims_of(plan: Plan) -> tuple[Claim, ...]:
    """Claims and guardrails."""
    return (*plan.claims, *plan.guardrails)


def metrics_of(plan: Plan) -> list[Metric]:
    """Every metric that some claim is about."""
    return list({m.label: m for m in (parse(c.metric) for c in claims_of(plan))}.values())


def reading_of(plan: Plan) -> Reading:
    """How labels are to be read."""
    return Reading(plan.data.positive, plan.data.threshold, plan.data.labels)


def request_of(plan: Plan, models: Sequence[ModelInput], qrels: Table | None = None) -> AlignRequest:
    """What to align for a plan."""
    d = plan.data
    slices = [tuple(c.strip() for c in s.split("*")) for s in d.slices]
    slices += [tuple(c.slice) for c in claims_of(plan) if c.slice]
    return AlignRequest(
        models=tuple(models),
        id=d.id,
        target=d.target,
        unit="" if d.id == (d.unit,) else d.unit,
        slices=tuple({frozenset(s): s for s in slices}.values()),
        seed=d.seed,
        repeat=d.repeat,
        missing=plan.missing,
        query=d.query,
        qrels=qrels,
    )


@plan_words()
def see(
    engine: Engine, plan: Plan, models: Sequence[ModelInput], progress: Progress, qrels: Table | None = None
) -> Seen:
    """Read the data for a plan.

    Args:
        qrels: Relevance of documents besides what the models' tables hold.

    Raises:
        AssayError: what `align` and `measure` refuse; a slice that a claim names and no row is in.
    """
    metrics, reading = metrics_of(plan), reading_of(plan)
    request = request_of(plan, models, qrels)
    progress.step("align", None)
    check_groups(request, metrics)
    check_lists(request, metrics)
    aligned = align(engine, textual(engine, with_gaps(request, metrics), metrics))
    _check_seeds(plan, {m.name: len(m.seeds) for m in aligned.models})
    material = material_of(engine, aligned, request.slices)
    pairs = pairs_of(aligned, metrics, "model", plan.seeds_paired)
    metrics = bound(material, pairs, metrics, reading)
    progress.step("score", None)
    scored, known = score(material, pairs, metrics, reading, keep_all=True)
    material = replace(material, scored=scored)
    columns = dict(aligned.columns)
    found = tuple(cells(material, pairs, metrics, reading, known, columns, progress))
    without = pairs_without(plan, pairs)
    found += tuple(cells(_whole(material), without, metrics, reading, known, columns, progress)) if without else ()
    setting = Setting(aligned.columns, aligned.counts, plan.seed)
    _check_slices(plan, found, setting)
    progress.step("digest", None)
    return Seen(
        sight_of(engine, aligned),
        scored,
        found,
        setting,
        {m.name: len(m.seeds) for m in aligned.models},
        _flips(plan, material, pairs, metrics, reading, known),
    )


def sight_of(engine: Engine, aligned: Aligned) -> Sight:
    """Digest what is looked at."""
    target = ["y"] if "y" in aligned.table.columns else []
    grouping = [c for c in ("u", *aligned.columns.values()) if c in aligned.table.columns]
    arms = {m.name: [c for named in m.arms.values() for c in named] for m in aligned.models}
    return Sight(
        aligned,
        engine.fingerprint(aligned.table, [*aligned.keys, *target]),
        {name: engine.fingerprint(aligned.table, [*aligned.keys, *columns]) for name, columns in arms.items()},
        engine.fingerprint(aligned.table, [*aligned.keys, *grouping]) if grouping else "",
    )


@dataclass(frozen=True, slots=True)
class Again:
    """What the scores kept in evidence give when they are aggregated again.

    Attributes:
        held: Sums of the per-row scores as they are kept, by column; `sums` as they follow from the predictions.
        sizes: Rows times the largest score of each column: what rounding in its sum is relative to.
    """

    aligned: Aligned
    cells: tuple[Cell, ...]
    flips: Flips
    held: dict[str, float]
    sums: dict[str, float]
    sizes: dict[str, float]


def _whole(material: Material) -> Material:
    """The same rows without slices."""
    return replace(material, sets=((),))


def aggregate(
    engine: Engine, plan: Plan, models: Sequence[ModelArms], table: Table, progress: Progress, contributions: bool
) -> Again:
    """Aggregate the scores kept in evidence.

    Args:
        models: The plan's models with their columns, as the manifest names them.
        table: The scores.
        contributions: Whether the evidence has cells of what each component contributes.
    """
    metrics, reading = metrics_of(plan), reading_of(plan)
    progress.step("align", None)
    aligned = _aligned_again(engine, plan, models, table, metrics)
    material = material_of(engine, aligned, request_of(plan, ()).slices)
    pairs = pairs_of(aligned, metrics, "model", plan.seeds_paired)
    metrics = bound(material, pairs, metrics, reading)
    scored, known = score(material, pairs, metrics, reading, keep_all=True)
    material = replace(material, scored=scored)
    made = tuple(cells(material, pairs, metrics, reading, known, dict(aligned.columns), progress))
    without = pairs_without(plan, pairs) if contributions else []
    if without:
        made += tuple(cells(_whole(material), without, metrics, reading, known, dict(aligned.columns), progress))
    columns = [c for c in scored.columns if c not in aligned.table.columns]
    held = [c for c in table.columns if c[0] == "v"]
    return Again(
        aligned,
        made,
        _flips(plan, material, pairs, metrics, reading, known),
        _sums(engine, table, held),
        _sums(engine, scored, columns),
        _sizes(engine, scored, columns),
    )


def _sums(engine: Engine, table: Table, columns: Sequence[str]) -> dict[str, float]:
    if not columns:
        return {}
    found = engine.sums(table, columns, [()], 0)[()]
    return dict(zip(columns, found.sums[0, 0].tolist(), strict=True))


def _sizes(engine: Engine, table: Table, columns: Sequence[str]) -> dict[str, float]:
    found = engine.profile(table, columns) if columns else {}
    return {c: float(p.rows * max(abs(p.least or 0.0), abs(p.most or 0.0))) for c, p in found.items()}


def _aligned_again(
    engine: Engine, plan: Plan, models: Sequence[ModelArms], table: Table, metrics: Sequence[Metric]
) -> Aligned:
    request = with_gaps(request_of(plan, tuple(ModelInput(m.name, table) for m in models)), metrics)
    return realign(engine, request, tuple(models), table)


def same_slice(wanted: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether a claim's slice is that one; 1, 1.0 and "1" name the same value."""
    return wanted.keys() == found.keys() and all(
        canonical(v) == canonical(found[k]) or (None not in (v, found[k]) and str(v) == str(found[k]))
        for k, v in wanted.items()
    )


def where(cell: Cell, setting: Setting) -> dict[str, Any]:
    """The slice of a cell by the user's column names."""
    names = {aligned: column for column, aligned in setting.columns.items()}
    return {names[c]: v for c, v in zip(cell.columns, cell.key, strict=True)}


def _check_seeds(plan: Plan, seeds: dict[str, int]) -> None:
    """A claim about a method needs the plan's seeds of every model; one seed only of a deterministic baseline."""
    least = max(plan.seeds, 2)
    names = [plan.baseline.name, *(c.name for c in plan.candidates)]
    for name in names if any(c.about == "method" for c in claims_of(plan)) else ():
        alone = seeds[name] == 1 and name == plan.baseline.name and plan.baseline.deterministic
        if seeds[name] < least and not alone:
            raise PlanError(
                f"{name} has {seeds[name]} of {least} seeds",
                rule="a claim about a method needs every seed of the plan; one seed is anecdotal",
                fix="train the missing seeds, or declare the baseline deterministic if it is",
            )


def _check_slices(plan: Plan, found: Sequence[Cell], setting: Setting) -> None:
    for claim in claims_of(plan):
        if claim.slice and not any(same_slice(claim.slice, where(c, setting)) for c in found):
            said = ", ".join(f"{k}={v}" for k, v in claim.slice.items())
            raise PlanError(
                f"the slice {said} of the claim {claim.name!r} is empty",
                rule="a claim about a slice needs rows in it",
                fix="correct the slice's value, or judge on data that have it",
            )


def _flips(
    plan: Plan, material: Material, pairs: Sequence[Pair], metrics: Sequence[Metric], reading: Reading, known: Any
) -> Flips:
    """Examples for the first primary claim, of every candidate."""
    named = (plan.data.query,) if plan.data.query else plan.data.id
    first, *more = examples_of(material, pairs, metrics, parse(plan.claims[0].metric), reading, known, named)
    return replace(first, more={p.candidate.name: f for p, f in zip(pairs[1:], more, strict=True)})


def inputs_digest(seen: Sight) -> str:
    """What went in besides the plan: the dataset, units, slices and all predictions."""
    return digest_json({"dataset": seen.dataset, "scores": seen.scores, "design": seen.design})


def tests_of(seen: Sight, plan: Plan) -> dict[str, tuple[str, str]]:
    """Each candidate's name with what a look at it counts by: its own digest, and that of all that was compared."""
    shared = {"baseline": seen.scores[plan.baseline.name], "design": seen.design}
    return {
        c.name: (seen.scores[c.name], digest_json({**shared, "candidate": seen.scores[c.name]}))
        for c in plan.candidates
    }


@dataclass(frozen=True, slots=True)
class Common:
    """Rows that two readings have in common, by key.

    Attributes:
        rows: In both.
        changed: Of these, with another target; None where one of them has no target.
        lost: Rows of the earlier one that the later lacks.
    """

    rows: int
    changed: int | None
    lost: int


def common(engine: Engine, now: Table, before: Table) -> Common:
    """Rows that two tables of scores share; none where their keys are of another kind."""
    keys, others = (tuple(c for c in t.columns if c[0] == "k" and c[1:].isdigit()) for t in (now, before))
    if keys != others or any(before.columns[k] != now.columns[k] for k in keys):
        alone = engine.survey(engine.join([Member(before, others, {}, ())]), [])
        return Common(0, None, alone.rows)
    target = {"y": "y"} if "y" in now.columns and "y" in before.columns else {}
    members = [Member(t, keys, target, ()) for t in (now, before)]
    found = engine.survey(engine.join(members), [Sides("here1", "here0", ())])
    lost = found.pairs[0].missing_in_candidate
    rows = found.rows - lost - found.pairs[0].missing_in_baseline
    return Common(rows, sum(found.flags.values()) if target else None, lost)
