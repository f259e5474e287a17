"""What is measured, and the cells that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.records.comparison import MissingPolicy
from assay.records.metric import Metric
from assay.records.protocols import By, Engine, Table
from assay.records.sample import Design, Sample

Label = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Reading:
    """How labels and scores are to be read; what is not given is asked for where it matters.

    Attributes:
        positive: The positive class.
        threshold: Scores at or above it become the positive class.
        labels: All classes, where the target does not show them.
    """

    positive: Label | None = None
    threshold: float | None = None
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One model: the aligned column of every seed, by the prediction column that a metric reads ("" is the score)."""

    name: str
    arms: Mapping[str, By]


@dataclass(frozen=True, slots=True)
class Pair:
    """One baseline and one candidate, and how their seeds are to be read."""

    baseline: Side
    candidate: Side
    about: str = "model"
    seeds_paired: bool = False

    def columns(self, read: str) -> By:
        """The arms that a metric reading that prediction column sees, the baseline's first."""
        return self.baseline.arms[read] + self.candidate.arms[read]


@dataclass(frozen=True, slots=True)
class Material:
    """The aligned table and how its rows were sampled.

    Attributes:
        target: Whether the table has a target.
        groups: Unit groups; 0 where each row is a unit.
        sets: The slices wanted, each a tuple of aligned columns; () is everything.
        columns: Every slice column, those of gaps included.
        scored: The table with the per-row scores.
    """

    engine: Engine
    table: Table
    unit: By
    units: int
    effective_units: float
    clustered: bool
    groups: int
    missing: MissingPolicy
    sets: tuple[By, ...]
    columns: By = ()
    scored: Table | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One slice of one pair, for metrics that share it.

    Attributes:
        columns: The slice's aligned columns; `key` holds their values.
        samples: One sample; two where missing rows are bounded (against, then for the candidate); for gaps one a group.
        groups: Family GAP: the group's value for each sample, in order; else empty.
        whole: Family GAP: the design of all groups together, whose units may overlap; else None.
    """

    metrics: tuple[Metric, ...]
    pair: Pair
    columns: By
    key: tuple[Any, ...]
    samples: tuple[Sample, ...]
    designs: tuple[Design, ...]
    groups: tuple[Any, ...] = ()
    whole: Design | None = None


def canonical(value: Any) -> Any:
    """Labels that mean the same are the same: True, 1 and 1.0 are 1."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
