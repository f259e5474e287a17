"""How two runs differ: configuration, code, data and environment, name by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assay.records.runview import Difference, RunView
from assay.runs.config import flat

MISSING = None
_MACHINE = ("system", "architecture", "processor", "cores", "gpu", "container")


def differences(a: RunView, b: RunView) -> tuple[Difference, ...]:
    """Everything that differs, the likeliest causes first."""
    return (
        *_of("config", dict(flat(a.config)), dict(flat(b.config))),
        *_of("seed", {"seed": a.start.seed}, {"seed": b.start.seed}),
        *_code(a.code, b.code),
        *_of("data", _data(a), _data(b)),
        *_environment(a.environment, b.environment),
        *_of("command", {"command": " ".join(a.start.command)}, {"command": " ".join(b.start.command)}),
    )


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


def _data(view: RunView) -> dict[str, Any]:
    return {str(c["name"]): c["digest"] for what, c in view.notes if what == "data" and isinstance(c, Mapping)}


def _environment(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    if not a or not b:
        if bool(a) != bool(b):
            yield Difference("environment", "captured", bool(a), bool(b))
        return
    first, second = a.get("python", {}), b.get("python", {})
    yield from _of("environment", {"python": first.get("version")}, {"python": second.get("version")})
    yield from _of("package", first.get("packages", {}), second.get("packages", {}))
    yield from _of("variable", a.get("variables", {}), b.get("variables", {}))
    machine = [{k: side.get("machine", {}).get(k) for k in _MACHINE} for side in (a, b)]
    yield from _of("machine", machine[0], machine[1])
