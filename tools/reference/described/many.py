"""Many models at once, and readings beside an interval."""

from __future__ import annotations

from tools.reference.described.declared import Described

UNITS = (
    "Units are drawn independently; rows of one unit may resemble one another in any way.",
    "Every model is read on the same units: they are left out in turn for all models together.",
)

DESCRIBED = {
    "max-t": Described(
        purpose="Differences of all pairs of models, or effects of several factors, whose intervals hold together.",
        assumptions=(*UNITS, "Values are near enough to normal together: enough units, not too skewed."),
        formula="""V = (G - 1)/G Σ_g (θ(g) - θ)(θ(g) - θ)',  θ(g) without unit g;   t_c = c'θ / sqrt(c'Vc)
c'θ ± q se,  q the (1 - α) quantile of max_c |t_c| for θ ~ t(0, V, G_eff - 1), drawn
p = (#{max >= |t|} + 1)/(B + 1)""",
        chosen="All pairs of `assay candidates`; effects of `assay ablation`.",
        cost="The metric once without each of at most 1,024 groups of units; draws x contrasts.",
        limits=(
            "With independent models of equal variance it is Tukey's method; with correlated ones it is narrower.",
            "q comes from 9,999 draws: its error is in every estimate (`monte_carlo_error`).",
            "One family is one metric: several metrics are not adjusted for one another.",
            "Steps down (Westfall & Young) would reject a little more, and have no intervals.",
        ),
        code=("assay.stats.candidates", "assay.stats.together", "assay.stats.effects"),
        benchmark=("50 models",),
    ),
    "max-t-runs": Described(
        purpose="Effects of factors where a run has a value and no units, from runs of the same settings.",
        assumptions=(
            "Runs are drawn independently around the mean of their settings, with one variance.",
            "The noise between runs is near to normal.",
        ),
        formula="""effect = w'y;   s² pooled over settings, R - C degrees of freedom;   se = s sqrt(w'w)
all effects together: the (1 - α) quantile of max |t|, drawn;   without replication Lenth's pseudo standard error""",
        chosen="`assay ablation --value`.",
        cost="Runs x effects.",
        limits=(
            "Of a fraction, effects that the runs cannot tell apart are named together, and what is taken for none.",
            "Without a setting that was run twice there are no intervals: Lenth's margins take most effects for none.",
            "One factor at a time shows no interactions, and each effect at one setting of the others.",
        ),
        code=("assay.stats.effects", "assay.stats.factorial"),
    ),
    "best-t": Described(
        purpose="How far each model is behind the best of the others, and which models may be the best.",
        assumptions=UNITS,
        formula="""d_i: one-sided quantile of max_j (t_j - t_i) with model i as the control
upper_i = max(0, min_j (θ_i - θ_j + d_i se_ij));   S = {i: upper_i > 0}
lower_i = 0 if S = {i}, else min(0, min_{j in S} (θ_i - θ_j - d_j se_ij))""",
        chosen="`assay candidates`.",
        cost="Draws x models².",
        limits=(
            "S holds the true best with the confidence said, also where several are equal: ties do not shrink it.",
            "Where all models are equal the intervals cover more often than said: no model can be behind.",
            "Models that score every unit alike count as one.",
        ),
        code=("assay.stats.candidates",),
        benchmark=("50 models",),
    ),
    "fieller": Described(
        purpose="The difference as a share of the baseline.",
        assumptions=(*UNITS, "The baseline is told apart from 0."),
        formula="all ρ with (c - ρb)² <= t² (v_c - 2ρ v_bc + ρ² v_b),  less 1;   bounded where b² > t² v_b",
        chosen="`assay compare --relative`; no claim is read off it.",
        cost="That of the covariance over units.",
        limits=(
            "Where the baseline's interval holds 0, or the baseline is negative, the share is undefined and says so.",
            "A delta-method interval is symmetric and fails first where the baseline is noisy.",
        ),
        code=("assay.stats.ratio",),
    ),
    "sign-flip": Described(
        what="permutation test of two models on the same units",
        source="Fisher (1935), The Design of Experiments, section 21; Phipson & Smyth (2010)",
        purpose="How often a difference at least as large comes about when units change sides at random.",
        assumptions=("Under no difference the two results of a unit may change places.",),
        formula="p = share of the 2^n flips with |difference| >= |seen|;   sampled: (b + 1)/(B + 1)",
        chosen="`assay compare --permutation`; no claim is read off it.",
        cost="At most 32,768 flips up to 16 units that differ; else 9,999 sampled ones.",
        limits=(
            "It tests that the models are alike, not only that their means are: a difference in spread counts too.",
            "Beyond 1,024 units whole buckets change sides: valid, with a coarser p-value.",
        ),
        code=("assay.stats.permutation",),
    ),
    "adjusted-p": Described(
        what="p-values of one family, adjusted for one false finding or for the share of false ones",
        source="Holm (1979), Scandinavian Journal of Statistics 6; Sidak (1967), JASA 62; Hochberg (1988), Biometrika"
        " 75; Benjamini & Hochberg (1995), JRSS B 57; Benjamini & Yekutieli (2001), Annals of Statistics 29",
        purpose="Which of many slices differ, where a known share of false ones among those found can be borne.",
        assumptions=(
            "Every p-value holds its level by itself.",
            "Holm and Benjamini-Yekutieli: none of how the p-values depend on each other.",
            "Benjamini-Hochberg and Hochberg: independence, or positive dependence on the true nulls.",
            "Holm-Sidak: independence, or |t| of jointly normal estimates.",
        ),
        formula="""p(1) <= … <= p(n) of a family of m;   each at most 1
Holm max_{j<=i} (m - j + 1) p(j);   Hochberg min_{j>=i} (m - j + 1) p(j)
Holm-Sidak max_{j<=i} 1 - (1 - p(j))^(m - j + 1)
Benjamini-Hochberg q(i) = min_{j>=i} m p(j)/j;   Benjamini-Yekutieli the same times 1 + 1/2 + … + 1/m""",
        chosen="`assay compare --discoveries`, and `assay.adjust`; no claim is read off it.",
        cost="A sort of the p-values.",
        limits=(
            "A q is about all slices found together: one of them with q = 0.04 may well be false.",
            "Slices that share rows, and two-sided tests, need not depend positively: the second q holds then too.",
            "Slices without a p-value, or outside their method's domain, count in m with p = 1: no q is too small.",
            "What is found on these rows is a hypothesis: a claim on it needs units that the search did not read.",
        ),
        code=("assay.stats.multiplicity", "assay.flows.discoveries"),
    ),
    "sample-ratio": Described(
        what="whether counts of several arms are what their design says",
        source="Pearson (1900), Philosophical Magazine 50; Fabijan et al. (2019), KDD '19; Satterthwaite (1946)",
        purpose="Whether the order in which two models were shown was drawn by chance, so that ratings do not hold it.",
        assumptions=(
            "The order is drawn by a fair coin, for each vote or once for each unit.",
            "The columns say which model was shown first, not which was named first.",
        ),
        formula="""chi² = Σ (n_a - N s_a)² / (N s_a), arms less one df;   where N s_a < 5 exact for two arms
a pair of models: T = (Σ_u d_u)² / Σ_u d_u²,  d_u votes of unit u that show one first less those that show the other
K pairs: Σ T ~ c chi²(K/c),  c = Σ r²/K over correlations r of the pairs' d;   votes as units: c = 1""",
        chosen="`assay preferences --order`, with a warning at p < 0.001; it changes no strength.",
        cost="A sort of the votes by unit and pair; with units a product of units x pairs.",
        limits=(
            "Pairs that expect fewer than five votes in either order are left out, and how many is said.",
            "A large p does not say that the order was drawn: orders that take turns pass too.",
            "With few units that vote on many pairs it misses small faults; at 30 units p < 0.001 comes up in 0.3 %.",
            "What one advantage for all does is in `--order`'s own estimate; what differs by pair is in the strengths.",
        ),
        code=("assay.stats.shares", "assay.stats.orders"),
    ),
    "nemenyi": Described(
        what="average ranks over data sets: Friedman's test and the critical difference",
        source="Friedman (1937); Iman & Davenport (1980); Nemenyi (1963); Demsar (2006), JMLR 7",
        purpose="Which models are told apart when each data set counts once.",
        assumptions=("Data sets are drawn independently.",),
        formula="""χ² = 12N/(k(k + 1)) Σ (R_j - (k + 1)/2)² / ties;   F = (N - 1)χ² / (N(k - 1) - χ²)
CD = q(1 - α; k, ∞)/sqrt 2 · sqrt(k(k + 1)/(6N)),  q of the studentised range""",
        chosen="`assay candidates --block`.",
        cost="Data sets x models.",
        limits=(
            "A rank says nothing of how much: the means over data sets stand beside it.",
            "Whether two models are told apart depends on which others are ranked with them.",
            "Chi-squared and F are approximations that hold for more than about ten data sets.",
        ),
        code=("assay.stats.blocks",),
    ),
    "posterior": Described(
        what="a Bayesian reading beside the interval",
        source="Rubin (1981), Annals of Statistics 9; Kruschke (2018), AMPPS 1",
        purpose="How probable it is that the candidate is better, or as good as the same.",
        assumptions=("Units are exchangeable.", "Prior: improper Dirichlet over units, or a normal one around 0."),
        formula="w ~ Dirichlet(1, …, 1) over units, θ(w) recomputed;   normal: precisions add",
        chosen="`assay compare --bayes` or `--rope`; never a verdict.",
        cost="Draws x groups of units.",
        limits=(
            "It does not know of looks, of other claims, or of the candidates tried before.",
            "The Bayesian bootstrap gives what was not seen no chance: few units make it too sure.",
        ),
        code=("assay.stats.posterior",),
    ),
}
