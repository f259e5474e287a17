"""The shelf of evidence in a lab: bundles are drafted out of sight and appear whole."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assay.base.errors import EvidenceError
from assay.flows.bundle import MANIFEST
from assay.store.files import sync_folder
from assay.store.refusals import file_failures

_DRAFT = ".draft-"


class Shelf:
    """The folder `.assay/evidence`.

    Args:
        lab: The lab's folder.
    """

    def __init__(self, lab: Path) -> None:
        self.lab, self.folder = lab, lab / "evidence"

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """An empty folder to write a bundle in; it is gone at the end unless it was placed.

        Raises:
            StoreError: when the disk is full or refuses.
        """
        with file_failures(self.folder), self._held():
            draft = self.folder / f"{_DRAFT}{secrets.token_hex(6)}"
            draft.mkdir()
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)

    @contextmanager
    def placing(self, name: str) -> Iterator[Callable[[Path], None]]:
        """Gives what moves a finished draft to its name; it is taken away again when anything inside fails.

        Use it around the transaction that records the bundle, and move inside: what lies there under that name then
        was left by a process that died before its records were committed.
        """
        final, placed = self.folder / name, False

        def place(draft: Path) -> None:
            nonlocal placed
            for path in sorted(draft.iterdir()):
                _sync_file(path)
            sync_folder(draft)
            shutil.rmtree(final, ignore_errors=True)
            draft.rename(final)
            placed = True
            sync_folder(self.folder)

        try:
            yield place
        except BaseException:
            if placed:
                shutil.rmtree(final, ignore_errors=True)
            raise

    def stored(self, folder: str | None, evidence: str) -> Path:
        """Where a bundle that the lab has recorded lies.

        Raises:
            EvidenceError: when it is not there any more.
        """
        path = self.lab / folder if folder else None
        if path is None or not (path / MANIFEST).is_file():
            raise EvidenceError(
                f"the evidence {evidence[:19]}… of this judgement is missing",
                rule="the same plan, data and predictions are judged once",
                fix="restore the folder from a backup",
                where=str(path or self.folder),
            )
        return path

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Writers share a lock; whoever has it alone first clears away the drafts of processes that were killed."""
        self.folder.mkdir(exist_ok=True)
        handle = os.open(self.lab / "evidence.lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for left in self.folder.glob(f"{_DRAFT}*"):
                    shutil.rmtree(left, ignore_errors=True)
            fcntl.flock(handle, fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
