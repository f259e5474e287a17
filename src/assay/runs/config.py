"""Configurations as users hold them, made plain: mappings, dataclasses, namespaces, anything with attributes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import PurePath
from typing import Any

DEEPEST = 40


def plain_config(config: Any) -> dict[str, Any]:
    """A configuration as JSON holds it; what has no such form becomes its text, and nothing raises.

    >>> plain_config({"lr": 0.1, "layers": (64, 32), "path": PurePath("a/b")})
    {'lr': 0.1, 'layers': [64, 32], 'path': 'a/b'}
    """
    made = _plain(config, 0)
    if isinstance(made, dict):
        return made
    return {} if made is None else {"config": made}


def flat(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each setting by its dotted name; lists are one setting.

    >>> dict(flat({"opt": {"lr": 0.1}, "layers": [1, 2]}))
    {'opt.lr': 0.1, 'layers': [1, 2]}
    """
    for name, value in config.items():
        if isinstance(value, Mapping) and value:
            for inner, setting in flat(value):
                yield f"{name}.{inner}", setting
        else:
            yield str(name), value


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return "…"
    if value is None or isinstance(value, (bool, int, str)):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (PurePath, Enum)):
        return str(value) if isinstance(value, PurePath) else _plain(value.value, depth + 1)
    if isinstance(value, Mapping):
        return {str(k): _plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        ordered = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [_plain(v, depth + 1) for v in ordered]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), depth + 1) for f in dataclasses.fields(value)}
    return _held(value, depth)


def _held(value: Any, depth: int) -> Any:
    """NumPy scalars and arrays by `tolist`, objects by their attributes, all else by name or text."""
    try:
        if hasattr(value, "tolist"):
            return _plain(value.tolist(), depth + 1)
        if callable(value):
            return getattr(value, "__qualname__", None) or repr(value)[:1000]
        if hasattr(value, "__dict__"):
            return {k: _plain(v, depth + 1) for k, v in vars(value).items() if not k.startswith("_")}
        return repr(value)[:1000]
    except Exception as error:
        # A configuration object is the user's: what its attributes raise must not end the training.
        return f"({type(value).__name__}: {type(error).__name__})"
