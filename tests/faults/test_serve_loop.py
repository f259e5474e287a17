"""A few rounds of the loop that kills servers."""

from __future__ import annotations

from pathlib import Path

from assay.lab import Lab
from tests.faults.serve_loop import CLIENTS, one


def test_killed_servers_lose_nothing_that_they_acknowledged(tmp_path: Path) -> None:
    Lab.create(tmp_path)
    token = Lab(tmp_path).create_token("loop", ["read", "write"])
    for number in range(2):
        assert one(tmp_path, token, number, 0.5) >= 200 * CLIENTS
