"""Cells and a frozen plan become verdicts and a recommendation: a pure function, so that it can be checked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.evaluate.flips import Flips
from assay.evaluate.request import Cell
from assay.flows.compare import left_out_warnings, unread_warnings
from assay.flows.contributions import contributions, parted
from assay.flows.curves import curves_of_cells
from assay.flows.estimates import Inferred, Levels, Setting, infer_cell
from assay.flows.looks import Sitting, closing, final_alpha, monitored, spend
from assay.flows.reading import claims_of, same_slice
from assay.judge.claims import status, verdict
from assay.judge.levels import claim_alphas, decision_level
from assay.judge.policy import recommend
from assay.metrics import parse
from assay.records.comparison import Comparison, ComparisonSet, Examples, InputFile
from assay.records.looks import Monitored, Past
from assay.records.plan import Claim, Plan
from assay.records.verdict import Judgement, LookState, Recommendation, Verdict

WITHHELD = "numbers are withheld: the plan releases the verdict only"


@dataclass(frozen=True, slots=True)
class Case:
    """All that a judgement follows from.

    Attributes:
        fractions: Units of each look so far over those planned, this one last; (1.0,) for a single look.
        seeds: Seeds of each model, by name.
        stop_rules_met: The plan's stop rules that a person has found to be met, in the plan's words.
        past: What earlier looks have shown; None for a single look, and where the version that judged kept none.
        runs: Model -> seed -> the run that its predictions come from; of models whose predictions runs keep.
        reproduced: Claim and candidate of verdicts that were reproduced, where the plan demands it.
    """

    plan: Plan
    plan_digest: str
    cells: tuple[Cell, ...]
    setting: Setting
    look: LookState
    fractions: tuple[float, ...]
    seeds: dict[str, int]
    inputs: tuple[InputFile, ...] = ()
    flips: Flips = field(default_factory=Flips)
    stop_rules_met: tuple[str, ...] = ()
    past: Past | None = None
    runs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reproduced: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A judgement and every comparison behind it."""

    judgement: Judgement
    results: ComparisonSet

    def to_json(self) -> dict[str, Any]:
        """The content of `judgement.json`."""
        looks = self.judgement.monitored
        return {
            **({"looks": list(looks)} if looks else {}),
            **({"ablations": [c.to_json() for c in self.judgement.ablations]} if self.judgement.ablations else {}),
            "type": "judgement",
            "schema": 1,
            "plan": self.judgement.plan_digest,
            "look": self.judgement.look,
            "recommendations": [_recommendation(r) for r in self.judgement.recommendations],
            "slices": [c.to_json() for c in self.judgement.slices],
            "comparisons": [c.to_json() for c in self.results.comparisons],
            "warnings": list(self.judgement.warnings),
        }


def conclude(case: Case, progress: Progress | None = None) -> Conclusion:
    """Judge every candidate.

    Args:
        progress: Hears of each cell, a metric of two models on all rows or a slice.

    Raises:
        AssayError: a plan that cannot be judged.
    """
    cells, without = parted(case.plan, case.cells)
    made = contributions(case.plan, without, case.setting)
    case = replace(case, cells=cells)
    claimed, overall, slices = _infer(case, progress or Silent())
    each = [_candidate(case, m.name, claimed) for m in case.plan.candidates]
    recommendations = tuple(recommendation for recommendation, _ in each)
    ended = all(r.action != "hold" for r in recommendations) or closing(case.plan, case.fractions)
    looks = _monitored(case, each, claimed, ended) if case.past is not None else ()
    judgement = Judgement(case.plan_digest, recommendations, tuple(slices), case.look, _warnings(case), looks, made)
    results = ComparisonSet(
        VERSION,
        case.plan.seed,
        case.inputs,
        tuple(overall),
        judgement.warnings,
        case.flips.won,
        case.flips.lost,
        {**(case.flips.notes or {}), **_whence(case)},
        curves_of_cells(case.cells, case.plan.level),
        tuple(Examples(name, f.won, f.lost, f.notes or {}) for name, f in case.flips.more.items()),
    )
    return Conclusion(judgement, results)


def _whence(case: Case) -> dict[str, Any]:
    """The unit's column, seeds of each model, and the run of each seed."""
    return {"unit": case.plan.data.unit, "seeds": dict(case.seeds), "runs": case.runs}


def released(conclusion: Conclusion, plan: Plan) -> Conclusion:
    """What the plan lets its makers see: everything, or statuses and the recommendation without a number.

    A look is only not adapted to when its numbers were not shown; the evidence keeps them.
    """
    if plan.reuse.release == "full":
        return conclusion
    shown = tuple(_numberless(r) for r in conclusion.judgement.recommendations)
    judgement = replace(conclusion.judgement, recommendations=shown, slices=(), monitored=(), ablations=())
    notes = {"unit": plan.data.unit}
    return Conclusion(
        judgement, replace(conclusion.results, comparisons=(), won=(), lost=(), notes=notes, curves=(), others=())
    )


def _numberless(r: Recommendation) -> Recommendation:
    verdicts = tuple(replace(v, reason=WITHHELD, comparison=None, units_needed=None) for v in r.verdicts)
    said = ", ".join(f"{v.claim.name} {v.status}" for v in verdicts)
    return replace(r, why=f"{said}; {WITHHELD}", verdicts=verdicts)


Claimed = dict[tuple[str, str], Inferred]
"""(claim, candidate) -> what it is judged on."""


