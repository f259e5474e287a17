"""Typed registries: one per kind, duplicates refused, plug-ins loaded when first asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from assay.base.errors import AssayError

T = TypeVar("T")
LISTED = 12
"""As many names are listed in an error; of more, those most like the one asked for."""


class Registry(Generic[T]):
    """Names to things of one kind.

    Args:
        kind: What the registry holds, as users call it, e.g. `metric`.
        group: The entry-point group in which plug-ins announce themselves; each entry point, once loaded, registers.
        error: The error to raise for an unknown or a duplicate name.
    """

    def __init__(self, kind: str, group: str, error: type[AssayError]) -> None:
        self.kind, self.group, self.error = kind, group, error
        self._items: dict[str, T] = {}
        self._loaded = False

    def add(self, name: str, item: T) -> T:
        """Register an item; a name is taken once."""
        if name in self._items:
            raise self.error(
                f"the {self.kind} {name!r} is registered twice",
                rule=f"each {self.kind} has a name of its own",
                fix="choose another name",
            )
        self._items[name] = item
        return item

    def get(self, name: str) -> T:
        """The item of that name; an unknown name is an error that gives the nearest known one."""
        if name not in self._items:
            self._load_plugins()
        if name not in self._items:
            raise self.error(f"unknown {self.kind} {name!r}", rule=f"known: {self._listed(name)}", fix=self._hint(name))
        return self._items[name]

    def names(self) -> list[str]:
        """All names, sorted, plug-ins included."""
        self._load_plugins()
        return sorted(self._items)

    def __iter__(self) -> Iterator[tuple[str, T]]:
        for name in self.names():
            yield name, self._items[name]

    def _listed(self, name: str) -> str:
        """All names where they are few, else those most like the one asked for."""
        names = self.names()
        if len(names) <= LISTED:
            return ", ".join(names)
        return ", ".join(difflib.get_close_matches(name, names, n=5, cutoff=0.0)) + ", …"

    def _hint(self, name: str) -> str:
        known = {item.lower(): item for item in self._items}
        near = difflib.get_close_matches(name.lower(), known, n=1)
        return f"did you mean {known[near[0]]!r}?" if near else f"choose one of the known {self.kind}s"

    def _load_plugins(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        for point in entry_points(group=self.group):
            point.load()
