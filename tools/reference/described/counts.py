"""Functions of confusion counts with one row per unit."""

from __future__ import annotations

from tools.reference.described.declared import Described

DESCRIBED: dict[str, Described] = {
    "dirichlet": Described(
        purpose="F1, precision, MCC, kappa, balanced accuracy and other functions of binary counts, and differences.",
        assumptions=(
            "Rows are units, drawn independently: the counts of the eight patterns (target, baseline, candidate)"
            " are multinomial.",
            "The metric is a function of shares: it does not change when all counts are multiplied.",
        ),
        formula="""patterns k = 1..8 with counts c_k, n rows
α_k = (c_k + 1/4) (n - 2) / (n + 2)
draw (p_1..p_8) ~ Dirichlet(α), B = 9,999 times; metric of baseline, of candidate, difference of the same draw
difference: 1/2 in place of 1/4 in α_k of the four patterns in which the models part
interval: k-th smallest and k-th largest of B,  k = (B + 1) α/2;   p = 2 (min(#<=, #>=) + 1) / (B + 1)
one model with fewer than 15 rows in a cell of its confusion: the same without + 1/4 in its wrong cells, and
in its right ones; the interval reaches over all three, p is the largest of theirs""",
        chosen="A function of binary confusion counts with one row per unit.",
        cost="Draws are made once a slice and serve all metrics: 8 B gamma draws, whatever the rows.",
        limits=(
            "1/4 a pattern is a device, not a prior belief: without it, a pattern not seen is impossible, and the"
            " percentile bootstrap covers 38 % at 30 rows and 5 % positives.",
            "With 1/4 everywhere three rows won and none lost would be enough: between models that are wrong in 0.3 %"
            " of 1,000 rows a difference of F1 was covered 91 %, with 1/2 where they part 95 % (design/0017).",
            "What is added keeps a bound off perfection: one error in 1,000 was covered 86 % at 200 rows. Without it"
            " the bound is near to Clopper and Pearson's.",
            "The sum n - 2 gives a share the unbiased variance p (1 - p)/(n - 1): design/0003 has the alternatives.",
            "Bounds carry Monte Carlo error, which every estimate reports; the stream is named, so reruns are equal.",
        ),
        code=("assay.stats.dirichlet",),
        benchmark=("10 million rows x 235 slices", "F1 by 20 groups"),
    ),
    "multinomial-bootstrap": Described(
        purpose="Macro averages, multiclass MCC and kappa, and other functions of counts of three or more classes.",
        assumptions=(
            "Rows are units, drawn independently.",
            "Patterns that occur stand for those that can occur, so that the rarest class needs 30 rows.",
        ),
        formula="""counts* ~ multinomial(n; counts / n) over the patterns (target, baseline, candidate), B = 9,999 times
interval: order statistics of the metric, as for the Dirichlet draws""",
        chosen="A function of the counts of three or more classes, one row per unit.",
        cost="B draws over the patterns that occur; equal to resampling rows, without touching them.",
        limits=(
            "It cannot see patterns that did not occur: a sample without errors has no interval.",
            "With 3 to 9 wrong rows expected it covers 90 to 94 %, with the samples that show 5 or more 95 % and more;"
            " a difference needs 10 rows in which the models part, as everywhere.",
            "Replicates in which the metric is undefined are counted; above 5 % there is no interval.",
        ),
        code=("assay.stats.dirichlet",),
    ),
}
