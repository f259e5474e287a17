"""Browsers that came with the key of this machine: each has a secret of its own, until the server stops."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict

from assay.store.access import SESSION_SECONDS

REMEMBERED = 1000


class Sessions:
    """Sessions of the one user of this machine; the key changes with each start of the server, and so do they."""

    def __init__(self) -> None:
        self._ends: OrderedDict[bytes, float] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self) -> str:
        """The secret of a new session, which is no key; its hash is remembered."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._ends[_hash(secret)] = time.monotonic() + SESSION_SECONDS
            while len(self._ends) > REMEMBERED:
                self._ends.popitem(last=False)
        return secret

    def holds(self, secret: str) -> bool:
        """Whether it is the secret of a session that has not ended."""
        with self._lock:
            return self._ends.get(_hash(secret), 0.0) > time.monotonic()

    def end(self, secret: str) -> None:
        """End a session; others go on."""
        with self._lock:
            self._ends.pop(_hash(secret), None)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
