"""What the lab knows of a judgement besides its evidence: when it was frozen and judged, what a deviation changed."""

from __future__ import annotations

from assay.records.plan import Plan
from assay.store import FrozenPlan, LocalStore, Session
from assay.verbs.frozen import difference, frozen_plan
from assay.verbs.models import specs


def history(store: LocalStore, session: Session, frozen: FrozenPlan, judged_at: str) -> dict[str, str]:
    """Names and what they stand for, for the memo.

    Args:
        judged_at: When the evidence was made, ISO 8601; only its day is told.
    """
    before = session.plans.get(frozen.parent) if frozen.parent else None
    changed = what_changed(frozen_plan(store, before), frozen_plan(store, frozen)) if before is not None else []
    return {
        "frozen": f"{frozen.frozen_at} by {frozen.frozen_by}",
        "judged": judged_at[:10],
        **({"changed": "; ".join(changed)} if changed else {}),
    }


def what_changed(before: Plan, now: Plan) -> list[str]:
    """What one version of a plan has other than the one before, its data included."""
    pairs = zip(specs(before), specs(now), strict=False)
    return [
        *difference(before, now),
        *(f"the data of {b.name} changed" for b, n in pairs if b.digest and n.digest != b.digest),
        *(["the relevance in qrels changed"] if before.data.qrels_digest not in ("", now.data.qrels_digest) else []),
    ]
