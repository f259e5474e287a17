"""`memo`: the memo of stored evidence, in any form, and what it says as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.flows.bundle import judged_again, read_bundle, sound
from assay.flows.judge import Conclusion, released
from assay.readers.planfile import plan_from_content
from assay.records.plan import Plan
from assay.report.blocks import Document
from assay.report.memo import decision_memo
from assay.verbs.documents import memo_text, provenance


@dataclass(frozen=True, slots=True)
class MemoRead:
    """Stored evidence, read again.

    Attributes:
        id: The bundle's digest.
        conclusion: What the plan releases of what follows from it.
        document: The memo.
        runs: Model -> seed -> the run whose predictions were judged.
    """

    id: str
    plan: Plan
    conclusion: Conclusion
    document: Document
    runs: Mapping[str, Mapping[str, str]]


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


def read(folder: Path) -> MemoRead:
    """The same as data: plan, judgement, examples and the memo's blocks.

    Raises:
        EvidenceError: as `run`.
    """
    bundle = read_bundle(folder, plan_from_content)
    plan = bundle.case.plan
    with sound(folder):
        found = released(judged_again(bundle), plan)
        known = provenance(plan, bundle.manifest, bundle.id)
        document = decision_memo(plan, found.judgement, found.results, known)
    return MemoRead(bundle.id, plan, found, document, bundle.case.runs)
