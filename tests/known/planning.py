"""Units needed: non-inferiority, equivalence, McNemar, AUCs, clusters, looks."""

from __future__ import annotations

import math
from typing import Literal

from scipy.special import ndtri

from assay.stats.brownian import crossing as crossed
from assay.stats.power import Aim, Noise, crossing, power_at, units_needed
from assay.stats.power_auc import auc_of, binormal_sd
from assay.stats.power_clusters import anova_icc, icc_bounds
from assay.stats.power_looks import fractions_of, looks_power
from assay.stats.power_proportions import paired_proportions
from assay.stats.spending import constant
from tests.known.answer import Known

CHOW = "Chow, Shao & Wang (2008), Sample Size Calculations in Clinical Research, 2nd ed., page"
PROC = "R pROC, tests of power.roc.test"
JENNISON = "Jennison & Turnbull (1999), Group Sequential Methods, table"
RATERS = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))


def units(sd: float, aim: Aim, effect: float) -> float:
    """Units that a normal estimate needs."""
    return float(units_needed(Noise(sd), aim, effect) or math.nan)


def _chow(page: int, words: str, sd: float, aim: Aim, effect: float, printed: str) -> Known:
    return Known("power", words, lambda: units(sd, aim, effect), printed, f"{CHOW} {page}")


def mcnemar(p10: float, p01: float, alpha: float, power: float) -> float:
    """Pairs that McNemar's test needs, after Connor."""
    aim = Aim(alpha=alpha, power=power)
    return float(units_needed(paired_proportions(p10 + p01, p10 - p01), aim, p10 - p01) or math.nan)


def auc_noise(auc: float, positives: float) -> Noise:
    """Against an AUC of 1/2, with Obuchowski's variance."""
    return Noise(binormal_sd(auc, positives, apart=True), null_sd=binormal_sd(0.5, positives, apart=True))


def cases(ratio: float, auc: float) -> tuple[float, float]:
    """Cases and controls, each rounded up; one-sided 0.05, power 0.9; `ratio` is controls over cases."""
    positives, aim = 1 / (1 + ratio), Aim(alpha=0.05, power=0.9)
    noise = auc_noise(auc, positives)
    n = crossing(lambda rows: power_at(noise, aim, auc - 0.5, rows) < 0.9, 1.0, 5000.0)
    return math.ceil(n * positives), math.ceil(n * (1 - positives))


def _obuchowski(ratio: float, auc: float, printed: str) -> Known:
    what = f"cases and controls for AUC {auc:g} against 0.5, ratio {ratio:g}, one-sided 0.05, power 0.9"
    source = "Obuchowski, Lieber & Wians (2004), Clin. Chem. 50:1118, table 4, as in pROC's tests"
    return Known("power", what, lambda: cases(ratio, auc), printed, source)


def auc_power(auc: float, alpha: float) -> float:
    """Of 41 cases and 72 controls, two-sided."""
    return power_at(auc_noise(auc, 41 / 113), Aim(alpha=alpha / 2), auc - 0.5, 113)


def _looks(shape: Literal["pocock", "obrien-fleming"], looks: int, ratio: float, table: str) -> Known:
    def power() -> float:
        c = constant(looks, 0.025, shape)
        bounds = [c if shape == "pocock" else c * math.sqrt(looks / k) for k in range(1, looks + 1)]
        fixed = (float(ndtri(0.975)) + float(ndtri(0.8))) ** 2
        return float(crossed(fractions_of(looks), bounds, math.sqrt(fixed * ratio))[0].sum())

    what = f"power with {ratio:g} times the units of one look: {looks} looks, {shape}, two-sided 0.05"
    return Known("power", what, power, "0.80", f"{JENNISON} {table}: {ratio:g} for power 0.8")


def squares() -> tuple[float, float]:
    """Sums of squares between and within Shrout and Fleiss' six targets."""
    means = [sum(r) / 4 for r in RATERS]
    grand = sum(means) / 6
    between = 4 * sum((m - grand) ** 2 for m in means)
    return between, sum((x - m) ** 2 for r, m in zip(RATERS, means, strict=True) for x in r)


def icc() -> tuple[float, ...]:
    """ICC(1,1) with its interval."""
    value = anova_icc([4] * 6, *squares())
    return (value, *icc_bounds(value, 6, 24))


