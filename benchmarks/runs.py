"""Runs, as they are timed: logging, many runs, eight writers at once, and a lab with a hundred thousand runs."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import ASSAY

VALUES, BATCHES, MANY, WRITERS, EACH = 200_000, 1_000, 500, 8, 20_000
METRICS = 20


def _run(folder: str) -> Any:
    import assay

    assay.Lab.create(folder)
    return assay.run({"lr": 0.1}, lab=folder, capture=False)


def _scratch() -> str:
    return tempfile.mkdtemp(prefix="assay-bench-runs-")


def log_one(file: str) -> Callable[[], Any]:
    """200,000 values, one call each."""
    run = _run(_scratch())
    run.log(step=0, loss=0.5)

    def work() -> None:
        for step in range(VALUES):
            run.log(step=step, loss=0.5)

    return work


def log_slow(file: str) -> Callable[[], Any]:
    """The 99th percentile of one call, as the seconds."""
    run = _run(_scratch())

    def work() -> dict[str, float]:
        clock, taken = time.perf_counter, np.empty(VALUES)
        for step in range(VALUES):
            start = clock()
            run.log(step=step, loss=0.5)
            taken[step] = clock() - start
        return {"seconds": float(np.quantile(taken, 0.99))}

    return work


def log_batches(file: str) -> Callable[[], Any]:
    """1,000 batches of 1,000 values."""
    run, values, steps = _run(_scratch()), np.random.default_rng(0).random(1000), np.arange(1000)
    return lambda: [run.log_many("loss", values, steps + 1000 * i) for i in range(BATCHES)]


def many_runs(file: str) -> Callable[[], Any]:
    """500 runs with 5 settings and 5 metrics."""
    import assay

    folder = _scratch()
    _run(folder).close()

    def work() -> None:
        for i in range(MANY):
            with assay.run({"a": 1, "b": 2.0, "c": "x", "d": True, "e": i}, seed=i, lab=folder) as run:
                run.log(step=0, v=1.0, w=2.0, x=3.0, y=4.0, z=5.0)

    return work


def writers(file: str) -> Callable[[], Any]:
    """Eight processes log 20,000 values each into one run; one call's 99th percentile in the slowest, as the seconds.

    Raises:
        RuntimeError: when a value is lost.
    """
    import assay

    folder = _scratch()
    run = _run(folder)

    def child(rank: int) -> None:
        run.rank = rank
        taken, clock = np.empty(EACH), time.perf_counter
        for step in range(EACH):
            start = clock()
            run.log(step=step, loss=0.5)
            taken[step] = clock() - start
        np.save(f"{folder}/{rank}.npy", taken)

    def work() -> dict[str, float]:
        for rank in range(WRITERS):
            if os.fork() == 0:
                child(rank)
                os._exit(0)
        for _ in range(WRITERS):
            os.wait()
        run.close()
        kept = assay.Lab(folder).run(run.id)
        if any(len(kept.series("loss", rank=r)) != EACH for r in range(WRITERS)):
            raise RuntimeError("values were lost")
        waits = [np.quantile(np.load(f"{folder}/{r}.npy"), 0.99) for r in range(WRITERS)]
        return {"seconds": float(max(waits))}

    return work


def make_lab(path: Path, runs: int) -> None:
    """A lab with so many runs of 5 settings and 20 metrics."""
    import assay

    assay.Lab.create(path)
    rng = np.random.default_rng(0)
    for i in range(runs):
        config = {"lr": float(rng.random()), "model": f"m{i % 7}", "layers": i % 5, "drop": 0.1, "i": i}
        with assay.run(config, seed=i % 10, lab=path, capture=False, name=f"trial {i}") as run:
            run.log({f"metric {j}": float(v) for j, v in enumerate(rng.random(METRICS))}, step=0)


def reindex(file: str) -> Callable[[], Any]:
    """The index of a lab, made anew."""
    import assay

    return assay.Lab(file).reindex


def list_runs(file: str) -> Callable[[], Any]:
    """The first page, filtered by two settings and ordered by a metric; warm."""
    import assay

    lab = assay.Lab(file)

    def page() -> Any:
        return lab.runs(["lr<0.5", "model=m3"], sort="-metric 7")

    page()
    return page


def group_runs(file: str) -> Callable[[], Any]:
    """All runs by two settings, with the mean and interval of two metrics."""
    import assay

    lab = assay.Lab(file)
    return lambda: lab.compare_runs(["metric 7", "min:metric 3"], by=["model", "layers"])


def make_files(path: Path, files: int) -> None:
    """So many files of 100 kB."""
    path.mkdir()
    rng = np.random.default_rng(0)
    for i in range(files):
        (path / f"{i:06}.bin").write_bytes(rng.bytes(100_000))


def hash_files(file: str) -> Callable[[], Any]:
    """The version of a folder by its content, nothing known beforehand."""
    from assay.runs.hashing import DigestCache, content_of

    return lambda: content_of(Path(file), DigestCache(Path(_scratch()) / "digests.json"), time.time())


def read_files(file: str, replicates: int) -> tuple[Callable[[], Any], str]:
    """The same files, read."""

    def work() -> None:
        for name in sorted(os.listdir(file)):
            Path(file, name).read_bytes()

    return work, "numpy"


def _forget(folder: str) -> None:
    """Have the system drop what it holds of these files, so that they are read from the disk again."""
    for name in os.listdir(folder):
        handle = os.open(Path(folder, name), os.O_RDONLY)
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def hash_cold(file: str) -> Callable[[], Any]:
    """The version of a folder whose files are on the disk and not in memory."""
    work = hash_files(file)
    _forget(file)
    return work


def read_cold(file: str, replicates: int) -> tuple[Callable[[], Any], str]:
    """The same files, read from the disk."""
    work, version = read_files(file, replicates)
    _forget(file)
    return work, version


def capture_adds(file: str) -> Callable[[], Any]:
    """What `assay run` adds to a command that does nothing: the difference of the medians of five, as the seconds."""
    words = [sys.executable, "-c", "pass"]
    captured = [*ASSAY, "run", "--lab", file, "--", *words]

    def took(command: Sequence[str]) -> float:
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began

    def work() -> dict[str, float]:
        pairs = [(took(captured), took(words)) for _ in range(5)]
        whole, alone = (statistics.median(times) for times in zip(*pairs, strict=True))
        return {"seconds": whole - alone}

    return work


def clean() -> None:
    """Remove what the cases left."""
    for path in Path(tempfile.gettempdir()).glob("assay-bench-runs-*"):
        shutil.rmtree(path, ignore_errors=True)


WORK = {
    "run_log": log_one,
    "run_log_p99": log_slow,
    "run_batches": log_batches,
    "run_many": many_runs,
    "run_writers": writers,
    "run_capture": capture_adds,
    "runs_reindex": reindex,
    "runs_list": list_runs,
    "runs_grouped": group_runs,
    "hash_files": hash_files,
    "hash_cold": hash_cold,
}
