"""Looks: who was judged on which data, counted across all plans."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, insert, select

from assay.base import clock
from assay.store import tables
from assay.store.ledger import LOOK_READ, Ledger
from assay.store.rows import Look, decoded


class Looks:
    """The looks taken, seen from inside one transaction."""

    def __init__(self, connection: Connection, ledger: Ledger, user: str) -> None:
        self._connection, self._ledger, self._user = connection, ledger, user

    def record(
        self,
        *,
        plan: str,
        dataset: str,
        lineage: str,
        candidate: str,
        scores: str,
        evidence: str,
    ) -> Look:
        """Count a look; the same plan, dataset and scores are one look, however often they are read.

        Args:
            plan: Digest of the frozen plan.
            dataset: Digest of the dataset version that was read.
            lineage: Digest of that dataset's first version.
            candidate: Digest of the candidate.
            scores: Digest of the scores that were read.
            evidence: Digest of the bundle that came of it.
        """
        c = tables.looks.c
        known = self._select((c.plan == plan) & (c.dataset == dataset) & (c.scores == scores))
        if known:
            return known[0]
        look = Look(plan, dataset, lineage, candidate, scores, evidence, clock.now(), self._user)
        entry = self._ledger.add(LOOK_READ, look)
        self._connection.execute(insert(tables.looks).values(asdict(look) | {"writer": entry.writer, "seq": entry.seq}))
        return look

    def on_dataset(self, dataset: str) -> tuple[Look, ...]:
        """Every look at one dataset version, oldest first."""
        return self._select(tables.looks.c.dataset == dataset)

    def on_lineage(self, lineage: str) -> tuple[Look, ...]:
        """Every look at any version of a dataset, oldest first."""
        return self._select(tables.looks.c.lineage == lineage)

    def of_plan(self, plan: str) -> tuple[Look, ...]:
        """Every look that a plan has taken, oldest first."""
        return self._select(tables.looks.c.plan == plan)

    def _select(self, where: ColumnElement[bool]) -> tuple[Look, ...]:
        c = tables.looks.c
        rows = self._connection.execute(select(tables.looks).where(where).order_by(c.read_at, c.plan, c.scores))
        return tuple(decoded(Look, row) for row in rows.mappings())
