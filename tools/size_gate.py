"""How long files and functions may be: the tail separates good code from tired code.

python -m tools.size_gate src tools
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

FILE_LINES, FUNCTION_LINES, PARAMETERS = 400, 60, 8
Function = ast.FunctionDef | ast.AsyncFunctionDef


def problems(path: Path) -> Iterator[str]:
    """What is too long in one file, a line each."""
    source = path.read_text(encoding="utf-8")
    lines = len(source.splitlines())
    if lines > FILE_LINES:
        yield f"{path}: {lines} lines; a file has at most {FILE_LINES}"
    for node in ast.walk(ast.parse(source, str(path))):
        if isinstance(node, Function):
            yield from _of_function(path, node)


def _of_function(path: Path, node: Function) -> Iterator[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"{path}:{node.lineno}: {node.name} has {lines} lines; a function has at most {FUNCTION_LINES}"
    given = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    many = len([a for a in given if a not in ("self", "cls")])
    if many > PARAMETERS:
        yield f"{path}:{node.lineno}: {node.name} has {many} parameters; a function has at most {PARAMETERS}"


def files(roots: Sequence[Path]) -> list[Path]:
    """The Python files below some folders; a folder that is not there holds none."""
    return sorted(p for root in roots for p in root.rglob("*.py"))


def main(arguments: Sequence[str]) -> int:
    """Print every problem; 1 where there is one or nothing was checked."""
    checked = files([Path(a) for a in arguments])
    found = [line for path in checked for line in problems(path)]
    for line in found:
        print(line)
    print(f"size gate: {len(checked)} files, {len(found)} problems")
    return 1 if found or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
