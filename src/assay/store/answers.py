"""What was answered to requests that carry a key, so that one that is sent again is not done again.

Kept beside users and tokens, in a file that is never synced: of a key and of what was asked only hashes are kept.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.base.errors import ConflictError
from assay.store.failures import sql_failures

FILE = "access.db"
SECONDS, MOST, MOST_BYTES = 24 * 3600, 1000, 256 << 10
"""How long an answer is kept, how many of each who asks (the oldest goes first), and how long one may be."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    who TEXT NOT NULL, key TEXT NOT NULL, asked TEXT NOT NULL, process TEXT NOT NULL, began REAL NOT NULL,
    status INTEGER, body BLOB, PRIMARY KEY (who, key)
);
"""
_OLD = """
DELETE FROM answers WHERE began <= ? OR rowid IN (
    SELECT rowid FROM answers WHERE who = ? ORDER BY began DESC, rowid DESC LIMIT -1 OFFSET ?
)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered.

    Attributes:
        body: None where it was too long, or held a secret.
    """

    status: int
    body: bytes | None


class Answers:
    """The answers of one lab that are kept by key.

    Args:
        folder: `.assay`, whose register of access is there.
    """

    def __init__(self, folder: Path) -> None:
        self._path, self._process = folder / FILE, secrets.token_hex(8)
        with self._connected() as connection:
            connection.executescript(_SCHEMA)

    def claim(self, who: str, key: str, asked: str) -> Kept | None:
        """What was answered; None where it is for the caller to do, who then keeps the answer or gives the key back.

        What a process began and did not answer before it ended is done again.

        Args:
            who: Who asks.
            key: The key that they gave the request.
            asked: A digest of what they ask.

        Raises:
            ConflictError: the key came with another request, or its request is being answered now.
        """
        now, key = time.time(), _hash(key)
        with self._connected() as connection:
            row = connection.execute(
                "SELECT asked, process, status, body FROM answers WHERE who = ? AND key = ? AND began > ?",
                (who, key, now - SECONDS),
            ).fetchone()
            if row is not None and row[0] != asked:
                raise ConflictError(
                    "the idempotency key came with another request",
                    rule="a key stands for one request",
                    fix="a new key",
                )
            if row is not None and row[2] is not None:
                return Kept(row[2], row[3])
            if row is not None and row[1] == self._process:
                raise ConflictError(
                    "the request with this idempotency key is being answered",
                    rule="what a key stands for is done once",
                    fix="send it again in a moment",
                )
            new = (who, key, asked, self._process, now)
            connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, NULL, NULL)", new)
            connection.execute(_OLD, (now - SECONDS, who, MOST))
            return None

    def keep(self, who: str, key: str, status: int, body: bytes | None) -> None:
        """Keep what was answered; None for a body that holds a secret."""
        held = body if body is not None and len(body) <= MOST_BYTES else None
        with self._connected() as connection:
            said = (status, held, who, _hash(key))
            connection.execute("UPDATE answers SET status = ?, body = ? WHERE who = ? AND key = ?", said)

    def give_back(self, who: str, key: str) -> None:
        """Nothing was done: the key is free again."""
        with self._connected() as connection:
            connection.execute("DELETE FROM answers WHERE who = ? AND key = ?", (who, _hash(key)))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with (
            sql_failures(self._path),
            closing(sqlite3.connect(self._path, timeout=30, isolation_level="IMMEDIATE")) as connection,
            connection,
        ):
            yield connection


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
