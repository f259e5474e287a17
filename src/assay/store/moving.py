"""One import or merge into a lab at a time, and the clearing away of what a killed one has left."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assay.base.errors import StoreError
from assay.store.refusals import file_failures

LOCK, DRAFTS = "moving.lock", (".import-*", ".sync-*")


@contextmanager
def moving(lab: Path) -> Iterator[None]:
    """Hold the lab for an import or a merge; drafts of processes that were killed are removed first.

    Args:
        lab: The folder `.assay`.

    Raises:
        StoreError: when another process holds it, or the disk refuses.
    """
    with file_failures(lab):
        handle = _held(lab)
        try:
            for place in (lab / "runs", lab / "evidence"):
                for pattern in DRAFTS:
                    for left in place.glob(pattern):
                        shutil.rmtree(left)
            yield
        finally:
            # Held until it is gone: whoever has opened it meanwhile sees that it is no longer the lab's.
            with suppress(FileNotFoundError):
                (lab / LOCK).unlink()
            os.close(handle)


def _held(lab: Path) -> int:
    """The lab's lock, taken; a file that its last holder has removed is no lock any more."""
    path = lab / LOCK
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists() and os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except BlockingIOError as error:
            os.close(handle)
            raise StoreError(
                "another import or sync into this lab is under way",
                rule="one at a time",
                fix="run again when it is done",
                where=str(lab),
            ) from error
        except FileNotFoundError:
            pass
        os.close(handle)
