"""Which lab a verb works in."""

from __future__ import annotations

from pathlib import Path

from assay.store import LocalStore


def open_lab(folder: Path | None) -> LocalStore:
    """The lab in a folder, or the nearest one from the working folder upwards.

    Raises:
        StoreError: when there is none.
    """
    return LocalStore.find(Path.cwd()) if folder is None else LocalStore.open(folder)
