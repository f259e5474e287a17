"""A run's folder in one row of the index: its records, and each series in a few numbers."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.records.runlist import RunRow, Tallies, Tally
from assay.records.runs import RunEnd, RunFault, RunStart
from assay.runs import frames
from assay.runs.config import flat
from assay.runs.folder import START, read_record
from assay.runs.frames import Frame, Gap
from assay.runs.identity import AGAIN, AGAIN_OF, identify
from assay.runs.reading import read_contents
from assay.runs.recorder import SUFFIX
from assay.runs.state import open_state

SMALL = 1 << 18
INF = float("inf")
Reads = list[tuple[str, str]]


@dataclass(slots=True)
class _Said:
    """What a segment, or all of them, say besides series: configuration told later, data read, faults."""

    config: dict[str, Any] = field(default_factory=dict)
    reads: Reads = field(default_factory=list)
    faults: list[RunFault] = field(default_factory=list)

    def note(self, what: str, content: Any) -> None:
        if what == "config":
            self.config.update(content)
        elif what == "data":
            self.reads.append((str(content["name"]), str(content["digest"])))


# Each series of a segment by name; None where it must be read as a whole.
Rows = list[tuple[str, Tally]] | None
Running = list[Any]
_PAIR = struct.Struct("<Id")


def summarise(folder: Path, now: float | None = None) -> RunRow:
    """The row of one run; whatever is wrong with its folder is in `faults`.

    Args:
        folder: Of the run.
        now: The time by the folder's file system; asked for where it is not given.
    """
    sizes, mark = _files(folder)
    start, faults = read_record(folder, RunStart)
    end, more = read_record(folder, RunEnd)
    faults += more
    if start is None and not faults:
        faults.append(RunFault(folder.name, START, "is missing"))
    metrics, said = _segments(folder, end, sizes)
    faults += said.faults
    if start is None:
        start = RunStart(folder.name, "", "", mark, "", "", -1, (), "", {})
    what = identify(_first(folder, start), [said.config])
    return RunRow(
        id=folder.name,
        state=end.state if end is not None else open_state(folder, now),
        started=start.started,
        name=start.name,
        experiment=start.experiment,
        ended=end.ended if end is not None else None,
        seconds=end.seconds if end is not None else max(0.0, mark - start.started),
        host=start.host,
        user=start.user,
        seed=what.seed,
        command=" ".join(start.command),
        parent=start.parent,
        code=start.code,
        environment=start.environment,
        group=what.group,
        exit_code=end.exit_code if end is not None else None,
        faults=tuple(f"{f.file}: {f.what}" for f in faults),
        healthy=end.healthy if end is not None else True,
        params=dict(flat(what.settings)),
        metrics=Tallies(metrics),
        mark=mark,
        reads=tuple(dict.fromkeys(said.reads)),
    )


def _first(folder: Path, start: RunStart) -> RunStart:
    """Of a run that was made again, what the first one said at its start: it belongs to the group of that one."""
    if start.experiment != AGAIN or not start.name.startswith(AGAIN_OF):
        return start
    return read_record(folder.parent / Path(start.name.removeprefix(AGAIN_OF)).name, RunStart)[0] or start


def _files(folder: Path) -> tuple[dict[str, int], float]:
    """The sizes of a run's segments by name, and when anything in its folder last changed."""
    sizes, mark = {}, 0.0
    try:
        with os.scandir(folder) as found:
            for entry in found:
                said = entry.stat()
                mark = max(mark, said.st_mtime)
                if entry.name.endswith(SUFFIX) and not entry.name.startswith("."):
                    sizes[entry.name] = said.st_size
    except OSError:
        return {}, 0.0
    return dict(sorted(sizes.items())), mark


def _segments(folder: Path, end: RunEnd | None, sizes: Mapping[str, int]) -> tuple[dict[str, Tally], _Said]:
    """Series of the main process by name, and what else is said."""
    held: dict[tuple[str, int, int], Tally] = {}
    all_said = _Said()
    for name, said in (end.segments if end is not None else {}).items():
        if sizes.get(name) != said.get("bytes"):
            what = (
                "is missing" if name not in sizes else f"has {sizes[name]} bytes, at its end it had {said.get('bytes')}"
            )
            all_said.faults.append(RunFault(folder.name, name, what))
    before = list(all_said.faults)
    for name, size in sizes.items():
        path = folder / name
        try:
            rows = (_closed if size > SMALL else _scanned)(path, all_said)
        except OSError as error:
            rows = []
            all_said.faults.append(RunFault(folder.name, name, f"cannot be read ({error.strerror})"))
        if rows is None:
            return _whole(folder, before)
        if len(sizes) == 1:
            return dict(rows), all_said
        for series, row in rows:
            key = series, row[5], row[6]
            held[key] = _merged(held[key], row) if key in held else row
    return main_series(held), all_said


