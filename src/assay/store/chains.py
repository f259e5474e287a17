"""Checking the ledger's chains: pure functions from entries to what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from assay.base.canonical import digest
from assay.store.identity import writer_id
from assay.store.ledger import ERASED, entry_hash, genesis
from assay.store.rows import Entry, Head, Writer

Place = tuple[str, int]


@dataclass(frozen=True)
class Fault:
    """Something that is not as Assay wrote it.

    Attributes:
        where: `chain`, `records`, `database` or `checkpoint`.
        what: What was changed, as far as it can be told.
        writer: The chain concerned, if it is one.
        seq: The entry concerned, counted from 1 within its chain.
    """

    where: str
    what: str
    writer: str | None = None
    seq: int | None = None

    def line(self) -> str:
        """The fault on one line."""
        place = f"{self.writer} entry {self.seq}: " if self.seq is not None else ""
        return f"{self.where}: {place}{self.what}"


@dataclass(frozen=True)
class ChainReport:
    """One writer's chain: how long, its last entry, and the first fault, if there is one."""

    writer: str
    user: str
    host: str
    entries: int
    erased: int
    head: Head | None
    fault: Fault | None


def check_chains(writers: Iterable[Writer], entries: Iterable[Entry]) -> tuple[ChainReport, ...]:
    """One report for each writer that is known or appears in an entry.

    Args:
        writers: Everyone the lab knows.
        entries: The whole ledger, ordered by writer and seq.
    """
    known = {writer.id: writer for writer in writers}
    walks = {name: _walk(name, known.get(name), group) for name, group in groupby(entries, key=lambda e: e.writer)}
    for name, writer in known.items():
        if name not in walks:
            walks[name] = _walk(name, writer, ())
    named = {place for walk in walks.values() for place in walk.erasures}
    return tuple(_report(walks[name], known.get(name), named) for name in sorted(walks))


@dataclass
class _Walk:
    """What one pass over a chain has seen."""

    writer: str
    entries: int = 0
    last: Entry | None = None
    fault: Fault | None = None
    erasures: set[Place] = field(default_factory=set)
    erased: set[Place] = field(default_factory=set)


def _walk(name: str, writer: Writer | None, entries: Iterable[Entry]) -> _Walk:
    walk = _Walk(name, fault=_writer_fault(name, writer))
    prev, seq, position = genesis(writer) if writer else "", 0, 0
    for entry in entries:
        walk.entries += 1
        if walk.fault is None:
            what = _entry_fault(entry, seq + 1, prev, position)
            walk.fault = Fault("chain", what, name, min(entry.seq, seq + 1)) if what else None
        _note_erasure(walk, entry)
        walk.last, prev, seq, position = entry, entry.hash, entry.seq, entry.position
    if walk.fault is None and walk.entries == 0:
        walk.fault = Fault("chain", "every entry of this writer is missing", name, 1)
    return walk


def _writer_fault(name: str, writer: Writer | None) -> Fault | None:
    if writer is None:
        return Fault("chain", "the writer's own row is missing", name)
    if writer_id(writer.lab, writer.user, writer.host, writer.folder) != name:
        return Fault("chain", "the writer's own row was changed", name)
    return None


def _entry_fault(entry: Entry, seq: int, prev: str, position: int) -> str:
    """What is wrong with an entry that should be number `seq`, behind `prev` and `position`; empty if nothing."""
    if entry.seq > seq:
        return f"entry is missing: {entry.seq} follows {seq - 1}"
    if entry.seq < seq:
        return f"entry {entry.seq} is there twice"
    if entry.prev != prev:
        return "does not follow the entry before it: one of the two was changed, replaced or reordered"
    expected = entry_hash(entry.writer, entry.seq, entry.prev, entry.kind, entry.payload_digest, entry.time)
    if entry.hash != expected:
        return "its hash does not fit it: kind, time, payload digest or hash was changed"
    if entry.payload is not None and digest(entry.payload.encode(errors="surrogatepass")) != entry.payload_digest:
        return "its payload was changed"
    if entry.position <= position:
        return "its order of arrival was changed"
    return ""


def _note_erasure(walk: _Walk, entry: Entry) -> None:
    if entry.payload is None:
        walk.erased.add((entry.writer, entry.seq))
    elif entry.kind == ERASED:
        target = _json_object(entry.payload)
        walk.erasures.add((str(target.get("writer")), _whole(target.get("seq"))))


def _report(walk: _Walk, writer: Writer | None, named: set[Place]) -> ChainReport:
    unnamed = sorted(seq for name, seq in walk.erased - named if name == walk.writer)
    back = sorted(seq for name, seq in named if name == walk.writer and (name, seq) not in walk.erased)
    fault = walk.fault
    if fault is None and unnamed:
        fault = Fault("chain", "its payload is gone and no entry says who erased it", walk.writer, unnamed[0])
    if fault is None and back:
        fault = Fault("chain", "an entry says it was erased, but its payload is back", walk.writer, back[0])
    return ChainReport(
        writer=walk.writer,
        user=writer.user if writer else "",
        host=writer.host if writer else "",
        entries=walk.entries,
        erased=len(walk.erased),
        head=Head(walk.writer, walk.last.seq, walk.last.hash) if walk.last else None,
        fault=fault,
    )


def _json_object(text: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
