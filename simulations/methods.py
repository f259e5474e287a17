"""Claims about a method: seeds resample the training data, so units and seeds both vary."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from assay.metrics import parse
from assay.records.sample import GroupedCounts, GroupedSums, Rows
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes


def _arms(seeds: int, baseline: str, paired: bool) -> dict[str, object]:
    first = 1 if baseline == "one-seed" else seeds
    arms = {"baseline": tuple(range(first)), "candidate": tuple(range(first, first + seeds))}
    return {**arms, "seeds_paired": paired, "about": "method"}


def _seed_effects(rng: np.random.Generator, sd: float, arms: dict[str, object], paired: bool) -> np.ndarray:
    first, second = len(arms["baseline"]), len(arms["candidate"])  # type: ignore[arg-type]
    effects = sd * rng.normal(size=first + second)
    if paired:
        effects = math.sqrt(0.5) * (effects + sd * np.tile(rng.normal(size=first), 2))
    if first == 1:
        effects[0] = 0.0
    return effects


def mean_scenario(seeds: int, units: int, sd: float, baseline: str, effect: float, shape: str = "one") -> Scenario:
    """A mean score: unit effects that the models share, seed effects of standard deviation `sd`, noise."""
    paired = baseline == "paired"
    arms = _arms(seeds, baseline, paired)

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, units, shape)
        effects = _seed_effects(rng, sd, arms, paired)
        own = rng.normal(size=(units, 2)) * 0.5
        model = np.repeat([0, 1], [len(arms["baseline"]), seeds])  # type: ignore[arg-type]
        shift = effects + effect * model
        unit_mean = 3 + rng.normal(size=units)[:, None] + own[:, model] + shift
        noise = rng.normal(size=(units, len(model))) * 0.5 / np.sqrt(rows)[:, None]
        sums = (unit_mean + noise) * rows[:, None]
        return GroupedSums(rows, sums[:, :, None]), design(rows, **arms)

    label = f"mean seeds={seeds} {baseline} n={units} {shape} seed-sd={sd:g} effect={effect:g}"
    return Scenario(label, "methods (seeds)", parse("mean"), draw, math.nan, effect)


def accuracy_scenario(seeds: int, units: int, sd: float, effect: float) -> Scenario:
    """Accuracy: a probit of the row's difficulty plus the seed's effect."""
    arms = _arms(seeds, "seeds", False)

    def draw(rng: np.random.Generator) -> Drawn:
        shift = sd * rng.normal(size=2 * seeds) + np.repeat([0.8, 0.8 + effect], seeds)
        easy = rng.normal(size=units)[:, None]
        right = easy + shift + rng.normal(size=(units, 2 * seeds)) > 0
        target = rng.integers(0, 2, size=units)
        predicted = np.where(right, target[:, None], 1 - target[:, None])
        counts = np.zeros((units, 2 * seeds, 2, 2), dtype=np.int64)
        unit, arm = np.indices(predicted.shape)
        counts[unit, arm, target[:, None], predicted] = 1
        return GroupedCounts(counts), design(np.ones(units, dtype=np.int64), **arms)

    spread = math.sqrt(2 + sd**2)
    base, cand = float(ndtr(0.8 / spread)), float(ndtr((0.8 + effect) / spread))
    label = f"accuracy seeds={seeds} n={units} seed-sd={sd:g} effect={effect:g}"
    return Scenario(label, "methods (seeds)", parse("accuracy"), draw, cand, cand - base)


def auc_scenario(seeds: int, units: int, sd: float) -> Scenario:
    """AUC with seeds that change the separation; no difference between the methods."""
    arms = _arms(seeds, "seeds", False)

    def draw(rng: np.random.Generator) -> Drawn:
        target = (np.arange(units) < units * 0.3).astype(np.int64)
        common = rng.normal(size=units)
        shift = 1.0 + sd * rng.normal(size=2 * seeds)
        scores = common + rng.normal(size=(2 * seeds, units)) + shift[:, None] * target
        return Rows(target, scores), design(np.ones(units, dtype=np.int64), **arms)

    label = f"auc seeds={seeds} n={units} seed-sd={sd:g}"
    return Scenario(label, "methods (seeds)", parse("auc"), draw, float(ndtr(1.0 / math.sqrt(4 + sd**2))), 0.0)


def scenarios() -> list[Scenario]:
    """All scenarios of claims about a method."""
    out = [
        mean_scenario(seeds, units, sd, baseline, effect)
        for seeds in (3, 5, 10)
        for units in (30, 300)
        for sd in (0.02, 0.1, 0.3)
        for baseline, effect in (("seeds", 0.0), ("seeds", 0.2), ("one-seed", 0.0), ("paired", 0.0))
    ]
    out += [mean_scenario(seeds, 60, 0.2, "seeds", 0.0, "pareto") for seeds in (3, 5)]
    out += [
        accuracy_scenario(seeds, n, sd, e) for seeds in (3, 5) for n in (50, 300) for sd, e in ((0.1, 0), (0.3, 0.2))
    ]
    out += [auc_scenario(seeds, n, sd) for seeds in (3, 5) for n in (100, 400) for sd in (0.05, 0.3)]
    return out
