"""Long work in the background: what it does now, and what came of it."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from assay.base.errors import AssayError
from assay.base.progress import Progress
from assay.server.failures import RefusedError, shaped

LOG = logging.getLogger("assay.server")
KEPT = 200
Work = Callable[[Progress], Any]


@dataclass
class Job:
    """One piece of work.

    Attributes:
        owner: Who asked for it.
        state: `waiting`, `running`, `done` or `failed`.
        result: What came of it, or the error in its one shape.
    """

    id: str
    kind: str
    owner: str
    state: str = "waiting"
    result: Any = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def step(self, name: str, total: int | None = None) -> None:
        """A step begins."""
        self._note(_step(name, total))

    def advance(self, amount: int = 1) -> None:
        """Some of it is done."""
        last = self.steps[-1] if self.steps else _step("", None)
        self._note({**last, "done": int(last["done"]) + amount})

    def set(self, state: str, result: Any = None) -> None:
        """It has come further."""
        with self.changed:
            self.state, self.result = state, result
            self.changed.notify_all()

    def events(self, wait: float = 15.0) -> Iterator[dict[str, Any]]:
        """Its steps as they happen, and its end; an empty event where nothing happens for a while."""
        seen = 0
        while True:
            with self.changed:
                if seen == len(self.steps) and self.state in ("waiting", "running"):
                    self.changed.wait(wait)
                new, over = self.steps[seen:], self.state in ("done", "failed")
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
        with self.changed:
            self.steps.append(step)
            self.changed.notify_all()


def _step(name: str, total: int | None) -> dict[str, Any]:
    return {"step": name, "total": total, "done": 0}


class Jobs:
    """The jobs of a server: two run at a time, the last few hundred are remembered.

    Args:
        most: Jobs that run or wait.
    """

    def __init__(self, most: int) -> None:
        self._most, self._pool = most, ThreadPoolExecutor(2, thread_name_prefix="job")
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, kind: str, owner: str, work: Work) -> Job:
        """Begin some work.

        Args:
            kind: What it is.
            owner: Who asks.
            work: What to do; its progress is the job's.

        Raises:
            RefusedError: 429 where too much is waiting.
        """
        with self._lock:
            if sum(j.state in ("waiting", "running") for j in self._jobs.values()) >= self._most:
                raise RefusedError(429, f"{self._most} jobs are waiting", "jobs run two at a time", "ask again later")
            job = Job(secrets.token_hex(8), kind, owner)
            self._jobs[job.id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._pool.submit(self._run, job, work)
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
            return sum(j.state in ("waiting", "running") for j in self._jobs.values())

    def close(self) -> None:
        """Let running jobs end and take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: Job, work: Work) -> None:
        job.set("running")
        start = time.perf_counter()
        try:
            result = work(job)
        except AssayError as error:
            job.set("failed", shaped(error))
        except Exception as error:
            said = {"job": job.id, "kind": job.kind, "message": "a bug in Assay"}
            LOG.error("a bug in Assay", exc_info=error, extra={"said": said})
            job.set("failed", shaped(AssayError(f"a bug in Assay: {type(error).__name__}", fix="see the server's log")))
        else:
            job.set("done", result)
        said = {"job": job.id, "kind": job.kind, "state": job.state, "who": job.owner}
        LOG.info("job", extra={"said": {**said, "ms": round(1000 * (time.perf_counter() - start), 1)}})
