"""A core install in a fresh environment: its size and its time, without building the wheel."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path, needs: Sequence[str]) -> Path:
    """The Python of an environment with these packages alone, made where it is not there: for a peer with own pins."""
    place = folder / f"env-{needs[0].partition('=')[0]}"
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (place / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *needs], check=True, capture_output=True)
        (place / "made").touch()
    return python


def core_install() -> tuple[float, float]:
    """Seconds to make an environment and install the wheel with its dependencies, and megabytes on disk."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(place / "dist"), str(ROOT)]
        subprocess.run(build, check=True, capture_output=True)
        wheel = next((place / "dist").glob("*.whl"))
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "venv", str(place / "env")], check=True)
        python = place / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
        seconds = time.perf_counter() - start
        size = sum(f.lstat().st_size for f in (place / "env").rglob("*") if f.is_file() and not f.is_symlink())
    return seconds, size / 1e6
