"""What is frozen: tagged, versioned, pinned by a golden file, and the same after every way round."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.base.canonical import digest_json
from assay.base.errors import PlanError
from assay.readers.planfile import plan_content, plan_from_content, plan_to_yaml, read_plan
from assay.records.plan import Ablation, Claim, DataSpec, Looks, Milestone, ModelSpec, Plan, Reuse
from tests.readers.plan_files import SOUND

GOLDEN = Path(__file__).parent / "golden" / "plan-schema-1.json"

FULL = Plan(
    name="late-flights",
    question="Does boosting predict late arrivals better?",
    hypothesis="Trees catch the interaction of hour and airport.",
    owner="Ada",
    data=DataSpec(
        name="flights-autumn",
        id=("day", "flight"),
        target="late",
        unit="day",
        slices=("origin", "origin*carrier"),
        positive=True,
        labels=("no", 1, 0.5, False),
        threshold=0.5,
        seed="seed",
        repeat="try",
        time="day",
        split="by month",
        population="flights that arrived",
    ),
    baseline=ModelSpec("logistic", "base.parquet", "p", "sha256:" + "a" * 64, "in production", True),
    candidates=(ModelSpec("boosting", "cand.parquet"), ModelSpec("forest", "forest.parquet", "p")),
    claims=(
        Claim("loss", "log_loss", "better", margin=0.001, minimal_effect=0.01, sd=0.2, about="method", alpha=0.01),
        Claim("jfk", "recall@0.5", "at_least", threshold=0.7, slice={"origin": "JFK", "hour": 7, "code": None}),
        Claim("forest-only", "brier", "better", candidate="forest", primary=False),
    ),
    guardrails=(Claim("ranking", "auc", "not_worse", margin=0.01, guardrail=True, primary=False),),
    ablations=(Ablation("no-hour", "the hour", ModelSpec("no-hour", "no-hour.parquet", "p")), Ablation("x", "y")),
    user_impact="fewer missed connections",
    product_kpi="connections made",
    risk_tier="medium",
    milestones=(Milestone("2027-01-15", "pilot"),),
    decide="all-of",
    level=0.9,
    power=0.9,
    seeds=5,
    looks=Looks(2, 5000, "pocock"),
    reuse=Reuse(2, "verdict"),
    missing="bounds",
    stop_rules=("no gain by March",),
    change_my_mind="a gain only in one airport",
    seed=7,
)


def test_the_content_of_a_full_plan_is_pinned() -> None:
    """A change of this file breaks the digest of every plan frozen before: raise the schema and upgrade instead."""
    assert plan_content(FULL) == json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert digest_json(plan_content(FULL)) == "sha256:a4f1e777593378099f86ca366289399b6aeff6441cdce6918287e02638104522"


def test_the_golden_content_is_read_back() -> None:
    assert plan_from_content(json.loads(GOLDEN.read_text(encoding="utf-8"))) == FULL


def test_yaml_and_back(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(plan_to_yaml(FULL), encoding="utf-8")
    assert read_plan(path) == FULL


def test_a_deviation_keeps_its_history_in_the_content_only(tmp_path: Path) -> None:
    later = dataclasses.replace(FULL, version=2, parent="sha256:" + "b" * 64, deviation="a wrong column")
    assert plan_from_content(plan_content(later)) == later
    assert digest_json(plan_content(later)) != digest_json(plan_content(FULL))
    assert plan_to_yaml(later) == plan_to_yaml(FULL)


def test_the_digest_does_not_depend_on_the_layout_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(SOUND, encoding="utf-8")
    first = digest_json(plan_content(read_plan(path)))
    path.write_text("# a comment\n" + SOUND.replace("owner: Ada", "owner: 'Ada'").replace("0.01", "1e-2"))
    assert digest_json(plan_content(read_plan(path))) == first
    path.write_text(SOUND.replace("0.01}", "0.02}"))
    assert digest_json(plan_content(read_plan(path))) != first


def broken(**more: Any) -> dict[str, Any]:
    return {**plan_content(FULL), **more}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "type None"),
        (broken(type="run"), "type 'run'"),
        (broken(schema=2), "schema 2"),
        (broken(extra=1), "fields that no plan has"),
        ({k: v for k, v in plan_content(FULL).items() if k != "owner"}, "not a plan"),
        ({k: v for k, v in plan_content(FULL).items() if k != "policy"}, "lacks some"),
        (broken(owner=3), "not a plan"),
        (broken(level="0.9"), "not a plan"),
        (broken(claims=[{"name": "x"}]), "not a plan"),
        (broken(baseline={**plan_content(FULL)["baseline"], "colour": "red"}), "fields that no plan has"),
        (broken(risk_tier="huge"), "not a plan"),
        (broken(owner=object()), "not a plan"),
        (broken(owner="\ud800"), "not a plan"),
    ],
)
def test_content_that_is_no_plan(content: dict[str, Any], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        plan_from_content(content)


WORDS = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(lambda t: t == t.strip()),
    st.sampled_from(["no", "1", "1e-3", "true", "null", "~", "- x", "a: b", "#x", "'", "2026-01-01", "0x1", "=", "<<"]),
)
NAMES = WORDS.filter(lambda t: bool(t.strip()) and t not in ("…", "...", "?"))
SCALARS = st.one_of(NAMES, st.integers(-9, 9), st.booleans(), st.floats(-1e9, 1e9))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
@given(name=NAMES, text=NAMES, positive=SCALARS, value=SCALARS | st.none(), effect=st.floats(1e-9, 1e9), seed=NAMES)
def test_any_text_survives_every_way_round(
    tmp_path: Path, name: str, text: str, positive: Any, value: Any, effect: float, seed: str
) -> None:
    claim = Claim("loss", "log_loss", "better", minimal_effect=effect, slice={name: value})
    data = DataSpec(name, ("\N{SNOWMAN}",), "\N{SNOWMAN} y", positive=positive, labels=(positive, "x"))
    plan = dataclasses.replace(FULL, name=name, question=text, owner=text, data=data, claims=(claim,), level=0.95)
    assert plan_from_content(json.loads(json.dumps(plan_content(plan)))) == plan
    path = tmp_path / "plan.yaml"
    path.write_text(plan_to_yaml(plan), encoding="utf-8")
    assert read_plan(path) == plan
