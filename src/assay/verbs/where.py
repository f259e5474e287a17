"""Which lab a verb works in."""

from __future__ import annotations

from pathlib import Path

from assay.base.errors import StoreError
from assay.store import LocalStore


def open_lab(folder: Path | None) -> LocalStore:
    """The lab in a folder, or the nearest one from the working folder upwards.

    Raises:
        StoreError: when there is none.
    """
    if folder is not None:
        return LocalStore.open(folder)
    try:
        start = Path.cwd()
    except OSError as error:
        raise StoreError(
            f"the working folder is gone: {error.strerror}",
            rule="a lab is found from the working folder upwards",
            fix="go to another folder, or name the lab with --lab",
        ) from error
    return LocalStore.find(start)
