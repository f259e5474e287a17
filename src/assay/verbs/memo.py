"""`memo`: the memo of stored evidence, in any form."""

from __future__ import annotations

from pathlib import Path

from assay.flows.bundle import judged_again, read_bundle, sound
from assay.flows.judge import released
from assay.readers.planfile import plan_from_content
from assay.verbs.documents import memo_text


def run(folder: Path, form: str) -> str:
    """The memo, recomputed from the evidence.

    Args:
        form: `html`, `md` or `json`.

    Raises:
        EvidenceError: a bundle that is incomplete or was changed.
    """
    bundle = read_bundle(folder, plan_from_content)
    plan = bundle.case.plan
    with sound(folder):
        made = bundle.manifest["environment"]
        provenance = {
            "evidence": bundle.id,
            "plan": f"{plan.name} version {plan.version}, {bundle.case.plan_digest}",
            **({"deviation": f"{plan.deviation} (from {plan.parent})"} if plan.parent else {}),
            "assay": str(bundle.manifest["assay"]),
            "computed with": ", ".join(f"{k} {v}" for k, v in made.items()),
        }
        return memo_text(form, plan, released(judged_again(bundle), plan), provenance)
