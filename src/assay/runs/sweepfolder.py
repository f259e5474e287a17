"""The state of a sweep in the lab: who has begun which cell, and how that ended. Files are added and never changed.

Below `.assay/sweeps/NAME-DIGEST/1/` (2, 3, … where the sweep was begun anew; `why` says why):

- `cells/KEY/1.claim`: who begins the cell for the first time; `1.run`: as which run; `1.end`: how it ended
- `settings/MODEL/1`: what a search has proposed
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_json
from assay.records.runs import RunEnd
from assay.runs.folder import RUNS, read_record
from assay.runs.once import read_once, write_once
from assay.runs.process import birth, here
from assay.runs.state import SILENT, file_clock, open_state

SWEEPS, CLAIM, RUN, END = "sweeps", ".claim", ".run", ".end"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that a cell was begun.

    Attributes:
        claim: Who did: session, host, boot, pid, birth, time.
        run: The id of its run; empty before there is one.
        end: State, why, seconds, cpu_seconds, time; None while it is open.
        alive: Whether the claimant still is.
        faults: Records that are not as they were written.
    """

    number: int
    claim: Mapping[str, Any]
    run: str = ""
    end: Mapping[str, Any] | None = None
    alive: bool = False
    faults: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether it filled the cell."""
        return self.end is not None and self.end.get("state") == "finished"

    @property
    def failed(self) -> bool:
        """Whether the command failed, rather than was interrupted or killed with its worker."""
        return self.end is not None and self.end.get("state") == "failed"


@dataclass(slots=True)
class SweepFolder:
    """The state of one generation of a plan's sweep.

    Args:
        lab: The folder `.assay`.
        folder: Of this generation.
    """

    lab: Path
    folder: Path
    _done: dict[str, tuple[Attempt, ...]] = field(default_factory=dict)

    @property
    def generation(self) -> int:
        """1, or more where the sweep was begun anew."""
        return int(self.folder.name)

    def attempts(self, key: str) -> tuple[Attempt, ...]:
        """Every attempt at a cell, in order; a finished cell is read once."""
        if key in self._done:
            return self._done[key]
        place = self.folder / "cells" / key
        found = tuple(self._attempt(place, number) for number in _numbers(place, CLAIM))
        if any(a.finished for a in found):
            self._done[key] = found
        return found

    def _attempt(self, place: Path, number: int) -> Attempt:
        path = place / f"{number}{CLAIM}"
        claim, run, end = read_once(path), read_once(place / f"{number}{RUN}"), read_once(place / f"{number}{END}")
        there = {RUN: run, END: end, CLAIM: claim}
        faults = tuple(
            f"{place.name}/{number}{ending} is not as it was written"
            for ending, said in there.items()
            if said is None and (place / f"{number}{ending}").exists()
        )
        name = str(run["run"]) if run else ""
        alive = end is None and claim is not None and _alive(path, claim)
        if end is None and not alive:
            # It may have ended between the two readings.
            end = read_once(place / f"{number}{END}") or (self._ended_alone(name) if name else None)
        if end is not None and end.get("state") == "finished" and not self._kept(name):
            end = {**end, "state": "lost", "why": f"the run {name} is gone"}
        return Attempt(number, claim or {}, name, end, alive, faults)

    def _ended_alone(self, run: str) -> dict[str, Any] | None:
        """The end of a run whose worker died before it could note it down."""
        end, _ = read_record(self.lab / RUNS / run, RunEnd)
        return ending(end) if end is not None and end.state == "finished" else None

    def _kept(self, run: str) -> bool:
        end, faults = read_record(self.lab / RUNS / run, RunEnd)
        return end is not None and not faults

    def claim(self, key: str, number: int, session: str) -> bool:
        """Begin an attempt; False where another process was first."""
        me = here()
        said = {
            "type": "assay.sweep.claim", "session": session, "host": me.host, "boot": me.boot, "pid": me.pid,
            "birth": me.birth, "time": time.time(),
        }  # fmt: skip
        return write_once(self.folder / "cells" / key / f"{number}{CLAIM}", said)

    def touch(self, key: str, number: int) -> None:
        """Say that the claimant lives, to other machines."""
        os.utime(self.folder / "cells" / key / f"{number}{CLAIM}")

    def began(self, key: str, number: int, run: str) -> None:
        """Note which run an attempt is, before its command is executed."""
        write_once(self.folder / "cells" / key / f"{number}{RUN}", {"type": "assay.sweep.run", "run": run})

    def ended(self, key: str, number: int, end: Mapping[str, Any]) -> None:
        """Note how an attempt ended."""
        write_once(self.folder / "cells" / key / f"{number}{END}", dict(end))

    def settings(self, model: str) -> tuple[dict[str, Any], ...]:
        """What a search has proposed for a model, in order."""
        place = self.folder / "settings" / _word(model)
        found = (read_once(place / str(n)) for n in _numbers(place, ""))
        return tuple(dict(said["config"]) for said in found if said is not None)

    def propose(self, model: str, number: int, config: Mapping[str, Any]) -> bool:
        """Keep a proposal under its number, from 1; False where another process was first."""
        said = {"type": "assay.sweep.setting", "model": model, "config": dict(config)}
        return write_once(self.folder / "settings" / _word(model) / str(number), said)

    def cpu_seconds(self) -> float:
        """What all attempts have taken of processors, as far as they have ended."""
        place = self.folder / "cells"
        ends = (read_once(path) for path in place.glob(f"*/*{END}"))
        return sum(float(end.get("cpu_seconds", 0.0)) for end in ends if end is not None)

    def orphans(self, attempt: Attempt) -> bool:
        """Whether the run of a dead attempt is still running on another machine."""
        me, claim = here(), attempt.claim
        elsewhere = (claim.get("host"), claim.get("boot")) != (me.host, me.boot)
        return elsewhere and bool(attempt.run) and open_state(self.lab / RUNS / attempt.run) == "running"


def ending(end: RunEnd) -> dict[str, Any]:
    """What the sweep notes of a run's end."""
    cpu = float(end.usage.get("user_seconds", 0.0)) + float(end.usage.get("system_seconds", 0.0))
    state, why = ("finished", "") if end.state == "finished" else (end.state, end.error)
    if state == "finished" and not end.healthy:
        state, why = "failed", f"{end.dropped} logged values were lost"
    return {
        "type": "assay.sweep.end", "state": state, "why": why[:1000], "seconds": end.seconds, "cpu_seconds": cpu,
        "time": end.ended,
    }  # fmt: skip


