"""The two plans are sound, agree with the code, and can be judged on the same days."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo.flights import KEY
from demo.predictions import METHODS, PLANS, SEEDS
from demo.run import PREDICTIONS, plan

from assay.readers.planfile import examine, read_plan
from assay.records.plan import Plan


@pytest.fixture(params=list(PLANS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_plans_pass_the_check_without_a_warning(name: str) -> None:
    found = examine(plan(name))
    assert (found.problems, found.warnings) == ((), ())


def test_plans_name_the_files_that_the_demo_writes(name: str) -> None:
    found = read_plan(plan(name))
    models = (found.baseline, *found.candidates)
    assert [Path(plan(name).parent / m.file).resolve() for m in models] == [
        PREDICTIONS / f"{method}-{name}.parquet" for method in METHODS
    ]
    assert (found.data.id, found.seeds, found.data.unit) == (KEY, SEEDS, "date")


def test_plans_claim_what_the_demo_is_about(name: str) -> None:
    found = read_plan(plan(name))
    assert [(c.metric, c.kind, c.about) for c in found.claims] == [("log_loss", "better", "method")]
    assert [(c.metric, c.kind, c.margin, c.about) for c in found.guardrails] == [("auc", "not_worse", 0.01, "method")]
    assert found.data.slices == ("origin", "carrier")


def test_both_plans_pay_for_reading_the_same_days() -> None:
    both: list[Plan] = [read_plan(plan(name)) for name in PLANS]
    assert sum(1 / p.reuse.candidates for p in both) <= 1
    assert [p.looks.planned for p in both] == [2, 1]
