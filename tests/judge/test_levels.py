"""The error on each side that each claim may spend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.judge.levels import claim_alphas, decision_level, holm, own_alpha
from assay.records.plan import Reuse
from tests.judge.evidence import claim, plan


def never(name: str, alpha: float) -> bool:
    raise AssertionError("the data must not be asked")


def test_the_plans_level_is_split_over_two_sides() -> None:
    assert own_alpha(claim(), plan()) == pytest.approx(0.025)
    assert own_alpha(claim(alpha=0.01), plan()) == 0.01
    assert decision_level(0.025) == 0.95


def test_all_of_leaves_each_claim_at_its_level() -> None:
    claims = (claim(name="a"), claim(name="b", alpha=0.005), claim(name="g", guardrail=True, primary=False))
    assert claim_alphas(plan(claims=claims), claims, never) == pytest.approx({"a": 0.025, "b": 0.005, "g": 0.025})


def test_reuse_divides_before_the_look_spends() -> None:
    claims = (claim(name="a"),)
    seen = []
    reused = plan(claims=claims, reuse=Reuse(5))
    alphas = claim_alphas(reused, claims, never, lambda alpha: seen.append(alpha) or alpha / 10)
    assert seen == [pytest.approx(0.005)]
    assert alphas == {"a": pytest.approx(0.0005)}


def test_any_of_shares_the_error_by_holm_and_leaves_guardrails_alone() -> None:
    claims = (
        claim(name="a"),
        claim(name="b"),
        claim(name="g", guardrail=True, primary=False),
        claim(name="side", primary=False),
    )
    alphas = claim_alphas(plan(claims=claims, decide="any-of"), claims, lambda name, alpha: name == "a")
    assert alphas == pytest.approx({"a": 0.0125, "b": 0.025, "g": 0.025, "side": 0.025})


def test_any_of_shares_what_reuse_leaves() -> None:
    claims = (claim(name="a"), claim(name="b"))
    alphas = claim_alphas(plan(claims=claims, decide="any-of", reuse=Reuse(5)), claims, lambda name, alpha: False)
    assert alphas == pytest.approx({"a": 0.0025, "b": 0.0025})


def test_holm_stops_where_nothing_is_supported() -> None:
    assert holm(["a", "b", "c", "d"], 0.04, lambda name, alpha: False) == dict.fromkeys("abcd", 0.01)


def test_holm_passes_each_share_through_the_look() -> None:
    assert holm(["a", "b"], 0.04, lambda name, alpha: False, lambda alpha: alpha / 2) == {"a": 0.01, "b": 0.01}


def classical(p: dict[str, float], alpha: float) -> set[str]:
    """Holm (1979) on p-values: compare the sorted ones with alpha / (m - i) and stop at the first that fails."""
    rejected: set[str] = set()
    for i, name in enumerate(sorted(p, key=lambda n: p[n])):
        if p[name] > alpha / (len(p) - i):
            break
        rejected.add(name)
    return rejected


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0, 0.2), max_size=8))
def test_holm_on_intervals_is_holm_on_p_values(p: dict[str, float]) -> None:
    alphas = holm(list(p), 0.05, lambda name, alpha: p[name] <= alpha)
    assert {name for name in p if p[name] <= alphas[name]} == classical(p, 0.05)
