"""Runs and their index together: read what is new in the folders, and only that."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assay.base.progress import Progress
from assay.records.runlist import RunPage, RunQuery, RunRow
from assay.runs.folder import RUNS, run_folders
from assay.runs.state import file_clock, last_sign
from assay.runs.summary import summarise

SEEN = "seen"
FRESH = 2.0


@dataclass(frozen=True, slots=True)
class Reader:
    """A run that read data: by whom it was begun, and name and digest of each."""

    run: str
    user: str
    reads: tuple[tuple[str, str], ...]


Readers = list[Reader]


class Index(Protocol):
    """What is asked of the index of runs."""

    fresh: bool

    def marks(self) -> dict[str, tuple[str, float]]:
        """Every run with its state and mark."""

    def unsettled(self) -> dict[str, tuple[str, float]]:
        """Those without an end."""

    def fact(self, name: str) -> str:
        """Something kept beside the runs."""

    def update(self, rows: Iterable[RunRow], gone: Iterable[str] = (), **facts: str) -> int:
        """Put runs in."""

    def rebuild(self, rows: Iterable[RunRow], **facts: str) -> int:
        """Make it anew."""

    def page(self, query: RunQuery) -> RunPage:
        """Runs that fit."""


def refresh(index: Index, lab: Path, progress: Progress) -> Readers:
    """Bring the index up to date: runs that came or went, and open ones in whose folder something happened.

    Returns:
        Those that ended since, of the ones that read data.
    """
    runs = lab / RUNS
    now = file_clock(runs)
    seen = _folder_mark(runs, now)
    if index.fresh:
        return reindex(index, lab, progress)[1]
    if seen and seen == index.fact(SEEN):
        changed, gone = _moved(runs, index.unsettled()), []
    else:
        known, there = index.marks(), set(run_folders(runs))
        unsettled = {n: v for n, v in known.items() if v[0] in ("running", "dead") and n in there}
        changed = [*sorted(there - known.keys()), *_moved(runs, unsettled)]
        gone = sorted(known.keys() - there)
    readers: Readers = []
    if changed or gone or seen != index.fact(SEEN):
        progress.step("reading runs", len(changed))
        index.update(_rows(runs, changed, now, progress, readers), gone, **{SEEN: seen})
    return readers


def reindex(index: Index, lab: Path, progress: Progress) -> tuple[int, Readers]:
    """Make the index anew from the folders; returns how many runs there are, and those that read data and ended."""
    runs = lab / RUNS
    now = file_clock(runs)
    seen, names = _folder_mark(runs, now), run_folders(runs)
    progress.step("reading runs", len(names))
    readers: Readers = []
    many = index.rebuild(_rows(runs, names, now, progress, readers), **{SEEN: seen})
    index.fresh = False
    return many, readers


def _rows(runs: Path, names: Iterable[str], now: float, progress: Progress, readers: Readers) -> Iterator[RunRow]:
    for name in names:
        row = summarise(runs / name, now)
        if row.reads and row.state != "running":
            readers.append(Reader(row.id, row.user, row.reads))
        yield row
        progress.advance()


def _moved(runs: Path, unsettled: dict[str, tuple[str, float]]) -> list[str]:
    """Open runs to read again: all that run, since they may have died, and dead ones that show a sign of life."""
    return [n for n, (state, mark) in unsettled.items() if state == "running" or last_sign(runs / n) != mark]


def _folder_mark(runs: Path, now: float) -> str:
    """When runs last came or went; empty where that was a moment ago, and another may come within the same tick."""
    try:
        found = os.stat(runs)
    except OSError:
        return ""
    return "" if abs((now or time.time()) - found.st_mtime) < FRESH else str(found.st_mtime_ns)
