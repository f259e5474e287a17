"""Strings that come from data, made safe to show: no control characters, no reversed text, a known width."""

from __future__ import annotations

import unicodedata
from typing import Any

from assay.base.wording import MINUS

REPLACEMENT = "\ufffd"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    r"""One line without control, surrogate or direction-changing characters; those become U+FFFD.

    Names and slice values come from files that anyone may have written: an escape sequence must not reach a
    terminal, and a right-to-left override must not turn a verdict around.

    >>> clean("a\tb\x1b[31m") == "a b\ufffd[31m"
    True
    """
    return " ".join(part for part in printable(text).split(" ") if part)


def printable(text: str) -> str:
    """The same with its spaces kept."""
    text = str(text)
    # Most of what is shown, and cheap to tell.
    return text if text.isascii() and text.isprintable() else "".join(_safe(char) for char in text)


def _safe(char: str) -> str:
    if char.isspace() and char != "\u00a0" and char != "\u202f":
        return " "
    if char in _BIDI or unicodedata.category(char) in ("Cc", "Cs"):
        return REPLACEMENT
    return char


def show(value: Any) -> str:
    """A value from the data in words; nothing is `missing`, empty text is said so, numbers have a typographic minus."""
    if value is None:
        return "(missing)"
    if value == "":
        return "(empty)"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (f"{value:.6g}" if isinstance(value, float) else str(value)).replace("-", MINUS)
    return clean(str(value))


def cells(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shorten(text: str, limit: int) -> str:
    """At most `limit` terminal columns, with an ellipsis where something was cut.

    >>> shorten("gradient boosting", 9)
    'gradient…'
    """
    if cells(text) <= limit:
        return text
    kept = ""
    for char in text:
        if cells(kept + char) > limit - 1:
            break
        kept += char
    return kept.rstrip() + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """Fill with spaces to a width in terminal columns."""
    gap = " " * max(0, width - cells(text))
    return gap + text if right else text + gap
