"""The lab's store: database, blobs and ledger (floor 3, an adapter).

- `local`: `LocalStore`, an open lab; start here
- `ledger`: append-only events in one hash chain per writer
- `plans`, `evidence`, `looks`: the records, each committed with its ledger entry
- `blobs`: content-addressed files
- `chains`, `audit`, `checkpoints`: has anything been changed, removed, reordered or cut?
- `rows`: what the tables hold, as dataclasses
- `tables`, `schema`, `migrations`: the database's shape and its history
- `database`, `files`, `identity`, `failures`: connections, durable files, who writes, what goes wrong

Importing it loads SQLAlchemy (0.25 s): rooms above import it where it is used.
"""

from assay.store.audit import LedgerReport
from assay.store.blobs import Blobs
from assay.store.chains import ChainReport, Fault
from assay.store.checkpoints import Checkpoint
from assay.store.identity import Identity
from assay.store.local import LocalStore, Session
from assay.store.rows import Entry, FrozenPlan, Head, KeptEvidence, Look, Writer

__all__ = [
    "Blobs",
    "ChainReport",
    "Checkpoint",
    "Entry",
    "Fault",
    "FrozenPlan",
    "Head",
    "Identity",
    "KeptEvidence",
    "LedgerReport",
    "LocalStore",
    "Look",
    "Session",
    "Writer",
]
