"""What judge would say of a deviation, as far as the lab knows before the data are read."""

from __future__ import annotations

import json

from assay.base import clock
from assay.base.errors import LookError
from assay.judge.looks import Reading, state
from assay.records.plan import Plan
from assay.store import FrozenPlan, LocalStore, Look, Session
from assay.verbs.models import specs
from assay.verbs.standing import check_binding, past_look, plan_of

_DIGEST, _NEW = "this deviation", "units that were not read"


def foreseen(store: LocalStore, session: Session, versions: tuple[FrozenPlan, ...], plan: Plan) -> LookError | None:
    """Why judge would refuse a deviation whatever data it meets; None where it may not.

    On the files that an earlier version was judged on it is another test of them. On any other files it may meet new
    units, as the next look, or rows that were read before: only what both would be refused is refused here.

    Args:
        versions: The versions frozen so far.
        plan: The deviation, with the digests of the files that are there.
    """
    looks = session.looks.on_lineage(versions[0].digest)
    if not looks:
        return None
    read = list(dict.fromkeys(look.dataset for look in looks))
    known = [dataset for dataset in read if _same_files(store, session, looks, dataset, plan)]
    found = [_refusal(store, session, versions, plan, dataset) for dataset in known or [_NEW, *read]]
    refused = [error for error in found if error is not None]
    return refused[0] if len(refused) == len(found) else None


def _same_files(store: LocalStore, session: Session, looks: tuple[Look, ...], dataset: str, plan: Plan) -> bool:
    """Whether the plan's files are those of an earlier reading, read by the same columns."""
    now = {spec.digest for spec in specs(plan)}
    for look in (x for x in looks if x.dataset == dataset):
        kept = session.evidence.get(look.evidence)
        before = plan_of(store, session, look)
        if kept is None or (before.data.id, before.data.target) != (plan.data.id, plan.data.target):
            continue
        if {i["digest"] for i in json.loads(store.blobs.read(kept.manifest))["inputs"]} == now:
            return True
    return False


def _refusal(
    store: LocalStore, session: Session, versions: tuple[FrozenPlan, ...], plan: Plan, dataset: str
) -> LookError | None:
    """What judge would raise on a dataset version."""
    root, own = versions[0].digest, {v.digest for v in versions}
    candidates = tuple((c.name, "") for c in plan.candidates)
    now = Reading(_DIGEST, dataset, root, candidates, clock.now())
    past = []
    try:
        looks = {*session.looks.on_lineage(root), *session.looks.on_dataset(dataset)}
        for look in sorted(looks, key=lambda x: (x.read_at, x.candidate)):
            kept, before = session.evidence.get(look.evidence), plan_of(store, session, look)
            earlier = look.plan in own and look.dataset != dataset
            if earlier:
                check_binding(before, plan)
            if kept is not None:
                past.append(past_look(look, kept, before, _DIGEST if earlier else look.plan, look.dataset))
        state(now, past, plan)
    except LookError as error:
        return error
    return None
