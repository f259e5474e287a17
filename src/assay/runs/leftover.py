"""Processes that outlived what began them: found by the run that stands in their environment."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

GRACE = 5.0


def processes_of(variable: str, value: str) -> list[int]:
    """Processes of this machine, besides this one, that have an environment variable with a value.

    Empty where the kernel does not show environments.
    """
    wanted = f"{variable}={value}".encode()
    found = []
    for name in os.listdir("/proc") if Path("/proc").is_dir() else ():
        if name.isdecimal() and int(name) != os.getpid():
            with suppress(OSError):
                if wanted in Path(f"/proc/{name}/environ").read_bytes().split(b"\0"):
                    found.append(int(name))
    return found


def end_processes(variable: str, value: str, grace: float = GRACE) -> int:
    """End such processes: asked first, killed after some seconds; returns how many there were."""
    found = processes_of(variable, value)
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
        for pid in processes_of(variable, value):
            with suppress(OSError):
                os.kill(pid, number)
        until = time.monotonic() + seconds
        while processes_of(variable, value) and time.monotonic() < until:
            time.sleep(0.02)
    return len(found)
