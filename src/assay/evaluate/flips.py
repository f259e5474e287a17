"""Rows won and lost: where exactly one model is right, or where one is much better than the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.evaluate.labels import Classes, cuts, positive_of
from assay.evaluate.request import Material, Pair, Reading
from assay.evaluate.scores import Score
from assay.records.comparison import Flip
from assay.records.metric import Family, Metric

MOST = 5


@dataclass(frozen=True, slots=True)
class Flips:
    """Examples, worst first, and counts where rows are right or wrong.

    Attributes:
        keys: Aligned key column -> the user's name of it.
        notes: How many were won and lost, and by which metric they were found.
    """

    won: tuple[Flip, ...] = ()
    lost: tuple[Flip, ...] = ()
    notes: Mapping[str, Any] | None = None


def flips(
    material: Material,
    pair: Pair,
    metric: Metric,
    number: int,
    reading: Reading,
    known: Classes | None,
    keys: Mapping[str, str],
) -> Flips:
    """Examples for a metric; none for metrics that no single row decides. With seeds, the first one of each model.

    Args:
        number: The metric's number in the table of scores.
        keys: Aligned key column -> the user's name of it.
    """
    table = material.scored or material.table
    arms = pair.baseline.arms[metric.read_column][0], pair.candidate.arms[metric.read_column][0]
    show = (*keys, *(("y",) if "y" in table.columns else ()), *arms)
    if metric.family in (Family.PROPORTION, Family.COUNTS) and known is not None:
        first, second = cuts(material, metric, reading, known, arms)
        positive = positive_of(metric, known) if first.threshold is not None or second.threshold is not None else None
        won, lost, gained, given = material.engine.disagreements(table, first, second, positive, show, MOST)
        notes: dict[str, Any] = {"won": gained, "lost": given, "by": metric.label}
    elif metric.family is Family.MEAN and material.missing in ("refuse", "exclude"):
        scores = [Score(number, 0, a).name for a in arms]
        most, least = material.engine.extremes(table, scores[0], scores[1], show, MOST)
        won, lost = (most, least) if metric.direction == "higher" else (least, most)
        notes = {"by": metric.label}
    else:
        return Flips()
    return Flips(tuple(_flip(r, keys, arms) for r in won), tuple(_flip(r, keys, arms) for r in lost), notes)


def _flip(row: Mapping[str, Any], keys: Mapping[str, str], arms: tuple[str, str]) -> Flip:
    return Flip({user: row[k] for k, user in keys.items()}, row.get("y"), row[arms[0]], row[arms[1]])
