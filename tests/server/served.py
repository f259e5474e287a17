"""A real server of a lab in a process of its own, to be asked over a socket and to be killed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-u", "-c", "from assay.cli.main import run; run()", "serve", "--no-browser"]


@dataclass
class Server:
    """A server, its address and its key."""

    process: subprocess.Popen[str]
    address: str
    key: str

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    def kill(self) -> None:
        """End it as a power cut would end the process."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def serve(lab: Path, port: int = 0) -> Server:
    """Serve a lab on this machine; returns once it listens."""
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--lab", str(lab)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"(http://127\.0\.0\.1:\d+)/#key=(\S+)", line)
    assert found, line
    return Server(process, found[1], found[2])
