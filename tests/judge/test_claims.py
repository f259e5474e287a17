"""The table of verdicts, its open and closed bounds, and what each reason says."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.errors import PlanError
from assay.judge.claims import oriented, read_off, status, verdict
from tests.judge.evidence import HIGHER, LOWER, claim, comparison, estimate

# kind, margin or threshold, interval with larger better, expected: the table of verdicts, both sides of each bound
TABLE = [
    ("better", None, (0.001, 0.2), "supported"),
    ("better", None, (0.0, 0.2), "inconclusive"),
    ("better", None, (-0.2, 0.0), "inconclusive"),
    ("better", None, (-0.2, -0.001), "refuted"),
    ("better", 0.0, (0.001, 0.2), "supported"),
    ("better", 0.1, (0.1, 0.2), "inconclusive"),
    ("better", 0.1, (0.11, 0.2), "supported"),
    ("better", 0.1, (0.01, 0.09), "refuted"),
    ("better", 0.1, (0.01, 0.1), "inconclusive"),
    ("not_worse", 0.1, (-0.09, 0.0), "supported"),
    ("not_worse", 0.1, (-0.1, 0.2), "inconclusive"),
    ("not_worse", 0.1, (-0.3, -0.1), "inconclusive"),
    ("not_worse", 0.1, (-0.3, -0.11), "refuted"),
    ("not_worse", 0.0, (0.0, 0.1), "inconclusive"),
    ("not_worse", 0.0, (0.01, 0.1), "supported"),
    ("equivalent", 0.1, (-0.09, 0.09), "supported"),
    ("equivalent", 0.1, (-0.1, 0.09), "inconclusive"),
    ("equivalent", 0.1, (-0.09, 0.1), "inconclusive"),
    ("equivalent", 0.1, (-0.5, 0.5), "inconclusive"),
    ("equivalent", 0.1, (0.11, 0.5), "refuted"),
    ("equivalent", 0.1, (0.1, 0.5), "inconclusive"),
    ("equivalent", 0.1, (-0.5, -0.1), "inconclusive"),
    ("equivalent", 0.1, (-0.5, -0.11), "refuted"),
]


@pytest.mark.parametrize(("kind", "margin", "bounds", "expected"), TABLE)
def test_the_table_of_differences_in_both_directions(
    kind: str, margin: float | None, bounds: tuple[float, float], expected: str
) -> None:
    asked = claim(kind, margin=margin)
    assert status(asked, comparison(estimate(bounds))).status == expected
    turned = (-bounds[1], -bounds[0])
    assert status(asked, comparison(estimate(turned), LOWER)).status == expected


@pytest.mark.parametrize(
    ("kind", "bounds", "expected"),
    [
        ("at_least", (0.8, 0.9), "supported"),
        ("at_least", (0.79, 0.9), "inconclusive"),
        ("at_least", (0.7, 0.8), "inconclusive"),
        ("at_least", (0.7, 0.79), "refuted"),
        ("at_most", (0.7, 0.8), "supported"),
        ("at_most", (0.7, 0.81), "inconclusive"),
        ("at_most", (0.8, 0.9), "inconclusive"),
        ("at_most", (0.81, 0.9), "refuted"),
    ],
)
@pytest.mark.parametrize("of", [HIGHER, LOWER])
def test_a_threshold_is_read_off_the_candidate_alone(
    of: Any, kind: str, bounds: tuple[float, float], expected: str
) -> None:
    evidence = comparison(estimate((-9.0, -8.0)), of, estimate(bounds))
    assert status(claim(kind, threshold=0.8), evidence).status == expected


def test_the_reason_says_the_numbers_in_the_metrics_unit() -> None:
    found = status(claim("better"), comparison(estimate((-0.031, -0.012)), LOWER))
    assert found.reason == (
        "the 95% interval of the difference, −0.031 to −0.012 nats, lies below 0: the candidate's log loss is lower"
    )


@pytest.mark.parametrize(
    ("kind", "more", "bounds", "said"),
    [
        ("better", {}, (-0.2, -0.1), "lies below 0: the candidate's AUC is lower"),
        ("better", {}, (-0.2, 0.1), "contains 0: the data do not settle whether the candidate's AUC is better"),
        ("better", {"margin": 0.02}, (0.03, 0.04), "lies above 0.02: the candidate's AUC is better by more than the"),
        ("better", {"margin": 0.02}, (0.01, 0.015), "lies below 0.02: the candidate's AUC is better by less than the"),
        ("not_worse", {"margin": 0.01}, (-0.005, 0.1), "lies above −0.01: the candidate's AUC is not worse than the"),
        ("not_worse", {"margin": 0.01}, (-0.1, -0.05), "lies below −0.01: the candidate's AUC is worse than the"),
        ("not_worse", {"margin": 0.01}, (-0.1, 0.1), "contains −0.01: the data do not settle"),
        ("equivalent", {"margin": 0.1}, (-0.05, 0.05), "lies inside −0.1 to 0.1"),
        ("equivalent", {"margin": 0.1}, (0.2, 0.3), "lies outside −0.1 to 0.1"),
        ("equivalent", {"margin": 0.1}, (0.0, 0.3), "reaches a bound of −0.1 to 0.1"),
        ("at_least", {"threshold": 0.7}, (0.7, 0.8), "does not go below 0.7: it is at least the threshold"),
        ("at_most", {"threshold": 0.8}, (0.7, 0.8), "does not go above 0.8: it is at most the threshold"),
        ("at_least", {"threshold": 0.9}, (0.7, 0.8), "lies below 0.9: it is not at least the threshold"),
        ("at_least", {"threshold": 0.75}, (0.7, 0.8), "contains 0.75: the data do not settle whether it is at least"),
    ],
)
def test_each_outcome_says_what_follows(kind: str, more: Any, bounds: tuple[float, float], said: str) -> None:
    evidence = comparison(estimate(bounds), candidate=estimate(bounds))
    reason = status(claim(kind, **more), evidence).reason
    assert said in reason
    assert "\n" not in reason


def test_a_lower_is_better_margin_is_shown_on_the_side_where_it_lies() -> None:
    found = status(claim("not_worse", margin=0.01), comparison(estimate((-0.02, 0.005)), LOWER))
    assert found.status == "supported"
    assert "lies below 0.01: the candidate's log loss is not worse" in found.reason


def test_a_reason_never_rounds_a_bound_onto_the_margin() -> None:
    found = status(claim("not_worse", margin=0.01), comparison(estimate((-0.0100001, 0.1))))
    assert "−0.0100001 to 0.1" in found.reason
    assert "contains −0.01:" in found.reason


def test_the_level_shown_is_the_deciding_one() -> None:
    found = status(claim(), comparison(estimate((0.1, 0.2), decision_level=0.9975)))
    assert found.reason.startswith("the 99.75% interval")


def test_only_the_deciding_interval_decides() -> None:
    shown_only = estimate((-0.1, 0.2), p_value=0.001)
    assert status(claim(), comparison(shown_only)).status == "inconclusive"


def test_outside_the_domain_nothing_is_supported_but_refutation_stands() -> None:
    small = {"inside_domain": False, "domain": "too small: needs 10 units (here 6)"}
    good = status(claim(), comparison(estimate((0.1, 0.2), **small)))
    assert good.status == "inconclusive"
    assert "needs 10 units (here 6)" in good.reason
    assert status(claim(), comparison(estimate((-0.2, -0.1), **small))).status == "refuted"


def test_the_domain_of_a_threshold_is_that_of_the_candidate() -> None:
    doubtful = comparison(estimate((0.0, 1.0), inside_domain=False), candidate=estimate((0.8, 0.9)))
    assert status(claim("at_least", threshold=0.7), doubtful).status == "supported"
    doubtful = comparison(estimate((0.0, 1.0)), candidate=estimate((0.8, 0.9), inside_domain=False))
    assert status(claim("at_least", threshold=0.7), doubtful).status == "inconclusive"


@pytest.mark.parametrize(("nonzero", "expected"), [(9, "inconclusive"), (10, "supported")])
def test_ten_units_have_to_differ(nonzero: int, expected: str) -> None:
    found = status(claim(), comparison(estimate((0.1, 0.2), diagnostics={"nonzero": nonzero})))
    assert found.status == expected
    assert ("only 9 units differ" in found.reason) == (expected == "inconclusive")


def test_a_threshold_asks_for_no_units_that_differ() -> None:
    few = estimate((0.8, 0.9), diagnostics={"nonzero": 3})
    assert status(claim("at_least", threshold=0.7), comparison(few, candidate=few)).status == "supported"


@pytest.mark.parametrize("bounds", [None, (math.nan, 1.0), (0.1, math.nan), (0.1, math.inf), (0.3, 0.1)])
def test_bounds_that_cannot_decide_leave_it_open(bounds: Any) -> None:
    found = status(claim(), comparison(estimate((0.1, 0.2), decision_interval=bounds)))
    assert found.status == "inconclusive"
    assert "no interval to decide on" in found.reason


def test_undefined_is_inconclusive_with_its_reason() -> None:
    found = status(claim(), comparison(estimate(None, undefined="only one class")))
    assert found.status == "inconclusive"
    assert "only one class" in found.reason


def test_broken_integrity_is_invalid_whatever_the_interval() -> None:
    found = status(claim(), comparison(estimate((0.1, 0.2))), broken="the target changed between the files")
    assert (found.status, found.reason) == ("invalid", "the target changed between the files")
    assert status(claim(), None).status == "invalid"


def test_a_verdict_carries_the_units_only_while_it_is_open() -> None:
    asked = claim("better", minimal_effect=0.05)
    assert verdict(asked, "cand", comparison(estimate((-0.1, 0.2))), 0.8).units_needed is not None
    assert verdict(asked, "cand", comparison(estimate((0.1, 0.2))), 0.8).units_needed is None
    assert verdict(asked, "cand", None, 0.8).units_needed is None


@pytest.mark.parametrize("kind", ["not_worse", "equivalent", "at_least", "at_most"])
def test_a_claim_without_its_number_is_refused(kind: str) -> None:
    with pytest.raises(PlanError):
        status(claim(kind), comparison(estimate((0.1, 0.2))))


@pytest.mark.parametrize("margin", [-0.1, math.nan])
def test_a_margin_that_is_no_distance_is_refused(margin: float) -> None:
    with pytest.raises(PlanError, match="margin"):
        read_off(claim("better", margin=margin), (0.1, 0.2), HIGHER)


NUMBERS = st.floats(-1e6, 1e6)


@given(NUMBERS, NUMBERS, st.floats(0, 1e6))
def test_laws_between_the_kinds(a: float, b: float, d: float) -> None:
    bounds = (min(a, b), max(a, b))
    got = {k: read_off(claim(k, margin=d), bounds, HIGHER) for k in ("better", "not_worse", "equivalent")}
    if got["better"] == "supported":
        assert got["not_worse"] == "supported"
    if got["not_worse"] == "refuted":
        assert got["better"] == "refuted"
    if got["equivalent"] == "supported":
        assert got["not_worse"] == "supported"
        assert got["better"] == "refuted"
    assert oriented(oriented(bounds, LOWER), LOWER) == bounds


@given(NUMBERS, NUMBERS, st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_interval_never_decides_more(a: float, b: float, d: float, wider: float) -> None:
    narrow = (min(a, b), max(a, b))
    wide = (narrow[0] - wider, narrow[1] + wider)
    for kind in ("better", "not_worse", "equivalent"):
        found = read_off(claim(kind, margin=d), wide, HIGHER)
        assert found in ("inconclusive", read_off(claim(kind, margin=d), narrow, HIGHER))
