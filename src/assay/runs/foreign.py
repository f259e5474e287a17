"""Run folders written from runs that another tracker holds: whole, and the same for the same run wherever it was read.

A run that has grown there since gets a further segment with what is new; nothing that was written changes.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assay.base.canonical import digest_json, plain
from assay.records.imports import ForeignFile, ForeignRun, Points
from assay.records.runs import BlobKeeper, RunEnd, RunStart
from assay.runs import frames
from assay.runs.folder import END, read_record, write_record
from assay.runs.reading import Contents, read_contents
from assay.runs.recorder import INF, SUFFIX
from assay.runs.secrets import redact_tree

DRAFT = ".import-"
SOURCE, CHUNK = "source", 1 << 18
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,16})(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one run.

    Attributes:
        state: `new`, `grown` or `known`.
        counts: What is found in its folder, read back.
        before: What was found there before.
    """

    run: str
    state: str
    counts: Mapping[str, int]
    before: Mapping[str, int] = field(default_factory=dict)


def run_name(system: str, run: ForeignRun) -> str:
    """The id here: by the time of its start and its id there, hence always the same.

    Raises:
        ValueError: a time that no calendar has.
    """
    try:
        moment = time.strftime("%Y%m%d-%H%M%S-", time.gmtime(max(0.0, run.started)))
    except (OverflowError, OSError) as error:
        raise ValueError(f"it began at {run.started}") from error
    return moment + digest_json([system, run.id])[7:19]


def setting(text: str) -> Any:
    """A parameter as it was meant: a number where its text is one in the usual form, else the text.

    >>> [setting(t) for t in ("0.1", "1e-3", "007", "1.10", "True", "nan", "3")]
    [0.1, 0.001, '007', '1.10', True, 'nan', 3]
    """
    if text in ("True", "False"):
        return text == "True"
    if _WHOLE.fullmatch(text) and text != "-0":
        return int(text)
    if _NUMBER.fullmatch(text):
        value = float(text)
        # A trailing zero is more often part of a version than of a number.
        same = "e" in text.lower() or repr(value) == text
        return value if same and abs(value) < INF else text
    return text


def write_foreign(runs: Path, system: str, run: ForeignRun, blobs: BlobKeeper, parent: str = "") -> Written:
    """Write a run, or what is new of it, and read it back.

    Args:
        runs: The lab's folder of runs.
        system: The tracker, e.g. `mlflow`.
        parent: Id here of the run within which it was begun.

    Raises:
        OSError: when the disk refuses; nothing is there then.
        ValueError: a run that has no place in time.
    """
    name = run_name(system, run)
    folder = runs / name
    if not folder.exists():
        return _new(folder, system, run, blobs, parent)
    held = read_contents(folder)
    said, before = held.of(SOURCE), found(folder, held, blobs)
    if said and said[-1].get("content") == run.digest():
        return Written(name, "known", before, before)
    _grow(folder, system, run, blobs, held)
    return Written(name, "grown", found(folder, read_contents(folder), blobs), before)


def found(folder: Path, held: Contents, blobs: BlobKeeper) -> dict[str, int]:
    """What a run's folder holds, counted as its source counts; files only where their content is kept."""
    start, _ = read_record(folder, RunStart)
    config = dict(start.config) if start is not None else {}
    for told in held.of("config"):
        config.update(told)
    files = {a["name"]: a["digest"] for a in held.of("artifact")}
    tags = held.of(SOURCE)[-1]["tags"] if held.of(SOURCE) else {}
    data = {(d["name"], d["digest"]) for d in held.of("data")}
    return {
        "runs": int(start is not None),
        "params": len(config),
        "metrics": len(held.series),
        "values": sum(map(len, held.series.values())),
        "tags": len(tags),
        "datasets": len(data),
        "artifacts": sum(blobs.has(d) for d in files.values()),
    }


def _new(folder: Path, system: str, run: ForeignRun, blobs: BlobKeeper, parent: str) -> Written:
    draft = folder.parent / f"{DRAFT}{secrets.token_hex(6)}"
    config, hidden = redact_tree({key: setting(text) for key, text in run.params.items()})
    tags, _ = redact_tree(dict(run.tags))
    start = RunStart(
        id=folder.name, name=run.name, experiment=run.experiment, started=run.started, host="", user=run.user, pid=-1,
        command=(run.command,) if run.command else (), folder="", config=config, seed=_seed(config),
        tags=tuple(f"{k}={v}"[:500] for k, v in tags.items() if not k.startswith(f"{system}.")), parent=parent,
        notes=_notes(system, run, hidden),
    )  # fmt: skip
    try:
        draft.mkdir(parents=True)
        files = _kept(run.files, blobs)
        write_record(draft, start)
        size = _segment(draft, folder.name, run, run.series, [*_said(system, run), *files])
        _end(draft, run, size)
        _age(draft, run)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Written(folder.name, "new", found(folder, read_contents(folder), blobs))


def _grow(folder: Path, system: str, run: ForeignRun, blobs: BlobKeeper, held: Contents) -> None:
    """A further segment with what the folder does not hold yet."""
    more = {}
    for name, points in run.series.items():
        new = _beyond(points, [s for key, s in held.series.items() if key.name == name])
        if len(new):
            more[name] = new
    known = {a["name"] for a in held.of("artifact")}
    files = _kept([f for f in run.files if f.name not in known], blobs)
    config, _ = redact_tree({key: setting(text) for key, text in run.params.items()})
    seen = {(d.get("name"), d.get("digest")) for d in held.of("data")}
    said = [
        s for s in _said(system, run)
        if s["what"] != "data" or (s["content"].get("name"), s["content"].get("digest")) not in seen
    ]  # fmt: skip
    size = _segment(folder, folder.name, run, more, [*said, *files, {"what": "config", "content": config}])
    if not (folder / END).exists():
        _end(folder, run, size)
    _age(folder, run)


