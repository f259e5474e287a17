"""Differences between groups of rows."""

from __future__ import annotations

from tools.reference.described.declared import Described

DESCRIBED: dict[str, Described] = {
    "gap-pairwise": Described(
        purpose="The largest difference of a metric between groups (regions, devices, ages): how unequal a model is.",
        assumptions=(
            "Each group's own interval holds.",
            "Groups are independent, or share units that are named; then the jackknife sees what they share.",
        ),
        formula="""pairs (i, j) in both orders, K (K - 1) of them
upper = largest upper bound of any pair at one-sided α/2
lower = max(0, largest lower bound of any pair at one-sided α / (2 K (K - 1)))""",
        chosen="`gap(metric, by=column)`.",
        cost="Quadratic in groups, on top of the metric in each group.",
        limits=(
            "The gap seen is biased upwards, and where there is none a percentile bootstrap covers 0 %.",
            "It is conservative: coverage above 96 % throughout.",
            "The difference of two gaps has no method with known coverage, and is undefined.",
        ),
        code=("assay.stats.gaps",),
    ),
}
