"""Sweeps that are killed: a few rounds here, by the hundred in `make faults`."""

from __future__ import annotations

from tests.faults.sweep_loop import rounds


def test_what_had_finished_before_a_kill_is_not_run_again() -> None:
    # These seeds kill the main process, everything, and a worker.
    assert rounds(2, seed=1001) == []
