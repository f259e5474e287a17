"""A server stops within its time whatever its jobs do, and says what became of each."""

from __future__ import annotations

import functools
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assay.base.progress import Progress
from assay.server.failures import RefusedError
from assay.server.jobs import AT_A_TIME, Jobs

SERVE = """
import functools, sys, threading
from pathlib import Path
from assay.server import listening as room
room.Settings = functools.partial(room.Settings, stop_seconds=1.0)
with room.listening(Path(sys.argv[1]), "127.0.0.1", 0, ()) as served:
    jobs = served.server.config.app.state.jobs
    for kind in ("deaf", "deaf", "waiting"):
        jobs.start(kind, "me", lambda progress: threading.Event().wait(120))
    startup = served.server.startup
    async def started(sockets=None):
        await startup(sockets)
        print("listening", flush=True)
    served.server.startup = started
    served.run()
"""


def test_what_waits_is_cancelled_at_once_and_what_runs_may_end() -> None:
    jobs, go, begun = Jobs(16, 60.0), threading.Event(), threading.Semaphore(0)

    def work(progress: Progress) -> str:
        begun.release()
        go.wait(30)
        return "kept"

    made = [jobs.start("long", "me", work) for _ in range(AT_A_TIME + 1)]
    for _ in range(AT_A_TIME):
        begun.acquire()
    jobs.stop()
    assert [job.state for job in made] == ["running"] * AT_A_TIME + ["cancelled"]
    assert list(made[-1].events()) == [{"state": "cancelled"}]
    assert made[-1].to_json()["result"]["error"]["what"] == "cancelled: the server stopped"
    with pytest.raises(RefusedError) as refused:
        jobs.start("late", "me", work)
    assert refused.value.status == 503
    go.set()
    jobs.close()
    assert [(job.state, job.result) for job in made[:-1]] == [("done", "kept")] * AT_A_TIME
    assert jobs.active() == 0


def test_what_does_not_end_is_asked_to_and_then_left() -> None:
    jobs, go, begun, cleaned = Jobs(16, 0.2), threading.Event(), threading.Semaphore(0), threading.Event()

    def heeding(progress: Progress) -> None:
        begun.release()
        try:
            while True:
                progress.advance()
                go.wait(0.001)
        finally:
            cleaned.set()

    def deaf(progress: Progress) -> str:
        begun.release()
        go.wait(30)
        return "too late"

    made = [jobs.start("long", "me", work) for work in (heeding, deaf)]
    for _ in made:
        begun.acquire()
    jobs.close()
    assert [job.state for job in made] == ["cancelled", "cancelled"]
    assert cleaned.wait(30)
    go.set()
    with jobs._lock:
        assert jobs._lock.wait_for(lambda: not jobs._running, 30)
    assert made[1].state == "cancelled"


def test_jobs_begin_in_order_two_at_a_time() -> None:
    jobs, order, most, lock = Jobs(100), list[int](), [0, 0], threading.Lock()

    def work(i: int, progress: Progress) -> None:
        with lock:
            order.append(i)
            most[0] += 1
            most[1] = max(most)
        progress.step("on its way")
        with lock:
            most[0] -= 1

    made = [jobs.start("short", "me", functools.partial(work, i)) for i in range(20)]
    for job in made:
        assert list(job.events())[-1] == {"state": "done"}
    jobs.close()
    assert (sorted(order), most[1] <= AT_A_TIME) == (list(range(20)), True)


def test_a_process_with_deaf_jobs_stops(lab: Path) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", SERVE, str(lab)], stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    found = [json.loads(line) for line in said.splitlines()]
    assert [(x["kind"], x["state"]) for x in found] == [("waiting", "cancelled"), *[("deaf", "cancelled")] * 2]
