"""What `runs list` asks for, evaluated on the index's columns: conditions, order, pages."""

from __future__ import annotations

import heapq
import json
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from assay.base.errors import InputError
from assay.records.metric import Array, Ints
from assay.records.runlist import FIELDS, NUMBERS, Column, RunCursor, RunFilter, RunNames, RunQuery
from assay.store.patterns import matching
from assay.store.runcolumns import PIECE, Numbers, Words

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Key = tuple[Any, int]
FEW = 12
"""A setting with more values than these is chosen by a condition, not from a list."""


class Columns(Protocol):
    """What a query reads."""

    def source(self, name: str) -> str:
        """Whether a bare name is a `param` or a `metric`."""

    def numbers(self, kind: str, name: str) -> Numbers:
        """A column of numbers."""

    def words(self, kind: str, name: str) -> Words:
        """A column of anything."""

    def number_of(self, run: str) -> int | None:
        """The number of a run."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page: numbers of runs in order, what each is ordered by, how many fit in all, and whether more follow."""

    runs: list[int]
    values: list[float | str | None]
    total: int
    more: bool


def fitting(columns: Columns, filters: Sequence[RunFilter]) -> tuple[Array, Numbers]:
    """Which run numbers fit all conditions, as an array of truth by number; and when each run was begun.

    Raises:
        InputError: a value that does not go with its operator or field.
    """
    begun = columns.numbers("field", "started")
    held = np.zeros(int(begun.runs[-1]) + 1 if len(begun.runs) else 0, bool)
    held[begun.runs] = True
    for one in filters:
        held &= _fits(columns, one, len(held))
    return held, begun


def found(columns: Columns, query: RunQuery) -> Found:
    """A page of runs: those that have what is ordered by, then the others, newest first."""
    held, begun = fitting(columns, query.filters)
    total, wanted = int(held.sum()), query.offset + query.limit + 1
    after = _after(columns, query, begun)
    runs, values = _ordered_by(columns, query.sort)
    mine = held[runs]
    runs, values = runs[mine], values[mine] if isinstance(values, np.ndarray) else _kept(values, mine)
    having = len(runs)
    first = _first(runs, values, query.descending, wanted, after if after is None or after[0] is not None else ())
    if len(first) < wanted and having < total:
        held[runs] = False
        lacking = held[begun.runs]
        beyond = None if after is None or after[0] is not None else (after[2], after[1])
        rest = _first(begun.runs[lacking], begun.values[lacking], True, wanted - len(first), beyond)
        first += [(None, run) for _, run in rest]
    page = first[query.offset : query.offset + query.limit]
    return Found([r for _, r in page], [v for v, _ in page], total, len(first) > query.offset + query.limit)


def _after(columns: Columns, query: RunQuery, begun: Numbers) -> tuple[Any, int, float] | None:
    """Value, number and begin of the run after which the page starts; one that is gone is passed by its value."""
    if query.after is None:
        return None
    number = columns.number_of(query.after.run)
    if number is None:
        return query.after.value, -1 if query.descending else 1 << 62, 0.0
    return query.after.value, number, float(begun.values[np.searchsorted(begun.runs, number)])


def _ordered_by(columns: Columns, sort: Column) -> tuple[Ints, Any]:
    """Runs that have what is ordered by, and their values: an array of numbers, or a list of texts."""
    kind = sort.source or columns.source(sort.name)
    if kind == "field" and sort.name not in NUMBERS:
        words = columns.words("field", sort.name)
        return words.runs, [words.values[i] for i in words.places.tolist()]
    held = columns.numbers(kind, sort.name)
    known = ~np.isnan(held.values)
    return held.runs[known], held.values[known]


def _kept(values: list[Any], mine: Array) -> list[Any]:
    return [values[i] for i in np.flatnonzero(mine).tolist()]


def _first(runs: Ints, values: Any, descending: bool, wanted: int, after: Any) -> list[Key]:
    """The first so many (value, run) in order, beyond a place; `()` says that none is beyond it."""
    if after == ():
        return []
    if isinstance(values, np.ndarray):
        runs, values = _beyond(runs, values, descending, after)
        if len(runs) > 4 * wanted:
            place = len(values) - wanted if descending else wanted - 1
            edge = np.partition(values, place)[place]
            near = values >= edge if descending else values <= edge
            runs, values = runs[near], values[near]
        order = np.lexsort((runs, values))[:: -1 if descending else 1][:wanted]
        return list(zip(values[order].tolist(), runs[order].tolist(), strict=True))
    pairs = zip(values, runs.tolist(), strict=True)
    if after is not None:
        beyond = operator.lt if descending else operator.gt
        pairs = (p for p in pairs if beyond((str(p[0]), p[1]), (str(after[0]), after[1])))  # type: ignore[assignment]
    return (heapq.nlargest if descending else heapq.nsmallest)(wanted, pairs)


