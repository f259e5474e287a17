"""The default policy: every combination of statuses against an oracle written from the table alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from assay.base.errors import PlanError
from assay.judge.policy import POLICIES, recommend
from assay.records.plan import Looks
from assay.records.verdict import LookState
from tests.judge.evidence import plan, verdict

STATUSES: tuple[Any, ...] = ("supported", "refuted", "inconclusive", "invalid")


def oracle(first: str, second: str, guard: str, any_of: bool, rule_met: bool, look_left: bool) -> str:
    """The table of recommendations, as a decision list over letters."""
    pair = first[0:3] + second[0:3]
    if "inv" in pair + guard[0:3]:
        return "hold"
    wanted = "sup" in pair if any_of else pair == "supsup"
    if wanted and guard == "supported":
        return "adopt"
    lost = pair == "refref" if any_of else "ref" in pair
    if rule_met or lost:
        return "stop"
    if guard == "refuted":
        return "iterate"
    return "hold" if look_left else "iterate"


@pytest.mark.parametrize("decide", ["all-of", "any-of"])
@pytest.mark.parametrize("rule_met", [False, True])
@pytest.mark.parametrize("look", [1, 2])
def test_every_combination_of_two_claims_and_a_guardrail(decide: str, rule_met: bool, look: int) -> None:
    asked = plan(decide=decide, looks=Looks(2, 100), stop_rules=("no gain in a month",))
    state = LookState(look=look, planned=2)
    for first, second, guard in itertools.product(STATUSES, repeat=3):
        verdicts = [verdict(first, "a"), verdict(second, "b"), verdict(guard, "g", guardrail=True, primary=False)]
        got = recommend(verdicts, asked, state, asked.stop_rules if rule_met else ())
        expected = oracle(first, second, guard, decide == "any-of", rule_met, look < 2)
        assert (got.action, first, second, guard) == (expected, first, second, guard)
        assert got.why
        assert "\n" not in got.why
        assert (got.action == "hold") == ("; next: " in got.why)
        assert got.verdicts == tuple(verdicts)
        assert got.candidate == "cand"


@pytest.mark.parametrize(
    ("first", "guard", "look", "action", "said"),
    [
        ("supported", "supported", 1, "adopt", "'a' is supported, and every guardrail holds ('g')"),
        ("refuted", "refuted", 1, "stop", "'a' is refuted: a is refuted"),
        ("refuted", "invalid", 1, "hold", "'g' cannot be judged: g is invalid"),
        ("supported", "refuted", 1, "iterate", "the guardrail 'g' is refuted"),
        ("inconclusive", "refuted", 1, "iterate", "the guardrail 'g' is refuted"),
        ("supported", "inconclusive", 1, "hold", "'g' is inconclusive; look 1 of 2"),
        ("supported", "inconclusive", 2, "iterate", "'g' is inconclusive, and no planned look is left"),
    ],
)
def test_precedence_and_the_sentence(first: Any, guard: Any, look: int, action: str, said: str) -> None:
    verdicts = [verdict(first, "a"), verdict(guard, "g", guardrail=True, primary=False)]
    got = recommend(verdicts, plan(), LookState(look=look, planned=2))
    assert got.action == action
    assert said in got.why


def test_any_of_with_one_claim_held_waits_for_the_guardrail_only() -> None:
    verdicts = [verdict("supported", "a"), verdict("inconclusive", "b"), verdict("inconclusive", "g", guardrail=True)]
    got = recommend(verdicts, plan(decide="any-of"), LookState(look=1, planned=2))
    assert (got.action, "'b'" in got.why, "'g'" in got.why) == ("hold", False, True)


@pytest.mark.parametrize(("status", "action"), [("refuted", "adopt"), ("inconclusive", "adopt"), ("invalid", "hold")])
def test_a_secondary_claim_decides_only_by_being_invalid(status: Any, action: str) -> None:
    verdicts = [verdict("supported", "a"), verdict(status, "side", primary=False)]
    assert recommend(verdicts, plan(), LookState()).action == action


@pytest.mark.parametrize("verdicts", [[], [verdict("supported", "g", guardrail=True, primary=False)]])
def test_without_a_primary_claim_nothing_is_adopted(verdicts: Any) -> None:
    assert recommend(verdicts, plan(), LookState()).action == "hold"


def test_a_stop_rule_has_to_be_written_down_beforehand() -> None:
    with pytest.raises(PlanError, match="no stop rule of the plan"):
        recommend([verdict("inconclusive")], plan(stop_rules=("one",)), LookState(), ["another"])


def test_an_unknown_policy_names_the_nearest() -> None:
    with pytest.raises(PlanError, match="did you mean 'default'"):
        recommend([verdict("inconclusive")], plan(policy="defualt"), LookState())


def test_policies_are_registered_once() -> None:
    assert "default" in POLICIES.names()
    with pytest.raises(PlanError, match="twice"):
        POLICIES.add("default", POLICIES.get("default"))
