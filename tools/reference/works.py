"""The works that methods come from, in full: the pages name them in short."""

from __future__ import annotations

import re

WORKS: dict[str, str] = {
    "Benjamini & Hochberg (1995)": "Controlling the False Discovery Rate: A Practical and Powerful Approach to Multiple"
    " Testing, Journal of the Royal Statistical Society B 57:289-300",
    "Benjamini & Yekutieli (2001)": "The Control of the False Discovery Rate in Multiple Testing under Dependency,"
    " Annals of Statistics 29:1165-1188",
    "Box, Hunter & Hunter (2005)": "Statistics for Experimenters: Design, Innovation, and Discovery, 2nd ed., Wiley",
    "Bradley & Terry (1952)": "Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons,"
    " Biometrika 39:324-345",
    "Chow, Shao & Wang (2008)": "Sample Size Calculations in Clinical Research, 2nd ed., Chapman & Hall",
    "Clopper & Pearson (1934)": "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial,"
    " Biometrika 26:404-413",
    "Cochran (1977)": "Sampling Techniques, 3rd ed., Wiley",
    "Cohen (1960)": "A Coefficient of Agreement for Nominal Scales, Educational and Psychological Measurement 20:37-46",
    "Cohen (1968)": "Weighted Kappa: Nominal Scale Agreement with Provision for Scaled Disagreement or Partial Credit,"
    " Psychological Bulletin 70:213-220",
    "Connor (1987)": "Sample Size for Testing Differences in Proportions for the Paired-Sample Design,"
    " Biometrics 43:207-211",
    "David & Nagaraja (2003)": "Order Statistics, 3rd ed., Wiley",
    "Davidson (1970)": "On Extending the Bradley-Terry Model to Accommodate Ties in Paired Comparison Experiments,"
    " Journal of the American Statistical Association 65:317-328",
    "DeLong, DeLong & Clarke-Pearson (1988)": "Comparing the Areas under Two or More Correlated Receiver Operating"
    " Characteristic Curves: A Nonparametric Approach, Biometrics 44:837-845",
    "Demsar (2006)": "Statistical Comparisons of Classifiers over Multiple Data Sets, Journal of Machine Learning"
    " Research 7:1-30",
    "Edwards & Hsu (1983)": "Multiple Comparisons with the Best Treatment, Journal of the American Statistical"
    " Association 78:965-971",
    "Efron (1982)": "The Jackknife, the Bootstrap and Other Resampling Plans, SIAM",
    "Efron & Stein (1981)": "The Jackknife Estimate of Variance, Annals of Statistics 9:586-596",
    "Efron & Tibshirani (1993)": "An Introduction to the Bootstrap, Chapman & Hall",
    "Fagerland, Lydersen & Laake (2013)": "The McNemar Test for Binary Matched-Pairs Data: Mid-p and Asymptotic Are"
    " Better than Exact Conditional, BMC Medical Research Methodology 13:91",
    "Fabijan et al. (2019)": "Fabijan, Gupchup, Gupta, Omhover, Qin, Vermeer & Dmitriev: Diagnosing Sample Ratio"
    " Mismatch in Online Controlled Experiments: A Taxonomy and Rules of Thumb for Practitioners, Proceedings of KDD"
    " 2019:2156-2164",
    "Fairbanks & Madsen (1982)": "P Values for Tests Using a Repeated Significance Test Design, Biometrika 69:69-74",
    "Fieller (1954)": "Some Problems in Interval Estimation, Journal of the Royal Statistical Society B 16:175-185",
    "Fisher (1935)": "The Design of Experiments, Oliver & Boyd",
    "Fleiss (1971)": "Measuring Nominal Scale Agreement among Many Raters, Psychological Bulletin 76:378-382",
    "Franz (2007)": "Ratios: A Short Guide to Confidence Limits and Proper Use, arXiv:0710.2024",
    "Friedman (1937)": "The Use of Ranks to Avoid the Assumption of Normality Implicit in the Analysis of Variance,"
    " Journal of the American Statistical Association 32:675-701",
    "Hochberg (1988)": "A Sharper Bonferroni Procedure for Multiple Tests of Significance, Biometrika 75:800-802",
    "Holm (1979)": "A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics"
    " 6:65-70",
    "Hothorn, Bretz & Westfall (2008)": "Simultaneous Inference in General Parametric Models, Biometrical Journal"
    " 50:346-363",
    "Howard et al. (2021)": "Howard, Ramdas, McAuliffe & Sekhon: Time-Uniform, Nonparametric, Nonasymptotic Confidence"
    " Sequences, Annals of Statistics 49:1055-1080",
    "Hsu (1996)": "Multiple Comparisons: Theory and Methods, Chapman & Hall",
    "Iman & Davenport (1980)": "Approximations of the Critical Region of the Friedman Statistic, Communications in"
    " Statistics A 9:571-595",
    "Jennison & Turnbull (1999)": "Group Sequential Methods with Applications to Clinical Trials, Chapman & Hall",
    "Korn & Graubard (1998)": "Confidence Intervals for Proportions with Small Expected Number of Positive Counts"
    " Estimated from Survey Data, Survey Methodology 24:193-201",
    "Krippendorff (2011)": "Computing Krippendorff's Alpha-Reliability, University of Pennsylvania",
    "Kruschke (2018)": "Rejecting or Accepting Parameter Values in Bayesian Estimation, Advances in Methods and"
    " Practices in Psychological Science 1:270-280",
    "Lan & DeMets (1983)": "Discrete Sequential Boundaries for Clinical Trials, Biometrika 70:659-663",
    "McNemar (1947)": "Note on the Sampling Error of the Difference between Correlated Proportions or Percentages,"
    " Psychometrika 12:153-157",
    "Nemenyi (1963)": "Distribution-Free Multiple Comparisons, thesis, Princeton University",
    "Newcombe (1998)": "Improved Confidence Intervals for the Difference between Binomial Proportions Based on Paired"
    " Data, Statistics in Medicine 17:2635-2650",
    "Obuchowski (1997)": "Nonparametric Analysis of Clustered ROC Curve Data, Biometrics 53:567-578",
    "Obuchowski & McClish (1997)": "Sample Size Determination for Diagnostic Accuracy Studies Involving Binormal ROC"
    " Curve Indices, Statistics in Medicine 16:1529-1542",
    "Orabona & Jun (2024)": "Tight Concentrations and Confidence Sequences from the Regret of Universal Portfolio,"
    " IEEE Transactions on Information Theory 70",
    "Pearson (1900)": "On the Criterion That a Given System of Deviations from the Probable in the Case of a Correlated"
    " System of Variables Is Such That It Can Be Reasonably Supposed to Have Arisen from Random Sampling, Philosophical"
    " Magazine 50:157-175",
    "Pepe (2003)": "The Statistical Evaluation of Medical Tests for Classification and Prediction, Oxford University"
    " Press",
    "Phipson & Smyth (2010)": "Permutation P-values Should Never Be Zero: Calculating Exact P-values When Permutations"
    " Are Randomly Drawn, Statistical Applications in Genetics and Molecular Biology 9:39",
    "Robbins (1970)": "Statistical Methods Related to the Law of the Iterated Logarithm, Annals of Mathematical"
    " Statistics 41:1397-1409",
    "Rubin (1981)": "The Bayesian Bootstrap, Annals of Statistics 9:130-134",
    "Satterthwaite (1946)": "An Approximate Distribution of Estimates of Variance Components, Biometrics Bulletin"
    " 2:110-114",
    "Sidak (1967)": "Rectangular Confidence Regions for the Means of Multivariate Normal Distributions, Journal of the"
    " American Statistical Association 62:626-633",
    "Student (1908)": "The Probable Error of a Mean, Biometrika 6:1-25",
    "Sun & Xu (2014)": "Fast Implementation of DeLong's Algorithm for Comparing the Areas under Correlated Receiver"
    " Operating Characteristic Curves, IEEE Signal Processing Letters 21:1389-1393",
    "Tango (1998)": "Equivalence Test and Confidence Interval for the Difference in Proportions for the Paired-Sample"
    " Design, Statistics in Medicine 17:891-908",
    "Tsiatis, Rosner & Mehta (1984)": "Exact Confidence Intervals Following a Group Sequential Test, Biometrics"
    " 40:797-803",
    "Tukey (1958)": "Bias and Confidence in Not-Quite Large Samples, Annals of Mathematical Statistics 29:614",
    "Waudby-Smith et al. (2024)": "Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas: Time-Uniform Central Limit Theory and"
    " Asymptotic Confidence Sequences, Annals of Statistics 52",
    "Waudby-Smith & Ramdas (2024)": "Estimating Means of Bounded Random Variables by Betting, Journal of the Royal"
    " Statistical Society B 86:1-27",
    "Wilson (1927)": "Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American"
    " Statistical Association 22:209-212",
    "Woodruff (1952)": "Confidence Intervals for Medians and Other Position Measures, Journal of the American"
    " Statistical Association 47:635-646",
    "Zou & Donner (2008)": "Construction of Confidence Limits about Effect Measures: A General Approach, Statistics in"
    " Medicine 27:1693-1702",
}
"""Authors and year, as pages name a work, and what follows them."""

ALSO = {"DeLong et al. (1988)": "DeLong, DeLong & Clarke-Pearson (1988)"}
"""Shorter names of the same works."""

YEARS = re.compile(r"\((\d{4}(?:, \d{4})*)\)")


def named(source: str) -> list[str]:
    """The works that a source names: authors and year each.

    >>> named("Cohen (1960, 1968); Tukey (1958), Ann. Math. Stat. 29; scaling: design/0003")
    ['Cohen (1960)', 'Cohen (1968)', 'Tukey (1958)']
    """
    found = []
    for part in source.split("; "):
        years = YEARS.search(part)
        if years:
            authors = part[: years.start()].strip()
            found += [f"{authors} ({year})" for year in years[1].split(", ")]
    return [ALSO.get(name, name) for name in found]


def listed(source: str) -> str:
    """The same in full, a line each; empty where none is named."""
    return "\n".join(f"- {name}: {WORKS[name]}." for name in named(source))
