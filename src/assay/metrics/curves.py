"""Areas under curves of a ranking: average precision, and partial areas under the ROC curve.

Counts along a ranking are whole numbers, and rows of one score enter together, so that the order of tied rows changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Influence, Ints, Metric

ONE_CLASS = "the target has one class only"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rows from the highest score to the lowest, tied rows as one block.

    Attributes:
        block: [n], the block of each row in the order given.
        ends: [B], rows down to the end of each block.
        order: [n], rows by rank.
    """

    block: Ints
    ends: Ints
    order: Ints

    def within(self, values: Array) -> Ints:
        """Sums of whole numbers in each block, [B]."""
        return np.diff(self.down(values), prepend=0)

    def down(self, values: Array) -> Ints:
        """Sums of whole numbers from the top to the end of each block, [B]."""
        return np.asarray(np.cumsum(np.asarray(values, dtype=np.int64)[self.order])[self.ends - 1])


def ranking(scores: Floats) -> Ranking:
    """Rank rows by score, the highest first."""
    order = np.argsort(-scores)
    ranked = scores[order]
    last = np.flatnonzero(np.concatenate([ranked[1:] != ranked[:-1], [True]])) if len(scores) else np.zeros(0, int)
    ends = last.astype(np.int64) + 1
    block = np.empty(len(scores), dtype=np.int64)
    block[order] = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
    return Ranking(block, ends, order)


def undefined(rows: int, why: str = "") -> Influence:
    """No value."""
    return Influence(float("nan"), np.zeros(rows), why)


def mean_of_shares(scores: Floats, part: Array, weight: Array) -> tuple[float, Floats]:
    """Mean, over rows with weight 1, of the share of `part` among all rows ranked no lower; exact without each row.

    With part = weight = positives it is average precision; with part = errors and weight = 1 for every row it is the
    area under the risk-coverage curve.

    Args:
        scores: [n].
        part: [n], 0 and 1.
        weight: [n], 0 and 1; two rows or more have 1.

    Returns:
        The value, and [n] the value minus the value without that row.
    """
    ranks = ranking(scores)
    in_part, rows, weights = ranks.down(part), ranks.ends, ranks.within(weight)
    total = int(weights.sum())
    shares = weights * (in_part / rows)
    value = float(shares.sum()) / total
    # Without a row its own block and those below count one row less; the blocks above stay as they are.
    less = np.where(rows > 1, rows - 1, 1)
    above = np.cumsum(shares) - shares
    kept, taken = _from_here(weights * (in_part / less)), _from_here(weights / less)
    own, has = (np.asarray(v, dtype=float)[ranks.order] for v in (part, weight))
    b = np.repeat(np.arange(len(rows)), np.diff(rows, prepend=0)) if len(rows) < len(own) else slice(None)
    left = above[b] + kept[b] - own * taken[b] - has * (in_part[b] - own) / less[b]
    moved = np.empty(len(own))
    moved[ranks.order] = value - left / (total - has)
    return value, moved


def _from_here(values: Floats) -> Floats:
    """Sums from each place to the end."""
    return np.asarray(np.cumsum(values[::-1])[::-1])


def average_precision_influence(target: Array, scores: Floats) -> Influence:
    """Average precision, exact without each row."""
    positive = np.asarray(target).astype(bool)
    found = int(np.count_nonzero(positive))
    if found == 0:
        return undefined(len(positive))
    if found == 1:
        ranks = ranking(scores)
        place = ranks.block[positive][0]
        return Influence(1 / float(ranks.ends[place]), np.full(len(positive), np.nan), facts=classes(positive))
    value, moved = mean_of_shares(scores, positive, positive)
    return Influence(value, moved, facts=classes(positive) | {"precision_rows": found})


def classes(positive: Array) -> dict[str, float]:
    """How many rows each class has."""
    found = int(np.count_nonzero(positive))
    return {"positives": found, "negatives": len(positive) - found}


def partial_area(target: Array, scores: Floats, most: float) -> tuple[float, Floats]:
    """Area under the ROC curve from a false positive rate of 0 to `most`, and how each row moves it.

    The curve is straight across tied scores, and is cut at `most` by interpolation.

    Args:
        target: [n], True and False, both present.
        scores: [n].
        most: In (0, 1].

    Returns:
        The area, and [n] the value minus the value without that row, to the first order.

    Source of the influence: the derivative of the area by the mass of each row; compare He & Escobar (2008), Stat.
    Med. 27:5291-5308.
    """
    positive = np.asarray(target).astype(bool)
    ranks = ranking(scores)
    pos, neg = ranks.within(positive), ranks.within(~positive)
    some, others = int(pos.sum()), int(neg.sum())
    true, false = np.cumsum(pos) / some, np.cumsum(neg) / others
    height, width = pos / some, neg / others
    begun = false - width
    # Blocks that end inside count whole; in the one that is cut, the share `cut` of its width does.
    inside = false <= most
    cut = np.where(inside, 1.0, np.clip((most - begun) / np.where(width > 0, width, 1.0), 0.0, 1.0))
    counted = width * cut
    area = float((counted * (true - height + height * cut / 2)).sum())
    at_most = float(np.interp(most, np.concatenate([[0.0], false]), np.concatenate([[0.0], true])))
    by_positive = np.where(inside, _from_here(counted) - counted / 2, counted * cut / 2)
    by_negative = np.where(inside, true - height / 2 - at_most, -height * cut * cut / 2)
    moved = np.where(positive, by_positive[ranks.block], by_negative[ranks.block])
    for rows, many in ((positive, some), (~positive, others)):
        moved[rows] = (moved[rows] - moved[rows].mean()) / max(many - 1, 1)
    return area, moved


