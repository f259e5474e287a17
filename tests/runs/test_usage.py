"""What a run used: processor and graphics time, and what it cost by the lab's prices."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.runs import gpu, usage
from assay.runs.gpu import Busy, Meter
from assay.runs.nvml import nvml
from assay.runs.prices import FILE, priced
from assay.verbs.run import LaunchRequest, launch
from tests.runs.scenes import begun, lab
from tests.runs.test_launch import launched

USED = {"wall_seconds": 7200.0, "user_seconds": 3000.0, "system_seconds": 600.0, "gpu_seconds": 1800.0}


@pytest.mark.parametrize(
    ("content", "cost"),
    [
        ("machine_hour: 0.5\n", 1.0),
        ("cpu_hour: 0.02\n", 0.02),
        ("gpu_hour: 2.5\n", 1.25),
        ("currency: EUR\nmachine_hour: 0.5\ncpu_hour: 0.02\ngpu_hour: 2.5\n", 2.27),
        ("machine_hour: 0\n", 0.0),
    ],
)
def test_cost_is_hours_times_prices(tmp_path: Path, content: str, cost: float) -> None:
    (tmp_path / FILE).write_text(content)
    made = priced(USED, tmp_path)
    assert made["cost"] == pytest.approx(cost, abs=1e-12)
    assert made["currency"] == ("EUR" if "EUR" in content else "")


@pytest.mark.parametrize(
    "content", ["", "[1, 2]", "a: [", "hour: 1", "gpu_hour: -1", "cpu_hour: free", "cpu_hour: .nan", "cpu_hour: true"]
)
def test_prices_that_cannot_be_used_are_named_and_end_no_run(tmp_path: Path, content: str) -> None:
    held = lab(tmp_path)
    (tmp_path / ".assay" / FILE).write_text(content)
    with begun(tmp_path) as run:
        run.log(loss=1.0)
    end = held.run(run.id).end
    assert end is not None
    assert end.state == "finished"
    assert "cost" not in end.usage
    assert end.usage["cost_note"].startswith(f"{FILE}: ")


def test_a_run_and_a_launched_command_have_a_cost(tmp_path: Path) -> None:
    held = lab(tmp_path)
    (tmp_path / ".assay" / FILE).write_text("currency: EUR\nmachine_hour: 3600\n")
    with begun(tmp_path):
        pass
    launched(tmp_path, sys.executable, "-c", "pass")
    for row in held.runs():
        end = held.run(row.id).end
        assert end is not None
        assert end.usage["cost"] == pytest.approx(end.usage["wall_seconds"], abs=1e-6)
        assert end.usage["currency"] == "EUR"


def test_a_meter_sums_the_busy_share_over_time_and_devices() -> None:
    moments = iter([0.0, 1.0, 3.0, 2.0])
    samples = iter([[(0.5, 100_000_000), (0.0, 0)], [(1.0, 300_000_000), (0.25, 5)], [(1.0, 1), (1.0, 1)]])
    meter = Meter(lambda: next(samples), lambda: next(moments))
    meter.take()
    meter.take()
    assert meter._busy == Busy(0.5 + 2 * 1.25, 300.0, 2)
    meter.take()  # a clock that runs backwards adds nothing
    assert meter._busy.seconds == 3.0


def test_graphics_time_is_part_of_what_was_used(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = iter([[(1.0, 100_000_000)], [(1.0, 400_000_000)]])
    moments = iter([0.0, 10.0, 12.5])
    meter = Meter(lambda: next(samples), lambda: next(moments))
    monkeypatch.setattr(Meter, "_run", lambda self: None)
    monkeypatch.setattr(gpu, "_meter", meter)
    monkeypatch.setattr(gpu, "_asked", True)
    used = usage.since(usage.now())
    assert (used["gpu_seconds"], used["gpu_peak_megabytes"]) == (2.5, 400.0)
    monkeypatch.setattr(gpu, "_meter", None)
    assert "gpu_seconds" not in usage.since(usage.now())


class _Library:
    """The driver's library as far as it is asked: two devices, of which the second is half busy."""

    def __init__(self, ready: int = 0) -> None:
        self.ready = ready

    def nvmlInit_v2(self) -> int:
        return self.ready

    def nvmlDeviceGetCount_v2(self, many: Any) -> int:
        many._obj.value = 2
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, number: int, handle: Any) -> int:
        handle._obj.value = number + 1
        return 0

    def nvmlDeviceGetUtilizationRates(self, handle: ctypes.c_void_p, share: Any) -> int:
        share._obj.gpu = 50 if handle.value == 2 else 0
        return 0

    def nvmlDeviceGetMemoryInfo(self, handle: ctypes.c_void_p, memory: Any) -> int:
        memory._obj.used = 7_000_000
        return 0


def test_devices_are_asked_through_the_drivers_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    sample = nvml(lambda _: _Library())  # type: ignore[arg-type, return-value]
    assert sample is not None
    assert list(sample()) == [(0.0, 7_000_000), (0.5, 7_000_000)]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    sample = nvml(lambda _: _Library())  # type: ignore[arg-type, return-value]
    assert sample is not None
    assert list(sample()) == [(0.5, 7_000_000)]


def test_no_library_and_no_driver_mean_no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise OSError(name)

    assert nvml(missing) is None
    assert nvml(lambda _: _Library(ready=9)) is None  # type: ignore[arg-type, return-value]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert nvml(lambda _: _Library()) is None  # type: ignore[arg-type, return-value]


def test_memory_is_that_of_each_command_and_not_of_the_largest_before(tmp_path: Path) -> None:
    held = lab(tmp_path)
    peaks = []
    for megabytes in (400, 0):
        code = f"import time; held = b'x' * {megabytes}_000_000; time.sleep(0.1)"
        done = launch(LaunchRequest([sys.executable, "-c", code], lab=tmp_path, folder=tmp_path, quiet=True))
        end = held.run(done.run).end
        assert end is not None
        peaks.append(end.usage["peak_megabytes"])
    assert peaks[0] > 400
    assert 2 < peaks[1] < 60
