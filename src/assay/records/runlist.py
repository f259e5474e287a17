"""A run in one line, and what may be asked of a list of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from assay.records.runs import SeriesKey, State, Summary

if TYPE_CHECKING:
    from assay.records.metric import Floats, Ints

Source = Literal["field", "param", "metric", "min", "max"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~", "=~"]
OPERATORS: tuple[Operator, ...] = ("!=", "<=", ">=", "=~", "=", "<", ">", "~")
FIELDS = (
    "id", "name", "experiment", "state", "started", "seconds", "host", "user", "seed", "command", "parent", "code",
    "environment", "config", "faults", "exit_code",
)  # fmt: skip
SEEDS = ("seed", "random_seed", "random_state", "rng_seed", "seed_everything")
"""Settings that are no settings but the seed, in the order in which they are believed."""
NUMBERS = frozenset({"started", "seconds", "seed", "faults", "exit_code"})
# The order in which the index keeps what is said of a run; `config` is the group, `faults` are the texts.
SAID = (
    "id", "name", "experiment", "state", "started", "ended", "seconds", "host", "user", "seed", "command", "parent",
    "code", "environment", "config", "exit_code", "faults", "healthy", "params", "mark",
)  # fmt: skip
# Count, last, least and greatest finite value, how many are not finite, rank, worker.
Tally = tuple[int, float, float | None, float | None, int, int, int]


class Tallies(Mapping[str, Summary]):
    """Series by name, in a few numbers each; a lab has millions, so that each becomes a `Summary` only when asked for.

    Args:
        rows: The numbers of each series by its name.
    """

    __slots__ = ("rows",)

    def __init__(self, rows: Mapping[str, Tally] | None = None) -> None:
        self.rows: Mapping[str, Tally] = {} if rows is None else rows

    @classmethod
    def of(cls, found: Mapping[str, Summary]) -> Tallies:
        """The same of summaries."""
        return cls({n: (m.count, m.last, m.low, m.high, m.odd, m.key.rank, m.key.worker) for n, m in found.items()})

    def __getitem__(self, name: str) -> Summary:
        count, last, low, high, odd, rank, worker = self.rows[name]
        return Summary(SeriesKey(name, "scalar", rank, worker), count, last, low, high, odd)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Tallies({self.rows!r})"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the index keeps it.

    Attributes:
        group: Digest of experiment, command and configuration without the seed: it tells runs apart by all else.
        params: Settings by dotted name: the configuration, or what the command says where nothing told any.
        metrics: Series of the main process, in a few numbers each.
        mark: When the folder last changed, so that an open run is read again only then.
        reads: Name and digest of the data that it said it reads; the index does not keep them.
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
    metrics: Tallies = field(default_factory=Tallies)
    mark: float = 0.0
    reads: tuple[tuple[str, str], ...] = ()


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
class RunNames:
    """What runs that fit can be chosen, grouped and shown by; every number says on how many of them.

    Attributes:
        total: Runs that fit.
        settings: By dotted name.
        metrics: By name.
        values: `state`, and settings that have few values -> the values as a condition writes them. Of one that has to
            be something (`=` or `=~`) these are the values of runs that fit all else: what could be chosen beside it.
    """

    total: int
    settings: Mapping[str, int]
    metrics: Mapping[str, int]
    values: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, eq=False)
class RunTable:
    """Runs that are compared, in columns, newest first.

    Attributes:
        ids: [n].
        seeds: [n]; None where a run has none.
        groups: [n], the number of each run's group, by first appearance.
        settings: Name -> the value of each group; None where it does not have the setting.
        values: A row of [n] for each metric; NaN where it is no number or not there.
        has: A row of [n] for each metric: whether the run has it.
        states: [n], `finished` for what counts, else why it does not; empty where all count.
    """

    ids: list[str]
    seeds: list[int | None]
    groups: Ints
    settings: Mapping[str, list[Any]]
    values: tuple[Floats, ...]
    has: tuple[Ints, ...]
    states: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SeedMean:
    """A metric over the runs of one configuration.

    Attributes:
        deviation: Between runs; None where there are fewer than two.
        interval: Of the mean, by t over runs; None where there is none.
        note: Why there is no interval, e.g. that one run is anecdotal.
        lacking: Finished runs of the configuration that have no such value, and are not in the mean.
    """

    count: int
    mean: float | None
    deviation: float | None
    interval: tuple[float, float] | None
    note: str
    lacking: int = 0


@dataclass(frozen=True, slots=True)
class RunGroup:
    """Runs of one configuration: the settings that tell it from the others, and each metric over its seeds.

    Attributes:
        runs: Those that finished, which the means are of.
        others: Those that fit as well and are in no mean, by why: their state, or `reproduced`.
    """

    settings: Mapping[str, Any]
    runs: tuple[str, ...]
    seeds: tuple[int, ...]
    metrics: Mapping[str, SeedMean]
    others: Mapping[str, int] = field(default_factory=dict)
