"""Quantiles, e.g. p95 latency."""

from __future__ import annotations

from tools.reference.described.declared import Described

CODE = ("assay.stats.quantiles",)

DESCRIBED: dict[str, Described] = {
    "order-statistics": Described(
        purpose="A quantile of a measured column (p95 latency) with one row per unit.",
        assumptions=("Rows are units, drawn independently. Nothing is assumed of the distribution.",),
        formula="""x(l) to x(u),  B binomial(n, q)
l the largest with P(B <= l - 1) <= α/2,  u the smallest with P(B >= u) <= α/2
p: twice the smaller of P(B <= #(x <= null)) and P(B >= #(x < null))""",
        chosen="A quantile of one model, one row per unit.",
        cost="One sort.",
        limits=(
            "It is exact and conservative: coverage is at least the level.",
            "Where the sample does not reach (p99 of 100 rows) a side is open, and said to be infinite.",
            "The value is the smallest x with F(x) >= q; other definitions interpolate.",
        ),
        code=CODE,
    ),
    "woodruff": Described(
        purpose="A quantile where units have several rows: latencies of one user resemble one another.",
        assumptions=("Units are drawn independently; rows of one unit may resemble one another in any way.",),
        formula="""e = t(G_eff - 1) se(F̂(x_q)) over units,   interval: F̂⁻¹(q - e) to F̂⁻¹(q + e)""",
        chosen="A quantile of one model with several rows per unit.",
        cost="One sort, and one pass over units.",
        limits=("Order statistics that take rows for units cover 76 % where this covers 95 %.",),
        code=CODE,
    ),
    "quantile-mover": Described(
        purpose="Whether the candidate's quantile is lower (or higher) than the baseline's on the same rows.",
        assumptions=(
            "Each model's own interval holds (order statistics, or Woodruff's).",
            "The correlation of the two estimates is that of their indicators `x <= quantile` over units.",
        ),
        formula="""θ = q2 - q1,  r the correlation,  (l, u) the two intervals
lower = θ - √( (q2 - l2)² + (u1 - q1)² - 2r (q2 - l2)(u1 - q1) ),  upper likewise; widened so that intervals nest""",
        chosen="The difference of two quantiles.",
        cost="Two sorts; 120 levels are evaluated once for the p-value.",
        limits=("No density is estimated. Conservative where ties are many.",),
        code=CODE,
    ),
}
