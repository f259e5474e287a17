"""Lineage as text, as JSON, and as a page with the graph drawn from left to right."""

from __future__ import annotations

from typing import Any

from assay.base.canonical import bare, plain
from assay.base.wording import counted
from assay.records.lineage import Lineage, Node
from assay.report.blocks import Column, Document, Figure, Table
from assay.report.svg.drawing import named, picture, words
from assay.report.svg.markup import Markup, element
from assay.report.text import clean, shorten

_WIDTH, _HEIGHT, _GAP, _STEP = 150.0, 36.0, 60.0, 52.0
_MOST = 200


def lineage_json(found: Lineage) -> dict[str, Any]:
    """A graph as plain data."""
    return {"schema": 1, "type": "lineage", **plain(found)}


def label(node: Node) -> str:
    """A node in words."""
    short = bare(node.id)[:12] if node.kind != "run" else node.id
    return f"{node.kind} {clean(node.name)} ({short})" if node.name else f"{node.kind} {short}"


def render_lineage(found: Lineage) -> str:
    """A graph for a terminal: each thing under what it came of, asked-for ones marked."""
    depth, by = found.layers(), {n.id: n for n in found.nodes}
    lines = []
    for node in sorted(found.nodes, key=lambda n: (depth[n.id], n)):
        came = [f"{by[x.source].kind} {by[x.source].name or x.source[:19]}" for x in found.links if x.target == node.id]
        mark = "▸ " if node.id in found.focus else "  "
        of = f"  ← {shorten(', '.join(map(clean, came)), 90)}" if came else ""
        lines.append(f"{'  ' * depth[node.id]}{mark}{label(node)}{of}")
    lines.append(f"{counted(len(found.nodes), 'thing')}, {counted(len(found.links), 'link')}")
    return "\n".join(lines) + "\n"


def lineage_page(found: Lineage) -> Document:
    """A graph as a page."""
    by = {n.id: n for n in found.nodes}
    rows = tuple((label(by[x.source]), x.how, label(by[x.target])) for x in found.links)
    table = Table((Column("From"), Column("How"), Column("To")), rows)
    title = "What came of what"
    said = f"{counted(len(found.nodes), 'thing')} from left to right: data, runs that read it, files that they made."
    svg = _drawn(found, title, said) if 0 < len(found.nodes) <= _MOST else ""
    return Document("Lineage", (Figure(title, said, table, svg=svg, narrow=svg),))


def _drawn(found: Lineage, title: str, said: str) -> Markup:
    depth = found.layers()
    rows: dict[int, int] = {}
    place: dict[str, tuple[float, float]] = {}
    for node in found.nodes:
        column = depth[node.id]
        place[node.id] = (column * (_WIDTH + _GAP) + 1, rows.get(column, 0) * _STEP + 1)
        rows[column] = rows.get(column, 0) + 1
    parts = [_way(place[x.source], place[x.target]) for x in found.links]
    for node in found.nodes:
        parts += _box(node, place[node.id], node.id in found.focus)
    size = (max(x for x, _ in place.values()) + _WIDTH + 1, max(rows.values()) * _STEP)
    return picture("wide", size, title, said, parts)


def _box(node: Node, at: tuple[float, float], asked: bool) -> list[Markup]:
    x, y = at
    tone = "hollow-info" if asked else "hollow-muted"
    corner = 10 if node.kind == "run" else 2
    box = element("rect", {"x": x, "y": y, "width": _WIDTH, "height": _HEIGHT, "rx": corner, "class": tone})
    shown = node.name or bare(node.id)[:19]
    return [box, words(x + 8, y + 14, node.kind, 10, "muted"), named(x + 8, y + 28, shown, 12, 20)]


def _way(a: tuple[float, float], b: tuple[float, float]) -> Markup:
    x, y, u, v = a[0] + _WIDTH, a[1] + _HEIGHT / 2, b[0], b[1] + _HEIGHT / 2
    bend = _GAP / 2
    path = f"M{x:g} {y:g}C{x + bend:g} {y:g} {u - bend:g} {v:g} {u:g} {v:g}"
    return element("path", {"d": path, "fill": "none", "class": "axis"})
