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

ASSAY = [sys.executable, "-c", "from assay.cli.main import run; run()"]
"""The command, as a process of its own."""


@dataclass(frozen=True)
class Measured:
    """Medians over runs.

    Attributes:
        seconds: Of the whole process, or of the work inside it where the process says so.
        megabytes: The most memory that the process held at one time.
        cpu: Processor seconds of the whole process, all threads: what a busy machine does not change much.
        runs: Seconds of every run.
        said: What the process printed about its work.
    """

    seconds: float
    megabytes: float
    cpu: float
    runs: tuple[float, ...]
    said: dict[str, float | str]


def once(
    command: Sequence[str], inside: bool, whole: bool = False
) -> tuple[float, float, float, dict[str, float | str]]:
    """Seconds, megabytes, processor seconds and what was said.

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
    shown = seconds if whole else float(said.get("seconds", seconds))
    return shown, megabytes, usage.ru_utime + usage.ru_stime, said


def measure(command: Sequence[str], runs: int, inside: bool, whole: bool = False) -> Measured:
    """Medians over some runs."""
    found = [once(command, inside, whole) for _ in range(runs)]
    seconds = tuple(f[0] for f in found)
    megabytes, cpu = (statistics.median(f[i] for f in found) for i in (1, 2))
    return Measured(statistics.median(seconds), megabytes, cpu, seconds, found[-1][3])
