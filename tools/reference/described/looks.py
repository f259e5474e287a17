"""Several looks: what holds after stopping, and intervals that hold at every moment."""

from __future__ import annotations

from tools.reference.described.declared import Described

DESCRIBED: dict[str, Described] = {
    "stage-wise": Described(
        purpose="An estimate and an interval after the looks have ended, free of the luck that ended them.",
        assumptions=(
            "The statistic behaves as a Brownian motion in information; information is units.",
            "The looks until then are those of the plan, and the claim's own bound ended them, or the last look did.",
        ),
        formula="""(k', z') is at least as far up as (k, z) if k' < k and it crossed the upper bound, or k' = k and
z' >= z, or k' > k and (k, z) lies below
median-unbiased: P_θ(as far up) = 1/2;   bounds: α and 1 - α;   p = 2 min(P_0, 1 - P_0)
θ in the metric's unit by the procedure's own interval: the value against which its statistic is smaller by as much""",
        chosen="Shown after the last look of a group-sequential plan, beside the deciding interval; decides nothing.",
        cost="Ten evaluations of the recursion for each bound: milliseconds.",
        limits=(
            "It can exclude a null that the repeated interval holds, never the other way at the look that crossed.",
            "A claim of equivalence has two bounds, for which outcomes have no order: none is given.",
            "If units grow from look to look in rows, information is not units: 92.9 % in the world simulated.",
        ),
        code=("assay.stats.stagewise", "assay.stats.brownian"),
    ),
    "normal-mixture": Described(
        purpose="Reading as often as one likes, for any metric that has an interval.",
        assumptions=(
            "The estimate is asymptotically linear: close to a sum over units, with its variance estimated.",
            "Looks before the method's domain is reached support nothing.",
        ),
        formula="""z_n = √( (n + ρ)/n · (log((n + ρ)/ρ) + 2 log(1/α)) ),   ρ = n_opt / (2 log 20 + log(1 + 2 log 20))
interval: that of the method around which it is built, read at the nominal error 1 - Φ(z_n) of a side
p = exp( ½ (log((n + ρ)/ρ) - z² n/(n + ρ)) ), at most 1""",
        chosen="Plans with `looks: {kind: always-valid}`, for all but proportions with one row per unit.",
        cost="That of the method around which it is built.",
        limits=(
            "Asymptotic: its coverage over all time is simulated from 30 units on.",
            "Units are the clock; where they grow in rows, information grows faster than they do.",
        ),
        code=("assay.stats.anytime",),
    ),
    "beta-binomial-mixture": Described(
        purpose="One proportion at every moment, exactly: no number of rows is too small.",
        assumptions=("Rows are units: drawn independently.",),
        formula="""E(p) = ∫_{q>p} q^s (1-q)^f dB(q) / (B(q>p) p^s (1-p)^f),   B Jeffreys' prior Beta(1/2, 1/2)
lower bound: the p at which E(p) = 2/α; upper bound: the same of failures""",
        chosen="One proportion with one row per unit, in plans with `looks: {kind: always-valid}`.",
        cost="About twelve evaluations of an incomplete beta function a bound.",
        limits=(
            "Each side errs at most α/2 over all time, whatever the proportion; it is wider than it would need to be.",
        ),
        code=("assay.stats.anytime",),
    ),
    "betting-mixture": Described(
        purpose="A paired difference of proportions at every moment, exactly.",
        assumptions=(
            "Rows are units, drawn independently; d is 1 where the candidate alone is right, -1 where the baseline is.",
        ),
        formula="""K(m) = mean over c of Π (1 + c (d_i - m)/(1 + m)),   80 shares c from 1/√n_opt to 0.999,
even on a log scale
lower bound: the m at which K(m) = 2/α; upper bound: the same of -d""",
        chosen="The difference of a proportion with one row per unit, in plans with `looks: {kind: always-valid}`.",
        cost="About twelve sums over 80 bets a bound: below a millisecond.",
        limits=(
            "K(m) depends on the counts alone, so that the order of rows within a look does not matter.",
            "It pays for being exact: about 1.6 times as wide as Tango's interval of a single look.",
        ),
        code=("assay.stats.anytime",),
    ),
}
