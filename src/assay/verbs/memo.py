"""`memo`: the memo of stored evidence, in any form."""

from __future__ import annotations

from pathlib import Path

from assay.flows.bundle import judged_again, read_bundle, sound
from assay.flows.judge import released
from assay.readers.planfile import plan_from_content
from assay.verbs.documents import memo_text, provenance


def run(folder: Path, form: str) -> str:
    """The memo, recomputed from the evidence: the one that judge wrote, wherever the evidence lies.

    Args:
        form: `html`, `md` or `json`.

    Raises:
        EvidenceError: a bundle that is incomplete or was changed.
    """
    bundle = read_bundle(folder, plan_from_content)
    plan = bundle.case.plan
    with sound(folder):
        known = provenance(plan, bundle.manifest, bundle.id)
        return memo_text(form, plan, released(judged_again(bundle), plan), known)
