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
            "It is conservative: the bounds of all pairs hold at once.",
            "Of several metrics (equalized odds) all their pairs count as one family.",
        ),
        code=("assay.stats.gaps", "assay.stats.extremes"),
    ),
    "worst-group": Described(
        purpose="The metric in the group in which it is worst: what a model gives those whom it serves least.",
        assumptions=("Each group's own interval holds.",),
        formula="""more is better, K groups:
lower = least of the groups' lower bounds at one-sided α/2
upper = least of their upper bounds at one-sided α / (2 K);   mirrored where less is better""",
        chosen="`worst(metric, by=column)`.",
        cost="The metric in each group.",
        limits=(
            "The worst value seen is biased away from the others: the lower bound needs no correction, since the group"
            " that is truly worst is among those it is taken over; the upper bound pays for all.",
            "Conservative, the more so the more alike the groups are.",
        ),
        code=("assay.stats.gaps", "assay.stats.extremes"),
    ),
    "extremes-difference": Described(
        purpose="Whether the candidate has a smaller largest gap, or a better worst group, than the baseline.",
        assumptions=(
            "Each group's own interval holds, and that of the models' difference in it.",
            "Groups are independent, or share units that are named.",
        ),
        formula="""contrasts x (pairs, or single groups), K of them;   w_b(x), w_c(x): baseline, candidate
max w_c - max w_b  <=  max over x of min over y of upper bound of w_c(x) - w_b(y), at one-sided α / (2 K)
lower bound: the same with the models' roles exchanged""",
        chosen="The difference of two models in `gap(…)` or `worst(…)`.",
        cost="Quadratic in contrasts; of many, the other model's 40 largest and the same one are tried, all paid for.",
        limits=(
            "Holds whichever contrasts are truly largest: the candidate's is among the x, which costs nothing; the"
            " baseline's largest is at least any y, so the least of simultaneous bounds holds.",
            "Conservative: where both models' gaps are between the same groups it is near a paired difference of two"
            " differences at the level of K; elsewhere wider.",
        ),
        code=("assay.stats.gaps", "assay.stats.extremes"),
    ),
}
