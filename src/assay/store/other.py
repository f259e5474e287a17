"""Another lab, read without writing to it: its database is copied and opened as a copy, so that it may be read-only."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import StoreError
from assay.store.blobs import Blobs
from assay.store.local import BLOBS, DATABASE, FOLDER, LocalStore
from assay.store.refusals import file_failures


@dataclass(frozen=True)
class OtherLab:
    """Another lab.

    Attributes:
        folder: Its folder `.assay`.
        store: Its database, as a copy taken at one moment.
        blobs: Its blobs, where they lie.
    """

    folder: Path
    store: LocalStore
    blobs: Blobs


@contextmanager
def other_lab(root: Path) -> Iterator[OtherLab]:
    """Open another lab.

    Args:
        root: The folder that holds `.assay`, or `.assay` itself.

    Raises:
        StoreError: when there is none, or its database is damaged.
    """
    folder = root.absolute() if root.name == FOLDER else root.absolute() / FOLDER
    if not (folder / DATABASE).is_file():
        raise StoreError(
            "there is no lab here",
            rule=f"a lab is a folder {FOLDER} with {DATABASE} in it",
            fix="name the folder that holds it",
            where=str(folder),
        )
    with tempfile.TemporaryDirectory(prefix="assay-sync-") as name, file_failures(folder):
        copy = Path(name) / FOLDER
        copy.mkdir()
        _copy(folder / DATABASE, copy / DATABASE)
        with LocalStore.open(Path(name)) as store:
            yield OtherLab(folder, store, Blobs(folder / BLOBS))


def _copy(source: Path, target: Path) -> None:
    """A consistent copy; of a folder that cannot be written, where nobody else writes either, file by file."""
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as a,
            closing(sqlite3.connect(target)) as b,
        ):
            a.backup(b)
        return
    except sqlite3.OperationalError:
        for ending in ("", "-wal"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
            part = source.with_name(source.name + ending)
            if part.is_file():
                shutil.copyfile(part, target.with_name(target.name + ending))
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"the lab's database is damaged ({error})",
            rule="only a sound lab is merged",
            fix="restore it from a backup",
            where=str(source),
        ) from error
