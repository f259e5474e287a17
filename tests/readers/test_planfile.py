"""The doors: a sound plan, every problem at once, the template, the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from assay.base.errors import MetricError, PlanError
from assay.readers.plan_problems import keys_at
from assay.readers.plan_schema import PlanKeys
from assay.readers.planfile import examine, read_plan, template
from assay.records.plan import Claim, Reuse
from tests.readers.plan_files import SOUND, changed, checked

DOCS = Path(__file__).parents[2] / "docs" / "plan.md"


def test_a_sound_plan_becomes_a_record(tmp_path: Path) -> None:
    assert checked(tmp_path, SOUND) == ([], [])
    plan = read_plan(tmp_path / "plan.yaml")
    assert plan.data.id == ("day", "flight")
    assert plan.data.slices == ("origin", "carrier", "origin*carrier")
    assert [c.name for c in plan.candidates] == ["boosting", "forest"]
    assert plan.claims == (Claim("loss", "log_loss", "better", minimal_effect=0.01),)
    guard = Claim("ranking", "auc", "not_worse", margin=0.01, guardrail=True, primary=False)
    assert plan.guardrails == (guard,)
    assert plan.reuse == Reuse(2)
    assert (plan.level, plan.power, plan.decide, plan.missing, plan.seed) == (0.95, 0.8, "all-of", "refuse", 0)


def test_one_column_needs_no_list_and_an_empty_key_is_absent(tmp_path: Path) -> None:
    text = changed("id: [day, flight]", "id: flight") + "product_kpi:\nguardrail_notes:\n"
    problems, _ = checked(tmp_path, text)
    assert [p.what for p in problems] == ["unknown key 'guardrail_notes' in the plan"]
    checked(tmp_path, text.replace("guardrail_notes:\n", ""))
    plan = read_plan(tmp_path / "plan.yaml")
    assert (plan.data.id, plan.product_kpi) == (("flight",), "")


def test_every_problem_comes_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = (
        SOUND.replace("question:", "qestion:")
        .replace("  target: late\n", "")
        .replace("origin*carrier", "origin*origin")
        .replace("metric: log_loss", "metric: log_los")
        .replace("margin: 0.01", "margin: -0.01")
        .replace("candidates: 2", "candidates: two")
        + "level: 95\nlevel: 0.9\n"
    )
    problems, _ = checked(tmp_path, text)
    found = [(p.where, p.what) for p in problems]
    assert found == [
        ("plan.yaml:1", "`question` is missing in the plan"),
        ("plan.yaml:3", "unknown key 'qestion' in the plan"),
        ("plan.yaml:6", "`target` is missing in data"),
        ("plan.yaml:18", "unknown metric 'log_los'"),
        ("plan.yaml:22", "the margin -0.01 of the claim 'ranking' points in the wrong direction"),
        ("plan.yaml:23", "reuse.candidates is 'two'"),
        ("plan.yaml:25", "level is 95"),
        ("plan.yaml:26", "the key 'level' is there twice, first on line 25"),
    ]
    assert all(p.rule and p.fix for p in problems)
    with pytest.raises(PlanError, match="8 problems") as caught:
        read_plan(tmp_path / "plan.yaml")
    assert [p.what for p in caught.value.problems] == [p.what for p in problems]
    assert "assay plan check plan.yaml" in caught.value.fix


def test_a_single_problem_is_shown_itself(tmp_path: Path) -> None:
    checked(tmp_path, changed("owner: Ada\n", ""))
    with pytest.raises(PlanError) as caught:
        read_plan(tmp_path / "plan.yaml")
    assert caught.value.line() == (
        "plan.yaml:1: `owner` is missing in the plan; it is required; add `owner: Ada Lovelace`"
    )
    assert len(caught.value.problems) == 1


def test_errors_keep_their_kind(tmp_path: Path) -> None:
    problems, _ = checked(tmp_path, changed("metric: auc", "metric: ece"))
    assert [type(p) for p in problems] == [MetricError]


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "null", "- a\n", "text", "3"])
def test_a_file_that_is_no_mapping(tmp_path: Path, text: str) -> None:
    problems, warnings = checked(tmp_path, text)
    assert [(p.where, p.rule.startswith("a plan is a mapping")) for p in problems] == [("plan.yaml:1", True)]
    assert warnings == []


def test_the_template_passes_except_for_its_placeholders(tmp_path: Path) -> None:
    problems, warnings = checked(tmp_path, template())
    assert problems == []
    assert len(warnings) == template().count("<") - 1  # one in the comment at the top
    assert all("is still the placeholder" in w for w in warnings)
    unfilled, calm = checked(tmp_path, template(), final=True)
    assert len(unfilled) == len(warnings)
    assert calm == []
    filled = re.sub(r"<[^>]*>", "filled in", template())
    assert checked(tmp_path, filled, final=True) == ([], [])
    assert read_plan(tmp_path / "plan.yaml", final=True).owner == "filled in"


@pytest.mark.parametrize("text", ["…", "...", "?", "<who>", "to be done (TBD)", "FIXME later", "TO-DO"])
def test_placeholders(tmp_path: Path, text: str) -> None:
    _, warnings = checked(tmp_path, changed("owner: Ada", f"owner: '{text}'"))
    assert [w.split(":")[:2] for w in warnings] == [["plan.yaml", "5"]]


@pytest.mark.parametrize("text", ["Ada <ada@example.org>", "is a < b > c?", "todorov", "why?"])
def test_words_that_are_no_placeholders(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, changed("owner: Ada", f"owner: '{text}'"), final=True) == ([], [])


def test_an_unknown_key_names_the_nearest_at_every_depth(tmp_path: Path) -> None:
    text = SOUND.replace("minimal_effect", "minimum_effect").replace("unit: day", "units: day")
    problems, _ = checked(tmp_path, text.replace("reuse: {candidates: 2}", "reuse: {candidates: 2, relese: full}"))
    hints = [p.fix for p in problems if p.what.startswith("unknown")]
    assert hints == ["did you mean 'unit'?", "did you mean 'minimal_effect'?", "did you mean 'release'?"]


def every_key(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in model.model_fields:
        found.append((*path, name))
        inside = keys_at((*path, name))
        found += every_key(inside, (*path, name)) if inside else []
    return found


def test_every_key_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    sections = {part.split("\n", 1)[0].strip("` "): part for part in re.split(r"\n## ", text)}
    for path in every_key(PlanKeys):
        part = path[-2] if len(path) == 3 and path[0] == "sweep" else path[0]
        section = sections["The top" if len(path) == 1 else part if part != "guardrails" else "claims"]
        assert f"| `{path[-1]}` |" in section, path


def test_the_examples_of_the_documentation_pass(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    whole = [b for b in blocks if b.startswith("assay:")]
    assert whole
    for text in whole:
        assert checked(tmp_path, text, final=True) == ([], [])


def test_another_metric_room_can_be_asked(tmp_path: Path) -> None:
    def nothing(notation: str) -> None:
        raise MetricError(f"unknown metric {notation!r}", rule="none is known", fix="register it")

    (tmp_path / "plan.yaml").write_text(SOUND, encoding="utf-8")
    problems = examine(tmp_path / "plan.yaml", nothing).problems
    assert [p.what for p in problems] == ["unknown metric 'log_loss'", "unknown metric 'auc'"]


@pytest.mark.parametrize(
    ("right", "wrong", "meant"),
    [
        ("owner: Ada", "onwer: Ada", "owner"),
        ("question:", "questions:", "question"),
        ("kind: better", "knd: better", "kind"),
    ],
)
def test_an_unknown_key_is_first_taken_for_a_required_one_that_is_missing(
    tmp_path: Path, right: str, wrong: str, meant: str
) -> None:
    problems, _ = checked(tmp_path, changed(right, wrong))
    assert [p.fix for p in problems if p.what.startswith("unknown")] == [f"did you mean {meant!r}?"]
