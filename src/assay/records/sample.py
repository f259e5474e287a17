"""What inference gets to see of one slice: counts, moments, sums or rows, never files.

An *arm* is one model with one seed. Axes: G groups (units, or buckets of units beyond 1,024), A arms, K classes,
m scores.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.records.metric import Array, Floats, Ints

GROUPS = 1024
"""Units up to which each is a group of its own; beyond, groups are buckets of units."""


@dataclass(frozen=True, slots=True)
class Design:
    """How the rows were sampled, and which arms stand for which model.

    Attributes:
        rows: Rows in the slice.
        units: Distinct units in it.
        effective_units: (sum n)^2 / sum n^2 over units; equals `units` where every unit has as many rows.
        clustered: Whether some unit has more than one row.
        baseline: Positions of the baseline's arms, one a seed.
        candidate: Positions of the candidate's arms.
        seeds_paired: Whether seed i of both models is the same draw of the training data (the plan says so).
        about: `model` (these artefacts) or `method` (the procedure that trains them; seeds are a second source of
            variance).
    """

    rows: int
    units: int
    effective_units: float
    clustered: bool
    baseline: tuple[int, ...] = (0,)
    candidate: tuple[int, ...] = (1,)
    seeds_paired: bool = False
    about: str = "model"


@dataclass(frozen=True, slots=True)
class PairedCounts:
    """One row per unit, one arm each: rows by (target, baseline, candidate).

    Attributes:
        counts: [K, K, K], integers.
    """

    counts: Ints


@dataclass(frozen=True, slots=True)
class GroupedCounts:
    """Clusters or seeds: the confusion counts of every arm in every group.

    Attributes:
        counts: [G, A, K, K], integers; target by predicted.
    """

    counts: Ints


@dataclass(frozen=True, slots=True)
class Moments:
    """One row per unit: means and centred co-moments of the per-row scores of all arms.

    Attributes:
        n: Rows.
        mean: [A, m].
        comoment: [A*m, A*m], sums of products of deviations from the mean.
        nonzero: Rows in which the two models' first scores differ.
        skewness: [3], of the first score of the baseline, of the candidate, and of their difference; m3 / m2^1.5 with
            sums over n.
    """

    n: int
    mean: Floats
    comoment: Floats
    nonzero: int
    skewness: Floats


@dataclass(frozen=True, slots=True)
class GroupedSums:
    """Clusters or seeds: sums of the per-row scores of every arm in every group.

    Attributes:
        n: [G], rows.
        sums: [G, A, m].
    """

    n: Ints
    sums: Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows themselves, in an order that does not depend on the file's.

    Attributes:
        target: [n]; 0 and 1 for rank metrics.
        scores: [A, n].
        unit: [n], codes 0..U-1 of the units, or None with one row per unit.
        group: [n], the unit's bucket, or None.
    """

    target: Array
    scores: Floats
    unit: Ints | None = None
    group: Ints | None = None


Sample = PairedCounts | GroupedCounts | Moments | GroupedSums | Rows
