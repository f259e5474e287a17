"""Area under the ROC curve."""

from __future__ import annotations

from tools.reference.described.declared import Described

CODE = ("assay.stats.auc", "assay.stats.ranks")
ROWS = "Rows are units: positives drawn independently from the positives, negatives from the negatives."

DESCRIBED: dict[str, Described] = {
    "delong": Described(
        purpose="One model's area under the ROC curve: how often a positive is ranked above a negative.",
        assumptions=(ROWS,),
        formula="""V10(i): share of negatives that positive i beats (a tie is a half)
V01(j): share of positives that beat negative j
AUC = mean V10,   v = S10/m + S01/n  (sample variances),   AUC ± z √v""",
        chosen="One row per unit, AUC at least 4 standard errors from 0 and 1, 30 rows of each class.",
        cost="One sort a model, n log n; exact integers, so that order and threads change no digit.",
        limits=(
            "The interval is of the AUC for the mix of rows drawn; prevalence does not enter.",
            "Few rows ranked wrong carry little information, however many rows there are: the domain asks for four.",
        ),
        code=CODE,
        benchmark=("DeLong difference of two AUCs",),
    ),
    "delong-logit": Described(
        purpose="One model's AUC near 0 or 1, or with a small class.",
        assumptions=(ROWS,),
        formula="""logit AUC ± t(df) √v / (AUC (1 - AUC)), turned back
df by Welch and Satterthwaite from the two classes' parts
perfect ranking: m disjoint pairs of a positive and a negative, lower bound (α/2)^(1/m)""",
        chosen="One row per unit, AUC within 4 standard errors of 0 or 1, or a class below 30 rows.",
        cost="As DeLong's.",
        limits=(
            "Plain DeLong covers 78 to 93 % there (design/0004).",
            "The bound for perfect ranking uses disjoint pairs only: exact and wide.",
        ),
        code=CODE,
    ),
    "delong-paired": Described(
        purpose="Whether the candidate ranks better than the baseline on the same rows.",
        assumptions=(ROWS, "Both models score the same rows."),
        formula="""θ = AUC2 - AUC1,   v = v1 + v2 - 2 cov,   cov from the same V10 and V01 of both models,   θ ± z √v
a class below 40 rows: t with Welch and Satterthwaite's degrees of freedom""",
        chosen="The difference of two AUCs with one row per unit.",
        cost="One sort a model, n log n.",
        limits=(
            "For nested models fitted and tested on the same rows DeLong's test is invalid: evaluation rows must not"
            " have trained either model.",
            "Two rankings that are alike have no variance to see: the value is shown without an interval.",
        ),
        code=CODE,
        benchmark=("DeLong difference of two AUCs",),
    ),
    "auc-jackknife": Described(
        purpose="AUC, and its difference, where units have several rows.",
        assumptions=(
            "Units are drawn independently; positives and negatives of one unit may resemble one another in any way.",
        ),
        formula="""AUC(g): exactly the AUC without unit g's rows, for all g from one sort
v = (G - 1)/G Σ (AUC(g) - AUC)²,   t with effective units of the rarer class - 1;   single values on the logit scale""",
        chosen="A rank metric with several rows per unit.",
        cost="n log n for the value and all replicates together: pairs inside a unit are counted once.",
        limits=(
            "A class that lives in few units leaves few degrees of freedom: the domain asks for five.",
            "Nearly perfect ranks show no variance: with an AUC of 0.998 and 60 units of 5 rows it covers 88 %. One"
            " model needs a row ranked wrong altogether; a difference does not, it covers too often there.",
        ),
        code=CODE,
    ),
}
