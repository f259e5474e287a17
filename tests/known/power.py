"""Power and numbers of units."""

from __future__ import annotations

import math

from assay.stats.power import Aim, Noise, one_sided, units_needed
from tests.known.answer import Known

PWR = "R pwr manual, examples of"


def two_sided(effect: float, se: float, alpha: float, df: float = math.inf) -> float:
    """Power of a two-sided test: both one-sided ones."""
    return one_sided(effect, se, alpha / 2, df) + one_sided(-effect, se, alpha / 2, df)


def _needed(noise: Noise, words: str, printed: str) -> Known:
    source = "Chow, Shao & Wang (2008), Sample Size Calculations, chapter 3: (1.96 + 0.84)² σ²/δ², rounded up"
    return Known("power", f"units for power 0.8, effect 0.5 σ, {words}", lambda: _units(noise), printed, source)


def _units(noise: Noise) -> float:
    return float(units_needed(noise, Aim(), 0.5) or math.nan)


def _t(words: str, d: float, n: tuple[int, ...], alpha: float, sides: int, printed: str, source: str) -> Known:
    """A t test of one sample (n,) or of two."""

    def power() -> float:
        se, df = math.sqrt(sum(1 / k for k in n)), sum(n) - len(n)
        return one_sided(d, se, alpha, df) if sides == 1 else two_sided(d, se, alpha, df)

    return Known("power", f"t, {words}, {'one' if sides == 1 else 'two'}-sided {alpha:g}", power, printed, source)


def _z(words: str, effect: float, se: float, sides: int, printed: str, source: str) -> Known:
    def power() -> float:
        return one_sided(effect, se, 0.05) if sides == 1 else two_sided(effect, se, 0.05)

    return Known("power", f"{words}, {'one' if sides == 1 else 'two'}-sided 0.05", power, printed, source)


def _units_of(words: str, noise: Noise, aim: Aim, effect: float, printed: str, source: str) -> Known:
    def found() -> float:
        return float(units_needed(noise, aim, effect) or math.nan)

    return Known("power", f"units: {words}", found, printed, source)


def h(p1: float, p2: float) -> float:
    """Cohen's effect size of two proportions."""
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


def shares(n: float) -> float:
    """Power for shares of 0.5 and 0.75 in two groups of n, two-sided 0.05, the variance under the null pooled."""
    p1, p2 = 0.5, 0.75
    mean = (p1 + p2) / 2
    se = math.sqrt((p1 * (1 - p1) + p2 * (1 - p2)) / n)
    return one_sided(p2 - p1, se, 0.025, null_se=math.sqrt(2 * mean * (1 - mean) / n))


