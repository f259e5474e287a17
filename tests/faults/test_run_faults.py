"""What goes wrong around a run: kills, forks, full disks, clocks, folders that someone changed."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import assay
from assay.records.runs import RunEnd
from assay.runs import folder, frames, pulse, recorder, state
from tests.faults.run_loop import rounds
from tests.runs.scenes import begun, lab, logged, segment

pytestmark = pytest.mark.fault


def test_what_was_said_before_a_kill_is_there_after_it() -> None:
    assert rounds(8, seed=100) == []


def test_a_fork_while_another_thread_logs(tmp_path: Path) -> None:
    held = lab(tmp_path)
    stop = threading.Event()
    many = [0]

    def busy() -> None:
        while not stop.is_set():
            run.log(step=many[0], busy=float(many[0]))
            many[0] += 1

    with begun(tmp_path) as run:
        thread = threading.Thread(target=busy)
        thread.start()
        children = []
        for child in range(10):
            pid = os.fork()
            if pid == 0:
                try:
                    for step in range(50):
                        run.log({f"child {child}": float(step)}, step=step)
                    run.flush()
                finally:
                    os._exit(0)
            children.append(pid)
        for pid in children:
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        stop.set()
        thread.join()
    kept = held.run(run.id)
    assert kept.faults == ()
    assert kept.state == "finished"
    assert kept.series("busy").steps.tolist() == list(range(many[0]))
    for child in range(10):
        assert kept.series(f"child {child}").steps.tolist() == list(range(50))
    assert len(list(kept.folder.glob("*.seg"))) == 11


def test_eight_processes_log_into_one_run(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        for rank in range(8):
            if os.fork() == 0:
                try:
                    run.rank = rank
                    for step in range(500):
                        run.log(step=step, loss=rank + step / 1000)
                finally:
                    os._exit(0)
        for _ in range(8):
            os.wait()
    kept = held.run(run.id)
    for rank in range(8):
        found = kept.series("loss", rank=rank)
        assert found.values.tolist() == [rank + s / 1000 for s in range(500)]


_LIMITED = """
import resource, signal, sys, assay
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
run = assay.run({"lr": 0.1}, lab=sys.argv[1], capture=False)
for step in range(50):
    run.log(step=step, loss=float(step))
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), hard))
for step in range(50, 5000):
    run.log(step=step, loss=float(step))
