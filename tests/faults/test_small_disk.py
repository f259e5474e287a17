"""A disk that is really full: logging goes on without it, judging, listing and importing say so in one line.

The disk is a file system of its own in memory, which takes rights that not everyone has; without them, a limit on the
size of files stands for it, under which writes fail in the same places.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import assay
from assay.store import LocalStore
from tests.faults.test_judge_faults import FEW, evidence
from tests.helpers.runs import assay as command
from tests.readers.mlflow_sources import database
from tests.runs.scenes import logged
from tests.verbs.scenes import events, scene, told

pytestmark = pytest.mark.fault

MEGABYTES = 24
_CHILD = """
import resource, signal, sys
import duckdb, sqlalchemy
from assay.cli.main import outcome
if sys.argv[1] == "limited":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
sys.exit(outcome(sys.argv[2:]))
"""
_LOGS = """
import resource, signal, sys, assay
run = assay.run({"lr": 0.1}, lab=sys.argv[2], capture=False)
run.log(step=0, loss=0.5)
print("logged", flush=True)
sys.stdin.readline()
if sys.argv[1] == "limited":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
for step in range(1, 3000):
    run.log(step=step, loss=0.5)
run.text("long", "x" * 100_000)
run.artifact("model.bin")
run.close()
print(run.id, run.healthy)
"""


class Disk:
    """A small disk with a lab on it, and whether it is one of its own."""

    def __init__(self, folder: Path, own: bool) -> None:
        self.folder, self.own = folder, own
        self.words = "own" if own else "limited"

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not a byte is left on it."""
        ballast = self.folder / "ballast"
        if self.own:
            with ballast.open("wb", buffering=0) as file:
                for size in (1 << 20, 4096, 1):
                    while _wrote(file.write, b"\0" * size):
                        pass
        yield
        ballast.unlink(missing_ok=True)


def _wrote(write: Callable[[bytes], int | None], content: bytes) -> bool:
    try:
        return write(content) == len(content)
    except OSError:
        return False


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("disk")
    line = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(folder)]
    own = os.geteuid() == 0 and subprocess.run(line, capture_output=True, check=False).returncode == 0
    try:
        scene(folder, FEW)
        for i in range(3):
            logged(folder, [float(i)])
        yield Disk(folder, own)
    finally:
        if own:
            subprocess.run(["umount", str(folder)], check=True)


def asked(disk: Disk, *words: object) -> tuple[int, str, str]:
    """Exit code, output and errors; the limit is that of a process of its own."""
    if disk.own:
        run = command(*words, "--lab", disk.folder)
        return run.code, run.out, run.err
    line = [sys.executable, "-c", _CHILD, disk.words, *map(str, words), "--lab", str(disk.folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def sound(disk: Disk) -> bool:
    with LocalStore.open(disk.folder) as store:
        return store.verify().ok


def test_a_program_that_logs_goes_on(disk: Disk, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights" * 1000)
    line = [sys.executable, "-c", _LOGS, disk.words, str(disk.folder)]
    with subprocess.Popen(line, stdin=-1, stdout=-1, stderr=-1, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "logged\n"
        with disk.full():
            out, err = process.communicate("\n")
    run, healthy = out.split()
    assert (process.returncode, healthy, err.count("warning")) == (0, "False", 1), err
    kept = assay.Lab(disk.folder).run(run)
    assert kept.series("loss").steps[0] == 0
    assert kept.state in ("finished", "dead")
    assert logged(disk.folder, [1.0])
    assert sound(disk)


@pytest.mark.parametrize("words", [["judge", "plan.yaml"], ["import", "mlflow", "db"], ["data", "add"]])
def test_what_cannot_be_written_is_one_line_and_nothing_is(disk: Disk, tmp_path: Path, words: list[str]) -> None:
    path = disk.folder / "plan.yaml"
    given = {"plan.yaml": [path], "db": [database(tmp_path)], "add": ["add", path, "--name", f"new {len(words)}"]}
    line = [x for word in words for x in given.get(word, [word])]
    before, kept = events(disk.folder), {r.id for r in assay.Lab(disk.folder).runs(limit=100)}
    with disk.full():
        code, out, err = asked(disk, *line)
    assert (code, out, len(err.splitlines())) == (2, "", 1), (out, err)
    assert events(disk.folder) == before
    assert evidence(disk.folder) == []
    assert {r.id for r in assay.Lab(disk.folder).runs(limit=100)} == kept
    assert sound(disk)


@pytest.mark.parametrize("words", [["runs", "list"], ["reindex"]])
def test_an_index_is_made_or_it_is_said_that_it_is_not(disk: Disk, words: list[str]) -> None:
    kept = {r.id for r in assay.Lab(disk.folder).runs(limit=100)}
    for path in (disk.folder / ".assay").glob("runs.db*"):
        path.unlink()
    with disk.full():
        code, _, err = asked(disk, *words)
    # What the old index held may be enough for the new one.
    assert (code, len(err.splitlines())) in ((0, 0), (2, 1)), err
    assert {r.id for r in assay.Lab(disk.folder).runs(limit=100)} == kept


def test_with_space_again_everything_goes_on(disk: Disk, tmp_path: Path) -> None:
    assert command("import", "mlflow", database(tmp_path), "--lab", disk.folder).code == 0
    assert told(disk.folder / "plan.yaml")["look"]["look"] == 1
