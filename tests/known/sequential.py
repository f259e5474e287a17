"""Several looks, and bounds that hold at every moment."""

from __future__ import annotations

from assay.stats.sequential import Spending, always_valid_radius, boundary, constant, naive_error
from tests.known.answer import Known

EQUAL = (0.2, 0.4, 0.6, 0.8, 1.0)
CONSTANTS = "Jennison & Turnbull (1999), Group Sequential Methods, tables 2.1 and 2.3, to more digits by quadrature"
PEEKING = "Armitage, McPherson & Rowe (1969), JRSS A 132; Jennison & Turnbull (1999), to more digits by quadrature"


def _constants(looks: int, pocock: str, obrien_fleming: str) -> tuple[Known, Known]:
    words = f"{looks} equal looks, two-sided 0.05"
    return (
        Known("group-sequential", f"Pocock's constant, {words}", lambda: constant(looks), pocock, CONSTANTS),
        Known(
            "group-sequential",
            f"O'Brien and Fleming's constant, {words}",
            lambda: constant(looks, shape="obrien-fleming"),
            obrien_fleming,
            CONSTANTS,
        ),
    )


def _naive(looks: int, printed: str) -> Known:
    what = f"type I error of {looks} equal looks at 1.96"
    return Known("group-sequential", what, lambda: naive_error(looks), printed, PEEKING)


def _spent(spending: Spending, printed: str, source: str) -> Known:
    what = f"Lan and DeMets, {spending} spending, five equal looks, two-sided 0.05"
    return Known("group-sequential", what, lambda: boundary(EQUAL, 0.025, spending), printed, source)


ANSWERS: tuple[Known, ...] = (
    *_constants(1, "1.95996398", "1.95996398"),
    *_constants(2, "2.17827209", "1.97743096"),
    *_constants(3, "2.28947806", "2.00403558"),
    *_constants(4, "2.36129789", "2.02429550"),
    *_constants(5, "2.41317622", "2.04007318"),
    *_constants(10, "2.55501277", "2.08650218"),
    _naive(1, "0.0500000000"),
    _naive(2, "0.0831178034"),
    _naive(3, "0.1072563746"),
    _naive(4, "0.1261690125"),
    _naive(5, "0.1416893326"),
    _naive(10, "0.1933565933"),
    _naive(20, "0.2479109386"),
    _naive(50, "0.3204500039"),
    _spent(
        "obrien-fleming",
        "4.877 3.357 2.680 2.290 2.031",
        "Reboussin, DeMets, Kim & Lan (2000), Control. Clin. Trials 21; R ldbounds, iuse = 1",
    ),
    _spent("pocock", "2.44 2.43 2.41 2.40 2.39", "DeMets & Lan (1994), Stat. Med. 13; R ldbounds, iuse = 2"),
    Known(
        "always-valid",
        "two-sided normal mixture, V = 100, best at 100, α = 0.05",
        lambda: always_valid_radius(100, 0.05, 100),
        "30.35209",
        "gostevehoward/confseq uniform_boundaries_unittest.cpp",
    ),
)
