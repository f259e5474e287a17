"""What a run uses: processor time, memory, and the graphics processor where there is one."""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import dataclass
from typing import Any

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
        "peak_megabytes": round(peak_megabytes(resource.RUSAGE_SELF), 3),
        **gpu_since(start, end),
    }


def gpu_since(start: Used, end: Used) -> dict[str, float]:
    """Time on graphics processors between two moments, and the most memory held on one; empty where there are none."""
    if start.gpu is None or end.gpu is None:
        return {}
    return {"gpu_seconds": round(end.gpu - start.gpu, 3), "gpu_peak_megabytes": round(gpu.peak_megabytes(), 3)}


def peak_megabytes(who: int) -> float:
    """The most memory held at one time. Linux counts in KiB, macOS in bytes."""
    held = resource.getrusage(who).ru_maxrss
    return held / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
