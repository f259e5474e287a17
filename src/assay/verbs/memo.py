"""`memo`: the memo of stored evidence, in any form."""

from __future__ import annotations

from pathlib import Path

from assay.flows.bundle import Bundle, judged_again, read_bundle, sound
from assay.flows.judge import released
from assay.readers.planfile import plan_from_content
from assay.verbs.counted import lab_of
from assay.verbs.documents import memo_text, provenance
from assay.verbs.history import history


def run(folder: Path, form: str) -> str:
    """The memo, recomputed from the evidence; the lab that it lies in adds when it was frozen and judged.

    Args:
        form: `html`, `md` or `json`.

    Raises:
        EvidenceError: a bundle that is incomplete or was changed.
    """
    bundle = read_bundle(folder, plan_from_content)
    plan = bundle.case.plan
    with sound(folder):
        known = provenance(plan, bundle.manifest, bundle.id) | known_of(folder, bundle)
        return memo_text(form, plan, released(judged_again(bundle), plan), known)


def known_of(folder: Path, bundle: Bundle) -> dict[str, str]:
    """What the lab that the evidence lies in knows of it besides; nothing where it lies in none."""
    store, _ = lab_of(folder, None)
    if store is None:
        return {}
    with store, store.snapshot() as session:
        kept, frozen = session.evidence.get(bundle.id), session.plans.get(bundle.case.plan_digest)
        return {} if kept is None or frozen is None else history(store, session, frozen, kept.created_at)
