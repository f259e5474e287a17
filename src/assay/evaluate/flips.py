"""Rows won and lost: where exactly one model is right, or where one is much better than the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assay.evaluate.labels import Classes, cuts, positive_of
from assay.evaluate.request import Material, Pair, Reading
from assay.evaluate.scores import Score
from assay.records.comparison import Flip
from assay.records.metric import Family, Metric
from assay.records.protocols import Right

MOST = 5
READS = {None: "all", True: "positive", False: "negative"}
"""Which rows a metric reads, by the target: as the notes say it."""


@dataclass(frozen=True, slots=True)
class Flips:
    """Examples, those furthest apart first, and counts where rows are right or wrong.

    Attributes:
        notes: By which metric they were found; where rows are right or wrong also how many were won and lost, and
            which rows the metric reads (`all`, or by their target the `positive` or the `negative` ones).
        more: The same of each further candidate, by its name.
    """

    won: tuple[Flip, ...] = ()
    lost: tuple[Flip, ...] = ()
    notes: Mapping[str, Any] | None = None
    more: Mapping[str, Flips] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As evidence keeps them; of one candidate alone there is no more."""
        more = {name: flips.to_json() for name, flips in self.more.items()}
        return {"won": self.won, "lost": self.lost, "notes": self.notes, **({"more": more} if more else {})}


def flips(
    material: Material,
    pair: Pair,
    metric: Metric,
    number: int,
    reading: Reading,
    known: Classes | None,
    keys: Mapping[str, str],
) -> Flips:
    """Examples for a metric, of the rows that it reads; none for metrics that no single row decides.

    With seeds, the first one of each model.

    Args:
        number: The metric's number in the table of scores.
        keys: Aligned key column -> the user's name of it.
    """
    table = material.scored or material.table
    arms = pair.baseline.arms[metric.read_column][0], pair.candidate.arms[metric.read_column][0]
    show = (*keys, *(("y",) if "y" in table.columns else ()), *arms)
    if metric.family in (Family.PROPORTION, Family.COUNTS) and known is not None:
        first, second = cuts(material, metric, reading, known, arms)
        cut = first.threshold is not None or second.threshold is not None
        positive = positive_of(metric, known) if cut or metric.needs_positive else None
        right = Right(positive, reads(metric), material.missing == "failure")
        won, lost, gained, given = material.engine.disagreements(table, (first, second), right, show, MOST)
        notes: dict[str, Any] = {"won": gained, "lost": given, "by": metric.label, "reads": READS[right.among]}
    elif metric.family is Family.MEAN and material.missing in ("refuse", "exclude"):
        scores = [Score(number, 0, a).name for a in arms]
        most, least = material.engine.extremes(table, scores[0], scores[1], show, MOST)
        won, lost = (most, least) if metric.direction == "higher" else (least, most)
        notes = {"by": metric.label}
    else:
        return Flips()
    return Flips(tuple(_flip(r, keys, arms) for r in won), tuple(_flip(r, keys, arms) for r in lost), notes)


def reads(metric: Metric) -> bool | None:
    """Whether the metric reads only rows whose target is the positive class (True), only the others, or all (None).

    Every row that a function of several counts reads as right or wrong moves it: a false positive made right lifts
    precision as a missed positive does.
    """
    if metric.family is not Family.PROPORTION or metric.parts is None or not metric.needs_positive:
        return None
    negative, positive = (_trials(metric, target) > 0 for target in (0, 1))
    return None if negative == positive else positive


def _trials(metric: Metric, target: int) -> float:
    """How many rows a metric of two classes counts among one right row and one wrong row of a class."""
    counts = np.zeros((2, 2))
    counts[target] = 1.0
    return float(metric.parts(counts)[1]) if metric.parts is not None else 0.0


def _flip(row: Mapping[str, Any], keys: Mapping[str, str], arms: tuple[str, str]) -> Flip:
    return Flip({user: row[k] for k, user in keys.items()}, row.get("y"), row[arms[0]], row[arms[1]])