def _infer(case: Case, progress: Progress) -> tuple[Claimed, list[Comparison], list[Comparison]]:
    """Infer every cell once for each thing that claims on its metrics are about; keep only what claims need.

    Returns:
        What each claim is judged on; comparisons of all rows; those of slices, whose level all slices of one metric
        and candidate share.
    """
    plan, level = case.plan, case.plan.level
    best_at = float(plan.looks.units or 2) if plan.looks.any_number else None
    abouts = _abouts(plan)
    family = Counter((m.label, c.pair.candidate.name) for c in case.cells if c.columns for m in c.metrics)
    claimed: Claimed = {}
    overall: list[Comparison] = []
    slices: list[Comparison] = []
    progress.step("infer", len(case.cells))
    for cell in case.cells:
        for about in dict.fromkeys(a for m in cell.metrics for a in abouts[m.label]):
            for i in infer_cell(_with(cell, about), case.setting, best_at):
                _claim(plan, i, about, claimed)
                if about != abouts[i.metric.label][0]:
                    continue
                if i.where:
                    share = family[i.metric.label, i.pair.candidate.name]
                    slices.append(i.at(Levels(level, decision_level((1 - level) / 2 / share))))
                else:
                    overall.append(i.at(Levels(level, level)))
        progress.advance()
    return claimed, overall, slices


def _abouts(plan: Plan) -> dict[str, list[str]]:
    """What the claims on each metric are about; the first is what is shown besides."""
    found: dict[str, list[str]] = {}
    for claim in claims_of(plan):
        held = found.setdefault(parse(claim.metric).label, [])
        if claim.about not in held:
            held.append(claim.about)
    return found


def _with(cell: Cell, about: str) -> Cell:
    """The cell with the design of claims about a model or a method."""
    whole = replace(cell.whole, about=about) if cell.whole else None
    return replace(cell, designs=tuple(replace(d, about=about) for d in cell.designs), whole=whole)


def _claim(plan: Plan, inferred: Inferred, about: str, claimed: Claimed) -> None:
    candidate = inferred.pair.candidate.name
    for claim in claims_of(plan):
        alike = claim.about == about and parse(claim.metric).label == inferred.metric.label
        if alike and claim.candidate in ("", candidate) and same_slice(claim.slice, dict(inferred.where)):
            claimed[claim.name, candidate] = inferred


def _monitored(
    case: Case, each: Sequence[tuple[Recommendation, dict[str, float]]], claimed: Claimed, ended: bool
) -> tuple[Monitored, ...]:
    """Where every claim stands after this look."""
    sitting = Sitting(case.plan, case.fractions, case.past or {}, ended)
    return tuple(
        monitored(sitting, v, claimed.get((v.claim.name, v.candidate)), whole[v.claim.name])
        for recommendation, whole in each
        for v in recommendation.verdicts
    )


def _candidate(case: Case, name: str, claimed: Claimed) -> tuple[Recommendation, dict[str, float]]:
    """The recommendation on a candidate, and the error of one side that each claim has over all looks."""
    plan = case.plan
    claims = {c.name: c for c in claims_of(plan) if c.candidate in ("", name)}

    def at(claim: Claim, alpha: float) -> Comparison | None:
        evidence = claimed.get((claim.name, name))
        return evidence.at(Levels(plan.level, decision_level(alpha), _null(claim))) if evidence else None

    def supports(claim_name: str, alpha: float) -> bool:
        claim = claims[claim_name]
        return status(claim, at(claim, alpha)).status == "supported"

    whole: dict[float, float] = {}

    def spends(alpha: float) -> float:
        share = spend(plan, case.fractions, alpha)
        whole[share] = alpha
        return share

    alphas = claim_alphas(plan, list(claims.values()), supports, spends)
    verdicts: list[Verdict] = [
        verdict(c, name, at(c, alphas[c.name]), plan.power, final_alpha(plan, case.fractions, whole[alphas[c.name]]))
        for c in claims.values()
    ]
    # What was judged before all information could end the looks holds as it was judged.
    ends = case.past is not None and closing(plan, case.fractions)
    reproduced = [claim for claim, candidate in case.reproduced if candidate == name]
    advice = recommend(verdicts, plan, case.look, case.stop_rules_met, ends, reproduced)
    return replace(advice, candidate=name), {c: whole[alpha] for c, alpha in alphas.items()}


def _null(claim: Claim) -> float:
    """The value that the claim's p-value is against, in the metric's unit."""
    sign = parse(claim.metric).sign
    return {"better": 1.0, "not_worse": -1.0}.get(claim.kind, 0.0) * sign * (claim.margin or 0.0) + 0.0


def _warnings(case: Case) -> tuple[str, ...]:
    warnings = [*left_out_warnings(case.setting.counts), *unread_warnings(_read_by(case))]
    few = {n: s for n, s in case.seeds.items() if 1 < s < 3}
    warnings += [
        f"{name} has {seeds} seeds: three or more show how much training varies" for name, seeds in few.items()
    ]
    return tuple(warnings)


def _read_by(case: Case) -> dict[tuple[int, int], list[str]]:
    """Queries that were compared and those that a metric of ranked lists reads, with the metrics."""
    read: dict[tuple[int, int], list[str]] = {}
    for cell in case.cells:
        rows = case.setting.counts[cell.pair.candidate.name].rows
        labels = [m.label for m in cell.metrics if m.reads == "ranking" and not cell.columns]
        if labels and not cell.groups:
            read.setdefault((rows, cell.designs[0].rows), []).extend(labels)
    return read


def _recommendation(r: Recommendation) -> dict[str, Any]:
    return {"candidate": r.candidate, "action": r.action, "why": r.why, "verdicts": [_verdict(v) for v in r.verdicts]}


def _verdict(v: Verdict) -> dict[str, Any]:
    return {
        "claim": v.claim.name,
        "candidate": v.candidate,
        "status": v.status,
        "reason": v.reason,
        "units_needed": v.units_needed,
        "comparison": v.comparison.to_json() if v.comparison else None,
    }
