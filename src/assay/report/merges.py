"""A merge of labs as text and as JSON."""

from __future__ import annotations

from typing import Any

from assay.base.canonical import plain
from assay.base.wording import counted
from assay.records.merges import Merged
from assay.report.text import clean


def merge_json(done: Merged) -> dict[str, Any]:
    """A merge as plain data."""
    return {"schema": 1, "type": "merge", **plain(done), "nothing": done.nothing}


def render_merge(done: Merged, into: str = "here") -> str:
    """A merge for a terminal."""
    if done.nothing:
        lines = [f"nothing new {into}"]
    else:
        runs = f"{counted(len(done.runs), 'run')} came {into}, {len(done.grown)} grew, {done.same} were the same"
        records = f"{counted(done.plans, 'plan')}, {done.evidence} of evidence, {counted(done.looks, 'look')}"
        lines = [runs, f"{counted(done.entries, 'entry').replace('entrys', 'entries')} of the ledger: {records}"]
        lines.append(f"{counted(done.blobs, 'file')} by content")
    lines += [f"✘ {clean(why)}" for why in done.refused]
    return "\n".join(lines) + "\n"
