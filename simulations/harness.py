"""Draw, infer through the door that users use, and count how often the interval holds the truth."""

from __future__ import annotations

import functools
import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from assay.records.sample import Design
from assay.stats.domain import within
from assay.stats.estimates import facts
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, Result, Undefined
from simulations import (
    ablations,
    corpora,
    counts,
    functionals,
    gaps,
    looks,
    many,
    methods,
    preferences,
    ranked,
    raters,
    ratios,
    scores,
)
from simulations.scenario import Scenario

LEVEL = 0.95
STRICT = 0.99
"""A level as a family of five claims or slices asks for; 999 replicates still have a bound there."""
DRAWS = 999


@dataclass
class Cell:
    """What became of one scenario and one target (`candidate` or `difference`).

    Attributes:
        samples: Samples drawn.
        inside: Those with an interval, inside the method's declared domain.
        hits: Of those inside, intervals that hold the truth.
        width: Sum of the finite widths of those inside.
        finite: How many those are.
        over: Of those inside, intervals that lie above the truth: the error of a claim of at least so much.
        under: Of those inside, intervals that lie below the truth.
        strict: Of those inside, intervals at the strict level that hold the truth.
        excludes_zero: Of those inside, intervals without 0.
        intervals: Samples with an interval, in the domain or not.
        all_hits: Of those, intervals that hold the truth.
        methods: How often each method was chosen among those inside.
    """

    scenario: str
    family: str
    target: str
    truth: float
    samples: int = 0
    inside: int = 0
    hits: int = 0
    width: float = 0.0
    finite: int = 0
    over: int = 0
    under: int = 0
    strict: int = 0
    excludes_zero: int = 0
    intervals: int = 0
    all_hits: int = 0
    methods: Counter[str] = field(default_factory=Counter)

    def add(self, result: Result, design: Design) -> None:
        """Count one sample."""
        self.samples += 1
        if isinstance(result, (Undefined, Descriptive)):
            return
        low, high = result.interval(LEVEL)
        hit = _holds((low, high), self.truth)
        self.intervals += 1
        self.all_hits += hit
        finite = math.isfinite(low) and math.isfinite(high)
        if not finite or not within(result.method, facts(result, design, LEVEL))[0]:
            return
        self.inside += 1
        self.hits += hit
        self.over += not hit and low > self.truth
        self.under += not hit and high < self.truth
        self.strict += _holds(result.interval(STRICT), self.truth)
        self.finite += 1
        self.width += high - low
        self.excludes_zero += not low <= 0 <= high
        self.methods[result.method] += 1

    def to_json(self) -> dict[str, Any]:
        """The cell as it is kept."""
        kept = asdict(self)
        kept["methods"] = dict(sorted(self.methods.items()))
        kept["width"] = round(self.width / self.finite, 6) if self.finite else None
        kept["truth"] = round(self.truth, 9)
        del kept["finite"]
        return kept


def _holds(bounds: tuple[float, float], truth: float) -> bool:
    return bounds[0] - 1e-12 <= truth <= bounds[1] + 1e-12


def all_scenarios() -> list[Scenario]:
    """Every scenario of the table, in its order."""
    out: list[Scenario] = []
    rooms = (
        counts,
        scores,
        ranked,
        functionals,
        methods,
        gaps,
        raters,
        preferences,
        looks,
        many,
        ratios,
        ablations,
        corpora,
    )
    for room in rooms:
        out += room.scenarios()
    names = [scenario.name for scenario in out]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValueError(f"scenarios of the same name: {twice}")
    return out


def simulate(scenario: Scenario, samples: int, seed: int = 0) -> list[Cell]:
    """Draw `samples` samples of a scenario and count, for each target.

    Args:
        scenario: The world.
        samples: How many samples.
        seed: Seed of the table; each scenario has a stream of its own, whatever else is run.
    """
    key = int.from_bytes(hashlib.sha256(scenario.name.encode()).digest()[:8], "little")
    rng = np.random.default_rng([seed, key])
    cells = {t: Cell(scenario.name, scenario.family, t, truth) for t, truth in scenario.truths().items()}
    for number in range(samples):
        sample, design = scenario.draw(rng)
        # A seed each: numbers that the samples of one analysis share are not shared here.
        options = InferenceOptions(seed=(number << 32) + seed, draws=DRAWS, stream=(scenario.name, number))
        inference = scenario.infer(scenario.metric, sample, design, options)
        shown = design if isinstance(design, Design) else design[0]
        for target, cell in cells.items():
            cell.add(getattr(inference, target), shown)
    return list(cells.values())


def named(names: Iterable[str]) -> list[Scenario]:
    """Scenarios by name, in the order asked."""
    known = _by_name()
    return [known[name] for name in names]


@functools.cache
def _by_name() -> dict[str, Scenario]:
    """All scenarios; their truths take a while to work out, and every job asks for one."""
    return {scenario.name: scenario for scenario in all_scenarios()}
