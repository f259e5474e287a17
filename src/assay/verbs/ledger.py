"""`ledger`: read, verify and checkpoint the record of events."""

from __future__ import annotations

from pathlib import Path

from assay.base.errors import InputError
from assay.records.access import READ
from assay.remote.address import LabPlace, Remote
from assay.store import Checkpoint, Entry, Found, LedgerReport
from assay.store.files import write_whole
from assay.store.refusals import file_failures
from assay.verbs.served import served
from assay.verbs.where import open_lab


@served(READ)
def entries(lab: LabPlace | None, limit: int = 50) -> tuple[Entry, ...]:
    """The last events, oldest first."""
    with open_lab(lab) as store, store.snapshot() as session:
        return tuple(session.ledger.entries(limit, after=max(0, session.ledger.size() - limit)))


@served(READ)
def page(lab: LabPlace | None, after: int, limit: int, kind: str | None = None) -> tuple[Entry, ...]:
    """Events after a position, in order of arrival."""
    with open_lab(lab) as store, store.snapshot() as session:
        return tuple(session.ledger.entries(limit, after=after, kind=kind))


@served(READ)
def search(
    lab: LabPlace | None, words: str = "", limit: int = 100, before: int | None = None, kind: str | None = None
) -> Found:
    """Events that hold some words, the newest first, of the whole ledger; those before a position to go on."""
    if limit < 1:
        raise InputError(f"the limit is {limit}", rule="a page has an event at least", fix="--limit 20")
    sound = words.encode("utf-8", "replace").decode()
    with open_lab(lab) as store, store.snapshot() as session:
        return session.ledger.search(sound, limit, before, kind)


@served(READ)
def kinds(lab: LabPlace | None) -> dict[str, int]:
    """How many events there are of each kind."""
    with open_lab(lab) as store, store.snapshot() as session:
        return session.ledger.kinds()


@served(READ)
def frozen(lab: LabPlace | None) -> tuple[Entry, ...]:
    """The events that froze plans, oldest first."""
    with open_lab(lab) as store, store.snapshot() as session:
        return tuple(session.ledger.entries(max(1, session.ledger.size()), kind="plan.frozen"))


@served(READ, checkpoint="file")
def verify(lab: LabPlace | None, checkpoint: Path | None = None) -> LedgerReport:
    """Check every chain, against a checkpoint where one is given."""
    with open_lab(lab) as store:
        return store.verify(checkpoint)


def checkpoint(lab: LabPlace | None, path: Path) -> Checkpoint:
    """Write the heads of all chains to a file to be kept elsewhere."""
    if isinstance(lab, Remote):
        taken = heads(lab)
        with file_failures(path):
            write_whole(path, taken.to_bytes())
        return taken
    with open_lab(lab) as store:
        return store.checkpoint(path)


@served(READ)
def heads(lab: LabPlace | None) -> Checkpoint:
    """The heads of all chains."""
    with open_lab(lab) as store:
        return store.checkpoint()
