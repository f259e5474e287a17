"""What `runs compare` reads of the index: runs that fit, by group, with the metrics that are asked for, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from assay.records.metric import Array, Floats, Ints
from assay.records.runlist import SEEDS, Column, RunFilter, RunTable
from assay.store import runquery
from assay.store.runcolumns import Words


class Columns(runquery.Columns, Protocol):
    """What is read."""

    def names(self, kind: str) -> list[str]:
        """Every name of a kind."""


AGAIN = "reproduced"


def gathered(
    columns: Columns,
    filters: Sequence[RunFilter],
    by: Sequence[Column],
    metrics: Sequence[Column],
    alone: Sequence[RunFilter] = (),
) -> RunTable:
    """Runs that fit, newest first, grouped by settings or fields, or by all that tells runs apart but their seed.

    Args:
        alone: What runs fit that are no repetitions of others; the others are told apart from them.

    Raises:
        InputError: a value that does not go with its operator or field.
    """
    held, begun = runquery.fitting(columns, filters)
    mine = held[begun.runs]
    runs, started = begun.runs[mine], begun.values[mine]
    order = np.lexsort((runs, started))[::-1]
    runs = runs[order]
    held_by = [_aligned(columns.words(c.source, c.name), len(held))[runs] for c in by]
    codes = held_by or [_aligned(columns.words("field", "config"), len(held))[runs]]
    groups, first = _numbered(codes)
    own = runquery.fitting(columns, alone)[0][runs]
    first = _first_own(groups, first, own)
    values = [_metric(columns, metric, len(held)) for metric in metrics]
    return RunTable(
        ids=_values(columns.words("field", "id"), runs, len(held)),
        seeds=_values(columns.words("field", "seed"), runs, len(held)),
        groups=groups,
        settings=_settings(columns, by, runs[first], len(held)),
        values=tuple(value[runs] for value, _ in values),
        has=tuple(has[runs] for _, has in values),
        states=_states(columns, own, runs, len(held)),
    )


def _first_own(groups: Ints, first: Ints, own: Array) -> Ints:
    """Of each group the first run that is no repetition, which says what the group is; else the first of all."""
    found, places = first.copy(), np.flatnonzero(own)[::-1]
    found[groups[places]] = places
    return found


def _states(columns: Columns, own: Array, runs: Ints, many: int) -> list[str]:
    states = _values(columns.words("field", "state"), runs, many)
    for i in np.flatnonzero(~own).tolist():
        states[i] = AGAIN
    return states


def _aligned(words: Words, many: int) -> Ints:
    """A number for each run's value, the same for the same value; 0 for those that have none."""
    known: dict[Any, int] = {(type(None), "None"): 0}
    unique = [known.setdefault((type(v), repr(v)), len(known)) for v in words.values]
    found = np.zeros(many, np.int64)
    if len(words.runs):
        found[words.runs] = np.asarray(unique, np.int64)[words.places]
    return found


def _numbered(codes: Sequence[Ints]) -> tuple[Ints, Ints]:
    """Groups of what is alike in all codes, numbered by first appearance, and where each appears first."""
    joined = codes[0]
    for code in codes[1:]:
        joined = np.unique(joined, return_inverse=True)[1] * (int(code.max(initial=0)) + 1) + code
    _, first, inverse = np.unique(joined, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[inverse], first[order]


def _values(words: Words, runs: Ints, many: int) -> list[Any]:
    found = np.full(many, len(words.values), np.int64)
    found[words.runs] = words.places
    # Values are taken as objects: a list of a setting's is one value, and a hundred thousand ids are quick.
    held = np.empty(len(words.values) + 1, object)
    held[:-1] = words.values
    taken: list[Any] = held[found[runs]].tolist()
    return taken


def _settings(columns: Columns, by: Sequence[Column], first: Ints, many: int) -> dict[str, list[Any]]:
    """What is grouped by; where nothing is, what differs between groups but the seed.

    That is the experiment, the settings, and the command where these do not tell all groups apart.
    """
    if by:
        return {c.name: _values(columns.words(c.source, c.name), first, many) for c in by}
    made: dict[str, list[Any]] = {}
    codes = []
    named = [("field", "experiment"), *(("param", name) for name in columns.names("param") if name not in SEEDS)]
    for kind, name in named:
        words = columns.words(kind, name)
        code = _aligned(words, many)[first]
        if len(code) and (code != code[0]).any():
            made[name] = _values(words, first, many)
            codes.append(code)
    if len(first) > 1 and (not codes or len(_numbered(codes)[1]) < len(first)):
        made["command"] = _values(columns.words("field", "command"), first, many)
    return made


def _metric(columns: Columns, metric: Column, many: int) -> tuple[Floats, Array]:
    held = columns.numbers(metric.source if metric.source in ("min", "max") else "metric", metric.name)
    values, has = np.full(many, np.nan), np.zeros(many, bool)
    values[held.runs], has[held.runs] = held.values, True
    return values, has
