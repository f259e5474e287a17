"""What a pilot tells of a claim's variance: its estimates' noise, its clusters, its patterns; never its effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.base.progress import Progress
from assay.base.wording import counted, figure
from assay.data.align import align
from assay.data.request import Aligned, ModelInput
from assay.evaluate.bound import bound
from assay.evaluate.measure import measure
from assay.evaluate.request import Cell, Material, Pair
from assay.flows.compare import check_groups, check_lists, material_of, pairs_of, textual, with_gaps
from assay.flows.estimates import Inferred, Levels, Setting, infer_cell
from assay.flows.power_basis import Bases, Basis, Exact, Sampled, aim_of, candidates_of, near_observed
from assay.flows.reading import claims_of, metrics_of, reading_of, request_of, same_slice, where
from assay.judge.claims import THRESHOLDS, deciding, status
from assay.judge.levels import decision_level
from assay.judge.units import noise_of
from assay.metrics import parse
from assay.records.comparison import Alignment
from assay.records.estimate import Estimate
from assay.records.metric import Family, Floats, Metric
from assay.records.plan import Claim, Plan
from assay.records.power import ClusterPower
from assay.records.protocols import Engine, Table
from assay.records.sample import GROUPS, Design, PairedCounts
from assay.stats.choose import Inference, infer
from assay.stats.gaps import infer_gap
from assay.stats.options import InferenceOptions
from assay.stats.power import Noise
from assay.stats.power_clusters import icc_bounds, icc_of
from assay.stats.power_gaps import gap_world, has_gap_world
from assay.stats.power_moved import correlation, moved
from assay.stats.power_proportions import one_proportion, paired_proportions
from assay.stats.power_routes import GROWING, lacking
from assay.stats.power_seeds import SeedNoise
from assay.stats.power_simulation import Drawn, Groups, Judge, World
from assay.stats.power_worlds import LEAST_PILOT, has_world, world
from assay.stats.procedures import Inverted
from assay.stats.proportions import cell_parts, paired_table

BY_DRAWS = (Family.COUNTS, Family.QUANTILE, Family.GAP)
"""Families whose interval no formula follows closely."""
DRAWS = 999
MOST_DRAWS = 99_999
NEVER_DIFFER = "the models never differ on the pilot: it shows no variance, so another pilot is needed, or a larger one"


@dataclass(frozen=True, slots=True)
class Pilot:
    """Cells of a pilot.

    Attributes:
        alone: The same rows as if each were a unit of its own; empty where they are.
        metrics: Bound to what the data hold.
    """

    cells: tuple[Cell, ...]
    alone: tuple[Cell, ...]
    setting: Setting
    aligned: Aligned
    metrics: tuple[Metric, ...]


def read_pilot(
    engine: Engine, plan: Plan, models: Sequence[ModelInput], progress: Progress, qrels: Table | None = None
) -> Pilot:
    """Align and aggregate a pilot, with its clusters and without them."""
    named, request = metrics_of(plan), request_of(plan, models, qrels)
    progress.step("align", None)
    check_groups(request, named)
    check_lists(request, named)
    aligned = align(engine, textual(engine, with_gaps(request, named), named))
    setting = Setting(aligned.columns, aligned.counts, plan.seed)
    material = material_of(engine, aligned, request.slices)
    pairs = pairs_of(aligned, named, "model", plan.seeds_paired)
    metrics = bound(material, pairs, named, reading_of(plan))

    def cells(material: Material) -> tuple[Cell, ...]:
        return tuple(measure(material, pairs, metrics, reading_of(plan), dict(aligned.columns), progress))

    one_arm = all(len(m.seeds) == 1 for m in aligned.models)
    rows = next(iter(aligned.counts.values())).rows
    apart = replace(material, groups=0, clustered=False, units=rows, effective_units=float(rows))
    alone = cells(apart) if aligned.clustered and one_arm else ()
    return Pilot(cells(material), alone, setting, aligned, tuple(metrics))


def pilot_bases(plan: Plan, pilot: Pilot) -> Bases:
    """What is known of each claim."""
    result = {}
    for claim in claims_of(plan):
        for name in candidates_of(plan, claim):
            result[claim.name, name] = _basis(plan, claim, name, pilot)
    return result


def _cell(claim: Claim, name: str, cells: Sequence[Cell], setting: Setting) -> Cell | None:
    label = parse(claim.metric).label
    for cell in cells:
        mine = cell.pair.candidate.name == name and label in [m.label for m in cell.metrics]
        if mine and same_slice(claim.slice, where(cell, setting)):
            return cell
    return None


def _found(claim: Claim, name: str, cells: Sequence[Cell], setting: Setting) -> tuple[Cell, Inferred] | None:
    cell = _cell(claim, name, cells, setting)
    if cell is None:
        return None
    whole = replace(cell.whole, about=claim.about) if cell.whole else None
    one = [m for m in cell.metrics if m.label == parse(claim.metric).label]
    designs = tuple(replace(d, about=claim.about) for d in cell.designs)
    asked = replace(cell, metrics=tuple(one), designs=designs, whole=whole)
    return asked, infer_cell(asked, setting)[0]


def _basis(plan: Plan, claim: Claim, name: str, pilot: Pilot) -> Basis:
    found = _found(claim, name, pilot.cells, pilot.setting)
    if found is None:
        return Basis(None, why="the pilot has no row in its slice")
    cell, inferred = found
    aim = aim_of(plan, claim)
    comparison = inferred.at(Levels(plan.level, decision_level(aim.alpha)))
    estimate = deciding(claim, comparison)
    design = inferred.design
    share = _share(claim, design, pilot)
    noise, why = _noise(claim, estimate)
    metric = inferred.metric
    if noise is None:
        return Basis(None, why=why, share=share)
    exact = _exact(claim, metric, cell)
    if exact is not None and not isinstance(exact, str):
        noise = _share_noise(claim, exact) or noise
    if isinstance(exact, str):
        return Basis(None, why=exact, share=share)
    shown = None if estimate.value is None else _improvement(claim, metric, estimate.value)
    return Basis(
        noise,
        share=share,
        method=estimate.method,
        per_unit=_per_unit(estimate),
        exact=exact,
        sampled=_sampled(claim, metric, cell, inferred),
        clusters=_clusters(plan, claim, name, pilot, estimate, noise),
        seed_noise=_seed_noise(claim, noise, design),
        lacks=lacking(estimate.method, estimate.diagnostics),
        facts=_facts(estimate, noise, exact, share),
        warning=near_observed(claim, shown),
    )


def _share(claim: Claim, design: Design, pilot: Pilot) -> float:
    return min(1.0, design.units / pilot.aligned.units) if claim.slice and pilot.aligned.units else 1.0


def _noise(claim: Claim, estimate: Estimate) -> tuple[Noise | None, str]:
    """The noise of an estimate, or why a pilot like this tells none."""
    if estimate.units < LEAST_PILOT:
        return None, f"the pilot has {counted(estimate.units, 'unit')}: {LEAST_PILOT} or more show how they differ"
    if estimate.undefined is not None:
        return None, f"undefined on the pilot: {estimate.undefined}"
    facts, differs = estimate.diagnostics, claim.kind not in THRESHOLDS
    if differs and 0 in (facts.get("discordant"), facts.get("nonzero")):
        return (
            None,
            NEVER_DIFFER,
        )
    noise = noise_of(estimate)
    if noise is None:
        why = estimate.reason if estimate.interval is None else "its interval has no finite bounds at this level"
        return None, f"the pilot tells no variance: {why}"
    df = facts.get("df", math.inf)
    if noise.fixed > 0:
        return replace(noise, small=True, fixed_df=float(facts.get("seed_df", math.inf))), ""
    if estimate.method in ("t", "t-ratio") and not math.isfinite(df):
        df = estimate.units - 1
    small = math.isfinite(df)
    return replace(noise, small=small, even=min(1.0, (df + 1) / estimate.units) if small else 1.0), ""


def _exact(claim: Claim, metric: Metric, cell: Cell) -> Exact | str | None:
    """Shares of a proportion with one row per unit; a text where there is none."""
    sample = cell.samples[0]
    if metric.family is not Family.PROPORTION or not isinstance(sample, PairedCounts) or len(cell.samples) > 1:
        return None
    rows = float(sample.counts.sum())
    table = paired_table(metric, sample.counts)
    trials = float(table.sum())
    if claim.kind in THRESHOLDS:
        trial = cell_parts(metric, sample.counts.shape[0])[1]
        trials = float((sample.counts.sum(axis=1) * trial).sum())
        return Exact(None, trials / rows)
    if table[0, 1] + table[1, 0] == 0:
        return NEVER_DIFFER
    return Exact(float(table[0, 1] + table[1, 0]) / trials, trials / rows)


def _share_noise(claim: Claim, exact: Exact) -> Noise | None:
    """The large-sample noise that goes with the exact route, per unit."""
    effect = claim.minimal_effect or 0.0
    if exact.discordant is not None:
        one = paired_proportions(max(exact.discordant, abs(effect)), effect)
    elif claim.threshold is not None and 0 < claim.threshold < 1:
        away = effect if claim.kind == "at_least" else -effect
        one = one_proportion(min(max(claim.threshold + away, 1e-6), 1 - 1e-6), claim.threshold)
    else:
        return None
    root = math.sqrt(exact.trials)
    return replace(one, sd=one.sd / root, null_sd=None if one.null_sd is None else one.null_sd / root)


def _per_unit(estimate: Estimate) -> dict[str, float]:
    known = {"rows": estimate.rows, "units": estimate.units, "effective_units": estimate.effective_units}
    every = {**estimate.diagnostics, **known}
    return {k: float(v) / estimate.units for k, v in every.items() if k in GROWING and math.isfinite(float(v))}


def _improvement(claim: Claim, metric: Metric, value: float) -> float:
    """The effect that the pilot shows: to warn where it is declared, and for nothing else."""
    if claim.kind == "at_most":
        return (claim.threshold or 0.0) - value
    return value - (claim.threshold or 0.0) if claim.kind == "at_least" else metric.sign * value


def _sampled(claim: Claim, metric: Metric, cell: Cell, inferred: Inferred) -> Sampled | None:
    """The pilot as a world, for a claim about models; None where no world is known for it."""
    gap = metric.family is Family.GAP
    if claim.about == "method" or (len(cell.samples) > 1 and not gap):
        return None
    sample, design = cell.samples[0], cell.designs[0]
    base = inferred.at(Levels()).baseline.value
    if base is None and claim.kind not in THRESHOLDS:
        return None

    def value_at(effect: float) -> float:
        if claim.kind in THRESHOLDS:
            return (claim.threshold or 0.0) + (effect if claim.kind == "at_least" else -effect)
        return float(base or 0.0) + metric.sign * effect

    def world_of(effect: float) -> World:
        if gap:
            return gap_world(metric, cell.samples, cell.designs, value_at(effect))
        return world(metric, sample, design, value_at(effect))

    known = has_gap_world(metric, cell.samples, cell.designs) if gap else has_world(metric, sample, design)
    if not known:
        return None
    return Sampled(world_of, lambda alpha: judge_of(claim, metric, inferred.pair, alpha), metric.family in BY_DRAWS)


def judge_of(claim: Claim, metric: Metric, pair: Pair, alpha: float) -> Judge:
    """The procedure that will be chosen, and the rule that reads the verdict off it.

    Args:
        alpha: Error of one side at which the claim is decided.
    """
    draws = min(MOST_DRAWS, max(DRAWS, math.ceil(10 / alpha) - 1))
    level = decision_level(alpha)

    def supported(sample: Drawn, design: Design, number: int) -> bool:
        made = _inferred(metric, sample, design, InferenceOptions(0, draws, ("power", number)))
        one = Inferred(metric, {}, pair, (made,), design, Alignment(0, 0, 0.0))
        return status(claim, one.at(Levels(level, level))).status == "supported"

    return supported


def _inferred(metric: Metric, drawn: Drawn, design: Design, options: InferenceOptions) -> Inference:
    if not isinstance(drawn, Groups):
        return infer(metric, drawn, design, options)
    shared, worst = drawn.designs[0].clustered, metric.name == "worst"
    found = infer_gap(metric.compared, drawn.samples, drawn.designs, shared, options, worst=worst)
    # A verdict reads no p-value, and that of a gap takes an interval at each of many levels.
    baseline, candidate, difference = (
        replace(r, p=_unread) if isinstance(r, Inverted) else r
        for r in (found.baseline, found.candidate, found.difference)
    )
    return Inference(baseline, candidate, difference)


def _unread(null: float) -> float:
    return 1.0


def _seed_noise(claim: Claim, noise: Noise, design: Design) -> SeedNoise | None:
    """The deviation over seeds, taken back from the variance that the pilot's seeds leave."""
    baseline, candidate = len(design.baseline), len(design.candidate)
    if not noise.fixed > 0 or candidate < 2:
        return None
    alone = baseline < 2 or claim.kind in THRESHOLDS
    per = 1 / candidate if design.seeds_paired or alone else 1 / baseline + 1 / candidate
    return SeedNoise(noise.sd, math.sqrt(noise.fixed / per), alone or design.seeds_paired, noise.even)


