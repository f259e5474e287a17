"""Centred moments of every slice, from exact sums of whole numbers and of their products.

A first query takes 48 bits a value. Where that leaves some slice too few (its values are hundreds of times smaller
than the largest of the table, and some are tiny), a second one takes 96 bits as two halves whose products are summed
apart. A slice that is too small even for these has no moments. The skewness takes a pass of its own, in units
of each slice's standard deviation, where nothing cancels.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import duckdb
import numpy as np

from assay.engine.sql import name, names
from assay.engine.whole import BITS, KEPT, Scaled, centred
from assay.records.metric import Array, Floats
from assay.records.protocols import By, MomentsBy


@dataclass(frozen=True, slots=True)
class Asked:
    """A relation and the columns whose moments are wanted; rows in which one is missing are left out."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    columns: Sequence[Scaled]

    @property
    def where(self) -> str:
        """The rows that count."""
        return " AND ".join(f"{name(c.column)} IS NOT NULL" for c in self.columns)

    def fetch(self, wanted: By, measures: Sequence[str]) -> list[tuple[object, ...]]:
        """One row a slice, in the order of its values."""
        by = f"{names(wanted)}, " if wanted else ""
        tail = f" GROUP BY {names(wanted)} ORDER BY {names(wanted)}" if wanted else ""
        query = f"SELECT {by}{', '.join(measures)} FROM {self.relation} WHERE {self.where}{tail}"
        return [row for row in self.connection.execute(query).fetchall() if row[len(wanted)]]


