"""Raters and voters."""

from __future__ import annotations

from tools.reference.described.declared import Described

VOTES = (
    "The chance of a win depends on the two models' strengths alone, besides order and ties where they are asked.",
    "Every model is linked to every other by wins and losses in chains, else strengths are not finite.",
)
MODEL = """η = θ_i - θ_j + order;  first : second : tie = exp(η/2) : exp(-η/2) : ν
Σ θ = 0, maximum likelihood by Newton"""

DESCRIBED: dict[str, Described] = {
    "agreement-jackknife": Described(
        purpose="How far raters agree beyond chance: Krippendorff's alpha, Cohen's, weighted and Fleiss' kappa.",
        assumptions=(
            "Items (or clusters of them) are drawn independently; raters are those at hand.",
            "The scale is what it is said to be: nominal, ordinal, interval or ratio.",
        ),
        formula="""coefficient = 1 - D_o / D_e  (observed over expected disagreement)
each unit left out in turn;  log(D_o / D_e) ± t(G_eff - 1) √v;   bounds: 1 - exp(·)""",
        chosen="`assay agreement` with a coefficient; shares of agreement go as proportions over clusters.",
        cost="All delete-one values in time that grows with the ratings, not with their square.",
        limits=(
            "On its own scale t covers 87 % near full agreement where this covers 94 % and more (design/0008).",
            "The interval is for other items and these raters; other raters are another question.",
            "Of Cohen's kappa the large-sample errors that other programs print (Fleiss, Cohen & Everitt 1969) are in"
            " the diagnostics; they take items for units, and do not decide.",
            "Kappa and alpha depend on how often classes occur: they are not compared across data sets.",
        ),
        code=("assay.stats.agreement", "assay.stats.raters", "assay.stats.kappa"),
        benchmark=("ordinal alpha with its interval",),
    ),
    "bradley-terry": Described(
        purpose="Strengths of models from pairwise votes, each vote a unit.",
        assumptions=("Votes are independent.", *VOTES),
        formula=f"""{MODEL}
covariance: inverse information, centred;   θ_i ± z se;   ranks: simultaneous intervals of all pairs (max |t|)""",
        chosen="`assay preferences` where each unit voted once.",
        cost="Votes are counted once by ordered pair; each Newton step takes models³.",
        limits=(
            "Strengths are against an average model of this set: leave one out and all move.",
            "Elo was considered: its ratings depend on the order of the votes, and it is not offered.",
            "Intransitive preferences are not seen by this model.",
        ),
        code=("assay.stats.preferences", "assay.stats.strengths"),
    ),
    "bradley-terry-jackknife": Described(
        purpose="The same, where a unit (user, prompt) votes several times.",
        assumptions=("Units are drawn independently; votes of one unit may resemble one another in any way.", *VOTES),
        formula=f"""{MODEL}
each unit left out in turn (Newton's chord from the whole fit),  v = (G - 1)/G Σ (θ(g) - θ)²,   t(G_eff - 1)""",
        chosen="`assay preferences` where units vote several times.",
        cost="One solve of models² a unit, or bucket of units.",
        limits=("Where a unit alone links two parts of the models there is no interval.",),
        code=("assay.stats.preferences", "assay.stats.strengths"),
        benchmark=("Bradley-Terry, 100 models",),
    ),
}
