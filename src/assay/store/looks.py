"""Looks: who was judged on which data, counted across all plans."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, insert, select

from assay.base import clock
from assay.base.errors import LookError
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
        candidates_allowed: int | None = None,
    ) -> Look:
        """Count a look; the same plan, dataset and scores are one look, however often they are read.

        The budget is checked under the write lock, so that two processes cannot both take the last look.

        Args:
            plan: Digest of the frozen plan.
            dataset: Digest of the dataset version that was read.
            lineage: Digest of that dataset's first version.
            candidate: Digest of the candidate.
            scores: Digest of the scores that were read.
            evidence: Digest of the bundle that came of it.
            candidates_allowed: How many candidates may be judged on this dataset version; None for no budget.

        Raises:
            LookError: when the budget is spent on other candidates.
        """
        c = tables.looks.c
        known = self._select((c.plan == plan) & (c.dataset == dataset) & (c.scores == scores))
        if known:
            return known[0]
        judged = self.candidates(dataset)
        if candidates_allowed is not None and candidate not in judged and len(judged) >= candidates_allowed:
            raise LookError(
                f"{len(judged)} candidates have been judged on the dataset {dataset}",
                rule=f"the plan allows {candidates_allowed} on one dataset version, counted across all plans",
                fix="judge this candidate on fresh units",
            )
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

    def candidates(self, dataset: str) -> frozenset[str]:
        """The candidates judged on a dataset version, across all plans."""
        return frozenset(look.candidate for look in self.on_dataset(dataset))

    def _select(self, where: ColumnElement[bool]) -> tuple[Look, ...]:
        c = tables.looks.c
        rows = self._connection.execute(select(tables.looks).where(where).order_by(c.read_at, c.plan, c.scores))
        return tuple(decoded(Look, row) for row in rows.mappings())
