"""One worker of a sweep, a process of its own: begins cells until nothing is left, or who asked for it is gone."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.base.errors import AssayError
from assay.base.filling import filled
from assay.readers.planfile import plan_from_content
from assay.records.plan import Plan
from assay.records.runs import RunEnd
from assay.records.sweep import Cell, Sweep
from assay.runs.causes import last_words
from assay.runs.course import Course, Turn, metric_column
from assay.runs.folder import RUNS, read_record
from assay.runs.identity import SWEPT
from assay.runs.leftover import end_processes
from assay.runs.matrix import arms
from assay.runs.proposals import propose
from assay.runs.summary import summarise
from assay.runs.sweepfolder import SweepFolder, ending
from assay.verbs.run import JOINED, LaunchRequest, launch

BEAT, LOOK = 10.0, 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told on its standard input.

    Attributes:
        folder: The state of the sweep.
        work: Where commands are executed.
        began: When the sweep was begun or taken up again, in seconds since 1970.
    """

    plan: Plan
    lab: Path
    folder: Path
    work: Path
    session: str
    began: float

    def course(self) -> Course:
        """The sweep as this worker sees it."""
        return Course(self.plan, SweepFolder(self.lab, self.folder), self.session, self.began, propose)


@dataclass(slots=True)
class Watch:
    """A thread beside a cell: says that its worker lives, and ends a command that takes too long or has diverged."""

    job: Job
    state: SweepFolder
    key: str
    number: int
    run: str = ""
    why: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    def begun(self, run: str) -> None:
        """The cell's run has its folder: note it, then watch."""
        self.state.began(self.key, self.number, run)
        self.run = run
        threading.Thread(target=self._watch, name="assay-watch", daemon=True).start()

    def over(self) -> None:
        """The command has ended."""
        self._over.set()

    def _watch(self) -> None:
        start = beaten = time.monotonic()
        while not self._over.wait(LOOK):
            now = time.monotonic()
            if now - beaten >= BEAT:
                self.state.touch(self.key, self.number)
                beaten = now
            self.why = self._too_long(now - start) or self._diverged()
            if self.why:
                end_processes(JOINED, str(self.job.lab / RUNS / self.run))
                return

    def _too_long(self, seconds: float) -> str:
        sweep = self.job.plan.sweep
        limit = sweep.limits.minutes if sweep is not None else None
        return f"ended after {limit:g} minutes" if limit is not None and seconds > limit * 60 else ""

    def _diverged(self) -> str:
        sweep = self.job.plan.sweep
        if sweep is None or not sweep.limits.diverged:
            return ""
        found = summarise(self.job.lab / RUNS / self.run).metrics.get(metric_column(sweep).name)
        return f"{sweep.metric} is {found.last}" if found is not None and not math.isfinite(found.last) else ""


def work(job: Job, stop: threading.Event) -> None:
    """Begin cells one after the other until nothing is left, or it is told to stop."""
    course = job.course()
    while not stop.is_set():
        turn = course.next()
        if turn.over:
            return
        if turn.cell is None:
            stop.wait(turn.wait)
        elif course.state.claim(turn.cell.key, len(turn.before) + 1, job.session) and not attempt(job, course, turn):
            return


def attempt(job: Job, course: Course, turn: Turn) -> bool:
    """Execute a cell's command as a run and note how it ended; False where a signal from outside ended it."""
    cell, number = turn.cell, len(turn.before) + 1
    if cell is None:
        return True
    for earlier in turn.before:
        # A command may have outlived a worker that was killed; two of them would write into the same files.
        if earlier.run and not earlier.finished:
            end_processes(JOINED, str(job.lab / RUNS / earlier.run))
    watch = Watch(job, course.state, cell.key, number)
    try:
        launch(_request(job, cell, watch))
        record, _ = read_record(job.lab / RUNS / watch.run, RunEnd)
        end = ending(record) if record is not None else _failed("the end of its run could not be written")
        end = _with_last_words(end, job.lab / RUNS / watch.run)
    except AssayError as error:
        end = _failed(error.line())
    finally:
        watch.over()
    if watch.why:
        end = {**end, "state": "failed", "why": watch.why}
    course.state.ended(cell.key, number, end)
    return bool(end["state"] != "interrupted")


def _request(job: Job, cell: Cell, watch: Watch) -> LaunchRequest:
    values = {**cell.config, "model": cell.model}
    sweep = job.plan.sweep or Sweep()
    fillings = {**values, "seed": cell.seed}
    return LaunchRequest(
        cell.command,
        f"{cell.model} seed {cell.seed}",
        job.plan.name,
        (SWEPT,),
        cell.seed,
        job.lab.parent,
        folder=job.work,
        quiet=True,
        config=values,
        variables={"ASSAY_SEED": str(cell.seed), "ASSAY_MODEL": cell.model, "ASSAY_CONFIG": json.dumps(values)},
        predictions=cell.predictions,
        metrics=filled(sweep.metrics, fillings),
        reads=[filled(path, fillings) for path in sweep.reads],
        prompts=[filled(path, fillings) for path in sweep.prompts],
        begun=watch.begun,
        form=next((a.command for a in arms(job.plan) if a.name == cell.model), ()),
    )


def _with_last_words(end: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Why a cell failed, with what its command said last, so that nobody has to look for it."""
    said = last_words(folder) if end["state"] == "failed" else ""
    return {**end, "why": f"{end.get('why', '')}; it said last: {said}"[:1000]} if said else end


def _failed(why: str) -> dict[str, Any]:
    said = {"seconds": 0.0, "cpu_seconds": 0.0, "time": time.time()}
    return {"type": "assay.sweep.end", "state": "failed", "why": why[:1000], **said}


def job_of(said: Mapping[str, Any]) -> Job:
    """A job as it was sent."""
    paths = {name: Path(said[name]) for name in ("lab", "folder", "work")}
    return Job(plan_from_content(said["plan"]), **paths, session=said["session"], began=float(said["began"]))


def main() -> int:
    """Read the job from standard input, work; what closes that input asks to stop after the cell in hand."""
    job, stop = job_of(json.loads(sys.stdin.readline())), threading.Event()

    def watched() -> None:
        sys.stdin.read()
        stop.set()

    threading.Thread(target=watched, name="assay-parent", daemon=True).start()
    try:
        work(replace(job), stop)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
