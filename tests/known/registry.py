"""All published values, in the order of the rooms."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import tests.known
from tests.known.answer import Known

HOUSE = frozenset({"answer", "registry", "test_known", "patients"})


@cache
def rooms() -> dict[str, tuple[Known, ...]]:
    """Answers by the room that holds them."""
    names = sorted(m.name for m in pkgutil.iter_modules(tests.known.__path__) if m.name not in HOUSE)
    return {name: import_module(f"tests.known.{name}").ANSWERS for name in names}


def answers(of: str | None = None) -> list[Known]:
    """All, or those of a method."""
    return [known for held in rooms().values() for known in held if of in (None, known.of)]
