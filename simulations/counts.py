"""Confusion counts: prevalence, accuracy of both models, rows of a unit that resemble one another."""

from __future__ import annotations

import numpy as np

from assay.metrics import parse
from assay.records.metric import Floats
from assay.records.sample import GroupedCounts, PairedCounts
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes

ALIKE = 0.5
"""Share of rows that repeat their unit's own pattern: an intra-unit correlation of 0.25."""


def patterns(prevalence: float, base: tuple[float, float], cand: tuple[float, float], together: float = 0.5) -> Floats:
    """Probabilities [2, 2, 2] of (target, baseline, candidate).

    Args:
        prevalence: Share of positives.
        base: Probability that the baseline is right on negatives and on positives.
        cand: The same of the candidate.
        together: 0: the models err independently; 1: as much together as they can.
    """
    out = np.zeros((2, 2, 2))
    for target, share in ((0, 1 - prevalence), (1, prevalence)):
        a, b = base[target], cand[target]
        both = together * min(a, b) + (1 - together) * a * b
        table = np.array([[1 - a - b + both, b - both], [a - both, both]])
        out[target] = share * (table if target else table[::-1, ::-1])
    return out


def classes(k: int, right: float, better: float) -> Floats:
    """Probabilities [k, k, k]: unequal classes, errors spread evenly, models that err independently."""
    share = np.arange(k, 0, -1) / (k * (k + 1) / 2)

    def confusion(accuracy: float) -> Floats:
        return np.full((k, k), (1 - accuracy) / (k - 1)) + np.eye(k) * (accuracy - (1 - accuracy) / (k - 1))

    return np.asarray(share[:, None, None] * confusion(right)[:, :, None] * confusion(better)[:, None, :])


def scenario(metric: str, n: int, shape: str, name: str, p: Floats) -> Scenario:
    """A metric of counts over n units whose rows have patterns p."""
    k = len(p)
    flat = p.ravel()
    made = parse(metric)
    if made.value is None:
        raise TypeError(f"{metric} has no value")
    base, cand = (float(made.value(p.sum(axis=axis))) for axis in (2, 1))

    def single(rng: np.random.Generator) -> Drawn:
        return PairedCounts(rng.multinomial(n, flat).reshape(k, k, k)), design(np.ones(n, dtype=np.int64))

    def clustered(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, n, shape)
        cells = grouped(rng, rows, flat).reshape(-1, k, k, k)
        return GroupedCounts(np.stack([cells.sum(axis=3), cells.sum(axis=2)], axis=1)), design(rows)

    label = f"{metric} n={n} {shape} {name}"
    family = "counts" if shape == "one" else "counts, clusters"
    gap = cand - base if abs(cand - base) > 1e-12 else 0.0
    return Scenario(label, family, made, single if shape == "one" else clustered, cand, gap)


def grouped(rng: np.random.Generator, rows: np.ndarray, flat: Floats) -> np.ndarray:
    """Counts of patterns in each unit, [units, patterns]: some rows repeat the unit's own pattern."""
    own = rng.binomial(rows, ALIKE)
    cells = rng.multinomial(rows - own, flat)
    cells[np.arange(len(rows)), rng.choice(len(flat), size=len(rows), p=flat)] += own
    return cells


WORLDS = {
    "prevalence=0.5 equal": patterns(0.5, (0.8, 0.8), (0.8, 0.8)),
    "prevalence=0.3 better": patterns(0.3, (0.8, 0.7), (0.85, 0.8)),
    "prevalence=0.05 equal": patterns(0.05, (0.95, 0.6), (0.95, 0.6)),
    "prevalence=0.05 better": patterns(0.05, (0.95, 0.6), (0.97, 0.8), 0.9),
    "prevalence=0.5 near-perfect": patterns(0.5, (0.98, 0.98), (0.98, 0.98), 0.2),
}


def erring(share: float) -> Floats:
    """Two models that are wrong in such a share of the rows, each by itself."""
    return patterns(0.5, (1 - share, 1 - share), (1 - share, 1 - share), 0.0)


RARE = {
    (1000, "one", "prevalence=0.5 wrong=0.003"): erring(0.003),
    (200, "one", "prevalence=0.5 wrong=0.001"): erring(0.001),
    (1000, "one", "prevalence=0.01 recall=0.5"): patterns(0.01, (0.9, 0.5), (0.9, 0.5), 0.0),
    (60, "equal5", "prevalence=0.5 wrong=0.002"): erring(0.002),
    (60, "equal20", "prevalence=0.5 wrong=0.02"): erring(0.02),
    (60, "equal20", "prevalence=0.5 wrong=0.07"): erring(0.07),
    (300, "equal5", "prevalence=0.5 wrong=0.02"): erring(0.02),
}
"""Few rows or units decide: models near perfection, ten positives, units that err throughout (design/0017)."""
SINGLE = ("accuracy", "recall", "f1", "mcc", "kappa", "precision", "balanced_accuracy")
CLUSTERED = ("accuracy", "recall", "f1", "mcc")


def scenarios() -> list[Scenario]:
    """All scenarios of counts."""
    out = [
        scenario(metric, n, "one", name, p)
        for metric in SINGLE
        for n in (20, 30, 100, 1000)
        for name, p in WORLDS.items()
    ]
    out += [
        scenario(metric, n, shape, name, p)
        for metric in CLUSTERED
        for n, shape in ((10, "equal20"), (20, "equal5"), (20, "pareto"), (100, "pareto"), (300, "equal5"))
        for name, p in WORLDS.items()
    ]
    four = {"four classes equal": classes(4, 0.7, 0.7), "four classes better": classes(4, 0.7, 0.8)}
    out += [
        scenario(metric, n, shape, name, p)
        for metric in ("f1(average=macro)", "mcc")
        for n, shape in ((100, "one"), (500, "one"), (30, "pareto"))
        for name, p in four.items()
    ]
    out += [
        scenario(metric, n, shape, name, p)
        for metric in ("accuracy", "f1", "mcc", "precision")
        for (n, shape, name), p in RARE.items()
    ]
    out += [scenario("accuracy", 200, "equal20", f"prevalence=0.5 wrong={w}", erring(w)) for w in (0.005, 0.02)]
    out.append(scenario("accuracy", 60, "equal20", "prevalence=0.5 wrong=0.05", erring(0.05)))
    few = classes(3, 0.98, 0.98)
    return out + [scenario(m, 300, "one", "three classes wrong=0.02", few) for m in ("f1(average=macro)", "mcc")]
