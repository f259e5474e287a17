"""What people write to choose among runs: `lr>=0.01`, `state=finished`, `metric:loss<0.2`, `-max:accuracy`."""

from __future__ import annotations

from typing import get_args

from assay.base.errors import InputError
from assay.records.runlist import FIELDS, OPERATORS, Column, RunFilter, Source

_RULE = "a condition is NAME OPERATOR VALUE with = != < <= > >= or ~ (contains)"
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


def parse_sort(text: str) -> tuple[Column, bool]:
    """A name to order by, and whether from the largest down: that is what `-` before it says."""
    name = text.removeprefix("-").strip()
    if not name:
        raise InputError(
            f"the order is {text!r}", rule="an order is a name, with - for the largest first", fix="--sort -started"
        )
    return parse_column(name), text.startswith("-")
