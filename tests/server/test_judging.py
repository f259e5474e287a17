"""Rules of freezing, judging, looks and budgets of reuse, each through all three faces: one error, nothing written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assay.base.errors import AssayError, FrozenError, LookError, PlanError
from assay.lab import Lab
from assay.server.app import create_app
from assay.server.settings import Settings
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside
from tests.server.conftest import KEY, at
from tests.server.test_direct import over_http
from tests.verbs.scenes import CLAIM, data, plan, put, tree, write_plan

NULL, OTHER = data(200, gain=0.0, start=5000), data(200, gain=0.0, start=9000)
TWO = {"name": "twice", "looks": {"planned": 2, "units": 400, "spending": "pocock"}, "guardrails": []}
SEEDED: dict[str, Any] = {
    "name": "seeded",
    "data": plan()["data"] | {"seed": "seed", "name": "seeds"},
    "claims": [CLAIM | {"about": "method"}],
    "guardrails": [],
    "seeds": 3,
}


@dataclass(frozen=True)
class Rule:
    """A rule, and what breaks it.

    Attributes:
        folder: Where the plan lies, with the files that it names.
        kind: The error.
        said: A part of it.
        freeze: Whether the plan is frozen, or judged.
        more: The deviation's reason, or the stop rule that is met.
    """

    folder: str
    kind: type[AssayError]
    said: str
    freeze: bool = False
    more: str = ""


RULES = {
    "a deviation without a reason": Rule("edited", FrozenError, "a deviation is a new version that says why", True),
    "a reason for a first version": Rule("new", FrozenError, "a first version departs from nothing", True, "why"),
    "a policy that is not known": Rule("policy", PlanError, "reckless", True),
    "a deviation on what was read": Rule("null-edited", LookError, "judge would refuse this deviation", True, "why"),
    "a plan that does not hold together": Rule("broken", PlanError, "problems", True),
    "judged before it is frozen": Rule("new", FrozenError, "is not frozen"),
    "edited since it was frozen": Rule("edited", FrozenError, "was edited after it was frozen"),
    "data that changed since": Rule("changed", FrozenError, "changed: digest"),
    "a matrix with gaps": Rule("seeded", PlanError, "is not filled: base seed 2 of 3"),
    "a stop rule of no plan": Rule("late", AssayError, "too dear", more="too dear"),
    "a candidate beyond the budget": Rule("null-rival", LookError, "the error is spent"),
    "a candidate after an adoption": Rule("late-rival", LookError, "already adopted on these units"),
    "a look that lacks rows of the look before": Rule("twice", LookError, "rows of the look before are missing"),
}


def laid(folder: Path, table: dict[str, list[Any]] | None = None, **changed: Any) -> Path:
    """A folder with data and a plan that is not frozen."""
    folder.mkdir(exist_ok=True)
    put(folder, table)
    return write_plan(folder, plan(**changed))


def named(name: str) -> dict[str, Any]:
    """The data of a plan under another name."""
    return plan()["data"] | {"name": name}


def in_lab(path: Path, *more: object) -> Path:
    """Freeze it in the lab above."""
    done = command("plan", "freeze", path, "--lab", path.parent.parent, *more)
    assert done.code == 0, done.err
    return path


def read(path: Path) -> None:
    """Judge it in the lab above."""
    done = command("judge", path, "--lab", path.parent.parent)
    assert done.code in (0, 3, 4, 5), done.err


def rival(folder: Path, of: Path, **changed: Any) -> Path:
    """A frozen plan of another candidate on the same rows."""
    folder.mkdir()
    for name in ("base.csv", "cand.csv"):
        shutil.copy(of.parent / name, folder / name)
    shutil.copy(of.parent / "base.csv", folder / "rival.csv")
    models = [{"name": "rival", "file": "rival.csv", "score": "p"}]
    return in_lab(write_plan(folder, plan(candidates=models, **changed)))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab in which each rule is about to be broken."""
    made = tmp_path_factory.mktemp("ruled")
    Lab.create(made)
    late, null = in_lab(laid(made / "late")), in_lab(laid(made / "null", NULL, name="null", data=named("null")))
    rival(made / "late-rival", late, name="late-rival")
    rival(made / "null-rival", null, name="null-rival", data=named("null"))
    for path in (late, null):
        read(path)
    laid(made / "edited", hypothesis="None.")
    laid(made / "new", name="new")
    laid(made / "policy", name="policy", policy="reckless")
    laid(made / "broken", name="broken", claims=[], colour=1)
    laid(made / "null-edited", NULL, name="null", data=named("null"), claims=[CLAIM | {"minimal_effect": 0.4}])
    changed = in_lab(laid(made / "changed", name="changed", data=named("changed")))
    put(changed.parent, data(seed=5))
    twice = in_lab(laid(made / "twice", OTHER, **TWO, data=named("twice")))
    read(twice)
    put(twice.parent, {k: v[20:] for k, v in data(300, gain=0.0, start=9000).items()})
    in_lab(twice, "--deviation", "new units")
    one_seed = {**data(60, start=20_000), "seed": [0] * 60}
    in_lab(laid(made / "seeded", one_seed, **SEEDED))
    return made


