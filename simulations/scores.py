"""Means and functions of means: skew, ties, few rows that differ, clusters."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from assay.metrics import parse
from assay.records.metric import Floats
from assay.records.sample import GroupedSums
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, group_sums, moments, sizes

Noise = Callable[[np.random.Generator, int], Floats]
"""Draws n values of mean 0 and standard deviation 1."""


def normal(rng: np.random.Generator, n: int) -> Floats:
    """Symmetric."""
    return rng.normal(size=n)


def skewed(rng: np.random.Generator, n: int) -> Floats:
    """Log-normal with sigma 1 (skewness 6.2)."""
    mean, sd = math.exp(0.5), math.sqrt((math.e - 1) * math.e)
    return np.asarray((rng.lognormal(size=n) - mean) / sd)


def mild(rng: np.random.Generator, n: int) -> Floats:
    """Exponential (skewness 2)."""
    return rng.exponential(size=n) - 1


def rare(rng: np.random.Generator, n: int) -> Floats:
    """-1, 0 or 1, mostly 0: two models that differ in a fifth of the rows (ties)."""
    return np.asarray(rng.choice([-1.0, 0.0, 1.0], size=n, p=[0.1, 0.8, 0.1]) / math.sqrt(0.2))


SHAPES: dict[str, Noise] = {"normal": normal, "exponential": mild, "log-normal": skewed, "ties": rare}


def mean_scenario(n: int, shape: str, name: str, effect: float) -> Scenario:
    """The mean of a score whose difference between the models has the shape named; unit correlation 0.3."""
    noise = SHAPES[name]

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, n, shape)
        unit = np.repeat(np.arange(n), rows)
        base = 3 + rng.normal(size=n)[unit]
        gap = noise(rng, len(unit))
        if shape != "one":
            gap = math.sqrt(0.7) * gap + math.sqrt(0.3) * noise(rng, n)[unit]
        scores = np.stack([base, base + gap + effect])[:, None]
        if shape == "one":
            return moments(scores), design(rows)
        return GroupedSums(rows, group_sums(scores, unit, n)), design(rows)

    family = "means" if shape == "one" else "means, clusters"
    label = f"mean n={n} {shape} {name} effect={effect:g}"
    return Scenario(label, family, parse("mean"), draw, math.nan, effect)


def rmse_scenario(n: int, shape: str, ratio: float) -> Scenario:
    """RMSE of normal errors of both models, correlated 0.7; the candidate's deviation is `ratio`."""

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, n, shape)
        unit = np.repeat(np.arange(n), rows)
        common = math.sqrt(0.4) * rng.normal(size=n)[unit] + math.sqrt(0.3) * rng.normal(size=len(unit))
        own = math.sqrt(0.3) * rng.normal(size=(2, len(unit)))
        errors = (common + own) * np.array([1.0, ratio])[:, None]
        scores = (errors**2)[:, None]
        if shape == "one":
            return moments(scores), design(rows)
        return GroupedSums(rows, group_sums(scores, unit, n)), design(rows)

    family = "functions of means" if shape == "one" else "functions of means, clusters"
    label = f"rmse n={n} {shape} ratio={ratio:g}"
    return Scenario(label, family, parse("rmse"), draw, ratio, ratio - 1)


def scenarios() -> list[Scenario]:
    """All scenarios of means and of functions of means."""
    shapes = [(10, "one"), (20, "one"), (30, "one"), (100, "one"), (1000, "one")]
    shapes += [(10, "equal5"), (30, "equal5"), (30, "pareto"), (100, "pareto"), (300, "pareto")]
    out = [mean_scenario(n, shape, name, e) for n, shape in shapes for name in SHAPES for e in (0.0, 0.3)]
    for n, shape in ((20, "one"), (50, "one"), (300, "one"), (20, "equal5"), (30, "pareto"), (200, "pareto")):
        out += [rmse_scenario(n, shape, ratio) for ratio in (1.0, 0.8)]
    return out
