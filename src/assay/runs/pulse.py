"""One thread a process that says, every ten seconds, that its runs are alive; and what becomes of runs at a fork."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import weakref

from assay.runs.recorder import Recorder

SECONDS = 10.0

_alive: weakref.WeakSet[Recorder] = weakref.WeakSet()
_thread: threading.Thread | None = None
_stop = threading.Event()
_guard = threading.Lock()


def watch(recorder: Recorder) -> None:
    """Beat for a run until it is ended."""
    global _thread
    with _guard:
        _alive.add(recorder)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_beat, name="assay-pulse", daemon=True)
            _thread.start()


def unwatch(recorder: Recorder) -> None:
    """Stop beating for a run."""
    with _guard:
        _alive.discard(recorder)


def live() -> list[Recorder]:
    """The runs that are open in this process, oldest first."""
    with _guard:
        return sorted(_alive, key=lambda r: r.id)


def _beat() -> None:
    while not _stop.wait(SECONDS):
        for recorder in live():
            recorder._beat()


def _at_exit() -> None:
    """Runs that nobody ended: the program came to its end, or an error did that nobody caught."""
    error = getattr(sys, "last_value", None)
    for recorder in live():
        if error is None or hasattr(sys, "ps1"):
            recorder.close()
        else:
            recorder.close("failed", f"{type(error).__name__}: {error}")


def _forked() -> None:
    """In the child: locks and the thread were the parent's."""
    global _thread, _guard, _stop
    _guard, _stop, _thread = threading.Lock(), threading.Event(), None
    for recorder in list(_alive):
        recorder._after_fork()


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_forked)
