"""`init`: a lab in a folder."""

from __future__ import annotations

from pathlib import Path

from assay.store import LocalStore


def run(folder: Path) -> Path:
    """Make a lab and return its folder.

    Raises:
        StoreError: when there is one already, or the folder cannot be written.
    """
    with LocalStore.create(folder) as store:
        return store.folder
