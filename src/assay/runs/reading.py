"""A run read back from its folder: series, other values and notes; what is damaged is named, the rest is there."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assay.records.metric import Array
from assay.records.runs import Kind, Logged, RunFault, Series, SeriesKey
from assay.runs import frames
from assay.runs.frames import Frame, Gap
from assay.runs.recorder import SUFFIX

_FEW, _MOST = 16, 1 << 16


@functools.lru_cache(maxsize=64)
def _layout(many: int) -> np.dtype[Any]:
    """A frame of so many values at one step, as an array holds it."""
    values = np.dtype([("key", "<u4"), ("value", "<f8")])
    parts = [("head", "<u8"), ("time", "<f8"), ("step", "<i8"), ("many", "<u2"), ("values", values, (many,))]
    return np.dtype([*parts, ("check", "<u4")])


@dataclass(slots=True)
class _Columns:
    """What has been read of one series: pieces of times, steps and values, in order."""

    times: list[Array] = field(default_factory=list)
    steps: list[Array] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)

    def add(self, times: Any, steps: Any, values: Any) -> None:
        self.times.append(np.atleast_1d(np.asarray(times, "<f8")))
        self.steps.append(np.atleast_1d(np.asarray(steps, "<i8")))
        self.values.append(np.atleast_1d(np.asarray(values, "<f8")))


@dataclass(slots=True)
class Segment:
    """What one process wrote.

    Attributes:
        header: Who wrote it; empty where even that is damaged.
        scalars: Key number -> its columns.
        names: Key number -> name and kind.
        ended: Whether it was closed.
    """

    header: Mapping[str, Any] = field(default_factory=dict)
    scalars: dict[int, _Columns] = field(default_factory=dict)
    names: dict[int, tuple[str, Kind]] = field(default_factory=dict)
    others: list[tuple[int, int, float, Any]] = field(default_factory=list)
    notes: list[tuple[str, Any]] = field(default_factory=list)
    beats: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    ended: bool = False

    def key(self, number: int) -> SeriesKey:
        """The key of a number; one whose frame was lost keeps its number."""
        name, kind = self.names.get(number, (f"(lost name {number})", "scalar"))
        return SeriesKey(name, kind, int(self.header.get("rank", -1)), int(self.header.get("worker", -1)))

    def wall(self, times: Any) -> Any:
        """Times of the process's own clock as seconds since 1970, by the last beat before each."""
        anchors = [(float(self.header.get("wall", 0.0)), float(self.header.get("mono", 0.0))), *self.beats]
        if len(anchors) == 1:
            return np.asarray(times) + (anchors[0][0] - anchors[0][1])
        own = np.asarray(times)
        place = np.clip(np.searchsorted([m for _, m in anchors], own, "right") - 1, 0, None)
        shift = np.asarray([w - m for w, m in anchors])
        # A clock set back must not make times run backwards: only steps forward (a machine that slept) count.
        return own + np.maximum.accumulate(shift)[place]


def read_segment(path: Path) -> Segment:
    """All that a segment holds.

    Raises:
        OSError: when it cannot be read.
    """
    content = path.read_bytes()
    made, place, block = Segment(), 0, _FEW
    while place < len(content):
        before = place
        place, block = _points(content, place, block, made)
        if place > before:
            continue
        for found in frames.scan(content, place):
            if isinstance(found, Gap):
                _gap(found, made)
                place = found.end
            else:
                _take(found, made)
                place = found.start + frames.HEAD.size + len(found.payload) + frames.CHECK.size
            if _values_at(content, place):
                break
    return made


def _values_at(content: bytes, place: int) -> int:
    """How many values the frame there says it has; 0 where it is none of values."""
    if place + frames.HEAD.size > len(content):
        return 0
    sync, kind, version, length = frames.HEAD.unpack_from(content, place)
    if (sync, kind, version) != (frames.SYNC, frames.POINTS, frames.VERSION):
        return 0
    many, rest = divmod(length - frames.points_struct(0).size + frames.HEAD.size, 12)
    return many if rest == 0 and 0 < many <= 1000 else 0


