"""Frozen plans and their versions."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from assay.base import clock
from assay.base.errors import FrozenError
from assay.store import tables
from assay.store.ledger import PLAN_FROZEN, Ledger
from assay.store.rows import FrozenPlan, decoded


class Plans:
    """The frozen plans, seen from inside one transaction."""

    def __init__(self, connection: Connection, ledger: Ledger, user: str) -> None:
        self._connection, self._ledger, self._user = connection, ledger, user

    def freeze(
        self, name: str, digest: str, content: str, parent: str | None = None, reason: str | None = None
    ) -> FrozenPlan:
        """Freeze a plan, or a deviation from one; freezing the same content again changes nothing.

        Args:
            name: The plan's name; its versions share it.
            digest: Digest of the frozen content.
            content: Blob of the canonical text.
            parent: For a deviation, the digest of the version that it departs from: the latest one.
            reason: For a deviation, why.

        Raises:
            FrozenError: when a version is frozen already and this is no deviation that says why.
        """
        known = self.get(digest)
        if known is not None:
            return known
        versions = self.versions(name)
        latest = versions[-1] if versions else None
        _check_deviation(name, latest, parent, reason)
        plan = FrozenPlan(
            id="plan-" + digest.removeprefix("sha256:")[:12],
            name=name,
            version=latest.version + 1 if latest else 1,
            digest=digest,
            parent=parent,
            reason=reason,
            content=content,
            frozen_at=clock.now(),
            frozen_by=self._user,
        )
        entry = self._ledger.add(PLAN_FROZEN, plan)
        self._connection.execute(insert(tables.plans).values(asdict(plan) | {"writer": entry.writer, "seq": entry.seq}))
        return plan

    def get(self, digest: str) -> FrozenPlan | None:
        """The frozen plan of that digest."""
        row = self._connection.execute(select(tables.plans).where(tables.plans.c.digest == digest)).mappings().first()
        return decoded(FrozenPlan, row) if row is not None else None

    def versions(self, name: str) -> tuple[FrozenPlan, ...]:
        """Every version of a plan, oldest first."""
        c = tables.plans.c
        rows = self._connection.execute(select(tables.plans).where(c.name == name).order_by(c.version))
        return tuple(decoded(FrozenPlan, row) for row in rows.mappings())

    def all(self) -> tuple[FrozenPlan, ...]:
        """Every frozen plan, by name and version."""
        c = tables.plans.c
        rows = self._connection.execute(select(tables.plans).order_by(c.name, c.version))
        return tuple(decoded(FrozenPlan, row) for row in rows.mappings())


def _check_deviation(name: str, latest: FrozenPlan | None, parent: str | None, reason: str | None) -> None:
    expected = latest.digest if latest else None
    if parent != expected:
        raise FrozenError(
            f"the plan {name!r} names {parent or 'no version'} as the version that it departs from",
            rule=f"its latest frozen version is {latest.version}: {expected}" if latest else "no version is frozen yet",
            fix="freeze it as a deviation from the latest version, with a reason" if latest else "freeze it first",
        )
    if (latest is not None) != bool(reason and reason.strip()):
        raise FrozenError(
            f"the plan {name!r} gives the reason {reason!r}",
            rule="a deviation says why; a first version departs from nothing",
            fix="give a reason" if latest else "leave the reason out",
        )
