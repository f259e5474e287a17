"""One import or merge into a lab at a time, and the clearing away of what a killed one has left."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
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
        handle = os.open(lab / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreError(
                    "another import or sync into this lab is under way",
                    rule="one at a time",
                    fix="run again when it is done",
                    where=str(lab),
                ) from error
            for place in (lab / "runs", lab / "evidence"):
                for pattern in DRAFTS:
                    for left in place.glob(pattern):
                        shutil.rmtree(left)
            yield
        finally:
            os.close(handle)
