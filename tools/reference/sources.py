"""Published values that stand in tests of their own: the `# source: ...` comments, with the test that they stand in."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MARK = re.compile(r"#\s*source:\s*(?P<said>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sourced:
    """One source, and the test that holds the value.

    Attributes:
        test: File and function, as pytest names them.
        source: What the comment says.
    """

    test: str
    source: str


@cache
def sourced() -> tuple[Sourced, ...]:
    """All such comments of the tests, in the order of files and lines."""
    return tuple(s for path in sorted((ROOT / "tests").rglob("test_*.py")) for s in _of(path))


def _of(path: Path) -> list[Sourced]:
    text = path.read_text(encoding="utf-8")
    if not MARK.search(text):
        return []
    name, tree = path.relative_to(ROOT).as_posix(), ast.parse(text)
    return [Sourced(f"{name}{_holder(tree, line)}", said) for line, said in _marks(text)]


def _marks(text: str) -> list[tuple[int, str]]:
    """Lines and words of the comments; a comment line below one continues it."""
    out: list[tuple[int, str]] = []
    open_at = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        whole = token.line.strip().startswith("#")
        if match := MARK.match(token.string):
            out.append((line, match["said"].strip()))
            open_at = line if whole else 0
        elif open_at and whole and line == open_at + 1:
            out[-1] = (out[-1][0], f"{out[-1][1]} {token.string.lstrip('# ').strip()}")
            open_at = line
    return out


def _holder(tree: ast.Module, line: int) -> str:
    """The test that a line belongs to: the function around it, or the first one after it."""
    tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test")]
    for node in sorted(tests, key=lambda n: n.lineno):
        if line <= (node.end_lineno or node.lineno):
            return f"::{node.name}"
    return ""
