"""How two runs differ: configuration, code, data and environment, name by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assay.records.runview import Difference, RunView
from assay.runs.config import flat
from assay.runs.sources import known_of_both

MISSING = None
MOST_LINES = 2_000
TextOf = Callable[[str], str | None]


def _unknown(digest: str) -> str | None:
    return None


_MACHINE = ("system", "architecture", "processor", "cores", "gpu", "container", "container_image")


def differences(a: RunView, b: RunView, text_of: TextOf = _unknown) -> tuple[Difference, ...]:
    """Everything that differs, the likeliest causes first.

    Args:
        text_of: Digest -> the text of a prompt that is kept; None where it is not.
    """
    return (
        *_of("config", dict(flat(a.config)), dict(flat(b.config))),
        *_of("seed", {"seed": a.start.seed}, {"seed": b.start.seed}),
        *_code(a.code, b.code),
        *_prompts(_noted(a, "prompt"), _noted(b, "prompt"), text_of),
        *_of("data", _noted(a, "data"), _noted(b, "data")),
        *_environment(a.environment, b.environment),
        *_of("command", {"command": " ".join(a.start.command)}, {"command": " ".join(b.start.command)}),
    )


def surroundings(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Difference]:
    """How two environments differ, but for the places of modules, which move with the code, and the code in them."""
    return [d for d in _environment(a, b) if d.name != "PYTHONPATH" and d.part != "code"]


def _of(part: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted(a.keys() | b.keys()):
        first, second = a.get(name, MISSING), b.get(name, MISSING)
        if first != second:
            yield Difference(part, name, first, second)


def _code(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    if not a or not b:
        if bool(a) != bool(b):
            yield Difference("code", "captured", bool(a), bool(b))
        return
    yield from _of("code", {k: a.get(k) for k in ("commit", "branch")}, {k: b.get(k) for k in ("commit", "branch")})
    yield from _of("code", _files(a), _files(b))
    yield from _of("code", a.get("submodules", {}), b.get("submodules", {}))


def _files(code: Mapping[str, Any]) -> dict[str, Any]:
    """File -> digest, or why it has none; deleted ones say so."""
    files = {path: f.get("digest") or f.get("state") for path, f in code.get("files", {}).items()}
    return {**files, **dict.fromkeys(code.get("deleted", ()), "deleted")}


def _noted(view: RunView, kind: str) -> dict[str, str]:
    return {str(c["name"]): str(c["digest"]) for what, c in view.notes if what == kind and isinstance(c, Mapping)}


def _prompts(a: Mapping[str, str], b: Mapping[str, str], text_of: TextOf) -> Iterator[Difference]:
    """Prompts that differ, line by line where both are kept."""
    for name in sorted(a.keys() | b.keys()):
        first, second = a.get(name), b.get(name)
        if first == second:
            continue
        texts = [text_of(one) if one else None for one in (first, second)]
        lines = [text.splitlines() for text in texts if text is not None]
        told = len(lines) == 2 and lines[0] != lines[1] and max(map(len, lines)) <= MOST_LINES
        yield from _lines(name, *lines) if told else [Difference("prompt", name, first, second)]


def _lines(name: str, a: list[str], b: list[str]) -> Iterator[Difference]:
    for how, start, end, other, last in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if how != "equal":
            yield Difference("prompt", f"{name}:{start + 1}", "\n".join(a[start:end]), "\n".join(b[other:last]))


def _environment(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    if not a or not b:
        if bool(a) != bool(b):
            yield Difference("environment", "captured", bool(a), bool(b))
        return
    first, second = a.get("python", {}), b.get("python", {})
    yield from _of("environment", {"python": first.get("version")}, {"python": second.get("version")})
    yield from _of("code", *known_of_both(first.get("sources", {}), second.get("sources", {})))
    yield from _of("package", first.get("packages", {}), second.get("packages", {}))
    yield from _of("variable", a.get("variables", {}), b.get("variables", {}))
    machine = [{k: side.get("machine", {}).get(k) for k in _MACHINE} for side in (a, b)]
    yield from _of("machine", machine[0], machine[1])
