"""Which lab a verb works in."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assay.base.errors import InputError, StoreError
from assay.records.access import Principal
from assay.remote.address import LabPlace, Remote

if TYPE_CHECKING:
    from assay.store import LocalStore

__all__ = ["LabPlace", "adopted_lab", "existing_lab", "lab_folder", "local", "open_lab", "working_folder"]

FOLDER, DATABASE, RUNS = ".assay", "lab.db", "runs"


def open_lab(folder: LabPlace | None, by: Principal | None = None) -> LocalStore:
    """The lab in a folder, or the nearest one from the working folder upwards.

    Args:
        by: Who asks over HTTP: records name them, not the user who runs the server.

    Raises:
        StoreError: when there is none.
    """
    from assay.store import LocalStore

    here = local(folder)
    store = LocalStore.open(here) if here is not None else LocalStore.find(working_folder())
    if by is not None:
        store.user = by.name
    return store


def local(place: LabPlace | None) -> Path | None:
    """A lab's folder, where it lies on this machine.

    Raises:
        InputError: when it is served by another.
    """
    if isinstance(place, Remote):
        raise InputError(
            f"the lab is served at {place.url}",
            rule="this is done where the lab's folder is",
            fix="run it on that machine, with --lab FOLDER",
        )
    return place


def existing_lab(folder: LabPlace | None) -> Path:
    """The folder `.assay` of the lab, without opening its database.

    Raises:
        StoreError: when there is none.
    """
    here = local(folder)
    start = here.absolute() if here is not None else working_folder()
    found = _found(start, here is None)
    if found is None and (lost := _found(start, here is None, RUNS)) is not None:
        from assay.store.local import lost_error

        raise lost_error(lost)
    if found is None:
        raise StoreError(
            "there is no lab here",
            rule=f"a lab is a folder {FOLDER} with {DATABASE} in it",
            fix="make one with `assay init`",
            where=str(start / FOLDER),
        )
    return found


def adopted_lab(folder: LabPlace | None) -> Path:
    """The folder `.assay` of the lab; one that has runs and lost its database gets a new one, and is named.

    Raises:
        StoreError: when there is none, or it cannot be written.
    """
    here = local(folder)
    start = here.absolute() if here is not None else working_folder()
    found = _found(start, here is None, DATABASE, RUNS)
    if found is None or (found / DATABASE).exists():
        return existing_lab(folder)
    return _made(found.parent)


def lab_folder(folder: LabPlace | None) -> Path:
    """The folder `.assay` of the lab, without opening its database; where there is none, a lab is made and named.

    Raises:
        StoreError: when none can be made.
    """
    here = local(folder)
    start = here.absolute() if here is not None else working_folder()
    found = _found(start, here is None, DATABASE, RUNS)
    if found is None:
        return _made(start)
    if not (found / DATABASE).exists():
        # Runs are files: they are kept here also where the database cannot be made anew.
        with suppress(StoreError):
            return _made(found.parent)
    return found


def _made(root: Path) -> Path:
    from assay.store import LocalStore

    there = (root / FOLDER / RUNS).is_dir()
    with LocalStore.create(root) as store:
        made = store.folder
    sys.stderr.write(f"assay: made a lab in {made}{', with the runs that are there' if there else ''}\n")
    return made


def _found(start: Path, upwards: bool, *signs: str) -> Path | None:
    for root in (start, *start.parents) if upwards else (start,):
        try:
            if any((root / FOLDER / sign).exists() for sign in signs or (DATABASE,)):
                return root / FOLDER
        except OSError as error:
            what = f"cannot be read ({error.strerror})"
            raise StoreError(what, fix="check its permissions", where=str(root)) from error
    return None


def working_folder() -> Path:
    """Where this process stands.

    Raises:
        StoreError: when that is gone.
    """
    try:
        return Path.cwd()
    except OSError as error:
        raise StoreError(
            f"the working folder is gone: {error.strerror}",
            rule="a lab is found from the working folder upwards",
            fix="go to another folder, or name the lab with --lab",
        ) from error
