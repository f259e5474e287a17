"""What to align, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.records.comparison import Alignment, MissingPolicy
from assay.records.protocols import Table

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One model's predictions.

    Attributes:
        score: The column of predictions; empty where the table leaves no choice.
    """

    name: str
    table: Table
    score: str = ""


@dataclass(frozen=True, slots=True)
class AlignRequest:
    """What to join.

    Attributes:
        models: The baseline first, then the candidates.
        id: Columns that together name a row; empty only where all models stand in one table.
        target: The column of the truth; empty where no metric needs it.
        unit: The column of what is sampled; empty means that each row is a unit.
        slices: Slices, each a tuple of columns crossed.
        seed: The column of the training seed in a long table.
        repeat: The column that numbers repeated predictions of one row.
        extra: Further prediction columns that metrics read.
        query: The column of the query, where rows are documents of ranked lists; `id` then names query and document,
            and the aligned table has one row a query.
        qrels: A table of relevance besides those of the models.
        lists: Columns that may hold a list in every row: the target, columns of `extra`, `""` for the score.
        grouped: Number the groups of units also where each row is one: several models are left out of together.
    """

    models: tuple[ModelInput, ...]
    id: Names
    target: str = ""
    unit: str = ""
    slices: tuple[Names, ...] = ()
    seed: str = ""
    repeat: str = ""
    extra: Names = ()
    lists: Names = ()
    missing: MissingPolicy = "refuse"
    query: str = ""
    qrels: Table | None = None
    grouped: bool = False

    @property
    def document(self) -> str:
        """The column of the document, where rows are documents of a query."""
        return next(c for c in self.id if c != self.query)

    @property
    def of_documents(self) -> AlignRequest:
        """The same with the query first among the keys."""
        return replace(self, id=(self.query, self.document))

    @property
    def of_queries(self) -> AlignRequest:
        """What is asked of the table of queries that ranked lists become."""
        if not self.query:
            return self
        return replace(self, id=(self.query,), unit="" if self.unit == self.query else self.unit, query="", qrels=None)

    @property
    def keys(self) -> Names:
        """The columns that name one line of the aligned table."""
        return (*self.id, self.repeat) if self.repeat else self.id

    @property
    def slice_columns(self) -> Names:
        """Every column that some slice uses."""
        return tuple(dict.fromkeys(c for s in self.slices for c in s))


@dataclass(frozen=True, slots=True)
class ModelArms:
    """The columns of one model in the aligned table.

    Attributes:
        arms: Prediction column -> one aligned column a seed; the model's score is under "".
        seeds: The seeds, in the order of the arms; (None,) without.
    """

    name: str
    arms: Mapping[str, Names]
    seeds: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Predictions joined by key.

    Attributes:
        table: Columns k0.. (keys), y (target), u (unit), s0.. (slice columns), the arms, and g (group of the unit).
        columns: Slice column as users call it -> its name in the table.
        unit: The columns that name a unit.
        groups: Number of unit groups; 0 where each row is a unit and inference needs none.
        effective_units: Over all rows.
        counts: What was found, by candidate.
    """

    table: Table
    models: tuple[ModelArms, ...]
    columns: Mapping[str, str]
    keys: Names
    units: int
    effective_units: float
    clustered: bool
    groups: int
    missing: MissingPolicy
    unit: Names
    counts: Mapping[str, Alignment]
    warnings: tuple[str, ...] = ()
