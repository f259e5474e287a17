"""What was acknowledged survives the death of the process at any moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from assay.store import LocalStore
from tests.faults.kill_loop import Tally, check

REPOSITORY = Path(__file__).parents[2]


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed() -> None:
    # A process of its own, since it forks.
    command = [sys.executable, "-m", "tests.faults.kill_loop", "--rounds", "5", "--seed", "11"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    acknowledged, lost, faults = (int(part.split()[0]) for part in run.stdout.split(": ")[-1].split(", "))
    assert acknowledged > 0
    assert (lost, faults) == (0, 0)


def test_the_loop_would_notice_a_loss(tmp_path: Path) -> None:
    LocalStore.create(tmp_path).close()
    tally = Tally()
    check(tmp_path, [f"blob sha256:{'0' * 64}", "entry w-1 5 sha256:0", "evidence sha256:0 sha256:1"], tally)
    assert tally.lost == 3


def test_the_loop_would_notice_a_torn_blob(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store:
        path = store.blobs.path(store.blobs.put(b"whole"))
        path.chmod(0o644)
        path.write_bytes(b"who")
    tally = Tally()
    check(tmp_path, [], tally)
    assert ["is damaged" in fault for fault in tally.faults] == [True]
