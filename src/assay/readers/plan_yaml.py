"""YAML as plans need it: plain values with the line of each, and nothing that can surprise.

Read event by event, with the core schema of YAML 1.2: `no` and `on` are words, `1e-3` is a number, dates stay text.
Aliases, tags, duplicate keys and deep nesting are refused, so that a file cannot grow in memory or hide a value.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assay.base.errors import AssayError, PlanError

Key = tuple[str | int, ...]
LARGEST = 1 << 20
DEEPEST = 20
MOST_VALUES = 20_000
LONGEST_NUMBER = 40
_FINITE = "numbers are finite and whole ones fit in 64 bits"
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """A parsed file.

    Attributes:
        value: Mappings, lists and scalars.
        lines: Path of keys and positions -> line, from 1; of the key where there is one.
        problems: What is wrong with values, found on the way.
    """

    name: str
    value: Any = None
    lines: dict[Key, int] = field(default_factory=dict)
    problems: list[AssayError] = field(default_factory=list)

    def where(self, path: Key) -> str:
        """File and line of a path, or of the nearest part of it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"


def load(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        PlanError: when it is no file, too large, not UTF-8, not YAML, or uses what is refused at once.
    """
    text = _text(path)
    document = Document(path.name)
    events = _events(text, path.name)
    try:
        document.value = _Builder(document, events).document()
    except yaml.YAMLError as error:
        raise _not_yaml(error, path.name) from None
    except RecursionError:
        raise _refused("nesting is too deep", path.name, 1) from None
    return document


def scalar(text: str) -> str | int | float | bool | None:
    """A plain scalar by the core schema of YAML 1.2.

    >>> scalar("no"), scalar("true"), scalar("1e-3"), scalar("010"), scalar("2026-01-31")
    ('no', True, 0.001, 10, '2026-01-31')
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= LONGEST_NUMBER else math.inf
    return float(text) if _FLOAT.fullmatch(text) else text


class _Builder:
    """Turns events into values; recursion is bounded by DEEPEST."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self._document, self._events, self._count = document, events, 0

    def document(self) -> Any:
        started, value = False, None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if started:
                    raise _refused("there is a second document", self._document.name, _line(event))
                started = True
            elif isinstance(event, (yaml.NodeEvent, yaml.AliasEvent)):
                value = self._node(event, ())
        return value

    def _node(self, event: Any, path: Key) -> Any:
        self._guard(event, path)
        self._document.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._node(item, (*path, i)) for i, item in enumerate(self._until(yaml.SequenceEndEvent))]
        return self._mapping(path)

    def _mapping(self, path: Key) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._until(yaml.MappingEndEvent):
            self._guard(event, path)
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused("a key is a list or a mapping", self._document.name, _line(event))
            key, place = event.value, (*path, event.value)
            self._check_text(event)
            twice = key in found
            if twice:
                first = self._document.lines[place]
                self._problem(
                    f"the key {key[:40]!r} is there twice, first on line {first}", "each key is given once", event
                )
            else:
                self._document.lines[place] = _line(event)
            value = self._node(next(self._events), place)
            found.setdefault(key, value)
        return found

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _guard(self, event: Any, path: Key) -> None:
        name, line = self._document.name, _line(event)
        self._count += 1
        if self._count > MOST_VALUES:
            raise _refused(f"there are more than {MOST_VALUES} values", name, line)
        if len(path) > DEEPEST:
            raise _refused(f"values are nested deeper than {DEEPEST}", name, line)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _refused(f"the anchor or alias {event.anchor[:40]!r}", name, line)
        if event.tag not in (None, "!"):
            raise _refused(f"the tag {event.tag[:40]!r}", name, line)

    def _scalar(self, event: Any) -> Any:
        if not event.implicit[0]:
            self._check_text(event)
            return event.value
        value = scalar(event.value)
        if isinstance(value, str):
            self._check_text(event)
        elif _too_large(value):
            self._problem(f"the number {event.value[:40]} is too large", _FINITE, event)
        return value

    def _check_text(self, event: Any) -> None:
        strange = [c for c in event.value if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
        if strange:
            self._problem(f"the text holds the character {strange[0]!r}", "text has no control characters", event)

    def _problem(self, what: str, rule: str, event: Any) -> None:
        where = f"{self._document.name}:{_line(event)}"
        self._document.problems.append(PlanError(what, rule=rule, fix="correct or remove it", where=where))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            data = handle.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise PlanError(
            f"cannot be read: {why}", rule="a plan is a file", fix="check the path", where=str(path)
        ) from None
    if len(data) > LARGEST:
        raise _refused(f"the file is larger than {LARGEST} bytes", path.name, 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PlanError(
            f"byte {data[error.start]:#04x} is not UTF-8",
            rule="a plan is UTF-8 text",
            fix="save the file as UTF-8",
            where=f"{path.name}:{line}",
        ) from None
    for number, line_text in enumerate(text.split("\n"), start=1):
        indent = line_text[: len(line_text) - len(line_text.lstrip(" \t"))]
        if "\t" in indent and line_text.strip():
            raise PlanError(
                "the line is indented with a tab",
                rule="YAML is indented with spaces",
                fix="replace each tab by two spaces",
                where=f"{path.name}:{number}",
            )
    return text


def _events(text: str, name: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except (UnicodeError, ValueError) as error:
        raise _refused(f"the text cannot be parsed ({error})", name, 1) from None


def _too_large(value: float | bool | None) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is not None and not -(2**63) <= value < 2**63


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _refused(what: str, name: str, line: int) -> PlanError:
    return PlanError(
        f"{what}: refused",
        rule="a plan is one plain YAML mapping, without anchors, aliases, tags or deep nesting",
        fix="write the value out; `assay plan new` shows the form",
        where=f"{name}:{line}",
    )


def _not_yaml(error: yaml.YAMLError, name: str) -> PlanError:
    mark = getattr(error, "problem_mark", None)
    why = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else f"{name}:1"
    return PlanError(
        f"this is not YAML: {why}",
        rule="a plan is one YAML mapping",
        fix="check the indentation, and quote texts that hold `: ` or ` #`",
        where=where,
    )
