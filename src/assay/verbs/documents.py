"""Writing the memo of a judgement, in every form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.flows.judge import Conclusion
from assay.records.plan import Plan
from assay.report.blocks import Document
from assay.report.html import render as render_html
from assay.report.json_ import render as render_json
from assay.report.markdown import render as render_markdown
from assay.report.memo import decision_memo

FORMS = ("html", "md", "json")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[-+]?\d+)?)")


def write_memos(folder: Path, plan: Plan, conclusion: Conclusion, provenance: Mapping[str, str]) -> None:
    """`memo.html`, `memo.md` and `memo.json` in a folder."""
    memo = decision_memo(plan, conclusion.judgement, conclusion.results, provenance)
    for form in FORMS:
        (folder / f"memo.{form}").write_text(_text(form, memo), encoding="utf-8")


def provenance(plan: Plan, manifest: Mapping[str, Any], identity: str) -> dict[str, str]:
    """Where every number comes from, as the evidence itself says it."""
    made = manifest["environment"]
    return {
        "evidence": identity,
        "plan": f"{plan.name} version {plan.version}, {manifest['plan']}",
        **({"deviation": f"{plan.deviation} (from {plan.parent})"} if plan.parent else {}),
        "assay": str(manifest["assay"]),
        "computed with": ", ".join(f"{k} {v}" for k, v in sorted(made.items())),
        **{f"runs of {model}": _runs(held) for model, held in sorted(manifest.get("runs", {}).items())},
        **{str(k): str(v) for k, v in manifest.get("history", {}).items()},
    }


def _runs(held: Mapping[str, str]) -> str:
    return ", ".join(f"{run} (seed {seed})" for seed, run in held.items())


def changed_memos(
    folder: Path, plan: Plan, conclusion: Conclusion, provenance: Mapping[str, str], exact: bool
) -> list[str]:
    """What differs between the memos beside the evidence and those that follow from it; one that is gone says nothing.

    Args:
        folder: The evidence.
        plan: The frozen plan.
        conclusion: What the plan releases of what follows.
        provenance: Where it comes from.
        exact: Whether its numbers are those that were stored; else a last digit may be the next one.
    """
    differences = []
    memo = decision_memo(plan, conclusion.judgement, conclusion.results, provenance)
    for form in FORMS:
        path = folder / f"memo.{form}"
        if not path.exists():
            continue
        held, follows = path.read_bytes(), _text(form, memo)
        if held != follows.encode() and (exact or not _alike(held.decode(errors="replace"), follows)):
            differences.append(f"memo.{form}: is not the memo that follows from the evidence")
    return differences


def _alike(held: str, follows: str) -> bool:
    """Whether two texts differ in nothing but the last digits of numbers."""
    first, second = _NUMBER.split(held), _NUMBER.split(follows)
    return len(first) == len(second) and all(
        a == b or (i % 2 == 1 and _last_digit(a, b)) for i, (a, b) in enumerate(zip(first, second, strict=True))
    )


def _last_digit(a: str, b: str) -> bool:
    places = min(len(t.partition("e")[0].partition(".")[2]) for t in (a, b))
    return "." in a and "." in b and abs(float(a) - float(b)) <= 1e-9 * float(b) + 1.01 * 10.0**-places


def memo_text(form: str, plan: Plan, conclusion: Conclusion, provenance: Mapping[str, str]) -> str:
    """The memo in one form."""
    return _text(form, decision_memo(plan, conclusion.judgement, conclusion.results, provenance))


def _text(form: str, memo: Document) -> str:
    if form == "html":
        return render_html(memo)
    if form == "md":
        return render_markdown(memo)
    return render_json(memo)
