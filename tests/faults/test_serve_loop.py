"""A round of the loop that kills servers."""

from __future__ import annotations

from pathlib import Path

from assay.lab import Lab
from tests.faults.serve_loop import CLIENTS, one


def test_killed_servers_lose_nothing_that_they_acknowledged(tmp_path: Path) -> None:
    Lab.create(tmp_path)
    token = Lab(tmp_path).create_token("loop", ["read", "write"])
    assert one(tmp_path, token, 0, 0.3) >= 200 * CLIENTS