run.text("sample", "x" * 100_000)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(run.id, run.healthy, run.dropped)
run.close()
"""


@pytest.mark.parametrize("limit", [10, 5_000, 20_011])
def test_a_full_disk_costs_values_and_nothing_else(tmp_path: Path, limit: int) -> None:
    held = lab(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path), str(limit)], capture_output=True, text=True, check=True
    )
    run, healthy, dropped = done.stdout.split()
    assert (healthy, done.stderr.count("warning")) == ("False", 1), done.stderr
    kept = held.run(run)
    found = kept.series("loss").steps.tolist()
    assert found[:50] == list(range(50))
    assert len(found) + int(dropped) == 5001
    assert kept.end is not None
    assert (kept.state, kept.end.healthy, kept.end.dropped) == ("finished", False, int(dropped))
    assert all("torn" in f.what for f in kept.faults)
    assert held.runs()[0].healthy is False


def test_a_folder_that_cannot_be_written_does_not_stop_the_program(tmp_path: Path) -> None:
    lab(tmp_path)
    (tmp_path / ".assay/runs").write_text("a file where a folder should be")
    code = (
        f"import assay\nwith assay.run(lab={str(tmp_path)!r}, capture=False) as r:\n    r.log(a=1.0)\nprint(r.healthy)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr
    assert done.stderr.count("warning") == 1


def test_a_clock_that_is_set_back_disorders_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lab(tmp_path)
    with begun(tmp_path) as run:
        run.log(a=1.0)
        real = time.time
        monkeypatch.setattr(recorder.time, "time", lambda: real() - 3600)
        run._beat()
        run.log(a=2.0)
    kept = held.run(run.id)
    assert kept.end is not None
    assert kept.end.seconds >= 0
    times = kept.series("a").times
    assert 0 <= times[1] - times[0] < 60


def test_a_run_elsewhere_is_dead_without_heartbeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab(tmp_path)
    run = begun(tmp_path)
    run.log(a=1.0)
    path = segment(tmp_path, run.id)
    assert state.open_state(run.folder) == "running"
    monkeypatch.setattr(state, "here", lambda: type("P", (), {"host": "elsewhere", "boot": "other"})())
    assert state.open_state(run.folder) == "running"
    now = path.stat().st_mtime
    for age in (46, 60, 1e6, -60, -1e6):
        os.utime(path, (now - age, now - age))
        assert state.open_state(run.folder, now) == "dead", age
    os.utime(path, (now - 40, now - 40))
    assert state.open_state(run.folder, now) == "running"
    os.utime(path, (now - 60, now - 60))
    run._beat()
    assert state.open_state(run.folder) == "running"
    run.close()


def test_a_run_whose_process_was_stopped_is_dead_here_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab(tmp_path)
    run = begun(tmp_path)
    path = segment(tmp_path, run.id)
    for age, found in ((44.0, "running"), (46.0, "dead"), (1e6, "dead"), (0.0, "running")):
        # A process that is stopped is there, and says nothing: as if the last sign were so old.
        monkeypatch.setattr(recorder, "_now", lambda age=age: time.monotonic() - age)
        path.write_bytes(path.read_bytes()[: _end_of_header(path)])
        run.log(a=1.0)
        run._note("what", {"of": "no time"})
        assert state.open_state(run.folder) == found, age
    # A clock that jumps changes the times of files; the clock by which the run is judged here does not jump.
    for age in (1e6, -1e6):
        os.utime(path, (time.time() - age, time.time() - age))
        assert state.open_state(run.folder) == "running", age
    run._beat()
    assert state.open_state(run.folder) == "running"
    run.close()


def _end_of_header(path: Path) -> int:
    first = frames.frame_at(memoryview(path.read_bytes()), 0)
    assert first is not None
    return frames.HEAD.size + len(first.payload) + frames.CHECK.size


def test_a_run_that_the_program_let_go_of_ends(tmp_path: Path) -> None:
    held = lab(tmp_path)
    run = begun(tmp_path)
    run.log(a=1.0)
    first, where = run.id, run.folder
    pulse.beat_all()
    run = begun(tmp_path)
    gc.collect()
    end, _ = folder.read_record(where, RunEnd)
    assert end is not None
    assert (end.state, end.healthy) == ("finished", True)
    assert held.run(first).series("a").values.tolist() == [1.0]
    assert [r.id for r in pulse.live() if r.folder.is_relative_to(tmp_path)] == [run.id]
    # Garbage may be collected while the runs are being counted.
    with pulse._guard:
        del run
        gc.collect()
    assert {r.state for r in held.runs()} == {"finished"}


def test_a_beat_begins_anew_after_the_disk_has_failed(tmp_path: Path) -> None:
    lab(tmp_path)
    run = begun(tmp_path)
    run.log(a=1.0)
    os.close(run._fd)
    run._fd = -1
    run._beat()
    assert run._fd >= 0
    assert state.open_state(run.folder) == "running"
    run.close()


def test_a_process_number_that_was_given_away_is_another_process(tmp_path: Path) -> None:
    lab(tmp_path)
    code = f"import assay, os\nr = assay.run(lab={str(tmp_path)!r}, capture=False)\nr.log(a=1.0)\n"
    code += "print(r.id, flush=True)\nos._exit(9)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    run = done.stdout.strip()
    assert assay.Lab(tmp_path).run(run).state == "dead"
    assert [r.state for r in assay.Lab(tmp_path).runs()] == ["dead"]


@pytest.mark.parametrize("name", ["start.json", "end.json", "segment"])
@pytest.mark.parametrize("harm", ["remove", "cut", "edit", "empty", "noise"])
def test_a_folder_that_was_changed_is_named_and_the_rest_loads(tmp_path: Path, name: str, harm: str) -> None:
    held = lab(tmp_path)
    other = logged(tmp_path, [3.0])
    run = logged(tmp_path, [float(i) for i in range(40)], {"lr": 0.5})
    path = segment(tmp_path, run) if name == "segment" else tmp_path / ".assay/runs" / run / name
    content = path.read_bytes()
    middle = len(content) // 2
    match harm:
        case "remove":
            path.unlink()
        case "cut":
            path.write_bytes(content[: middle + 3])
        case "edit":
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "empty":
            path.write_bytes(b"")
        case _:
            path.write_bytes(os.urandom(500))
    rows = {r.id: r for r in held.runs()}
    assert rows[other].faults == ()
    assert rows[other].metrics["loss"].last == 3.0
    if (name, harm) == ("end.json", "remove"):
        assert rows[run].state == "running"  # this very process has made it
        return
    assert any(path.name in fault for fault in rows[run].faults), rows[run].faults
    if name != "segment":
        assert rows[run].metrics["loss"].last == 39.0


@pytest.mark.parametrize(
    ("tail", "state"), [("", "finished"), ("raise ValueError('late')", "failed"), ("sys.exit(0)", "finished")]
)
def test_a_run_that_nobody_ends_is_ended_with_the_program(tmp_path: Path, tail: str, state: str) -> None:
    held = lab(tmp_path)
    code = f"import assay, sys\nrun = assay.run(lab={str(tmp_path)!r}, capture=False)\nrun.log(a=1.0)\n{tail}"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    (row,) = held.runs()
    assert (row.state, row.metrics["a"].count) == (state, 1)
    end = held.run(row.id).end
    assert end is not None
    assert end.error == ("ValueError: late" if state == "failed" else "")


def test_limits_of_the_process_are_as_they_were() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
