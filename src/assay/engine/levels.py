"""One group-by at a fine cross, as small integer codes, and its roll-up in NumPy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from assay.engine.sql import INTEGERS, literal, name
from assay.records.metric import Array, Ints
from assay.records.protocols import By

GROUP = "g"
FINEST = 400_000
SHORT = 1_000
LARGEST_KEY = 1 << 31
LARGEST_ARRAY = 1 << 21
"""Keys up to it are grouped in an array (`perfect_ht_threshold` of the connection), where their range is known."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A group-by's result.

    Attributes:
        codes: For every group column the code of its level, one a group.
        levels: For every group column its levels, sorted, missing last.
        values: The measures, as doubles (counts are exact below 2^53).
    """

    codes: Mapping[str, Ints]
    levels: Mapping[str, list[Any]]
    values: Mapping[str, Array]


def covering(sets: Sequence[By], sizes: Mapping[str, int], groups: int) -> dict[By, list[By]]:
    """Which group-bys to run, and which of the wanted sets each one answers by rolling up.

    A cross of everything where it stays small; else each set that no larger one contains.
    """
    everything = tuple(dict.fromkeys(c for s in sets for c in s))
    if math.prod(sizes[c] for c in everything) * max(groups, 1) <= FINEST:
        return {everything: list(sets)}
    plan: dict[By, list[By]] = {}
    for wanted in sorted(sets, key=len, reverse=True):
        holder = next((w for w in plan if set(wanted) <= set(w)), None)
        plan.setdefault(holder if holder is not None else wanted, []).append(wanted)
    return plan


def count_groups(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Mapping[str, str],
    measures: Mapping[str, str],
    groups: int,
    where: str,
) -> Counted:
    """Group once, then number the levels of every column on the result.

    Args:
        columns: Name of a group column -> its expression.
        measures: Name of a measure -> its aggregate.
        groups: Groups of units, by column `g`; 0 without.
        where: A condition, or nothing.
    """
    places = _places(connection, relation, columns) if groups else None
    tail = f" FROM {relation}{f' WHERE {where}' if where else ''} GROUP BY ALL"
    asked = ", ".join(f"({m})::DOUBLE AS {name(k)}" for k, m in measures.items())
    if places is not None and groups * math.prod(len(p.levels) for p in places.values()) < LARGEST_KEY:
        return _by_key(connection, places, asked, groups, tail)
    parts = [f"{e} AS {name(c)}" for c, e in columns.items()] + ["g" if groups else "0 AS g"]
    found = connection.execute(f"SELECT {', '.join(parts)}, {asked}{tail}").fetchnumpy()
    levels, codes = {}, {}
    for c in columns:
        levels[c], codes[c] = numbered(found[c])
    codes[GROUP] = np.asarray(found[GROUP], dtype=np.int64)
    # Sums over groups must not depend on the order in which the engine returns them.
    order = np.lexsort(tuple(codes.values()))
    return Counted(
        {c: v[order] for c, v in codes.items()}, levels, {k: np.ma.filled(found[k], 0.0)[order] for k in measures}
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A column of few levels: the expression of a row's place among them, and the levels, missing last."""

    expression: str
    levels: list[Any]


def _places(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[str, str]
) -> dict[str, _Place] | None:
    """Every column as a small whole number; None where one is no text, label or narrow range of whole numbers."""
    if not columns:
        return {}
    kinds = connection.execute(f"DESCRIBE SELECT {', '.join(columns.values())} FROM {relation}").fetchall()
    result = {}
    for (c, e), kind in zip(columns.items(), kinds, strict=True):
        found = _place(connection, relation, e, kind[1])
        if found is None or len(found.levels) > SHORT:
            return None
        result[c] = found
    return result


def _place(connection: duckdb.DuckDBPyConnection, relation: str, e: str, kind: str) -> _Place | None:
    if kind in INTEGERS:
        query = f"SELECT count(*) > count({e}), min({e}), max({e}) FROM {relation}"
        missing, least, most = connection.execute(query).fetchone() or (False, None, None)
        values: list[Any] = [] if least is None else list(range(least, min(most, least + SHORT) + 1))
        place = f"({e} - {least or 0})"
    elif kind in ("VARCHAR", "BOOLEAN"):
        query = f"SELECT DISTINCT {e} FROM {relation} LIMIT {SHORT + 1}"
        held = [row[0] for row in connection.execute(query).fetchall()]
        missing, values = None in held, sorted(v for v in held if v is not None)
        # Taken from a list of constants, the place has a range that the planner knows.
        place = _from_list(len(values), f"list_position([{', '.join(literal(v) for v in values)}]::{kind}[], {e})")
    else:
        return None
    if missing:
        return _Place(f"coalesce({place}, {len(values)})", [*values, None])
    return _Place(place, values)


