"""Writing the memo of a judgement, in every form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.flows.judge import Conclusion
from assay.records.plan import Plan
from assay.report.html import render as render_html
from assay.report.json_ import render as render_json
from assay.report.markdown import render as render_markdown
from assay.report.memo import decision_memo

FORMS = ("html", "md", "json")


def write_memos(folder: Path, plan: Plan, conclusion: Conclusion, provenance: Mapping[str, str]) -> None:
    """`memo.html`, `memo.md` and `memo.json` in a folder."""
    for form in FORMS:
        text = memo_text(form, plan, conclusion, provenance)
        (folder / f"memo.{form}").write_text(text, encoding="utf-8")


def provenance(plan: Plan, manifest: Mapping[str, Any], identity: str) -> dict[str, str]:
    """Where every number comes from, as the evidence itself says it."""
    made = manifest["environment"]
    return {
        "evidence": identity,
        "plan": f"{plan.name} version {plan.version}, {manifest['plan']}",
        **({"deviation": f"{plan.deviation} (from {plan.parent})"} if plan.parent else {}),
        "assay": str(manifest["assay"]),
        "computed with": ", ".join(f"{k} {v}" for k, v in sorted(made.items())),
    }


def memo_text(form: str, plan: Plan, conclusion: Conclusion, provenance: Mapping[str, str]) -> str:
    """The memo in one form."""
    memo = decision_memo(plan, conclusion.judgement, conclusion.results, provenance)
    if form == "html":
        return render_html(memo)
    if form == "md":
        return render_markdown(memo)
    return render_json(memo)
