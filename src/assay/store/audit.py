"""Is the lab as Assay wrote it? The file, the chains, the records that belong to entries, and a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from assay.base.canonical import digest_json
from assay.store import tables
from assay.store.chains import ChainReport, Fault, check_chains
from assay.store.checkpoints import Checkpoint, check_checkpoint
from assay.store.ledger import EVIDENCE_KEPT, LOOK_READ, PLAN_FROZEN, Ledger
from assay.store.merging import second

_RECORDS = ((PLAN_FROZEN, tables.plans), (EVIDENCE_KEPT, tables.evidence), (LOOK_READ, tables.looks))


@dataclass(frozen=True)
class LedgerReport:
    """The outcome of `verify`: each chain, and every other fault."""

    chains: tuple[ChainReport, ...]
    others: tuple[Fault, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, the chains' first."""
        return tuple(c.fault for c in self.chains if c.fault is not None) + self.others

    @property
    def ok(self) -> bool:
        """Whether nothing was changed, removed, reordered or cut."""
        return not self.faults

    @property
    def entries(self) -> int:
        """How many entries were checked."""
        return sum(chain.entries for chain in self.chains)


def audit(connection: Connection, ledger: Ledger, lab: str, checkpoint: Checkpoint | None) -> LedgerReport:
    """Check everything that can be checked from within one snapshot.

    Raises:
        StoreError: when the file is too damaged to be read.
    """
    others = [*_integrity(connection), *_guards(connection), *_positions(connection), *_lab(connection, ledger)]
    for kind, table in _RECORDS:
        others += _records(connection, kind, table)
    if checkpoint is not None:
        others += check_checkpoint(checkpoint, lab, ledger)
    return LedgerReport(check_chains(ledger.writers(), ledger.chains()), tuple(others))


def _integrity(connection: Connection) -> Iterator[Fault]:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(5)").all():
        if line != "ok":
            yield Fault("database", str(line))
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        yield Fault("database", f"row {row} of {table} names a row of {parent} that is not there")


def _guards(connection: Connection) -> Iterator[Fault]:
    """The triggers that keep the tables append-only have to stand."""
    there = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
    for table in tables.metadata.tables:
        for action in ("update", "delete"):
            if f"{table}_refuses_{action}" not in there:
                yield Fault("database", f"the guard against {action} of {table} was removed")


def _positions(connection: Connection) -> Iterator[Fault]:
    c = tables.ledger.c.position
    count, first, last = connection.execute(select(func.count(), func.min(c), func.max(c))).one()
    if count and (first, last) != (1, count):
        yield Fault("chain", f"{count} entries stand at positions {first} to {last}: some are missing or were moved")


def _lab(connection: Connection, ledger: Ledger) -> Iterator[Fault]:
    """The first entry of all names the lab."""
    rows = connection.execute(select(tables.lab)).mappings().all()
    first = ledger.entries(limit=1)
    named = digest_json(dict(rows[0])) if len(rows) == 1 else ""
    if not first or first[0].payload_digest != named:
        yield Fault("records", "the lab's own row or the entry that created it was changed", None)


def _records(connection: Connection, kind: str, table: Table) -> Iterator[Fault]:
    """Every record has the entry it was committed with, word for word, and every such entry its record."""
    rows = {}
    for row in connection.execute(select(table)).mappings():
        record = dict(row)
        place = (record.pop("writer"), record.pop("seq"))
        rows[place] = digest_json(record)
    c = tables.ledger.c
    entries = connection.execute(select(c.writer, c.seq, c.payload_digest).where(c.kind == kind))
    said = {(writer, seq): digest for writer, seq, digest in entries}
    if said.keys() - rows.keys():
        # A record that two merged labs had both made has one row and two entries.
        behind = second(connection, kind) - rows.keys()
        said = {place: digest for place, digest in said.items() if place not in behind}
    for writer, seq in sorted(said.keys() | rows.keys(), key=str):
        found, expected = rows.get((writer, seq)), said.get((writer, seq))
        if found is None:
            yield Fault("records", f"the row of {table.name} that this entry names is missing", writer, seq)
        elif found != expected:
            yield Fault("records", f"the row of {table.name} is not what its entry says", writer, seq)
