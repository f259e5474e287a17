"""Functions of confusion counts, one row per unit: replicates of the counts of outcome patterns.

Two classes: Dirichlet draws with 1/4 added to each of the eight patterns, so that a pattern not seen is not taken for
impossible, and scaled to the sampling variance of a share. More classes: the multinomial bootstrap over the patterns
that occur. The draws serve every metric of a slice: they are made once and belong to the sample, not to the metric.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.seeds import stream
from assay.records.metric import Array, Floats, Ints, Metric
from assay.stats.jackknife import Range
from assay.stats.means import difference_range
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Draws, Result, Undefined

SMOOTHING = 0.25
CHUNK = 4_000_000
FEW_TO_LOSE = 0.05
LARGE = 200
LEAST_ROWS = 5

Value = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class PatternDraws:
    """Replicates of one sample's confusion counts, for both models together.

    Attributes:
        counts: [K, K, K], what was observed: target by baseline by candidate.
        method: `dirichlet` or `multinomial-bootstrap`.
        replicate: Value function -> values [2, B], baseline's and candidate's.
    """

    counts: Ints
    method: str
    replicate: Callable[[Value], Floats]


def pattern_draws(counts: Ints, options: InferenceOptions) -> PatternDraws:
    """Replicates of paired counts [K, K, K], by the number of classes."""
    if counts.shape[0] == 2:
        return PatternDraws(counts, "dirichlet", _dirichlet(counts, options))
    return PatternDraws(counts, "multinomial-bootstrap", _multinomial(counts, options))


def concentrations(counts: Ints) -> Floats:
    """Dirichlet parameters of the eight patterns: 1/4 added to each, all scaled to a sum of n - 2.

    With that sum the variance of a share is the unbiased p (1 - p) / (n - 1); with the plain sum n + 2 a difference of
    precisions at 30 rows is covered 92 instead of 94 % (design/0003-inference.md).
    """
    n = int(counts.sum())
    return np.asarray((counts + SMOOTHING) * (max(n - 2, 1) / (n + 8 * SMOOTHING)))


def _dirichlet(counts: Ints, options: InferenceOptions) -> Callable[[Value], Floats]:
    shapes = concentrations(counts)
    # Gamma draws are on the scale of the counts; their sum need not be 1 for a function of shares.
    gammas = _large_gammas(np.maximum(shapes, LARGE), _normals(options.seed, options.draws))
    few = np.argwhere(shapes < LARGE)
    if few.size:
        generator = options.generator("dirichlet")
        for pattern in map(tuple, few):
            generator.standard_gamma(shapes[pattern], out=gammas[pattern])
    # Replicates last in memory, before the cells in shape: every cell of both confusions is one contiguous array.
    cells = np.empty((2, *gammas.shape[1:]))
    np.add(gammas[:, :, 0], gammas[:, :, 1], out=cells[0])
    np.add(gammas[:, 0], gammas[:, 1], out=cells[1])
    both = np.moveaxis(cells, -1, 1)
    return lambda value: np.asarray(value(both), dtype=float)


@functools.lru_cache(maxsize=2)
def _normals(seed: int, draws: int) -> Floats:
    """Standard normal numbers [2, 2, 2, draws], common to all samples of an analysis.

    Each sample's interval needs numbers that are independent of its data, not of the other samples' numbers.
    """
    found = stream(seed, "dirichlet-normals").standard_normal((2, 2, 2, draws))
    found.flags.writeable = False
    return found


def _large_gammas(shapes: Floats, normals: Floats) -> Floats:
    """Gamma draws [..., B] of large shapes [...], from standard normal numbers [..., B]; good until the next call.

    Marsaglia & Tsang's cubed normal without its rejection, which takes place once in 40 x shape draws: a distance in
    total variation below 1.3e-4.

    Source: Marsaglia & Tsang (2000), ACM Trans. Math. Softw. 26:363-372.
    """
    root = np.cbrt(shapes - 1 / 3)[..., None]
    roots, draws = _scratch.pair(normals.shape)
    np.multiply(normals, root / np.sqrt(9 * root**3), out=roots)
    roots += root
    np.multiply(roots, roots, out=draws)
    draws *= roots
    return np.asarray(draws)


class _Scratch(threading.local):
    """Two arrays that a thread fills anew for each sample: fresh pages cost three times the arithmetic on them."""

    def __init__(self) -> None:
        self._held = np.empty((2, 0))

    def pair(self, shape: tuple[int, ...]) -> Floats:
        """[2, *shape], of any content, until the thread asks again."""
        if self._held.shape[1:] != shape:
            self._held = np.empty((2, *shape))
        return self._held


_scratch = _Scratch()


def _multinomial(counts: Ints, options: InferenceOptions) -> Callable[[Value], Floats]:
    classes, total = counts.shape[0], int(counts.sum())
    target, base, cand = np.nonzero(counts)
    shares = counts[target, base, cand] / max(1, total)
    cells = classes * classes
    to_base = _indicator(target * classes + base, cells)
    to_cand = _indicator(target * classes + cand, cells)
    size = max(1, min(options.draws, CHUNK // max(1, target.size + 2 * cells)))

    def replicate(value: Value) -> Floats:
        # The stream starts anew for every metric, so that all of them see the same replicates in little memory.
        generator = options.generator("multinomial-bootstrap")
        values = np.empty((2, options.draws))
        for start in range(0, options.draws, size):
            stop = min(start + size, options.draws)
            drawn = generator.multinomial(total, shares, size=stop - start).astype(float)
            for model, to_cells in enumerate((to_base, to_cand)):
                values[model, start:stop] = value((drawn @ to_cells).reshape(-1, classes, classes))
        return values

    return replicate


def _indicator(column: Array, columns: int) -> Floats:
    matrix = np.zeros((column.size, columns))
    matrix[np.arange(column.size), column] = 1.0
    return matrix


def confusions(counts: Array) -> tuple[Array, Array]:
    """Baseline's and candidate's confusion [K, K] of paired counts [K, K, K]."""
    return counts.sum(axis=2), counts.sum(axis=1)


def infer_counts(metric: Metric, draws: PatternDraws) -> tuple[Result, Result, Result]:
    """Baseline, candidate and difference of a function of confusion counts.

    The value is the metric on the observed counts; where that is undefined, so is the estimate.
    """
    if metric.value is None:
        raise TypeError(f"{metric.name} reads counts and has no value function")
    observed = [float(metric.value(c)) for c in confusions(draws.counts)]
    if draws.counts.sum() < LEAST_ROWS:
        return _each(metric, draws, observed)
    both = draws.replicate(metric.value)
    ordered = np.concatenate([both, both[1:] - both[:1]])
    ordered.sort(axis=-1)
    facts, values = _facts(draws), (observed[0], observed[1], observed[1] - observed[0])
    ranges = ((metric.lower, metric.upper), (metric.lower, metric.upper), difference_range(metric))
    base, cand, difference = (
        _percentile(metric, draws, v, o, r, facts) for v, o, r in zip(values, ordered, ranges, strict=True)
    )
    return base, cand, difference


def _each(metric: Metric, draws: PatternDraws, observed: list[float]) -> tuple[Result, Result, Result]:
    values = (observed[0], observed[1], observed[1] - observed[0])
    why = f"no interval: fewer than {LEAST_ROWS} units"
    base, cand, difference = (
        Undefined(metric.undefined, draws.method) if math.isnan(v) else Descriptive(v, draws.method, why)
        for v in values
    )
    return base, cand, difference


def _facts(draws: PatternDraws) -> dict[str, Any]:
    """What the method's domain asks about: rows, and rows of the rarer target class."""
    by_target = draws.counts.sum(axis=(1, 2))
    present = by_target[by_target > 0]
    return {"rarest_class": int(present.min()) if present.size > 1 else 0}


def _percentile(
    metric: Metric, draws: PatternDraws, value: float, ordered: Floats, bounds: Range, known: dict[str, Any]
) -> Result:
    if math.isnan(value):
        return Undefined(metric.undefined, draws.method)
    # NaN sorts last.
    kept = ordered.size if ordered[-1] == ordered[-1] else int(np.searchsorted(ordered, np.nan))
    lost = ordered.size - kept
    facts = known | {"undefined_draws": lost}
    if lost > FEW_TO_LOSE * ordered.size:
        why = f"no interval: the metric is undefined in {lost} of {ordered.size} replicates"
        return Descriptive(value, draws.method, why, exact=False, diagnostics=facts)
    if ordered[0] == ordered[kept - 1]:
        why = "no interval: every replicate gives the same value, so the sample shows no variance"
        return Descriptive(value, draws.method, why, exact=False, diagnostics=facts)
    reason = (
        "a function of binary counts, one row per unit: Dirichlet draws over the paired outcome patterns"
        if draws.method == "dirichlet"
        else "a function of multiclass counts, one row per unit: bootstrap of the paired outcome patterns"
    )
    return Draws(value, ordered[:kept], draws.method, reason, bounds[0], bounds[1], diagnostics=facts)
