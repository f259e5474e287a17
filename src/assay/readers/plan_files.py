"""The files that a plan names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.readers.plan_yaml import load

FILE_KEYS = frozenset({"file", "qrels"})
"""Keys of a plan whose values are files."""


def files_of(path: Path) -> Iterator[str]:
    """Every file that a plan names, by a key that is known or not.

    Raises:
        PlanError: when it is no YAML, or cannot be read.
    """
    yield from _files(load(path).value)


def _files(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            if key in FILE_KEYS and isinstance(held, str) and held:
                yield held
            yield from _files(held)
    elif isinstance(value, (list, tuple)):
        for held in value:
            yield from _files(held)
