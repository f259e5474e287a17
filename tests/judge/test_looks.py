"""Looks: the same digests, new units, another candidate, an adoption, numbers that were released."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from assay.base.errors import LookError
from assay.judge.looks import PastLook, Reading, look_number, state
from assay.records.plan import Looks, Reuse
from tests.judge.evidence import plan

NOW = Reading("plan-1", "data-1", "data-1", (("cand-1", "scores-1"),), frozen_at="2026-01-01T00:00:00")


def past(**more: Any) -> PastLook:
    same = {"plan": "plan-1", "dataset": "data-1", "lineage": "data-1", "candidate": "cand-1", "scores": "scores-1"}
    return PastLook(**{**same, "evidence": "evidence-1", "read_at": "2026-02-01T00:00:00", **more})


def other(number: int, **more: Any) -> PastLook:
    fields = {"plan": f"plan-x{number}", "candidate": f"cand-x{number}", "scores": f"scores-x{number}"}
    return past(**{**fields, "candidates_allowed": 3, "release": "verdict", **more})


def test_the_first_reading() -> None:
    got = state(NOW, [], plan())
    assert (got.look, got.planned, got.candidates_read, got.candidates_allowed) == (1, 1, 0, 1)
    assert got.alpha == pytest.approx(0.025)


def test_the_same_digests_are_no_new_look() -> None:
    assert state(NOW, [past()], plan()).candidates_read == 0
    assert look_number(NOW, [past()]) == 1


def test_new_units_are_the_next_look() -> None:
    later = dataclasses.replace(NOW, dataset="data-2")
    twice = plan(looks=Looks(2, 200))
    got = state(later, [past()], twice)
    assert (got.look, got.planned) == (2, 2)
    with pytest.raises(LookError, match="look 2 of 1 planned"):
        state(later, [past()], plan())


def test_reuse_divides_the_error() -> None:
    got = state(NOW, [other(1), other(2)], plan(reuse=Reuse(3)))
    assert (got.candidates_read, got.candidates_allowed) == (2, 3)
    assert got.alpha == pytest.approx(0.025 / 3)


def test_a_spent_budget_is_refused() -> None:
    with pytest.raises(LookError, match="readings on these units before: 3, in this plan: 1"):
        state(NOW, [other(1), other(2), other(3)], plan(reuse=Reuse(3)))


def test_a_plan_cannot_widen_a_budget_that_another_has_spent() -> None:
    with pytest.raises(LookError, match="over all plans"):
        state(NOW, [other(1, candidates_allowed=1)], plan(reuse=Reuse(100)))


def test_the_same_candidate_in_another_plan_is_another_test() -> None:
    again = other(1, candidate="cand-1", scores="scores-1", candidates_allowed=1)
    with pytest.raises(LookError):
        state(NOW, [again], plan())


def test_other_data_does_not_count() -> None:
    assert state(NOW, [other(1, dataset="elsewhere", lineage="elsewhere")], plan()).candidates_read == 0


def test_after_an_adoption_the_units_are_used_up() -> None:
    with pytest.raises(LookError, match="already adopted"):
        state(NOW, [other(1, adopted=True)], plan(reuse=Reuse(3)))
    later = dataclasses.replace(NOW, dataset="data-2")
    with pytest.raises(LookError, match="already adopted"):
        state(later, [past(adopted=True)], plan(looks=Looks(2, 200)))


def test_reading_what_was_adopted_again_is_still_the_same_look() -> None:
    assert state(NOW, [past(adopted=True)], plan()).look == 1


def test_a_plan_frozen_after_a_full_release_may_have_been_adapted_to_it() -> None:
    early = other(1, release="full", read_at="2025-12-31T00:00:00")
    with pytest.raises(LookError, match="released in full"):
        state(NOW, [early], plan(reuse=Reuse(3)))
    assert state(NOW, [dataclasses.replace(early, release="verdict")], plan(reuse=Reuse(3))).candidates_read == 1
    known_before = dataclasses.replace(early, read_at="2026-02-01T00:00:00")
    assert state(NOW, [known_before], plan(reuse=Reuse(3))).candidates_read == 1


def test_a_reading_without_dates_is_taken_as_adapted() -> None:
    with pytest.raises(LookError, match="released in full"):
        state(dataclasses.replace(NOW, frozen_at=""), [other(1, release="full")], plan(reuse=Reuse(3)))


def test_a_plan_is_not_adapted_to_its_own_other_candidate() -> None:
    own = past(candidate="cand-2", scores="scores-2", candidates_allowed=2)
    got = state(dataclasses.replace(NOW, frozen_at=""), [own], plan(reuse=Reuse(2)))
    assert got.candidates_read == 1
