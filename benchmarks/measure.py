"""One case, one process: seconds and the peak memory of the whole process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Medians over runs.

    Attributes:
        seconds: Of the whole process, or of the work inside it where the process says so.
        megabytes: The most memory that the process held at one time.
        runs: Seconds of every run.
        said: What the process printed about its work.
    """

    seconds: float
    megabytes: float
    runs: tuple[float, ...]
    said: dict[str, float | str]


def once(command: Sequence[str], inside: bool, whole: bool = False) -> tuple[float, float, dict[str, float | str]]:
    """Seconds, megabytes and what was said.

    Args:
        inside: Whether the process prints JSON with the `seconds` of the work alone, without its imports.
        whole: Whether the seconds of the whole process count all the same.

    Raises:
        RuntimeError: when the process fails.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)[:200]} failed: {err.read().decode()[-2000:]}")
        said = json.loads(out.read()) if inside else {}
    # Linux counts in KiB, macOS in bytes.
    megabytes = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
    return seconds if whole else float(said.get("seconds", seconds)), megabytes, said


def measure(command: Sequence[str], runs: int, inside: bool, whole: bool = False) -> Measured:
    """Medians over some runs."""
    found = [once(command, inside, whole) for _ in range(runs)]
    seconds = tuple(f[0] for f in found)
    return Measured(statistics.median(seconds), statistics.median(f[1] for f in found), seconds, found[-1][2])
