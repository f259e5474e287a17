"""The snippets of README and docs, run in order in one folder a page, against the real program.

    python -m tools.pages docs/tutorial.md        renew the outputs that the page shows

What a fence means:

- ```bash and ```python run; they have to end well.
- ```text right after one of them is what it printed; digests, folders, runs and days
  of freeze and judgement are written as `…`.
- ```yaml whose first line is a comment with a file name becomes that file.
- ```sh is for setting up (make, git, pip); only its make targets are checked.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "docs" / "data"
RUN = ("bash", "python")
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# (?P<name>[\w.-]+\.ya?ml)\b")
_DAY = re.compile(r"\b(frozen|judged) \d{4}-\d\d-\d\d\b")
_RUN = re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{8}\b")
_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b")
_DIGEST = re.compile(r"\b((?:sha256|blake3)[:-])?[0-9a-f]{12,64}\b")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        line: Where it starts in the page.
        start: Offset of the body in the page's text; `end` where the body ends.
        follows: Whether nothing but white space stands between the block before and this one.
    """

    kind: str
    body: str
    line: int
    start: int
    end: int
    follows: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """A block that was run, and the output that the page shows for it."""

    block: Block
    code: int
    out: str
    err: str
    shown: Block | None


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    last = 0
    for match in _FENCE.finditer(text):
        follows = bool(found) and not text[last : match.start()].strip()
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(match[1], match[2], line, match.start(2), match.end(2), follows))
        last = match.end()
    return found


def plain(output: str, folder: Path) -> str:
    """Output without what changes from run to run: the folder, digests."""
    output = _MOMENT.sub("…", _RUN.sub("…", _DAY.sub(r"\1 …", output)))
    return _DIGEST.sub("…", output.replace(f"{folder.resolve()}/", "").replace(str(folder.resolve()), "."))


def run_page(page: Path, folder: Path) -> Iterator[Ran]:
    """Run a page's blocks in a folder that holds the documentation's data."""
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    found = blocks(page.read_text(encoding="utf-8"))
    for place, block in enumerate(found):
        named = _FILE.match(block.body) if block.kind == "yaml" else None
        if named:
            (folder / named["name"]).write_text(block.body, encoding="utf-8")
        if block.kind in RUN:
            after = found[place + 1] if place + 1 < len(found) else None
            shown = after if after is not None and after.kind == "text" and after.follows else None
            yield _run(block, folder, shown)


def _run(block: Block, folder: Path, shown: Block | None) -> Ran:
    command = ["bash", "-euo", "pipefail", "-c", block.body] if block.kind == "bash" else [sys.executable, "-"]
    given = None if block.kind == "bash" else block.body
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    around = {**os.environ, "PATH": path, "COLUMNS": "100", "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        command, input=given, cwd=folder, env=around, capture_output=True, text=True, check=False, timeout=300
    )
    return Ran(block, done.returncode, plain(done.stdout, folder), plain(done.stderr, folder), shown)


def renewed(page: Path, folder: Path) -> str:
    """The page with the outputs that its snippets have now.

    Raises:
        SystemExit: when a snippet fails.
    """
    text = page.read_text(encoding="utf-8")
    for ran in reversed(list(run_page(page, folder))):
        if ran.code != 0:
            raise SystemExit(f"{page.name}:{ran.block.line} ends with {ran.code}:\n{ran.out}{ran.err}")
        if ran.shown is not None:
            text = text[: ran.shown.start] + ran.out.rstrip("\n") + "\n" + text[ran.shown.end :]
    return text


def main(arguments: Sequence[str]) -> int:
    """Renew the outputs in the pages named."""
    for name in arguments:
        page = Path(name)
        with tempfile.TemporaryDirectory(prefix="assay-page-") as folder:
            page.write_text(renewed(page, Path(folder)), encoding="utf-8")
        print(f"{name}: renewed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
