"""The ledger: every event, appended to the writer's hash chain, never changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, true, update

from assay.base import clock
from assay.base.canonical import canonical_json, digest, digest_json, encoded
from assay.base.errors import StoreError
from assay.store import tables
from assay.store.rows import Entry, Found, Head, Writer, decoded

# Entries that stand for a row of a table: they are written with the row, and only so.
PLAN_FROZEN, EVIDENCE_KEPT, LOOK_READ = "plan.frozen", "evidence.kept", "look.read"
RECORD_KINDS = frozenset({PLAN_FROZEN, EVIDENCE_KEPT, LOOK_READ})
ERASED = "ledger.erased"
_KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def entry_hash(writer: str, seq: int, prev: str, kind: str, payload_digest: str, time: str) -> str:
    """The digest that chains an entry to the one before it."""
    fields = {"writer": writer, "seq": seq, "prev": prev, "kind": kind, "payload_digest": payload_digest, "time": time}
    return digest_json(fields)


def genesis(writer: Writer) -> str:
    """What the first entry of a chain names as the one before: the digest of the writer itself."""
    return digest_json(writer)


class Ledger:
    """The ledger, seen from inside one transaction.

    Args:
        connection: The transaction.
        writer: Whose chain `append` extends.
    """

    def __init__(self, connection: Connection, writer: Writer) -> None:
        self._connection, self._writer = connection, writer

    def append(self, kind: str, payload: Any) -> Entry:
        """Add an event; it is there when the transaction commits.

        Args:
            kind: What happened, as `noun.past_tense`, e.g. `decision.made`.
            payload: What JSON can hold, or records made of that.

        Raises:
            StoreError: when the kind is malformed or kept for records, or the payload is not JSON.
        """
        if not _KIND.fullmatch(kind) or kind in RECORD_KINDS or kind == ERASED:
            raise StoreError(
                f"an event cannot be of kind {kind!r}",
                rule="a kind reads `noun.past_tense`; those of records and erasures are written by Assay alone",
            )
        return self.add(kind, payload)

    def add(self, kind: str, payload: Any) -> Entry:
        """Add an event of any kind; for the tables of this room, whose rows commit with their entry."""
        try:
            text = canonical_json(payload).decode()
        except (TypeError, ValueError) as error:
            raise StoreError(f"the payload of {kind} is not JSON ({error})", rule="a payload is JSON values") from error
        head = self._head()
        seq, prev = (head.seq + 1, head.hash) if head else (1, self._begin_chain())
        payload_digest, time = digest(text.encode()), clock.now()
        entry = Entry(
            position=self.size() + 1,
            writer=self._writer.id,
            seq=seq,
            prev=prev,
            hash=entry_hash(self._writer.id, seq, prev, kind, payload_digest, time),
            kind=kind,
            payload_digest=payload_digest,
            payload=text,
            time=time,
        )
        self._connection.execute(insert(tables.ledger).values(vars(entry)))
        return entry

    def size(self) -> int:
        """How many entries there are, of all writers."""
        return int(self._connection.execute(select(func.max(tables.ledger.c.position))).scalar() or 0)

    def entries(self, limit: int = 100, after: int = 0, kind: str | None = None) -> tuple[Entry, ...]:
        """A page of entries in order of arrival.

        Args:
            limit: At most so many.
            after: Those behind this position; pass the last one's to get the next page.
            kind: Only events of this kind.
        """
        query = select(tables.ledger).where(tables.ledger.c.position > after)
        if kind is not None:
            query = query.where(tables.ledger.c.kind == kind)
        rows = self._connection.execute(query.order_by(tables.ledger.c.position).limit(limit))
        return tuple(decoded(Entry, row) for row in rows.mappings())

    def search(self, words: str, limit: int = 100, before: int | None = None, kind: str | None = None) -> Found:
        """Entries that hold some words, the newest first: in kind, payload, hash or writer, upper case like lower.

        Args:
            words: What to look for; empty for every entry.
            limit: At most so many.
            before: Those before this position; pass the last one's to get the next page.
            kind: Only events of this kind.
        """
        c = tables.ledger.c
        # A payload is JSON: what is looked for stands in it as JSON writes it.
        inside = encoded(words).decode()[1:-1]
        # SQL takes a NUL for the end of a text.
        plain = () if "\0" in words else (c.kind, c.hash, c.writer)
        held = [field.icontains(words, autoescape=True) for field in plain]
        fits = or_(*held, c.payload.icontains(inside, autoescape=True)) if words else true()
        wanted = and_(fits, c.kind == kind if kind is not None else true())
        below = c.position < before if before is not None else true()
        query = select(tables.ledger).where(wanted, below).order_by(c.position.desc()).limit(limit)
        found = tuple(decoded(Entry, row) for row in self._connection.execute(query).mappings())
        total = self._connection.execute(select(func.count()).select_from(tables.ledger).where(wanted)).scalar()
        return Found(found, int(total or 0))

    def kinds(self) -> dict[str, int]:
        """How many entries there are of each kind."""
        c = tables.ledger.c
        rows = self._connection.execute(select(c.kind, func.count()).group_by(c.kind).order_by(c.kind))
        return {str(kind): int(n) for kind, n in rows}

    def entry(self, writer: str, seq: int) -> Entry | None:
        """One entry by its place in a chain."""
        c = tables.ledger.c
        row = self._connection.execute(select(tables.ledger).where(c.writer == writer, c.seq == seq)).mappings().first()
        return decoded(Entry, row) if row is not None else None

    def chains(self) -> Iterator[Entry]:
        """Every entry, chain by chain, each in its own order."""
        query = select(tables.ledger).order_by(tables.ledger.c.writer, tables.ledger.c.seq, tables.ledger.c.position)
        for row in self._connection.execute(query).mappings():
            yield decoded(Entry, row)

    def heads(self) -> tuple[Head, ...]:
        """The last entry of each chain, by writer."""
        c = tables.ledger.c
        last = select(c.writer, func.max(c.seq).label("seq")).group_by(c.writer).subquery()
        joined = tables.ledger.join(last, (c.writer == last.c.writer) & (c.seq == last.c.seq))
        rows = self._connection.execute(select(c.writer, c.seq, c.hash).select_from(joined).order_by(c.writer))
        return tuple(decoded(Head, row) for row in rows.mappings())

    def writers(self) -> tuple[Writer, ...]:
        """Everyone who has written here."""
        rows = self._connection.execute(select(tables.writers).order_by(tables.writers.c.id))
        return tuple(decoded(Writer, row) for row in rows.mappings())

    def erase(self, writer: str, seq: int, reason: str) -> Entry:
        """Erase an entry's payload; the entry and its digest stay, and an entry says who erased it and why.

        Raises:
            StoreError: when there is no such entry, its payload is gone already, or a record depends on it.
        """
        entry = self.entry(writer, seq)
        if entry is None or entry.payload is None:
            state = "does not exist" if entry is None else "is erased already"
            raise StoreError(f"entry {seq} of {writer} {state}", fix="list the entries with `assay ledger`")
        if entry.kind in RECORD_KINDS or entry.kind == ERASED or not reason.strip():
            raise StoreError(
                f"entry {seq} of {writer} ({entry.kind}) cannot be erased with the reason {reason!r}",
                rule="plans, evidence, looks and erasures stay; erasing anything else needs a reason",
            )
        c = tables.ledger.c
        where = (c.writer == writer) & (c.seq == seq)
        self._connection.execute(update(tables.ledger).where(where).values(payload=None))
        return self.add(ERASED, {"writer": writer, "seq": seq, "reason": reason})

    def _head(self) -> Head | None:
        c = tables.ledger.c
        query = select(c.writer, c.seq, c.hash).where(c.writer == self._writer.id).order_by(c.seq.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return decoded(Head, row) if row is not None else None

    def _begin_chain(self) -> str:
        known = self._connection.execute(select(tables.writers.c.id).where(tables.writers.c.id == self._writer.id))
        if known.first() is None:
            self._connection.execute(insert(tables.writers).values(vars(self._writer)))
        return genesis(self._writer)
