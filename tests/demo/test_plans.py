"""The two plans are sound, agree with the code, and can be judged on the same days."""

from __future__ import annotations

import pytest
from demo.flights import KEY
from demo.predictions import METHODS, PLANS, SEEDS
from demo.run import CLAIM, plan

from assay.readers.planfile import examine, read_plan
from assay.records.plan import Plan
from assay.runs.matrix import cells


@pytest.fixture(params=list(PLANS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_plans_pass_the_check_without_a_warning(name: str) -> None:
    found = examine(plan(name))
    assert (found.problems, found.warnings) == ((), ())


def test_plans_are_filled_by_their_sweeps(name: str) -> None:
    found = read_plan(plan(name))
    made = list(cells(found, {method: [{}] for method in METHODS}))
    want = [(m, s, ("python", "-m", "demo.train", m, name, str(s))) for s in range(SEEDS) for m in METHODS]
    assert [(c.model, c.seed, c.command) for c in made] == want
    assert (found.data.id, found.seeds, found.data.unit) == (KEY, SEEDS, "date")


def test_plans_claim_what_the_demo_is_about(name: str) -> None:
    found = read_plan(plan(name))
    assert [(c.metric, c.kind, c.about) for c in found.claims] == [("log_loss", "better", "method")]
    assert found.claims[0].name == CLAIM
    assert [(c.metric, c.kind, c.margin, c.about) for c in found.guardrails] == [("auc", "not_worse", 0.01, "method")]
    assert found.data.slices == ("origin", "carrier")


def test_both_plans_pay_for_reading_the_same_days() -> None:
    both: list[Plan] = [read_plan(plan(name)) for name in PLANS]
    assert sum(1 / p.reuse.candidates for p in both) <= 1
    assert [p.looks.planned for p in both] == [2, 1]
