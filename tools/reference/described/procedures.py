"""Procedures that are no interval of one sample: tests beside, several claims, several looks, planning, values."""

from __future__ import annotations

from tools.reference.described.declared import Described

DESCRIBED: dict[str, Described] = {
    "mcnemar": Described(
        what="exact and mid-p tests of as many rows won as lost, shown beside Tango's interval",
        source="McNemar (1947), Psychometrika 12; Fagerland, Lydersen & Laake (2013), BMC Med. Res. Methodol. 13",
        purpose="A reader who knows McNemar's test finds it beside the interval that decides.",
        assumptions=("Rows are units; given that the models differ on a row, each is as likely right under the null.",),
        formula="""k = min(b, c), m = b + c, X binomial(m, 1/2)
exact p = 2 P(X <= k);   mid-p = 2 P(X <= k) - P(X = k)""",
        chosen="Always reported as a diagnostic of a paired difference of proportions; never decides.",
        cost="Constant.",
        limits=("A p-value says nothing of the size of a difference, and none of harm: read the interval.",),
        code=("assay.stats.proportions",),
    ),
    "bootstrap-t": Described(
        what="studentised bootstrap over units, a check of the jackknife's interval",
        source="Efron & Tibshirani (1993), An Introduction to the Bootstrap, 12.5",
        purpose="Whether skewed units would move the interval: shown beside it, never instead.",
        assumptions=("Units are drawn independently.",),
        formula="""999 resamples of units; t* = (θ* - θ) / se*
θ - t*(k-th largest) se  to  θ - t*(k-th smallest) se""",
        chosen="Asked for by `sensitivity`, for means and functions of means over 20 units or more.",
        cost="999 x units multiplications, by matrix product, for all metrics together.",
        limits=("It is a diagnostic: no verdict rests on it.",),
        code=("assay.stats.bootstrap",),
    ),
    "multiplicity": Described(
        what="the level at which each interval is read, for several claims or slices",
        source="Holm (1979), Scandinavian Journal of Statistics 6:65-70",
        purpose="Several claims, any of which would do: the chance of one false success stays at the level.",
        assumptions=("None of how the claims depend on each other.",),
        formula="""k claims left: each is read at α / k; those supported leave, until none is (Holm)
m slices of one metric: each is read at α / m (Bonferroni)""",
        chosen="Holm for any-of primary claims; slices by Bonferroni; all-of claims need none (intersection-union).",
        cost="A reading of each interval a step.",
        limits=(
            "Intervals are read at the level at which the claim passed or failed, so verdict and interval agree.",
            "A claim whose interval is undefined counts in the family.",
        ),
        code=("assay.judge.levels", "assay.flows.estimates"),
    ),
    "group-sequential": Described(
        what="boundaries for several looks at growing data, by error spending, and classical ones",
        source="Lan & DeMets (1983), Biometrika 70; Jennison & Turnbull (1999), Group Sequential Methods",
        purpose="Reading the data before it is complete without raising the error.",
        assumptions=(
            "The statistic behaves as a Brownian motion in information; information is units.",
            "Times of looks do not depend on what was seen.",
        ),
        formula="""α*(t): 2 Φ(z_{α/2}/√t) on a side (O'Brien-Fleming type), α log(1 + (e - 1) t) (Pocock type)
α (1 - e^{-γt})/(1 - e^{-γ}) (Hwang, Shih and DeCani), α t^ρ (power family)
z_k solves P(not crossed before, Z_k > z_k) = α*(t_k) - α*(t_{k-1}), by recursive Gauss-Legendre quadrature
classical: z_k = C t_k^{Δ - 1/2}, Δ = 1/2 (Pocock), 0 (O'Brien and Fleming); between planned looks the error that they
spend is interpolated""",
        chosen="Plans with several looks.",
        cost="Milliseconds a boundary.",
        limits=(
            "A claim is read off the repeated interval (Jennison & Turnbull 1989): the look's own, read at 1 - Φ(z_k).",
            "After stopping early the plain estimate is too large on average: see stage-wise.",
            "Effective units as information were tried and are worse where units grow (design/0012).",
        ),
        code=("assay.stats.sequential", "assay.stats.spending", "assay.stats.brownian"),
    ),
    "always-valid": Described(
        what="a bound that holds at every moment, by a normal mixture",
        source="Robbins (1970), Ann. Math. Stat. 41; Howard et al. (2021), Annals of Statistics 49",
        purpose="Reading as often as one likes.",
        assumptions=("Sums of independent terms, close to normal, with the variance accumulated so far.",),
        formula="""|S| <= √( (V + ρ) (log((V + ρ)/ρ) + 2 log(1/α)) )
ρ = V_opt / (2 log(1/α) + log(1 + 2 log(1/α)))""",
        chosen="Plans that ask for always-valid reading, as the normal mixture around the interval of one look.",
        cost="Constant.",
        limits=("It pays for the freedom with width: about half as wide again as one planned look.",),
        code=("assay.stats.anytime",),
    ),
    "power": Described(
        what="how many units a claim takes, and what a number of units can detect",
        source="Chow, Shao & Wang (2008), Sample Size Calculations; Connor (1987); Obuchowski & McClish (1997)",
        purpose="Planning a study that can answer its question.",
        assumptions=(
            "The spread is declared or seen in a pilot, and that of the study is the same.",
            "Where a formula is used the estimate is close to normal (or t); proportions are summed over all counts.",
            "Simulated samples come from the pilot, changed as little as makes the declared effect true.",
        ),
        formula="""P(bound excluded) = Φ( room/se - z_{1-α} se0/se ), or noncentral t
units: the least n that reaches the power""",
        chosen="`assay plan power` and `assay power`.",
        cost="Milliseconds; by simulation a few seconds.",
        limits=(
            "Power is at the declared effect, never at the one observed.",
            "Clusters multiply the units by the design effect of the pilot.",
        ),
        code=("assay.stats.power",),
    ),
    "metrics": Described(
        what="values of the metrics themselves, without their intervals",
        source="each metric names its own (docs/metrics.md)",
        purpose="A metric has the value that its authors and other programs give it.",
        assumptions=("The input is what the metric reads: labels, probabilities, scores, numbers.",),
        formula="""docs/metrics.md gives the formula of each""",
        chosen="By name, in the plan or on the command line.",
        cost="One engine pass for all metrics and slices together.",
        limits=("What cannot be computed is undefined, with its reason; it is never 0.",),
        code=("assay.metrics",),
        benchmark=("10 million rows x 235 slices", "log loss and 19 other means"),
    ),
}
