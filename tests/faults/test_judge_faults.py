"""`judge` and `plan freeze` on a full disk, on a lab that cannot be written, and killed at any moment."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assay.store import LocalStore
from tests.faults.judge_loop import check, rounds
from tests.helpers.runs import assay
from tests.verbs.scenes import data, events, judged, scene, told

FEW = data(60, gain=0.0)

_LIMITED = """
import resource, sys
import duckdb, scipy.special, sqlalchemy
from assay.cli.main import outcome
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
sys.exit(outcome(sys.argv[2:]))
"""

# Without its capabilities even root may not write where the owner's permission bits forbid it.
_WITHOUT_POWERS = """
import ctypes, os, sys
from assay.cli.main import outcome
if os.geteuid() == 0:
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, nothing) == 0
sys.exit(outcome(sys.argv[1:]))
"""


def child(code: str, *arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def evidence(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / ".assay/evidence").glob("*"))


@pytest.mark.parametrize("limit", [0, 100, 3_000, 9_000, 30_000])
def test_judge_on_a_full_disk_writes_nothing(tmp_path: Path, limit: int) -> None:
    path = scene(tmp_path, FEW)
    said = events(tmp_path)
    run = child(_LIMITED, limit, "judge", path, "--lab", tmp_path)
    assert (run.returncode, run.stdout) == (2, ""), (run.returncode, run.stdout, run.stderr)
    assert len(run.stderr.splitlines()) == 1, run.stderr
    assert evidence(tmp_path) == []
    assert events(tmp_path) == said
    assert told(path)["look"]["look"] == 1
    with LocalStore.open(tmp_path) as store:
        assert store.verify().ok


@pytest.mark.parametrize("limit", [0, 100, 1_000])
def test_freeze_on_a_full_disk_writes_nothing(tmp_path: Path, limit: int) -> None:
    path = scene(tmp_path, FEW, freeze=False)
    run = child(_LIMITED, limit, "plan", "freeze", path, "--lab", tmp_path)
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (2, "", 1), run
    assert "plan.frozen" not in events(tmp_path)
    assert assay("plan", "freeze", path, "--lab", tmp_path).code == 0


def test_a_lab_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW)
    everything = [tmp_path, *tmp_path.rglob("*")]
    for p in everything:
        p.chmod(0o555 if p.is_dir() else 0o444)
    try:
        for words in (["judge", path], ["plan", "freeze", path], ["init", tmp_path / "new"]):
            tail = [] if words[0] == "init" else ["--lab", tmp_path]
            run = child(_WITHOUT_POWERS, *words, *tail, cwd=tmp_path)
            assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (2, "", 1), (words, run)
            assert "permission" in run.stderr, run.stderr
    finally:
        for p in everything:
            p.chmod(0o755 if p.is_dir() else 0o644)
    assert told(path)["look"]["look"] == 1


def test_judge_killed_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    acknowledged, lost = rounds(tmp_path, 3, seed=5)
    assert acknowledged > 0
    assert lost == 0
    for i in range(1, 6):
        assert judged(tmp_path / f"plan{i}.yaml").code in (3, 4, 5)
    check(tmp_path)
    assert not [n for n in evidence(tmp_path) if n.startswith(".draft")]
    assert len(evidence(tmp_path)) == 6
    shutil.rmtree(tmp_path / ".assay/evidence")
    assert judged(tmp_path / "plan1.yaml").code == 2
