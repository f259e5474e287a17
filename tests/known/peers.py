"""Values that a named version of another library gives, where none was found in print: each with its call."""

from __future__ import annotations

import numpy as np

from assay.metrics import parse
from assay.records.metric import Array, Metric
from assay.records.sample import GroupedCounts, PairedCounts, Rows
from assay.stats.choose import infer
from assay.stats.gaps import infer_gap
from assay.stats.options import InferenceOptions
from assay.stats.preferences import count_votes
from assay.stats.procedures import Draws, Inverted, LogitT, StudentT
from assay.stats.strengths import infer_strengths
from tests.known.answer import Known
from tests.stats.samples import ACCURACY, F1, RATIO, clustered, flat, moments

OPTIONS = InferenceOptions(draws=99)
STATSMODELS = "statsmodels 0.15.0,"
BORN = (13, 12, 9, 9, 8, 8, 13, 12, 10, 10, 9, 13, 5, 7, 10, 10)
BORN += (12, 11, 10, 9, 11, 10, 10, 9, 9, 5, 9, 7, 10, 6, 10, 7)
LIVED = (13, 12, 9, 9, 8, 8, 12, 11, 9, 9, 8, 11, 4, 5, 7, 7)
LIVED += (12, 11, 10, 9, 10, 9, 9, 8, 8, 4, 7, 4, 5, 3, 3, 0)
"""Pups of 32 litters and how many lived 21 days, half of them treated; Weil (1970), R package aod, `rats`."""
YEAR_1920 = (138, 93, 61, 179, 48, 37, 29, 23, 30, 2, 38, 46, 71, 25, 298, 74, 50, 76, 381, 387, 78, 60, 507, 50, 77)
YEAR_1920 += (64, 40, 136, 243, 256, 94, 36, 45, 67, 120, 172, 66, 46, 121, 44, 64, 56, 40, 116, 87, 43, 43, 161, 36)
YEAR_1930 = (143, 104, 69, 260, 75, 63, 50, 48, 111, 50, 52, 53, 79, 57, 317, 93, 58, 80, 464, 459, 106, 57, 634, 64)
YEAR_1930 += (89, 77, 60, 139, 291, 288, 85, 46, 53, 67, 115, 183, 86, 65, 113, 58, 63, 142, 64, 130, 105, 61, 50, 232)
YEAR_1930 += (54,)
"""Inhabitants of 49 cities in thousands; Cochran (1977), Sampling Techniques, R package boot, `bigcity`."""


def litters(half: slice) -> Inverted:
    """The share of pups that lived, litters being the units."""
    born, lived = np.array(BORN)[half], np.array(LIVED)[half]
    counts = np.zeros((born.size, 2, 2, 2), dtype=np.int64)
    counts[:, :, 1, 1], counts[:, :, 1, 0] = lived[:, None], (born - lived)[:, None]
    found = infer(ACCURACY, GroupedCounts(counts), clustered(born), OPTIONS).candidate
    if not isinstance(found, Inverted):
        raise TypeError(f"{found.method} has no interval")
    return found


def growth() -> StudentT:
    """How many times as many lived in the cities ten years later: a ratio of sums."""
    scores = np.array([YEAR_1930, YEAR_1920], dtype=float).T[:, None, :].repeat(2, axis=1)
    found = infer(RATIO, moments(scores), flat(len(YEAR_1920)), OPTIONS).candidate
    if not isinstance(found, StudentT):
        raise TypeError(f"{found.method} has no standard error")
    return found


def groups(metric: Metric, worst: bool) -> Inverted:
    """150 of 200 rows right in one group, 120 of 190 in the other."""
    samples = [PairedCounts(_rights(150, 200)), PairedCounts(_rights(120, 190))]
    found = infer_gap([metric], samples, [flat(200), flat(190)], False, OPTIONS, worst).candidate
    if not isinstance(found, Inverted):
        raise TypeError(f"{found.method} has no interval")
    return found


def _rights(right: int, rows: int) -> Array:
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    counts[1, 1, 1], counts[1, 0, 0] = right, rows - right
    return counts


def ranked() -> LogitT:
    """The AUC of 30 units of two rows whose scores are remainders."""
    place = np.arange(60)
    target, scores, unit = place * 7 % 5 > 2, (place * 37 % 61 + 20.0 * (place * 7 % 5 > 2)), place // 2
    sample = Rows(target.astype(np.int64), np.stack([scores, scores]), unit, unit)
    found = infer(parse("auc"), sample, clustered(np.full(30, 2)), OPTIONS).candidate
    if not isinstance(found, LogitT):
        raise TypeError(f"{found.method} has no standard error")
    return found


def voters() -> StudentT:
    """The strength of the first of two models by 40 voters of three votes each."""
    voter = np.repeat(np.arange(40), 3)
    won = (voter * 13 % 7 + np.arange(120) * 5 % 11) % 3 == 0
    first, second = np.zeros(120, dtype=np.int64), np.ones(120, dtype=np.int64)
    votes = count_votes(first, second, np.where(won, 0, 1), voter, 2)
    found = infer_strengths(votes, clustered=True, order=False, level=0.95, seed=0).models[0]
    if not isinstance(found, StudentT):
        raise TypeError(f"{found.method} has no standard error")
    return found


