"""Functions of the rows: average precision, partial AUC, calibration, risk and coverage, in worlds that strain them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, ndtri

from assay.metrics import parse
from assay.records.metric import Floats, Ints, Metric
from assay.records.sample import Design, Rows, Sample
from assay.stats.candidates import infer_many
from assay.stats.choose import Inference
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, MaxT
from assay.stats.together import joint
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, sizes

UNIT_SHARE = 0.3
"""Share of a score's variance that the rows of a unit have in common."""
FINE = 400_000
"""Rows of the population that stands for the truth, at even quantiles."""


@dataclass(frozen=True)
class World:
    """Two models whose scores are binormal and share half of their noise.

    Attributes:
        units: Units.
        share: Share of positives.
        aucs: Of baseline and candidate.
        shape: Rows per unit.
        stretch: Probabilities are the true ones with their logit times this: the calibration slope is 1 / stretch.
        step: Grid to which scores are rounded; 0 for none.
        alike: Share of a score's variance that the rows of a unit have in common.
        by_unit: Whether all rows of a unit are of one class.
    """

    units: int
    share: float
    aucs: tuple[float, float]
    shape: str = "one"
    stretch: float = 1.0
    step: float = 0.0
    alike: float = UNIT_SHARE
    by_unit: bool = False

    @property
    def name(self) -> str:
        """What stands in the table."""
        more = (f" stretch={self.stretch:g}" if self.stretch != 1 else "") + (
            f" step={self.step:g}" if self.step else ""
        )
        more += (f" alike={self.alike:g}" if self.alike != UNIT_SHARE else "") + (
            " classes/unit=1" if self.by_unit else ""
        )
        return f"n={self.units} {self.shape} positives={self.share:g} {self.aucs[0]:g}->{self.aucs[1]:g}{more}"

    def probabilities(self, target: Ints, noise: Floats, model: int) -> Floats:
        """What a model says of rows with that noise."""
        shift = math.sqrt(2) * float(ndtri(self.aucs[model]))
        score = noise + shift * target
        if self.step:
            score = np.round(score / self.step) * self.step
        true = shift * score - shift * shift / 2 + math.log(self.share / (1 - self.share))
        return np.asarray(expit(self.stretch * true))

    def population(self, model: int) -> tuple[Ints, Floats]:
        """Target and probabilities of a population without noise of sampling."""
        many = round(FINE * self.share)
        quantiles = [ndtri((np.arange(m) + 0.5) / m) for m in (many, FINE - many)]
        target = np.repeat([1, 0], [many, FINE - many])
        return target, self.probabilities(target, np.concatenate(quantiles), model)

    def draw(self, rng: np.random.Generator) -> Drawn:
        """One sample."""
        rows = sizes(rng, self.units, self.shape)
        unit = np.repeat(np.arange(self.units), rows)
        drawn = rng.random(self.units)[unit] if self.by_unit else rng.random(len(unit))
        target = (drawn < self.share).astype(np.int64)

        def noise() -> Floats:
            alone = rng.normal(size=len(unit))
            if self.shape == "one":
                return alone
            common = rng.normal(size=self.units)[unit]
            return np.asarray(math.sqrt(self.alike) * common + math.sqrt(1 - self.alike) * alone)

        shared = noise()
        arms = [self.probabilities(target, math.sqrt(0.5) * (shared + noise()), m) for m in (0, 1)]
        codes = None if self.shape == "one" else unit
        return Rows(target, np.stack(arms), codes, codes), design(rows)


def functional_scenario(notation: str, world: World) -> Scenario:
    """One metric in one world."""
    metric = parse(notation)

    def truth() -> tuple[float, float]:
        if metric.influence is None:
            raise TypeError(f"{notation} is no function of the rows")
        base, cand = (metric.influence(*world.population(model)).value for model in (0, 1))
        return cand, cand - base

    family = "functions of rows" if world.shape == "one" else "functions of rows, clusters"
    return Scenario(f"{notation} {world.name}", family, metric, world.draw, truth=truth)


EVEN = World(200, 0.5, (0.8, 0.8))
RARE = World(600, 0.1, (0.8, 0.85))
RARER = World(1000, 0.06, (0.8, 0.8))
SHARP = World(1000, 0.1, (0.9, 0.95), stretch=1.5)
TIED = World(500, 0.3, (0.7, 0.75), step=0.5)
CLUSTERS = World(60, 0.3, (0.7, 0.8), "equal5")
UNEVEN = World(300, 0.1, (0.8, 0.85), "pareto")
SMALL = World(120, 0.5, (0.95, 0.97))
MANY = World(300, 0.3, (0.8, 0.85), "equal5")
ALIKE = World(60, 0.4, (0.8, 0.85), "equal20", alike=0.6)
"""Rows of a unit rank alike: a few units decide what stands at the top."""
SORTED = World(300, 0.4, (0.8, 0.8), "equal10", alike=0.6, by_unit=True)
FEW = World(100, 0.8, (0.8, 0.8), "equal20", alike=0.9, by_unit=True)
"""Two effective units in the part of the curve that counts."""
ASKED: dict[str, tuple[World, ...]] = {
    "average_precision": (EVEN, RARE, RARER, SHARP, TIED, SMALL, CLUSTERS, UNEVEN, MANY, ALIKE, SORTED),
    "partial_auc@0.1": (World(500, 0.5, (0.8, 0.8)), RARE, SHARP, TIED, CLUSTERS, UNEVEN, MANY, FEW),
    "partial_auc(tpr=0.9)": (World(600, 0.4, (0.8, 0.85)), MANY, SORTED),
    "calibration_slope": (EVEN, RARE, SHARP, SMALL, CLUSTERS, UNEVEN, ALIKE),
    "calibration_intercept": (RARE, SHARP, CLUSTERS, UNEVEN),
    "aurc": (EVEN, RARE, TIED, CLUSTERS, UNEVEN),
    "selective_risk@0.8": (EVEN, RARE, CLUSTERS, UNEVEN),
}


def _beside(metric: Metric, sample: Sample, shape: Design, options: InferenceOptions) -> Inference:
    """The difference among two models that hold together, as a family of one pair: max-t by the joint covariance."""
    if not isinstance(sample, Rows):
        raise TypeError("rows")
    group = np.arange(len(sample.target)) if sample.group is None else sample.group
    found = joint(metric, replace(sample, unit=group, group=group), shape, [(0,), (1,)])
    nothing = Descriptive(0.0, "none", "a family of one pair")
    made = infer_many(found, metric.sign, (None, None), options, "").pairs[0]
    # The pair is baseline minus candidate.
    if not isinstance(made, MaxT):
        return Inference(nothing, nothing, nothing)
    return Inference(nothing, nothing, replace(made, value=-made.value))


def together_scenario(notation: str, world: World) -> Scenario:
    """Two models of many, by a metric of the rows."""
    alone = functional_scenario(notation, world)
    return replace(alone, name=f"max-t of {alone.name}", family="many models", infer=_beside, paired=True)


def scenarios() -> list[Scenario]:
    """All scenarios of functions of the rows."""
    out = [functional_scenario(notation, world) for notation, worlds in ASKED.items() for world in worlds]
    out += [together_scenario("average_precision", world) for world in (EVEN, UNEVEN)]
    return [*out, together_scenario("calibration_slope", RARE), together_scenario("partial_auc@0.1", MANY)]