def _clusters(
    plan: Plan, claim: Claim, name: str, pilot: Pilot, estimate: Estimate, noise: Noise
) -> ClusterPower | None:
    """The design effect: the variance beside that of the same rows as if each were a unit."""
    found = _found(claim, name, pilot.alone, pilot.setting) if pilot.alone else None
    if found is None or estimate.units < 2:
        return None
    other = noise_of(deciding(claim, found[1].at(Levels(plan.level, estimate.decision_level))))
    if other is None:
        return None
    alone = other.se(found[1].design.units) ** 2
    effect = (noise.se(estimate.units) ** 2) / alone
    units, rows, effective = estimate.units, estimate.rows, estimate.effective_units
    size, own = rows / units, rows / effective
    cv = math.sqrt(max(0.0, units / effective - 1))
    icc = icc_of(effect, own)
    if not (math.isfinite(icc) and size > 1):
        return ClusterPower(size, effect, None, None, None, cv)
    low, high = icc_bounds(min(icc, 1.0), effective, rows)
    spread = (max(1 + (own - 1) * low, 0.0), 1 + (own - 1) * high)
    return ClusterPower(size, effect, spread, icc, (low, high), cv)


def _facts(estimate: Estimate, noise: Noise, exact: Exact | None, share: float) -> tuple[tuple[str, str], ...]:
    said = [("method that will judge", estimate.method), ("standard deviation of a unit", figure(noise.sd, 3))]
    said.insert(0, ("pilot", f"{counted(estimate.rows, 'row')}, {counted(estimate.units, 'unit')}"))
    if exact is not None and exact.discordant is not None:
        said.append(("judged differently by the models", f"{exact.discordant:.2%} of the rows that count"))
    if exact is not None and exact.trials < 1:
        said.append(("rows that count", f"{exact.trials:.2%} of all"))
    if noise.fixed > 0:
        said.append(("variance left by seeds", figure(noise.fixed, 3)))
    if share < 1:
        said.append(("units in the slice", f"{share:.2%} of all"))
    return tuple(said)


