"""Kill sweeps at random moments, again and again: `python -m tests.faults.sweep_loop`.

A worker is killed, or the process that began it, or all of them together. Then the sweep is taken up again: every
cell has to finish, and the run of each cell that had finished before has to be the one that it had.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from assay.runs.sweepfolder import SweepFolder
from assay.verbs.sweep import look
from assay.verbs.sweep_worker import work
from tests.faults.looping import asked
from tests.helpers.sweeps import job, lines, scene, worked

SEEDS = 4
BEGIN = "import sys; from assay.cli.main import run; run(sys.argv[1:])"


def finished(path: Path) -> dict[str, str]:
    """Cell -> the run that has filled it."""
    return {c.cell.key: c.run for c in look(path, path.parent).cells if c.state == "finished"}


def kill_worker(path: Path, draw: random.Random) -> None:
    """Two workers, one of which is killed; the other goes on for a moment, and is killed, too."""
    children = []
    for session in ("one", "two"):
        mine = job(path, session)
        child = os.fork()
        if child == 0:
            try:
                work(mine, threading.Event())
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        time.sleep(draw.expovariate(1 / 0.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def kill_sweep(path: Path, draw: random.Random, everything: bool) -> None:
    """`assay sweep`, killed alone, so that its workers outlive it, or with all its workers and their commands."""
    words = ["sweep", str(path), "--workers", "2", "--lab", str(path.parent)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    began = subprocess.Popen([sys.executable, "-c", BEGIN, *words], start_new_session=True, **quiet)
    time.sleep(draw.uniform(0.3, 2.0))
    if everything:
        os.killpg(began.pid, signal.SIGKILL)
    else:
        began.kill()
    began.wait()


def one_round(seed: int) -> list[str]:
    """Kill a sweep once or twice, take it up again; returns what is wrong."""
    draw, faults = random.Random(seed), []
    with tempfile.TemporaryDirectory(prefix="assay-sweep-", ignore_cleanup_errors=True) as folder:
        command = "sh -c 'echo {model}-{seed} >> begun.txt; sleep 0.02; echo {model}-{seed} >> done.txt'"
        path = scene(Path(folder), {"command": command}, seeds=SEEDS)
        kinds = draw.choices(("worker", "main", "all"), (6, 1, 1), k=draw.choice((1, 2)))
        for kind in kinds:
            if kind == "worker":
                kill_worker(path, draw)
            else:
                kill_sweep(path, draw, kind == "all")
        before = finished(path)
        course = worked(path, "again")
        after = finished(path)
        said = f"seed {seed} ({', '.join(kinds)})"
        if not course.now().complete or len(after) != 2 * SEEDS:
            faults.append(f"{said}: {len(after)} of {2 * SEEDS} cells finished")
        faults += [f"{said}: the finished cell {k} ran again" for k, run in before.items() if after.get(k) != run]
        faults += _counted(course.state, said, Path(folder))
    return faults


def _counted(state: SweepFolder, said: str, folder: Path) -> list[str]:
    """A command runs once for each attempt at most, and each cell has one attempt that finished."""
    faults = []
    for place in sorted((state.folder / "cells").iterdir()):
        done = [a for a in state.attempts(place.name) if a.finished]
        if len(done) != 1 or done[0] != state.attempts(place.name)[-1]:
            faults.append(f"{said}: {place.name} has {len(done)} attempts that finished")
    attempts = sum(len(state.attempts(p.name)) for p in (state.folder / "cells").iterdir())
    begun, over = Counter(lines(folder, "begun.txt")), Counter(lines(folder))
    if sum(begun.values()) > attempts or len(over) != 2 * SEEDS:
        faults.append(f"{said}: {sum(begun.values())} commands for {attempts} attempts")
    return faults


def rounds(many: int, seed: int) -> list[str]:
    """So many rounds; what was wrong."""
    return [fault for i in range(many) for fault in one_round(seed + i)]


if __name__ == "__main__":
    sys.exit(asked("tests.faults.sweep_loop", __doc__, rounds, 100, "kills of sweeps"))
