"""What came of what: data, runs, files and judgements as a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from assay.base.canonical import is_digest

NodeKind = Literal["data", "run", "file", "evidence"]


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One thing.

    Attributes:
        id: Of content its digest, of a run its id.
        name: As people call it.
    """

    kind: NodeKind
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """`target` came of `source`: a run of data that it read, a file of the run that made it, evidence of files."""

    source: str
    target: str
    how: str


@dataclass(frozen=True, slots=True)
class Origin:
    """A run whose predictions were judged.

    Attributes:
        run: Its id.
        name: As people call it; empty where the run is gone.
        state: How it ended; `gone` where the lab does not have it any more.
        data: Name and digest of what it read.
    """

    model: str
    seed: str
    run: str
    name: str
    state: str
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """A graph, or the part of one that leads to something and away from it.

    Attributes:
        focus: Ids of what was asked for.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    focus: tuple[str, ...] = ()

    def around(self, focus: Iterable[str]) -> Lineage:
        """What led to some nodes, and what came of them."""
        asked = tuple(focus)
        forth, back = _by(self.links, "source", "target"), _by(self.links, "target", "source")
        kept = _reached(asked, back) | _reached(asked, forth)
        nodes = tuple(n for n in self.nodes if n.id in kept)
        links = tuple(x for x in self.links if x.source in kept and x.target in kept)
        return Lineage(nodes, links, asked)

    def layers(self) -> dict[str, int]:
        """Node -> how many steps lie before it at most; a node within a circle stands where it was met."""
        depth = {n.id: 0 for n in self.nodes}
        for _ in range(len(self.nodes)):
            moved = False
            for link in self.links:
                if depth[link.target] < depth[link.source] + 1 <= len(self.nodes):
                    depth[link.target], moved = depth[link.source] + 1, True
            if not moved:
                break
        return depth


def graph(
    runs: Mapping[str, tuple[str, Iterable[tuple[str, Any]]]],
    names: Mapping[str, str],
    evidence: Mapping[str, tuple[str, Iterable[str]]],
) -> Lineage:
    """The graph of a lab.

    Args:
        runs: Run -> its name and notes: data that it read, artifacts and predictions that it made.
        names: Digest -> the name of a version of data.
        evidence: Bundle -> its plan, and what went in: digests of files, ids of runs.
    """
    nodes: dict[str, Node] = {}
    links: set[Link] = set()
    made = {c["digest"] for _, notes in runs.values() for what, c in notes if what in ("artifact", "predictions")}
    for run, (name, notes) in runs.items():
        nodes[run] = Node("run", run, name)
        for what, content in notes:
            digest = content["digest"]
            if what == "data":
                kind: NodeKind = "file" if digest in made else "data"
                nodes.setdefault(digest, Node(kind, digest, names.get(digest, str(content["name"]))))
                links.add(Link(digest, run, "read by"))
            else:
                nodes[digest] = Node("file", digest, names.get(digest, str(content["name"])))
                links.add(Link(run, digest, "made"))
    for bundle, (plan, inputs) in evidence.items():
        nodes[bundle] = Node("evidence", bundle, plan)
        for source in inputs:
            kind = "data" if is_digest(source) else "run"
            nodes.setdefault(source, Node(kind, source, names.get(source, "")))
            links.add(Link(source, bundle, "judged in"))
    for digest, name in names.items():
        nodes.setdefault(digest, Node("data", digest, name))
    return Lineage(tuple(sorted(nodes.values())), tuple(sorted(links)))


def _by(links: Iterable[Link], start: str, end: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for link in links:
        found.setdefault(getattr(link, start), []).append(getattr(link, end))
    return found


def _reached(start: Iterable[str], ways: Mapping[str, list[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for name in ways.get(todo.pop(), ()):
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return seen
