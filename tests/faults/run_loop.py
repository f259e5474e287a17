"""Kill a process that logs, or one that makes the index anew, again and again: `python -m tests.faults.run_loop`.

The child says on a pipe how far it has logged; after SIGKILL at a random moment everything that it said has to be read
back, the run has to be dead, and the list has to be whole.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import assay
from assay.verbs import reindex
from tests.faults.looping import asked

RUNS = 30


def log_until_killed(root: Path, pipe: int, seed: int) -> None:
    """Log for ever, with the run's id first and a line after every value or batch."""
    draw = random.Random(seed)
    run = assay.run({"seed": seed}, lab=root, capture=False)
    os.write(pipe, f"{run.id}\n".encode())
    for step in range(10_000_000):
        if draw.random() < 0.01:
            run.log_many("batch", [float(step)] * 100, list(range(100)))
            os.write(pipe, f"batch {step}\n".encode())
        else:
            run.log(step=step, loss=float(step))
            os.write(pipe, f"loss {step}\n".encode())


def kill_logging(root: Path, seed: int) -> list[str]:
    """One round of logging; returns what is wrong."""
    lines = killed(lambda pipe: log_until_killed(root, pipe, seed), seed)
    if not lines:
        return []
    run = lines[0].decode().strip()
    said = [line.split() for line in lines[1:] if line.endswith(b"\n")]
    kept = assay.Lab(root).run(run)
    faults = [f"seed {seed}: {kept.state}, not dead"] if kept.state != "dead" else []
    steps = [int(n) for kind, n in said if kind == b"loss"]
    batches = sum(kind == b"batch" for kind, _ in said)
    found = kept.series("loss").steps.tolist() if steps else []
    if found[: len(steps)] != steps or len(found) > len(steps) + 1:
        faults.append(f"seed {seed}: {len(steps)} values said, {len(found)} kept")
    if batches and len(kept.series("batch")) < 100 * batches:
        faults.append(f"seed {seed}: {batches} batches said, {len(kept.series('batch'))} values kept")
    if any("torn" not in f.what for f in kept.faults):
        faults.append(f"seed {seed}: {kept.faults}")
    row = assay.Lab(root).runs(where=f"id={run}")
    if len(row) != 1 or (steps and row[0].metrics["loss"].count < len(steps)):
        faults.append(f"seed {seed}: the list does not have it")
    return faults


def kill_reindex(root: Path, seed: int) -> list[str]:
    """One round of making the index anew."""

    def work(pipe: int) -> None:
        os.write(pipe, b"begun\n")
        while True:
            reindex.run(root)

    killed(work, seed)
    names = sorted(os.listdir(root / ".assay/runs"))
    listed = sorted(r.id for r in assay.Lab(root).runs(limit=10_000))
    return [] if listed == names else [f"seed {seed}: {len(names)} runs, {len(listed)} listed"]


def killed(work: Callable[[int], None], seed: int) -> list[bytes]:
    """Fork, work, kill at a random moment; returns the lines that were said."""
    draw = random.Random(seed)
    wanted, wait = draw.choice([0, 1, 2, 20, 300]), draw.expovariate(1 / 0.01)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            work(write)
        finally:
            os._exit(3)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        lines = []
        for _ in range(wanted):
            line = pipe.readline()
            if line:
                lines.append(line)
            if line == b"begun\n":
                break
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        lines += pipe.readlines()
    _, status = os.waitpid(child, 0)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise RuntimeError(f"the writer ended by itself, status {status}, seed {seed}")
    return lines


def rounds(many: int, seed: int) -> list[str]:
    """So many kills, three of four while logging; what was lost or wrong."""
    faults: list[str] = []
    for start in range(0, many, RUNS):
        with tempfile.TemporaryDirectory(prefix="assay-runs-") as folder:
            root = Path(folder)
            assay.Lab.create(root)
            for i in range(start, min(many, start + RUNS)):
                faults += kill_reindex(root, seed + i) if i % 4 == 3 else kill_logging(root, seed + i)
    return faults


if __name__ == "__main__":
    sys.exit(asked("tests.faults.run_loop", __doc__, rounds, 300))
