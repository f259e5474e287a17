"""What a metric declares. It never carries an interval: `stats` chooses the method from the family and the design."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Array: TypeAlias = npt.NDArray[Any]
Direction = Literal["higher", "lower", "none"]
Reads = Literal[
    "label",
    "probability",
    "score",
    "number",
    "ranking",
    "ranges",
    "text",
    "label set",
    "class list",
    "class scores",
    "vector",
]
VALUES: tuple[Reads, ...] = ("text", "label set", "class list", "class scores", "vector")
"""What is more than one label or number a row: the column holds a list, or text that says one."""


class Family(StrEnum):
    """How a metric's value follows from the data; it decides the method of inference and the route of the data."""

    PROPORTION = "proportion"
    """Successes over a set of rows that the target alone fixes (accuracy, recall): counts of outcome patterns."""
    COUNTS = "counts"
    """Any other function of the confusion counts (precision, F-beta, MCC): counts of outcome patterns."""
    MEAN = "mean"
    """The mean of one per-row score (log loss, absolute error): sums."""
    SUMS = "sums"
    """A smooth function of means of per-row scores (RMSE, R2): sums."""
    RANK = "rank"
    """Probability that a positive ranks above a negative (AUC): the rows themselves."""
    FUNCTIONAL = "functional"
    """Any other smooth function of target and score together (average precision, calibration slope): the rows."""
    QUANTILE = "quantile"
    """A quantile of the predicted column itself (p95 latency): the rows themselves."""
    DESCRIPTIVE = "descriptive"
    """A value without an interval (expected calibration error): the rows themselves."""
    GAP = "gap"
    """The largest difference of another metric between groups, or its value in the worst of them."""


TOGETHER = (Family.PROPORTION, Family.COUNTS, Family.MEAN, Family.SUMS, Family.RANK, Family.FUNCTIONAL)
"""Families of which several models, or several metrics, have a joint covariance over units."""


@dataclass(frozen=True, slots=True)
class Influence:
    """A value of family FUNCTIONAL, and how each row moves it.

    Attributes:
        value: The metric on all rows; NaN where it is undefined.
        moved: [n], value minus the value without that row, exact or to the first order; all 0 where undefined.
        why: Why there is no value; empty where the metric's own words say it.
        facts: Figures that the domain of the method asks for, e.g. `{"wrong_rows": 12}`.
    """

    value: float
    moved: Floats
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its parameters: a declaration.

    Attributes:
        name: The registered name, e.g. `fbeta`.
        parameters: What makes it definite, e.g. `{"beta": 2.0}`; `threshold` turns scores into labels.
        family: How its value follows from the data.
        reads: What the prediction column has to hold.
        direction: Whether more is better or less is; `none` where a value in between is best.
        lower: The least possible value, or None where there is none.
        upper: The greatest possible value, or None.
        unit: The unit of the value, e.g. `nats`, `unit of the target`, `1`.
        columns: Names of the per-row scores that it sums (families MEAN and SUMS).
        scorer: (target, prediction, centre) -> per-row scores, one array a column; centre is the target's mean.
            Families MEAN and SUMS. Rows that the metric does not read, such as queries without a relevant document, are
            masked. What reads rankings gets the ideal and the ranked lists (`metrics.rankings`).
            Family FUNCTIONAL that reads VALUES: the one number that a row's value comes down to.
        value: Families PROPORTION and COUNTS: counts [..., K, K] (target, predicted) -> [...]; binary metrics get
            K = 2 with the positive class last. MEAN and SUMS: means [..., m] of the scores -> [...]. DESCRIPTIVE:
            (target, prediction) -> float. None for RANK, FUNCTIONAL and QUANTILE. NaN where it is undefined.
        influence: Family FUNCTIONAL: (target [n], prediction [n]) -> value, and how each row moves it.
        parts: Family PROPORTION: counts [..., K, K] -> (successes, trials).
        undefined: Why the value may be undefined, said so that a user can act on it.
        inner: Family GAP: the metric whose values are compared between the groups of the columns `parameters["by"]`.
        others: Family GAP: further metrics of the same labels, whose gaps count too: the largest of all is the value.
        label: The notation that users write, e.g. `fbeta@2`.
        multiclass: Whether it takes the whole K x K confusion.
        inputs: Prediction columns of numbers that it reads together, `""` for the model's score; the scorer then gets
            them as [n, k]. Empty where it reads one column.
        common: Those of `inputs` that belong to the row: the same whichever model.
        targeted: Whether it needs a target.
        shares: Family MEAN: whether every row scores 0 or 1, so that the mean is a proportion.
        corpus: Family SUMS: whether `value` takes the sums themselves, of all rows together; its interval leaves out
            units in turn, also where each row is one.
        bind: The labels of the data -> the metric with what depends on them (columns, scorer); None where nothing does.
    """

    name: str
    parameters: dict[str, Any]
    family: Family
    reads: Reads
    direction: Direction
    lower: float | None
    upper: float | None
    unit: str
    summary: str
    formula: str
    citation: str
    undefined: str = "no rows"
    columns: tuple[str, ...] = ()
    scorer: Callable[[Array, Array, float], tuple[Floats, ...]] | None = None
    value: Callable[..., Any] | None = None
    parts: Callable[[Array], tuple[Array, Array]] | None = None
    influence: Callable[[Array, Floats], Influence] | None = None
    multiclass: bool = False
    label: str = ""
    inner: Metric | None = None
    others: tuple[Metric, ...] = ()
    inputs: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    targeted: bool = True
    shares: bool = False
    corpus: bool = False
    bind: Callable[[tuple[str, ...]], Metric] | None = None

    @property
    def compared(self) -> tuple[Metric, ...]:
        """Family GAP: every metric whose values are compared between groups; else the metric itself."""
        return (self.inner or self, *self.others)

    @property
    def by(self) -> tuple[str, ...]:
        """Family GAP: the columns whose values, crossed, make the groups."""
        return tuple(c.strip() for c in str(self.parameters["by"]).split("*")) if self.inner is not None else ()

    @property
    def read_columns(self) -> tuple[str, ...]:
        """The prediction columns that it reads; an empty name is the model's score."""
        base = self.inner or self
        return base.inputs or (str(base.parameters.get("column", "")),)

    @property
    def read_column(self) -> str:
        """The first of them, by which its arms are known."""
        return self.read_columns[0]

    @property
    def sign(self) -> float:
        """+1 where more is better, -1 where less is: multiplies a difference so that larger is better."""
        return -1.0 if self.direction == "lower" else 1.0

    @property
    def threshold(self) -> float | None:
        """Scores at or above it become the positive class; None where the analysis says."""
        value = (self.inner or self).parameters.get("threshold")
        return None if value is None else float(value)

    @property
    def needs_positive(self) -> bool:
        """Whether labels are reduced to two classes, of which one is the positive."""
        base = self.inner or self
        return base.reads in ("probability", "score") or (base.reads == "label" and not base.multiclass)

    def to_json(self) -> dict[str, Any]:
        """The metric as the interface shows it."""
        return {"name": self.name, "parameters": self.parameters, "direction": self.direction}
