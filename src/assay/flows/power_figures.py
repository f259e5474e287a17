"""Power from figures alone, before there is a plan or a pilot: the request, its checks, and the basis that it makes."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

from assay.base.errors import MetricError, PlanError
from assay.base.numeric import check_number
from assay.flows.power_basis import Bases, Basis, Exact, check_range
from assay.judge.claims import THRESHOLDS
from assay.metrics import parse
from assay.records.comparison import MissingPolicy
from assay.records.metric import Family, Metric
from assay.records.plan import Claim, ClaimKind, DataSpec, Looks, ModelSpec, Plan, Spending
from assay.records.power import ClusterPower
from assay.stats.power import Noise
from assay.stats.power_auc import binormal_difference, binormal_sd
from assay.stats.power_clusters import Clusters, design_effect
from assay.stats.power_proportions import one_proportion, paired_proportions
from assay.stats.power_seeds import Costs, SeedNoise
from assay.stats.power_simulation import SAMPLES
from assay.stats.special import ndtri

COSTS = ("cost_seed", "cost_unit", "cost_each")
OBSERVED = ("observed", "pilot", "estimated", "measured")


@dataclass(frozen=True, slots=True)
class PowerRequest:
    """What `assay power` asks; the same for CLI and SDK.

    Attributes:
        metric: In the notation of metrics.
        effect: The least improvement worth detecting; for a threshold how far beyond it the candidate is.
        kind: The kind of claim.
        margin: Of `better`, `not_worse` and `equivalent`.
        bound: The threshold of `at_least` and `at_most`.
        files: A pilot: paths, or tables in memory, as `compare` takes them; its columns are named by `baseline` to
            `query`.
        value: The baseline's value expected.
        discordant: Share of rows that the two models judge differently.
        sd: Standard deviation of one row's difference.
        positives: Share of the positive class.
        correlation: Of the two models' scores within a class.
        icc: Correlation of rows of one unit; with `rows_per_unit` and `size_cv`, the coefficient of variation of sizes.
        slices: Number of slices judged beside each other (Bonferroni); `share` is that of the units in this one.
        slice: Column and value that restrict the claim, with a pilot.
        seed_sd: Standard deviation of the metric over training seeds; the claim is then about the method.
        seeds: Training seeds of each model.
        costs: What a seed of every model costs, what a unit costs, and what a unit judged with one seed costs.
        budget: In the same currency.
        units: Units planned.
        looks: Number of planned looks.
    """

    metric: str = ""
    effect: float | str | None = None
    kind: ClaimKind = "better"
    margin: float | None = None
    bound: float | None = None
    files: Sequence[Any] = ()
    baseline: str = ""
    candidates: Sequence[str] = ()
    on: Sequence[str] = ()
    target: str = ""
    unit: str = ""
    scores: Sequence[str] = ()
    positive: Any = None
    threshold: float | None = None
    labels: Sequence[Any] = ()
    seed_column: str = ""
    missing: MissingPolicy = "refuse"
    query: str = ""
    slice: str = ""
    value: float | None = None
    discordant: float | None = None
    sd: float | None = None
    positives: float | None = None
    correlation: float = 0.5
    icc: float | None = None
    rows_per_unit: float = 1.0
    size_cv: float = 0.0
    slices: int = 1
    share: float = 1.0
    seed_sd: float | None = None
    seeds: int | None = None
    costs: tuple[float, float, float] | None = None
    budget: float | None = None
    units: int | None = None
    looks: int = 1
    spending: Spending = "obrien-fleming"
    level: float = 0.95
    power: float = 0.8
    simulate: bool = False
    samples: int = SAMPLES
    seed: int = 0


def request_from(given: Mapping[str, Any]) -> PowerRequest:
    """A request from options by name, as CLI and SDK take them.

    Raises:
        PlanError: an option that is not known, or options that contradict each other.
    """
    left = {k: v for k, v in given.items() if v is not None}
    bounds, kind = {k: left.pop(k) for k in THRESHOLDS if k in left}, left.pop("kind", None)
    if len(bounds) + (kind is not None) > 1:
        said = " and ".join([*([f"kind {kind}"] if kind else []), *(f"{k} {v}" for k, v in bounds.items())])
        raise PlanError(f"one claim is {said}", rule="a claim is of one kind", fix="--at-least 0.9 alone")
    named: Any = next(iter(bounds), kind or "better")
    costs = {k: left.pop(k) for k in COSTS if k in left}
    if "cost_seed" in costs or "cost_unit" in costs:
        left["costs"] = tuple(float(costs.get(k, 0.0)) for k in COSTS)
    left |= {"slice": left.pop("slice_")} if "slice_" in left else {}
    known = {f.name for f in fields(PowerRequest)} - {"kind", "bound"}
    for name in (n for n in left if n not in known):
        options = [*(known - {"costs", "files"}), *COSTS, *THRESHOLDS, "kind"]
        near = difflib.get_close_matches(name, options, n=1)
        raise PlanError(
            f"power has no option {name!r}",
            rule=f"its options: {', '.join(sorted(options))}",
            fix=f"did you mean {near[0]!r}?" if near else "leave it out",
        )
    kinds = {f.name: str(f.type).split(" ")[0] for f in fields(PowerRequest)} | dict.fromkeys(THRESHOLDS, "float")
    for name, value in (*left.items(), *bounds.items()):
        if kinds[name] in ("int", "float") and (name, type(value)) != ("effect", str):
            check_number(name, value, kinds[name] == "int")
    return PowerRequest(**left, kind=named, bound=next(iter(bounds.values()), None))


def check_request(request: PowerRequest) -> None:
    """Refuse what no plan could be made of.

    Raises:
        AssayError: what is wrong, the rule and the next step.
    """
    if not request.metric:
        raise MetricError("no metric is named", rule="what is claimed is said, never guessed", fix="--metric accuracy")
    effect_of(request)
    _between("level", request.level, 0.5, 1, "--level 0.95")
    _between("power", request.power, 0, 1, "--power 0.8")
    _between("share of the units in the slice", request.share, 0, 1, "--share 0.1", closed=True)
    if request.units is not None and request.units < 2:
        raise PlanError(f"units is {request.units}", rule="2 or more", fix="--units 1000")
    if request.slices < 1:
        raise PlanError(f"{request.slices} slices are judged", rule="1 or more", fix="--slices 5")
    if not 1 <= request.looks <= 20:
        raise PlanError(f"{request.looks} looks are planned", rule="from 1 to 20", fix="--looks 3")
    if request.kind not in get_args(ClaimKind):
        raise PlanError(
            f"the kind is {request.kind!r}", rule=f"it is one of {', '.join(get_args(ClaimKind))}", fix="--kind better"
        )
    _check_bound(request)
    if (request.budget is None) != (request.costs is None):
        raise PlanError(
            "a budget and no costs" if request.costs is None else "costs and no budget",
            rule="seeds and units are weighed by what each costs, under a budget",
            fix="--budget 2000 --cost-seed 100 --cost-unit 0.5",
        )
    _check_unread(request)


PILOTED = ("value", "discordant", "sd", "positives", "icc", "seed_sd", "seeds")
"""Figures that a pilot tells."""
COLUMNS = ("baseline", "candidates", "on", "target", "unit", "scores", "seed_column", "query", "slice", "labels")
"""What says how a pilot is read."""


def _check_unread(request: PowerRequest) -> None:
    """Refuse what would be left unread: a figure that is not used is a question that is not answered."""
    names = PILOTED if request.files else COLUMNS
    given = [name for name in names if getattr(request, name) not in (None, "", (), [])]
    if given:
        raise PlanError(
            f"{' and '.join(given)} {'beside a pilot' if request.files else 'without a pilot'}",
            rule="power rests on figures, or on a pilot that tells them",
            fix=f"leave {'it' if len(given) == 1 else 'them'} out, or the pilot" if request.files else "name its files",
        )
    varies = request.seed_sd is not None or bool(request.seed_column)
    if not varies and (request.seeds is not None or request.budget is not None):
        raise PlanError(
            f"{'seeds' if request.budget is None else 'a budget'} and no deviation over seeds",
            rule="seeds matter to a claim about a method, by how much the metric varies over them",
            fix="--seed-sd 0.01, or a pilot with --seed-column",
        )
    if request.size_cv and request.rows_per_unit == 1:
        raise PlanError(
            f"sizes of units vary by {request.size_cv:g}, and a unit has one row",
            rule="units of one row are all of one size",
            fix="--rows-per-unit 10 --icc 0.05",
        )


def effect_of(request: PowerRequest) -> float:
    """The declared effect.

    Raises:
        PlanError: none, or the one that a pilot shows.
    """
    given = request.effect
    if given is None or str(given).strip().lower() in OBSERVED:
        raise PlanError(
            "no effect is declared" if given is None else f"the effect is the {given} one",
            rule="power is reckoned at the least effect worth detecting: at an observed effect it only says the p-value"
            " again (Hoenig & Heisey 2001), and topping up to it errs twice as often",
            fix="--effect 0.01, in the metric's unit",
        )
    try:
        effect = float(given)
    except ValueError:
        effect = math.nan
    if not math.isfinite(effect):
        raise PlanError(f"the effect is {given!r}", rule="a number in the metric's unit", fix="--effect 0.01")
    return effect


def figured_plan(request: PowerRequest, baseline: str, candidates: tuple[str, ...]) -> Plan:
    """The request as a plan of one claim."""
    claim = Claim(
        name=request.metric,
        metric=request.metric,
        kind=request.kind,
        margin=request.margin,
        threshold=request.bound,
        slice=_slice(request.slice),
        about="method" if request.seed_column or request.seed_sd is not None else "model",
        minimal_effect=effect_of(request),
        alpha=(1 - request.level) / 2 / request.slices,
    )
    data = DataSpec(
        name="pilot",
        id=tuple(request.on),
        target=request.target,
        unit=request.unit,
        positive=request.positive,
        labels=tuple(request.labels),
        threshold=request.threshold,
        seed=request.seed_column,
        query=request.query,
    )
    return Plan(
        name="",
        question="",
        hypothesis="",
        owner="",
        data=data,
        baseline=ModelSpec(baseline, ""),
        candidates=tuple(ModelSpec(name, "") for name in candidates),
        claims=(claim,),
        level=request.level,
        power=request.power,
        looks=Looks(request.looks, request.units, request.spending),
        missing=request.missing,
        seed=request.seed,
    )


def figured_bases(request: PowerRequest, plan: Plan) -> Bases:
    """What the figures say of the claim."""
    claim, metric = plan.claims[0], parse(request.metric)
    check_range(claim, metric, request.value)
    basis = _basis(request, claim, metric)
    return {(claim.name, c.name): replace(basis, share=request.share) for c in plan.candidates}


def costs_of(request: PowerRequest) -> Costs | None:
    """The costs as a record."""
    return None if request.costs is None else Costs(*request.costs)


def _basis(request: PowerRequest, claim: Claim, metric: Metric) -> Basis:
    one, exact, method, facts = _row_noise(request, claim, metric)
    clusters = None
    if request.icc is not None or request.rows_per_unit != 1:
        if request.icc is None:
            raise PlanError(
                f"{request.rows_per_unit:g} rows a unit, and no intraclass correlation",
                rule="rows of one unit are never independent",
                fix="--icc 0.05, from a pilot: assay power PILOT --unit COLUMN",
            )
        held = Clusters(request.rows_per_unit, request.icc, request.size_cv)
        effect = design_effect(held.size, held.icc, held.cv)
        clusters = ClusterPower(held.size, effect, None, held.icc, None, held.cv)
        null = None if one.null_sd is None else held.noise(one.null_sd).sd
        one, exact, method = replace(held.noise(one.sd), null_sd=null), None, "jackknife"
        facts = (*facts, ("rows of a unit", f"{held.size:g}"), ("intraclass correlation", f"{held.icc:g}"))
    even = one.even
    each = {"units": 1.0, "effective_units": even, "effective_groups": even, "rows": request.rows_per_unit}
    each["trials"] = request.rows_per_unit
    if request.positives is not None:
        positives = request.positives * request.rows_per_unit
        each |= {"positives": positives, "negatives": request.rows_per_unit - positives}
    if request.seed_sd is None:
        return Basis(one, method=method, per_unit=each, exact=exact, clusters=clusters, facts=facts)
    return _with_seeds(request, claim, Basis(one, method=method, per_unit=each, clusters=clusters, facts=facts))


def _with_seeds(request: PowerRequest, claim: Claim, basis: Basis) -> Basis:
    noise, seed_sd = basis.noise or Noise(1.0), request.seed_sd or 0.0
    if not 0 < seed_sd < math.inf:
        raise PlanError(f"the deviation over seeds is {seed_sd:g}", rule="it is above 0", fix="--seed-sd 0.01")
    # Against a threshold the candidate's seeds alone vary.
    held = SeedNoise(noise.sd, seed_sd, claim.kind in THRESHOLDS, noise.even)
    seeds = held.least if request.seeds is None else request.seeds
    if seeds < held.least:
        raise PlanError(
            f"seeds is {seeds}",
            rule=f"with fewer than {held.least} seeds no claim about a method is supported",
            fix=f"--seeds {held.least}",
        )
    facts = (*basis.facts, ("standard deviation over seeds", f"{seed_sd:g}"), ("seeds of each model", str(seeds)))
    return replace(basis, noise=held.at(seeds), seed_noise=held, facts=facts, method="seeds-satterthwaite")


def _row_noise(
    request: PowerRequest, claim: Claim, metric: Metric
) -> tuple[Noise, Exact | None, str, tuple[tuple[str, str], ...]]:
    effect, threshold = claim.minimal_effect or 0.0, claim.kind in THRESHOLDS
    value = request.bound if threshold else request.value
    away = effect if claim.kind == "at_least" else -effect
    if request.sd is not None:
        if not (request.sd > 0 and math.isfinite(request.sd)):
            raise PlanError(f"standard deviation is {request.sd:g}", rule="it is positive", fix="give one from a pilot")
        return Noise(request.sd, small=True), None, "t", (("standard deviation of a row", f"{request.sd:g}"),)
    if metric.family is Family.PROPORTION and threshold and value is not None:
        share = value + away
        if not (0 < value < 1 and 0 <= share <= 1):
            raise PlanError(f"a threshold of {value:g}", rule="strictly between 0 and 1", fix="--at-least 0.9")
        noise = one_proportion(min(max(share, 1e-9), 1 - 1e-9), value)
        return noise, Exact(None), "wilson", (("true share", f"{share:g}"),)
    if metric.family is Family.PROPORTION and request.discordant is not None:
        noise = paired_proportions(request.discordant, effect)
        return noise, Exact(request.discordant), "tango", (("judged differently", f"{request.discordant:g}"),)
    if metric.family is Family.RANK and value is not None and request.positives is not None:
        facts = (("AUC", f"{value:g}"), ("share of positives", f"{request.positives:g}"))
        if threshold:
            noise = Noise(binormal_sd(value + away, request.positives), null_sd=binormal_sd(value, request.positives))
            return noise, None, "delong", facts
        curves = [(math.sqrt(2) * float(ndtri(_inside(v))), 1.0) for v in (value, value + effect)]
        both = (request.correlation, request.correlation)
        noise = binormal_difference(curves[0], curves[1], request.positives, both)
        return noise, None, "delong-paired", (*facts, ("correlation of scores", f"{request.correlation:g}"))
    raise PlanError(
        f"nothing is known of the variance of {metric.label}",
        rule="power needs to know how units differ",
        fix=_wanting(metric, threshold),
    )


def _wanting(metric: Metric, threshold: bool) -> str:
    pilot = "a pilot: assay power BASELINE CANDIDATE --on COLUMN --target COLUMN"
    if metric.family is Family.PROPORTION and not threshold:
        return f"--discordant 0.1, the share of rows that the models judge differently, or {pilot}"
    if metric.family is Family.RANK:
        return f"--value 0.8 --positives 0.3, or {pilot}"
    return f"--sd, of one row's difference, or {pilot}"


def _check_bound(request: PowerRequest) -> None:
    threshold = request.kind in THRESHOLDS
    if threshold and (request.bound is None or not math.isfinite(request.bound)):
        option = f"--{request.kind.replace('_', '-')} 0.9"
        raise PlanError(
            f"{request.kind} what is not said", rule="it needs a threshold, in the metric's unit", fix=option
        )
    needed = request.kind in ("not_worse", "equivalent")
    if (request.margin is None and needed) or (request.margin is not None and not 0 <= request.margin < math.inf):
        raise PlanError(
            f"the margin of {request.kind} is {request.margin}",
            rule="a margin of 0 or more, in the metric's unit" + (", above 0 for equivalent" if needed else ""),
            fix="--margin 0.01",
        )
    if request.kind == "equivalent" and request.margin == 0:
        raise PlanError(
            "the margin of equivalent is 0", rule="above 0: nothing is exactly the same", fix="--margin 0.01"
        )


def _between(name: str, value: float, low: float, high: float, fix: str, closed: bool = False) -> None:
    if not (low < value < high or (closed and value == high)):
        raise PlanError(f"the {name} is {value:g}", rule=f"it lies between {low:g} and {high:g}", fix=fix)


def _inside(share: float) -> float:
    if not 0 < share < 1:
        raise PlanError(f"the AUC is {share:g}", rule="between 0 and 1: a perfect ranking has no variance", fix="0.8")
    return share


def _slice(text: str) -> dict[str, str | int | float | bool | None]:
    if not text:
        return {}
    column, sign, value = text.partition("=")
    if not (sign and column and value):
        raise PlanError(f"the slice is {text!r}", rule="a column and its value", fix="--slice region=north")
    return {column: value}
