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
        rows: One a group.
    """

    codes: Mapping[str, Ints]
    levels: Mapping[str, list[Any]]
    rows: Ints


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
    crosses: Sequence[Mapping[str, str]],
    groups: int,
    where: str,
    places: Mapping[str, Place] | None = None,
    most: int | None = None,
) -> list[Counted] | None:
    """Count rows by every cross of columns, then number the levels of each column on the result.

    Args:
        crosses: Each the name of a group column -> its expression.
        groups: Groups of units, by column `g`; 0 without.
        where: A condition, or nothing.
        places: What `placed` says of all columns, where there are groups of units.
        most: Groups of a cross beyond which there is no result.
    """
    tail = f" FROM {relation}{f' WHERE {where}' if where else ''}"
    if places is not None:
        keyed = [{c: places[c] for c in columns} for columns in crosses]
        if all(_size(each, groups) < LARGEST_KEY for each in keyed):
            return _by_key(connection, keyed, groups, tail)
    counted = []
    for columns in crosses:
        made = _by_columns(connection, columns, groups, tail, most)
        if made is None:
            return None
        counted.append(made)
    return counted


def _by_columns(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, str], groups: int, tail: str, most: int | None
) -> Counted | None:
    parts = [f"{e} AS {name(c)}" for c, e in columns.items()] + ["g" if groups else "0 AS g"]
    limit = "" if most is None else f" LIMIT {most + 1}"
    found = connection.execute(f"SELECT {', '.join(parts)}, count(*) AS n{tail} GROUP BY ALL{limit}").fetchnumpy()
    if most is not None and len(found["n"]) > most:
        return None
    levels, codes = {}, {}
    for c in columns:
        levels[c], codes[c] = numbered(found[c])
    codes[GROUP] = np.asarray(found[GROUP], dtype=np.int64)
    return Counted(codes, levels, np.asarray(found["n"], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Place:
    """A column of few levels: the expression of a row's place among them, and the levels, missing last."""

    expression: str
    levels: list[Any]


def placed(connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[str, str]) -> dict[str, Place] | None:
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


def _place(connection: duckdb.DuckDBPyConnection, relation: str, e: str, kind: str) -> Place | None:
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
        return Place(f"coalesce({place}, {len(values)})", [*values, None])
    return Place(place, values)


def _size(places: Mapping[str, Place], groups: int) -> int:
    return groups * math.prod(len(p.levels) for p in places.values())


def _by_key(
    connection: duckdb.DuckDBPyConnection, crosses: Sequence[Mapping[str, Place]], groups: int, tail: str
) -> list[Counted]:
    """One whole number names the group: an array or a narrow hash table instead of a wide one.

    The keys of several crosses are written down first, so that a unit's group is computed once a row.
    """
    keys = []
    for i, places in enumerate(crosses):
        size = _size(places, groups)
        key, kind = "0::INTEGER", "USMALLINT" if size <= 1 << 16 else "INTEGER"
        for place in places.values():
            key = f"({key} * {len(place.levels)} + ({place.expression})::INTEGER)"
        # Of a column that is read in place, a list of constants tells the planner the range.
        group = _from_list(groups, "g + 1") if 1 << 16 < size <= LARGEST_ARRAY and len(crosses) == 1 else "g"
        keys.append(f"({key} * {groups} + {group})::{kind} AS key{i}")
    source = f"(SELECT {', '.join(keys)}{tail})"
    if len(crosses) > 1:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE assay_keys AS {source}")
        source = "assay_keys"
    counted = []
    for i, places in enumerate(crosses):
        found = connection.execute(f"SELECT key{i} AS place, count(*) AS n FROM {source} GROUP BY ALL").fetchnumpy()
        sizes = (*(len(p.levels) for p in places.values()), groups)
        placed = np.asarray(found["place"], dtype=np.int64)
        codes = dict(zip([*places, GROUP], np.unravel_index(placed, sizes), strict=True))
        levels = {c: p.levels for c, p in places.items()}
        counted.append(Counted(codes, levels, np.asarray(found["n"], dtype=np.int64)))
    connection.execute("DROP TABLE IF EXISTS assay_keys")
    return counted


def _from_list(many: int, position: str) -> str:
    return f"({list(range(many))}::INTEGER[])[{position}]"


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
    return Counted(codes, {c: counted.levels[c] for c in columns}, np.zeros(len(keys), dtype=np.int64)), place


def _distinct(flat: Ints, size: int) -> tuple[Ints, Ints]:
    """The distinct values among 0..size - 1, sorted, and the place of each; by counting where that is cheap."""
    if size > 4 * len(flat) + (1 << 16):
        present, place = np.unique(flat, return_inverse=True)
        return present, place
    held = np.bincount(flat, minlength=size) > 0
    return np.flatnonzero(held), (np.cumsum(held) - 1)[flat]
