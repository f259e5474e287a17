"""Running `assay` inside the test's process, as a user would see it."""

from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.cli.main import outcome


@dataclass(frozen=True)
class Run:
    """Exit code and both outputs."""

    code: int
    out: str
    err: str


def assay(*arguments: object) -> Run:
    """Run a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = outcome([str(a) for a in arguments])
    return Run(code, out.getvalue(), err.getvalue())


def compared(*arguments: object) -> dict[str, Any]:
    """What `assay compare … --json -` prints."""
    run = assay("compare", *arguments, "--json", "-")
    assert run.code == 0, run.err
    return dict(json.loads(run.out))


def only(*arguments: object) -> dict[str, Any]:
    """The one comparison of all rows."""
    whole = [c for c in compared(*arguments)["comparisons"] if c["slice"] == {}]
    assert len(whole) == 1
    return dict(whole[0])


def line_of(run: Run, folder: Path | None = None, before: set[Path] | None = None) -> str:
    """The one line of a refusal: exit code 2, nothing on standard output, nothing written."""
    assert run.code == 2, (run.code, run.out[:200], run.err)
    assert run.out == ""
    lines = run.err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("assay: ")
    assert "Traceback" not in run.err
    if folder is not None:
        assert set(folder.rglob("*")) == before
    return lines[0]


def refused(*arguments: object, folder: Path | None = None) -> str:
    """The one line with which `compare` refuses."""
    before = set(folder.rglob("*")) if folder is not None else None
    extra = ("--json", folder / "never.json") if folder is not None else ("--json", "-")
    return line_of(assay("compare", *arguments, *extra), folder, before)


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder."""
    back = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(back)
