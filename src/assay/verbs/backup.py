"""`backup`: a lab that is in use as one file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from assay.base.errors import StoreError
from assay.remote.address import LabPlace
from assay.store import archive
from assay.store.files import sync_folder
from assay.store.refusals import file_failures
from assay.verbs.where import existing_lab


def run(path: Path, lab: LabPlace | None = None) -> int:
    """Write a consistent copy of everything that the lab holds; returns how many files.

    The file appears whole or not at all, readable by its owner alone: it holds hashes of passwords and tokens.

    Raises:
        StoreError: when it is there already, or the disk refuses.
    """
    folder = existing_lab(lab)
    if path.exists():
        raise StoreError("is there already", rule="a backup is written once", fix="name a new file", where=str(path))
    if path.absolute().is_relative_to(folder.absolute()):
        raise StoreError(
            "lies in the lab", rule="a backup is kept elsewhere", fix="name another folder", where=str(path)
        )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with file_failures(path):
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                many = archive.write(folder, out)
                out.flush()
                os.fsync(out.fileno())
            draft.rename(path)
            sync_folder(path.absolute().parent)
        finally:
            draft.unlink(missing_ok=True)
    return many
