"""Frames: how a segment holds its records, so that any part that was damaged is found and the rest still reads.

    sync 2 bytes | kind 1 | version 1 | length of the payload 4 | payload | CRC-32 of all before 4

All numbers are little-endian. A segment is a header frame and then frames in the order of `write(2)`.
"""

from __future__ import annotations

import functools
import json
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

SYNC, VERSION = 0x5AA5, 1
MARK = struct.pack("<H", SYNC)
HEADER, KEY, POINTS, BATCH, OTHER, NOTE, BEAT, CLOSE = range(1, 9)
HEAD = struct.Struct("<HBBI")
CHECK = struct.Struct("<I")

pack_check = CHECK.pack
# Made once, by whether NaN is allowed: `json.dumps` with options makes an encoder at each call.
_ENCODERS = tuple(json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=n) for n in (False, True))
BATCH_HEAD = struct.Struct("<dIII")
# In the last number of its head: each value has a time of its own, before the steps.
TIMED = 1
OTHER_HEAD = struct.Struct("<dqI")
BEAT_BODY = struct.Struct("<dd")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: where it starts in the file, what it is, and its payload."""

    start: int
    kind: int
    payload: memoryview

    def json(self) -> Any:
        """The payload of a frame that holds JSON."""
        return json.loads(str(self.payload, "utf-8"))


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that are no sound frame: from `start` to `end`; `torn` where nothing sound follows."""

    start: int
    end: int
    torn: bool


def framed(kind: int, payload: bytes) -> bytes:
    """A whole frame."""
    body = HEAD.pack(SYNC, kind, VERSION, len(payload)) + payload
    return body + pack_check(zlib.crc32(body))


def framed_json(kind: int, value: Any) -> bytes:
    """A frame that holds JSON."""
    return framed(kind, json_bytes(value))


def json_bytes(value: Any, allow_nan: bool = False) -> bytes:
    """Plain values as JSON; what is no text, such as half of a pair of surrogates, becomes a question mark."""
    return _ENCODERS[allow_nan].encode(value).encode("utf-8", "replace")


def points_struct(many: int) -> struct.Struct:
    """Head and payload of a frame of so many values at one step: time, step, count, then key and value of each."""
    return struct.Struct("<HBBIdqH" + "Id" * many)


@functools.lru_cache(maxsize=256)
def points_packer(many: int) -> tuple[Callable[..., bytes], int]:
    """What packs such a frame without its checksum, and the length of the payload that goes into its head."""
    layout = points_struct(many)
    return layout.pack, layout.size - HEAD.size


def moment(frame: Frame) -> float | None:
    """When a frame was written, by the monotonic clock of its machine; None for one that does not say."""
    if frame.kind == HEADER:
        said = frame.json().get("mono")
        return float(said) if isinstance(said, (int, float)) else None
    place = {POINTS: 0, BATCH: 0, OTHER: 0, BEAT: 8}.get(frame.kind)
    if place is None or len(frame.payload) < place + 8:
        return None
    return float(struct.unpack_from("<d", frame.payload, place)[0])


def scan(content: bytes, start: int = 0) -> Iterator[Frame | Gap]:
    """The frames of a segment and the gaps between them; after a gap it goes on with the next sound frame."""
    view, place, size = memoryview(content), start, len(content)
    while place < size:
        frame = frame_at(view, place)
        if frame is not None:
            yield frame
            place += HEAD.size + len(frame.payload) + CHECK.size
            continue
        found = _next_sound(content, view, place + 1)
        yield Gap(place, size if found is None else found, found is None)
        if found is None:
            return
        place = found


def frame_at(view: memoryview, place: int) -> Frame | None:
    """The frame that starts there; None if none that is whole and sound does."""
    if place + HEAD.size + CHECK.size > len(view):
        return None
    sync, kind, version, length = HEAD.unpack_from(view, place)
    end = place + HEAD.size + length
    if sync != SYNC or version != VERSION or end + CHECK.size > len(view):
        return None
    if CHECK.unpack_from(view, end)[0] != zlib.crc32(view[place:end]):
        return None
    return Frame(place, kind, view[place + HEAD.size : end])


def _next_sound(content: bytes, view: memoryview, start: int) -> int | None:
    while (start := content.find(MARK, start)) >= 0:
        if frame_at(view, start) is not None:
            return start
        start += 1
    return None
