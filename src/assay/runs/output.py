"""A command's output as it is kept: up to a size, from its start and its end, line by line without secrets."""

from __future__ import annotations

import threading
from collections import deque
from pathlib import Path
from typing import Any

from assay.runs.secrets import redact

OUTPUT = "output.log"
_LONGEST = 1 << 16


class OutputFile:
    """Both streams of a command in one file, in the order of arrival.

    Args:
        path: Made when the first line comes.
        cap: Bytes kept: the first three quarters as they come, the last quarter at the end.
    """

    def __init__(self, path: Path, cap: int) -> None:
        self._path, self._head, self._tail_cap = path, cap - cap // 4, cap // 4
        self._lock = threading.Lock()
        self._rests: dict[str, bytes] = {}
        self._file: Any = None
        self._tail: deque[bytes] = deque()
        self._tail_bytes = self._written = self._left = self._secrets = 0
        self._failed, self._closed = "", False

    def add(self, chunk: bytes, stream: str = "") -> None:
        """Take some output of a stream; whole lines of it are written at once.

        So neither a secret is cut in two, nor does a line of one stream stand within a line of another.
        """
        with self._lock:
            if self._closed:
                return
            held = self._rests.get(stream, b"") + chunk
            place = held.rfind(b"\n") + 1
            if not place and len(held) > _LONGEST:
                place = len(held)
            self._rests[stream] = held[place:]
            if place:
                self._keep(held[:place])

    def close(self) -> dict[str, Any]:
        """Write what is held back; says how much there is, how much was left out and how many secrets."""
        with self._lock:
            self._closed = True
            if rest := b"\n".join(filter(None, self._rests.values())):
                self._keep(rest)
            if self._left:
                self._put(f"\n[{self._left:,} bytes left out]\n".encode())
            for part in self._tail:
                self._put(part)
            if self._file is not None:
                self._file.close()
        said: dict[str, Any] = {"bytes": self._written, "left_out": self._left, "secrets": self._secrets}
        return {**said, **({"failed": self._failed} if self._failed else {})}

    def _keep(self, lines: bytes) -> None:
        text, many = redact(lines.decode("utf-8", "surrogateescape"))
        self._secrets += many
        content = text.encode("utf-8", "surrogateescape") if many else lines
        room = self._head - self._written
        if room > 0 and not self._tail:
            self._put(content[:room])
            content = content[room:]
        if content:
            self._tail.append(content)
            self._tail_bytes += len(content)
            while self._tail and self._tail_bytes - len(self._tail[0]) >= self._tail_cap:
                dropped = self._tail.popleft()
                self._tail_bytes -= len(dropped)
                self._left += len(dropped)

    def _put(self, content: bytes) -> None:
        if self._failed:
            return
        try:
            if self._file is None:
                self._file = self._path.open("wb", buffering=0)
            self._file.write(content)
            self._written += len(content)
        except OSError as error:
            self._failed = str(error.strerror)
