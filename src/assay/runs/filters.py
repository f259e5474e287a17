"""What people write to choose among runs: `lr>=0.01`, `metric:loss<0.2`, `name=~^trial`, `-max:accuracy`."""

from __future__ import annotations

import base64
import json
import math
from typing import get_args

from assay.base.errors import InputError
from assay.records.runlist import FIELDS, OPERATORS, Column, RunCursor, RunFilter, Source

_RULE = "a condition is NAME OPERATOR VALUE with = != < <= > >= ~ (contains) or =~ (regular expression)"
TIMES = ("started", "seconds")
_PREFIXES: dict[str, Source] = {s: s for s in get_args(Source)}


def parse_filter(text: str) -> RunFilter:
    """A condition as it is written.

    Raises:
        InputError: when it has no operator, or no name.

    >>> parse_filter("metric:loss<=0.5")
    RunFilter(column=Column(source='metric', name='loss'), operator='<=', value='0.5')
    """
    places = [(text.find(op), -len(op), op) for op in OPERATORS if op in text]
    if places:
        place, _, operator = min(places)
        name, value = text[:place].strip(), text[place + len(operator) :].strip()
        if name:
            return RunFilter(parse_column(name), operator, value)
    raise InputError(f"the condition is {text!r:.200}", rule=_RULE, fix="--where 'lr>=0.01'")


def parse_column(text: str) -> Column:
    """A name with or without `param:`, `metric:`, `min:`, `max:` or `field:` before it."""
    head, colon, rest = text.partition(":")
    if colon and head in _PREFIXES and rest:
        if head == "field" and rest not in FIELDS:
            raise InputError(f"unknown field {rest!r:.100}", rule=f"known: {', '.join(FIELDS)}", fix="--sort started")
        return Column(_PREFIXES[head], rest)
    return Column("field" if text in FIELDS else "", text)


def parse_group(text: str) -> Column:
    """What runs are grouped by: a setting, or a field that is no time.

    Raises:
        InputError: what has another value for nearly every run.
    """
    column = parse_column(text)
    if column.source in ("metric", "min", "max") or (column.source == "field" and column.name in TIMES):
        rule = "runs are grouped by settings, or by a field as experiment, command or host"
        raise InputError(f"runs are to be grouped by {text!r:.100}", rule=rule, fix="--by lr, or --by experiment")
    return column if column.source else Column("param", column.name)


def parse_sort(text: str) -> tuple[Column, bool]:
    """A name to order by, and whether from the largest down: that is what `-` before it says."""
    name = text.removeprefix("-").strip()
    if not name:
        raise InputError(
            f"the order is {text!r}", rule="an order is a name, with - for the largest first", fix="--sort -started"
        )
    return parse_column(name), text.startswith("-")


def cursor_text(cursor: RunCursor, sort: str) -> str:
    """Where a page ended, as text that goes into an address.

    >>> parse_cursor(cursor_text(RunCursor(0.5, "20261121-094420-3f9a2c1b"), "-loss"), "-loss").value
    0.5
    """
    held = json.dumps([sort, cursor.value, cursor.run], separators=(",", ":"))
    return base64.urlsafe_b64encode(held.encode()).decode().rstrip("=")


def parse_cursor(text: str, sort: str) -> RunCursor:
    """Where a page ended.

    Raises:
        InputError: when no page of this order has ended there.
    """
    wrong = InputError(
        f"the place is {text!r:.80}", rule="a page begins after the `next` of one in the same order", fix="leave it out"
    )
    try:
        asked, value, run = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, RecursionError) as error:
        raise wrong from error
    known = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    if asked != sort or not isinstance(run, str) or not (value is None or known):
        raise wrong
    if (isinstance(value, float) and math.isnan(value)) or (isinstance(value, int) and abs(value) >= 2**63):
        raise wrong
    return RunCursor(value, run)
