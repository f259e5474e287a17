"""docs/methods.md: the methods of inference, when they are chosen, and where they hold."""

from __future__ import annotations

import inspect

from tests.known.registry import answers

from assay.stats import choose
from assay.stats.domain import DOMAINS
from tools.reference.described import DESCRIBED
from tools.reference.markdown import NOTE, table
from tools.reference.sources import sourced

INTRO = """# Methods

One place (`assay.stats.choose`) chooses the method from the metric's family, the design and the sample; the choice and
its reason are part of every estimate (`method`, `reason`). Intervals and p-values come from the same procedure, so they
never disagree. Why these methods and not others: `design/0003-inference.md`. How often their intervals hold the truth:
[coverage](coverage.md).

## What is chosen

{choice}

## Where each method holds

Inside its domain a method's nominal 95 % interval has covered at least 93 % on the published grid,
up to the noise of the simulation ([coverage](coverage.md) gives every cell). Outside it the
estimate is shown, and no claim can be *supported* by it. The page of a method has its assumptions, formula, source,
coverage, cost and known answers.

{domains}
## Other procedures

{procedures}
## Known answers

{known} published values from textbooks, R packages and peers are held as data (`tests/known`), each with its source;
{further} further values stand in tests of their own, with their sources. The pages show them beside what Assay gives.
"""

