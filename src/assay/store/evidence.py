"""Evidence bundles that the lab keeps, found again by what went into them."""

from __future__ import annotations

import json
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, insert, select

from assay.base import clock
from assay.store import tables
from assay.store.ledger import EVIDENCE_KEPT, Ledger
from assay.store.rows import KeptEvidence, decoded


class Evidence:
    """The evidence kept, seen from inside one transaction."""

    def __init__(self, connection: Connection, ledger: Ledger) -> None:
        self._connection, self._ledger = connection, ledger

    def keep(
        self, digest: str, plan: str, inputs: str, manifest: str, recommendation: str, folder: str | None = None
    ) -> KeptEvidence:
        """Register a bundle; for a plan and inputs that were judged before, the bundle of then is returned.

        Args:
            digest: Digest of the bundle, its id.
            plan: Digest of the frozen plan.
            inputs: Digest of everything else that went in (data, scores).
            manifest: Blob that lists the bundle's files and their digests.
            recommendation: `adopt`, `iterate`, `stop` or `hold`.
            folder: Where the bundle lies, relative to the lab's folder, if it is a folder.
        """
        known = self.find(plan, inputs)
        if known is not None:
            return known
        kept = KeptEvidence(digest, plan, inputs, manifest, folder, recommendation, clock.now())
        entry = self._ledger.add(EVIDENCE_KEPT, kept)
        values = asdict(kept) | {"writer": entry.writer, "seq": entry.seq}
        self._connection.execute(insert(tables.evidence).values(values))
        return kept

    def get(self, digest: str) -> KeptEvidence | None:
        """The bundle of that digest; also one that stands behind another lab's earlier one of the same inputs."""
        return self._first(tables.evidence.c.id == digest) or self._second(digest)

    def find(self, plan: str, inputs: str) -> KeptEvidence | None:
        """The bundle that came of the same plan and inputs."""
        return self._first((tables.evidence.c.plan == plan) & (tables.evidence.c.inputs == inputs))

    def all(self, plan: str | None = None) -> tuple[KeptEvidence, ...]:
        """Every bundle, or those of one plan, oldest first."""
        c = tables.evidence.c
        query = select(tables.evidence).order_by(c.created_at, c.id)
        rows = self._connection.execute(query if plan is None else query.where(c.plan == plan))
        return tuple(decoded(KeptEvidence, row) for row in rows.mappings())

    def _second(self, digest: str) -> KeptEvidence | None:
        c = tables.ledger.c
        query = select(c.payload).where(c.kind == EVIDENCE_KEPT, c.payload.contains(digest, autoescape=True))
        for (payload,) in self._connection.execute(query):
            said = json.loads(payload)
            if said["id"] == digest:
                return decoded(KeptEvidence, said)
        return None

    def _first(self, where: ColumnElement[bool]) -> KeptEvidence | None:
        row = self._connection.execute(select(tables.evidence).where(where)).mappings().first()
        return decoded(KeptEvidence, row) if row is not None else None
