"""Templates of commands: `{name}` in a word is replaced by a value; `{{` and `}}` are braces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][\w.-]*)\}")


def names(words: Sequence[str]) -> list[str]:
    """The names that some words are filled in with, in order, each once.

    >>> names(["--lr={lr}", "{seed}", "{{raw}}", '{"json": 1}'])
    ['lr', 'seed']
    """
    found = (match[1] for word in words for match in _PLACE.finditer(word))
    return list(dict.fromkeys(name for name in found if name))


def filled(word: str, values: Mapping[str, Any]) -> str:
    """A word with its names replaced; every name has to be known.

    >>> filled("--lr={lr}", {"lr": 0.1})
    '--lr=0.1'
    """
    return _PLACE.sub(lambda match: _text(values[match[1]]) if match[1] else match[0][0], word)


def _text(value: Any) -> str:
    """As a command line has it: `true` and `false` as in a plan, numbers in full."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
