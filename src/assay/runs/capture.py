"""What stands behind a run besides its configuration: code and environment, captured once per process."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.base.canonical import content_digest
from assay.base.errors import StoreError
from assay.records.runs import BlobKeeper
from assay.runs.code import capture_code
from assay.runs.environment import Probe, machine, variables


@dataclass(frozen=True, slots=True)
class Captured:
    """Digests of what was captured, empty where it was not, and what could not be, in words."""

    code: str = ""
    environment: str = ""
    notes: tuple[str, ...] = ()


_once: dict[str, Captured] = {}


def capture_here(folder: Path, blobs: BlobKeeper, lab: Path) -> Captured:
    """Code and environment of this process, captured at its first run; never raises for what a disk or git does."""
    key = f"{lab}\0{folder}"
    if key not in _once:
        try:
            _once[key] = capture(folder, blobs, lab=lab)
        except (OSError, StoreError) as error:
            return Captured(notes=(f"code and environment were not kept ({error})",))
    return _once[key]


def capture(
    folder: Path, blobs: BlobKeeper, program: str = "", refuse: bool = False, more: Mapping[str, str] | None = None,
    lab: Path | None = None,
) -> Captured:  # fmt: skip
    """Code of a folder, and the environment that a program runs in; this process's where none is named.

    Args:
        folder: Of the code.
        blobs: Where both are kept.
        program: Whose Python and packages they are.
        refuse: Whether a secret in the code is refused.
        more: Variables that the program has besides those of this process.
        lab: The folder `.assay`, which may name further variables to keep.

    Raises:
        InputError: a secret in the code where those are refused.
        StoreError: when the disk refuses.
    """
    probe = Probe(program)
    code, notes = capture_code(folder, blobs, refuse)
    held, unread = variables(more or {}, lab)
    said = {
        "type": "assay.environment", "schema": 1, "python": probe.answer(_root(folder)), "machine": machine(),
        "variables": held,
    }  # fmt: skip
    content = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    found = content_digest(content)
    environment = found if blobs.has(found) else blobs.put(content)
    return Captured(code, environment, (*notes, *filter(None, (probe.note, unread))))


def _root(folder: Path) -> Path:
    """The repository that a folder lies in; the folder where it is in none."""
    place = folder.resolve()
    return next((p for p in (place, *place.parents) if (p / ".git").exists()), place)
