"""Long work in the background: what it does now, and what came of it."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assay.base.errors import AssayError
from assay.base.progress import Progress
from assay.server.failures import RefusedError, shaped

LOG = logging.getLogger("assay.server")
KEPT = 200
AT_A_TIME = 2
ENDED = ("done", "failed", "cancelled")
ASKED, LEFT = 0.8, 0.95
"""When a server stops: the shares of its time after which jobs are asked to end, and left."""
Work = Callable[[Progress], Any]


class StoppedError(Exception):
    """A job goes no further, as the server stops."""


@dataclass
class Job:
    """One piece of work.

    Attributes:
        owner: Who asked for it.
        state: `waiting`, `running`, `done`, `failed` or `cancelled`.
        ending: Whether it is to go no further than the step that it is at.
        result: What came of it, or the error in its one shape.
    """

    id: str
    kind: str
    owner: str
    state: str = "waiting"
    result: Any = None
    ending: bool = False
    steps: list[dict[str, Any]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def step(self, name: str, total: int | None = None) -> None:
        """A step begins."""
        self._note(_step(name, total))

    def advance(self, amount: int = 1) -> None:
        """Some of it is done."""
        last = self.steps[-1] if self.steps else _step("", None)
        self._note({**last, "done": int(last["done"]) + amount})

    def set(self, state: str, result: Any = None) -> bool:
        """It has come further, where it has not ended before."""
        with self.changed:
            over = self.state in ENDED
            if not over:
                self.state, self.result = state, result
                self.changed.notify_all()
        return not over

    def cancel(self) -> bool:
        """Nothing comes of it any more, which is said to whoever asked; whether it had not ended before."""
        why = AssayError("cancelled: the server stopped", rule="jobs end with their server", fix="ask for it again")
        return self.set("cancelled", shaped(why))

    def events(self, wait: float = 15.0) -> Iterator[dict[str, Any]]:
        """Its steps as they happen, and its end; an empty event where nothing happens for a while."""
        seen = 0
        while True:
            with self.changed:
                if seen == len(self.steps) and self.state not in ENDED:
                    self.changed.wait(wait)
                new, over = self.steps[seen:], self.state in ENDED
            seen += len(new)
            yield from new
            if over:
                yield {"state": self.state}
                return
            if not new:
                yield {}

    def to_json(self) -> dict[str, Any]:
        """The job as the API shows it."""
        step = self.steps[-1] if self.steps else None
        return {"id": self.id, "kind": self.kind, "state": self.state, "step": step, "result": self.result}

    def _note(self, step: dict[str, Any]) -> None:
        if self.ending:
            raise StoppedError
        with self.changed:
            self.steps.append(step)
            self.changed.notify_all()


def _step(name: str, total: int | None) -> dict[str, Any]:
    return {"step": name, "total": total, "done": 0}


class Jobs:
    """The jobs of a server: two run at a time, the last few hundred are remembered.

    Args:
        most: Jobs that run or wait.
        stop_seconds: Within how many seconds the server stops.
    """

    def __init__(self, most: int, stop_seconds: float = 30.0) -> None:
        self._most, self._stop_seconds = most, stop_seconds
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._waiting: deque[tuple[Job, Work]] = deque()
        self._running: set[str] = set()
        self._stopped: float | None = None
        self._lock = threading.Condition()

    def start(self, kind: str, owner: str, work: Work) -> Job:
        """Begin some work.

        Args:
            kind: What it is.
            owner: Who asks.
            work: What to do; its progress is the job's.

        Raises:
            RefusedError: 429 where too much is waiting, 503 where the server stops.
        """
        with self._lock:
            if self._stopped is not None:
                raise RefusedError(503, "the server stops", "it takes no more jobs", "ask again once it is back")
            if sum(j.state not in ENDED for j in self._jobs.values()) >= self._most:
                raise RefusedError(429, f"{self._most} jobs are waiting", "jobs run two at a time", "ask again later")
            job = Job(secrets.token_hex(8), kind, owner)
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
            self._waiting.append((job, work))
            self._next()
        return job

    def get(self, job: str, owner: str) -> Job:
        """A job of its owner.

        Raises:
            RefusedError: 404 where there is none, or it is another's.
        """
        found = self._jobs.get(job)
        if found is None or found.owner != owner:
            raise RefusedError(
                404, f"there is no job {job[:40]!r}", "jobs are seen by who asked for them", "ask for it again"
            )
        return found

    def knows(self, job: str, owner: str) -> bool:
        """Whether it remembers a job of its owner."""
        found = self._jobs.get(job)
        return found is not None and found.owner == owner

    def active(self) -> int:
        """How many run or wait."""
        with self._lock:
            return sum(j.state not in ENDED for j in self._jobs.values())

    def stop(self) -> None:
        """Take no more; what waits is cancelled, and says so. Jobs that run go on."""
        with self._lock:
            if self._stopped is None:
                self._stopped = time.monotonic()
            waiting = [job for job, _ in self._waiting]
            self._waiting.clear()
        for job in waiting:
            job.cancel()
            _say(job)

    def close(self) -> None:
        """Let running jobs end: of the seconds since `stop`, then ask them to, then leave them as they are."""
        self.stop()
        if not self._ended_by(ASKED):
            for job in self._unended():
                job.ending = True
        if not self._ended_by(LEFT):
            for job in self._unended():
                if job.cancel():
                    _say(job)

    def _ended_by(self, share: float) -> bool:
        """Whether no job runs by then."""
        with self._lock:
            until = (self._stopped or time.monotonic()) + share * self._stop_seconds
            return self._lock.wait_for(lambda: not self._running, max(0.0, until - time.monotonic()))

    def _unended(self) -> list[Job]:
        with self._lock:
            return [job for job in self._jobs.values() if job.state not in ENDED]

    def _next(self) -> None:
        """Begin what waits where there is room; threads of which none keeps the process alive."""
        while self._waiting and len(self._running) < AT_A_TIME:
            job, work = self._waiting.popleft()
            self._running.add(job.id)
            threading.Thread(target=self._run, args=(job, work), name=f"job-{job.id}", daemon=True).start()

    def _run(self, job: Job, work: Work) -> None:
        job.set("running")
        start = time.perf_counter()
        try:
            self._do(job, work)
        finally:
            with self._lock:
                self._running.discard(job.id)
                self._next()
                self._lock.notify_all()
        _say(job, ms=round(1000 * (time.perf_counter() - start), 1))

    def _do(self, job: Job, work: Work) -> None:
        try:
            result = work(job)
        except StoppedError:
            job.cancel()
        except AssayError as error:
            job.set("failed", shaped(error))
        except Exception as error:
            said = {"job": job.id, "kind": job.kind, "message": "a bug in Assay"}
            LOG.error("a bug in Assay", exc_info=error, extra={"said": said})
            job.set("failed", shaped(AssayError(f"a bug in Assay: {type(error).__name__}", fix="see the server's log")))
        else:
            job.set("done", result)


def _say(job: Job, **more: float) -> None:
    said = {"job": job.id, "kind": job.kind, "state": job.state, "who": job.owner}
    LOG.info("job", extra={"said": {**said, **more}})