def correlations(engine: Engine, plan: Plan, pilot: Pilot, progress: Progress) -> Floats | None:
    """How the claims' estimates correlate, from what leaving out each of at most 1,024 groups of units does to them.

    Returns:
        [m, m], claims in the order in which `plan_power` lists them, each estimate turned so that larger supports its
        claim. None where some estimate has no such replicates (quantiles, gaps, several seeds).
    """
    claims = [(c, n) for c in claims_of(plan) for n in candidates_of(plan, c)]
    aligned = pilot.aligned
    unit = aligned.unit if aligned.groups else aligned.keys
    if len(claims) < 2 or not unit or any(len(m.seeds) > 1 for m in aligned.models):
        return None
    progress.step("correlate", None)
    table, units, effective, _ = engine.groups(aligned.table, unit, GROUPS)
    material = replace(
        material_of(engine, aligned, request_of(plan, ()).slices),
        table=table, unit=unit, units=units, effective_units=effective, clustered=True, groups=min(units, GROUPS),
    )  # fmt: skip
    pairs = pairs_of(aligned, pilot.metrics, "model", plan.seeds_paired)
    cells = tuple(measure(material, pairs, pilot.metrics, reading_of(plan), dict(aligned.columns), progress))
    each = []
    for claim, name in claims:
        cell = _cell(claim, name, cells, pilot.setting)
        metric, differs = parse(claim.metric), claim.kind not in THRESHOLDS
        if cell is None or len(cell.samples) > 1 or metric.family is Family.GAP:
            return None
        found = moved(metric, cell.samples[0], cell.designs[0], material.groups, differs)
        if found is None:
            return None
        each.append(found * (metric.sign if differs else -1.0 if claim.kind == "at_most" else 1.0))
    return correlation(each)
