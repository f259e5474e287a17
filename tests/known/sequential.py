"""Several looks, and bounds that hold at every moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from scipy.special import ndtri

from assay.stats.anytime import always_valid_radius, mixture_rho
from assay.stats.procedures import bisect
from assay.stats.sequential import boundary, constant, crossing, naive_error, spent, stopping
from assay.stats.spending import Rule, classical
from assay.stats.stagewise import drift_at
from tests.known.answer import Known

EQUAL = (0.2, 0.4, 0.6, 0.8, 1.0)
QUARTERS = (0.25, 0.5, 0.75, 1.0)
POCOCK = "Jennison & Turnbull (1999), Group Sequential Methods, table 2.1: C_P(K, α)"
OBRIEN_FLEMING = "Jennison & Turnbull (1999), Group Sequential Methods, table 2.3: C_B(K, α)"
DIGITS = "Jennison & Turnbull (1999), Group Sequential Methods, tables 2.1 and 2.3, to more digits by quadrature"
PEEKING = "Armitage, McPherson & Rowe (1969), JRSS A 132; Jennison & Turnbull (1999), to more digits by quadrature"
RPACT = "rpact, tests/testthat/test-f_design_group_sequential.R"
CONFSEQ = "gostevehoward/confseq, test/uniform_boundaries_unittest.cpp"
SAS = "SAS/STAT User's Guide, PROC SEQDESIGN, example of two-sided Pocock and O'Brien-Fleming designs, output 83.3.1"
ONE_SIDED = "the source stops on one side alone; where alpha is large the other side moves the last digits"
ALPHAS = (0.01, 0.05, 0.1)
SEQBOUNDS = "PharmCat/SeqBounds.jl README, bounds([0.25, 0.5, 0.75, 1.0], 0.05)"
GRID = "the source integrates on a grid of step 0.05, and stops on one side alone"
LOOKS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20)
# Of the book's tables those of three looks were seen in rpact's tests too (3.4710914 2.4544323 2.0040356, below).
POCOCK_TABLE = (
    "2.576 2.772 2.873 2.939 2.986 3.023 3.053 3.078 3.099 3.117 3.133 3.147 3.182 3.225",
    "1.960 2.178 2.289 2.361 2.413 2.453 2.485 2.512 2.535 2.555 2.572 2.588 2.626 2.672",
    "1.645 1.875 1.992 2.067 2.122 2.164 2.197 2.225 2.249 2.270 2.288 2.304 2.344 2.392",
)
OBRIEN_FLEMING_TABLE = (
    "2.576 2.580 2.595 2.609 2.621 2.631 2.640 2.648 2.654 2.660 2.665 2.670 2.681 2.695",
    "1.960 1.977 2.004 2.024 2.040 2.053 2.063 2.072 2.080 2.087 2.092 2.098 2.110 2.126",
    "1.645 1.678 1.710 1.733 1.751 1.765 1.776 1.786 1.794 1.801 1.807 1.813 1.826 1.842",
)


HSD0, HSD1, POWER = (
    Rule("hwang-shih-decani", 0.0),
    Rule("hwang-shih-decani", -1.0),
    Rule("power", 2.2),
)
THIRDS = (1 / 3, 2 / 3, 1.0)


def _tables() -> list[Known]:
    found = []
    for alpha, pocock, obrien_fleming in zip(ALPHAS, POCOCK_TABLE, OBRIEN_FLEMING_TABLE, strict=True):
        for looks, p, b in zip(LOOKS, pocock.split(), obrien_fleming.split(), strict=True):
            words = f"{looks} equal looks, two-sided {alpha:g}"
            first, second = partial(constant, looks, alpha / 2), partial(constant, looks, alpha / 2, "obrien-fleming")
            found.append(Known("group-sequential", f"Pocock's constant, {words}", first, p, POCOCK))
            found.append(Known("group-sequential", f"O'Brien and Fleming's, {words}", second, b, OBRIEN_FLEMING))
    return found


def _digits(looks: int, pocock: str, obrien_fleming: str) -> tuple[Known, Known]:
    words = f"{looks} equal looks, two-sided 0.05, more digits"
    first, second = partial(constant, looks), partial(constant, looks, 0.025, "obrien-fleming")
    return (
        Known("group-sequential", f"Pocock's constant, {words}", first, pocock, DIGITS),
        Known("group-sequential", f"O'Brien and Fleming's, {words}", second, obrien_fleming, DIGITS),
    )


def _naive(looks: int, printed: str) -> Known:
    what = f"type I error of {looks} equal looks at 1.96"
    return Known("group-sequential", what, partial(naive_error, looks), printed, PEEKING)


def _bounds(
    what: str, times: Sequence[float], alpha: float, rule: Rule, printed: str, source: str, units: float = 0.5
) -> Known:
    why = "" if units == 0.5 else ONE_SIDED
    return Known("group-sequential", what, partial(boundary, times, alpha, rule), printed, source, units, why)


def _spent(what: str, t: float, alpha: float, rule: Rule, printed: str) -> Known:
    found = partial(spent, t, alpha, rule)
    return Known("group-sequential", f"error spent at {t:g}, {what}", found, printed, RPACT)


def _classical(times: tuple[float, ...], delta: float, printed: str, alpha: float = 0.0125) -> Known:
    what = f"Wang and Tsiatis, Δ = {delta:g}, looks at {', '.join(f'{t:.3g}' for t in times)}, two-sided {2 * alpha:g}"
    return Known(
        "group-sequential", what, partial(classical, times, alpha, delta), printed, RPACT, 1.0, "printed to 8 digits"
    )


def _pocock_in_percent() -> tuple[float, float, float]:
    """Maximum, and expected information without an effect and at 90 % power, of a fixed sample's."""
    bounds = classical(QUARTERS, 0.025, 0.5)
    drift = bisect(lambda d: stopping(QUARTERS, bounds, d).power < 0.9, 0.0, 8.0)
    most = 100 * drift**2 / float(ndtri(0.975) + ndtri(0.9)) ** 2
    none, there = (stopping(QUARTERS, bounds, d).expected for d in (0.0, drift))
    return most, most * none, most * there


