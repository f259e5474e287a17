"""`init`: a lab in a folder."""

from __future__ import annotations

from pathlib import Path

from assay.runs.folder import RUNS, run_folders
from assay.store import LocalStore
from assay.store.local import FOLDER, has_lost


def run(folder: Path) -> Path:
    """Make a lab and return its folder; runs that have lost theirs are taken over.

    Raises:
        StoreError: when there is one already, or the folder cannot be written.
    """
    with LocalStore.create(folder) as store:
        return store.folder


def left_runs(folder: Path) -> int:
    """How many runs lie in a folder's `.assay` without the database of a lab."""
    held = folder / FOLDER
    return len(run_folders(held / RUNS)) if has_lost(held) else 0
