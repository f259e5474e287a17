"""Records as JSON and back: what one side's dataclasses hold, the other side's hold again, to the last bit."""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

PAIRS = "pairs"
ODD = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
T = TypeVar("T")


def flat(value: Any) -> Any:
    """A record as JSON holds it: fields by name, mappings whose keys are no text as pairs, arrays as lists.

    Functions are left out: what a metric does is known by its name, and its results come along.

    >>> flat((1.5, math.inf, {2: "a"}))
    [1.5, 'inf', {'pairs': [[2, 'a']]}]
    """
    if value is None or (isinstance(value, (str, bool, int)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: flat(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, Mapping):
        if all(isinstance(k, str) for k in value) and PAIRS not in value:
            return {k: flat(v) for k, v in value.items()}
        return {PAIRS: [[flat(k), flat(v)] for k, v in value.items()]}
    if isinstance(value, (set, frozenset)):
        return sorted((flat(v) for v in value), key=repr)
    if hasattr(value, "tolist"):
        return flat(value.tolist())
    if isinstance(value, Iterable):
        return [flat(v) for v in value]
    if callable(value):
        return None
    raise TypeError(f"{type(value).__name__} does not go over the wire")


def rebuilt(kind: type[T] | Any, value: Any) -> Any:
    """What `flat` made of a value of that type.

    Raises:
        ValueError: when it is none of that type.
    """
    origin, given = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any or kind is object or isinstance(kind, TypeVar):
        return _free(value)
    if origin in (typing.Union, types.UnionType):
        return _one_of(given, value)
    if origin is typing.Literal:
        if not isinstance(value, (str, int)) or value not in given:
            raise ValueError(f"{value!r:.60} is none of {given}")
        return value
    if origin is typing.Annotated:
        return rebuilt(given[0], value)
    if kind is None or kind is type(None):
        return _same(value, value is None, "null")
    if kind is float:
        if isinstance(value, str) and value in ODD:
            return ODD[value]
        return float(_same(value, isinstance(value, (int, float)) and not isinstance(value, bool), "a number"))
    if kind is int:
        return _same(value, type(value) is int and -(2**63) <= value < 2**63, "a whole number of 64 bits")
    if kind in (str, bool):
        return _same(value, type(value) is kind, kind.__name__)
    if isinstance(kind, type) and issubclass(kind, Path):
        return Path(_same(value, isinstance(value, str), "a path"))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if dataclasses.is_dataclass(kind):
        return _record(kind, value)
    return _many(kind, origin, given, value)


def _many(kind: Any, origin: Any, given: tuple[Any, ...], value: Any) -> Any:
    base = origin or kind
    if not isinstance(base, type) or not issubclass(base, (Iterable, Mapping)):
        raise ValueError(f"{kind} does not come over the wire")
    if issubclass(base, Mapping):
        named, held = given or _parts(base)
        pairs = value[PAIRS] if isinstance(value, dict) and set(value) == {PAIRS} else list(_items(value))
        return {rebuilt(named, k): rebuilt(held, v) for k, v in pairs}
    if base.__module__.startswith("numpy"):
        import numpy as np

        return np.asarray([ODD.get(v, v) if isinstance(v, str) else v for v in value] if _flat(value) else value)
    values = _same(value, isinstance(value, list), "a list")
    if issubclass(base, tuple) and given and given[-1] is not Ellipsis:
        if len(given) != len(values):
            raise ValueError(f"{len(values)} values for {len(given)}")
        return tuple(rebuilt(k, v) for k, v in zip(given, values, strict=True))
    made = tuple(rebuilt(given[0] if given else Any, v) for v in values)
    if issubclass(base, (set, frozenset)):
        return frozenset(made)
    return list(made) if base is list else made


def _parts(kind: Any) -> tuple[Any, Any]:
    """The types of keys and values of a mapping that is a class of its own; it comes back as a plain one."""
    bases = [typing.get_args(b) for b in getattr(kind, "__orig_bases__", ())]
    return next(((a[0], a[1]) for a in bases if len(a) == 2), (str, Any))


def _flat(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(v, list) for v in value)


def _record(kind: Any, value: Any) -> Any:
    held = dict(_items(value))
    hints = hints_of(kind)
    names = {f.name for f in dataclasses.fields(kind) if f.init}
    if set(held) - names:
        raise ValueError(f"{kind.__name__} has no {sorted(set(held) - names)[0]!r:.60}")
    try:
        return kind(**{name: rebuilt(hints[name], v) for name, v in held.items()})
    except TypeError as error:
        raise ValueError(f"{kind.__name__}: {error}") from error


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    """The first type that takes it; whole numbers before others, so that 1 stays 1."""
    for kind in sorted(kinds, key=lambda k: (k is str, k is float)):
        try:
            return rebuilt(kind, value)
        except ValueError:
            continue
    raise ValueError(f"{value!r:.60} is none of {kinds}")


def _free(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _free(v) for k, v in value.items()}
    return [_free(v) for v in value] if isinstance(value, list) else value


def _items(value: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise ValueError(f"{type(value).__name__} where an object is due")
    return value.items()


def _same(value: Any, right: bool, what: str) -> Any:
    if not right:
        raise ValueError(f"{value!r:.60} is not {what}")
    return value


@functools.cache
def hints_of(kind: Any) -> dict[str, Any]:
    """The types of a record's fields or a function's arguments; names imported for the checker alone are found too."""
    known: dict[str, Any] = {}
    while True:
        try:
            return typing.get_type_hints(kind, localns=known)
        except NameError as error:
            if not error.name or error.name in known:
                raise
            known[error.name] = _imported(kind, error.name)


def _imported(kind: Any, name: str) -> Any:
    """What a module imports under TYPE_CHECKING, read from its source."""
    import ast
    import importlib
    import inspect
    import sys

    tree = ast.parse(inspect.getsource(sys.modules[inspect.unwrap(kind).__module__]))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and any((a.asname or a.name) == name for a in node.names):
            found = next(a.name for a in node.names if (a.asname or a.name) == name)
            return getattr(importlib.import_module(node.module), found)
    raise NameError(f"{name} is imported nowhere", name=name)
