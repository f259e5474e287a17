"""Many models on one test set: each against the best of the others, all pairs, and groups that are not told apart.

Source: Hsu (1996), Multiple Comparisons: Theory and Methods, chapter 4 (multiple comparisons with the best); Edwards &
Hsu (1983), J. Am. Stat. Assoc. 78:965-971 (unequal variances); Piepho (2004), J. Comput. Graph. Stat. 13:456-466
(letters).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.estimate import Bounds
from assay.records.metric import Array, Floats
from assay.stats.jackknife import Range
from assay.stats.maxt import draw_values, largest_t, pairs, standard_errors
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, MaxT, Result, clip, p_by_inversion
from assay.stats.together import Joint

PAIRS, BEST = "max-t", "best-t"
ALIKE = "no interval: every unit gives the same difference, so the sample shows no variance"


@dataclass(frozen=True, slots=True)
class Many:
    """What is said of K models at once; `oriented` values are larger where better.

    Attributes:
        pairs: [K (K - 1) / 2], first minus second in the metric's own sign, in the order of `maxt.pairs`.
        best: [K], the model minus the best of the others, in the metric's own sign.
        p_best: [K], p-value of "this model is the best".
        twins: For each model the first one that scores every unit as it does; itself where there is none.
    """

    pairs: tuple[Result, ...]
    best: tuple[Result, ...]
    p_best: Floats
    twins: tuple[int, ...]


def infer_many(found: Joint, sign: float, bounds: Range, options: InferenceOptions, reason: str) -> Many:
    """Compare all models with one another and with the best.

    Args:
        found: Values, all defined, with their covariance.
        sign: 1 where more is better, -1 where less is.
        bounds: Least and greatest difference possible.
        options: Seed and number of the draws that simultaneous levels take.
        reason: How the units were sampled, in words.
    """
    contrasts = pairs(found.values.size)
    df = found.degrees(contrasts)
    if found.rows.size < 2 or not df > 0.05:
        rare = found.facts.get("class_units", 2.0) <= 1.05
        what = "all rows of one class" if rare and found.rows.size > 1 else "nearly all rows"
        nothing = f"no interval: {what} belong to one unit, which says nothing of how units differ"
        each = [Descriptive(float(w @ found.values), PAIRS, nothing) for w in contrasts]
        lone = [Descriptive(behind(found.values, i, sign), BEST, nothing) for i in range(found.values.size)]
        alone = tuple(range(found.values.size))
        return Many(tuple(each), tuple(lone), np.ones(found.values.size), alone)
    largest = largest_t(contrasts, found.covariance, df, options.generator("all-pairs"), options.draws)
    errors = standard_errors(contrasts, found.covariance)
    made: list[Result] = []
    for weights, se in zip(contrasts, errors, strict=True):
        value, facts = float(weights @ found.values), {**found.about(weights), "df": df}
        why = f"{reason}; all pairs together by the largest |t| under their joint covariance"
        if se > 0:
            made.append(MaxT(value, float(se), largest, PAIRS, why, *bounds, diagnostics=facts))
        else:
            made.append(Descriptive(value, PAIRS, ALIKE, diagnostics=facts))
    twins = _twins(found)
    best, p_best = _with_the_best(found, sign, df, bounds, options, reason, twins)
    return Many(tuple(made), best, p_best, twins)


def behind(values: Floats, model: int, sign: float) -> float:
    """A model's value minus the best of the others, in the metric's own sign."""
    rest = np.delete(values, model)
    return float(values[model] - (rest.max() if sign > 0 else rest.min()))


def _twins(found: Joint) -> tuple[int, ...]:
    """Models that no unit tells apart count as one: the sample cannot say how they differ."""
    out: list[int] = []
    for model in range(found.values.size):
        same = (
            first
            for first in range(model)
            if found.values[first] == found.values[model]
            and np.array_equal(found.moved[:, first], found.moved[:, model])
        )
        out.append(next(same, model))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Field:
    """The models that are told apart, oriented so that more is better.

    Attributes:
        values: [R].
        apart: [R, R], standard errors of differences; infinite where a difference shows no variance.
        largest: [R, draws], for each model the largest t by which one of the others passes it by chance, ascending.
    """

    values: Floats
    apart: Floats
    largest: Floats

    def critical(self, level: float) -> Floats:
        """[R], one-sided, for all others together."""
        k = math.floor((self.largest.shape[1] + 1) * (1 - level) + 1e-9)
        return self.largest[:, -min(k, self.largest.shape[1])] if k else np.full(self.values.size, np.inf)

    def bounds(self, level: float) -> Floats:
        """[R, 2], of each model minus the best of the others: the upper one is 0 where it is surely not the best."""
        reach = self.critical(level)
        lead = self.values[:, None] - self.values[None, :]
        upper = lead + reach[:, None] * self.apart
        np.fill_diagonal(upper, np.inf)
        high = np.maximum(0.0, upper.min(axis=1))
        lower = lead - reach[None, :] * self.apart
        np.fill_diagonal(lower, np.inf)
        lower[:, high == 0] = np.inf
        low = np.minimum(0.0, lower.min(axis=1))
        return np.stack([low, high], axis=1)


def _with_the_best(
    found: Joint, sign: float, df: float, limits: Range, options: InferenceOptions, reason: str, twins: Sequence[int]
) -> tuple[tuple[Result, ...], Floats]:
    kept = sorted(set(twins))
    field = _field(sign * found.values[kept], found.covariance[np.ix_(kept, kept)], df, options)
    size = found.values.size
    p_best = np.ones(size)
    results: list[Result] = []
    for model in range(size):
        value, place = behind(found.values, model, sign), kept.index(twins[model])
        if len(kept) < 2 or not np.isfinite(field.apart[place]).any():
            results.append(Descriptive(value, BEST, ALIKE))
            continue
        p_best[model] = _p_best(field, place)
        why = f"{reason}; with the best of the others, all models together (Hsu)"
        results.append(_against_best(field, place, value, sign, limits, why, _facts(found, model, sign, df)))
    return tuple(results), p_best


def _facts(found: Joint, model: int, sign: float, df: float) -> dict[str, Any]:
    """Diagnostics of the contrast with the best of the others."""
    order = np.argsort(-sign * found.values, kind="stable")
    weights = np.zeros(found.values.size)
    weights[model], weights[next(m for m in order if m != model)] = 1.0, -1.0
    return {**found.about(weights), "df": df}


def _field(values: Floats, covariance: Floats, df: float, options: InferenceOptions) -> _Field:
    size = values.size
    apart = np.array([standard_errors(np.eye(size) - np.eye(size)[i], covariance) for i in range(size)])
    apart = np.where(apart > 0, apart, np.inf)
    drawn = []
    for values_drawn in draw_values(covariance, df, options.generator("best"), size * size, options.draws):
        passed = (values_drawn[:, None, :] - values_drawn[:, :, None]) / apart
        passed[:, np.arange(size), np.arange(size)] = -np.inf
        drawn.append(passed.max(axis=2))
    return _Field(values, apart, np.sort(np.concatenate(drawn), axis=0).T)


def _p_best(field: _Field, place: int) -> float:
    """The least error at which the model leaves those that may be the best."""
    lead = np.delete(field.values - field.values[place], place) / np.delete(field.apart[place], place)
    draws = field.largest[place]
    reached = int(draws.size - np.searchsorted(draws, lead.max(), side="left"))
    return (reached + 1) / (int(draws.size) + 1)


def _against_best(
    field: _Field, place: int, value: float, sign: float, limits: Range, reason: str, facts: dict[str, Any]
) -> Result:
    def bounds(level: float) -> Bounds:
        low, high = (float(b) for b in field.bounds(level)[place])
        low, high = (low, high) if sign > 0 else (-high, -low)
        return clip((min(low, value), max(high, value)), *limits)

    def p(null: float) -> float:
        # 0 always is an end of the interval, or inside it.
        return p_by_inversion(bounds, value, null) if null else 1.0

    return Inverted(value, BEST, reason, bounds, p, exact=False, diagnostics=facts)


def groups(order: Sequence[int], apart: Array) -> list[list[int]]:
    """Sets of models of which no two are told apart, the best first; every pair not told apart shares one.

    Args:
        order: The models, best first.
        apart: [K, K], whether two are told apart.
    """
    columns: list[set[int]] = [set(order)]
    for i, j in ((i, j) for a, i in enumerate(order) for j in order[a + 1 :] if apart[i, j]):
        split: list[set[int]] = []
        for column in columns:
            split += [column - {i}, column - {j}] if i in column and j in column else [column]
        # A set inside another says nothing more.
        split.sort(key=len, reverse=True)
        columns = []
        for column in split:
            if column and not any(column <= kept for kept in columns):
                columns.append(column)
    place = {model: rank for rank, model in enumerate(order)}
    return sorted((sorted(c, key=place.__getitem__) for c in columns), key=lambda c: [place[m] for m in c])
