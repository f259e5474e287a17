"""Two processes write at once: every entry is there, and the chain holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assay.store import LocalStore

pytestmark = pytest.mark.fault

_WRITER = """
import sys
from pathlib import Path
from assay.store import Identity, LocalStore
identity = Identity(sys.argv[2], "host")
with LocalStore.open(Path(sys.argv[1]), identity) as store:
    for i in range(80):
        store.append("run.ended", {"by": sys.argv[3], "i": i})
        if i % 8 == 0:
            blob = store.blobs.put(b"shared %d" % i)
            assert store.blobs.has(blob)
"""


@pytest.mark.parametrize(("users", "chains"), [(("ann", "ann"), 1), (("ann", "bob"), 2)])
def test_two_processes_append_at_once(tmp_path: Path, users: tuple[str, str], chains: int) -> None:
    LocalStore.create(tmp_path).close()
    running = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), user, str(n)], stderr=subprocess.PIPE)
        for n, user in enumerate(users)
    ]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
    with LocalStore.open(tmp_path) as store:
        entries = store.entries(1000, kind="run.ended")
        assert [e.content()["i"] for e in entries if e.content()["by"] == "0"] == list(range(80))
        assert [e.content()["i"] for e in entries if e.content()["by"] == "1"] == list(range(80))
        report = store.verify()
        assert report.ok
        assert len([c for c in report.chains if c.host == "host"]) == chains
        assert len(list(store.blobs.digests())) == 10
