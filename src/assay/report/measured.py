"""How it was measured, on what, where it ends, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.base.wording import counted, figure, level
from assay.records.comparison import Comparison, ComparisonSet
from assay.records.plan import Plan
from assay.records.verdict import Judgement, LookState
from assay.report.blocks import Block, Column, Facts, Inline, Items, Span, Table
from assay.report.effects import interval_name, p_title, size_words
from assay.report.numbers import count, p_value
from assay.report.words import capital, metric_name, slice_words

MISSING = {
    "refuse": "rows that one side lacks are refused",
    "exclude": "rows that one side lacks are left out",
    "failure": "rows that one side lacks count as failures",
    "bounds": "rows that one side lacks are bounded by best and worst case",
}


def method_table(named: Sequence[tuple[str, Comparison]]) -> Table:
    """The method of each comparison, with why it was chosen."""
    columns = (
        Column("Comparison"),
        Column("Method"),
        Column("Deciding interval"),
        Column("p, unadjusted" if p_title(c.difference for _, c in named) != "p" else "p", True),
        Column("Effective units", True),
    )
    rows = tuple(
        (
            name,
            (Span(c.difference.method, "code"), Span(_why(c), "sub")),
            interval_name(c.difference),
            p_value(c.difference.p_value),
            count(c.alignment.effective_units),
        )
        for name, c in named
    )
    return Table(columns, rows, "")


def _why(comparison: Comparison) -> str:
    difference = comparison.difference
    parts = [difference.reason]
    if not difference.exact:
        parts.append("approximate")
    if difference.monte_carlo_error is not None:
        parts.append(f"Monte Carlo error {figure(difference.monte_carlo_error, 2)}")
    return "; ".join(part for part in parts if part)


def plan_facts(plan: Plan, results: ComparisonSet, look: LookState) -> Facts:
    """The design that the plan fixed before the data was read."""
    data = plan.data
    rows = "each row" if not data.unit else f"{data.unit}: rows that share one are not independent"
    family = (
        "all of the primary claims have to hold, each at its level"
        if plan.decide == "all-of"
        else ("one of the primary claims is enough, Holm-adjusted")
    )
    pairs: list[tuple[str, Inline]] = [
        ("Data", "; ".join(part for part in (data.name, data.population) if part)),
        ("Split", data.split),
        ("Unit", rows),
        ("Slices", ", ".join(data.slices)),
        ("Family", family),
        ("Level", _level(plan, look)),
        ("Looks", _looks(look)),
        ("Seeds", f"{_seeds(plan)}; analysis seed {results.seed}"),
        ("Missing rows", MISSING[plan.missing]),
        ("Milestones", "; ".join(f"{m.date}: {m.what}" for m in plan.milestones)),
        ("Baseline", _model(plan.baseline.name, plan.baseline.why)),
        *(("Candidate", _model(c.name, c.why)) for c in plan.candidates),
    ]
    return Facts(tuple((name, text) for name, text in pairs if text))


def _seeds(plan: Plan) -> str:
    """Training seeds; a single one says nothing of the way of training."""
    said = f"{counted(plan.seeds, 'training seed')} a model"
    return f"{said}: of the way of training it is anecdotal" if plan.seeds == 1 else said


def _model(name: str, why: str) -> str:
    return f"{name}: {why}" if why else name


def _level(plan: Plan, look: LookState) -> str:
    """The error of each side after reuse; of several looks this one spends a part, which its interval shows."""
    spent = f", shared by {look.planned} looks ({plan.looks.spending})" if look.planned > 1 else ""
    spent = ", at every moment together" if plan.looks.any_number else spent
    return f"{level(plan.level)}; an error of {figure(look.alpha)} on each side for each candidate{spent}"


def _looks(look: LookState) -> str:
    reading = f"look {look.look} of {look.planned} planned" if look.planned else f"look {look.look} of any number"
    return f"{reading}; {look.candidates_read} of {look.candidates_allowed} candidates read before on this data version"


def alignment_facts(results: ComparisonSet, unit: str = "") -> Facts:
    """What pairing found, over all data of the first comparison."""
    pairs: list[tuple[str, Inline]] = [
        (i.name, (f"{counted(i.rows, 'row')}, ", Span(i.digest, "code"))) for i in results.inputs
    ]
    whole = next((c for c in results.comparisons if not c.slice), None)
    if whole is not None:
        n = whole.alignment
        found = {
            "dropped": n.dropped,
            "missing in the baseline": n.missing_in_baseline,
            "missing in the candidate": n.missing_in_candidate,
            "duplicate": n.duplicates,
            "unscored": n.unscored,
            _filled(results): n.imputed,
        }
        left = ", ".join(f"{count(k)} {what}" for what, k in found.items() if k) or "every row paired"
        pairs.append(("Aligned", f"{size_words(n, unit)}; {left}"))
    return Facts(tuple(pairs))


def _filled(results: ComparisonSet) -> str:
    """What was done with rows that one side lacks and that are kept, as the missingness policy says."""
    bounded = any("bounds" in c.difference.diagnostics for c in results.comparisons)
    return "taken at their worst and at their best (a value shown is the middle)" if bounded else "counted as failures"


def limit_blocks(judgement: Judgement | None, results: ComparisonSet) -> list[Block]:
    """Where the evidence ends: warnings, methods outside their domain."""
    items: list[Inline] = []
    compared = [*results.comparisons]
    if judgement is not None:
        compared += [
            *judgement.slices,
            *(v.comparison for r in judgement.recommendations for v in r.verdicts if v.comparison),
        ]
        items += judgement.warnings
    items += [w for w in results.warnings if w not in items]
    outside = {
        c.difference.domain or c.difference.method: None
        for c in compared
        if not c.difference.inside_domain and not c.slice
    }
    items += [(Span("Outside the method's domain", "strong"), f": {domain}") for domain in outside]
    sliced = {(slice_words(c.slice)) for c in compared if not c.difference.inside_domain and c.slice}
    if sliced:
        are = "slices are" if len(sliced) > 1 else "slice is"
        items.append(
            f"{len(sliced)} {are} outside the domain of the method (most often too small); "
            f"nothing can be claimed of {'them' if len(sliced) > 1 else 'it'}."
        )
    if not items:
        items.append(
            "No warning was raised. The result holds for this population, period and way of measuring, not beyond."
        )
    return [Items(tuple(items))]


def provenance_facts(plan: Plan | None, digest: str, provenance: Mapping[str, str], version: str) -> Facts:
    """Digests, versions, and the plan's line of descent; what the plan says itself is not said again."""
    pairs: list[tuple[str, Inline]] = [("Assay", version)]
    if plan is not None:
        pairs.append(("Plan", f"{plan.name}, version {plan.version}"))
    if digest:
        pairs.append(("Plan digest", Span(digest, "code")))
    if plan is not None and plan.parent:
        pairs += [("Plan before it", Span(plan.parent, "code")), ("Deviation", plan.deviation)]
    # What a deviation changed stands with its reason, at the top.
    said = {"changed", *(name.lower() for name, _ in pairs)}
    more = {name: value for name, value in provenance.items() if name.lower() not in said}
    pairs += [(capital(name), Span(value, "code") if _code_like(value) else value) for name, value in more.items()]
    return Facts(tuple(pairs))


def _code_like(value: Any) -> bool:
    return isinstance(value, str) and ":" in value and " " not in value


def named_comparisons(comparisons: Sequence[Comparison]) -> list[tuple[str, Comparison]]:
    """Comparisons over all data with a name that tells them apart."""
    several = len({c.candidate_name for c in comparisons}) > 1
    whole = [c for c in comparisons if not c.slice] or list(comparisons[:1])
    return [(f"{metric_name(c.metric)}, {c.candidate_name}" if several else metric_name(c.metric), c) for c in whole]