ANSWERS: tuple[Known, ...] = (
    _chow(
        52,
        "units: mean not worse by 0.5, truly better by 0.5, σ = 1, 0.05, power 0.8",
        1.0,
        Aim("not_worse", 0.5, 0.05),
        0.5,
        "7",
    ),
    _chow(
        61,
        "units in each group: not worse by 5, no difference, σ = 10, 0.05, power 0.8",
        10 * math.sqrt(2),
        Aim("not_worse", 5.0, 0.05),
        0.0,
        "50",
    ),
    _chow(
        58,
        "units in each group: difference of 5, σ = 10, two-sided 0.05, power 0.8",
        10 * math.sqrt(2),
        Aim(),
        5.0,
        "63",
    ),
    _chow(85, "units: share 0.5 against 0.3, two-sided 0.05, power 0.8", 0.5, Aim(), 0.2, "50"),
    _chow(
        86,
        "units: share not worse by 0.1 than 0.3, truly 0.5, 0.05, power 0.8",
        0.5,
        Aim("not_worse", 0.1, 0.05),
        0.2,
        "18",
    ),
    _chow(
        87,
        "units: share 0.6 equivalent within 0.2, 0.05, power 0.8",
        math.sqrt(0.24),
        Aim("equivalent", 0.2, 0.05),
        0.0,
        "52",
    ),
    _chow(
        54,
        "units: mean equivalent within 0.05, σ = 0.1, 0.05, power 0.8",
        0.1,
        Aim("equivalent", 0.05, 0.05),
        0.0,
        "35",
    ),
    Known(
        "power",
        "units: 132.86 against 127.44, σ = 15.34 and 18.23, groups 1 to 2, one-sided 0.05, power 0.8",
        lambda: units(math.sqrt(15.34**2 + 18.23**2 / 2), Aim("better", 0.0, 0.05), 132.86 - 127.44),
        "85",
        "powerandsamplesize.com, two means one-sided, after Rosner (2010), Fundamentals of Biostatistics, page 302",
    ),
    Known(
        "mcnemar",
        "pairs: 0.45 against 0.05 discordant, two-sided 0.05, power 0.8",
        lambda: mcnemar(0.45, 0.05, 0.025, 0.8),
        "23",
        "powerandsamplesize.com, McNemar two-sided, after Connor (1987), Biometrics 43:209",
    ),
    Known(
        "mcnemar",
        "pairs: 0.45 against 0.05 discordant, one-sided 0.05, power 0.9",
        lambda: mcnemar(0.45, 0.05, 0.05, 0.9),
        "23",
        "powerandsamplesize.com, McNemar one-sided, after Connor (1987), Biometrics 43:209",
    ),
    Known(
        "mcnemar",
        "pairs: 0.30 against 0.15 discordant, two-sided 0.05, power 0.8",
        lambda: mcnemar(0.30, 0.15, 0.025, 0.8),
        "155",
        "clinicaltrials-tools, McNemar calculator, after Connor (1987)",
    ),
    _obuchowski(0.25, 0.6, "334 84"),
    _obuchowski(0.25, 0.7, "80 20"),
    _obuchowski(0.5, 0.6, "202 101"),
    _obuchowski(0.5, 0.7, "49 25"),
    _obuchowski(1.0, 0.6, "135 135"),
    _obuchowski(1.0, 0.7, "33 33"),
    _obuchowski(1.0, 0.8, "14 14"),
    _obuchowski(2.0, 0.6, "102 203"),
    _obuchowski(2.0, 0.7, "25 50"),
    _obuchowski(2.0, 0.8, "11 21"),
    _obuchowski(4.0, 0.6, "85 340"),
    _obuchowski(4.0, 0.7, "21 84"),
    Known(
        "power",
        "AUC 0.73 against 0.5, 41 cases, 72 controls, two-sided 0.05",
        lambda: auc_power(0.73, 0.05),
        "0.98975",
        PROC,
    ),
    Known(
        "power",
        "AUC 0.73 against 0.5, 41 cases, 72 controls, two-sided 0.009238584",
        lambda: auc_power(0.73, 0.009238584),
        "0.9500",
        PROC,
    ),
    Known(
        "power",
        "AUC 0.6961054 against 0.5, 41 cases, 72 controls, two-sided 0.05",
        lambda: auc_power(0.6961054, 0.05),
        "0.9500",
        PROC,
    ),
    Known(
        "power",
        "area under a binormal curve, a = 1.19023, b = 1",
        lambda: auc_of(1.19023, 1.0),
        "0.800",
        "Pepe (2003), The Statistical Evaluation of Medical Tests, result 4.7: Φ(a / √(1 + b²))",
    ),
    Known(
        "power",
        "intraclass correlation of six targets with four ratings each, with its 95 % interval",
        icc,
        "0.17 -0.13 0.72",
        "Shrout & Fleiss (1979), Psychol. Bull. 86, table 4; interval: R psych, ICC, the same data",
    ),
    _looks("pocock", 2, 1.110, "2.2"),
    _looks("pocock", 3, 1.166, "2.2"),
    _looks("pocock", 5, 1.229, "2.2"),
    _looks("obrien-fleming", 2, 1.008, "2.4"),
    _looks("obrien-fleming", 3, 1.017, "2.4"),
    _looks("obrien-fleming", 5, 1.028, "2.4"),
    Known(
        "group-sequential",
        "bounds at 1/3, 2/3 and 1, O'Brien-Fleming spending, one-sided 0.025",
        lambda: looks_power(Noise(1.0), Aim(), 0.1, 800, fractions_of(3)).bounds,
        "3.710 2.511 1.993",
        "rpact, slides of ROeS 2025, getSampleSizeMeans, typeOfDesign asOF",
    ),
    Known(
        "group-sequential",
        "bounds at 0.3, 0.6 and 1, O'Brien-Fleming spending, one-sided 0.025",
        lambda: looks_power(Noise(1.0), Aim(), 0.1, 800, [0.3, 0.6, 1.0]).bounds,
        "3.929 2.670 1.981",
        "rpact, slides of 2026, getDesignGroupSequential, typeOfDesign asOF",
    ),
)
