"""Labs for the tests of the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from assay.store import Identity, LocalStore

ANN, BOB = Identity("ann", "north"), Identity("bob", "south")


def sha(letter: str) -> str:
    """A digest that is easy to read in a test."""
    return "sha256:" + letter * 64


def record_all(store: LocalStore, tag: str = "a", parent: str | None = None) -> None:
    """One plan, one bundle, one look, committed together."""
    blob = store.blobs.put(f"plan {tag}".encode())
    with store.transaction() as session:
        plan = session.plans.freeze("late", sha(tag), blob, parent, "found a leak" if parent else None)
        kept = session.evidence.keep(f"bundle-{tag}", plan.digest, sha(tag), blob, "hold")
        session.looks.record(
            plan=plan.digest, dataset=sha("d"), lineage=sha("d"), candidate=f"cand-{tag}", scores=sha(tag),
            evidence=kept.id,
        )  # fmt: skip


def furnished(root: Path) -> Path:
    """A lab with two writers, 19 entries, two versions of a plan and an erased payload; returns its database."""
    with LocalStore.create(root, ANN) as ann:
        for i in range(5):
            ann.append("run.ended", {"i": i, "note": "quiet"})
        record_all(ann, "a")
        secret = ann.append("note.taken", {"text": "the patient is Carol"})
    with LocalStore.open(root, BOB) as bob:
        for i in range(5):
            bob.append("run.ended", {"i": i})
        record_all(bob, "b", sha("a"))
        bob.erase(secret.writer, secret.seq, "named a patient")
        bob.flush()
        return bob.folder / "lab.db"


def tamper(path: Path, *statements: str) -> None:
    """Change a lab's file as someone would who knows SQLite: guards dropped, then put back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        guards = raw.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'").fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            raw.execute(statement)
        for _, sql in guards:
            raw.execute(sql)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds in a lab's file."""
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(query).fetchall()
