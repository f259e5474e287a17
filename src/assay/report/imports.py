"""An import as text, as JSON and as a page: what was there, what is here, what is neither."""

from __future__ import annotations

from typing import Any

from assay.base.canonical import plain
from assay.base.wording import counted
from assay.records.imports import Imported
from assay.report.blocks import Callout, Column, Document, Heading, Items, Table
from assay.report.text import cells, clean, pad, shorten

_HEADS = ("", "there", "imported", "already here", "left out", "missing")
_NAMED = 20


def import_json(made: Imported) -> dict[str, Any]:
    """An import as plain data."""
    lines = [{**plain(line), "missing": line.lost} for line in made.lines]
    return {"schema": 1, "type": "import", **plain(made), "lines": lines, "whole": made.whole}


def _rows(made: Imported) -> list[tuple[str, ...]]:
    return [
        (x.thing, *(f"{n:,}" for n in (x.there, x.imported, x.known, x.left)), f"{x.lost:,}" if x.lost else "")
        for x in made.lines
    ]


def verdict(made: Imported) -> str:
    """The outcome in a sentence."""
    if not made.whole:
        return "the counts do not agree: what is missing was there and is not here"
    new = counted(len(made.runs), "run")
    return f"{new} put in or grown; every count agrees" if made.runs else "nothing is new; every count agrees"


def render_import(made: Imported) -> str:
    """An import for a terminal."""
    rows = [_HEADS, *_rows(made)]
    widths = [max(cells(row[i]) for row in rows) for i in range(len(_HEADS))]
    if made.whole:
        rows, widths = [r[:-1] for r in rows], widths[:-1]
    lines = ["  ".join(pad(c, w, i > 0) for i, (c, w) in enumerate(zip(r, widths, strict=True))) for r in rows]
    lines.insert(1, "─" * cells(lines[0]))
    lines.append(("✔ " if made.whole else "✘ ") + verdict(made))
    lines += [f"  {shorten(clean(why), 200)}" for why in made.refused[:_NAMED]]
    if len(made.refused) > _NAMED:
        lines.append(f"  and {len(made.refused) - _NAMED:,} more, all of them in --json")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def import_page(made: Imported) -> Document:
    """An import as a page."""
    columns = tuple(Column(head.capitalize(), i > 0) for i, head in enumerate(_HEADS))
    tone = Callout("good" if made.whole else "bad", verdict(made).capitalize(), f"Read from {clean(made.source)}.")
    named = (Heading("Left out"), Items(tuple(map(clean, made.refused)))) if made.refused else ()
    return Document(f"Import from {made.system}", (tone, Heading("Counts"), Table(columns, tuple(_rows(made))), *named))
