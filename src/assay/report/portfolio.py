"""Pages of a whole lab: its plans with what came of them, one plan in full, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from assay.records.plan import Claim, Plan
from assay.records.portfolio import DatedStep, JudgedOnce, PlanState, PlanVersion
from assay.report.blocks import (
    Badge,
    Block,
    Callout,
    Column,
    Document,
    Facts,
    Heading,
    Inline,
    Items,
    Link,
    Paragraph,
    Span,
    Table,
    Tone,
    coded,
)
from assay.report.reviews import reviews_table
from assay.report.words import ACTION_MEANING, ACTION_TONE, claim_words

_WAITING: Tone = "info"


def lab_page(plans: Sequence[PlanState]) -> Document:
    """What waits for somebody first, then every plan, the last judged first."""
    if not plans:
        return Document("The lab", (Callout("info", "No plan is frozen yet", _first_step()),))
    waiting = [p for p in plans if p.judged is None]
    judged = sorted((p for p in plans if p.judged), key=lambda p: p.judged.created_at if p.judged else "", reverse=True)
    blocks: list[Block] = [Paragraph(_counts(plans, waiting), lead=True)]
    if waiting:
        blocks += [Heading("Waiting to be judged"), _plans(waiting)]
    if judged:
        blocks += [Heading("Judged, the latest first"), _plans(judged)]
    due = sorted(((s, p.plan.name) for p in plans for s in p.steps), key=lambda x: (x[0].date, x[0].what, x[1]))
    if due:
        rows = tuple((s.date, s.what, Link(name, plan_path(name)), _standing(s)) for s, name in due)
        columns = (Column("Date", True), Column("Step"), Column("Plan"), Column("State"))
        blocks += [Heading("Dated steps"), Table(columns, rows)]
    return Document("The lab", tuple(blocks))


def plan_page(state: PlanState) -> Document:
    """One plan: its question, where it stands, its claims, versions and evidence."""
    plan = state.plan
    blocks: list[Block] = [Paragraph(Link("The lab", "index.html")), Paragraph(plan.question, lead=True)]
    blocks.append(Paragraph((_badge(state), " ", _meaning(state))))
    blocks += [Heading("Claims"), _claims(plan.claims)]
    if plan.guardrails:
        blocks += [Heading("Guardrails"), _claims(plan.guardrails)]
    blocks += [Heading("Evidence"), _evidence(state)]
    if any(e.reviews for e in state.evidence):
        blocks += [Heading("Reviews"), _reviews(state)]
    blocks += [Heading("Versions"), _versions(state)]
    if state.steps:
        rows = tuple((s.date, s.what, _standing(s)) for s in sorted(state.steps, key=lambda s: (s.date, s.what)))
        columns = (Column("Date", True), Column("Step"), Column("State"))
        blocks += [Heading("Dated steps"), Table(columns, rows)]
    blocks += [Heading("The plan"), _facts(plan)]
    if plan.stop_rules:
        blocks += [Heading("Stop rules"), Items(tuple(str(rule) for rule in plan.stop_rules))]
    return Document(plan.name, tuple(blocks))


def plan_path(name: str) -> str:
    """Where a plan's page lies in a site; names may hold anything, so that a digest stands for it."""
    return f"plan-{sha256(name.encode()).hexdigest()[:16]}.html"


def memo_path(identity: str) -> str:
    """Where the memo of an evidence bundle lies in a site."""
    return f"memo-{identity.removeprefix('sha256:')[:16]}.html"


def _first_step() -> Inline:
    return coded("`assay plan new > plan.yaml` writes a template, `assay plan freeze plan.yaml` freezes it.")


def _counts(plans: Sequence[PlanState], waiting: Sequence[PlanState]) -> str:
    total = "1 plan" if len(plans) == 1 else f"{len(plans):,} plans"
    return f"{total}, of which {len(waiting):,} " + ("waits" if len(waiting) == 1 else "wait") + " to be judged."


