"""Is a run that has no end still running? By its process where it is on this machine, else by its heartbeat."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.records.runs import State
from assay.runs import frames
from assay.runs.process import birth, here
from assay.runs.recorder import SUFFIX

SILENT = 45.0
_HEADER_BYTES = 4096


def open_state(folder: Path, now: float | None = None) -> State:
    """`running` or `dead`, for a run without an end record.

    A process of this machine and this start of it is asked for directly. Of others the last write counts: they beat
    every ten seconds, and are dead after 45 without one, or when the last one lies in the future by as much (a clock
    was set back: a living one corrects it with its next beat).
    """
    now = file_clock(folder.parent) if now is None else now
    found = list(folder.glob(f"*{SUFFIX}"))
    for path in found:
        header = _header(path)
        me = here()
        if header and header.get("host") == me.host and header.get("boot") == me.boot and me.boot:
            if birth(int(header.get("pid", -1))) == header.get("birth"):
                return "running"
        elif _recent(path, now):
            return "running"
    return "running" if not found and _recent(folder, now) else "dead"


def last_sign(folder: Path) -> float:
    """When anything was last written in a run's folder, by the clock of its file system."""
    try:
        with os.scandir(folder) as found:
            return max((e.stat().st_mtime for e in found), default=0.0)
    except OSError:
        return 0.0


def file_clock(folder: Path) -> float:
    """The time by the clock that also stamps the files there; this machine's where nothing can be written."""
    probe = folder.parent / ".clock"
    try:
        probe.touch()
        return probe.stat().st_mtime
    except OSError:
        return time.time()


def _recent(path: Path, now: float) -> bool:
    try:
        return abs(now - path.stat().st_mtime) <= SILENT
    except OSError:
        return False


def _header(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(_HEADER_BYTES)
        frame = frames.frame_at(memoryview(content), 0)
        said = frame.json() if frame is not None and frame.kind == frames.HEADER else {}
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