R, SM, VIGNETTE = "R pwr, in statsmodels' tests", "statsmodels 0.15.0, TTestPower()", "R pwr, vignette"
PROP = "R, documentation of power.prop.test"
SMALL = Noise(1.0, small=True)
ANSWERS: tuple[Known, ...] = (
    _t("one sample, d = 1, n = 30", 1.0, (30,), 0.05, 2, "0.99956360", f"{R}: pwr.t.test"),
    _t("one sample, d = 0.2, n = 20", 0.2, (20,), 0.05, 2, "0.1359563", f"{R}: pwr.t.test"),
    _t("one sample, d = 1, n = 30", 1.0, (30,), 0.05, 1, "0.99989201", f"{R}: pwr.t.test"),
    _t("one sample, d = 0.05, n = 20", 0.05, (20,), 0.05, 1, "0.0764889", f"{R}: pwr.t.test"),
    _t("one sample, d = 0.2 on the other side, n = 20", -0.2, (20,), 0.05, 1, "0.0060639", f"{R}: pwr.t.test"),
    _t("one sample, d = 0.2, n = 20", 0.2, (20,), 0.05, 1, "0.2170752", f"{R}: pwr.t.test"),
    _t("one sample, d = 0.3, n = 50", 0.3, (50,), 0.05, 2, "0.5476570", f"{SM}.power(0.3, 50, 0.05)"),
    _t("one sample, d = 0.5, n = 34", 0.5, (34,), 0.05, 2, "0.8077775", f"{SM}.power(0.5, 34, 0.05)"),
    _t("one sample, d = 0.8, n = 15", 0.8, (15,), 0.01, 2, "0.5619287", f"{SM}.power(0.8, 15, 0.01)"),
    _t(
        "one sample, d = 0.2, n = 150",
        0.2,
        (150,),
        0.025,
        1,
        "0.6821474",
        f"{SM}.power(0.2, 150, 0.025, alternative='larger')",
    ),
    _t(
        "one sample, d = 0.1, n = 500",
        0.1,
        (500,),
        0.025,
        1,
        "0.6071117",
        f"{SM}.power(0.1, 500, 0.025, alternative='larger')",
    ),
    _t("two samples of 30, d = 1", 1.0, (30, 30), 0.05, 2, "0.9677083", f"{R}: pwr.t.test"),
    _t("two samples of 20, d = 0.1", 0.1, (20, 20), 0.05, 2, "0.0609591", f"{R}: pwr.t.test"),
    _t("two samples of 30, d = 1", 1.0, (30, 30), 0.05, 1, "0.9854597", f"{R}: pwr.t.test"),
    _t("two samples of 30, d = 0.01", 0.01, (30, 30), 0.05, 1, "0.0540740", f"{R}: pwr.t.test"),
    _t("samples of 20 and 30, d = 0.1", 0.1, (20, 30), 0.05, 2, "0.0633082", f"{R}: pwr.t2n.test"),
    _t("samples of 20 and 30, d = 0.1", 0.1, (20, 30), 0.05, 1, "0.0962359", f"{R}: pwr.t2n.test"),
    _z("normal, d = 0.3, n = 40", 0.3, math.sqrt(1 / 40), 2, "0.4751009", f"{R}: pwr.norm.test"),
    _z("normal, d = 0.01 on the other side, n = 40", -0.01, math.sqrt(1 / 40), 1, "0.0438090", f"{R}: pwr.norm.test"),
    _z(
        "two proportions, h = 0.2, n = 543 and 675",
        0.2,
        math.sqrt(1 / 543 + 1 / 675),
        2,
        "0.93",
        f"{VIGNETTE}: pwr.2p2n.test",
    ),
    Known("power", "shares of 0.5 and 0.75 in two groups of 50, two-sided 0.05", lambda: shares(50), "0.740", PROP),
    Known("power", "shares of 0.5 and 0.75 in two groups of 76.7, two-sided 0.05", lambda: shares(76.7), "0.900", PROP),
    _units_of(
        "t, d = 0.5 / 2.25, one-sided 0.05, power 0.9",
        SMALL,
        Aim(alpha=0.05, power=0.9),
        0.5 / 2.25,
        "175",
        f"{VIGNETTE}: pwr.t.test",
    ),
    _units_of(
        "t, d = 0.2, one-sided 0.025, power 0.95",
        SMALL,
        Aim(power=0.95),
        0.2,
        "327",
        f"{SM}.solve_power: 326.795, rounded up",
    ),
    _units_of(
        "t, d = 0.3, two-sided 0.05, power 0.8", SMALL, Aim(), 0.3, "90", f"{SM}.solve_power: 89.149, rounded up"
    ),
    _units_of(
        "t, d = 0.5, two-sided 0.05, power 0.9",
        SMALL,
        Aim(power=0.9),
        0.5,
        "44",
        f"{SM}.solve_power: 43.995, rounded up",
    ),
    _units_of(
        "share 0.75 against 0.5, h, one-sided 0.05",
        Noise(1.0),
        Aim(alpha=0.05),
        h(0.75, 0.5),
        "23",
        f"{VIGNETTE}: pwr.p.test",
    ),
    _units_of(
        "share 0.75 against 0.5, h, two-sided 0.05", Noise(1.0), Aim(), h(0.75, 0.5), "29", f"{VIGNETTE}: pwr.p.test"
    ),
    _units_of(
        "shares 0.55 and 0.50, in each group",
        Noise(math.sqrt(2)),
        Aim(),
        h(0.55, 0.5),
        "1565",
        f"{VIGNETTE}: pwr.2p.test",
    ),
    _units_of(
        "shares 0.10 and 0.05, in each group",
        Noise(math.sqrt(2)),
        Aim(),
        h(0.10, 0.05),
        "424",
        f"{VIGNETTE}: pwr.2p.test",
    ),
    _units_of("h = 0.2, in each of two groups", Noise(math.sqrt(2)), Aim(), 0.2, "393", f"{VIGNETTE}: pwr.2p.test"),
    Known(
        "power",
        "t, one sample, d = 0.2, n = 60, two-sided 0.10",
        lambda: two_sided(0.2, 1 / math.sqrt(60), 0.10, 59),
        "0.4555818",
        f"{PWR} pwr.t.test",
    ),
    Known(
        "power",
        "t, two samples of 63.76561, d = 0.5, two-sided 0.05",
        lambda: two_sided(0.5, math.sqrt(2 / 63.76561), 0.05, 2 * 63.76561 - 2),
        "0.800000",
        f"{PWR} pwr.t.test",
    ),
    Known(
        "power",
        "two proportions, h = 0.3, n = 80 each, one-sided 0.05",
        lambda: one_sided(0.3, math.sqrt(2 / 80), 0.05),
        "0.5996777",
        f"{PWR} pwr.2p.test",
    ),
    Known(
        "power",
        "two proportions, h = 0.3, n = 80 and 245, one-sided 0.05",
        lambda: one_sided(0.3, math.sqrt(1 / 80 + 1 / 245), 0.05),
        "0.7532924",
        f"{PWR} pwr.2p2n.test",
    ),
    _needed(Noise(1.0), "paired", "32"),
    _needed(Noise(math.sqrt(2)), "in each of two groups", "63"),
)
