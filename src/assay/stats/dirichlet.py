"""Functions of confusion counts, one row per unit: replicates of the counts of outcome patterns.

Two classes: Dirichlet draws with 1/4 added to each of the eight patterns, so that a pattern not seen is not taken for
impossible, and scaled to the sampling variance of a share. Of a difference the patterns in which the models part get
1/2; of one model with few errors (or few right rows) the bounds hold those without anything added to these too
(design/0017). More classes: the multinomial bootstrap over the patterns that occur. The draws serve every metric of a
slice: they are made once and belong to the sample, not to the metric.
"""

from __future__ import annotations

import functools
import math
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
from assay.stats.proportions import FEW

SMOOTHING = 0.25
APART = 0.25
CHUNK = 4_000_000
FEW_TO_LOSE = 0.05
LARGE = 200
LEAST_ROWS = 5

Value = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Replicates:
    """Replicated values of a metric.

    Attributes:
        baseline: Sets of [B]: the first decides where the interval is about, further ones may widen it.
        candidate: The same of the candidate.
        difference: [B], candidate - baseline.
    """

    baseline: tuple[Floats, ...]
    candidate: tuple[Floats, ...]
    difference: Floats


@dataclass(frozen=True, slots=True)
class PatternDraws:
    """Replicates of one sample's confusion counts, for both models together.

    Attributes:
        counts: [K, K, K], what was observed: target by baseline by candidate.
        method: `dirichlet` or `multinomial-bootstrap`.
        replicate: Value function -> the replicated values of both models and of their difference.
    """

    counts: Ints
    method: str
    replicate: Callable[[Value], Replicates]


def pattern_draws(counts: Ints, options: InferenceOptions) -> PatternDraws:
    """Replicates of paired counts [K, K, K], by the number of classes."""
    if counts.shape[0] == 2:
        return PatternDraws(counts, "dirichlet", _dirichlet(counts, options))
    return PatternDraws(counts, "multinomial-bootstrap", _multinomial(counts, options))


def scale(n: int) -> float:
    """What counts + 1/4 are multiplied by, so that their sum is n - 2.

    With that sum the variance of a share is the unbiased p (1 - p) / (n - 1); with the plain sum n + 2 a difference of
    precisions at 30 rows is covered 92 instead of 94 % (design/0003-inference.md).
    """
    return max(n - 2, 1) / (n + 8 * SMOOTHING)


def _dirichlet(counts: Ints, options: InferenceOptions) -> Callable[[Value], Replicates]:
    gammas = _gammas(counts, options)
    models = _by_model(gammas)
    few = [_few_events(c, models[at], options, at) for at, c in enumerate(confusions(counts))]
    parted = _parted(counts, gammas, options)

    def replicate(value: Value) -> Replicates:
        base, cand = (
            (np.asarray(value(m), dtype=float), *(np.asarray(value(f), dtype=float) for f in also))
            for m, also in zip(models, few, strict=True)
        )
        if parted is None:
            return Replicates(base, cand, cand[0] - base[0])
        one, other = (np.asarray(value(m), dtype=float) for m in parted)
        return Replicates(base, cand, other - one)

    return replicate


def _gammas(counts: Ints, options: InferenceOptions) -> Floats:
    """Gamma draws of the eight patterns, [2, 2, 2, B]; their sum need not be 1 for a function of shares."""
    shapes = (counts + SMOOTHING) * scale(int(counts.sum()))
    normals = _normals(options.seed, options.draws)
    generator = options.generator("dirichlet") if shapes.min() < LARGE else None
    gammas = np.empty((2, 2, 2, options.draws))
    for pattern in np.ndindex(2, 2, 2):
        if generator is not None and shapes[pattern] < LARGE:
            generator.standard_gamma(shapes[pattern], out=gammas[pattern])
        else:
            _large_gamma(float(shapes[pattern]), normals[pattern], gammas[pattern])
    return gammas


def _by_model(gammas: Floats) -> tuple[Floats, Floats]:
    """Baseline's and candidate's confusions [B, 2, 2]: replicates last in memory, so that cells are contiguous."""
    baseline, candidate = gammas[:, :, 0] + gammas[:, :, 1], gammas[:, 0] + gammas[:, 1]
    return np.moveaxis(baseline, -1, 0), np.moveaxis(candidate, -1, 0)


def _parted(counts: Ints, gammas: Floats, options: InferenceOptions) -> tuple[Floats, Floats] | None:
    """Confusions for the difference: another 1/4 for the patterns in which the models part; None where all are many.

    With few such rows 1/4 alone is sure too soon: three rows won and none lost would be enough. Between two models of
    1,000 rows that are wrong in 0.3 % of them a difference of F1 was covered 91 %, so 95 % (design/0017).
    """
    apart = [(target, one, 1 - one) for target in (0, 1) for one in (0, 1)]
    few = [pattern for pattern in apart if counts[pattern] < LARGE]
    if not few:
        return None
    wider, size = gammas.copy(), scale(int(counts.sum()))
    added = _added(options.seed, options.draws)
    for pattern in few:
        wider[pattern] += size * added[pattern[0], pattern[1]]
    return _by_model(wider)


@functools.lru_cache(maxsize=2)
def _added(seed: int, draws: int) -> Floats:
    """Gamma draws [2, 2, draws] of another 1/4, common to all samples of an analysis (see `_normals`)."""
    found = stream(seed, "dirichlet-apart").standard_gamma(APART, (2, 2, draws))
    found.flags.writeable = False
    return found


