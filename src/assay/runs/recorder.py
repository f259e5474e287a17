"""The file that one process writes of a run: values go to it in one `write(2)` each, and nothing here raises."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
import zlib
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.base.canonical import plain
from assay.records.runs import State
from assay.runs import frames
from assay.runs.frames import POINTS, SYNC, VERSION, pack_check, points_packer
from assay.runs.process import here, worker_number
from assay.runs.secrets import redact, redact_tree

INF = float("inf")
RETRY = 1.0
BATCH_MOST = 1 << 16
SUFFIX = ".seg"

_write, _crc, _now = os.write, zlib.crc32, time.monotonic
# Files of closed runs, which now lead nowhere: a thread that still logs must not meet a number that was given away.
_retired: deque[int] = deque()


class Recorder:
    """Appends to a segment; it is opened anew after a fork, and after the disk has failed.

    Args:
        folder: The run's folder.
        run: Its id.
        rank: Of this process among those that train together; -1 where there is one.
        worker: Of the data loader; -1 where it is none, or told by PyTorch.
    """

    def __init__(self, folder: Path, run: str, rank: int = -1, worker: int = -1) -> None:
        self.folder, self.id, self.rank = folder, run, rank
        self._given_worker = worker
        self.healthy, self.dropped, self.closed = True, 0, False
        self._fd, self._retry_at, self._warned = -1, 0.0, False
        self._lock = threading.Lock()
        self._step, self._last_key = 0, 0
        self._segment: Path | None = None
        # Name -> [key, count, last, low, high, odd]; names of other kinds beside it.
        self._tallies: dict[str, list[Any]] = {}
        self._keys: dict[tuple[str, str], int] = {}
        # Names with a secret in them, and what they are kept as.
        self._renamed: dict[str, str] = {}
        # Configuration told later, and name and digest of what was read: they stand in the last frame again.
        self._told: list[Any] = []
        self._reads: list[tuple[str, str]] = []

    def log(self, values: Mapping[str, Any] | None = None, /, *, step: int | None = None, **named: Any) -> None:
        """Log values at one step; it is in the file when this returns, and never raises.

        Args:
            values: Values by name, for names that are no Python words, e.g. `{"val/acc@1": 0.9}`.
            step: A whole number; one more than at the last call where it is not given.
            named: Values by name. NaN and infinity are kept; text is kept as text.

        """
        try:
            if values is not None:
                named = {**{str(k): v for k, v in values.items()}, **named}
            if step is None:
                step = self._step
            elif type(step) is not int:
                step = int(step)
            self._step = step + 1
            flat: list[Any] = []
            tallies = self._tallies
            for name, value in named.items():
                if type(value) is not float:
                    value = self._scalar(name, value, step)
                    if value is None:
                        continue
                tally = tallies.get(name)
                if tally is None:
                    self._declare(named)
                    tally = tallies[name]
                tally[1] += 1
                tally[2] = value
                if -INF < value < INF:
                    if value < tally[3]:
                        tally[3] = value
                    if value > tally[4]:
                        tally[4] = value
                else:
                    tally[5] += 1
                flat += (tally[0], value)
            many = len(flat) >> 1
            if not many:
                return
            pack, length = points_packer(many)
            if many == 1:
                # Most calls: their own words, since to unpack a list takes as long as to pack it.
                body = pack(SYNC, POINTS, VERSION, length, _now(), step, 1, flat[0], flat[1])
            else:
                body = pack(SYNC, POINTS, VERSION, length, _now(), step, many, *flat)
            frame = body + _crc(body).to_bytes(4, "little")
            try:
                if _write(self._fd, frame) != len(frame):
                    self._again(frame, many, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
            except OSError as error:
                self._again(frame, many, error)
        except Exception as error:
            self._trouble(f"a value was not kept ({type(error).__name__}: {error})", 1)

    def log_many(self, name: str, values: Any, steps: Any = None) -> None:
        """Log many values of one series at once; never raises.

        Args:
            name: Of the series.
            values: [n], numbers.
            steps: [n], whole numbers; counted on from the last step where they are not given.
        """
        try:
            import numpy as np

            data = np.ascontiguousarray(values, dtype="<f8").reshape(-1)
            if steps is None:
                steps = np.arange(self._step, self._step + len(data))
            places = np.ascontiguousarray(steps, dtype="<i8").reshape(-1)
            if len(places) != len(data):
                raise ValueError(f"{len(data)} values at {len(places)} steps")
            if not len(data):
                return
            self._step = int(places[-1]) + 1
            if name not in self._tallies:
                self._declare({name: 0.0})
            tally = self._tallies[name]
            finite = data[np.isfinite(data)]
            tally[1] += len(data)
            tally[2] = float(data[-1])
            tally[5] += len(data) - len(finite)
            if len(finite):
                tally[3], tally[4] = min(tally[3], float(finite.min())), max(tally[4], float(finite.max()))
            # In pieces: damage, and a process that is killed, cost one piece and not the whole.
            for first in range(0, len(data), BATCH_MOST):
                some, at = data[first : first + BATCH_MOST], places[first : first + BATCH_MOST]
                head = frames.BATCH_HEAD.pack(_now(), tally[0], len(some), 0)
                self._put(frames.framed(frames.BATCH, head + at.tobytes() + some.tobytes()), len(some))
        except Exception as error:
            self._trouble(f"{name!r:.100}: values were not kept ({type(error).__name__}: {error})", 1)

    def _keep(self, name: str, kind: str, step: int | None, content: Any) -> None:
        """Keep one value that is no scalar, as JSON holds it; never raises."""
        try:
            step = self._step if step is None else int(step)
            key = self._keys.get((name, kind)) or self._key(name, kind)
            body = frames.json_bytes(plain(content))
            self._put(frames.framed(frames.OTHER, frames.OTHER_HEAD.pack(_now(), step, key) + body), 1)
        except Exception as error:
            self._trouble(f"{name!r:.100}: a {kind} was not kept ({type(error).__name__}: {error})", 1)

    def _note(self, what: str, content: Any) -> None:
        """Keep a fact about the run itself, as JSON holds it: a file, data that were read, configuration."""
        try:
            held = redact_tree(plain(content))[0]
            self._put(frames.framed_json(frames.NOTE, {"what": what, "content": held}), 1)
            if what == "config":
                self._told.append(held)
            elif what == "data":
                self._reads.append((str(held["name"]), str(held["digest"])))
        except Exception as error:
            self._trouble(f"a {what} was not kept ({type(error).__name__}: {error})", 1)

    def flush(self) -> None:
        """Bring everything logged to the disk, so that it survives the death of the machine; never raises."""
        try:
            with self._lock:
                if self._fd >= 0:
                    os.fsync(self._fd)
                    handle = os.open(self.folder, os.O_RDONLY)
                    try:
                        os.fsync(handle)
                    finally:
                        os.close(handle)
        except OSError as error:
            self._trouble(f"could not be brought to the disk ({error.strerror})", 0)

    def _beat(self) -> None:
        """Say that this process is alive, also once a disk that failed takes something again."""
        if self._segment is not None and not self.closed:
            self._put(frames.framed(frames.BEAT, frames.BEAT_BODY.pack(time.time(), _now())), 0)

    def _trouble(self, what: str, lost: int) -> None:
        """Count what is lost; the first trouble of a run is told on standard error."""
        self.dropped += lost
        self.healthy = False
        if not self._warned:
            self._warned = True
            said = f"assay: warning: run {self.id}: {what}; the program goes on, further trouble is only counted\n"
            try:
                sys.stderr.write(said)
            except (OSError, ValueError, AttributeError):
                return

    def _open_segment(self) -> None:
        """Begin this process's file; a failure is trouble, not an error."""
        try:
            with self._lock:
                self._open()
        except OSError as error:
            self._retry_at = _now() + RETRY
            self._trouble(f"cannot be written ({error.strerror}: {self.folder})", 0)

    def _end_segment(self) -> dict[str, dict[str, Any]]:
        """Write the summary and stop; returns the name of the file with its size, empty where there is none."""
        with self._lock:
            self.closed, fd, segment = True, self._fd, self._segment
            self._fd = -1
            if fd < 0 or segment is None:
                return {}
            try:
                if self.dropped == 0:
                    _write(fd, self._summary())
                size = os.fstat(fd).st_size
            except OSError as error:
                self._trouble(f"could not be ended ({error.strerror})", 0)
                size = -1
            _retire(fd)
        return {segment.name: {"bytes": size}} if size >= 0 else {}

    def close(self, state: State = "finished", error: str = "") -> None:
        """Stop: a process that joined a run has nothing to say of its end."""
        self._end_segment()

    def _after_fork(self) -> None:
        """In the child: what the parent has open is the parent's; a file of its own is begun with the first value."""
        self._lock = threading.Lock()
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._segment = -1, None
        self._tallies, self._keys, self._told, self._reads = {}, {}, [], []

    def _put(self, frame: bytes, many: int) -> None:
        try:
            if _write(self._fd, frame) != len(frame):
                self._again(frame, many, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        except OSError as error:
            self._again(frame, many, error)

    def _again(self, frame: bytes, many: int, error: OSError) -> None:
        """Write to a new segment: this one is not open, or its end is torn."""
        with self._lock:
            if self.closed:
                self._trouble("values that come after its end are not kept", many)
                return
            if self._fd >= 0:
                self._trouble(f"cannot be written ({error.strerror}: {self.folder})", 0)
                fd, self._fd = self._fd, -1
                _retire(fd)
                self._retry_at = _now() + RETRY
            if _now() < self._retry_at:
                self.dropped += many
                return
            try:
                self._open()
                if _write(self._fd, frame) != len(frame):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError as failed:
                fd, self._fd = self._fd, -1
                if fd >= 0:
                    _retire(fd)
                self._retry_at = _now() + RETRY
                self._trouble(f"cannot be written ({failed.strerror}: {self.folder})", many)

    def _open(self) -> None:
        """A new file with its header and every key so far; the caller holds the lock."""
        me = here()
        worker = self._given_worker if self._given_worker >= 0 else worker_number()
        name = f"{me.host_word}-{me.pid}-{time.time_ns():x}{os.urandom(2).hex()}{SUFFIX}"
        path = self.folder / name
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        header = {
            "type": "assay.run.segment", "schema": 1, "run": self.id, "host": me.host, "boot": me.boot, "pid": me.pid,
            "birth": me.birth, "rank": self.rank, "worker": worker, "wall": time.time(), "mono": _now(),
        }  # fmt: skip
        called = self._renamed.get
        known = [(tally[0], called(name, name), "scalar") for name, tally in self._tallies.items()]
        known += [(key, called(name, name), kind) for (name, kind), key in self._keys.items()]
        start = frames.framed_json(frames.HEADER, header) + (_key_frame(known) if known else b"")
        if _write(fd, start) != len(start):
            os.close(fd)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._fd, self._segment = fd, path

    def _declare(self, named: Mapping[str, Any]) -> None:
        """Give new names their numbers; published before they are written, see `_open`."""
        new = []
        for name, value in named.items():
            if name not in self._tallies and not isinstance(value, str):
                tally = self._tallies.setdefault(name, [self._new_key(), 0, 0.0, INF, -INF, 0])
                new.append((tally[0], self._shown(name), "scalar"))
        if new:
            self._put(_key_frame(new), 0)

    def _key(self, name: str, kind: str) -> int:
        key = self._keys.setdefault((name, kind), self._new_key())
        self._put(_key_frame([(key, self._shown(name), kind)]), 0)
        return key

    def _shown(self, name: str) -> str:
        """A name as it is kept, secrets replaced; looked at once, since every value has a name."""
        shown = redact(name)[0]
        if shown != name:
            self._renamed[name] = shown
        return shown

    def _new_key(self) -> int:
        with self._lock:
            self._last_key += 1
            return self._last_key

    def _scalar(self, name: str, value: Any, step: int) -> float | None:
        """A number as a float; text is kept as text, and None says that there is no number."""
        if isinstance(value, str):
            self._keep(name, "text", step, redact(value)[0])
            return None
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError, RuntimeError) as error:
            self._trouble(f"{name!r:.100} is no number: {type(value).__name__} ({error})", 1)
            return None

    def _summary(self) -> bytes:
        """The last frame: every scalar series in a few numbers, with its length so that it is found from the end."""
        called = self._renamed.get
        rows = [[t[0], called(name, name), t[1], t[2], t[3], t[4], t[5]] for name, t in self._tallies.items() if t[1]]
        body = frames.json_bytes({"series": rows, "notes": self._told, "data": self._reads}, allow_nan=True)
        return frames.framed(frames.CLOSE, body + pack_check(len(body)))


def _key_frame(keys: list[tuple[int, str, str]]) -> bytes:
    return frames.framed_json(frames.KEY, keys)


def _retire(fd: int) -> None:
    """Let a file's number lead nowhere for a while before it is given away."""
    null = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(null, fd, inheritable=False)
    os.close(null)
    _retired.append(fd)
    while len(_retired) > 64:
        os.close(_retired.popleft())
