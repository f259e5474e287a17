"""`sweep`: fill the matrix that a plan demands with runs; what is finished is never run again."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol

from assay.base.errors import InputError, PlanError, StoreError
from assay.base.optional import need
from assay.readers.planfile import plan_content, read_plan
from assay.records.plan import Plan
from assay.records.sweep import Sweep, SweepLimits, SweepState
from assay.remote.address import LabPlace
from assay.runs.course import Course
from assay.runs.launch import find_program
from assay.runs.matrix import FROM_SWEEP, arms, cells, with_command
from assay.runs.proposals import EXTRA
from assay.runs.sweepfolder import SweepFolder, open_sweep, sweep_root
from assay.verbs.runs import kept_code
from assay.verbs.standing import standing_of
from assay.verbs.where import existing_lab, open_lab

WORKER = ("-P", "-m", "assay.verbs.sweep_worker")
MOST_WORKERS = 256
POLL = 0.2


class Watcher(Protocol):
    """Hears how a sweep stands, several times a second."""

    def seen(self, state: SweepState) -> None:
        """The sweep as it stands."""


class Nobody:
    """A watcher that does not look."""

    def seen(self, state: SweepState) -> None:
        """Ignore it."""


@dataclass(frozen=True, slots=True)
class SweepRequest:
    """What `assay sweep` asks for.

    Attributes:
        workers: Processes that execute cells side by side.
        command: For models that have none in the plan, with the plan's fillings.
        anew: Why all cells are to be run again; those of before are kept and no longer count.
        hours: Of the clock, at most; the plan's budget where it is not given.
        cpu_hours: Of processors, at most.
    """

    plan: Path
    workers: int = 1
    command: Sequence[str] = ()
    anew: str = ""
    hours: float | None = None
    cpu_hours: float | None = None
    lab: LabPlace | None = None


def run(request: SweepRequest, watcher: Watcher | None = None) -> SweepState:
    """Execute every cell that is not there yet; returns how the sweep stands when nothing more is begun.

    Raises:
        AssayError: a plan that cannot be swept, a command that is not found, or a lab that cannot be written.
    """
    plan, lab = planned(request), existing_lab(request.lab)
    work = working_folder_of(plan, request.plan)
    _check(plan)
    if not request.anew and standing(plan, lab).complete:
        return standing(plan, lab)
    with open_lab(request.lab) as store:
        digest = ""
        with store.snapshot() as session:
            frozen = bool(session.plans.versions(plan.name))
        if frozen:
            digest = standing_of(store, read_plan(request.plan), request.plan).frozen.digest
        state = open_sweep(lab, plan.name, request.anew)
        said = {"sweep": plan.name, "plan": digest, "generation": state.generation, "why": request.anew}
        store.append("sweep.begun", said)
    course = Course(plan, state, secrets.token_hex(8), time.time(), code_of=partial(kept_code, lab))
    job = {
        "plan": plan_content(plan), "lab": str(lab), "folder": str(state.folder), "work": str(work),
        "session": course.session, "began": course.began,
    }  # fmt: skip
    try:
        _followed(_Workers(job, state.folder / "workers", request.workers), course, watcher or Nobody())
    finally:
        ended = course.now()
        with open_lab(request.lab) as store:
            store.append("sweep.ended", {**said, **summary(ended)})
    return ended


def look(plan: Path, lab: LabPlace | None = None) -> SweepState:
    """How a plan's sweep stands, without beginning anything.

    Raises:
        AssayError: a plan that has no sweep.
    """
    given = planned(SweepRequest(plan, lab=lab))
    return standing(given, existing_lab(lab))


def standing(plan: Plan, lab: Path) -> SweepState:
    """How the sweep of a plan stands; nothing is written."""
    generations = [int(p.name) for p in sweep_root(lab, plan.name).glob("*") if p.name.isdecimal()]
    state = SweepFolder(lab, sweep_root(lab, plan.name) / str(max(generations, default=1)))
    return Course(plan, state, "", time.time(), code_of=partial(kept_code, lab)).now()


def summary(state: SweepState) -> dict[str, Any]:
    """A sweep in the words of the ledger: cells by state, and the runs that fill the matrix."""
    return {
        "cells": {name: state.count(name) for name in ("finished", "running", "waiting", "failed", "missing")},
        "stopped": state.stopped,
        "runs": [c.run for c in state.cells if c.state == "finished"],
    }


def planned(request: SweepRequest) -> Plan:
    """The plan of a request, with its command and its budget.

    Raises:
        PlanError: a plan with problems, without anything to sweep, or with a command of its own beside the one given.
        InputError: numbers that make no sense.
    """
    _numbers(request)
    plan = read_plan(request.plan)
    if not arms(plan):
        raise PlanError(
            "no model of the plan has `runs: sweep`",
            rule="a sweep trains the models whose predictions its runs keep",
            fix="write `runs: sweep` in place of `file` for baseline and candidates",
            where=request.plan.name,
        )
    own = plan.sweep or Sweep()
    if request.command and own.command:
        raise PlanError(
            "a command is given, and the plan has one",
            rule="the plan says what is executed",
            fix="leave the command out, or remove `command` from the plan's sweep",
            where=request.plan.name,
        )
    limits = _limits(own.limits, request)
    return with_command(replace(plan, sweep=replace(own, limits=limits)), request.command)


def _limits(limits: SweepLimits, request: SweepRequest) -> SweepLimits:
    hours, cpu = request.hours, request.cpu_hours
    return replace(
        limits,
        hours=hours if hours is not None else limits.hours,
        cpu_hours=cpu if cpu is not None else limits.cpu_hours,
    )


def _numbers(request: SweepRequest) -> None:
    if not 1 <= request.workers <= MOST_WORKERS:
        raise InputError(f"{request.workers} workers", rule=f"1 to {MOST_WORKERS} workers", fix="--workers 2")
    for name, value in (("--hours", request.hours), ("--cpu-hours", request.cpu_hours)):
        if value is not None and not 0 < value < float("inf"):
            raise InputError(f"{name} is {value}", rule="a budget is a number above 0", fix=f"{name} 2")


def working_folder_of(plan: Plan, path: Path) -> Path:
    """Where the plan's commands are executed.

    Raises:
        PlanError: a folder that is not there.
    """
    folder = (path.parent / (plan.sweep or Sweep()).folder).resolve()
    if not folder.is_dir():
        raise PlanError(
            f"the folder of the sweep is not there: {folder}",
            rule="`sweep.folder` is relative to the plan",
            fix="check the path",
            where=path.name,
        )
    return folder


def _check(plan: Plan) -> None:
    """What would make every cell fail is told before one is begun."""
    for arm in arms(plan):
        find_program(arm.command)
    sweep = plan.sweep or Sweep()
    if sweep.search == "optuna":
        need("optuna", EXTRA)
    else:
        course = Course(plan, SweepFolder(Path(), Path("1")), "", 0.0)
        for _ in cells(plan, course.searched()):
            pass
    unswept = [m.name for m in (plan.baseline, *plan.candidates) if m.runs and m.runs != FROM_SWEEP]
    if len(unswept) == 1 + len(plan.candidates):
        raise PlanError("every model names its runs", rule="nothing is left to sweep", fix="write `runs: sweep`")


class _Workers:
    """The processes that execute cells; one that was killed is replaced, a few times."""

    def __init__(self, job: dict[str, Any], logs: Path, many: int) -> None:
        self._job, self._logs, self._spare = json.dumps(job).encode() + b"\n", logs, 3 * many
        logs.mkdir(parents=True, exist_ok=True)
        self._begun = 0
        self.live = [self._begin() for _ in range(many)]

    def _begin(self) -> tuple[subprocess.Popen[bytes], Path]:
        self._begun += 1
        log = self._logs / f"{time.time_ns()}-{self._begun}.log"
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, *WORKER], stdin=subprocess.PIPE, stdout=out, stderr=out)  # noqa: S603
        _tell(process.stdin, self._job)
        return process, log

    def check(self) -> None:
        """Let go of those that are done.

        Raises:
            StoreError: one that ended by an error.
        """
        for process, log in list(self.live):
            code = process.poll()
            if code is None:
                continue
            self.live.remove((process, log))
            _close(process)
            if code < 0 and self._spare:
                self._spare -= 1
                self.live.append(self._begin())
            elif code != 0:
                said = log.read_text(errors="replace").strip().splitlines() or [f"exit code {code}"]
                raise StoreError(
                    f"a worker of the sweep ended: {said[-1]:.300}",
                    rule="workers go on until nothing is left",
                    fix="run the sweep again: what is finished stays",
                    where=str(log),
                )
            elif not log.stat().st_size:
                log.unlink(missing_ok=True)

    def stop(self) -> None:
        """Ask all to end what they execute, and wait for them."""
        for process, _ in self.live:
            _close(process)
            process.terminate()
        for process, _ in self.live:
            process.wait()


def _tell(pipe: IO[bytes] | None, words: bytes) -> None:
    if pipe is not None:
        pipe.write(words)
        pipe.flush()


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()


def _followed(workers: _Workers, course: Course, watcher: Watcher) -> None:
    try:
        while workers.live:
            watcher.seen(course.now())
            time.sleep(POLL)
            workers.check()
    except BaseException:
        workers.stop()
        raise
    watcher.seen(course.now())
