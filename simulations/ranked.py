"""AUC and quantiles: small classes, values near 1, unequal spreads, ties, clusters."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri

from assay.metrics import parse
from assay.records.metric import Floats
from assay.records.sample import Rows
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes

UNIT_SHARE = 0.3
"""Share of a score's variance that the rows of a unit have in common."""


def tied_auc(shift: float, spread: float, step: float) -> float:
    """AUC of N(shift, spread) against N(0, 1), both rounded to a grid."""
    edges = (np.arange(-400, 401) - 0.5) * step
    negative, positive = np.diff(ndtr(edges)), np.diff(ndtr((edges - shift) / spread))
    below = np.concatenate([[0.0], np.cumsum(negative)[:-1]])
    return float((positive * (below + negative / 2)).sum())


def auc_scenario(
    units: int, share: float, aucs: tuple[float, float], shape: str = "one", spread: float = 1.0, step: float = 0.0
) -> Scenario:
    """Binormal scores of two models that share half of their noise.

    Args:
        units: Units.
        share: Share of positives (with one row per unit an exact number of them).
        aucs: AUC of baseline and candidate before rounding.
        shape: Rows per unit.
        spread: Standard deviation of the positives; the negatives have 1.
        step: Grid to which scores are rounded; 0 for none.
    """
    shift = ndtri(np.array(aucs)) * math.sqrt(1 + spread**2)

    def noise(rng: np.random.Generator, unit: np.ndarray) -> Floats:
        def one() -> Floats:
            alone = rng.normal(size=len(unit))
            if shape == "one":
                return alone
            common = rng.normal(size=units)[unit]
            return np.asarray(math.sqrt(UNIT_SHARE) * common + math.sqrt(1 - UNIT_SHARE) * alone)

        shared = one()
        return np.stack([math.sqrt(0.5) * (shared + one()) for _ in range(2)])

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, units, shape)
        unit = np.repeat(np.arange(units), rows)
        if shape == "one":
            target = (np.arange(units) < round(units * share)).astype(np.int64)
        else:
            target = (rng.random(len(unit)) < share).astype(np.int64)
        scores = noise(rng, unit) * np.where(target == 1, spread, 1.0) + shift[:, None] * target
        if step:
            scores = np.round(scores / step) * step
        codes = None if shape == "one" else unit
        return Rows(target, scores, codes, codes), design(rows)

    truth = [tied_auc(s, spread, step) for s in shift] if step else list(aucs)
    kind = f"spread={spread:g}" + (f" step={step:g}" if step else "")
    label = f"auc n={units} {shape} positives={share:g} {aucs[0]:g}->{aucs[1]:g} {kind}"
    family = "AUC" if shape == "one" else "AUC, clusters"
    return Scenario(label, family, parse("auc"), draw, truth[1], truth[1] - truth[0])


def quantile_scenario(units: int, q: float, shape: str, effect: float, together: float) -> Scenario:
    """Log-normal latencies (sigma 1); the candidate's are exp(effect) times as long.

    Args:
        units: Units.
        q: Which quantile.
        shape: Rows per unit.
        effect: Shift on the logarithm.
        together: Correlation of the models' logarithms.
    """

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, units, shape)
        unit = np.repeat(np.arange(units), rows)
        weight = 0.0 if shape == "one" else UNIT_SHARE
        common = math.sqrt(weight) * rng.normal(size=units)[unit] + math.sqrt(1 - weight) * rng.normal(size=len(unit))
        own = rng.normal(size=(2, len(unit)))
        logs = math.sqrt(together) * common + math.sqrt(1 - together) * own + np.array([0.0, effect])[:, None]
        codes = None if shape == "one" else unit
        return Rows(np.zeros(len(unit)), np.exp(logs), codes, codes), design(rows)

    base = math.exp(ndtri(q))
    label = f"quantile@{q:g} n={units} {shape} effect={effect:g} correlation={together:g}"
    family = "quantiles" if shape == "one" else "quantiles, clusters"
    truth = base * math.exp(effect)
    return Scenario(label, family, parse(f"quantile@{q}"), draw, truth, truth - base)


def scenarios() -> list[Scenario]:
    """All scenarios of AUC and quantiles."""
    pairs = ((0.7, 0.7), (0.8, 0.85), (0.95, 0.95), (0.9, 0.95))
    out = [
        auc_scenario(n, share, pair, spread=spread)
        for n, share in ((20, 0.5), (60, 0.5), (100, 0.1), (400, 0.1), (500, 0.5))
        for pair in pairs
        for spread in (1.0, 2.0)
    ]
    out += [auc_scenario(100, 0.4, pair, step=1.0) for pair in pairs]
    out += [
        auc_scenario(units, 0.4, pair, shape)
        for units, shape in ((15, "equal20"), (30, "equal5"), (30, "pareto"), (200, "pareto"))
        for pair in pairs
    ]
    out += [auc_scenario(60, 0.4, pair, "equal5") for pair in ((0.998, 0.998), (0.98, 0.99))]
    for units, shape in ((50, "one"), (200, "one"), (1000, "one"), (30, "equal20"), (100, "pareto"), (300, "equal5")):
        out += [
            quantile_scenario(units, q, shape, effect, together)
            for q in (0.5, 0.95)
            for effect, together in ((0.0, 0.5), (0.2, 0.5), (0.0, 0.95))
        ]
    return out