def _beyond(runs: Ints, values: Array, descending: bool, after: Any) -> tuple[Ints, Array]:
    if after is None:
        return runs, values
    value, run = after[0], after[1]
    if isinstance(value, str):
        return runs[:0], values[:0]
    far = (values < value) if descending else (values > value)
    far |= (values == value) & ((runs < run) if descending else (runs > run))
    return runs[far], values[far]


def _fits(columns: Columns, asked: RunFilter, many: int) -> Array:
    """Which run numbers fit one condition. `!=` fits runs that do not have the name."""
    column, sign, value = asked.column, asked.operator, asked.value
    kind = column.source or columns.source(column.name)
    number = _number(value)
    numeric = column.name in NUMBERS if kind == "field" else kind != "param" or number is not None
    held = np.zeros(many, bool)
    if numeric and sign not in ("~", "=~"):
        if number is None:
            raise _no_number(asked, kind)
        known = columns.numbers(kind, column.name)
        held[known.runs[_COMPARE[sign](known.values, number)]] = True
    elif kind in ("metric", "min", "max"):
        raise _no_number(asked, kind)
    else:
        words = columns.words("field" if kind == "field" else "param", column.name)
        held[words.runs[_chosen(sign, value, list(map(_text, words.values)))[words.places]]] = True
    return ~held if sign == "!=" else held


def _chosen(sign: str, value: str, texts: list[str]) -> Array:
    """Which of the texts fit."""
    if sign == "=~":
        return matching(value, texts)
    low, compare = value.lower(), _COMPARE.get(sign)
    return np.fromiter((low in t.lower() if compare is None else compare(t, value) for t in texts), bool, len(texts))


def _text(value: Any) -> str:
    """A setting as people write it: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _no_number(asked: RunFilter, kind: str) -> InputError:
    rule = f"{asked.column.name} is a number" if kind == "field" else "a metric is compared with a number"
    fix = "--where 'seed=1'" if kind == "field" else f"--where '{asked.column.name}>0.5'"
    return InputError(f"{asked.column.name} {asked.operator} {asked.value!r:.100}", rule=rule, fix=fix)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def named(columns: Columns, filters: Sequence[RunFilter], settings: Sequence[str], metrics: Sequence[str]) -> RunNames:
    """Which of these names, and which values of settings that have few, the runs that fit have, and how many of them.

    Raises:
        InputError: a value that does not go with its operator or field.
    """
    held, _ = fitting(columns, filters)
    values = {"state": _tally(columns.words("field", "state"), _beside(columns, filters, "state", held))}
    on = {}
    for name in settings:
        words = columns.words("param", name)
        on[name] = int(held[words.runs].sum())
        if name in FIELDS:  # A condition on that name is one on the field.
            continue
        # A column keeps its values by piece: more than FEW in each cannot be few in all, and need not be counted.
        many = len(words.values) > FEW * (1 + len(held) // PIECE)
        few = {} if many else _tally(words, _beside(columns, filters, name, held))
        if 0 < len(few) <= FEW:
            values[name] = few
    logged = {name: int(held[columns.numbers("metric", name).runs].sum()) for name in metrics}
    kept = {name: n for name, n in on.items() if n}, {name: n for name, n in logged.items() if n}
    return RunNames(int(held.sum()), *kept, values)


def _beside(columns: Columns, filters: Sequence[RunFilter], name: str, held: Array) -> Array:
    """Which runs fit all conditions but those that say what `name` is: its other values can be chosen too."""
    others = [f for f in filters if f.column.name != name or f.operator not in ("=", "=~")]
    return held if len(others) == len(filters) else fitting(columns, others)[0]


def _tally(words: Words, held: Array) -> dict[str, int]:
    """Each value as a condition writes it, and on how many runs it is."""
    many = np.bincount(words.places[held[words.runs]], minlength=len(words.values)).tolist()
    found: dict[str, int] = {}
    for value, n in zip(words.values, many, strict=True):
        if n:
            found[_text(value)] = found.get(_text(value), 0) + n
    return dict(sorted(found.items()))


def cursor(page: Found, last: str) -> RunCursor | None:
    """Where the next page begins; None after the last."""
    return RunCursor(page.values[-1], last) if page.more and page.runs else None
