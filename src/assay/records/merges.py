"""The outcome of merging one lab into another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """What came over.

    Attributes:
        source: The other lab's folder.
        runs: New here.
        grown: Runs of both, of which the other held more.
        same: Runs that both held alike.
        blobs: Files by content that are new here.
        entries: Of the ledger, new here.
        plans: Of these entries, frozen plans; `evidence` and `looks` likewise.
        refused: What was not taken, and why, a line each.
    """

    source: str
    runs: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
    same: int = 0
    blobs: int = 0
    entries: int = 0
    plans: int = 0
    evidence: int = 0
    looks: int = 0
    refused: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the other lab held nothing that is not here."""
        return not (self.runs or self.grown or self.blobs or self.entries)
