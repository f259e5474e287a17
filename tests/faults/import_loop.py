"""Kill a process that imports from MLflow, again and again: `python -m tests.faults.import_loop`.

After SIGKILL at a random moment every run in the lab is whole, the ledger sound and every file by its digest; the next
import takes up the rest, and at the end the lab holds what an import that nobody killed would have brought.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import assay
from assay.store import LocalStore
from assay.store.moving import LOCK
from assay.verbs import import_
from tests.faults.looping import asked
from tests.faults.run_loop import killed
from tests.readers.mlflow_sources import database

Held = dict[str, tuple[object, ...]]


def held(root: Path) -> Held:
    """What every run of a lab holds."""
    lab = assay.Lab(root)
    return {
        row.id: (dict(run.config), {k.words(): len(run.series(k.name)) for k in run.keys}, run.artifacts())
        for row in lab.runs(limit=10_000)
        for run in [lab.run(row.id)]
    }


def kill_once(root: Path, source: str, seed: int, whole: Held) -> list[str]:
    """One kill; returns what is wrong with the lab after it."""

    def work(pipe: int) -> None:
        os.write(pipe, b"begun\n")
        while True:
            import_.run(import_.ImportRequest(source, lab=root))

    killed(work, seed)
    with LocalStore.open(root) as store:
        faults = [f"seed {seed}: {fault.line()}" for fault in store.verify().faults]
        for digest in store.blobs.digests():
            store.blobs.check(digest)
    found = held(root)
    faults += [f"seed {seed}: {name} is half" for name, what in found.items() if what != whole.get(name)]
    faults += [f"seed {seed}: {r.id}: {r.faults}" for r in assay.Lab(root).runs(limit=10_000) if r.faults]
    return faults


def rounds(many: int, seed: int) -> list[str]:
    """So many kills, a lab for each few; what was lost or wrong."""
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="assay-import-") as name:
        folder = Path(name)
        source = f"sqlite:///{database(folder)}"
        unhurt = assay.Lab.create(folder / "unhurt")
        unhurt.import_mlflow(source)
        whole = held(folder / "unhurt")
        for start in range(0, many, 4):
            root = folder / str(start)
            lab = assay.Lab.create(root)
            for i in range(start, min(many, start + 4)):
                faults += kill_once(root, source, seed + i, whole)
            if not lab.import_mlflow(source).whole or held(root) != whole:
                faults.append(f"seed {seed + start}: the lab is not what an import that nobody killed brings")
            left = [p.name for p in (root / ".assay/runs").iterdir() if p.name.startswith(".")]
            left += [LOCK] if (root / ".assay" / LOCK).exists() else []
            faults += [f"seed {seed + start}: {p} was left behind" for p in left]
    return faults


if __name__ == "__main__":
    sys.exit(asked("tests.faults.import_loop", __doc__, rounds, 200))
