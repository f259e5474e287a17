"""A run's folder in one row of the index: its records, and each series in a few numbers."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.base.canonical import canonical_json, digest
from assay.records.runlist import RunRow
from assay.records.runs import RunEnd, RunFault, RunStart, SeriesKey, Summary
from assay.runs import frames
from assay.runs.config import flat
from assay.runs.folder import START, read_record
from assay.runs.frames import Frame, Gap
from assay.runs.reading import read_contents
from assay.runs.recorder import SUFFIX
from assay.runs.state import open_state

SMALL = 1 << 18
INF = float("inf")
_SEEDS = frozenset({"seed", "random_seed", "random_state"})
Tally = list[Any]


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
    metrics, config, more = _segments(folder, end, sizes)
    faults += more
    if start is None:
        start = RunStart(folder.name, "", "", mark, "", "", -1, (), "", {})
    config = {**start.config, **config}
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
        seed=start.seed if start.seed is not None else _seed(config),
        command=" ".join(start.command),
        parent=start.parent,
        code=start.code,
        environment=start.environment,
        group=config_digest(config),
        exit_code=end.exit_code if end is not None else None,
        faults=tuple(f"{f.file}: {f.what}" for f in faults),
        healthy=end.healthy if end is not None else True,
        params=dict(flat(config)),
        metrics=metrics,
        mark=mark,
    )


def config_digest(config: Mapping[str, Any]) -> str:
    """The digest of a configuration without its seed.

    >>> config_digest({"lr": 0.1, "seed": 1}) == config_digest({"seed": 2, "lr": 0.1})
    True
    """
    return digest(canonical_json({k: v for k, v in config.items() if k not in _SEEDS}))


def _seed(config: Mapping[str, Any]) -> int | None:
    said = config.get("seed")
    return said if isinstance(said, int) and not isinstance(said, bool) else None


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


def _segments(
    folder: Path, end: RunEnd | None, sizes: Mapping[str, int]
) -> tuple[dict[str, Summary], dict[str, Any], list[RunFault]]:
    """Series of the main process by name, configuration told later, and faults."""
    found: dict[SeriesKey, Summary] = {}
    config: dict[str, Any] = {}
    faults: list[RunFault] = []
    for name, said in (end.segments if end is not None else {}).items():
        if sizes.get(name) != said.get("bytes"):
            what = (
                "is missing" if name not in sizes else f"has {sizes[name]} bytes, at its end it had {said.get('bytes')}"
            )
            faults.append(RunFault(folder.name, name, what))
    for name, size in sizes.items():
        path = folder / name
        try:
            rows, told, more = _closed(path) if size > SMALL else _scanned(path)
        except OSError as error:
            rows, told, more = [], {}, [f"cannot be read ({error.strerror})"]
        if rows is None:
            return _whole(folder, faults)
        config.update(told)
        faults += [RunFault(folder.name, name, what) for what in more]
        if len(sizes) == 1:
            return {row.key.name: row for row in rows}, config, faults
        for row in rows:
            found[row.key] = _merged(found[row.key], row) if row.key in found else row
    return main_series(found), config, faults


def main_series(found: Mapping[SeriesKey, Summary]) -> dict[str, Summary]:
    """By name, the series of the first rank, of no worker where there is one such."""
    chosen: dict[str, Summary] = {}
    for key in sorted(found, key=lambda k: (k.name, k.worker >= 0, k.rank, k.worker)):
        chosen.setdefault(key.name, found[key])
    return chosen


def _merged(a: Summary, b: Summary) -> Summary:
    lows = [v for v in (a.low, b.low) if v is not None]
    highs = [v for v in (a.high, b.high) if v is not None]
    return Summary(a.key, a.count + b.count, b.last, min(lows, default=None), max(highs, default=None), a.odd + b.odd)


def _scanned(path: Path) -> tuple[list[Summary] | None, dict[str, Any], list[str]]:
    """Everything in a small segment, frame by frame: no arrays, since a lab has a hundred thousand of these."""
    header: dict[str, Any] = {}
    names: dict[int, str] = {}
    tallies: dict[int, Tally] = {}
    config: dict[str, Any] = {}
    faults: list[str] = []
    with open(path, "rb", buffering=0) as file:
        content = file.read()
    for found in frames.scan(content):
        if isinstance(found, Gap):
            faults.append("its end is torn" if found.torn else f"was damaged at {found.start}")
            continue
        try:
            if found.kind == frames.POINTS:
                _points(found, tallies)
            elif found.kind == frames.KEY:
                names.update({k: str(name) for k, name, kind in found.json() if kind == "scalar"})
            elif found.kind == frames.HEADER:
                header = found.json()
            elif found.kind == frames.BATCH:
                return None, {}, []
            elif found.kind == frames.NOTE:
                said = found.json()
                if said["what"] == "config":
                    config.update(said["content"])
        except (struct.error, ValueError, KeyError, TypeError) as error:
            faults.append(f"the record at {found.start} does not read as what it says ({type(error).__name__})")
    rank, worker = int(header.get("rank", -1)), int(header.get("worker", -1))
    rows = [
        _summary(SeriesKey(names.get(k, f"(lost name {k})"), "scalar", rank, worker), t) for k, t in tallies.items()
    ]
    return rows, config, faults


def _points(frame: Frame, tallies: dict[int, Tally]) -> None:
    many = struct.unpack_from("<H", frame.payload, 16)[0]
    flat_values = struct.unpack_from("<" + "Id" * many, frame.payload, 18)
    for key, value in zip(flat_values[::2], flat_values[1::2], strict=True):
        tally = tallies.get(key)
        if tally is None:
            tally = tallies[key] = [0, 0.0, INF, -INF, 0]
        tally[0] += 1
        tally[1] = value
        if -INF < value < INF:
            tally[2], tally[3] = min(tally[2], value), max(tally[3], value)
        else:
            tally[4] += 1


def _summary(key: SeriesKey, tally: Tally) -> Summary:
    count, last, low, high, odd = tally
    return Summary(key, count, last, low if low < INF else None, high if high > -INF else None, odd)


def _closed(path: Path) -> tuple[list[Summary] | None, dict[str, Any], list[str]]:
    """What a large segment says of itself in its first and last frames; None where it was not closed, or says more."""
    with path.open("rb") as file:
        head = frames.frame_at(memoryview(file.read(4096)), 0)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - SMALL))
        tail = file.read()
    if len(tail) < 32 or head is None:
        return None, {}, []
    length = struct.unpack_from("<I", tail, len(tail) - 8)[0]
    place = len(tail) - 8 - length - frames.HEAD.size
    last = frames.frame_at(memoryview(tail), place) if place >= 0 else None
    if last is None or last.kind != frames.CLOSE:
        return None, {}, []
    header, rows = head.json(), json.loads(bytes(last.payload[:-4]))
    rank, worker = int(header.get("rank", -1)), int(header.get("worker", -1))
    config: dict[str, Any] = {}
    for row in rows["notes"]:
        config.update(row)
    made = [
        _summary(SeriesKey(str(r[1]), "scalar", rank, worker), [r[2], *map(float, r[3:6]), r[6]])
        for r in rows["series"]
    ]
    return made, config, []


def _whole(folder: Path, faults: list[RunFault]) -> tuple[dict[str, Summary], dict[str, Any], list[RunFault]]:
    """By reading everything: batches, or a large segment whose process was killed."""
    import numpy as np

    contents = read_contents(folder)
    found = {}
    for key, series in contents.series.items():
        finite = series.values[np.isfinite(series.values)]
        low, high = (float(finite.min()), float(finite.max())) if len(finite) else (None, None)
        found[key] = Summary(key, len(series), float(series.values[-1]), low, high, len(series) - len(finite))
    config: dict[str, Any] = {}
    for told in contents.of("config"):
        config.update(told)
    return main_series(found), config, faults + list(contents.faults)