def _power() -> tuple[float, ...]:
    times = (0.2, 0.4, 1.0)
    return tuple(crossing(times, boundary(times, 0.03, HSD0), math.sqrt(9.4594101))[0].tolist())


def _groupseq() -> tuple[float, float]:
    times, bounds = THIRDS[:2], [classical(THIRDS, 0.025, 0.5)[0]]
    return drift_at(0.025, times, bounds, 2.5), drift_at(0.975, times, bounds, 2.5)


ANSWERS: tuple[Known, ...] = (
    *_tables(),
    Known(
        "group-sequential",
        "Lan and DeMets, obrien-fleming spending, four equal looks, one-sided 0.05",
        partial(boundary, QUARTERS, 0.05, Rule(), last=True),
        "3.74955 2.53993 2.01604 1.72014",
        SEQBOUNDS,
        5.0,
        GRID,
    ),
    *_digits(1, "1.95996398", "1.95996398"),
    *_digits(2, "2.17827209", "1.97743096"),
    *_digits(3, "2.28947806", "2.00403558"),
    *_digits(4, "2.36129789", "2.02429550"),
    *_digits(5, "2.41317622", "2.04007318"),
    *_digits(10, "2.55501277", "2.08650218"),
    _naive(1, "0.0500000000"),
    _naive(2, "0.0831178034"),
    _naive(3, "0.1072563746"),
    _naive(4, "0.1261690125"),
    _naive(5, "0.1416893326"),
    _naive(10, "0.1933565933"),
    _naive(20, "0.2479109386"),
    _naive(50, "0.3204500039"),
    _bounds(
        "Lan and DeMets, obrien-fleming spending, five equal looks, two-sided 0.05",
        EQUAL,
        0.025,
        Rule(),
        "4.877 3.357 2.680 2.290 2.031",
        "Reboussin, DeMets, Kim & Lan (2000), Control. Clin. Trials 21; R ldbounds, iuse = 1",
    ),
    _bounds(
        "Lan and DeMets, pocock spending, five equal looks, two-sided 0.05",
        EQUAL,
        0.025,
        Rule("pocock"),
        "2.44 2.43 2.41 2.40 2.39",
        "DeMets & Lan (1994), Stat. Med. 13; R ldbounds, iuse = 2",
    ),
    _bounds(
        "Lan and DeMets, obrien-fleming spending, looks at 0.5, 0.75, 1, one-sided 0.025",
        (0.5, 0.75, 1.0),
        0.025,
        Rule(),
        "2.962588 2.359018 2.014084",
        "gsDesign2 reference, gs_b: gsDesign(alpha = .025, test.type = 1, sfu = sfLDOF, timing = c(.5, .75, 1))",
        1.0,
    ),
    _bounds("asHSD, γ = 0, α = 0.03 (x1)", (0.2, 0.4, 1.0), 0.03, HSD0, "2.5121443 2.4228747 2.0280392", RPACT, 200),
    _bounds("asHSD, γ = -1, α = 0.07 (x2), first look", (0.2,), 0.07, HSD1, "2.364813", RPACT),
    _bounds("asKD, ρ = 2.2, α = 0.03 (x3)", (0.3, 0.7, 1.0), 0.03, POWER, "2.8594012 2.2435708 1.9735737", RPACT, 10),
    _bounds("asP, looks at 0.4 and 0.7 (x6b)", (0.4, 0.7), 0.025, Rule("pocock"), "2.223875 2.3050796", RPACT, 1),
    _bounds("asP, first look at 0.35, α = 0.13 (x6a)", (0.35,), 0.13, Rule("pocock"), "1.5446617", RPACT),
    _bounds("asOF, looks at 0.4 and 0.75, α = 0.13 (x7a)", (0.4, 0.75), 0.13, Rule(), "2.1280732 1.4368565", RPACT, 5),
    _spent("asHSD, γ = -1, α = 0.07", 0.2, 0.07, HSD1, "0.0090195874"),
    _spent("asHSD, γ = -1, α = 0.07", 0.4, 0.07, HSD1, "0.020036136"),
    _spent("asKD, ρ = 2.2, α = 0.03", 0.3, 0.03, POWER, "0.0021222083"),
    _spent("asKD, ρ = 2.2, α = 0.03", 0.7, 0.03, POWER, "0.013687904"),
    _spent("asP, α = 0.025", 0.4, 0.025, Rule("pocock"), "0.013078429"),
    _spent("asP, α = 0.025", 0.7, 0.025, Rule("pocock"), "0.0197432"),
    _spent("asP, α = 0.13", 0.35, 0.13, Rule("pocock"), "0.061214062"),
    _spent("asOF, α = 0.13", 0.4, 0.13, Rule(), "0.016665509"),
    _spent("asOF, α = 0.13", 0.75, 0.13, Rule(), "0.080406163"),
    _spent("asOF, α = 0.13", 0.85, 0.13, Rule(), "0.10053322"),
    _classical((0.3, 0.8, 1.0), 0.24, "3.2029374 2.4819703 2.3420706"),
    _classical((0.3, 0.6, 0.8, 1.0), 0.48, "2.6416137 2.6052458 2.5902992 2.5787648"),
    _classical((0.3, 0.6, 0.8, 1.0), 0.18, "3.4563925 2.7688119 2.5253005 2.3512665"),
    _classical(THIRDS, 0.0, "3.4710914 2.4544323 2.0040356", 0.025),
    Known(
        "group-sequential",
        "maximum and expected information of Pocock's four looks, 90 % power, in percent of a fixed sample",
        _pocock_in_percent,
        "118.3143 115.6074 69.74805",
        SAS,
        5,
        "the source solves for the power to fewer digits",
    ),
    Known(
        "group-sequential",
        "probabilities of stopping above at a shift of 9.4594101 (y1)",
        _power,
        "0.12783451 0.21271713 0.51944835",
        RPACT,
        700,
        ONE_SIDED,
    ),
    Known(
        "stage-wise",
        "Pocock's three looks, stopped at the second with z = 2.5: 95 % interval of the drift",
        _groupseq,
        "0.30 5.38",
        'GroupSeq, vignette "Compute Confidence Interval"',
    ),
    Known(
        "normal-mixture",
        "precision ρ of the mixture, best at 100, α = 0.05",
        partial(mixture_rho, 100, 0.05),
        "12.60056",
        CONFSEQ,
    ),
    Known(
        "always-valid",
        "two-sided normal mixture, V = 100, best at 100, α = 0.05",
        partial(always_valid_radius, 100, 0.05, 100),
        "30.35209",
        CONFSEQ,
    ),
)