def _by_key(
    connection: duckdb.DuckDBPyConnection, places: Mapping[str, _Place], asked: str, groups: int, tail: str
) -> Counted:
    """One whole number names the group: an array or a narrow hash table instead of a wide one."""
    key = "0::INTEGER"
    for place in places.values():
        key = f"({key} * {len(place.levels)} + ({place.expression})::INTEGER)"
    sizes = (*(len(p.levels) for p in places.values()), groups)
    size = math.prod(sizes)
    kind = "USMALLINT" if size <= 1 << 16 else "INTEGER"
    group = _from_list(groups, "g + 1") if 1 << 16 < size <= LARGEST_ARRAY else "g"
    found = connection.execute(f"SELECT ({key} * {groups} + {group})::{kind} AS place, {asked}{tail}").fetchnumpy()
    placed = np.asarray(found.pop("place"), dtype=np.int64)
    order = _sorting(placed, size)
    codes = dict(zip([*places, GROUP], np.unravel_index(placed[order], sizes), strict=True))
    return Counted(
        codes,
        {c: p.levels for c, p in places.items()},
        {k: np.ma.filled(v, 0.0)[order] for k, v in found.items()},
    )


def _from_list(many: int, position: str) -> str:
    return f"({list(range(many))}::INTEGER[])[{position}]"


def _sorting(distinct: Ints, size: int) -> Ints:
    """The order that sorts distinct values among 0..size - 1; by their places in an array where that is cheap."""
    if size > LARGEST_ARRAY:
        return np.argsort(distinct)
    places = np.full(size, -1, dtype=np.int64)
    places[distinct] = np.arange(len(distinct))
    return places[places >= 0]


def numbered(values: Array) -> tuple[list[Any], Ints]:
    """The levels of a column, sorted, missing last, and the level of every value."""
    missing = np.ma.getmaskarray(values)
    held = np.ma.getdata(values)
    if held.dtype != object:
        found, codes = np.unique(held[~missing], return_inverse=True)
        levels = found.tolist()
    else:
        levels = sorted(set(held[~missing]))
        place = {v: i for i, v in enumerate(levels)}
        codes = np.array([place[v] for v in held[~missing]], dtype=np.int64)
    every = np.full(len(held), len(levels), dtype=np.int64)
    every[~missing] = codes
    return [*levels, None] if missing.any() else levels, every


def roll_up(counted: Counted, columns: By) -> tuple[list[tuple[Any, ...]], Ints]:
    """The distinct value tuples of some group columns, sorted, and for every group the position of its tuple."""
    any_column = next(iter(counted.codes.values()))
    if not columns:
        return ([()] if len(any_column) else []), np.zeros(len(any_column), dtype=np.int64)
    sizes = tuple(max(len(counted.levels[c]), 1) for c in columns)
    flat = np.ravel_multi_index(tuple(counted.codes[c] for c in columns), sizes)
    present, place = _distinct(flat, math.prod(sizes))
    positions = np.unravel_index(present, sizes)
    keys = [
        tuple(counted.levels[c][int(p)] for c, p in zip(columns, row, strict=True))
        for row in zip(*positions, strict=True)
    ]
    return keys, np.asarray(place, dtype=np.int64)


def combine(counted: Counted, columns: By) -> tuple[Counted, Ints]:
    """The distinct value tuples of some group columns as groups of their own, without measures, and every group's."""
    keys, place = roll_up(counted, columns)
    first = np.zeros(len(keys), dtype=np.int64)
    first[place] = np.arange(len(place))
    codes = {c: counted.codes[c][first] for c in columns}
    codes[GROUP] = np.zeros(len(keys), dtype=np.int64)
    return Counted(codes, {c: counted.levels[c] for c in columns}, {}), place


def _distinct(flat: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct values among 0..size - 1, sorted, and the place of each; by counting where that is cheap."""
    if size > 4 * len(flat) + (1 << 16):
        present, place = np.unique(flat, return_inverse=True)
        return present, place
    held = np.bincount(flat, minlength=size) > 0
    return np.flatnonzero(held), (np.cumsum(held) - 1)[flat]
