"""What a run logged that is no number: histograms, tables, images and texts, the last of each name."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assay.base.wording import counted, figure
from assay.records.runs import Logged, SeriesKey
from assay.records.runview import RunView
from assay.report.blocks import Block, Column, Figure, Heading, Inline, Paragraph, Table
from assay.report.svg.histogram import histogram
from assay.report.svg.photo import FORMS, photo
from assay.report.text import clean, shorten, show

MOST, ROWS, TEXT = 24, 50, 4000


def last_of_each(others: Sequence[Logged]) -> list[tuple[Logged, int]]:
    """The last value of each name, kind, rank and worker, and how many there are, in the order of their first."""
    held: dict[SeriesKey, tuple[Logged, int]] = {}
    for one in others:
        held[one.key] = (one, held[one.key][1] + 1 if one.key in held else 1)
    return list(held.values())


def logged_lines(view: RunView) -> Iterator[str]:
    """One line for each name."""
    for one, many in last_of_each(view.others):
        last = f", the last at step {one.step}" if many > 1 else f" at step {one.step}"
        yield f"{one.key.kind} {clean(one.key.words())}: {many}{last}: {_summary(one)}"


def logged_blocks(view: RunView, images: Mapping[str, bytes]) -> list[Block]:
    """A block for each of the first two dozen names.

    Args:
        images: Digest -> content of the images that are at hand; others are named.
    """
    held = last_of_each(view.others)
    if not held:
        return []
    out: list[Block] = [Heading("Logged beside the numbers")]
    for one, many in held[:MOST]:
        name = f"{clean(one.key.words())} at step {one.step}" + (f", the last of {many}" if many > 1 else "")
        out.append(_block(one, name, images))
    if len(held) > MOST:
        out.append(
            Paragraph(f"{len(held) - MOST} more names are left out here; assay.Lab(…).run(…).logged gives them.")
        )
    return out


def _block(one: Logged, name: str, images: Mapping[str, bytes]) -> Block:
    content: Any = one.content
    try:
        if one.key.kind == "histogram":
            return _histogram(content, name, _summary(one))
        if one.key.kind == "table":
            return _table(content, name)
        if one.key.kind == "image" and content["form"] in FORMS and content["digest"] in images:
            rows: tuple[tuple[Inline, ...], ...] = (
                (str(content["form"]), str(content["bytes"]), str(content["digest"])),
            )
            table = Table((Column("form"), Column("bytes", numeric=True), Column("digest")), rows)
            said = _summary(one)
            return Figure(name, said, table, *photo(images[content["digest"]], content["form"], name, said))
    except (KeyError, TypeError, ValueError, IndexError):
        return Paragraph(f"{name}: cannot be read")
    words = str(content)[:TEXT] + ("…" if len(str(content)) > TEXT else "") if one.key.kind == "text" else _summary(one)
    return Table((Column(name),), tuple((line,) for line in words.splitlines() or [""]))


def _histogram(content: Mapping[str, Any], name: str, said: str) -> Block:
    counts, edges = [int(n) for n in content["counts"]], [float(e) for e in content["edges"]]
    if not counts or len(edges) != len(counts) + 1 or not all(map(math.isfinite, edges)):
        return Paragraph(f"{name}: {said}")
    columns = (Column("from", numeric=True), Column("to", numeric=True), Column("values", numeric=True))
    bins = zip(edges, edges[1:], counts, strict=False)
    rows: tuple[tuple[Inline, ...], ...] = tuple((f"{a:.6g}", f"{b:.6g}", f"{n:,}") for a, b, n in bins if n)
    return Figure(name, said, Table(columns, rows), *histogram(counts, edges, name, said))


def _table(content: Mapping[str, Any], name: str) -> Block:
    names, rows = [str(c) for c in content["columns"]], content["rows"]
    numeric = [all(isinstance(r[i], (int, float, type(None))) for r in rows) for i in range(len(names))]
    cells: tuple[tuple[Inline, ...], ...] = tuple(tuple(_cell(v) for v in row) for row in rows[:ROWS])
    all_rows = int(content["all_rows"])
    note = (f"The first {ROWS} of {all_rows:,} rows.",) if all_rows > ROWS else ()
    return Table(tuple(map(Column, names, numeric)), cells, name, note)


def _cell(value: Any) -> str:
    return "" if value is None else show(value) if isinstance(value, (str, int, float)) else clean(json.dumps(value))


def _summary(one: Logged) -> str:
    content: Any = one.content
    try:
        if one.key.kind == "histogram":
            odd = [f"{content[n]:,} {word}" for n, word in (("nan", "NaN"), ("infinite", "infinite")) if content[n]]
            mean = "" if content["mean"] is None else f", mean {figure(content['mean'])}"
            return ", ".join([counted(sum(content["counts"]), "value") + mean, *odd])
        if one.key.kind == "table":
            return f"{counted(content['all_rows'], 'row')} of {counted(len(content['columns']), 'column')}"
        if one.key.kind == "image":
            return f"{content['form']}, {counted(content['bytes'], 'byte')}, {content['digest'][:19]}…"
    except (KeyError, TypeError, ValueError):
        return "cannot be read"
    return shorten(clean(str(content)), 80)