def main_series(held: Mapping[tuple[str, int, int], Tally]) -> dict[str, Tally]:
    """By name, the series of the first rank, of no worker where there is one such.

    Args:
        held: By name, rank and worker.
    """
    chosen: dict[str, Tally] = {}
    for key in sorted(held, key=lambda k: (k[0], k[2] >= 0, k[1], k[2])):
        chosen.setdefault(key[0], held[key])
    return chosen


def _merged(a: Tally, b: Tally) -> Tally:
    lows = [v for v in (a[2], b[2]) if v is not None]
    highs = [v for v in (a[3], b[3]) if v is not None]
    return a[0] + b[0], b[1], min(lows, default=None), max(highs, default=None), a[4] + b[4], b[5], b[6]


def _scanned(path: Path, said: _Said) -> Rows:
    """Everything in a small segment, frame by frame: no arrays, since a lab has a hundred thousand of these."""
    header: dict[str, Any] = {}
    names: dict[int, str] = {}
    running: dict[int, Running] = {}
    faults: list[str] = []
    with open(path, "rb", buffering=0) as file:
        content = file.read()
    for found in frames.scan(content):
        if isinstance(found, Gap):
            faults.append("its end is torn" if found.torn else f"was damaged at {found.start}")
            continue
        try:
            if found.kind == frames.POINTS:
                _points(found, running)
            elif found.kind == frames.KEY:
                names.update({k: str(name) for k, name, kind in found.json() if kind == "scalar"})
            elif found.kind == frames.HEADER:
                header = found.json()
            elif found.kind == frames.BATCH:
                return None
            elif found.kind == frames.NOTE:
                held = found.json()
                said.note(held["what"], held["content"])
        except (struct.error, ValueError, KeyError, TypeError) as error:
            faults.append(f"the record at {found.start} does not read as what it says ({type(error).__name__})")
    place = int(header.get("rank", -1)), int(header.get("worker", -1))
    said.faults += [RunFault(path.parent.name, path.name, what) for what in faults]
    return [(names.get(k, f"(lost name {k})"), _tally(r, *place)) for k, r in running.items()]


def _points(frame: Frame, running: dict[int, Running]) -> None:
    many = struct.unpack_from("<H", frame.payload, 16)[0]
    for key, value in _PAIR.iter_unpack(frame.payload[18 : 18 + 12 * many]):
        held = running.get(key)
        if held is None:
            held = running[key] = [0, 0.0, INF, -INF, 0]
        held[0] += 1
        held[1] = value
        if -INF < value < INF:
            if value < held[2]:
                held[2] = value
            if value > held[3]:
                held[3] = value
        else:
            held[4] += 1


def _tally(running: Running, rank: int, worker: int) -> Tally:
    count, last, low, high, odd = running
    return count, last, low if low < INF else None, high if high > -INF else None, odd, rank, worker


def _closed(path: Path, said: _Said) -> Rows:
    """What a large segment says of itself in its first and last frames; None where it was not closed, or says more."""
    with open(path, "rb") as file:
        head = frames.frame_at(memoryview(file.read(4096)), 0)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - SMALL))
        tail = file.read()
    if len(tail) < 32 or head is None:
        return None
    length = struct.unpack_from("<I", tail, len(tail) - 8)[0]
    place = len(tail) - 8 - length - frames.HEAD.size
    last = frames.frame_at(memoryview(tail), place) if place >= 0 else None
    if last is None or last.kind != frames.CLOSE:
        return None
    header, rows = head.json(), json.loads(bytes(last.payload[:-4]))
    rank, worker = int(header.get("rank", -1)), int(header.get("worker", -1))
    for row in rows["notes"]:
        said.note("config", row)
    # Segments of before 2026-11 do not say again what was read.
    said.reads += [(str(name), str(digest)) for name, digest in rows.get("data", ())]
    return [(str(r[1]), _tally([r[2], *map(float, r[3:6]), r[6]], rank, worker)) for r in rows["series"]]


def _whole(folder: Path, faults: list[RunFault]) -> tuple[dict[str, Tally], _Said]:
    """By reading everything: batches, or a large segment whose process was killed."""
    import numpy as np

    contents = read_contents(folder)
    held: dict[tuple[str, int, int], Tally] = {}
    for key, series in contents.series.items():
        finite = series.values[np.isfinite(series.values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (None, None)
        odd = len(series) - len(finite)
        row = len(series), float(series.values[-1]), low, high, odd, key.rank, key.worker
        held[key.name, key.rank, key.worker] = row
    said = _Said(faults=faults + list(contents.faults))
    for kind in ("config", "data"):
        for told in contents.of(kind):
            said.note(kind, told)
    return main_series(held), said
