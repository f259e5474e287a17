"""A run's files sent to a server while they grow: each at its offset, so that nothing is sent twice or lost."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.base.errors import AssayError
from assay.remote.client import Client, UnreachableError, part

PAUSE, RETRY, MOST = 0.1, 1.0, 1 << 20
OUTPUT = "output.log"
SUFFIX = ".seg"


class Shipper:
    """Sends what a run writes to a folder of this machine, in a thread of its own.

    What the server has acknowledged it has written; the rest stays in the folder until it has.

    Args:
        client: Of the server.
        folder: The run's folder on this machine.
        blobs: Where its content lies by digest.
        start: What the run says of itself.
    """

    def __init__(self, client: Client, folder: Path, blobs: Path, start: dict[str, Any]) -> None:
        self._client, self._folder, self._blobs, self._start = client, folder, blobs, start
        self._run, self._known = str(start["id"]), False
        self._sizes: dict[str, int] = {}
        self._kept: set[str] = set()
        self._guard = threading.Lock()
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="assay-shipper", daemon=True)
        self.refused: AssayError | None = None
        self.bytes = 0

    def begin(self) -> bool:
        """Say that the run begins; False where the server does not answer now and is asked again later.

        Raises:
            AssayError: the server refuses.
        """
        try:
            with self._guard:
                self._tell()
            told = True
        except UnreachableError:
            told = False
        self._thread.start()
        return told

    def flush(self, seconds: float, sync: bool = True) -> bool:
        """Send what there is; whether the server has all of it."""
        end = time.monotonic() + seconds
        while True:
            try:
                with self._guard:
                    self._round(sync)
                return True
            except UnreachableError:
                if time.monotonic() >= end or self.refused is not None:
                    return False
                time.sleep(min(RETRY, max(0.0, end - time.monotonic())))
            except AssayError as error:
                self.refused = error
                return False

    def finish(self, end: dict[str, Any] | None, seconds: float) -> bool:
        """Send the rest and how the run ended; whether the server has all of it."""
        self.stop()
        if not self.flush(seconds):
            return False
        if end is None:
            return True
        try:
            self._client.ask("PUT", f"/runs/{part(self._run)}/end", end)
        except AssayError as error:
            self.refused = error
            return False
        finally:
            self._client.close()
        return True

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(60)

    def _work(self) -> None:
        pause = PAUSE
        while not self._stop.wait(pause):
            try:
                with self._guard:
                    self._round(False)
                pause = PAUSE
            except UnreachableError:
                pause = RETRY
            except AssayError as error:
                self.refused = error
                return
            except OSError:
                pause = RETRY
        self._client.close()

    def _round(self, sync: bool) -> None:
        self._tell()
        for digest, path in self._unsent():
            if self._client_has(digest):
                continue
            with path.open("rb") as content:
                self._client.ask("PUT", "/blobs", content)
            self._kept.add(digest)
        for path in self._files():
            self._grown(path, sync)

    def _tell(self) -> None:
        if not self._known:
            self._client.ask("PUT", f"/runs/{part(self._run)}", self._start)
            self._known = True

    def _client_has(self, digest: str) -> bool:
        """Code and environment are shared by many runs: what the server has is not sent again."""
        try:
            self._client.ask("HEAD", f"/blobs/{digest}")
        except UnreachableError:
            raise
        except AssayError:
            return False
        self._kept.add(digest)
        return True

    def _unsent(self) -> Iterator[tuple[str, Path]]:
        for path in sorted(self._blobs.glob("*/??/*")):
            digest = f"{path.parts[-3]}:{path.parent.name}{path.name}"
            if digest not in self._kept:
                yield digest, path

    def _files(self) -> list[Path]:
        """Segments; what a command printed is sent at the end, since its middle may be cut out."""
        found = sorted(p for p in self._folder.glob(f"*{SUFFIX}") if not p.name.startswith("."))
        output = self._folder / OUTPUT
        return [*found, output] if self._stop.is_set() and output.is_file() else found

    def _grown(self, path: Path, sync: bool) -> None:
        """Send what a file has more than the server."""
        where = f"/runs/{part(self._run)}/files/{part(path.name)}"
        with path.open("rb") as file:
            while (have := self._sizes.get(path.name, 0)) < os.fstat(file.fileno()).st_size:
                file.seek(have)
                answer = self._client.ask("PUT", where, file.read(MOST), query={"offset": have})
                self._sizes[path.name] = int(answer.json()["size"])
                self.bytes += self._sizes[path.name] - have
        if sync and self._sizes.get(path.name):
            self._client.ask("PUT", where, b"", query={"offset": self._sizes[path.name], "sync": "true"})
