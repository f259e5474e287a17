"""Anything smooth where units have several rows."""

from __future__ import annotations

from tools.reference.described.declared import Described

UNITS = "Units are drawn independently; rows of one unit may resemble one another in any way."
SMOOTH = "The metric changes little when one unit is left out: it is a smooth function of sums."

DESCRIBED: dict[str, Described] = {
    "jackknife": Described(
        purpose="Differences of any smooth metric, and means, where units have several rows.",
        assumptions=(UNITS, SMOOTH),
        formula="""θ(g): the metric without unit g (of G; above 1,024 units, without one of 1,024 buckets of units)
v = (G - 1)/G Σ (θ(g) - θ)²,   θ ± t(G_eff - 1) √v,   G_eff = (Σ n_g)² / Σ n_g²""",
        chosen="Clusters, or several fixed seeds: every difference, and single values of means and functions of means.",
        cost="One pass for the sums by unit, then G evaluations of the metric on arrays, for all metrics together.",
        limits=(
            "Around θ, not around the replicates' mean: never smaller, equal for a mean.",
            "Medians and other unsmooth metrics do not go this way: quantiles have their own.",
            "A studentised bootstrap can be shown beside it as a check; it does not decide.",
        ),
        code=("assay.stats.jackknife", "assay.stats.groups"),
        benchmark=("10 million rows, the same, 1 million units", "log loss and 19 other means"),
    ),
    "jackknife-logit": Described(
        purpose="A single value inside a bounded range (F1, a share of agreement) where units have several rows.",
        assumptions=(UNITS, SMOOTH),
        formula="""x = (θ - lower)/(upper - lower)
logit x ± t(G_eff - 1) √v / ((upper - lower) x (1 - x)), turned back""",
        chosen="A single function of counts (no proportion, no difference) over clusters, strictly inside its range.",
        cost="As the jackknife.",
        limits=(
            "With 10 equal clusters t on the plain scale covers 91 % where this covers 96 % (design/0003).",
            "At the end of the range there is no logit: the value is shown without an interval.",
            "Wrong rows have to fill three units, were these wrong throughout: with fewer, the sample may have met none"
            " that is, and nothing in it tells (60 units of 20 rows, 2 % wrong: 77 %; from three on 93 % and more).",
        ),
        code=("assay.stats.jackknife", "assay.stats.groups"),
    ),
}
