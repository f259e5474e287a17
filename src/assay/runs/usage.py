"""What a run uses: processor time, memory, and the graphics processor where there is one."""

from __future__ import annotations

import os
import resource
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, Self

from assay.runs import gpu


@dataclass(frozen=True, slots=True)
class Used:
    """Clocks at one moment: wall and processor seconds of this process and its ended children.

    Attributes:
        gpu: Seconds of graphics processors since the process began to sample them; None where there are none.
    """

    wall: float
    user: float
    system: float
    gpu: float | None = None


def now() -> Used:
    """The clocks now."""
    t = os.times()
    busy = gpu.busy()
    seconds = busy.seconds if busy is not None else None
    return Used(time.monotonic(), t.user + t.children_user, t.system + t.children_system, seconds)


def since(start: Used) -> dict[str, Any]:
    """What was used since; peak memory is of the whole process, which may have held more before."""
    end = now()
    return {
        "wall_seconds": round(end.wall - start.wall, 6),
        "user_seconds": round(end.user - start.user, 6),
        "system_seconds": round(end.system - start.system, 6),
        "peak_megabytes": round(peak_megabytes(resource.getrusage(resource.RUSAGE_SELF)), 3),
        **gpu_since(start, end),
    }


def gpu_since(start: Used, end: Used) -> dict[str, float]:
    """Time on graphics processors between two moments, and the most memory held on one; empty where there are none."""
    if start.gpu is None or end.gpu is None:
        return {}
    return {"gpu_seconds": round(end.gpu - start.gpu, 3), "gpu_peak_megabytes": round(gpu.peak_megabytes(), 3)}


def peak_megabytes(used: resource.struct_rusage) -> float:
    """The most memory held at one time. Linux counts in KiB, macOS in bytes."""
    return used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


class Watermark:
    """The most memory that a process has held, read off the kernel's own mark while it lives; 0 where there is none.

    Args:
        pid: Of the process.
    """

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._path, self._over = f"/proc/{pid}/status", threading.Event()
        self._thread = threading.Thread(target=self._watch, name="assay-memory", daemon=True)

    def _watch(self) -> None:
        # The mark never falls, so that it is asked often at first and seldom later.
        pause = 0.01
        while not self._over.wait(pause):
            pause = min(0.25, pause * 1.1)
            try:
                with open(self._path, "rb") as file:
                    mark = next((line for line in file if line.startswith(b"VmHWM:")), b"")
            except OSError:
                return
            if mark:
                self.megabytes = max(self.megabytes, int(mark.split()[1]) * 1024 / 1e6)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *left: object) -> None:
        self._over.set()
        self._thread.join()