def _plans(states: Sequence[PlanState]) -> Table:
    dates = (Column("Frozen", True), Column("Judged", True))
    columns = (Column("Plan"), Column("State"), Column("Owner"), Column("Risk"), *dates)
    rows = tuple(
        (
            (Link(s.plan.name, plan_path(s.plan.name)), Span(s.plan.question, "sub")),
            _badge(s),
            s.plan.owner,
            s.plan.risk_tier,
            s.latest.frozen_at[:10],
            Link(s.judged.created_at[:10], memo_path(s.judged.id)) if s.judged else "not yet",
        )
        for s in states
    )
    return Table(columns, rows)


def _standing(step: DatedStep) -> Inline:
    """Whether a dated step is done: a page that is read later does not say what is overdue."""
    if not step.done:
        return "open"
    said = f"{step.done_at[:10]} by {step.done_by}{f': {step.note}' if step.note else ''}"
    return (Badge("done", "good"), Span(said, "sub"))


def _badge(state: PlanState) -> Badge:
    if state.judged is None:
        return Badge("frozen", _WAITING)
    return _action(state.judged)


def _action(judged: JudgedOnce) -> Badge:
    tones = {str(action): tone for action, tone in ACTION_TONE.items()}
    return Badge(judged.recommendation, tones.get(judged.recommendation, "muted"))


def _meaning(state: PlanState) -> str:
    meanings = {str(action): said for action, said in ACTION_MEANING.items()}
    return meanings.get(state.state, "It waits to be judged.")


def _claims(claims: Sequence[Claim]) -> Table:
    rows = tuple(((Span(c.name, "strong"), Span(claim_words(c), "sub")), c.metric, c.about) for c in claims)
    return Table((Column("Claim"), Column("Metric"), Column("About")), rows)


def _evidence(state: PlanState) -> Block:
    if not state.evidence:
        return Paragraph(coded("None yet: `assay judge PLAN` reads the data."))
    of = {v.digest: v.version for v in state.versions}
    rows = tuple(
        (Link(e.created_at[:10], memo_path(e.id)), f"version {of.get(e.plan, 0)}", _action(e), _digest(e.id))
        for e in reversed(state.evidence)
    )
    return Table((Column("Judged"), Column("Plan"), Column("Recommendation"), Column("Evidence")), rows)


def _reviews(state: PlanState) -> Table:
    rows = [((Link(e.created_at[:10], memo_path(e.id)), _digest(e.id)), r) for e in state.evidence for r in e.reviews]
    return reviews_table(rows[::-1], Column("Judged"), Column("Evidence"))


def _versions(state: PlanState) -> Table:
    columns = (Column("Version"), Column("Frozen"), Column("By"), Column("Why, and what changed"), Column("Digest"))
    rows = tuple(
        (f"version {v.version}", v.frozen_at[:10], v.frozen_by, _why(v), _digest(v.digest))
        for v in reversed(state.versions)
    )
    return Table(columns, rows)


def _why(version: PlanVersion) -> Inline:
    said = version.reason or "first version"
    return (said, *(Span(change, "sub") for change in version.changed))


def _digest(digest: str) -> Span:
    return Span(f"{digest[:19]}…", "code")


def _facts(plan: Plan) -> Facts:
    data = plan.data
    said = {
        "Hypothesis": plan.hypothesis,
        "User impact": plan.user_impact,
        "Product KPI": plan.product_kpi,
        "What would change it": plan.change_my_mind,
        "Data": "; ".join(part for part in (data.name, data.population, data.split) if part),
        "Unit": data.unit or "each row",
        "Slices": ", ".join(data.slices),
        "Baseline": f"{plan.baseline.name}: {plan.baseline.why}" if plan.baseline.why else plan.baseline.name,
        "Candidates": ", ".join(c.name for c in plan.candidates),
        "Level": f"{plan.level:.0%}, looks {plan.looks.planned}, seeds {plan.seeds}",
        "Owner": f"{plan.owner}, risk tier {plan.risk_tier}",
    }
    return Facts(tuple((name, text) for name, text in said.items() if text))
