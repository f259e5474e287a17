"""What a command that knows nothing of Assay is told by and what it tells: settings as words, numbers in a file.

Settings stand in YAML or JSON files or as NAME=VALUE; numbers in JSON (one object), JSON Lines or CSV (a line a step).
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.base.errors import InputError
from assay.runs.config import flat

STEPS = ("step", "epoch")
RULE = "settings are NAME=VALUE, or a YAML or JSON file of names and values"
Row = tuple[int | None, dict[str, float]]


def settings_of(words: Sequence[str], folder: Path) -> dict[str, Any]:
    """The configuration that files and NAME=VALUE make together; a later one wins.

    >>> settings_of(["rate=1e-3", "optimizer.name=adam", "layers=[64, 32]"], Path())
    {'rate': 0.001, 'optimizer': {'name': 'adam'}, 'layers': [64, 32]}

    Raises:
        InputError: a file that cannot be read or holds no names and values.
    """
    made: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if equals and not (folder / word).is_file():
            *outer, last = name.split(".")
            if not all((*outer, last)):
                raise InputError(f"the setting {word!r:.300} has no name", rule=RULE, fix="--config rate=0.1")
            inner: Any = _plain_value(value)
            for part in [last, *reversed(outer)]:
                inner = {part: inner}
            _merge(made, inner)
        else:
            _merge(made, _settings_file(folder / word, word))
    return made


def numbers_of(path: Path) -> Iterator[Row]:
    """Step and numbers of each line of a file that a program wrote; what is no number is left out.

    The step is the column `step` or `epoch`; without one, lines count from 0, and a single object has none.

    Raises:
        InputError: what is none of these forms.
        OSError: when it cannot be read.
    """
    content = path.read_text(encoding="utf-8", errors="replace")
    table = path.suffix.lower() == ".csv"
    rows = list(csv.DictReader(content.splitlines())) if table else _objects(content, path)
    alone = len(rows) == 1 and not table
    for at, row in enumerate(rows):
        held = {name: number for name, value in flat(row) if (number := _number(value, table)) is not None}
        steps = [held.pop(name) for name in STEPS if name in held]
        whole = int(steps[0]) if steps and steps[0].is_integer() else None
        yield whole if steps or alone else at, held


def _objects(content: str, path: Path) -> list[dict[str, Any]]:
    try:
        said = json.loads(content)
    except ValueError:
        try:
            said = [json.loads(line) for line in content.splitlines() if line.strip()]
        except ValueError:
            said = None
    rows = said if isinstance(said, list) else [said]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            "it holds no numbers by name",
            rule="a file of numbers is a JSON object, JSON Lines, or CSV with a header",
            fix='{"loss": 0.3}',
            where=str(path),
        )
    return rows


def _number(value: Any, table: bool) -> float | None:
    """A number; of a table also one that stands there as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str) if table else (int, float)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _plain_value(text: str) -> Any:
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        return number if math.isfinite(number) else text
    try:
        return _yaml(text)
    except ValueError:
        return text


def _settings_file(path: Path, said: str) -> Mapping[str, Any]:
    try:
        held = _yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"--config {said!r:.300}: there is no such file ({error.strerror})", rule=RULE) from error
    except ValueError as error:
        raise InputError(f"it cannot be read as YAML ({error})", rule=RULE, where=str(path)) from error
    if not isinstance(held, Mapping):
        raise InputError(f"it holds a {type(held).__name__}", rule=RULE, where=str(path))
    return held


def _yaml(text: str) -> Any:
    """Text as YAML, of which JSON is a part.

    Raises:
        ValueError: what is none, in words.
    """
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        held = into.get(str(name))
        if isinstance(value, Mapping) and isinstance(held, dict):
            _merge(held, value)
        else:
            into[str(name)] = dict(value) if isinstance(value, Mapping) else value
