"""Several looks at growing data: what holds at all looks together, after stopping, and at every moment.

An interval of several looks is their intersection: it holds the truth exactly where each of them does. Looks at which
the method lies outside its domain are left out, as they support nothing.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.estimate import Bounds
from assay.records.metric import Floats, Metric
from assay.records.sample import Design, GroupedSums, Moments, PairedCounts, Sample
from assay.stats.choose import Inference, infer
from assay.stats.domain import within
from assay.stats.estimates import facts
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Inverted, Result, Undefined
from assay.stats.sequential import boundary, nominal_alphas
from assay.stats.spending import Rule
from assay.stats.stagewise import after_stopping, statistic
from simulations.scenario import Scenario
from simulations.scores import SHAPES
from simulations.shapes import design, group_sums, sizes

Path = list[tuple[Sample, Design]]
Draw = Callable[[np.random.Generator, Sequence[int]], Path]
Ends = Callable[[Sequence[Result], Sequence[int], float], Result]
"""(what each look says, its units, the truth) -> what all say together."""
NONE = Undefined("not estimated", "none")
MOMENTS = tuple(int(n) for n in np.unique(np.geomspace(30, 10_000, 24).round()))


def means(noise: str, effect: float) -> Draw:
    """Paired means, one row per unit."""

    def draw(rng: np.random.Generator, units: Sequence[int]) -> Path:
        base = 3 + rng.normal(size=units[-1])
        return prefixes(base, base + SHAPES[noise](rng, units[-1]) + effect, units)

    return draw


def prefixes(base: Floats, cand: Floats, units: Sequence[int]) -> Path:
    """The moments of the first so many units, each from running sums of powers."""
    at = np.array(units)
    gap = cand - base
    three = [[(values**k).cumsum()[at - 1] / at for k in (1, 2, 3)] for values in (base, cand, gap)]
    cross = (base * cand).cumsum()[at - 1] / at
    out: Path = []
    for i, n in enumerate(units):
        means = [powers[0][i] for powers in three]
        second = [powers[1][i] - m * m for powers, m in zip(three, means, strict=True)]
        third = [powers[2][i] - 3 * m * powers[1][i] + 2 * m**3 for powers, m in zip(three, means, strict=True)]
        both = cross[i] - means[0] * means[1]
        comoment = n * np.array([[second[0], both], [both, second[1]]])
        skew = np.array(third) / np.array(second) ** 1.5
        differ = int(np.count_nonzero(gap[:n]))
        held = Moments(n, np.array(means[:2])[:, None], comoment, differ, skew)
        out.append((held, Design(n, n, float(n), False)))
    return out


def clusters(shape: str, effect: float, grow: int = 1) -> Draw:
    """Paired means over units with rows correlated 0.3; units of the second half are `grow` times as large."""

    def draw(rng: np.random.Generator, units: Sequence[int]) -> Path:
        rows = sizes(rng, units[-1], shape)
        rows[units[-1] // 2 :] *= grow
        unit = np.repeat(np.arange(units[-1]), rows)
        gap = effect + math.sqrt(0.3) * rng.normal(size=units[-1])[unit] + math.sqrt(0.7) * rng.normal(size=len(unit))
        base = rng.normal(size=len(unit))
        sums = group_sums(np.stack([base, base + gap])[:, None], unit, units[-1])
        return [(GroupedSums(rows[:n], sums[:n]), design(rows[:n])) for n in units]

    return draw


def proportions(won: float, lost: float, right: float = 0.8) -> Draw:
    """Paired accuracy, one row per unit: shares of rows that only one model gets right, and that both do."""
    p = np.array([won, lost, right, 1 - won - lost - right])

    def draw(rng: np.random.Generator, units: Sequence[int]) -> Path:
        steps = np.array([rng.multinomial(n, p) for n in np.diff([0, *units])]).cumsum(axis=0)
        out: Path = []
        for n, (w, lost_, both, neither) in zip(units, steps.tolist(), strict=True):
            counts = np.zeros((2, 2, 2), dtype=np.int64)
            counts[1] = [[neither, w], [lost_, both]]
            out.append((PairedCounts(counts), Design(n, n, float(n), False)))
        return out

    return draw


def repeated(planned: int, rule: Rule) -> Ends:
    """Repeated confidence intervals of looks, information being units of those planned."""

    def ends(results: Sequence[Result], units: Sequence[int], truth: float) -> Result:
        def bounds(level: float) -> Bounds:
            alphas = _alphas(tuple(n / planned for n in units), (1 - level) / 2, rule)
            each = [_interval(r, 1 - 2 * a) for r, a in zip(results, alphas, strict=True)]
            return max(low for low, _ in each), min(high for _, high in each)

        return _together(results[-1], bounds)

    return ends


def after(planned: int, rule: Rule) -> Ends:
    """The stage-wise interval at the look at which the bound against no difference is crossed, or the last."""

    def ends(results: Sequence[Result], units: Sequence[int], truth: float) -> Result:
        times = [n / planned for n in units]
        bounds = _bounds(tuple(times), 0.025, rule)
        for k, result in enumerate(results):
            if isinstance(result, (Undefined, Descriptive)):
                continue
            if k == len(units) - 1 or abs(statistic(result, 0.0)) >= bounds[k]:
                return after_stopping(result, 0.0, times[: k + 1], bounds[:k])
        return NONE

    return ends


def every_moment(results: Sequence[Result], units: Sequence[int], truth: float) -> Result:
    """The intersection of the last interval and of those that leave the truth out."""

    def bounds(level: float) -> Bounds:
        sure = [r for r in results if not isinstance(r, (Undefined, Descriptive))]
        each = [r.interval(level) for r in sure if r is results[-1] or r.p_value(truth) <= 1 - level]
        return max(low for low, _ in each), min(high for _, high in each)

    return _together(results[-1], bounds)


def _together(last: Result, bounds: Callable[[float], Bounds]) -> Result:
    if isinstance(last, (Undefined, Descriptive)):
        return last
    return Inverted(last.value, last.method, "all looks", bounds, lambda null: math.nan, diagnostics=last.diagnostics)


def _interval(result: Result, level: float) -> Bounds:
    return (-math.inf, math.inf) if isinstance(result, (Undefined, Descriptive)) else result.interval(level)


@functools.lru_cache(maxsize=64)
def _alphas(times: tuple[float, ...], alpha: float, rule: Rule) -> tuple[float, ...]:
    return nominal_alphas(times, alpha, rule, last=True)


@functools.lru_cache(maxsize=64)
def _bounds(times: tuple[float, ...], alpha: float, rule: Rule) -> tuple[float, ...]:
    return boundary(times, alpha, rule, last=True)


@dataclass(frozen=True)
class World:
    """What is looked at.

    Attributes:
        units: Units of each look.
        truth: The true value.
        best_at: Units at which intervals of every moment are tightest; None for looks that are counted.
        of: What is estimated of each look.
    """

    name: str
    metric: str
    units: Sequence[int]
    draw: Draw
    truth: float
    best_at: float | None = None
    of: str = "difference"


def looks_scenario(label: str, family: str, world: World, ends: Ends) -> Scenario:
    """Looks at growing data; the design of the last look is the one shown."""

    def drawn(rng: np.random.Generator) -> Any:
        path = world.draw(rng, world.units)
        return path, path[-1][1]

    def door(asked: Metric, path: Any, shown: Design, options: InferenceOptions) -> Inference:
        moment = replace(options, best_at=world.best_at)
        results = [_inside(getattr(infer(asked, s, found, moment), world.of), found) for s, found in path]
        return Inference(NONE, NONE, ends(results, world.units, world.truth))

    return Scenario(label, family, parse(world.metric), drawn, math.nan, world.truth, infer=door)


def _inside(result: Result, found: Design) -> Result:
    if isinstance(result, (Undefined, Descriptive)):
        return result
    inside, why = within(result.method, facts(result, found, 0.95))
    return result if inside else Descriptive(result.value, result.method, why)


WORLDS = [
    World("mean normal", "mean", (100, 200, 300), means("normal", 0.0), 0.0),
    World("mean exponential effect=0.2", "mean", (200, 400, 600), means("exponential", 0.2), 0.2),
    World("accuracy 6% against 6%", "accuracy", (100, 300, 500), proportions(0.06, 0.06), 0.0),
    World("accuracy 8% against 4%", "accuracy", (100, 300, 500), proportions(0.08, 0.04), 0.04),
    World("mean pareto clusters", "mean", (100, 200, 300), clusters("pareto", 0.0), 0.0),
    World("mean clusters that grow 5-fold", "mean", (100, 200, 300), clusters("equal2", 0.0, grow=5), 0.0),
]
FOLLOWED = (0, 3, 5)
"""Worlds that are followed to the estimate after stopping, which takes time."""
RULES = {
    "obrien-fleming": Rule(),
    "pocock": Rule("pocock"),
    "hwang-shih-decani -4": Rule("hwang-shih-decani", -4.0),
    "classical-pocock": Rule("classical-pocock", planned=(1 / 3, 2 / 3, 1.0)),
}
ALONE = proportions(0.02, 0.02, 0.94)
EVERY = [
    World("mean normal", "mean", MOMENTS, means("normal", 0.0), 0.0, 2_000),
    World("mean exponential", "mean", MOMENTS, means("exponential", 0.0), 0.0, 2_000),
    World("accuracy 6% against 6%", "accuracy", MOMENTS, proportions(0.06, 0.06), 0.0, 2_000),
    World("accuracy 1% against 3%", "accuracy", MOMENTS, proportions(0.01, 0.03), -0.02, 2_000),
    World("accuracy of one model 96%", "accuracy", MOMENTS, ALONE, 0.96, 2_000, "candidate"),
    World("mean pareto clusters", "mean", MOMENTS[:12], clusters("pareto", 0.0), 0.0, 200),
]


def scenarios() -> list[Scenario]:
    """All scenarios of looks."""
    out = []
    for number, world in enumerate(WORLDS):
        label = f"looks {world.name} units={'/'.join(map(str, world.units))}"
        for rule in dict.fromkeys(("pocock", list(RULES)[number % len(RULES)])):
            made = repeated(world.units[-1], RULES[rule])
            out.append(looks_scenario(f"{label} {rule} repeated", "several looks", world, made))
        if number in FOLLOWED:
            made = after(world.units[-1], RULES["pocock"])
            out.append(looks_scenario(f"{label} pocock stage-wise", "after stopping", world, made))
    over = World("", "mean", (150, 420), means("normal", 0.0), 0.0)
    label = "looks mean normal units=150/420 of 300 planned obrien-fleming repeated"
    out.append(looks_scenario(label, "several looks", over, repeated(300, Rule())))
    for world in EVERY:
        label = f"looks at every moment {world.name} units={world.units[0]} to {world.units[-1]}"
        out.append(looks_scenario(label, "every moment", world, every_moment))
    return out
