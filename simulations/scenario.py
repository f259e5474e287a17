"""A scenario: a way to draw samples from a world whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.records.metric import Metric
from assay.records.sample import Design, Sample
from assay.stats.choose import Inference, infer
from assay.stats.options import InferenceOptions

Drawn = tuple[Sample, Design]
GroupsDrawn = tuple[Sequence[Sample], Sequence[Design]]


@dataclass(frozen=True)
class Scenario:
    """One cell of the coverage table.

    Attributes:
        name: Says n, shape, clusters and effect; unique.
        family: The heading under which it is reported.
        metric: What is estimated.
        draw: One sample from a generator.
        candidate: The candidate's true value.
        difference: The true candidate - baseline; NaN where no difference is estimated.
        infer: How users get the inference; `assay.stats.choose.infer` unless given.
        truth: Gives both true values where they take a while to work out: asked only when samples are drawn.
        paired: Whether the difference alone is estimated, although `truth` gives both.
    """

    name: str
    family: str
    metric: Metric
    draw: Callable[[np.random.Generator], Drawn]
    candidate: float = math.nan
    difference: float = math.nan
    infer: Callable[[Metric, Sample, Design, InferenceOptions], Inference] = infer
    truth: Callable[[], tuple[float, float]] | None = None
    paired: bool = False

    @property
    def null(self) -> bool:
        """Whether there is truly no difference, so that rejections are errors."""
        return self.difference == 0.0

    @property
    def targets(self) -> tuple[str, ...]:
        """What is estimated."""
        if self.truth is None:
            return tuple(self.truths())
        return ("difference",) if self.paired else ("candidate", "difference")

    def truths(self) -> dict[str, float]:
        """True values by what is estimated; those that are not defined are left out."""
        candidate, difference = self.truth() if self.truth else (self.candidate, self.difference)
        both = {"candidate": candidate, "difference": difference}
        left_out = ("candidate",) if self.paired else ()
        return {target: truth for target, truth in both.items() if not math.isnan(truth) and target not in left_out}
