"""The decision memo: its first page is what somebody who did not build the model can act on, the rest is reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.records.comparison import ComparisonSet
from assay.records.plan import Plan
from assay.records.verdict import Judgement, LookState, Recommendation, Verdict
from assay.report.beside import margin_posteriors
from assay.report.blocks import Banner, Block, Callout, Details, Document, Heading, Paragraph, Span
from assay.report.claims import claims_figure, claims_table, reasons, what_would_change
from assay.report.components import variance_blocks
from assay.report.contributions import contribution_blocks, contributions_of
from assay.report.curves import curve_blocks
from assay.report.effects import claim_effect, unit_named
from assay.report.examples import flip_blocks
from assay.report.looks import looks_blocks
from assay.report.measured import (
    alignment_facts,
    limit_blocks,
    method_table,
    plan_facts,
    provenance_facts,
)
from assay.report.page import comparison_page
from assay.report.slices import slice_blocks
from assay.report.suspicion import of_verdicts, suspicion_blocks
from assay.report.sweep import coverage_block, matrix_of
from assay.report.words import ACTION_MEANING, ACTION_TONE, capital, ordinal

__all__ = ["comparison_page", "decision_memo"]


def decision_memo(
    plan: Plan | None, judgement: Judgement, results: ComparisonSet, provenance: Mapping[str, str]
) -> Document:
    """The memo: recommendation first, provenance last.

    Args:
        plan: The frozen plan, or None where the judgement stands alone.
        judgement: Verdicts, recommendations and slices.
        results: The evidence: inputs, flips, warnings.
        provenance: Further names and digests to print at the end, in this order.
    """
    several = len(judgement.recommendations) > 1
    unit = plan.data.unit if plan is not None else unit_named(results)
    blocks: list[Block] = _opening(plan, judgement, provenance)
    for recommendation in judgement.recommendations:
        blocks += _candidate(plan, recommendation, several, unit)
    parts = contributions_of(plan, judgement, results) if plan is not None else None
    if parts is not None:
        blocks += [Heading("What each component contributes"), *contribution_blocks(parts)]
    if judgement.slices:
        blocks += [Heading("Slices, worst first"), *_for_looks(judgement.look)]
        blocks += slice_blocks(judgement.slices, several)
    if results.curves:
        blocks += [Heading("Curves"), *curve_blocks(results.curves)]
    blocks += looks_blocks(plan, judgement)
    blocks += [Heading("Examples won and lost"), *flip_blocks(results)]
    blocks += [Heading("How it was measured"), *_measured(plan, judgement, results)]
    blocks += [Heading("Limits"), *limit_blocks(judgement, results)]
    facts = provenance_facts(plan, judgement.plan_digest, provenance, results.version)
    blocks += [Heading("Provenance"), alignment_facts(results, unit), facts]
    return Document(_title(plan), tuple(blocks))


def _for_looks(look: LookState) -> list[Block]:
    """Where claims share their error between looks, that slices do not."""
    if look.planned == 1:
        return []
    said = (
        f"Claims are read at the level that is left to look {look.look} of {look.planned}; slices are adjusted for how "
        "many there are, and not for the looks: they show where to look closer, and decide nothing."
    )
    if not look.planned:
        said = "Intervals hold at every moment, those of slices too; slices are adjusted for how many there are."
    return [Paragraph(said)]


def _title(plan: Plan | None) -> str:
    return "Decision memo" if plan is None else f"Decision memo: {plan.name}"


def _opening(plan: Plan | None, judgement: Judgement, known: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = [] if plan is None else [Paragraph(plan.question, lead=True), _standing(plan, known)]
    blocks += [_banner(r) for r in judgement.recommendations]
    named = len(judgement.recommendations) > 1
    odd = [(r.candidate, why) for r in judgement.recommendations for why in of_verdicts(r)]
    blocks += suspicion_blocks([f"{name}, {why}" if named else why for name, why in odd])
    changed = known.get("changed", "")
    if judgement.look.look > 1:
        blocks.append(_later_look(plan, judgement.look, changed))
    elif plan is not None and plan.deviation:
        said = f"{plan.deviation}{_changed(plan, changed)}"
        blocks.append(Callout("info", f"The plan was changed (version {plan.version})", said))
    if plan is not None and plan.user_impact:
        blocks.append(Paragraph(f"What users would notice: {plan.user_impact}"))
    return blocks


def _standing(plan: Plan, known: Mapping[str, str]) -> Paragraph:
    """Whose plan it is, what hangs on it, and when it was frozen and judged, where a lab knows that."""
    said = {
        "owner": plan.owner,
        "risk tier": plan.risk_tier,
        "product KPI": plan.product_kpi,
        "frozen": known.get("frozen", "")[:10],
        "judged": known.get("judged", "")[:10],
    }
    line = " · ".join(f"{name} {value}" for name, value in said.items() if value)
    return Paragraph(Span(capital(line), "muted"))


def _later_look(plan: Plan | None, look: LookState, changed: str) -> Callout:
    """A planned look after the first: new units, the same claims, and a share of the error of its own."""
    counted = f" of {look.planned} planned" if look.planned else ", and any number is allowed"
    title = f"{ordinal(look.look).capitalize()} look{counted}"
    said = "Units have come since the look before; claims, models and levels are those of the first look."
    if plan is not None and plan.deviation:
        said += f" Frozen again as version {plan.version}: {plan.deviation}{_changed(plan, changed)}"
    return Callout("info", title, said)


def _changed(plan: Plan, changed: str) -> str:
    """What a deviation changed, after its reason."""
    stop = "" if plan.deviation.endswith((".", "!", "?")) else "."
    return f"{stop} What changed: {changed}" if changed else ""


def _banner(recommendation: Recommendation) -> Banner:
    action = recommendation.action
    word = f"{action.capitalize()}: {recommendation.candidate}"
    return Banner(ACTION_TONE[action], word, ACTION_MEANING[action], recommendation.why)


def _candidate(plan: Plan | None, recommendation: Recommendation, several: bool, unit: str) -> list[Block]:
    of = f" about {recommendation.candidate}" if several else ""
    claims = [v for v in recommendation.verdicts if not v.claim.guardrail]
    guardrails = [v for v in recommendation.verdicts if v.claim.guardrail]
    about = f"{recommendation.candidate} with their deciding intervals"
    blocks: list[Block] = [Heading(f"Claims{of}")]
    blocks += _judged(claims, "Difference is candidate minus baseline", f"Claims about {about}", unit)
    if not claims:
        blocks.append(Paragraph("No claim was made."))
    blocks.append(Heading(f"Guardrails{of}"))
    blocks += _judged(guardrails, "Each has to hold for any adoption", f"Guardrails of {about}", unit)
    if not guardrails:
        blocks.append(Paragraph("The plan names no guardrail: nothing was checked for harm."))
    blocks += [Heading(f"What would change the decision{of}"), *what_would_change(plan, recommendation.verdicts)]
    return blocks


def _judged(verdicts: Sequence[Verdict], caption: str, title: str, unit: str) -> list[Block]:
    """Claims with their plot, and why each fell as it did."""
    if not verdicts:
        return []
    figure = claims_figure(verdicts, title, unit)
    plot = [] if figure is None else [figure]
    return [claims_table(verdicts, caption, unit), *plot, reasons(verdicts)]


def _measured(plan: Plan | None, judgement: Judgement, results: ComparisonSet) -> list[Block]:
    named = [
        (_named(v, judgement), v.comparison)
        for r in judgement.recommendations
        for v in r.verdicts
        if v.comparison is not None
    ]
    blocks: list[Block] = [] if plan is None else [plan_facts(plan, results, judgement.look)]
    if plan is not None and plan.hypothesis:
        blocks.insert(0, Paragraph(f"Hypothesis, written before the data was read: {plan.hypothesis}"))
    matrix = None if plan is None else matrix_of(plan, results)
    if matrix is not None:
        blocks.append(Details("The matrix: models and seeds, with the run of each", (coverage_block(matrix),)))
    if named:
        blocks.append(Details("Method of each claim, and why it was chosen", (method_table(named),)))
    verdicts = [v for r in judgement.recommendations for v in r.verdicts]
    blocks += variance_blocks([(_named(v, judgement), e.estimate) for v in verdicts if (e := claim_effect(v))])
    return [*blocks, *margin_posteriors(verdicts, len(judgement.recommendations) > 1)]


def _named(verdict: Verdict, judgement: Judgement) -> str:
    return verdict.claim.name if len(judgement.recommendations) == 1 else f"{verdict.claim.name}, {verdict.candidate}"
