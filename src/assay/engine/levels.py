"""One group-by at a fine cross, as small integer codes, and its roll-up in NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from assay.engine.sql import name
from assay.records.metric import Array, Ints
from assay.records.protocols import By

GROUP = "g"
FINEST = 400_000


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
    fresh: Callable[[str], str],
    relation: str,
    by: By,
    outcomes: Mapping[str, str],
    measures: Mapping[str, str],
    grouped: bool,
    where: str,
) -> Counted:
    """Group once, then number the levels of every column on the small result."""
    columns = {**{c: name(c) for c in by}, **outcomes}
    parts = [f"{e} AS {name(c)}" for c, e in columns.items()]
    parts.append("g" if grouped else "0 AS g")
    parts += [f"{m} AS {name(k)}" for k, m in measures.items()]
    condition = f" WHERE {where}" if where else ""
    result = fresh("cells")
    connection.execute(
        f"CREATE TEMP TABLE {result} AS SELECT {', '.join(parts)} FROM {relation}{condition} GROUP BY ALL"
    )
    levels: dict[str, list[Any]] = {}
    joins, selects = "", []
    for i, c in enumerate(columns):
        query = f"SELECT DISTINCT {name(c)} AS v FROM {result} ORDER BY v NULLS LAST"
        levels[c] = [row[0] for row in connection.execute(query).fetchall()]
        joins += f" JOIN (SELECT v, row_number() OVER (ORDER BY v NULLS LAST) - 1 AS code FROM ({query})) l{i}"
        joins += f" ON c.{name(c)} IS NOT DISTINCT FROM l{i}.v"
        selects.append(f"l{i}.code AS {name(c)}")
    selects += ["c.g::BIGINT AS g", *(f"c.{name(k)}::DOUBLE AS {name(k)}" for k in measures)]
    order = ", ".join(str(i + 1) for i in range(len(columns) + 1))
    found = connection.execute(f"SELECT {', '.join(selects)} FROM {result} c{joins} ORDER BY {order}").fetchnumpy()
    connection.execute(f"DROP TABLE {result}")
    codes = {c: np.asarray(found[c], dtype=np.int64) for c in [*columns, GROUP]}
    return Counted(codes, levels, {k: np.ma.filled(found[k], 0.0) for k in measures})


def roll_up(counted: Counted, columns: By) -> tuple[list[tuple[Any, ...]], Ints]:
    """The distinct value tuples of some group columns, sorted, and for every group the position of its tuple."""
    any_column = next(iter(counted.codes.values()))
    if not columns:
        return ([()] if len(any_column) else []), np.zeros(len(any_column), dtype=np.int64)
    sizes = tuple(max(len(counted.levels[c]), 1) for c in columns)
    flat = np.ravel_multi_index(tuple(counted.codes[c] for c in columns), sizes)
    present, place = np.unique(flat, return_inverse=True)
    positions = np.unravel_index(present, sizes)
    keys = [
        tuple(counted.levels[c][int(p)] for c, p in zip(columns, row, strict=True))
        for row in zip(*positions, strict=True)
    ]
    return keys, np.asarray(place, dtype=np.int64)
