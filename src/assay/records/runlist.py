"""A run in one line, and what may be asked of a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assay.records.runs import State, Summary

Source = Literal["field", "param", "metric", "min", "max"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~"]
OPERATORS: tuple[Operator, ...] = ("!=", "<=", ">=", "=", "<", ">", "~")
FIELDS = (
    "id", "name", "experiment", "state", "started", "seconds", "host", "user", "seed", "command", "parent", "code",
    "environment", "config", "faults", "exit_code",
)  # fmt: skip
NUMBERS = frozenset({"started", "seconds", "seed", "faults", "exit_code"})


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the index keeps it.

    Attributes:
        group: Digest of the configuration without its seed: runs that differ by nothing else share it.
        params: Settings by dotted name.
        metrics: Series of the main process, in a few numbers each.
        mark: When the folder last changed, so that an open run is read again only then.
    """

    id: str
    state: State
    started: float
    name: str = ""
    experiment: str = ""
    ended: float | None = None
    seconds: float | None = None
    host: str = ""
    user: str = ""
    seed: int | None = None
    command: str = ""
    parent: str = ""
    code: str = ""
    environment: str = ""
    group: str = ""
    exit_code: int | None = None
    faults: tuple[str, ...] = ()
    healthy: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Summary] = field(default_factory=dict)
    mark: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """What a filter or an order looks at; an empty source means that of the first kind that knows the name."""

    source: Source | Literal[""]
    name: str


@dataclass(frozen=True, slots=True)
class RunFilter:
    """One condition; several hold together."""

    column: Column
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class RunCursor:
    """The last run of a page, after which the next one begins, whatever came or went meanwhile.

    Attributes:
        value: What it was ordered by; None for runs that have no such value, which come last.
    """

    value: float | str | None
    run: str


@dataclass(frozen=True, slots=True)
class RunQuery:
    """What `runs list` asks for; with `after`, the offset counts from there."""

    filters: tuple[RunFilter, ...] = ()
    sort: Column = Column("field", "started")
    descending: bool = True
    limit: int = 20
    offset: int = 0
    after: RunCursor | None = None


@dataclass(frozen=True, slots=True)
class RunPage:
    """Some of the runs that fit, and how many do in all.

    Attributes:
        next: Where the next page begins; None after the last.
    """

    rows: tuple[RunRow, ...]
    total: int
    offset: int = 0
    next: RunCursor | None = None


@dataclass(frozen=True, slots=True)
class SeedMean:
    """A metric over the runs of one configuration.

    Attributes:
        deviation: Between runs; None where there are fewer than two.
        interval: Of the mean, by t over runs; None where there is none.
        note: Why there is no interval, e.g. that one run is anecdotal.
    """

    count: int
    mean: float | None
    deviation: float | None
    interval: tuple[float, float] | None
    note: str


@dataclass(frozen=True, slots=True)
class RunGroup:
    """Runs of one configuration: the settings that tell it from the others, and each metric over its seeds."""

    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    seeds: tuple[int, ...]
    metrics: Mapping[str, SeedMean]
