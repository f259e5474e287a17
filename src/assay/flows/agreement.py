"""Ratings become measures of agreement: read, check, infer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.errors import AlignmentError, InputError
from assay.base.numeric import check_squares
from assay.base.progress import Progress
from assay.base.wording import counted
from assay.data.columns import filled, require
from assay.records.agreement import Agreement
from assay.records.metric import Array, Ints
from assay.records.protocols import Engine, Member, Table
from assay.records.sample import GROUPS, Design
from assay.stats.agreement import SCALES, Ratings, Scale, effective, pairable
from assay.stats.estimates import estimate
from assay.stats.raters import MEASURES, Measure, infer_agreement

NUMERIC = ("number", "integer", "boolean")


@dataclass(frozen=True, slots=True)
class RatingColumns:
    """Where the ratings are.

    Attributes:
        item: The column of what is rated.
        ratings: One column of ratings beside `rater`, or a column for each rater.
        rater: The column of who rates; empty where each rater has a column.
        unit: The column of what was sampled; empty for the item.
    """

    item: str
    ratings: tuple[str, ...]
    rater: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """Ratings as they were found.

    Attributes:
        units: Units, and effective units.
        clustered: Whether a unit can hold several items.
    """

    ratings: Ratings
    items: int
    raters: int
    units: int
    effective_units: float
    clustered: bool


def agreement(
    engine: Engine,
    table: Table,
    columns: RatingColumns,
    measures: Sequence[Measure],
    scale: Scale,
    level: float,
    progress: Progress,
) -> tuple[Read, tuple[Agreement, ...]]:
    """Every measure of the ratings of a table.

    Raises:
        AssayError: columns that are missing, an item that a rater rates twice, ratings that the scale does not take.
    """
    _check(table, columns, measures, scale)
    progress.step("read", 1)
    read = _read(engine, table, columns, scale)
    progress.step("infer", len(measures))
    shape = _design(read)
    found = []
    for measure in measures:
        made = estimate(infer_agreement(measure, read.ratings, scale), shape, level=level)
        found.append(Agreement(measure, MEASURES[measure], made))
        progress.advance()
    return read, tuple(found)


def _design(read: Read) -> Design:
    """Units are those with ratings that count, where each has a group of its own."""
    kept = pairable(read.ratings)
    rows = np.bincount(kept.group, minlength=kept.groups).astype(float)
    if read.units > GROUPS:
        return Design(kept.item.size, read.units, read.effective_units, read.clustered)
    return Design(kept.item.size, int(np.count_nonzero(rows)), effective(rows), read.clustered)


def _check(table: Table, columns: RatingColumns, measures: Sequence[Measure], scale: str) -> None:
    require(table, [columns.item], "the item")
    require(table, columns.ratings, "a rating")
    require(table, [c for c in (columns.rater,) if c], "the rater")
    require(table, [c for c in (columns.unit,) if c], "the unit")
    if scale not in SCALES:
        raise InputError(f"the scale is {scale!r}", rule=f"it is one of {', '.join(SCALES)}", fix="--scale nominal")
    for measure in measures:
        if measure not in MEASURES:
            raise InputError(
                f"unknown measure {measure!r}", rule=f"it is one of {', '.join(MEASURES)}", fix="--measure krippendorff"
            )
    wide = len(columns.ratings) > 1
    if wide == bool(columns.rater):
        raise InputError(
            "a column of raters and several columns of ratings" if wide else "who rates is not said",
            rule="either a column of ratings and one of raters, or a column of ratings for each rater",
            fix="--rating COLUMN --rater COLUMN, or --rating A --rating B",
        )
    kinds = {c: "number" if table.columns[c] in NUMERIC else table.columns[c] for c in columns.ratings}
    if len(set(kinds.values())) > 1:
        said = ", ".join(f"{kind} in {column!r}" for column, kind in kinds.items())
        raise InputError(
            f"the ratings have mixed types: {said}",
            rule="all raters use the same values",
            fix="convert the columns to one type",
            where=table.source,
        )
    text = [c for c in columns.ratings if table.columns[c] not in NUMERIC]
    if text and scale != "nominal":
        raise InputError(
            f"the ratings in {text[0]!r} are {table.columns[text[0]]}",
            rule=f"a scale that is {scale} needs numbers",
            fix="code them as numbers in their order, or --scale nominal",
            where=table.source,
        )


def _read(engine: Engine, table: Table, columns: RatingColumns, scale: str) -> Read:
    keys = (columns.item, columns.rater) if columns.rater else (columns.item,)
    named = [*keys, *([columns.unit] if columns.unit else [])]
    filled(engine, table, named, "every rating says what is rated and by whom", "fill or drop these rows")
    many, example = engine.duplicates(table, keys)
    if many:
        said = ", ".join(f"{k}={v}" for k, v in zip(keys, example, strict=True))
        raise AlignmentError(
            f"{counted(many, 'row')} {'repeats' if many == 1 else 'repeat'} a rating, first {said}",
            rule="a rater rates an item once",
            fix="drop the repeats, or make the occasion part of the item",
            where=table.source,
        )
    arms = tuple((f"a{i}", c, None) for i, c in enumerate(columns.ratings))
    joined = engine.join([Member(table, keys, {"u": columns.unit} if columns.unit else {}, arms)])
    grouped, units, effective, largest = engine.groups(joined, ("u",) if columns.unit else ("k0",), GROUPS)
    order = [f"k{i}" for i in range(len(keys))]
    rows = engine.rows(grouped, [*order, *(name for name, *_ in arms), "g"], order)
    return _coded(rows, columns, scale, Read(_NONE, 0, 0, units, effective, bool(columns.unit) and largest > 1))


_EMPTY = np.zeros(0, dtype=np.int64)
_NONE = Ratings(_EMPTY, _EMPTY, _EMPTY, np.zeros(0), _EMPTY)


def _coded(rows: dict[str, Array], columns: RatingColumns, scale: str, read: Read) -> Read:
    item, group = _codes(rows["k0"])[1], np.asarray(rows["g"], dtype=np.int64)
    each = [rows[f"a{i}"] for i in range(len(columns.ratings))]
    if columns.rater:
        rater = _codes(rows["k1"])[1]
        values = each[0]
    else:
        rater = np.repeat(np.arange(len(each)), item.size)
        missing = np.concatenate([np.ma.getmaskarray(v) for v in each])
        values = np.ma.masked_array(np.concatenate([np.ma.getdata(v) for v in each]), mask=missing)
        item, group = np.tile(item, len(each)), np.tile(group, len(each))
    held = ~np.ma.getmaskarray(values)
    if values.dtype.kind == "f":
        # What pandas writes for a rating that was not given.
        held &= ~np.isnan(np.ma.getdata(values))
    levels, level = _codes(np.ma.getdata(values)[held])
    if levels.dtype.kind == "f" and not np.isfinite(levels).all():
        raise InputError("a rating is infinite", rule="ratings are finite", fix="leave it empty, or correct it")
    if scale != "nominal":
        check_squares(np.asarray(levels, dtype=float), "a rating")
    numbers = np.arange(len(levels), dtype=float) if scale == "nominal" else np.asarray(levels, dtype=float)
    item, rater, group = item[held], rater[held], group[held]
    first = np.full(int(item.max(initial=-1)) + 1, -1)
    first[item] = group
    if np.any(first[item] != group):
        raise AlignmentError(
            f"an item has ratings in two values of the unit {columns.unit!r}",
            rule="a unit is what was sampled: it holds whole items",
            fix="correct the unit, or name another --unit",
        )
    ratings = Ratings(_codes(item)[1], _codes(rater)[1], level, numbers, _codes(group)[1])
    return Read(
        ratings,
        int(np.unique(item).size),
        int(np.unique(rater).size),
        read.units,
        read.effective_units,
        read.clustered,
    )


def _codes(values: Array) -> tuple[Any, Ints]:
    """The distinct values, sorted, and the place of each."""
    levels, place = np.unique(np.ma.getdata(values), return_inverse=True)
    return levels, np.asarray(place, dtype=np.int64)
