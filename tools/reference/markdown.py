"""Docstrings and table cells as Markdown."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Sequence

NOTE = "<!-- Made by `make docs` from the code; edit the code instead. -->\n"
_SECTIONS = ("Args", "Attributes", "Returns", "Raises", "Yields")
_ENTRY = re.compile(r"^(?P<name>[*\w]+(?:, [*\w]+)*): (?P<said>.*)$")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def docstring(text: str | None) -> str:
    """A google docstring as Markdown: sections become lists, examples become Python."""
    parts = re.split(r"\n{2,}", inspect.cleandoc(text or ""))
    return "\n\n".join(_part(p) for p in parts) + "\n"


def _part(part: str) -> str:
    head, _, body = part.partition("\n")
    if head.rstrip(":") in _SECTIONS and head.endswith(":"):
        return f"{head}\n\n" + "\n".join(_entries(textwrap.dedent(body)))
    if part.startswith(">>>"):
        return f"```pycon\n{part}\n```"
    return part


def _entries(body: str) -> list[str]:
    """One bullet an entry; lines indented below an entry continue it."""
    items: list[str] = []
    for line in body.splitlines():
        if line.startswith(" ") and items:
            items[-1] += f" {line.strip()}"
        else:
            items.append(line)
    matches = [(item, _ENTRY.match(item)) for item in items]
    return [f"- `{m['name']}`: {m['said']}" if m else f"- {item}" for item, m in matches]
