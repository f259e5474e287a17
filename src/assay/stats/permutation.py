"""Sign-flip test of two models on the same units: under "no difference" a unit's results may change sides.

Source: Fisher (1935), The Design of Experiments, section 21; Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol.
9:39 (p-values of sampled permutations are never 0).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from assay.records.comparison import SignFlip
from assay.records.metric import Array, Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.groups import prepare
from assay.stats.means import value_of
from assay.stats.options import InferenceOptions

ENUMERATED = 16
"""Up to as many units that differ, every flip is counted."""
CHUNK = 2_000


def sign_flip(
    metric: Metric, sample: GroupedCounts | GroupedSums, design: Design, options: InferenceOptions
) -> SignFlip | None:
    """How often flipped units give a difference at least as large as the one seen; None where it is undefined.

    Args:
        metric: Any of the families of counts and sums.
        sample: By groups of units: beyond 1,024 units, whole buckets change sides together.
        design: Which arms belong to which model; seeds of one model are averaged.
        options: Seed and number of draws where not every flip is counted.
    """
    known = prepare(sample, design)
    base, cand = (known.per_group[:, list(a)].mean(axis=1) for a in (design.baseline, design.candidate))
    apart = (cand - base).reshape(len(base), -1)
    differ = np.flatnonzero((apart != 0).any(axis=1))
    both = (base + cand).sum(axis=0)
    rows = float(known.rows.sum())

    def difference(flips: Floats) -> Floats:
        moved = (flips @ apart[differ]).reshape(-1, *both.shape)
        return _value(metric, (both + moved) / 2, rows) - _value(metric, (both - moved) / 2, rows)

    seen = float(difference(np.ones((1, differ.size)))[0])
    if np.isnan(seen):
        return None
    least = abs(seen) * (1 - 1e-9)
    exact = differ.size <= ENUMERATED
    reached = tried = 0
    for flips in _every(differ.size) if exact else _sampled(differ.size, options):
        found = np.abs(difference(flips))
        # A flip after which the metric is undefined counts as large: the p-value is never too small.
        reached += int(np.count_nonzero(np.isnan(found) | (found >= least)))
        tried += len(flips)
    p = reached / tried if exact else (reached + 1) / (tried + 1)
    return SignFlip(p, exact, int(differ.size), tried)


def _value(metric: Metric, totals: Array, rows: float) -> Floats:
    if metric.columns:
        return value_of(metric, totals / rows)
    if metric.value is None:
        raise TypeError(f"{metric.name} has no value function")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(metric.value(totals), dtype=float)


def _every(units: int) -> Iterator[Floats]:
    """Every flip, up to the mirror image of each, which has the same size."""
    free = max(0, units - 1)
    for start in range(0, 1 << free, CHUNK):
        number = np.arange(start, min(1 << free, start + CHUNK))
        bits = (number[:, None] >> np.arange(free)) & 1
        yield np.concatenate([np.ones((len(number), min(1, units))), 1.0 - 2.0 * bits], axis=1)


def _sampled(units: int, options: InferenceOptions) -> Iterator[Floats]:
    rng = options.generator("sign-flip")
    for start in range(0, options.draws, CHUNK):
        many = min(CHUNK, options.draws - start)
        yield 1.0 - 2.0 * rng.integers(0, 2, size=(many, units)).astype(float)
