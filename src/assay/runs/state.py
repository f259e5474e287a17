"""Is a run that has no end still running? By its heartbeat, and by its process where that is on this machine."""

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

    What is alive beats every ten seconds, and is dead after 45 without a sign: a process that was stopped as much as
    one that is gone, which on this machine is seen at once. On this start of the machine the age of the last sign is
    told by the clock that nobody sets; elsewhere by the file's time, where one that lies in the future by as much is
    dead, too (a clock was set back: a living one corrects it with its next beat).
    """
    now = file_clock(folder.parent) if now is None else now
    found = list(folder.glob(f"*{SUFFIX}"))
    if not found:
        return "running" if _recent(folder, now) else "dead"
    return "running" if any(_beats(path, now) for path in found) else "dead"


def _beats(path: Path, now: float) -> bool:
    header, me = _header(path), here()
    if not header or header.get("host") != me.host or header.get("boot") != me.boot or not me.boot:
        return _recent(path, now)
    if birth(int(header.get("pid", -1))) != header.get("birth"):
        return False
    last = _last_moment(path)
    age = time.monotonic() - last if last is not None else -1.0
    # Before the last sign it is only for a process that counts from another zero.
    return age <= SILENT if age >= 0 else _recent(path, now)


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


def _last_moment(path: Path) -> float | None:
    """When the last frame was written of those at a segment's end, by its machine's monotonic clock."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _HEADER_BYTES))
            content = file.read()
    except OSError:
        return None
    told = [frames.moment(frame) for frame in frames.scan(content) if isinstance(frame, frames.Frame)]
    return next((at for at in reversed(told) if at is not None), None)


def _header(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            content = file.read(_HEADER_BYTES)
        frame = frames.frame_at(memoryview(content), 0)
        said = frame.json() if frame is not None and frame.kind == frames.HEADER else {}
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