def _points(content: bytes, place: int, block: int, made: Segment) -> tuple[int, int]:
    """Read frames of as many values each that follow one another, at most `block`.

    Returns:
        Where they end, and how many to try next: more where all were alike, few where they were not.
    """
    many = _values_at(content, place)
    if not many:
        return place, block
    layout = _layout(many)
    size, most = layout.itemsize, min(block, (len(content) - place) // layout.itemsize)
    if not most:
        return place, block
    held = np.frombuffer(content, layout, most, place)
    same = (held["head"] == held["head"][0]) & (held["many"] == many)
    count = most if same.all() else int(np.argmin(same))
    view, crc = memoryview(content)[place : place + count * size], zlib.crc32
    sums = np.fromiter((crc(view[i : i + size - 4]) for i in range(0, count * size, size)), "<u4", count)
    sound = sums == held["check"][:count]
    count = count if sound.all() else int(np.argmin(sound))
    _spread(held[:count], made)
    return place + count * size, min(_MOST, 2 * block) if count == block else _FEW


def _spread(held: Array, made: Segment) -> None:
    """Give each key its columns; frames of a training loop name the same keys in the same places."""
    if not len(held):
        return
    for column in range(held["values"].shape[1]):
        keys, values = held["values"]["key"][:, column], held["values"]["value"][:, column]
        for key in np.unique(keys).tolist():
            mine = keys == key
            made.scalars.setdefault(key, _Columns()).add(held["time"][mine], held["step"][mine], values[mine])


def _gap(gap: Gap, made: Segment) -> None:
    many = f"{gap.end - gap.start} bytes from {gap.start} on"
    if gap.torn:
        made.faults.append(f"its end is torn: {many} are no record")
    else:
        made.faults.append(f"was damaged: {many} are no record")


def _take(frame: Frame, made: Segment) -> None:
    body = frame.payload
    try:
        if frame.kind == frames.POINTS:
            time, step, many = struct.unpack_from("<dqH", body)
            flat = struct.unpack_from("<" + "Id" * many, body, 18)
            for key, value in zip(flat[::2], flat[1::2], strict=True):
                made.scalars.setdefault(key, _Columns()).add(time, step, value)
        elif frame.kind == frames.BATCH:
            time, key, n, timed = frames.BATCH_HEAD.unpack_from(body)
            start = frames.BATCH_HEAD.size + (8 * n if timed == frames.TIMED else 0)
            times = np.frombuffer(body, "<f8", n, start - 8 * n) if timed == frames.TIMED else np.full(n, time)
            steps = np.frombuffer(body, "<i8", n, start)
            made.scalars.setdefault(key, _Columns()).add(times, steps, np.frombuffer(body, "<f8", n, start + 8 * n))
        elif frame.kind == frames.OTHER:
            time, step, key = frames.OTHER_HEAD.unpack_from(body)
            content = frames.Frame(0, 0, body[frames.OTHER_HEAD.size :]).json()
            made.others.append((key, step, time, content))
        elif frame.kind == frames.BEAT:
            made.beats.append(frames.BEAT_BODY.unpack(body))
        else:
            _fact(frame, made)
    except (struct.error, ValueError, KeyError, TypeError, RecursionError) as error:
        made.faults.append(f"the record at {frame.start} does not read as what it says ({type(error).__name__})")


def _fact(frame: Frame, made: Segment) -> None:
    if frame.kind == frames.HEADER:
        made.header = frame.json()
    elif frame.kind == frames.KEY:
        for number, name, kind in frame.json():
            made.names[int(number)] = (str(name), kind)
    elif frame.kind == frames.NOTE:
        said = frame.json()
        made.notes.append((str(said["what"]), said["content"]))
    elif frame.kind == frames.CLOSE:
        made.ended = True


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the segments of a run hold together.

    Attributes:
        series: Every scalar series by its key, in the order of logging.
        others: Histograms, tables, images and texts.
        notes: What was said of the run itself: artifacts, data read, configuration resolved later.
    """

    series: Mapping[SeriesKey, Series]
    others: tuple[Logged, ...]
    notes: tuple[tuple[str, Any], ...]
    faults: tuple[RunFault, ...]

    def of(self, what: str) -> list[Any]:
        """The notes of one kind."""
        return [content for kind, content in self.notes if kind == what]


def read_contents(folder: Path) -> Contents:
    """Every segment of a run, in the order in which they were begun."""
    columns: dict[SeriesKey, _Columns] = {}
    others: list[Logged] = []
    notes: list[tuple[str, Any]] = []
    faults: list[RunFault] = []
    segments = []
    for path in segment_files(folder):
        try:
            segment = read_segment(path)
        except OSError as error:
            faults.append(RunFault(folder.name, path.name, f"cannot be read ({error.strerror})"))
            continue
        segments.append(segment)
        faults += [RunFault(folder.name, path.name, what) for what in segment.faults]
    for segment in sorted(segments, key=lambda s: float(s.header.get("wall", 0.0))):
        for number, held in segment.scalars.items():
            into = columns.setdefault(segment.key(number), _Columns())
            into.add(segment.wall(np.concatenate(held.times)), np.concatenate(held.steps), np.concatenate(held.values))
        others += [Logged(segment.key(k), step, float(segment.wall(t)), c) for k, step, t, c in segment.others]
        notes += segment.notes
    return Contents(dict(_series(columns)), tuple(others), tuple(notes), tuple(faults))


def segment_files(folder: Path) -> list[Path]:
    """The segments of a run, sorted by name."""
    return sorted(p for p in folder.glob(f"*{SUFFIX}") if not p.name.startswith("."))


def _series(columns: Mapping[SeriesKey, _Columns]) -> Iterator[tuple[SeriesKey, Series]]:
    for key in sorted(columns):
        c = columns[key]
        yield key, Series(key, np.concatenate(c.steps), np.concatenate(c.values), np.concatenate(c.times))
