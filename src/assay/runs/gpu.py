"""Time on graphics processors, sampled once a second by a thread of its own; nothing where there is none.

The driver says which share of the last moment a device was busy, by any process: seconds here are that share, summed
over time and the devices that this process may use.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 1.0
_DRIVER = Path("/proc/driver/nvidia/version")


@dataclass(frozen=True, slots=True)
class Busy:
    """Sums since the process began to sample.

    Attributes:
        seconds: Of devices, wholly busy.
        peak_megabytes: The most memory held on one device at one time, by all processes.
        devices: How many are sampled.
    """

    seconds: float = 0.0
    peak_megabytes: float = 0.0
    devices: int = 0


# The busy share in [0, 1] and the bytes held, of each device.
Sample = Callable[[], Sequence[tuple[float, int]]]


class Meter:
    """Sums samples of devices; the thread is begun with the first question, and again in a child after a fork.

    Args:
        sample: Asks the devices.
        clock: Seconds of a clock that is never set.
    """

    def __init__(self, sample: Sample, clock: Callable[[], float] = time.monotonic) -> None:
        self._sample, self._clock = sample, clock
        self._last, self._pid, self._guard = clock(), 0, threading.Lock()
        self._busy = Busy()

    def read(self) -> Busy:
        """The sums now."""
        self.take()
        if self._pid != os.getpid():
            self._pid = os.getpid()
            threading.Thread(target=self._run, name="assay-gpu", daemon=True).start()
        return self._busy

    @property
    def peak(self) -> float:
        """The most memory held so far on one device, in MB."""
        return self._busy.peak_megabytes

    def take(self) -> None:
        """Add one sample, which counts for the time since the one before."""
        if not self._guard.acquire(timeout=SECONDS):
            return
        try:
            now = self._clock()
            found = self._sample()
            passed, self._last = max(0.0, now - self._last), now
            held = max((size for _, size in found), default=0) / 1e6
            seconds = self._busy.seconds + passed * sum(share for share, _ in found)
            self._busy = Busy(seconds, max(self._busy.peak_megabytes, held), max(self._busy.devices, len(found)))
        finally:
            self._guard.release()

    def _run(self) -> None:
        while True:
            time.sleep(SECONDS)
            self.take()


_meter: Meter | None = None
_asked = False


def busy() -> Busy | None:
    """The sums of this process; None where there is no device."""
    global _meter, _asked
    if not _asked:
        _asked = True
        if _DRIVER.exists():
            from assay.runs.nvml import nvml

            sample = nvml()
            _meter = Meter(sample) if sample is not None else None
    return _meter.read() if _meter is not None else None


def peak_megabytes() -> float:
    """The most memory held on one device at one time since this process began to sample."""
    return _meter.peak if _meter is not None else 0.0
