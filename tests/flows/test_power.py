"""Power of whole plans: several claims, slices, looks, and what a pilot tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.base.errors import PlanError
from assay.flows.power import plan_power
from assay.flows.power_basis import Basis
from assay.readers.planfile import read_plan
from assay.records.power import PlanPower
from assay.stats.power import Noise
from assay.verbs.power import PowerOptions, run
from tests.verbs.scenes import GUARD, data, plan, put, write_plan

LOSS = {"name": "loss", "metric": "log_loss", "kind": "better", "minimal_effect": 0.02}
HITS = {"name": "hits", "metric": "accuracy@0.5", "kind": "better", "minimal_effect": 0.03}
ORDER = {"name": "order", "metric": "auc", "kind": "not_worse", "margin": 0.02, "minimal_effect": 0}


def powered(folder: Path, units: int = 600, samples: int = 200, **changed: Any) -> PlanPower:
    """A plan's power from a pilot of 300 rows."""
    put(folder, data(300, start=5000, user=[f"u{i // 3}" for i in range(300)]))
    for name in ("base", "cand"):
        (folder / f"{name}.csv").rename(folder / f"pilot-{name}.csv")
    path = write_plan(folder, plan(**changed))
    pilots = [folder / "pilot-base.csv", folder / "pilot-cand.csv"]
    return run(path, pilots, units, options=PowerOptions(samples=samples))


def test_all_of_has_three_answers(tmp_path: Path) -> None:
    found = powered(tmp_path, units=2500, claims=[LOSS, HITS], guardrails=[ORDER])
    powers = [c.power for c in found.claims]
    assert all(p is not None for p in powers)
    assert found.all_hold == pytest.approx(powers[0] * powers[1] * powers[2])  # type: ignore[operator]
    assert found.at_least is not None
    assert found.together is not None
    assert found.at_least <= found.all_hold < found.together <= min(p for p in powers if p is not None) + 0.01
    assert found.together_error > 0


def test_any_of_shares_the_error_and_one_is_enough(tmp_path: Path) -> None:
    every = powered(tmp_path, claims=[LOSS, HITS], guardrails=[])
    one = powered(tmp_path, claims=[LOSS, HITS], guardrails=[], decide="any-of")
    assert one.claims[0].alpha == pytest.approx(every.claims[0].alpha / 2)
    assert (one.claims[0].needed or 0) > (every.claims[0].needed or 0)
    assert one.all_hold is not None
    assert one.together is not None
    assert one.at_least is not None
    assert one.at_least <= one.together <= one.all_hold + 0.01


def test_reuse_costs_units(tmp_path: Path) -> None:
    once = powered(tmp_path, claims=[LOSS], guardrails=[])
    shared = powered(tmp_path, claims=[LOSS], guardrails=[], reuse={"candidates": 10, "release": "full"})
    assert (shared.claims[0].needed or 0) > 1.3 * (once.claims[0].needed or 0)


def test_a_slice_needs_units_of_which_it_is_a_part(tmp_path: Path) -> None:
    whole = powered(tmp_path, claims=[LOSS], guardrails=[]).claims[0]
    part = powered(tmp_path, claims=[LOSS | {"slice": {"region": "south"}}], guardrails=[]).claims[0]
    assert part.share == pytest.approx(1 / 3)
    assert (part.needed or 0) > 2 * (whole.needed or 0)


def test_a_claim_about_a_gap_is_simulated(tmp_path: Path) -> None:
    limit = {"name": "gap", "metric": "gap(accuracy@0.5, by=region)", "kind": "at_most", "threshold": 0.5}
    found = powered(
        tmp_path, units=1200, samples=100, claims=[HITS | {"minimal_effect": 0.03}],
        guardrails=[limit | {"minimal_effect": 0.4}],
    )  # fmt: skip
    row = found.claims[1]
    assert row.method == "simulation"
    assert row.power is not None
    assert row.power > 0.9
    assert row.error > 0
    assert row.range is not None
    assert row.range[0] <= (row.needed or 0) <= row.range[1]


def test_looks_take_the_simulated_noise(tmp_path: Path) -> None:
    claim = {"name": "f", "metric": "f1@0.5", "kind": "better", "minimal_effect": 0.05}
    once = powered(tmp_path, claims=[claim], guardrails=[]).claims[0]
    looks = powered(tmp_path, claims=[claim], guardrails=[], looks={"planned": 2, "units": 600}).claims[0]
    assert once.method == "simulation"
    assert once.range is not None
    assert once.range[0] <= (once.needed or 0) <= once.range[1]
    assert looks.method == "group-sequential"
    assert once.needed is not None
    assert looks.needed == pytest.approx(once.needed, rel=0.06)
    assert sum(n.supported for n in looks.looks) == pytest.approx(looks.power)
    assert looks.expected is not None
    assert 300 < looks.expected <= 600


def test_clusters_of_a_pilot_are_told(tmp_path: Path) -> None:
    found = powered(tmp_path, claims=[LOSS], guardrails=[], data=plan()["data"] | {"unit": "user"}).claims[0]
    assert found.clusters is not None
    assert found.clusters.rows_per_unit == 3
    assert found.clusters.icc_interval is not None
    low, high = found.clusters.icc_interval
    assert low < (found.clusters.icc or 0) < high
    assert found.clusters.effect == pytest.approx(1 + 2 * (found.clusters.icc or 0))


def test_a_claim_without_effect_says_so(tmp_path: Path) -> None:
    found = powered(tmp_path, claims=[LOSS], guardrails=[GUARD])
    guard = found.claims[1]
    assert guard.needed is None
    assert "declares no minimal_effect" in guard.why
    assert guard.detectable is not None
    assert found.all_hold is None


def test_an_effect_beyond_the_range_names_its_claim(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"the claim 'hits'.*lies between") as refusal:
        powered(tmp_path, claims=[HITS | {"minimal_effect": 1.5}], guardrails=[])
    assert refusal.value.fix


def test_json_is_plain_and_whole(tmp_path: Path) -> None:
    found = powered(tmp_path, claims=[LOSS], guardrails=[])
    again = json.loads(json.dumps(found.to_json()))
    assert (again["schema"], again["pilot"], again["units"]) == (1, 300, 600)
    claim = again["claims"][0]
    assert claim["curve"][0]["units"] < claim["curve"][-1]["units"]
    assert claim["effects"][0][1] > claim["effects"][-1][1]


def test_nothing_known_is_no_number(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan(claims=[LOSS], guardrails=[]))
    found = plan_power(read_plan(path), {("loss", "cand"): Basis(None, why="the pilot burnt")}, 100).claims[0]
    assert (found.needed, found.power, found.why) == (None, None, "the pilot burnt")
    sure = plan_power(read_plan(path), {("loss", "cand"): Basis(Noise(0.5))}, 100).claims[0]
    assert sure.needed is not None
