"""Check what `assay export run` writes with the validators of its forms, which live in an environment of their own.

RO-Crates go to roc-validator, which holds them against RO-Crate 1.1 and Process Run Crate 0.5. It would fetch the
context of RO-Crate from the net; the same context lies in the package `rocrate`, and is given to it from there.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import rocrate

import assay

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(sys.prefix) / "validators"
NEEDS = ("roc-validator==0.13.0",)
CONTEXT = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"


def exported(folder: Path) -> list[Path]:
    """Crates of a run that read and made something, of one that read what the first made, and of one that failed."""
    lab = assay.Lab.create(folder)
    (folder / "raw.csv").write_text("a\n1\n")
    with assay.run({"rate": 0.1}, seed=1, lab=folder, capture=False) as first:
        first.read(folder / "raw.csv", name="raw")
        (folder / "clean.csv").write_text("a\n2\n")
        first.artifact(folder / "clean.csv")
        first.log(loss=0.5)
    with assay.run(seed=1, lab=folder, capture=False) as second:
        second.read(folder / "clean.csv")
        second.predictions({"id": [1, 2], "p": [0.1, 0.9]})
    failed = assay.run(lab=folder, capture=False)
    try:
        with failed:
            raise RuntimeError("it failed")
    except RuntimeError:
        pass
    found = []
    for run in (first, second, failed):
        lab.export_run(run.id, folder / run.id)
        found.append(folder / run.id)
    return found


def main() -> int:
    """Validate; 0 where every crate does all that is required of it."""
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
        subprocess.run([*pip, *NEEDS], check=True)
    with tempfile.TemporaryDirectory(prefix="assay-validators-") as folder:
        with contextlib.chdir(folder):
            crates = [str(path) for path in exported(Path(folder))]
        line = [str(python), str(ROOT / "tools" / "crates.py"), str(CONTEXT), *crates]
        return subprocess.run(line, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
