"""Agreement between raters: a rating is the item's true value with some probability, else drawn like true values."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from assay.metrics import parse
from assay.records.metric import Metric
from assay.records.sample import Design
from assay.stats.agreement import Ratings, Scale, effective, pairable
from assay.stats.choose import Inference
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive
from assay.stats.raters import Measure, infer_agreement
from simulations.scenario import Scenario


def _door(measure: Measure, scale: Scale) -> Any:
    def door(metric: Metric, sample: Any, design: Design, options: InferenceOptions) -> Inference:
        nothing = Descriptive(0.0, "none", "one set of raters")
        return Inference(nothing, infer_agreement(measure, sample, scale), nothing)

    return door


def truth(measure: Measure, right: float, shares: np.ndarray) -> float:
    """Of two raters both are right with `right`^2, which is what every coefficient comes to; shares are enumerated."""
    same = right**2 + (1 - right**2) * float((shares**2).sum())
    if measure == "agreement":
        return same
    if measure != "ceiling":
        return right**2
    total = 0.0
    for value, own, one, other in itertools.product(range(shares.size), repeat=4):
        chance = shares[value]
        for rated in (own, one, other):
            chance *= right * (rated == value) + (1 - right) * shares[rated]
        total += chance * ((own == one) + (own == other)) / 2
    return float(total)


def agreement_scenario(
    measure: Measure, scale: Scale, items: int, raters: int, shares: list[float], right: float, missing: float, per: int
) -> Scenario:
    """Items rated by raters of one skill; with `per` above 1, items of one unit share their true value."""
    each = np.array(shares)

    def draw(rng: np.random.Generator) -> Any:
        units = items // per
        true = np.repeat(rng.choice(each.size, size=units, p=each), per)
        guessed = rng.choice(each.size, size=(units * per, raters), p=each)
        rated = np.where(rng.random((units * per, raters)) < right, true[:, None], guessed)
        item, rater = np.nonzero(rng.random(rated.shape) >= missing)
        ratings = Ratings(item, rater, rated[item, rater], np.arange(each.size, dtype=float), item // per)
        rows = np.bincount(pairable(ratings).group, minlength=units).astype(float)
        return ratings, Design(item.size, units, effective(rows), per > 1)

    label = (
        f"{measure} {scale} items={items} raters={raters} classes={each.size} rarest={min(shares):g} right={right:g}"
        f" missing={missing:g} items/unit={per}"
    )
    value = truth(measure, right, each)
    return Scenario(label, "agreement", parse("accuracy"), draw, value, math.nan, infer=_door(measure, scale))


def scenarios() -> list[Scenario]:
    """All scenarios of agreement."""
    even, rare = [0.2] * 5, [0.1, 0.9]
    worlds: list[tuple[int, int, list[float], float, float, int]] = [
        (30, 3, [0.5, 0.5], 0.8, 0.0, 1),
        (100, 3, rare, 0.8, 0.0, 1),
        (300, 3, rare, 0.9, 0.0, 1),
        (50, 3, even, 0.9, 0.3, 1),
        (200, 3, even, 0.97, 0.0, 1),
        (100, 5, [0.3, 0.3, 0.4], 0.0, 0.0, 1),
        (200, 3, even, 0.8, 0.0, 4),
    ]
    measures: list[tuple[Measure, Scale]] = [
        ("krippendorff", "nominal"),
        ("krippendorff", "ordinal"),
        ("krippendorff", "interval"),
        ("agreement", "nominal"),
    ]
    out = [agreement_scenario(m, s, *world) for m, s in measures for world in worlds]
    pairs = [(n, 2, shares, right, 0.0, 1) for n in (50, 200) for shares in ([0.5, 0.5], even) for right in (0.6, 0.9)]
    out += [agreement_scenario("cohen", s, *world) for s in ("nominal", "interval") for world in pairs]
    out += [agreement_scenario("fleiss", "nominal", *w) for w in worlds if not w[4]]
    out += [agreement_scenario("ceiling", "nominal", *w) for w in worlds if w[1] == 3 and not w[4]]
    near = [(100, 3, [0.5, 0.5], 0.99, 0.0, 1), (200, 3, even, 0.99, 0.0, 4)]
    shares: tuple[Measure, Measure] = ("agreement", "ceiling")
    return out + [agreement_scenario(m, "nominal", *world) for m in shares for world in near]
