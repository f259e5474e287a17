"""One thread a process that says, every ten seconds, that its runs are alive; and what becomes of runs nobody ended."""

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
# Collecting garbage while it is held may end a run that was let go of, which takes it again.
_guard = threading.RLock()


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
        beat_all()


def beat_all() -> None:
    """Beat for each run once. A function of its own: what waits must hold no run that the program has let go of."""
    for recorder in live():
        recorder._beat()


def end_unended(recorder: Recorder) -> None:
    """End a run that nobody ended: the program let go of it or came to its end, or an error did that nobody caught."""
    error = getattr(sys, "last_value", None)
    if error is None or hasattr(sys, "ps1"):
        recorder.close()
    else:
        recorder.close("failed", f"{type(error).__name__}: {error}")


def _at_exit() -> None:
    for recorder in live():
        end_unended(recorder)


def _forked() -> None:
    """In the child: locks and the thread were the parent's."""
    global _thread, _guard, _stop
    _guard, _stop, _thread = threading.RLock(), threading.Event(), None
    for recorder in list(_alive):
        recorder._after_fork()


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_forked)
