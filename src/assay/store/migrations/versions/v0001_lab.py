"""The first schema: ledger, plans, evidence and looks, all append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, then the triggers that keep them append-only."""
    _ledger_tables()
    _record_tables()
    for table in ("lab", "writers", "plans", "evidence", "looks"):
        _refuse(table, "UPDATE")
    for table in ("lab", "writers", "ledger", "plans", "evidence", "looks"):
        _refuse(table, "DELETE")
    op.execute(
        """
        CREATE TRIGGER ledger_refuses_update BEFORE UPDATE ON ledger
        WHEN NEW.payload IS NOT NULL OR NEW.position IS NOT OLD.position OR NEW.writer IS NOT OLD.writer
          OR NEW.seq IS NOT OLD.seq OR NEW.prev IS NOT OLD.prev OR NEW.hash IS NOT OLD.hash
          OR NEW.kind IS NOT OLD.kind OR NEW.payload_digest IS NOT OLD.payload_digest OR NEW.time IS NOT OLD.time
        BEGIN SELECT RAISE(ABORT, 'ledger is append-only'); END
        """
    )


def _refuse(table: str, action: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_refuses_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _ledger_tables() -> None:
    op.create_table("lab", sa.Column("id", sa.Text, primary_key=True), sa.Column("created_at", sa.Text, nullable=False))
    op.create_table(
        "writers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lab", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
    )
    op.create_table(
        "ledger",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("writer", sa.Text, sa.ForeignKey("writers.id"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("prev", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload_digest", sa.Text, nullable=False),
        sa.Column("payload", sa.Text),
        sa.Column("time", sa.Text, nullable=False),
        sa.UniqueConstraint("writer", "seq"),
        sa.CheckConstraint("seq >= 1"),
    )
    op.create_index("ledger_kind", "ledger", ["kind"])


def _record_tables() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        sa.Column("parent", sa.Text, sa.ForeignKey("plans.digest")),
        sa.Column("reason", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("frozen_at", sa.Text, nullable=False),
        sa.Column("frozen_by", sa.Text, nullable=False),
        *_entry_columns(),
        sa.UniqueConstraint("name", "version"),
        sa.CheckConstraint("(version = 1) = (parent IS NULL) AND (version = 1) = (reason IS NULL)"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("plan", sa.Text, sa.ForeignKey("plans.digest"), nullable=False),
        sa.Column("inputs", sa.Text, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
        sa.Column("folder", sa.Text),
        sa.Column("recommendation", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        *_entry_columns(),
        sa.UniqueConstraint("plan", "inputs"),
        sa.CheckConstraint("recommendation IN ('adopt', 'iterate', 'stop', 'hold')"),
    )
    op.create_table(
        "looks",
        sa.Column("plan", sa.Text, sa.ForeignKey("plans.digest"), primary_key=True),
        sa.Column("dataset", sa.Text, primary_key=True),
        sa.Column("scores", sa.Text, primary_key=True),
        sa.Column("lineage", sa.Text, nullable=False),
        sa.Column("candidate", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text, sa.ForeignKey("evidence.id"), nullable=False),
        sa.Column("read_at", sa.Text, nullable=False),
        sa.Column("read_by", sa.Text, nullable=False),
        *_entry_columns(),
    )
    op.create_index("looks_lineage", "looks", ["lineage"])
    op.create_index("looks_dataset", "looks", ["dataset"])


def _entry_columns() -> tuple[sa.Column[str], sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("writer", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["writer", "seq"], ["ledger.writer", "ledger.seq"]),
    )
