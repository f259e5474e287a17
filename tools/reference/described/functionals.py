"""Functions of the rows: average precision, partial AUC, calibration, risk and coverage."""

from __future__ import annotations

from tools.reference.described.declared import Described

CODE = ("assay.stats.functional",)
UNITS = "Units are drawn independently; the rows of one unit may resemble one another in any way."
SMOOTH = "The metric moves smoothly with the mix of rows: no single row decides it."

DESCRIBED: dict[str, Described] = {
    "influence-jackknife": Described(
        purpose="One model's calibration slope or intercept, or another function of the rows without a bounded range.",
        assumptions=(UNITS, SMOOTH),
        formula="""m_i: the value minus the value without row i, exact or to the first order
M_u = (n - 1)/(n - n_u) · sum of m_i over the rows of unit u;   U units
v = (U - 1)/U · sum of M_u²,   θ ± t √v,   df = the fewest of effective units and those with the rarer class, less 1""",
        chosen="One model, a metric of family functional without a least and a greatest value.",
        cost="One sort or one fit a model, then one pass over the rows, however many units.",
        limits=(
            "Average precision and the area under the risk-coverage curve are exact without each row; partial AUC,"
            " slope, intercept and selective risk are so to the first order.",
            "Perfect separation, one class, or a probability of exactly 0 or 1 leaves slope and intercept undefined,"
            " with the reason.",
        ),
        code=CODE,
    ),
    "influence-jackknife-logit": Described(
        purpose="One model's average precision, partial AUC, area under the risk-coverage curve or selective risk.",
        assumptions=(UNITS, SMOOTH),
        formula="""v as for influence-jackknife;   range [l, h]
logit((θ - l)/(h - l)) ± t √v (h - l)/((θ - l)(h - θ)), turned back""",
        chosen="One model, a metric of family functional with a bounded range.",
        cost="As influence-jackknife.",
        limits=(
            "Average precision is biased upwards in small samples: with 20 positives the interval covers 90 %, with 30"
            " 93 %; the domain asks for 50.",
            "Where rows of a unit rank alike, a few units decide the top: with 100 units of 20 rows whose scores share"
            " 90 % of their variance average precision covers 90 %, a partial AUC 82 to 93 %. The domain"
            " asks that 15 units carry the variance, (Σ d²)² / Σ d⁴ over what units move the value by.",
            "A partial AUC of a narrow part rests on few rows: the domain asks for 20 of the class that bounds it.",
            "The cut of a selective risk moves with the sample; the risk at the cut is read off the n^(2/3) rows on"
            " either side. Taken as fixed, the variance is too small.",
        ),
        code=CODE,
    ),
    "influence-jackknife-paired": Described(
        purpose="Whether the candidate is better on a function of the rows, both models read on the same rows.",
        assumptions=(UNITS, SMOOTH, "Both models score the same rows."),
        formula="m_i = m_i(candidate) - m_i(baseline), then as influence-jackknife",
        chosen="The difference of two models in a metric of family functional.",
        cost="As influence-jackknife, for each model.",
        limits=(
            "Two models that rank alike leave no variance to see: the value is shown without an interval.",
            "What is small for one model alone is small for the difference too: the same figures bind.",
        ),
        code=CODE,
    ),
}
