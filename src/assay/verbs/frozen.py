"""Frozen plans: reading them back, and what an edited plan file changes."""

from __future__ import annotations

import difflib
import json
from dataclasses import fields, is_dataclass, replace
from typing import Any

from assay.base.errors import MissingError
from assay.readers.planfile import plan_from_content, plan_to_yaml
from assay.records.plan import Plan
from assay.store import FrozenPlan, LocalStore, Session


def frozen_plan(store: LocalStore, frozen: FrozenPlan) -> Plan:
    """The plan as it was frozen."""
    return plan_from_content(json.loads(store.blobs.read(frozen.content)))


def versions_of(session: Session, name: str) -> tuple[FrozenPlan, ...]:
    """Every version of a plan, oldest first.

    Raises:
        MissingError: none of that name is frozen.
    """
    versions = session.plans.versions(name)
    if not versions:
        near = difflib.get_close_matches(name, {v.name for v in session.plans.all()}, n=1)
        raise MissingError(
            f"no plan {name!r} is frozen in this lab",
            rule="a plan is known by its name once it is frozen",
            fix=f"did you mean {near[0]!r}?" if near else "`assay plan list` shows them",
        )
    return versions


def as_file(plan: Plan) -> str:
    """A frozen plan as the file that a deviation begins with: its digests are left to the next freeze."""
    return plan_to_yaml(_bare(plan))


def difference(frozen: Plan, given: Plan) -> list[str]:
    """What differs between a frozen plan and a plan file; digests and versions are not the file's to say."""
    return _differ(_bare(frozen), _bare(given), "")


def binding(before: Plan, now: Plan) -> list[str]:
    """What differs between two versions of a plan in anything that a judgement follows from, files' names apart."""
    return _differ(_judged(before), _judged(now), "")


def _judged(plan: Plan) -> Plan:
    bare = _bare(plan)
    return replace(
        bare,
        question="",
        hypothesis="",
        owner="",
        user_impact="",
        product_kpi="",
        risk_tier="low",
        milestones=(),
        change_my_mind="",
        data=replace(bare.data, name="", population="", split="", time="", qrels=""),
        baseline=replace(bare.baseline, file="", runs=(), why=""),
        candidates=tuple(replace(c, file="", runs=(), why="") for c in bare.candidates),
        ablations=(),
    )


def _bare(plan: Plan) -> Plan:
    return replace(
        plan,
        data=replace(plan.data, qrels_digest=""),
        baseline=replace(plan.baseline, digest=""),
        candidates=tuple(replace(c, digest="") for c in plan.candidates),
        ablations=tuple(replace(a, model=replace(a.model, digest="") if a.model else None) for a in plan.ablations),
        version=1,
        parent="",
        deviation="",
    )


def _differ(old: Any, new: Any, where: str) -> list[str]:
    if is_dataclass(old) and type(old) is type(new):
        return [
            d for f in fields(old) for d in _differ(getattr(old, f.name), getattr(new, f.name), f"{where}.{f.name}")
        ]
    if isinstance(old, tuple) and isinstance(new, tuple) and len(old) == len(new):
        return [d for i, (a, b) in enumerate(zip(old, new, strict=True)) for d in _differ(a, b, f"{where}[{i}]")]
    if isinstance(old, tuple) and isinstance(new, tuple):
        return [f"{where.lstrip('.')} had {len(old)} entries and has {len(new)}"]
    if old == new:
        return []
    return [f"{where.lstrip('.')} was {str(old)[:60]!r} and is {str(new)[:60]!r}"]
