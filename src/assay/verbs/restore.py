"""`restore`: a lab from a backup, checked before it stands."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from assay.base.errors import StoreError
from assay.store import LocalStore, archive
from assay.store.files import sync_folder
from assay.store.refusals import file_failures
from assay.verbs.where import FOLDER, working_folder


def run(path: Path, folder: Path | None = None) -> int:
    """Make a lab of a backup in a folder that has none; returns how many files.

    Every file is compared with its digest, and every chain of the ledger is verified, before the lab takes its place.

    Raises:
        StoreError: there is a lab already, or the backup is cut short, was changed, or has a ledger that does not hold.
    """
    root = folder or working_folder()
    if (root / FOLDER).exists():
        where = str(root / FOLDER)
        raise StoreError("there is a lab already", rule="a backup becomes a new lab", fix="--lab FOLDER", where=where)
    with file_failures(root):
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as made, path.open("rb") as file:
            draft = Path(made) / FOLDER
            draft.mkdir()
            many = archive.read(file, draft, str(path))
            with LocalStore.open(Path(made)) as store:
                faults = store.verify().faults
            if faults:
                raise StoreError(
                    f"holds a ledger with {len(faults)} faults: {faults[0].line()}",
                    rule="a ledger holds from its first entry",
                    fix="take another backup",
                    where=str(path),
                )
            shutil.move(draft, root / FOLDER)
            sync_folder(root)
    return many
