"""A lab on this machine: the folder `.assay/`, its database, its blobs and its ledger."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, insert, select

from assay.base import clock
from assay.base.errors import StoreError
from assay.store import schema, tables
from assay.store.audit import LedgerReport, audit
from assay.store.blobs import Blobs
from assay.store.checkpoints import Checkpoint, read_checkpoint
from assay.store.database import BUSY_SECONDS, Database
from assay.store.evidence import Evidence
from assay.store.files import sync_folder, write_whole
from assay.store.identity import Identity, writer_of
from assay.store.ledger import Ledger
from assay.store.looks import Looks
from assay.store.merging import News, merge
from assay.store.plans import Plans
from assay.store.refusals import file_failures
from assay.store.rows import Entry, Writer

FOLDER, DATABASE, BLOBS, RUNS = ".assay", "lab.db", "blobs", "runs"


@dataclass(frozen=True)
class Session:
    """The lab's tables inside one transaction: everything done with them commits together or not at all."""

    ledger: Ledger
    plans: Plans
    evidence: Evidence
    looks: Looks
    connection: Connection

    def take(self, new: News, source: str) -> None:
        """Add what another lab's ledger holds beyond this one.

        Raises:
            StoreError: records that contradict each other.
        """
        merge(self.connection, self.ledger, new, source)


class LocalStore:
    """An open lab. Use `create`, `open` or `find`; close it, or use it in a `with` statement.

    Attributes:
        writer: Whose chain of the ledger grows: the process's user, on this machine, in this folder.
        user: Whom records name; of a served lab who is logged in, whose writer is the server's.
    """

    def __init__(self, folder: Path, database: Database, writer: Writer) -> None:
        self.folder, self.root, self.writer, self.user = folder, folder.parent, writer, writer.user
        self.blobs = Blobs(folder / BLOBS)
        self._database = database

    @classmethod
    def create(cls, root: Path, identity: Identity | None = None) -> LocalStore:
        """Make a lab in a folder, which is made too if its parent is there; it appears whole or not at all.

        A folder `.assay` that holds runs and no database, for example one of which nothing else was copied, gets one.

        Raises:
            StoreError: when there is one already, or the folder cannot be written.
        """
        root = root.absolute()
        folder, draft = root / FOLDER, root / f"{FOLDER}-{secrets.token_hex(6)}"
        with file_failures(root):
            lost = has_lost(folder)
            if (folder.exists() or folder.is_symlink()) and not lost:
                raise _exists(folder)
            made = not root.exists()
            root.mkdir(exist_ok=True)
            try:
                draft.mkdir()
                _fill(draft, folder, identity or Identity.current())
                sync_folder(draft)
                if lost:
                    _take_over(draft, folder)
                else:
                    draft.rename(folder)
            except BaseException as error:
                shutil.rmtree(draft, ignore_errors=True)
                if made:
                    with suppress(OSError):  # not empty: someone else uses it already
                        root.rmdir()
                if isinstance(error, OSError) and folder.exists() and not has_lost(folder):
                    raise _exists(folder) from error
                raise
            sync_folder(root)
        return cls.open(root, identity)

    @classmethod
    def open(cls, root: Path, identity: Identity | None = None, busy_seconds: float = BUSY_SECONDS) -> LocalStore:
        """Open the lab in a folder.

        Args:
            root: The folder that holds `.assay`.
            identity: Who writes; the current user on this machine unless given.
            busy_seconds: How long a transaction waits for another process.

        Raises:
            StoreError: when there is no lab, it is damaged, a newer Assay wrote it, or it cannot be read and written.
        """
        folder = root.absolute() / FOLDER
        with file_failures(folder):
            if not (folder / DATABASE).exists():
                raise _missing(folder)
        database = Database(folder / DATABASE, busy_seconds)
        try:
            schema.ensure(database)
            with database.reading() as connection:
                lab = _lab_id(connection, folder)
            store = cls(folder, database, writer_of(lab, identity or Identity.current(), folder))
            store.blobs.sweep()
        except BaseException:
            database.close()
            raise
        return store

    @classmethod
    def find(cls, start: Path) -> LocalStore:
        """Open the lab of a folder or of the nearest folder above it."""
        start = start.absolute()
        for root in (start, *start.parents):
            with file_failures(root):
                there = (root / FOLDER / DATABASE).exists()
            if there:
                return cls.open(root)
        raise _missing(start / FOLDER)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write: rows and their ledger entries commit together at the end, or nothing does when the body raises.

        Raises:
            StoreError: when another process writes for too long, or the disk fails.
        """
        with self._database.writing() as connection:
            yield _session(connection, self.writer, self.user)

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Read one consistent state, while others may write."""
        with self._database.reading() as connection:
            yield _session(connection, self.writer, self.user)

    def append(self, kind: str, payload: Any) -> Entry:
        """Add one event to the ledger; it is on the disk when this returns."""
        with self.transaction() as session:
            return session.ledger.append(kind, payload)

    def entries(self, limit: int = 100, after: int = 0, kind: str | None = None) -> tuple[Entry, ...]:
        """A page of the ledger, in order of arrival."""
        with self.snapshot() as session:
            return session.ledger.entries(limit, after, kind)

    def erase(self, writer: str, seq: int, reason: str) -> Entry:
        """Erase an entry's payload from the file, too; the entry and its digest stay, and a new entry says why."""
        with self.transaction() as session:
            entry = session.ledger.erase(writer, seq, reason)
        self.flush()
        return entry

    def verify(self, checkpoint: Path | None = None) -> LedgerReport:
        """Check every chain, the records that belong to it, and that nothing is lost since a checkpoint.

        Raises:
            InputError: when the checkpoint file is none.
            StoreError: when the database is too damaged to be read.
        """
        earlier = read_checkpoint(checkpoint) if checkpoint is not None else None
        with self._database.reading() as connection:
            return audit(connection, Ledger(connection, self.writer), self.writer.lab, earlier)

    def checkpoint(self, path: Path | None = None) -> Checkpoint:
        """The heads of all chains, written to a file to be kept elsewhere if a path is given.

        Raises:
            StoreError: when the path lies inside the lab, where it would be changed together with it.
        """
        with self.snapshot() as session:
            ledger = session.ledger
            taken = Checkpoint(self.writer.lab, clock.now(), ledger.size(), ledger.heads())
        if path is not None:
            _check_outside(path, self.folder)
            with file_failures(path):
                write_whole(path, taken.to_bytes())
        return taken

    def flush(self) -> None:
        """Bring everything committed into `lab.db` itself, on the disk."""
        self._database.flush()

    def close(self) -> None:
        """Close the lab's files."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _session(connection: Connection, writer: Writer, user: str) -> Session:
    ledger = Ledger(connection, writer)
    return Session(
        ledger=ledger,
        plans=Plans(connection, ledger, user),
        evidence=Evidence(connection, ledger),
        looks=Looks(connection, ledger, user),
        connection=connection,
    )


def _fill(draft: Path, folder: Path, identity: Identity) -> None:
    """Write a new lab's database where nobody sees it yet."""
    database = Database.create(draft / DATABASE)
    try:
        schema.install(database)
        row = {"id": secrets.token_hex(16), "created_at": clock.now()}
        with database.writing() as connection:
            connection.execute(insert(tables.lab).values(row))
            Ledger(connection, writer_of(row["id"], identity, folder)).append("lab.created", row)
        database.flush()
    finally:
        database.close()


