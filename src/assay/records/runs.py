"""Runs: what a run says of itself at its start and its end, its series, and what is wrong with its folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from assay.records.metric import Floats, Ints

State = Literal["running", "finished", "failed", "interrupted", "dead"]
STATES: tuple[State, ...] = ("running", "finished", "failed", "interrupted", "dead")
# What a run was told after its start, in words; what is known at the start stands in `RunStart.notes`.
REMARK = "remark"
Kind = Literal["scalar", "histogram", "table", "image", "text"]


class BlobKeeper(Protocol):
    """Where runs keep content by its digest."""

    def put(self, content: bytes) -> str:
        """Keep some bytes; returns their digest."""

    def put_stream(self, chunks: Any) -> str:
        """Keep what the chunks make up together; returns its digest."""

    def read(self, digest: str) -> bytes:
        """The content of that digest."""

    def has(self, digest: str) -> bool:
        """Whether it is kept."""


@dataclass(frozen=True, slots=True)
class RunStart:
    """What is known when a run begins.

    Attributes:
        id: Sorts by the time of the start; unique within a lab.
        started: Seconds since 1970 in UTC.
        parent: The run within which this one was begun; empty if none.
        command: What was executed, word by word.
        folder: The working folder.
        config: The resolved configuration, secrets redacted.
        code: Digest of the captured code; empty where there is none.
        environment: Digest of the captured environment.
        launched: Whether `assay run -- COMMAND` made it, rather than code that calls Assay.
        form: The command of a plan's sweep before anything was filled in; empty elsewhere.
        notes: What capture could not do, in words.
    """

    id: str
    name: str
    experiment: str
    started: float
    host: str
    user: str
    pid: int
    command: tuple[str, ...]
    folder: str
    config: Mapping[str, Any]
    seed: int | None = None
    tags: tuple[str, ...] = ()
    parent: str = ""
    code: str = ""
    environment: str = ""
    launched: bool = False
    notes: tuple[str, ...] = ()
    form: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What is known when a run ends.

    Attributes:
        seconds: Of a clock that no change of the time of day moves.
        exit_code: Of the command; None where no command was launched.
        error: Type and message of what ended it, secrets redacted.
        usage: Processor seconds, peak memory and the like, by name.
        dropped: Values that could not be written.
        segments: Name of each segment that this process wrote -> its size and digest.
    """

    state: State
    ended: float
    seconds: float
    exit_code: int | None = None
    error: str = ""
    usage: Mapping[str, Any] = field(default_factory=dict)
    dropped: int = 0
    healthy: bool = True
    segments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    output: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What names a series within a run: rank and worker are part of it, so that processes can log side by side."""

    name: str
    kind: Kind = "scalar"
    rank: int = -1
    worker: int = -1

    def words(self) -> str:
        """The key as people read it.

        >>> SeriesKey("loss").words(), SeriesKey("loss", rank=1, worker=0).words()
        ('loss', 'loss [rank 1, worker 0]')
        """
        place = [f"{n} {v}" for n, v in (("rank", self.rank), ("worker", self.worker)) if v >= 0]
        return f"{self.name} [{', '.join(place)}]" if place else self.name


@dataclass(frozen=True, slots=True)
class Summary:
    """A scalar series in a few numbers; `low` and `high` are of its finite values, None where it has none.

    Attributes:
        odd: How many values are NaN or infinite.
    """

    key: SeriesKey
    count: int
    last: float
    low: float | None
    high: float | None
    odd: int

    @property
    def diverged(self) -> bool:
        """Whether it ended in NaN or infinity."""
        return self.last != self.last or self.last in (float("inf"), float("-inf"))


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A scalar series, in the order in which it was logged.

    Attributes:
        steps: [n], whole numbers.
        values: [n]; NaN and infinity as they were logged.
        times: [n], seconds since 1970; they never run backwards within one process.
    """

    key: SeriesKey
    steps: Ints
    values: Floats
    times: Floats

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return iter(zip(self.steps.tolist(), self.values.tolist(), strict=True))

    def downsampled(self, points: int = 1000) -> Series:
        """At most so many points; no extreme is missing, and no stretch of NaN or infinite values.

        Args:
            points: From 8; a series that is no longer than that is given as it is.
        """
        from assay.records.thin import kept_places

        points = max(8, points)
        if len(self) <= points:
            return self
        kept = kept_places(self.values, points)
        return Series(self.key, self.steps[kept], self.values[kept], self.times[kept])

    def __repr__(self) -> str:
        shown = ", ".join(f"({s}, {v:g})" for s, v in list(self)[:3])
        return f"Series({self.key.words()!r}, {len(self)} values: {shown}{', …' if len(self) > 3 else ''})"


@dataclass(frozen=True, slots=True)
class Logged:
    """One value that is not a scalar: `content` is text, or a mapping that holds or names it."""

    key: SeriesKey
    step: int
    time: float
    content: Any


@dataclass(frozen=True, slots=True)
class RunFault:
    """Something in a run's folder that is not as it was written."""

    run: str
    file: str
    what: str

    def line(self) -> str:
        """The fault on one line."""
        return f"{self.run}/{self.file}: {self.what}" if self.file else f"{self.run}: {self.what}"
