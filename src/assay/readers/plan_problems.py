"""What the schema finds, said so that a user can act on it: the key, the value, the rule, the fix, the line."""

from __future__ import annotations

import difflib
import inspect
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from assay.base.errors import AssayError, PlanError
from assay.readers.plan_schema import PlanKeys
from assay.readers.plan_yaml import Document, Key

_TYPES = {
    "string_type": "it is a text; quote it if it looks like a number",
    "float_type": "it is a number",
    "int_type": "it is a whole number",
    "int_from_float": "it is a whole number",
    "bool_type": "it is true or false",
    "list_type": "it is a list: one `- item` a line",
    "dict_type": "it is a mapping of `key: value`",
    "model_type": "it is a mapping of `key: value`",
    "model_attributes_type": "it is a mapping of `key: value`",
    "finite_number": "it is a finite number",
    "string_pattern_mismatch": "it is `blake3:` and 64 hexadecimal digits",
}


def schema_problems(error: ValidationError, document: Document) -> list[AssayError]:
    """Every violation of the schema as an error of its own."""
    return [_problem(item, document) for item in error.errors(include_url=False)]


def spelled(path: Key) -> str:
    """A path as users write it.

    >>> spelled(("claims", 0, "margin"))
    'claims[1].margin'
    """
    out = ""
    for part in path:
        word = f"[{part + 1}]" if isinstance(part, int) else part[:40]
        out += f".{word}" if out and isinstance(part, str) else word
    return out or "the plan"


def shown(value: Any) -> str:
    """A value received, short."""
    text = (
        repr(value) if not isinstance(value, (dict, list)) else f"a {'mapping' if isinstance(value, dict) else 'list'}"
    )
    return text if len(text) <= 80 else f"{text[:77]}..."


def known_keys(path: Key) -> list[str]:
    """The keys that the mapping at a path may have."""
    keys = keys_at(path)
    return sorted(keys.model_fields) if keys else []


def keys_at(path: Key) -> type[BaseModel] | None:
    """The schema of the mapping at a path; None where there is none."""
    current: type[BaseModel] = PlanKeys
    for part in path:
        if isinstance(part, int):
            continue
        inside = current.model_fields.get(part)
        nested = next(_models(inside.annotation), None) if inside else None
        if nested is None:
            return None
        current = nested
    return current


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _models(inner)


def _problem(item: Any, document: Document) -> AssayError:
    path: Key = tuple(part for part in item["loc"] if part != "[key]")
    kind, where = item["type"], document.where(path)
    if kind == "missing":
        parent = spelled(path[:-1])
        return PlanError(
            f"`{path[-1]}` is missing in {parent}",
            rule="it is required",
            fix=f"add {_example(path)}",
            where=document.where(path[:-1]),
        )
    if kind == "extra_forbidden":
        return _unknown(path, document)
    fix = f"for example {_example(path)}" if _field(path) is not None and _field(path).examples else _SEE
    return PlanError(f"{spelled(path)} is {shown(item['input'])}", rule=_rule(item), fix=fix, where=where)


_SEE = "see the key in docs/plan.md"


def _unknown(path: Key, document: Document) -> AssayError:
    known, key = known_keys(path[:-1]), str(path[-1])[:40]
    lacking = _lacking(path[:-1], document)
    near = difflib.get_close_matches(key, lacking, n=1) or difflib.get_close_matches(key, known, n=1)
    return PlanError(
        f"unknown key {key!r} in {spelled(path[:-1])}",
        rule=f"known keys: {', '.join(known)}",
        fix=f"did you mean {near[0]!r}?" if near else "remove it, or write it as a comment",
        where=document.where(path),
    )


def _lacking(path: Key, document: Document) -> list[str]:
    """The keys that the mapping at a path needs and does not have."""
    held, keys = document.value, keys_at(path)
    for part in path:
        held = held[part]
    return [k for k, field in keys.model_fields.items() if field.is_required() and k not in held] if keys else []


def _rule(item: Any) -> str:
    kind, limits = item["type"], item.get("ctx", {})
    if kind == "literal_error":
        return f"it is one of {limits['expected']}"
    if kind == "too_short":
        return f"it has at least {limits['min_length']} entry"
    if kind in ("too_long", "string_too_long"):
        return f"it has at most {limits['max_length']} " + ("characters" if kind.startswith("string") else "entries")
    return _TYPES.get(kind) or str(item["msg"]).replace("Input should be", "it is")


def _field(path: Key) -> Any:
    names = [part for part in path if isinstance(part, str)]
    keys = keys_at(tuple(names[:-1])) if names else None
    return keys.model_fields.get(names[-1]) if keys else None


def _example(path: Key) -> str:
    found, key = _field(path), path[-1]
    if found is not None and found.examples:
        return f"`{key}: {found.examples[0]}`"
    inside = keys_at(path)
    first = next(iter(inside.model_fields)) if inside else ""
    return f"`{key}:` with {first} and the other keys in docs/plan.md" if first else f"`{key}:`"
