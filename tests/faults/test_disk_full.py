"""A full disk: one line, nothing half-written, and the lab goes on when there is space again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assay.base.errors import StoreError
from assay.store import LocalStore
from tests.store.labs import record_all, sha

pytestmark = pytest.mark.fault

# A limit on the size of files makes write() fail as a full disk or quota does (EFBIG instead of ENOSPC).
_LIMITED = """
import resource, sys
from pathlib import Path
from assay.base.errors import StoreError
from assay.store import LocalStore

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def refused(act):
    try:
        act()
    except StoreError as error:
        print("refused", error.code, error, sep="\\t")

root = Path(sys.argv[1])
store = LocalStore.open(root)
limit(200_000)
def fill():
    for i in range(10_000):
        with store.transaction() as session:
            session.plans.freeze(f"plan-{i}", f"sha256:{i}", "sha256:0")
        print("kept", i, sep="\\t")
refused(fill)
refused(lambda: store.blobs.put(bytes(300_000)))
limit(10)
refused(lambda: store.checkpoint(root / "checkpoint.json"))
refused(lambda: LocalStore.create(root / "new"))
"""


def test_a_disk_that_fills_up_refuses_in_one_line_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    LocalStore.create(tmp_path).close()
    run = subprocess.run([sys.executable, "-c", _LIMITED, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    lines = [line.split("\t") for line in run.stdout.splitlines()]
    kept = [int(words[1]) for words in lines if words[0] == "kept"]
    refused = [words for words in lines if words[0] == "refused"]
    assert len(kept) > 5
    assert [words[1] for words in refused] == ["store"] * 4, refused
    assert all("nothing was written" in words[2] for words in refused), refused
    with LocalStore.open(tmp_path) as store:
        assert store.verify().ok
        assert [e.content()["name"] for e in store.entries(10_000, kind="plan.frozen")] == [f"plan-{i}" for i in kept]
        with store.snapshot() as session:
            assert len(session.plans.all()) == len(kept)
        assert list(store.blobs.digests()) == []
        assert store.blobs.sweep() == 0
        store.append("run.ended", {})
    assert [p.name for p in tmp_path.iterdir()] == [".assay"]


def test_a_full_database_refuses_and_goes_on(tmp_path: Path) -> None:
    with LocalStore.create(tmp_path) as store:
        record_all(store, "a")
        with store._database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        before = len(store.entries())

        def fill() -> None:
            with store.transaction() as session:
                session.plans.freeze("late", sha("b"), sha("b"), sha("a"), "why")
                session.ledger.append("note.taken", {"text": "x" * 50_000})

        with pytest.raises(StoreError, match=r"full.*nothing was written"):
            fill()
        assert len(store.entries()) == before
        with store._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        fill()
        assert store.verify().ok
        assert len(store.entries()) == before + 2