def _few_events(confusion: Ints, drawn: Floats, options: InferenceOptions, model: int) -> list[Floats]:
    """Confusions [B, 2, 2] of one model with nothing added to cells of which one is rare: errors, or right rows.

    What is added to rare cells keeps a bound off the end that they lie at, as Clopper and Pearson's bounds do not: with
    200 rows and one error in 1,000, F1 was covered 86 %. The other cells are those of `drawn`, the model's own draws
    [B, 2, 2]. Empty where no cell is rare.
    """
    found, wrong = [], ~np.eye(2, dtype=bool)
    for name, rare in (("wrong", wrong), ("right", ~wrong)):
        if confusion[rare].min() >= FEW:
            continue
        generator = options.generator(f"dirichlet-{name}-{model}")
        shapes, bare = confusion * scale(int(confusion.sum())), np.moveaxis(drawn, 0, -1).copy()
        for cell in zip(*np.nonzero(rare), strict=True):
            generator.standard_gamma(shapes[cell], out=bare[cell])
        found.append(np.moveaxis(bare, -1, 0))
    return found


@functools.lru_cache(maxsize=2)
def _normals(seed: int, draws: int) -> Floats:
    """Standard normal numbers [2, 2, 2, draws], common to all samples of an analysis.

    Each sample's interval needs numbers that are independent of its data, not of the other samples' numbers.
    """
    found = stream(seed, "dirichlet-normals").standard_normal((2, 2, 2, draws))
    found.flags.writeable = False
    return found


def _large_gamma(shape: float, normals: Floats, out: Floats) -> None:
    """Fill with gamma draws of a large shape, from standard normal numbers.

    Marsaglia & Tsang's cubed normal without its rejection, which takes place once in 40 x shape draws: a distance in
    total variation below 1.3e-4.

    Source: Marsaglia & Tsang (2000), ACM Trans. Math. Softw. 26:363-372.
    """
    d = shape - 1 / 3
    np.multiply(normals, 1 / math.sqrt(9 * d), out=out)
    out += 1
    out *= out * out
    out *= d


def _multinomial(counts: Ints, options: InferenceOptions) -> Callable[[Value], Replicates]:
    classes, total = counts.shape[0], int(counts.sum())
    target, base, cand = np.nonzero(counts)
    shares = counts[target, base, cand] / max(1, total)
    cells = classes * classes
    to_base = _indicator(target * classes + base, cells)
    to_cand = _indicator(target * classes + cand, cells)
    size = max(1, min(options.draws, CHUNK // max(1, target.size + 2 * cells)))

    def replicate(value: Value) -> Replicates:
        # The stream starts anew for every metric, so that all of them see the same replicates in little memory.
        generator = options.generator("multinomial-bootstrap")
        parts: list[tuple[Floats, Floats]] = []
        for start in range(0, options.draws, size):
            drawn = generator.multinomial(total, shares, size=min(size, options.draws - start)).astype(float)
            shape = (-1, classes, classes)
            parts.append((value((drawn @ to_base).reshape(shape)), value((drawn @ to_cand).reshape(shape))))
        base, cand = np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
        return Replicates((base,), (cand,), cand - base)

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
    drawn, ends = draws.replicate(metric.value), (metric.lower, metric.upper)
    base, cand, parted = _rare(draws)
    return (
        _percentile(metric, draws, observed[0], drawn.baseline, ends, base),
        _percentile(metric, draws, observed[1], drawn.candidate, ends, cand),
        _percentile(metric, draws, observed[1] - observed[0], (drawn.difference,), difference_range(metric), parted),
    )


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


def _rare(draws: PatternDraws) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Rows that each model gets wrong, and those in which the models part: the bootstrap needs some of them."""
    if draws.method == "dirichlet":
        return {}, {}, {}
    rows = int(draws.counts.sum())
    base, cand = ({"wrong_rows": rows - int(np.trace(c))} for c in confusions(draws.counts))
    return base, cand, {"nonzero": rows - int(np.einsum("tkk->", draws.counts))}


def _percentile(
    metric: Metric,
    draws: PatternDraws,
    value: float,
    sets: tuple[Floats, ...],
    bounds: Range,
    rare: dict[str, Any],
) -> Result:
    if math.isnan(value):
        return Undefined(metric.undefined, draws.method)
    kept, *also = (_kept(replicates) for replicates in sets)
    lost = sets[0].size - kept.size
    facts = _facts(draws) | rare | {"undefined_draws": lost}
    if lost > FEW_TO_LOSE * sets[0].size:
        why = f"no interval: the metric is undefined in {lost} of {sets[0].size} replicates"
        return Descriptive(value, draws.method, why, exact=False, diagnostics=facts)
    if kept[0] == kept[-1]:
        why = "no interval: every replicate gives the same value, so the sample shows no variance"
        return Descriptive(value, draws.method, why, exact=False, diagnostics=facts)
    reason = (
        "a function of binary counts, one row per unit: Dirichlet draws over the paired outcome patterns"
        if draws.method == "dirichlet"
        else "a function of multiclass counts, one row per unit: bootstrap of the paired outcome patterns"
    )
    wider = tuple(s for s in also if s.size >= (1 - FEW_TO_LOSE) * sets[0].size)
    return Draws(value, kept, draws.method, reason, bounds[0], bounds[1], diagnostics=facts, wider=wider)


def _kept(replicates: Floats) -> Floats:
    """In ascending order, without those that are undefined: NaN sorts last."""
    ordered = np.sort(replicates)
    return ordered if ordered[-1] == ordered[-1] else ordered[: int(np.searchsorted(ordered, np.nan))]
