"""What stages ask of an engine: to shape tables, and five aggregations. The engine never knows a metric."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from assay.records.metric import Array, Floats, Ints

Kind = Literal["integer", "number", "text", "boolean", "time", "list", "other"]
By = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A relation inside an engine: a handle, never the rows.

    Attributes:
        name: What the engine calls it.
        source: What the user calls it (a file name, `dataframe`).
        columns: Column names with their kinds, in order.
    """

    name: str
    source: str
    columns: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Cut:
    """A label made from a score: `score >= threshold`; without a threshold the column as it is."""

    column: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """When a label is right, and in which rows that is asked.

    Attributes:
        positive: The class that is told from all others; None where every class is told apart.
        among: True asks only rows whose target is the positive class, False only the others, None all.
        absent: Whether a row without a prediction is wrong; otherwise it is left out.
    """

    positive: Any = None
    among: bool | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column at a glance. `least` and `most` ignore missing values."""

    rows: int
    missing: int
    nan: int
    infinite: int
    least: Any
    most: Any


@dataclass(frozen=True, slots=True)
class Member:
    """One table on its way into a join.

    Attributes:
        table: The relation.
        keys: Its key columns, in the join's order.
        shared: Output name -> column, for what all tables should agree on (target, unit, slices); first one there wins.
        seed: The column of the seed; empty where there is one row a key.
        arms: (output name, column, seed value) for every prediction column to bring.
    """

    table: Table
    keys: By
    shared: Mapping[str, str]
    arms: tuple[tuple[str, str, Any], ...]
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """One baseline and one candidate in a joined table: their presence columns and all their arms."""

    here_baseline: str
    here_candidate: str
    arms: By


@dataclass(frozen=True, slots=True)
class PairCount:
    """Rows that both have and score, that only one has, that both have but one did not score."""

    rows: int
    missing_in_baseline: int
    missing_in_candidate: int
    unscored: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What a joined table holds: rows, rows without target or unit, rows flagged as changed between files, by pair."""

    rows: int
    no_target: int
    no_unit: int
    flags: Mapping[str, int]
    pairs: tuple[PairCount, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Counts of outcome patterns: for each slice (a tuple of values), group of units and pattern of raw outcomes.

    Attributes:
        keys: [S] slices, sorted, missing values last.
        patterns: [P] outcomes, tuples of raw values.
        counts: [S, G, P] rows; G is 1 without groups.
    """

    keys: list[tuple[Any, ...]]
    patterns: list[tuple[Any, ...]]
    counts: Ints


@dataclass(frozen=True, slots=True)
class Sums:
    """Exact sums: `keys` as in Patterns, `n` [S, G], `sums` [S, G, c]; NaN where a score is not finite."""

    keys: list[tuple[Any, ...]]
    n: Ints
    sums: Floats


@dataclass(frozen=True, slots=True)
class MomentsBy:
    """Centred moments: `n` [S], `mean` [S, c], `comoment` [S, c, c].

    `nonzero` [S] counts rows whose first column differs from the column half-way, the same score of the other model.
    `skewness` [S, 3] is that of the first column, of the column half-way, and of the latter minus the former:
    m3 / m2^1.5 with sums over n; 0 without variance. NaN where a score is not finite, or all are too small beside the
    largest.
    """

    keys: list[tuple[Any, ...]]
    n: Ints
    mean: Floats
    comoment: Floats
    nonzero: Ints
    skewness: Floats


class Engine(Protocol):
    """The operations that DuckDB, Spark or a warehouse implement alike."""

    def scan(self, path: Path, form: str) -> Table:
        """Open a file of the form `.parquet`, `.csv`, `.tsv`, `.jsonl` or `.trec`."""

    def as_text(self, table: Table, columns: Sequence[str]) -> Table:
        """The table with columns of whole numbers as text; those of a text file as they stand in the file."""

    def register(self, data: Any, source: str) -> Table:
        """Take a table in memory: pandas, polars, Arrow, or a mapping of names to arrays."""

    def profile(self, table: Table, columns: Sequence[str]) -> dict[str, ColumnProfile]:
        """Missing, NaN, infinite, least and most of some columns, in one pass."""

    def distinct(self, table: Table, column: str, most: int) -> list[Any]:
        """The distinct values of a column, sorted, no more than `most` + 1 of them."""

    def duplicates(self, table: Table, keys: Sequence[str]) -> tuple[int, tuple[Any, ...]]:
        """Rows beyond the first of their key, and one such key."""

    def join(self, members: Sequence[Member]) -> Table:
        """Full outer join by key; members may be one."""

    def survey(self, table: Table, pairs: Sequence[Sides]) -> Survey:
        """Count what pairing has to know."""

    def example(self, table: Table, column: str, is_true: bool) -> dict[str, Any]:
        """The first row, by key, where a column is true, or where it is missing."""

    def groups(self, table: Table, unit: By, most: int) -> tuple[Table, int, float, int]:
        """The table with a column `g`; units, effective units, and rows of the largest unit."""

    def derive(
        self, table: Table, values: Callable[[dict[str, Array]], dict[str, Array]], reads: By, keep: By
    ) -> Table:
        """A table of the columns `keep` and those that a function of chunks of the columns `reads` returns."""

    def fold(
        self,
        table: Table,
        key: str,
        values: Callable[[dict[str, Array]], dict[str, Array]],
        reads: By,
        texts: By,
    ) -> Table:
        """A table of what a function makes of pieces of the rows that hold all rows of every key that is in them."""

    def patterns(
        self, table: Table, columns: Sequence[Cut], sets: Sequence[By], groups: int, complete: By = ()
    ) -> dict[By, Patterns]:
        """Counts of outcome patterns for each set of slice columns, by unit group where `groups` is above 0."""

    def sums(self, table: Table, columns: Sequence[str], sets: Sequence[By], groups: int) -> dict[By, Sums]:
        """Exact sums for each set of slice columns, by unit group where `groups` is above 0."""

    def scored_sums(
        self,
        table: Table,
        values: Callable[[dict[str, Array]], dict[str, Array]],
        reads: By,
        blocks: Sequence[Sequence[str]],
        sets: Sequence[By],
        groups: int,
    ) -> list[dict[By, Sums]]:
        """The same, for each block, of columns that a function of chunks of the columns `reads` returns."""

    def moments(self, table: Table, columns: Sequence[str], sets: Sequence[By]) -> dict[By, MomentsBy]:
        """Centred moments for each set of slice columns."""

    def units(self, table: Table, unit: By, sets: Sequence[By]) -> dict[By, dict[tuple[Any, ...], int]]:
        """Distinct units for each set of slice columns."""

    def outside(self, table: Table, column: str, values: Sequence[Any]) -> tuple[int, Any]:
        """How many values that are not missing lie outside a list, and the least of them."""

    def rows(self, table: Table, columns: Sequence[str], order: Sequence[str]) -> dict[str, Array]:
        """The rows themselves, in an order of their content; without columns to order by, in any."""

    def fingerprint(self, table: Table, columns: Sequence[str]) -> str:
        """A digest of the rows as a multiset of values."""

    def extremes(
        self, table: Table, first: str, second: str, show: By, most: int
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Rows in which `second` exceeds `first` the most, and those in which it falls short the most."""

    def disagreements(
        self, table: Table, arms: tuple[Cut, Cut], right: Right, show: By, most: int
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int, int]:
        """Rows that only one of two labels gets right: a few of each, the furthest apart first, and how many."""

    def write(self, table: Table, path: Path, order: Iterable[str]) -> None:
        """Write the table as Parquet, in a given order."""

    def close(self) -> None:
        """Let go of everything."""