# Of each method with a domain: (what it is, source). Its page asks for a `Described` in `tools/reference/described`.
METHODS: dict[str, tuple[str, str]] = {
    "wilson": ("score interval of one proportion", "Wilson (1927), JASA 22"),
    "wilson-clustered": (
        "Wilson's interval on the effective number of rows, with t",
        "Wilson (1927); Korn & Graubard (1998), Survey Methodology 24",
    ),
    "clopper-pearson": (
        "exact interval of one proportion with fewer than 15 successes or failures",
        "Clopper & Pearson (1934), Biometrika 26",
    ),
    "clopper-pearson-clustered": (
        "the same on the effective number of rows, with t",
        "Korn & Graubard (1998), Survey Methodology 24",
    ),
    "tango": ("score interval of a paired difference of proportions", "Tango (1998), Statistics in Medicine 17"),
    "newcombe-paired": (
        "Newcombe's method 10 for a paired difference; kept for comparison, not chosen",
        "Newcombe (1998), Statistics in Medicine 17",
    ),
    "dirichlet": (
        "percentiles of draws from a Dirichlet over the paired outcome patterns",
        "Rubin (1981), Annals of Statistics 9; scaling: design/0003",
    ),
    "multinomial-bootstrap": (
        "percentiles of multinomial draws over the outcome patterns",
        "Efron & Tibshirani (1993), An Introduction to the Bootstrap",
    ),
    "t": ("t over units, of a mean or of a mean difference", "Student (1908), Biometrika 6"),
    "t-ratio": ("delta method over units, with t", "Cochran (1977), Sampling Techniques, ch. 6"),
    "jackknife": (
        "delete-one-unit (or bucket) jackknife; t with effective units less one",
        "Tukey (1958), Ann. Math. Stat. 29; Efron & Stein (1981), Annals of Statistics 9",
    ),
    "max-t": (
        "differences of several models, or effects of factors, together: the largest |t| under their covariance",
        "Hothorn, Bretz & Westfall (2008), Biometrical Journal 50",
    ),
    "max-t-runs": (
        "effects of factors on a value for each run, together: noise pooled over runs of the same settings",
        "Box, Hunter & Hunter (2005), Statistics for Experimenters, ch. 5",
    ),
    "best-t": (
        "each model minus the best of the others, all models together",
        "Hsu (1996), Multiple Comparisons, ch. 4; Edwards & Hsu (1983), JASA 78",
    ),
    "fieller": (
        "relative difference: a ratio of two values from their joint covariance",
        "Fieller (1954), JRSS B 16; Franz (2007), arXiv:0710.2024",
    ),
    "jackknife-logit": (
        "the same on the logit scale of the metric's range, for a single value",
        "Tukey (1958); scale: design/0003",
    ),
    "delong": ("DeLong's variance of one AUC", "DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44"),
    "delong-logit": (
        "DeLong's variance on the logit scale, near 0 and 1",
        "DeLong et al. (1988); Pepe (2003), The Statistical Evaluation of Medical Tests, 5.2",
    ),
    "delong-paired": (
        "DeLong's variance of a difference of AUCs on the same rows",
        "DeLong et al. (1988); Sun & Xu (2014), IEEE Signal Processing Letters 21",
    ),
    "auc-jackknife": ("jackknife over exact delete-one-unit AUCs", "Tukey (1958); Obuchowski (1997), Biometrics 53"),
    "influence-jackknife": (
        "average precision, calibration slope and other functions of the rows: what each row moves, added up by unit",
        "Tukey (1958); Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, ch. 6",
    ),
    "influence-jackknife-logit": (
        "the same on the logit scale of the metric's range, for a single value",
        "Tukey (1958); scale: design/0003",
    ),
    "influence-jackknife-paired": ("the same of a difference of two models on the same rows", "Tukey (1958)"),
    "order-statistics": (
        "binomial bounds on the ranks of a quantile",
        "David & Nagaraja (2003), Order Statistics, 7.1",
    ),
    "woodruff": ("Woodruff's interval of a quantile over clusters", "Woodruff (1952), JASA 47"),
    "quantile-mover": (
        "the difference of two quantiles from the bounds of each",
        "Zou & Donner (2008), Statistics in Medicine 27",
    ),
    "seeds-satterthwaite": (
        "units and training seeds as two sources of variance; Satterthwaite's degrees of freedom",
        "Satterthwaite (1946), Biometrics Bulletin 2",
    ),
    "agreement-jackknife": (
        "alpha and kappas of raters: units left out in turn, t on the log of observed over expected disagreement",
        "Krippendorff (2011); Cohen (1960, 1968); Fleiss (1971); Tukey (1958)",
    ),
    "bradley-terry": (
        "strengths from votes, each a unit: maximum likelihood",
        "Bradley & Terry (1952), Biometrika 39; Davidson (1970), JASA 65",
    ),
    "bradley-terry-jackknife": ("the same where units vote several times: units left out in turn, t", "Tukey (1958)"),
    "worst-group": ("the worst group's value, from one-sided and simultaneous bounds of all groups", "design/0003"),
    "extremes-difference": (
        "the difference between two models in their largest gap, or in their worst group",
        "bounds of all contrasts, those of one model simultaneous; design/0003",
    ),
    "normal-mixture": (
        "the normal mixture around another interval, so that it holds at every moment; asymptotic",
        "Robbins (1970), Ann. Math. Stat. 41; Howard et al. (2021), Annals of Statistics 49; "
        "Waudby-Smith et al. (2024), Annals of Statistics 52",
    ),
    "stage-wise": (
        "after the last of several looks: median-unbiased, by the stage-wise ordering; shown, decides nothing",
        "Fairbanks & Madsen (1982), Biometrika 69; Tsiatis, Rosner & Mehta (1984), Biometrics 40",
    ),
    "beta-binomial-mixture": (
        "one proportion at every moment: the beta-binomial mixture, exact",
        "Robbins (1970); Howard et al. (2021)",
    ),
    "betting-mixture": (
        "a paired difference of proportions at every moment: a mixture of constant bets, exact",
        "Waudby-Smith & Ramdas (2024), J. R. Statist. Soc. B 86; Orabona & Jun (2024), IEEE Trans. Inf. Theory 70",
    ),
    "gap-pairwise": (
        "largest gap between groups from simultaneous bounds of all pairs",
        "Zou & Donner (2008) for a pair; Bonferroni over pairs: design/0003",
    ),
}


def chosen() -> str:
    """The chooser's own table, and the sentence after it."""
    return "\n\n".join(inspect.cleandoc(choose.__doc__ or "").split("\n\n")[1:])


def render() -> str:
    """The page."""
    rows = [
        [linked(name), METHODS[name][0], "; ".join(f"{n.said}: {n.least:g}" for n in needs), str(len(answers(name)))]
        for name, needs in DOMAINS.items()
    ]
    domains = table(["method", "what it is", "needs at least", "known answers"], rows)
    beside = [[linked(n), d.what, str(len(answers(n)))] for n, d in DESCRIBED.items() if n not in DOMAINS]
    procedures = table(["procedure", "what it is", "known answers"], beside)
    held = {"known": len(answers()), "further": len(sourced())}
    return NOTE + INTRO.format(choice=chosen(), domains=domains, procedures=procedures, **held)


def linked(name: str) -> str:
    """A link to the method's page."""
    return f"[`{name}`](methods/{name}.md)"
