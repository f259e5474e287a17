"""How the power of a plan reads."""

from __future__ import annotations

from assay.cli.power import table
from assay.flows.power import ClaimPower, PlanPower
from assay.records.plan import Claim


def found(claims: int, units: int | None) -> PlanPower:
    rows = tuple(
        ClaimPower(Claim(f"c{i}", "auc", "better", minimal_effect=0.1), "cand", 40, 0.7, 0.1) for i in range(claims)
    )
    return PlanPower(rows, units, 0.8, 0.71, 0.65)


def test_one_claim_depends_on_no_other() -> None:
    assert table(found(1, 90)).endswith("the claim holds with probability 0.71")
    assert "were they independent, and at least 0.65" in table(found(2, 90))


def test_without_planned_units_it_asks_for_them() -> None:
    assert "power wanted 80%; power and detectable effect at 90 units" in table(found(1, 90))
    said = "for power and the detectable effect say how many units are planned: --units, or looks.units in the plan"
    assert f"power wanted 80%; {said}" in table(found(1, None))
