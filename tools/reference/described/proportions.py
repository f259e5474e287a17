"""One proportion, and the paired difference of two."""

from __future__ import annotations

from tools.reference.described.declared import Described

CODE = ("assay.stats.proportions",)
ROWS = "Rows are units: drawn independently from what the claim is about, with the same chance of success."
CLUSTERS = "Units are drawn independently; rows of one unit may resemble one another in any way."

DESCRIBED: dict[str, Described] = {
    "wilson": Described(
        purpose="How far the true share of successes (accuracy, recall, a rate) may lie from the share seen.",
        assumptions=(ROWS, "At least 15 successes and 15 failures, else the exact interval is taken."),
        formula="""(p + z²/2n ± z √( p (1 - p)/n + z²/4n² )) / (1 + z²/n)

p-value: 2 Φ(-|p - p0| / √( p0 (1 - p0)/n )), the score test, which the interval inverts""",
        chosen="A proportion with one row per unit, both kinds of outcome at least 15 times.",
        cost="Constant, once successes and trials are counted.",
        limits=(
            "It is approximate: near 15 events a nominal 95 % interval covers 93.5 %, and one side errs by up to 4.3 %"
            " at a nominal 2.5 % (design/0003 has the exact table over all shares).",
            "Recall and precision take the number of trials as given: inference is conditional on how many rows count.",
            "Sampling is the only error covered: wrong labels and a population that has moved are not.",
        ),
        code=CODE,
    ),
    "clopper-pearson": Described(
        purpose="The same as Wilson's interval, where successes or failures are too few for an approximation.",
        assumptions=(ROWS,),
        formula="""lower L:  P(X >= x | L) = α/2        upper U:  P(X <= x | U) = α/2,   X binomial(n, ·)
          L = Beta⁻¹(α/2; x, n - x + 1)        U = Beta⁻¹(1 - α/2; x + 1, n - x)

p-value: twice the smaller tail""",
        chosen="A proportion with one row per unit and fewer than 15 successes or 15 failures.",
        cost="Constant: two inverse incomplete beta functions.",
        limits=(
            "It never errs by more than α/2 on a side, and pays with width: coverage is well above the level"
            " for small n.",
            "It is switched to by the outcome (15 events), so the exact guarantee holds for the claim read off this"
            " side, and the mixture with Wilson is judged by simulation and by the exact table of design/0003.",
        ),
        code=CODE,
    ),
    "wilson-clustered": Described(
        purpose="A proportion where units have several rows: users with many queries, patients with many images.",
        assumptions=(CLUSTERS, "Enough effective units for the variance between them to be estimated."),
        formula="""n* = p (1 - p) / v,  v the delete-one-unit jackknife variance of p,  n* <= rows
Wilson's interval with n* for n and t(G_eff - 1) for z,  G_eff = (Σ n_g)² / Σ n_g²

p = 0 or 1: no variance is seen, so that a unit counts as one row""",
        chosen="A proportion with several rows per unit (or several fixed seeds), 15 effective events or more.",
        cost="Linear in units; above 1,024 units, in 1,024 buckets of them.",
        limits=(
            "Degrees of freedom are of effective units: one huge unit leaves few, whatever the number of rows.",
            "A design effect below 1 is not used: effective rows never exceed the rows.",
            "Rarer rows that would not fill three units leave the sample outside the domain: units right or wrong"
            " throughout need not have shown in it.",
        ),
        code=CODE,
        benchmark=("10 million rows, the same, 1 million units",),
    ),
    "clopper-pearson-clustered": Described(
        purpose="A rare or near-certain share where units have several rows.",
        assumptions=(CLUSTERS,),
        formula="""Clopper and Pearson's interval with  n** = n* (z / t(G_eff - 1))²  for n  and  n** p  for x
(n* as for the clustered Wilson interval)""",
        chosen="A proportion with several rows per unit and fewer than 15 effective successes or failures.",
        cost="As the clustered Wilson interval; its p-value inverts the interval by bisection.",
        limits=(
            "With a variance estimated from few events the effective number is itself uncertain; Korn and Graubard's"
            " correction by t answers for the degrees of freedom, not for that.",
        ),
        code=CODE,
    ),
    "tango": Described(
        purpose="Whether the candidate gets more rows right than the baseline, both read on the same rows.",
        assumptions=(ROWS, "Both models answer the same rows; only rows on which they differ carry information."),
        formula="""b rows only the candidate gets right, c only the baseline, of n
S(δ) = (b - c - nδ) / √( n (2q + δ (1 - δ)) )
q the restricted maximum likelihood estimate of P(only the baseline right):
  q = (√(B² - 8nC) - B) / 4n,   B = -b - c + (2n - b + c) δ,   C = -c δ (1 - δ)
interval: all δ with |S(δ)| <= z;   p-value: 2 Φ(-|S(δ0)|);   S(0)² is McNemar's χ² without correction""",
        chosen="The difference of a proportion (accuracy, recall, …) with one row per unit.",
        cost="Constant: a search of about ten steps a bound.",
        limits=(
            "McNemar's exact and mid-p tests are reported beside it, and do not decide: the interval does.",
            "With no discordant row the interval still has a width, ±z²/(n + z²).",
            "Newcombe's method 10 was considered: design/0003 gives both methods' coverage.",
        ),
        code=CODE,
        benchmark=("10 million rows x 235 slices",),
    ),
    "newcombe-paired": Described(
        purpose="The paired difference of proportions by square-and-add from Wilson's intervals; for comparison.",
        assumptions=(ROWS,),
        formula="""θ = p2 - p1,  (l, u) Wilson's bounds of p1 and p2,  φ the correlation of the 2x2 table
(numerator ad - bc less n/2 where positive, not below 0)
lower = θ - √( (p2 - l2)² - 2φ (p2 - l2)(u1 - p1) + (u1 - p1)² )
upper = θ + √( (u2 - p2)² - 2φ (u2 - p2)(p1 - l1) + (p1 - l1)² )""",
        chosen="Never: kept so that its figures can be set beside Tango's.",
        cost="Constant; its p-value inverts the interval by bisection.",
        limits=("It covers as well as Tango's and is wider where errors are rare: design/0003.",),
        code=CODE,
    ),
}