def moments_by(asked: Asked, wanted: By) -> MomentsBy:
    """The moments of every slice of one set of slice columns."""
    columns, width = asked.columns, len(wanted)
    first, other = name(columns[0].column), name(columns[len(columns) // 2].column)
    measures = [
        "count(*)",
        " + ".join(f"count_if(NOT isfinite({name(c.column)}))" for c in columns),
        f"count_if({first} <> {other})",
        *_narrow(columns),
    ]
    found = asked.fetch(wanted, measures)
    keys = [tuple(row[:width]) for row in found]
    n, bad, nonzero = (np.array([row[width + k] for row in found], dtype=np.int64) for k in range(3))
    totals = [_ints(row[width + 3 :]) for row in found]
    shifts = [c.shift for c in columns]
    kept = [_enough(columns, int(rows), t) for rows, t in zip(n, totals, strict=True)]
    if not all(kept):
        totals, kept = _wide(asked, wanted)
        shifts = [s + BITS for s in shifts]
    size, pairs = len(columns), _pairs(columns)
    mean, comoment = np.full((len(found), size), np.nan), np.full((len(found), size, size), np.nan)
    for s in np.flatnonzero((bad == 0) & np.array(kept, dtype=bool)):
        sums, products = totals[s][:size], totals[s][size : size + len(pairs)]
        # Squares beyond the range of a double leave the slice undefined.
        with contextlib.suppress(OverflowError):
            mean[s], comoment[s] = centred(int(n[s]), sums, products, shifts, pairs)
    return MomentsBy(keys, n, mean, comoment, nonzero, _skewness(asked, wanted, n, mean, comoment))


def _pairs(columns: Sequence[Scaled]) -> list[tuple[int, int]]:
    return list(combinations_with_replacement(range(len(columns)), 2))


def _ints(row: Sequence[object]) -> list[int]:
    return [int(v) for v in row]  # type: ignore[call-overload]


def _narrow(columns: Sequence[Scaled]) -> list[str]:
    """Sums, sums of products, and the sums of absolute values that tell whether they are exact enough."""
    whole = [c.whole() for c in columns]
    return [
        *(f"sum({w})" for w in whole),
        *(f"sum({whole[i]}::HUGEINT * {whole[j]})" for i, j in _pairs(columns)),
        *(f"sum(abs({w}))" for w, c in zip(whole, columns, strict=True) if c.watched),
    ]


def _enough(columns: Sequence[Scaled], n: int, totals: Sequence[int]) -> bool:
    watched = sum(c.watched for c in columns)
    return all(t >= n << KEPT for t in totals[len(totals) - watched :])


def _wide(asked: Asked, wanted: By) -> tuple[list[list[int]], list[bool]]:
    """Sums and sums of products with twice the bits, and whether these are enough, for every slice."""
    columns = asked.columns
    high, low, m = [c.whole() for c in columns], [c.rest() for c in columns], len(columns)
    parts = ["count(*)", *(f"sum({h})" for h in high), *(f"sum({v})" for v in low)]
    for i, j in _pairs(columns):
        parts += [
            f"sum({high[i]}::HUGEINT * {high[j]})",
            f"sum({high[i]}::HUGEINT * {low[j]} + {low[i]}::HUGEINT * {high[j]})",
            f"sum({low[i]}::HUGEINT * {low[j]})",
        ]
    for h, v, c in zip(high, low, columns, strict=True):
        # The two halves of a value can differ in sign.
        parts += [f"sum(abs({h}))", f"sum(CASE WHEN {h} < 0 THEN -{v} WHEN {h} > 0 THEN {v} ELSE abs({v}) END)"]
        parts.append(f"count_if({name(c.column)} <> 0)")
    totals, kept = [], []
    for row in asked.fetch(wanted, parts):
        each = _ints(row[len(wanted) + 1 :])
        sums = [(h << BITS) + v for h, v in zip(each[:m], each[m : 2 * m], strict=True)]
        tail = len(each) - 3 * m
        products = [
            (hh << 2 * BITS) + (hl << BITS) + ll
            for hh, hl, ll in zip(*(each[2 * m + k : tail : 3] for k in range(3)), strict=True)
        ]
        totals.append(sums + products)
        size = zip(*(each[tail + k :: 3] for k in range(3)), strict=True)
        kept.append(all((h << BITS) + v >= some << KEPT for h, v, some in size))
    return totals, kept


def _skewness(asked: Asked, wanted: By, n: Array, mean: Floats, comoment: Floats) -> Floats:
    """Skewness [S, 3] of the first column, of the column half-way, and of the latter minus the former.

    It is 0 without variance, and NaN where there are no moments.

    Deviations are taken in standard deviations, cubed as doubles and summed as whole numbers: elementwise arithmetic
    and an exact sum, so that the order does not matter.
    """
    half = comoment.shape[-1] // 2
    first, other, both = comoment[:, 0, 0], comoment[:, half, half], comoment[:, 0, half]
    with np.errstate(divide="ignore", invalid="ignore"):
        var = np.stack([first, other, first - 2 * both + other], axis=1) / n[:, None]
        # Below this, what is left of the variance of a difference is rounding.
        noise = np.stack([0 * first, 0 * first, 1e-14 * (first + other)], axis=1) / n[:, None]
        scale = np.where(var > noise, 1 / np.sqrt(var), 0.0)
        scale[~np.isfinite(scale)] = 0.0
    result = np.where(np.isnan(var), np.nan, 0.0)
    places = np.flatnonzero(scale.any(axis=1))
    if len(places):
        centre = np.stack([mean[:, 0], mean[:, half], mean[:, half] - mean[:, 0]], axis=1)
        # A cubed deviation of n is at most n^1.5, and all of them sum to no more.
        shift = 61 - math.ceil(1.5 * math.log2(n.max()))
        result[places] = _cubes(asked, wanted, places, centre, scale, shift)[places] / n[places, None]
    return result


def _cubes(asked: Asked, wanted: By, places: Array, centre: Floats, scale: Floats, shift: int) -> Floats:
    """Sums [S, 3] of cubed standardised deviations, to so many bits, for the slices at some places of the order."""
    con, columns = asked.connection, asked.columns
    first, other = name(columns[0].column), name(columns[len(columns) // 2].column)
    table = {"assay_place": places.astype(np.int64)}
    for k in range(3):
        table |= {f"assay_m{k}": centre[places, k], f"assay_k{k}": scale[places, k]}
    con.register("assay_slices_py", table)
    by = f"{names(wanted)}, " if wanted else ""
    tail = f" GROUP BY {names(wanted)}" if wanted else " HAVING count(*) > 0"
    order = f"row_number() OVER ({f'ORDER BY {names(wanted)}' if wanted else ''}) - 1"
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE assay_slices AS SELECT * FROM (SELECT {by}{order} AS assay_place FROM "
        f"{asked.relation} WHERE {asked.where}{tail}) JOIN assay_slices_py USING (assay_place)"
    )
    con.unregister("assay_slices_py")
    on = " AND ".join(f"r.{name(c)} IS NOT DISTINCT FROM s.{name(c)}" for c in wanted) or "TRUE"
    values = (f"r.{first}", f"r.{other}", f"(r.{other} - r.{first})")
    deviations = ", ".join(f"({v} - assay_m{k}) * assay_k{k} AS d{k}" for k, v in enumerate(values))
    sums = ", ".join(f"sum(round(d{k} * d{k} * d{k} * {2.0**shift!r})::BIGINT)::DOUBLE" for k in range(3))
    where = " AND ".join(f"r.{name(c.column)} IS NOT NULL" for c in columns)
    found = con.execute(
        f"SELECT assay_place, {sums} FROM (SELECT assay_place, {deviations} FROM {asked.relation} r "
        f"JOIN assay_slices s ON {on} WHERE {where}) GROUP BY assay_place"
    ).fetchall()
    con.execute("DROP TABLE assay_slices")
    result = np.zeros((len(scale), 3))
    for place, *cubes in found:
        result[place] = np.array(cubes) * 2.0**-shift
    return result