def open_sweep(lab: Path, plan: str, anew: str = "") -> SweepFolder:
    """The state of a plan's sweep, made where there is none.

    Args:
        lab: The folder `.assay`.
        plan: The plan's name.
        anew: Why all cells are to be run again; what there is stays, under its own number.
    """
    root = sweep_root(lab, plan)
    numbers = [int(n) for n in _names(root) if n.isdecimal()]
    last = max(numbers, default=0)
    if last == 0 or anew:
        why = {"type": "assay.sweep", "plan": plan, "why": anew, "time": time.time()}
        # Whoever was first, there is one by now.
        write_once(root / str(last + 1) / "why", why)
        last += 1
    return SweepFolder(lab, root / str(last))


def sweep_root(lab: Path, plan: str) -> Path:
    """The folder of a plan's sweep."""
    return lab / SWEEPS / _word(plan)


def _word(name: str) -> str:
    """A name as a folder: readable, and different for different names."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:40]
    return f"{readable}-{digest_json(name)[7:15]}" if readable else digest_json(name)[7:23]


def _numbers(place: Path, ending: str) -> list[int]:
    stems = (n.removesuffix(ending) for n in _names(place) if n.endswith(ending))
    return sorted(int(stem) for stem in stems if stem.isdecimal())


def _names(place: Path) -> Iterator[str]:
    try:
        with os.scandir(place) as found:
            yield from [e.name for e in found]
    except FileNotFoundError:
        return


def _alive(path: Path, claim: Mapping[str, Any]) -> bool:
    me = here()
    if claim.get("host") == me.host and claim.get("boot") == me.boot and me.boot:
        return bool(claim.get("birth")) and birth(int(claim.get("pid", -1))) == claim.get("birth")
    try:
        return abs(file_clock(path.parent) - path.stat().st_mtime) <= SILENT
    except OSError:
        return False