def leaning() -> LogitT:
    """F1 of 30 units of three rows, on the logit scale."""
    place = np.arange(90)
    target, said = (place * 7 % 5 > 2).astype(int), (place * 7 % 5 + place * 11 % 4 > 4).astype(int)
    counts = np.zeros((30, 2, 2, 2), dtype=np.int64)
    for arm in (0, 1):
        np.add.at(counts, (place // 3, arm, target, said), 1)
    found = infer(F1, GroupedCounts(counts), clustered(np.full(30, 3)), OPTIONS).candidate
    if not isinstance(found, LogitT):
        raise TypeError(f"{found.method} has no standard error")
    return found


def upper_quartile() -> Inverted:
    """The 75 % point of 40 units of three rows."""
    place = np.arange(120)
    values, unit = (place * 37 % 127 + 15.0 * (place // 3 % 5)), place // 3
    sample = Rows(np.zeros(120), np.stack([values, values]), unit, unit)
    found = infer(parse("quantile(q=0.75, direction=lower)"), sample, clustered(np.full(40, 3)), OPTIONS).candidate
    if not isinstance(found, Inverted):
        raise TypeError(f"{found.method} has no interval")
    return found


def precision() -> Draws:
    """Precision of 60 rows found and 40 false ones among 450."""
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    counts[1, 1, 1], counts[0, 1, 1], counts[0, 0, 0], counts[1, 0, 0] = 60, 40, 300, 50
    found = infer(parse("precision"), PairedCounts(counts), flat(450), InferenceOptions(draws=99_999)).candidate
    if not isinstance(found, Draws):
        raise TypeError(f"{found.method} has no draws")
    return found


CONFINT = f"{STATSMODELS} proportion_confint"
LEFT_OUT = "units left out in turn"

ANSWERS: tuple[Known, ...] = (
    Known(
        "wilson-clustered",
        "pups of 32 litters that lived, 95 %",
        lambda: litters(slice(None)).interval(0.95),
        "0.7502456604 0.8994478911",
        f"{CONFINT}(p n, n, 2 t.sf(t(df)), method='wilson') at the effective n",
    ),
    Known(
        "clopper-pearson-clustered",
        "the 16 treated litters, 95 %",
        lambda: litters(slice(16, None)).interval(0.95),
        "0.5862101810 0.9032601986",
        f"{CONFINT}(p n, n, 0.05, method='beta') at the effective n, times (z / t)²",
    ),
    Known(
        "clopper-pearson-clustered",
        "the 16 untreated litters, 95 %",
        lambda: litters(slice(16)).interval(0.95),
        "0.8254328668 0.9486320313",
        f"{CONFINT}(p n, n, 0.05, method='beta') at the effective n, times (z / t)²",
    ),
    Known(
        "t-ratio",
        "49 cities, inhabitants in 1930 over those in 1920: ratio and standard error",
        lambda: (growth().value, growth().se),
        "1.2390186 0.03450143",
        f"{STATSMODELS} WLS(x, u, weights=1 / u).fit(cov_type='HC1')",
    ),
    Known(
        "gap-pairwise",
        "150 of 200 against 120 of 190: upper bound",
        lambda: groups(ACCURACY, False).interval(0.95)[1],
        "0.2078375176",
        f"{STATSMODELS} confint_proportions_2indep(150, 200, 120, 190, method='newcomb')",
    ),
    Known(
        "gap-pairwise",
        "150 of 200 against 120 of 190: lower bound, of two orders",
        lambda: groups(ACCURACY, False).interval(0.95)[0],
        "0.0135634170",
        f"{STATSMODELS} confint_proportions_2indep(150, 200, 120, 190, method='newcomb', alpha=0.05 / 2)",
    ),
    Known(
        "worst-group",
        "the worse of 150 of 200 and 120 of 190, 95 %",
        lambda: groups(ACCURACY, True).interval(0.95),
        "0.5610149173 0.7056851680",
        f"{CONFINT}(120, 190, 0.05, 'wilson') below, at 0.05 / 2 above",
    ),
    Known(
        "auc-jackknife",
        f"30 units of two rows, {LEFT_OUT}: AUC and standard error",
        lambda: (ranked().value, ranked().se),
        "0.7476851852 0.0677000695",
        "scikit-learn 1.9.1, roc_auc_score(target, scores) without each unit",
    ),
    Known(
        "jackknife-logit",
        f"30 units of three rows, {LEFT_OUT}: F1 and standard error",
        lambda: (leaning().value, leaning().se),
        "0.71875 0.0559632623",
        "scikit-learn 1.9.1, f1_score(target, said) without each unit",
    ),
    Known(
        "bradley-terry-jackknife",
        f"two models, 40 voters of three votes, {LEFT_OUT}: strength and standard error",
        lambda: (voters().value, voters().se),
        "-0.2732718532 0.0918878466",
        f"{STATSMODELS} Logit(won, ones).fit() without each voter, halved",
    ),
    Known(
        "woodruff",
        "40 units of three rows: upper quartile, 95 %",
        lambda: upper_quartile().interval(0.95),
        "117.0 137.0",
        f"{STATSMODELS} OLS(x <= q, ones).fit(cov_type='cluster'); numpy 2 quantile(method='inverted_cdf')",
    ),
    Known(
        "dirichlet",
        "precision, 60 found and 40 false of 450 rows, 95 %",
        lambda: precision().interval(0.95),
        "0.5018 0.6924",
        "scipy 1.17.1, beta(60.5 s, 40.5 s).ppf([0.025, 0.975]), s = 448 / 452",
        units=12.0,
        why="99,999 draws: four standard errors of the simulation",
    ),
)