def _beyond(points: Points, held: list[Any]) -> Points:
    """The points that are not held yet, each as often as it is there."""
    there = Counter(row for s in held for row in _rows(s.steps, s.values, s.times))
    take = []
    for place, row in enumerate(_rows(points.steps, points.values, points.times)):
        if there[row]:
            there[row] -= 1
        else:
            take.append(place)
    return Points(points.steps[take], points.values[take], points.times[take])


def _rows(steps: Any, values: Any, times: Any) -> Iterator[bytes]:
    columns = (np.asarray(steps, "<i8"), np.asarray(values, "<f8"), np.asarray(times, "<f8"))
    table = np.column_stack([c.view("<i8") for c in columns])
    return (row.tobytes() for row in table)


def _said(system: str, run: ForeignRun) -> list[dict[str, Any]]:
    tags, _ = redact_tree(dict(run.tags))
    source = {
        "system": system, "id": run.id, "content": run.digest(), "tags": tags, "models": as_json(run.models),
        "deleted": run.deleted,
    }  # fmt: skip
    return [{"what": SOURCE, "content": source}, *({"what": "data", "content": as_json(d)} for d in run.data)]


def as_json(said: Any) -> Any:
    """What another tool has written, as JSON holds it; a date or bytes become their text, secrets are redacted."""
    held = plain(json.loads(json.dumps(said, default=str)))
    return redact_tree({"": held})[0][""]


def _notes(system: str, run: ForeignRun, hidden: int) -> tuple[str, ...]:
    redacted = (f"{hidden} secrets in the configuration were redacted",) if hidden else ()
    deleted = ("it was deleted there",) if run.deleted else ()
    return (f"imported from {system}, where it is {run.id}", *deleted, *redacted, *run.faults)


def _kept(files: Iterable[ForeignFile], blobs: BlobKeeper) -> list[dict[str, Any]]:
    """Put files among the blobs; returns the notes that name them."""
    notes = []
    for file in (f for f in files if not f.refused):
        sized = _Sized(file)
        digest = blobs.put_stream(sized)
        notes.append({"what": "artifact", "content": {"name": file.name, "digest": digest, "bytes": sized.size}})
    return notes


class _Sized:
    """A file's content, whose length is known when it has passed."""

    def __init__(self, file: ForeignFile) -> None:
        self._file, self.size = file, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._file.open():
            self.size += len(piece)
            yield piece


def _segment(
    folder: Path, name: str, run: ForeignRun, series: Mapping[str, Points], notes: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """One file with everything; the times of its values are of the calendar, so its two clocks are one."""
    now = time.time()
    path = folder / f"import-0-{secrets.token_hex(8)}{SUFFIX}"
    header = {
        "type": "assay.run.segment", "schema": 1, "run": name, "host": "", "boot": "", "pid": -1, "birth": "",
        "rank": -1, "worker": -1, "wall": now, "mono": now,
    }  # fmt: skip
    rows = []
    with path.open("xb") as file:
        file.write(frames.framed_json(frames.HEADER, header))
        file.write(frames.framed_json(frames.KEY, [(k, n, "scalar") for k, n in enumerate(series, 1)]))
        for note in notes:
            file.write(frames.framed_json(frames.NOTE, note))
        for key, (name_, points) in enumerate(series.items(), 1):
            for frame in _batches(key, points):
                file.write(frame)
            rows.append(_tally(key, name_, points))
        told = [n["content"] for n in notes if n["what"] == "config"]
        body = frames.json_bytes({"series": rows, "notes": told}, allow_nan=True)
        file.write(frames.framed(frames.CLOSE, body + frames.pack_check(len(body))))
        size = file.tell()
    return {path.name: {"bytes": size}}


def _batches(key: int, points: Points) -> Iterator[bytes]:
    for start in range(0, len(points), CHUNK):
        part = slice(start, start + CHUNK)
        times, steps, values = points.times[part], points.steps[part], points.values[part]
        body = frames.BATCH_HEAD.pack(float(times[0]), key, len(steps), frames.TIMED)
        yield frames.framed(frames.BATCH, b"".join((body, times.tobytes(), steps.tobytes(), values.tobytes())))


def _tally(key: int, name: str, points: Points) -> list[Any]:
    finite = points.values[np.isfinite(points.values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (INF, -INF)
    return [key, name, len(points), float(points.values[-1]), low, high, len(points) - len(finite)]


def _end(folder: Path, run: ForeignRun, segments: Mapping[str, Mapping[str, Any]]) -> None:
    if run.state is None:
        return
    ended = run.ended if run.ended is not None else run.started
    write_record(folder, RunEnd(run.state, ended, max(0.0, ended - run.started), segments=segments))


def _age(folder: Path, run: ForeignRun) -> None:
    """An open run is as old as its last sign of life, or it would seem to run."""
    if run.state is not None:
        return
    last = max([run.started, *(float(p.times[-1]) for p in run.series.values() if len(p))])
    moment = min(max(0.0, last), time.time() - 3600)
    for path in folder.iterdir():
        os.utime(path, (moment, moment))


def _seed(config: Mapping[str, Any]) -> int | None:
    said = config.get("seed")
    return said if isinstance(said, int) and not isinstance(said, bool) else None
