"""How often somebody may try to log in."""

from __future__ import annotations

import threading
import time
from collections import deque

from assay.server.failures import RefusedError

MOST, SECONDS, REMEMBERED = 10, 60.0, 10_000


class Attempts:
    """Attempts to log in, by address and by name, over the last minute."""

    def __init__(self) -> None:
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def check(self, address: str, name: str) -> None:
        """Count an attempt.

        Raises:
            RefusedError: 429 after too many.
        """
        now = time.monotonic()
        with self._lock:
            if len(self._seen) > REMEMBERED:
                self._seen = {k: v for k, v in self._seen.items() if v and now - v[-1] < SECONDS}
            for key in (f"address {address}", *([f"name {name}"] if name else [])):
                recent = self._seen.setdefault(key, deque())
                while recent and now - recent[0] > SECONDS:
                    recent.popleft()
                if len(recent) >= MOST:
                    raise RefusedError(429, "too many attempts at a password", f"{MOST} a minute", "wait a minute")
                recent.append(now)
