"""The lab's store: database, blobs and ledger (floor 3, an adapter).

- `local`: `LocalStore`, an open lab; start here
- `ledger`: append-only events in one hash chain per writer
- `plans`, `evidence`, `looks`: the records, each committed with its ledger entry
- `blobs`: content-addressed files
- `chains`, `audit`, `checkpoints`: has anything been changed, removed, reordered or cut?
- `rows`: what the tables hold, as dataclasses
- `tables`, `schema`, `migrations`: the database's shape and its history
- `database`, `files`, `identity`, `failures`, `refusals`: connections, durable files, who writes, what goes wrong
- `merging`, `other`: ledgers made one, and another lab read without writing to it
- `moving`: one import or merge at a time
- `runindex`, `runquery`: the index of runs, which can be thrown away

Most of it loads SQLAlchemy (0.25 s), and so does the first use of a name here: rooms above import what they use.
`blobs` and `runindex` do without, since a run must begin quickly.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.store.audit import LedgerReport
    from assay.store.blobs import Blobs
    from assay.store.chains import ChainReport, Fault
    from assay.store.checkpoints import Checkpoint
    from assay.store.identity import Identity
    from assay.store.local import LocalStore, Session
    from assay.store.rows import Entry, Found, FrozenPlan, Head, KeptEvidence, Look, Writer

__all__ = [
    "Blobs",
    "ChainReport",
    "Checkpoint",
    "Entry",
    "Fault",
    "Found",
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

_WHERE = {
    "Blobs": "assay.store.blobs",
    "ChainReport": "assay.store.chains",
    "Checkpoint": "assay.store.checkpoints",
    "Entry": "assay.store.rows",
    "Found": "assay.store.rows",
    "Fault": "assay.store.chains",
    "FrozenPlan": "assay.store.rows",
    "Head": "assay.store.rows",
    "Identity": "assay.store.identity",
    "KeptEvidence": "assay.store.rows",
    "LedgerReport": "assay.store.audit",
    "LocalStore": "assay.store.local",
    "Look": "assay.store.rows",
    "Session": "assay.store.local",
    "Writer": "assay.store.rows",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'assay.store' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)
