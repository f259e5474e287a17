"""Ledgers of two labs made one: chains are copied whole, and the tables of records follow from the chains.

A plan, a bundle or a look that both labs have recorded stands in the ledger twice and counts once: its row is that of
the earliest entry, whichever lab was merged into which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from assay.base.errors import StoreError
from assay.store import tables
from assay.store.ledger import ERASED, EVIDENCE_KEPT, LOOK_READ, PLAN_FROZEN, Ledger
from assay.store.rows import Entry, Writer

MERGED = "labs.merged"
# Table, key of a record, and the field with its time.
RECORDS: dict[str, tuple[Table, tuple[str, ...], str]] = {
    PLAN_FROZEN: (tables.plans, ("digest",), "frozen_at"),
    EVIDENCE_KEPT: (tables.evidence, ("plan", "inputs"), "created_at"),
    LOOK_READ: (tables.looks, ("plan", "dataset", "scores"), "read_at"),
}


@dataclass(frozen=True)
class News:
    """What another ledger holds beyond this one.

    Attributes:
        entries: By writer, each chain's in order.
        behind: Whether this ledger held nothing that the other does not.
    """

    writers: tuple[Writer, ...]
    entries: tuple[Entry, ...]
    behind: bool

    def of(self, kind: str) -> int:
        """How many entries are of one kind."""
        return sum(e.kind == kind for e in self.entries)


def news(ours: Ledger, theirs: Ledger) -> News:
    """What is new in their ledger.

    Raises:
        StoreError: a chain that the two continue differently, as after one folder was copied over another.
    """
    heads = {h.writer: h for h in ours.heads()}
    beyond, behind = [], True
    seen = set()
    for head in theirs.heads():
        seen.add(head.writer)
        mine = heads.get(head.writer)
        common = min(head.seq, mine.seq) if mine else 0
        a, b = ours.entry(head.writer, common), theirs.entry(head.writer, common)
        if common and (a is None or b is None or a.hash != b.hash):
            raise StoreError(
                f"the chain {head.writer} goes on differently in the two labs",
                rule="a chain has one writer, and grows at one place",
                fix="one of the two is a copy that was written to in the other's place: keep one of them",
            )
        behind = behind and (mine is None or mine.seq <= head.seq)
        if mine is None or mine.seq < head.seq:
            beyond.append((head.writer, common))
    fresh = [e for e in theirs.chains() if any(e.writer == w and e.seq > n for w, n in beyond)]
    known = {w.id for w in ours.writers()}
    writers = tuple(w for w in theirs.writers() if w.id not in known)
    return News(writers, tuple(fresh), behind and seen >= heads.keys())


def merge(connection: Connection, ledger: Ledger, new: News, source: str) -> None:
    """Append their entries, make the tables of records anew, and name all heads in an entry of our own.

    Where this lab was merely behind, no entry is added: both labs then hold the same.

    Raises:
        StoreError: records that contradict each other.
    """
    if not new.entries:
        return
    for writer in new.writers:
        connection.execute(insert(tables.writers).values(vars(writer)))
    place = ledger.size()
    for position, entry in enumerate(_in_time(new.entries), place + 1):
        connection.execute(insert(tables.ledger).values(vars(entry) | {"position": position}))
    _erase(connection)
    project(connection)
    if not new.behind and any(e.kind != MERGED for e in new.entries):
        ledger.append(MERGED, {"source": source, "heads": list(ledger.heads())})


def project(connection: Connection) -> None:
    """Fill the tables of records from the ledger: for each key the earliest entry.

    Raises:
        StoreError: two plans of one name and version.
    """
    chosen = {kind: earliest(connection, kind) for kind in RECORDS}
    _check_plans(chosen[PLAN_FROZEN].values())
    kept = {row["id"] for row in chosen[EVIDENCE_KEPT].values()}
    chosen[LOOK_READ] = earliest(connection, LOOK_READ, kept)
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    guards = {t.name: _guards(connection, t.name) for t, _, _ in RECORDS.values()}
    for kind in reversed(RECORDS):
        table = RECORDS[kind][0]
        for name, _ in guards[table.name]:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.execute(table.delete())
    for kind, (table, _, _) in RECORDS.items():
        rows = list(chosen[kind].values())
        if rows:
            connection.execute(insert(table), rows)
    for statements in guards.values():
        for _, statement in statements:
            connection.exec_driver_sql(statement)


def earliest(
    connection: Connection, kind: str, evidence: set[str] | None = None
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The row of each record of a kind: its earliest entry's, by time, writer and seq.

    Args:
        evidence: For looks, bundles that are kept: a look at one of these comes before others.
    """
    _, keys, time = RECORDS[kind]
    c = tables.ledger.c
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    rank: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    query = select(tables.ledger).where(c.kind == kind).order_by(c.writer, c.seq)
    for held in connection.execute(query).mappings():
        content = _content(held["payload"])
        if not content.keys() >= {*keys, time}:
            continue
        row = {**content, "writer": held["writer"], "seq": held["seq"]}
        key = tuple(row[k] for k in keys)
        order = (evidence is not None and row["evidence"] not in evidence, row[time], held["writer"], held["seq"])
        if key not in rank or order < rank[key]:
            found[key], rank[key] = row, order
    return found


def _content(payload: str | None) -> dict[str, Any]:
    """A payload; empty where it was damaged, which `verify` says of its chain."""
    try:
        said = json.loads(payload or "null")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def second(connection: Connection, kind: str) -> set[tuple[str, int]]:
    """Places of entries whose record another lab had recorded before: the row is the other's."""
    kept = {row["id"] for row in earliest(connection, EVIDENCE_KEPT).values() if "id" in row}
    chosen = earliest(connection, kind, kept if kind == LOOK_READ else None)
    first = {(row["writer"], row["seq"]) for row in chosen.values()}
    c = tables.ledger.c
    return {(w, s) for w, s in connection.execute(select(c.writer, c.seq).where(c.kind == kind))} - first


def _check_plans(rows: Iterable[Mapping[str, Any]]) -> None:
    seen: dict[tuple[str, int], str] = {}
    for row in rows:
        other = seen.setdefault((row["name"], row["version"]), row["digest"])
        if other != row["digest"]:
            raise StoreError(
                f"the plan {row['name']!r} has two different versions {row['version']} in the two labs",
                rule="a version of a plan is one content: conflicts are refused, and nothing was written",
                fix="judge it in one of the two labs alone; a new plan there takes another name",
            )


def _in_time(entries: Iterable[Entry]) -> list[Entry]:
    """Order of arrival: chains one after the other, each in its own order, so that clocks need not agree."""
    return sorted(entries, key=lambda e: (e.writer, e.seq))


def _erase(connection: Connection) -> None:
    """What one lab has erased is erased in the merged one."""
    c = tables.ledger.c
    for held in connection.execute(select(tables.ledger).where(c.kind == ERASED)).mappings().all():
        target = _content(held["payload"])
        where = (c.writer == target.get("writer")) & (c.seq == target.get("seq")) & c.payload.is_not(None)
        connection.execute(update(tables.ledger).where(where).values(payload=None))


def _guards(connection: Connection, table: str) -> list[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? ORDER BY name"
    return [(str(n), str(s)) for n, s in connection.exec_driver_sql(query, (table,)).all()]
