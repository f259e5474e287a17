"""An event of the ledger as one line: when, by which writer, what happened, to which plan."""

from __future__ import annotations

from collections.abc import Mapping

from assay.report.events import said
from assay.report.text import clean
from assay.store import Entry


def line(entry: Entry, plans: Mapping[str, str]) -> str:
    """One line of `assay ledger`.

    Args:
        entry: The event.
        plans: Digest of each frozen plan -> its name and version.
    """
    when, what = entry.time.partition(".")[0], said(entry.kind, entry.content(), plans)
    return f"{when}Z  {clean(entry.writer)[:19]}  {entry.seq:>6}  {entry.kind:<14}  {what}"
