"""The judgement as a pure function of a case."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from assay.base.canonical import canonical_json
from assay.flows.bundle import read_bundle
from assay.flows.judge import Case, conclude, released
from assay.flows.looks import final_alpha, spend
from assay.flows.power import plan_power
from assay.flows.power_basis import Basis
from assay.flows.reading import claims_of, same_slice
from assay.readers.planfile import plan_from_content
from assay.records.plan import Looks, Reuse
from assay.stats.power import Aim, Noise, units_needed
from assay.stats.sequential import nominal_alphas


@pytest.fixture(scope="module")
def case(bundle: Path) -> Case:
    return read_bundle(bundle, plan_from_content).case


def test_the_same_case_gives_the_same_bytes(case: Case) -> None:
    assert canonical_json(conclude(case).to_json()) == canonical_json(conclude(case).to_json())


def test_the_order_of_cells_changes_no_verdict(case: Case) -> None:
    mixed = list(case.cells)
    random.Random(0).shuffle(mixed)
    one, two = conclude(case), conclude(replace(case, cells=tuple(mixed)))
    assert canonical_json(one.to_json()["recommendations"]) == canonical_json(two.to_json()["recommendations"])


def test_a_claim_without_cells_is_invalid(case: Case) -> None:
    found = conclude(replace(case, cells=())).judgement.recommendations[0]
    assert {v.status for v in found.verdicts} == {"invalid"}
    assert found.action == "hold"


def test_a_verdict_only_release_keeps_statuses_and_nothing_else(case: Case) -> None:
    whole = conclude(case)
    assert released(whole, case.plan) is whole
    shown = released(whole, replace(case.plan, reuse=Reuse(2, "verdict")))
    pairs = zip(whole.judgement.recommendations[0].verdicts, shown.judgement.recommendations[0].verdicts, strict=True)
    assert all((a.status, b.comparison, b.units_needed) == (b.status, None, None) for a, b in pairs)
    said = canonical_json(shown.to_json()["recommendations"]).decode()
    assert not any(f"{v.comparison.difference.value:.3g}" in said for v in
                   whole.judgement.recommendations[0].verdicts if v.comparison)  # fmt: skip


def test_spending_is_that_of_the_plan(case: Case) -> None:
    assert spend(case.plan, (1.0,), 0.025) == 0.025
    two = replace(case.plan, looks=Looks(2, 100, "pocock"))
    assert spend(two, (0.5,), 0.025) == nominal_alphas([0.5], 0.025, "pocock")[0]
    assert spend(two, (0.5, 0.8), 0.025) == nominal_alphas([0.5, 0.8], 0.025, "pocock", last=True)[1]
    assert spend(two, (0.5, 0.8), 0.025) > nominal_alphas([0.5, 0.8], 0.025, "pocock")[1]


def test_units_needed_are_those_of_the_last_look(case: Case) -> None:
    """The level of an early look never comes again; what more units can reach is decided at the last one."""
    two = replace(case.plan, looks=Looks(2, 100))
    assert final_alpha(two, (0.3,), 0.025) == nominal_alphas([0.3, 1.0], 0.025)[1]
    assert final_alpha(two, (), 0.025) == nominal_alphas([0.5, 1.0], 0.025)[1]
    assert final_alpha(two, (0.3, 0.9), 0.025) == spend(two, (0.3, 0.9), 0.025)
    assert final_alpha(case.plan, (), 0.025) == 0.025
    found = conclude(case).judgement.recommendations[0].verdicts[0].comparison
    assert found is not None
    value = found.difference.value
    assert value is not None
    margin = abs(value)
    open_claim = replace(case.plan.claims[0], kind="better", margin=margin, minimal_effect=margin + 0.05)
    early = replace(case, plan=replace(two, claims=(open_claim,)), fractions=(0.3,))
    whole = replace(case.plan, claims=(open_claim,), level=1 - 2 * final_alpha(two, (0.3,), 0.025))
    needed = [
        conclude(c).judgement.recommendations[0].verdicts[0].units_needed for c in (early, replace(case, plan=whole))
    ]
    assert needed[0] == needed[1] is not None


def test_power_is_reckoned_over_the_looks(case: Case) -> None:
    claim = replace(case.plan.claims[0], kind="better", margin=0.0, minimal_effect=0.1)
    two = replace(case.plan, claims=(claim,), guardrails=(), looks=Looks(2, 100))
    rows = plan_power(two, {(claim.name, c.name): Basis(Noise(1.0)) for c in two.candidates}, None).claims
    aim = Aim(alpha=nominal_alphas([0.5, 1.0], 0.025)[1], power=two.power)
    last = units_needed(Noise(1.0), aim, 0.1)
    fixed = units_needed(Noise(1.0), Aim(power=two.power), 0.1)
    assert last is not None
    assert fixed is not None
    # The first look adds a little power to that of the last, and costs a little of its level.
    assert fixed < (rows[0].needed or 0) <= last


def test_values_of_slices_mean_the_same_however_they_are_written(case: Case) -> None:
    assert same_slice({"a": 1}, {"a": 1.0})
    assert same_slice({"a": "1"}, {"a": 1})
    assert same_slice({"a": None}, {"a": None})
    assert not same_slice({"a": None}, {"a": "None"})
    assert not same_slice({"a": 1}, {"a": 1, "b": 2})
    assert [c.guardrail for c in claims_of(case.plan)] == [False, True, True, True]