@pytest.fixture(scope="module")
def client(lab: Path) -> Iterator[TestClient]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with TestClient(create_app(Settings(lab, KEY)), base_url="http://localhost", headers=headers) as made:
        yield made


def by_route(client: TestClient, rule: Rule, files: dict[str, str], text: str) -> dict[str, Any]:
    """What the route of a browser answers: at once, or in its job."""
    more = {"deviation": rule.more} if rule.freeze else {"stop_rules": [rule.more] if rule.more else []}
    route = at("/plans/freeze" if rule.freeze else "/plans/judge")
    answer = client.post(route, json={"text": text, "files": files, **more})
    if rule.freeze:
        assert answer.status_code in (409, 422)
        return dict(answer.json())
    job = answer.json()["job"]
    for _ in client.get(at(f"/jobs/{job}/events")).iter_lines():
        pass
    return dict(client.get(at(f"/jobs/{job}")).json()["result"])


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_the_same_by_command_from_python_and_over_http(lab: Path, client: TestClient, name: str) -> None:
    rule = RULES[name]
    folder = lab / rule.folder
    files = {
        f.name: client.put(at("/blobs"), content=f.read_bytes()).json()["digest"]
        for f in folder.iterdir()
        if f.suffix == ".csv"
    }
    text = (folder / "plan.yaml").read_text()
    plan_file = client.put(at("/blobs"), content=text.encode()).json()["digest"]
    before, entries = tree(lab), len(Lab(lab).entries(1000))
    option = "--deviation" if rule.freeze else "--stop-rule"
    words = ["plan", "freeze"] if rule.freeze else ["judge"]
    with inside(folder):
        with pytest.raises(rule.kind, match=rule.said) as here:
            Lab(lab).freeze("plan.yaml", rule.more) if rule.freeze else Lab(lab).judge("plan.yaml", rule.more or ())
        run = command(*words, "plan.yaml", "--lab", lab, *([option, rule.more] if rule.more else []))
    problems = here.value.problems if isinstance(here.value, PlanError) and here.value.problems else (here.value,)
    assert (run.code, run.out, run.err) == (2, "", "".join(f"assay: {p.line()}\n" for p in problems))
    more = {"deviation": rule.more} if rule.freeze else {"stop_rules": [rule.more] if rule.more else []}
    verb = "plan.freeze" if rule.freeze else "judge.run"
    asked = over_http(client, verb, {"path": "plan.yaml", **more}, {**files, "plan.yaml": plan_file})
    # Judging takes a second, and its route calls the same verb: one rule is enough there.
    browsers = [by_route(client, rule, files, text)] if rule.freeze or rule.folder == "edited" else []
    for answered in (asked, *browsers):
        assert answered["error"] == here.value.to_json()
        assert answered.get("problems", [here.value.to_json()]) == [p.to_json() for p in problems]
    assert tree(lab) == before
    assert len(Lab(lab).entries(1000)) == entries
