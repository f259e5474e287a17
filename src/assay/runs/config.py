"""Configurations as users hold them, made plain: mappings, dataclasses, namespaces, anything with attributes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from pathlib import PurePath
from typing import Any

DEEPEST, MOST = 40, 100_000
MORE = "…"
"""What stands for all that is deeper, or comes after so many values."""


def plain_config(config: Any) -> dict[str, Any]:
    """A configuration as JSON holds it; what has no such form becomes its text, and nothing raises.

    >>> plain_config({"lr": 0.1, "layers": (64, 32), "path": PurePath("a/b")})
    {'lr': 0.1, 'layers': [64, 32], 'path': 'a/b'}
    """
    made = _Plain().of(config, 0)
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


class _Plain:
    """Makes one configuration plain; beyond so many values it says no more, as where a few aliases name billions."""

    def __init__(self) -> None:
        self.left = MOST

    def of(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if depth > DEEPEST or self.left < 0:
            return MORE
        if value is None or isinstance(value, (bool, int, str)):
            return value.value if isinstance(value, Enum) else value
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, (PurePath, Enum)):
            return str(value) if isinstance(value, PurePath) else self.of(value.value, depth + 1)
        if isinstance(value, Mapping):
            return self._named(value.items(), depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._listed(sorted(value, key=str) if isinstance(value, (set, frozenset)) else value, depth)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self._named(((f.name, getattr(value, f.name)) for f in dataclasses.fields(value)), depth)
        return self._held(value, depth)

    def _named(self, items: Iterable[tuple[Any, Any]], depth: int) -> dict[str, Any]:
        made = {}
        for name, value in items:
            made[str(name)] = self.of(value, depth + 1)
            if self.left < 0:
                break
        return made

    def _listed(self, items: Iterable[Any], depth: int) -> list[Any]:
        made = []
        for value in items:
            made.append(self.of(value, depth + 1))
            if self.left < 0:
                break
        return made

    def _held(self, value: Any, depth: int) -> Any:
        """NumPy scalars and arrays by `tolist`, objects by their attributes, all else by name or text."""
        try:
            if hasattr(value, "tolist"):
                return self.of(value.tolist(), depth + 1)
            if callable(value):
                return getattr(value, "__qualname__", None) or repr(value)[:1000]
            if hasattr(value, "__dict__"):
                return self._named(((k, v) for k, v in vars(value).items() if not k.startswith("_")), depth)
            return repr(value)[:1000]
        except Exception as error:
            # A configuration object is the user's: what its attributes raise must not end the training.
            return f"({type(value).__name__}: {type(error).__name__})"
