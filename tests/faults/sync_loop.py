"""Kill a process that merges two labs, again and again: `python -m tests.faults.sync_loop`.

After SIGKILL at a random moment the lab has to be sound and its runs whole; the next sync takes up the rest, and at the
end the lab holds what a sync that nobody killed would have brought.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import assay
from assay.runs.folder import run_folders
from assay.store import LocalStore
from assay.verbs import sync
from tests.faults.looping import asked
from tests.faults.run_loop import killed
from tests.store.labs import ANN, BOB

RUNS = 20


def make_labs(root: Path, runs: int = RUNS) -> tuple[Path, Path]:
    """Two labs of two people, with runs, files, plans, evidence and looks of their own."""
    for name, who, tag in (("ours", ANN, "a"), ("theirs", BOB, "b")):
        root.mkdir(exist_ok=True)
        with LocalStore.create(root / name, who) as store:
            blob = store.blobs.put(f"plan {tag}".encode())
            with store.transaction() as session:
                session.plans.freeze(f"plan of {tag}", "sha256:" + tag * 64, blob)
            for i in range(10):
                store.append("note.taken", {"i": i, "by": tag})
        for i in range(runs):
            with assay.run({"i": i, "by": tag}, lab=root / name, capture=False) as run:
                run.log_many("loss", [1.0] * 2000)
                run.table("t", {"a": [i] * 50})
    return root / "ours", root / "theirs"


def state(root: Path) -> tuple[object, ...]:
    """What a lab holds, whatever the order in which it came."""
    with LocalStore.open(root) as store, store.snapshot() as session:
        chains = tuple((e.writer, e.seq, e.hash, e.payload) for e in session.ledger.chains())
        records = (session.plans.all(), session.evidence.all())
        looks = tuple(session.looks.of_plan(p.digest) for p in session.plans.all())
        blobs = tuple(store.blobs.digests())
    runs = root / ".assay/runs"
    files = {
        f"{name}/{p.name}": p.read_bytes()
        for name in run_folders(runs)
        for p in sorted((runs / name).iterdir())
        if not p.name.startswith(".")
    }
    return chains, records, looks, blobs, tuple(files.items())


def kill_once(ours: Path, theirs: Path, seed: int) -> list[str]:
    """One kill; returns what is wrong with the lab after it."""

    def work(pipe: int) -> None:
        os.write(pipe, b"begun\n")
        while True:
            sync.run(sync.SyncRequest(theirs, lab=ours))

    killed(work, seed)
    faults = []
    with LocalStore.open(ours) as store:
        report = store.verify()
        faults += [f"seed {seed}: {fault.line()}" for fault in report.faults]
        for digest in store.blobs.digests():
            store.blobs.check(digest)
    for row in assay.Lab(ours).runs(limit=10_000):
        if row.state != "finished" or row.faults or row.metrics["loss"].count != 2000:
            faults.append(f"seed {seed}: {row.id} is half: {row.state}, {row.faults}")
    return faults


def rounds(many: int, seed: int, runs: int = RUNS) -> list[str]:
    """So many kills, a pair of labs for each few; what was lost or wrong."""
    faults: list[str] = []
    for start in range(0, many, 5):
        with tempfile.TemporaryDirectory(prefix="assay-sync-") as folder:
            ours, theirs = make_labs(Path(folder), runs)
            for i in range(start, min(many, start + 5)):
                faults += kill_once(ours, theirs, seed + i)
            sync.run(sync.SyncRequest(theirs, both=True, lab=ours))
            if state(ours) != state(theirs):
                faults.append(f"seed {seed + start}: the labs differ after the last sync")
            left = [p for p in (ours / ".assay/runs").iterdir() if p.name.startswith(".")]
            faults += [f"seed {seed + start}: {p.name} was left behind" for p in left]
    return faults


if __name__ == "__main__":
    sys.exit(asked("tests.faults.sync_loop", __doc__, rounds, 200))
