"""Which readings are wanted beside the intervals of a comparison, and which metrics have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.base.errors import MetricError
from assay.records.metric import TOGETHER, Metric


@dataclass(frozen=True, slots=True)
class Asked:
    """Which readings are wanted.

    Attributes:
        relative: (Candidate - baseline) / baseline.
        permutation: The sign-flip test.
        simultaneous: Read all metrics of one candidate and slice at a level that they share.
        bayes: A posterior of the difference.
        rope: Differences up to it count as the same; 0 for none.
        prior: Standard deviation of a normal prior around 0; None for none.
        discoveries: Slices of one metric by the share of false findings among them.
    """

    relative: bool = False
    permutation: bool = False
    simultaneous: bool = False
    bayes: bool = False
    rope: float = 0.0
    prior: float | None = None
    discoveries: bool = False

    @property
    def apart(self) -> bool:
        """Whether units have to be told apart."""
        return self.relative or self.permutation or self.simultaneous or self.bayes


def check_beside(metrics: Sequence[Metric], missing: str) -> None:
    """Refuse readings that a metric has not.

    Raises:
        MetricError: naming the metric.
    """
    for metric in metrics:
        if metric.family not in TOGETHER:
            raise MetricError(
                f"{metric.label} has no such reading",
                rule="relative differences, permutations, shared levels and posteriors need rows or their sums",
                fix="leave the metric out, or the option",
            )
    if missing == "bounds":
        raise MetricError(
            "bounded rows have no such reading",
            rule="relative differences, permutations, shared levels and posteriors need one completion",
            fix="--missing exclude, failure or refuse",
        )
