"""Means, ratios and functions of means with one row per unit, and claims about a method."""

from __future__ import annotations

from tools.reference.described.declared import Described

DESCRIBED: dict[str, Described] = {
    "t": Described(
        purpose="A mean score (log loss, Brier, absolute error, reciprocal rank) and its paired difference.",
        assumptions=(
            "Units are drawn independently.",
            "Their values are not so skewed that the mean of n is still skewed: n >= 40 squared skewness.",
        ),
        formula="""d_u = candidate's score - baseline's score of unit u,   mean ± t(n - 1) s_d / √n
p = 2 T_{n-1}(-|mean - null| √n / s_d)""",
        chosen="A mean with one row per unit and one seed a model.",
        cost="Linear in rows for the moments (one engine pass), then constant.",
        limits=(
            "The skewness is the sample's own: a sample that drew no large value shows none. Exponential differences"
            " at 30 units cover 92 to 93 % (design/0004).",
            "Fewer than 10 units with a difference that is not zero can support nothing.",
            "BCa was considered: at n = 10 it errs by 10 % where t errs by 5 %.",
        ),
        code=("assay.stats.means",),
        benchmark=("paired mean difference", "log loss and 19 other means"),
    ),
    "t-ratio": Described(
        purpose="RMSE, R², relative errors and other smooth functions of means, and their differences.",
        assumptions=(
            "Units are drawn independently.",
            "The function is smooth at the means seen, and the sample large enough for its tangent to do.",
        ),
        formula="""θ = f(m),  m the means [k],  V their covariance matrix from the co-moments
se² = ∇f(m)' V ∇f(m) / n,   θ ± t(n - 1) se;   ratio R = ȳ/x̄:  se² = Σ (y_i - R x_i)² / (n (n - 1) x̄²)""",
        chosen="A function of several means (or a nonlinear one of one mean) with one row per unit.",
        cost="Linear in rows for the co-moments (one engine pass), then constant.",
        limits=(
            "From 100 units: RMSE of one model covers 92 to 93 % at 50 (design/0004).",
            "A ratio whose denominator may be zero has no finite interval.",
        ),
        code=("assay.stats.means",),
        benchmark=("log loss and 19 other means",),
    ),
    "seeds-satterthwaite": Described(
        purpose="A claim about a method (the training procedure), from several training seeds a model.",
        assumptions=(
            "Seeds are drawn independently, and resample the training data where the claim speaks of new data.",
            "Units and seeds are two sources of variance that add; a one-seed baseline is declared deterministic.",
        ),
        formula="""d_u = mean over candidate seeds - mean over baseline seeds, of unit u
V = V_units(d) + s_A²/S_A + s_B²/S_B   (paired seeds: one term, s_diff²/S)
df = V² / ( V_units²/df_units + (s_A²/S_A)²/(S_A - 1) + (s_B²/S_B)²/(S_B - 1) ),   value ± t(df) √V""",
        chosen="Every claim about a method; V_units comes from the route of the metric (jackknife, DeLong, MOVER).",
        cost="As the route of the metric, for each seed.",
        limits=(
            "Three seeds are the least, with three degrees of freedom between them: below, coverage falls to 92 %.",
            "The interaction of units and seeds enters twice, which errs to the safe side.",
            "t over seeds alone covers 41 to 94 %: it forgets that other test units would have been drawn.",
        ),
        code=("assay.stats.seeds",),
    ),
}
