"""Renew constraints.txt: install everything at its newest in a fresh environment and write down the versions."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "constraints.txt"
HEAD = "# The versions that `make test`, `make demo` and `make bench` install; renewed by `make lock`.\n"


def pins(frozen: str) -> str:
    """The lines of `pip freeze` that pin a package; the project itself and pip are none of them."""
    lines = [line for line in frozen.splitlines() if "==" in line and not line.startswith(("#", "-e"))]
    return HEAD + "".join(
        f"{line}\n" for line in sorted(lines, key=str.lower) if not line.startswith(("assay-lab", "pip=="))
    )


def main() -> int:
    """Write constraints.txt."""
    with tempfile.TemporaryDirectory(prefix="assay-lock-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
        wanted = [f"{ROOT}[dev,bench]", "hatchling", "editables", "setuptools"]
        subprocess.run([*pip, "install", "--quiet", "--upgrade", *wanted], check=True)
        frozen = subprocess.run([*pip, "freeze", "--all"], check=True, capture_output=True, text=True).stdout
    TARGET.write_text(pins(frozen), encoding="utf-8")
    print(f"{TARGET.name}: {len(pins(frozen).splitlines()) - 1} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
