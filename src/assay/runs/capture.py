"""What stands behind a run besides its configuration: code and environment, captured once per process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.records.runs import BlobKeeper


@dataclass(frozen=True, slots=True)
class Captured:
    """Digests of what was captured, empty where it was not, and what could not be, in words."""

    code: str = ""
    environment: str = ""
    notes: tuple[str, ...] = ()


def capture(
    folder: Path, blobs: BlobKeeper, program: str = "", command: Sequence[str] = (), refuse: bool = False
) -> Captured:
    """Capture code and environment."""
    return Captured()
