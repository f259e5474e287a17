"""A Bayesian reading beside the interval: how probable it is that the candidate is better, or as good as the same.

Never a verdict: the plan's level and looks are about how often a procedure errs, and a posterior is about one data set
and a prior.

Source: Rubin (1981), Annals of Statistics 9:130-134 (Bayesian bootstrap); Kruschke (2018), Adv. Methods Pract. Psychol.
Sci. 1:270-280 (region of practical equivalence).
"""

from __future__ import annotations

import math

import numpy as np

from assay.records.comparison import Posterior
from assay.records.metric import Floats, Metric
from assay.records.sample import Design, GroupedCounts, GroupedSums
from assay.stats.groups import prepare, weights
from assay.stats.means import value_of
from assay.stats.options import InferenceOptions
from assay.stats.special import ndtr, ndtri

BOOTSTRAP = "Bayesian bootstrap over units, improper Dirichlet prior"
FLAT = "flat prior, normal approximation"
CHUNK = 500


def bootstrap_posterior(
    metric: Metric,
    sample: GroupedCounts | GroupedSums,
    design: Design,
    rope: float,
    level: float,
    options: InferenceOptions,
) -> Posterior | None:
    """The posterior of candidate - baseline with every unit's weight drawn from a Dirichlet of ones; None if undefined.

    Args:
        metric: Any of the families of counts and sums.
        sample: By groups of units.
        design: Which arms belong to which model.
        rope: Differences up to it, in the metric's unit, count as the same; 0 for none.
        level: Of the central interval.
        options: Seed and number of draws.
    """
    known = prepare(sample, design)
    contrast = weights(design, known.per_group.shape[1])[2]
    rng = options.generator("posterior")
    flat = known.per_group.reshape(len(known.rows), -1).astype(float)
    drawn = []
    for start in range(0, options.draws, CHUNK):
        w = rng.standard_exponential((min(CHUNK, options.draws - start), len(known.rows)))
        w /= w.mean(axis=1, keepdims=True)
        totals = (w @ flat).reshape(-1, *known.per_group.shape[1:])
        if isinstance(sample, GroupedSums):
            values = value_of(metric, totals / (w @ known.rows)[:, None, None])
        elif metric.value is not None:
            values = np.asarray(metric.value(totals), dtype=float)
        else:
            raise TypeError(f"{metric.name} has no value function")
        drawn.append(values @ contrast)
    draws: Floats = np.sort(np.concatenate(drawn))
    if draws.size == 0 or np.isnan(draws).any() or not draws[-1] - draws[0] > 1e-12 * abs(draws[-1]):
        return None
    side = (1 - level) / 2
    low, high = (float(v) for v in np.quantile(draws, [side, 1 - side]))
    better = float(np.mean(metric.sign * draws > 0) + np.mean(draws == 0) / 2)
    inside = float(np.mean(np.abs(draws) <= rope)) if rope > 0 else None
    above = float(np.mean(metric.sign * draws > rope)) if rope > 0 else None
    return Posterior(float(draws.mean()), (low, high), level, better, rope, inside, above, BOOTSTRAP)


def normal_posterior(
    value: float, se: float, sign: float, rope: float, level: float, prior_sd: float | None = None
) -> Posterior:
    """The posterior of a difference known to be normal, under a flat prior or a normal one around 0.

    Args:
        value: The difference.
        se: Its standard error, greater than 0.
        sign: 1 where more is better, -1 where less is.
        rope: Differences up to it count as the same; 0 for none.
        level: Of the central interval.
        prior_sd: How far differences lie from 0 before the data; None for a flat prior.
    """
    shrink = 1.0 if prior_sd is None else prior_sd**2 / (prior_sd**2 + se**2)
    mean, sd = value * shrink, se * math.sqrt(shrink)
    reach = float(ndtri(0.5 + level / 2)) * sd
    better = float(ndtr(sign * mean / sd))
    inside = above = None
    if rope > 0:
        inside = float(ndtr((rope - mean) / sd) - ndtr((-rope - mean) / sd))
        above = float(ndtr((sign * mean - rope) / sd))
    prior = FLAT if prior_sd is None else f"normal prior around 0 with a standard deviation of {prior_sd:g}"
    return Posterior(mean, (mean - reach, mean + reach), level, better, rope, inside, above, prior)