def partial_auc_influence(
    most: float, side: Literal["fpr", "tpr"], scaled: bool, target: Array, scores: Floats
) -> Influence:
    """A partial area on the scale asked for.

    Args:
        most: How far the part reaches from its good end: the largest false positive rate, or 1 - the least true one.
        side: Which rate bounds it.
        scaled: By McClish: 0.5 is chance and 1 perfect.
    """
    positive = np.asarray(target).astype(bool)
    held = classes(positive)
    if min(held.values()) == 0:
        return undefined(len(positive))
    # The part at high true positive rates is the part at low false positive rates with the classes swapped.
    area, moved = partial_area(~positive, -scores, most) if side == "tpr" else partial_area(positive, scores, most)
    if min(held.values()) == 1:
        moved = np.full(len(positive), np.nan)
    if scaled:
        least = most * most / 2
        area, moved = 0.5 * (1 + (area - least) / (most - least)), moved * 0.5 / (most - least)
    counted = most * held["positives" if side == "tpr" else "negatives"]
    return Influence(area, moved, facts=held | {"part_rows": counted})


def average_precision() -> Metric:
    """Area under the precision-recall curve, step by step."""
    return Metric(
        name="average_precision",
        parameters={},
        family=Family.FUNCTIONAL,
        reads="score",
        direction="higher",
        lower=0.0,
        upper=1.0,
        unit="1",
        summary="Mean, over the positive rows, of the precision among the rows scored no lower; rows of one score "
        "enter together. A random score has the share of positives.",
        formula="sum_k (R_k - R_{k-1}) P_k over the distinct scores",
        citation="Su, Yuan & Zhu (2015), ICTIR; Boyd, Eng & Page (2013), ECML PKDD",
        undefined="no row of the positive class",
        influence=average_precision_influence,
        label="average_precision",
    )


def partial_auc(fpr: float | None = None, tpr: float | None = None, scale: str = "mcclish") -> Metric:
    """Area under the part of the ROC curve that matters, standardised."""
    if (fpr is None) == (tpr is None):
        raise MetricError(
            "partial_auc needs fpr or tpr, and not both",
            rule="the part reaches from a false positive rate of 0 to fpr, or from a true positive rate of tpr to 1",
            fix="partial_auc@0.1, or partial_auc(tpr=0.9)",
        )
    most = fpr if fpr is not None else 1 - (tpr or 0.0)
    if not 0 < most <= 1:
        said = f"fpr is {fpr}" if fpr is not None else f"tpr is {tpr}"
        raise MetricError(said, rule="fpr lies in (0, 1], tpr in [0, 1)", fix="partial_auc@0.1")
    if scale not in ("mcclish", "area"):
        raise MetricError(
            f"scale is {scale!r}", rule="scale is mcclish or area", fix="partial_auc(fpr=0.1, scale=area)"
        )
    scaled = scale == "mcclish"
    # An area of 0 lies below chance by as much as the scale says.
    least = 0.5 * (1 - (most / 2) / (1 - most / 2)) if scaled else 0.0
    where = f"up to a false positive rate of {fpr:g}" if fpr is not None else f"from a true positive rate of {tpr:g}"
    return Metric(
        name="partial_auc",
        parameters={"scale": scale},
        family=Family.FUNCTIONAL,
        reads="score",
        direction="higher",
        lower=least,
        upper=1.0 if scaled else most,
        unit="1",
        summary=f"Area under the ROC curve {where}; " + ("0.5 is chance, 1 is perfect." if scaled else "not scaled."),
        formula="(1 + (A - m^2/2) / (m - m^2/2)) / 2 with A the area over a part of width m",
        citation="McClish (1989), Medical Decision Making 9:190-195; Jiang, Metz & Nishikawa (1996), Radiology 201",
        undefined=ONE_CLASS,
        influence=partial(partial_auc_influence, most, "fpr" if fpr is not None else "tpr", scaled),
        label="partial_auc",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("average_precision", Definition("average_precision", average_precision, "", "average_precision"))
    registry.add("partial_auc", Definition("partial_auc", partial_auc, "fpr", "partial_auc@0.1"))
