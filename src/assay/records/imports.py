"""Runs that another tracker holds, as its reader gives them, and the account of an import."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from assay.base.canonical import digest_json
from assay.records.metric import Floats, Ints
from assay.records.runs import State

THINGS = (
    "experiments", "runs", "params", "metrics", "values", "tags", "datasets", "artifacts", "models", "model versions",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """A scalar series elsewhere: steps, values and times (seconds since 1970), each [n], by time and step."""

    steps: Ints
    values: Floats
    times: Floats

    def __len__(self) -> int:
        return len(self.steps)

    def digest(self) -> str:
        """Of all three."""
        seen = hashlib.sha256()
        for part in (self.steps, self.values, self.times):
            seen.update(part.tobytes())
        return seen.hexdigest()


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file elsewhere.

    Attributes:
        size: In bytes; -1 where that is not told.
        open: Gives its content in pieces.
        refused: Why it is not taken; empty where it is.
    """

    name: str
    size: int
    open: Callable[[], Iterable[bytes]]
    refused: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ForeignRun:
    """One run elsewhere.

    Attributes:
        id: There; the same run has the same id wherever it is read.
        started: Seconds since 1970; 0 where that is not told.
        state: How it ended; None while it is open.
        parent: Id of the run within which it was begun; empty if none.
        data: Datasets that it read: name, digest, and whatever else is told.
        models: Models that it made.
        deleted: Whether it lies in the bin there.
        faults: What could not be read, in words.
        lost: How many of each thing that was.
    """

    id: str
    name: str
    experiment: str
    started: float
    ended: float | None
    state: State | None
    user: str
    command: str
    parent: str
    params: Mapping[str, str]
    tags: Mapping[str, str]
    series: Mapping[str, Points]
    files: tuple[ForeignFile, ...] = ()
    data: tuple[Mapping[str, Any], ...] = ()
    models: tuple[Mapping[str, Any], ...] = ()
    deleted: bool = False
    faults: tuple[str, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """How many of each thing it has."""
        return {
            "runs": 1,
            "params": len(self.params),
            "metrics": len(self.series),
            "values": sum(map(len, self.series.values())),
            "tags": len(self.tags),
            "datasets": len(self.data),
            "artifacts": len(self.files),
        }

    def refusals(self) -> tuple[str, ...]:
        """Files that are not taken, and why; then what could not be read."""
        files = (f"{f.name!r:.300}: {f.refused}" for f in self.files if f.refused)
        return (*files, *self.faults)

    def digest(self) -> str:
        """Of all that it holds, however it was read: of files names and sizes, of datasets names and digests."""
        data = sorted((str(d.get("name")), str(d.get("digest"))) for d in self.data)
        said = [self.id, self.name, self.state, self.ended, dict(self.params), dict(self.tags), data]
        series = {name: points.digest() for name, points in self.series.items()}
        return digest_json([*said, series, sorted((f.name, f.size) for f in self.files if not f.refused)])


class ForeignStore(Protocol):
    """What a reader of another tracker gives."""

    where: str

    def counts(self) -> Mapping[str, int]:
        """How many of each thing there are, counted without reading them where that can be done."""

    def runs(self) -> Iterator[ForeignRun]:
        """Every run, the deleted ones too."""

    def catalogue(self) -> Mapping[str, Any]:
        """What belongs to no run: experiments, models and their versions, as lists of mappings."""

    def close(self) -> None:
        """Let go of files and connections."""


@dataclass(frozen=True, slots=True)
class ImportLine:
    """The account of one kind of thing.

    Attributes:
        there: Counted in the source.
        imported: Put in now, counted by reading them back.
        known: Here before.
        left: Not taken, for reasons that are named.
    """

    thing: str
    there: int
    imported: int
    known: int
    left: int

    @property
    def lost(self) -> int:
        """What is neither here nor named; negative where more is here than there."""
        return self.there - self.imported - self.known - self.left


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of an import.

    Attributes:
        system: Of the tracker, e.g. `mlflow`.
        source: Where it was read, without what is secret.
        runs: Ids here of the runs that were put in or have grown.
        refused: What was not taken, and why, a line each.
        catalogue: Digest of what belongs to no run.
    """

    system: str
    source: str
    lines: tuple[ImportLine, ...]
    runs: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    catalogue: str = ""

    @property
    def whole(self) -> bool:
        """Whether everything is here, or named as left out."""
        return not any(line.lost for line in self.lines)


@dataclass(slots=True)
class Account:
    """Counts while an import goes on."""

    there: dict[str, int] = field(default_factory=dict)
    imported: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def add(self, column: dict[str, int], counts: Mapping[str, int]) -> None:
        """Add counts to one of the columns."""
        for thing, many in counts.items():
            column[thing] = column.get(thing, 0) + many

    def lines(self) -> tuple[ImportLine, ...]:
        """A line for each thing that there is."""
        named = (*THINGS, *sorted((self.there.keys() | self.left.keys()) - set(THINGS)))
        columns = (self.there, self.imported, self.known, self.left)
        every = {thing: [c.get(thing, 0) for c in columns] for thing in named}
        return tuple(ImportLine(thing, *row) for thing, row in every.items() if thing in THINGS or any(row))
