"""The one place that chooses the method: from the metric's family, the design and the sample at hand.

| family | one row per unit, one seed | clusters or seeds |
|---|---|---|
| proportion | Wilson; Tango for the difference | Wilson on effective rows; jackknife |
| counts | Dirichlet (binary), multinomial bootstrap | jackknife |
| mean, sums | t; delta method with t | jackknife |
| rank | DeLong | jackknife over exact delete-one-unit AUCs |
| functional | jackknife from the influence of each row | the same over units |
| quantile | order statistics; MOVER | Woodruff; MOVER |
| descriptive | no interval | no interval |

A claim about a method adds the variance over seeds to any of these (`seeds`). Where a plan looks at any moment,
proportions with one row per unit get the exact mixtures of `anytime`, and the normal mixture goes around all else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.records.metric import Family, Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums, Moments, PairedCounts, Rows, Sample
from assay.stats.anytime import EXACT, anytime, difference_anytime, proportion_anytime
from assay.stats.bootstrap import with_bootstrap
from assay.stats.dirichlet import PatternDraws, infer_counts, pattern_draws
from assay.stats.functional import infer_functional
from assay.stats.groups import Prepared, infer_groups, prepare
from assay.stats.means import difference_range, moments_t
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Result, Undefined
from assay.stats.proportions import paired_table, proportion, tango
from assay.stats.quantiles import infer_quantile
from assay.stats.ranks import infer_rank

Three = tuple[Result, Result, Result]


@dataclass(frozen=True, slots=True)
class Inference:
    """One metric on one sample: each a procedure, or undefined with a reason.

    Attributes:
        difference: Candidate - baseline, in the metric's own unit and sign.
    """

    baseline: Result
    candidate: Result
    difference: Result


def infer(metric: Metric, sample: Sample, design: Design, options: InferenceOptions) -> Inference:
    """Choose the method and apply it to the baseline, the candidate and their difference."""
    return infer_all([metric], sample, design, options)[0]


def infer_all(
    metrics: Sequence[Metric], sample: Sample, design: Design, options: InferenceOptions
) -> tuple[Inference, ...]:
    """The same for several metrics on one sample, which share their replicates.

    Args:
        metrics: Metrics whose families take this sample.
        sample: One slice.
        design: How its rows were sampled.
        options: Seed, replicates and the stream's name; the same stream gives the same numbers on any thread.
    """
    shared: PatternDraws | Prepared | None = None
    if isinstance(sample, PairedCounts) and any(m.family is Family.COUNTS for m in metrics):
        shared = pattern_draws(sample.counts, options)
    elif isinstance(sample, (GroupedCounts, GroupedSums)):
        shared = prepare(sample, design)
    made = (Inference(*_one(metric, sample, design, options, shared)) for metric in metrics)
    return tuple(at_any_moment(one, design, options) for one in made)


def at_any_moment(inference: Inference, design: Design, options: InferenceOptions) -> Inference:
    """The inference with intervals that hold at every moment, where that is asked for."""
    best_at = options.best_at
    if best_at is None:
        return inference
    three = (inference.baseline, inference.candidate, inference.difference)
    return Inference(*(one if one.method in EXACT else anytime(one, design, best_at) for one in three))


def _one(
    metric: Metric, sample: Sample, design: Design, options: InferenceOptions, shared: PatternDraws | Prepared | None
) -> Three:
    if design.rows == 0:
        # A metric of ranked lists has rows that it does not read: it says why.
        return _thrice(Undefined(metric.undefined if metric.reads == "ranking" else "no rows", "none"))
    match metric.family, sample:
        case Family.PROPORTION, PairedCounts():
            return _proportions(metric, sample, options.best_at)
        case Family.COUNTS, PairedCounts() if isinstance(shared, PatternDraws):
            return infer_counts(metric, shared)
        case ((Family.MEAN | Family.SUMS), Moments()):
            return _moments(metric, sample, options.best_at)
        case ((Family.PROPORTION | Family.COUNTS), GroupedCounts()) if isinstance(shared, Prepared):
            return infer_groups(metric, sample, design, shared)
        case ((Family.MEAN | Family.SUMS), GroupedSums()) if isinstance(shared, Prepared):
            three = infer_groups(metric, sample, design, shared)
            checked = options.sensitivity and not metric.corpus
            return with_bootstrap(metric, sample, design, options, three) if checked else three
        case Family.RANK, Rows():
            return infer_rank(metric, sample, design)
        case Family.FUNCTIONAL, Rows():
            return infer_functional(metric, sample, design)
        case Family.QUANTILE, Rows():
            return infer_quantile(metric, sample, design)
        case Family.DESCRIPTIVE, Rows():
            return _descriptive(metric, sample, design)
    raise TypeError(f"{metric.name} ({metric.family}) cannot be inferred from {type(sample).__name__}")


def _thrice(result: Result) -> Three:
    return result, result, result


def _proportions(metric: Metric, sample: PairedCounts, best_at: float | None) -> Three:
    return _shares(metric, paired_table(metric, sample.counts), best_at)


def _shares(metric: Metric, table: Floats, best_at: float | None) -> Three:
    """Two proportions of the same rows, from the rows [2, 2] that each model gets wrong or right."""
    trials = float(table.sum())
    why = "a proportion, one row per unit"
    base, cand = float(table[1].sum()), float(table[:, 1].sum())
    if best_at is not None:
        won, lost = float(table[0, 1]), float(table[1, 0])
        both = f"{why}, both models on the same rows"
        return (
            proportion_anytime(base, trials, best_at, why, metric.undefined),
            proportion_anytime(cand, trials, best_at, why, metric.undefined),
            difference_anytime(won, lost, trials, best_at, both, metric.undefined),
        )
    return (
        proportion(base, trials, why, metric.undefined),
        proportion(cand, trials, why, metric.undefined),
        tango(table, f"{why}, both models on the same rows: Tango's score interval", metric.undefined),
    )


def _moments(metric: Metric, sample: Moments, best_at: float | None) -> Three:
    if metric.shares and sample.n > 0 and not np.isnan(sample.mean).any():
        return _shares(metric, _shared_table(sample), best_at)
    base, cand, difference = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([-1.0, 1.0])
    own = (metric.lower, metric.upper)
    return (
        moments_t(metric, sample, base, own),
        moments_t(metric, sample, cand, own),
        moments_t(metric, sample, difference, difference_range(metric), {"nonzero": sample.nonzero}),
    )


def _shared_table(sample: Moments) -> Floats:
    """Rows [2, 2] by the score 0 or 1 of both models, which follow from the moments."""
    base, cand = np.rint(sample.n * sample.mean[:, 0])
    both = np.rint(sample.comoment[0, 1] + base * cand / sample.n)
    return np.array([[sample.n - base - cand + both, cand - both], [base - both, both]])


def _descriptive(metric: Metric, sample: Rows, design: Design) -> Three:
    if metric.value is None:
        raise TypeError(f"{metric.name} is descriptive and has no value function")
    values = np.array([float(metric.value(sample.target, scores)) for scores in sample.scores])
    base, cand = _mean(values, design.baseline), _mean(values, design.candidate)
    return _shown(metric, base), _shown(metric, cand), _shown(metric, cand - base)


def _mean(values: Floats, arms: tuple[int, ...]) -> float:
    return float(values[list(arms)].mean())


def _shown(metric: Metric, value: float) -> Result:
    if math.isnan(value):
        return Undefined(metric.undefined, "descriptive")
    return Descriptive(value, "descriptive", "a descriptive metric: no interval is known to hold for it")