def has_lost(folder: Path) -> bool:
    """Whether a folder `.assay` holds runs, but not the database that it had."""
    return (folder / RUNS).is_dir() and not (folder / DATABASE).exists()


def _take_over(draft: Path, folder: Path) -> None:
    """Give a folder that has lost its database a new one; of two that do so at once one is told."""
    log = folder / f"{DATABASE}-wal"
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"{log.name} is there, and {DATABASE} is not",
            rule="a log belongs to its own database: what it holds would be written into another",
            fix=f"put {DATABASE} back beside it, or move {log.name} away",
            where=str(folder),
        )
    # Unlike a rename, a link never replaces what another process has just made.
    os.link(draft / DATABASE, folder / DATABASE)
    sync_folder(folder)
    shutil.rmtree(draft)


def _lab_id(connection: Connection, folder: Path) -> str:
    found = connection.execute(select(tables.lab.c.id)).scalars().all()
    if len(found) != 1 or not isinstance(found[0], str):
        raise StoreError(
            f"the lab names itself {len(found)} times",
            rule="lab.db holds the id of one lab",
            fix="restore the folder .assay from a backup",
            where=str(folder / DATABASE),
        )
    return found[0]


def _check_outside(path: Path, folder: Path) -> None:
    if path.resolve().is_relative_to(folder.resolve()):
        raise StoreError(
            f"the checkpoint would lie inside the lab ({path})",
            rule="a checkpoint guards the lab only from outside it",
            fix="write it elsewhere, best on another machine",
        )


def _missing(folder: Path) -> StoreError:
    if has_lost(folder):
        return lost_error(folder)
    return StoreError(
        "there is no lab here",
        rule=f"a lab is a folder {FOLDER} with {DATABASE} in it",
        fix="make one with `assay init`",
        where=str(folder),
    )


def lost_error(folder: Path) -> StoreError:
    """What a lab is told that has runs and no database."""
    return StoreError(
        f"the lab has no {DATABASE}, and runs",
        rule="the runs are whole without it; plans, evidence and the ledger were in it",
        fix="restore it from a backup, or take the runs over with `assay init`",
        where=str(folder),
    )


def _exists(folder: Path) -> StoreError:
    return StoreError(
        "there is a lab already", rule="one lab per folder", fix="use it, or choose another folder", where=str(folder)
    )
