"""Lines of CSV that no spreadsheet runs: the one place in which CSV is written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = re.compile(r"^[=+\-@\t\r]")


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    r"""Rows of text as CSV; text that begins like a formula is quoted, unless it is a number.

    >>> csv_lines([["=1+1", "-2"]])
    "'=1+1,-2\r\n"
    """
    out = io.StringIO()
    csv.writer(out).writerows([_safe(text) for text in row] for row in rows)
    return out.getvalue()


def _safe(text: str) -> str:
    # Pages write a true minus, which programs do not read as one.
    number = text.replace("−", "-")
    return number if _number(number) else f"'{text}" if _FORMULA.match(text) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
