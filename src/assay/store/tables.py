"""The tables of a lab, as SQLAlchemy Core describes them; the migrations create them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

lab = Table("lab", metadata, Column("id", Text, primary_key=True), Column("created_at", Text, nullable=False))

writers = Table(
    "writers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("lab", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("folder", Text, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("writer", Text, ForeignKey("writers.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("payload_digest", Text, nullable=False),
    Column("payload", Text),
    Column("time", Text, nullable=False),
    UniqueConstraint("writer", "seq"),
    CheckConstraint("seq >= 1"),
    Index("ledger_kind", "kind"),
)


def _entry_columns() -> tuple[Column[str], Column[int], ForeignKeyConstraint]:
    """Each record names the ledger entry that it was committed with."""
    return (
        Column("writer", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        ForeignKeyConstraint(["writer", "seq"], ["ledger.writer", "ledger.seq"]),
    )


plans = Table(
    "plans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("parent", Text, ForeignKey("plans.digest")),
    Column("reason", Text),
    Column("content", Text, nullable=False),
    Column("frozen_at", Text, nullable=False),
    Column("frozen_by", Text, nullable=False),
    *_entry_columns(),
    UniqueConstraint("name", "version"),
    CheckConstraint("(version = 1) = (parent IS NULL) AND (version = 1) = (reason IS NULL)"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Text, primary_key=True),
    Column("plan", Text, ForeignKey("plans.digest"), nullable=False),
    Column("inputs", Text, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("folder", Text),
    Column("recommendation", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    *_entry_columns(),
    UniqueConstraint("plan", "inputs"),
    CheckConstraint("recommendation IN ('adopt', 'iterate', 'stop', 'hold')"),
)

looks = Table(
    "looks",
    metadata,
    Column("plan", Text, ForeignKey("plans.digest"), primary_key=True),
    Column("dataset", Text, primary_key=True),
    Column("scores", Text, primary_key=True),
    Column("lineage", Text, nullable=False),
    Column("candidate", Text, nullable=False),
    Column("evidence", Text, ForeignKey("evidence.id"), nullable=False),
    Column("read_at", Text, nullable=False),
    Column("read_by", Text, nullable=False),
    *_entry_columns(),
    Index("looks_lineage", "lineage"),
    Index("looks_dataset", "dataset"),
)
