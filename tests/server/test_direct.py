"""What needs no lab, through all three faces: the same result and refusal by command, from Python and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import assay
from assay.base.errors import AssayError
from assay.base.wire import rebuilt
from assay.lab import Lab
from assay.verbs.served import CATALOGUE
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside
from tests.helpers.tables import write
from tests.server.conftest import Ask, at
from tests.verbs.scenes import data, plan, put, write_plan

CLAIM = {"name": "right", "metric": "accuracy", "kind": "better", "minimal_effect": 0.05, "sd": 0.4}


@dataclass(frozen=True)
class Asked:
    """One question: as Python asks it, as a command, and as a request."""

    python: Callable[[], Any]
    words: str
    arguments: dict[str, Any]


def _request(**given: Any) -> dict[str, Any]:
    return {"request": given}


ON = {"on": ["id"], "target": "y"}
FOUND: dict[str, Any] = {**ON, "discoveries": True}
DIRECT: dict[str, Asked] = {
    "compare.run": Asked(
        lambda: assay.compare("base.csv", "cand.csv", score="p", metrics="brier", slices="region", **FOUND),
        "compare base.csv cand.csv --on id --target y --score p --metric brier --slice region --discoveries",
        _request(files=["base.csv", "cand.csv"], scores=["p"], metrics=["brier"], slices=["region"], **FOUND),
    ),
    "candidates.run": Asked(
        lambda: assay.candidates("wide.csv", models=["a", "b"], on="id", target="y", metrics="brier"),
        "candidates wide.csv --model a --model b --on id --target y --metric brier",
        _request(files=["wide.csv"], models=["a", "b"], metrics=["brier"], **ON),
    ),
    "ablation.run": Asked(
        lambda: assay.ablation("design.csv", factors=["wide", "deep"], value="auc"),
        "ablation design.csv --factor wide --factor deep --value auc",
        _request(design="design.csv", factors=["wide", "deep"], value="auc"),
    ),
    "agreement.run": Asked(
        lambda: assay.agreement("ratings.csv", item="item", rating=["ann", "ben"]),
        "agreement ratings.csv --item item --rating ann --rating ben",
        _request(table="ratings.csv", item="item", ratings=["ann", "ben"]),
    ),
    "preferences.run": Asked(
        lambda: assay.preferences("votes.csv", first="a", second="b", winner="won", order=True),
        "preferences votes.csv --first a --second b --winner won --order",
        _request(table="votes.csv", first="a", second="b", winner="won", order=True),
    ),
    "power.ask": Asked(
        lambda: assay.power("base.csv", "cand.csv", metric="brier", effect=0.02, on="id", target="y", scores="p"),
        "power base.csv cand.csv --metric brier --effect 0.02 --on id --target y --score p",
        _request(files=["base.csv", "cand.csv"], metric="brier", effect=0.02, scores=["p"], **ON),
    ),
    "power.run": Asked(
        lambda: Lab.power("plan.yaml", units=600),
        "plan power plan.yaml --units 600",
        {"path": "plan.yaml", "units": 600},
    ),
    "plan_looks.run": Asked(lambda: Lab.plan_looks("plan.yaml"), "plan looks plan.yaml", {"path": "plan.yaml"}),
}
REFUSED: dict[str, tuple[str, Asked]] = {
    "no metric": (
        "compare.run",
        Asked(
            lambda: assay.compare("base.csv", "cand.csv", on="id", target="y"),
            "compare base.csv cand.csv --on id --target y",
            _request(files=["base.csv", "cand.csv"], **ON),
        ),
    ),
    "one model": (
        "candidates.run",
        Asked(
            lambda: assay.candidates("wide.csv", models="a", on="id", target="y", metrics="brier"),
            "candidates wide.csv --model a --on id --target y --metric brier",
            _request(files=["wide.csv"], models=["a"], metrics=["brier"], **ON),
        ),
    ),
    "no factor": (
        "ablation.run",
        Asked(
            lambda: assay.ablation("design.csv", value="auc"),
            "ablation design.csv --value auc",
            _request(design="design.csv", value="auc"),
        ),
    ),
    "no such column": (
        "agreement.run",
        Asked(
            lambda: assay.agreement("ratings.csv", item="thing", rating=["ann", "ben"]),
            "agreement ratings.csv --item thing --rating ann --rating ben",
            _request(table="ratings.csv", item="thing", ratings=["ann", "ben"]),
        ),
    ),
    "no winner": (
        "preferences.run",
        Asked(
            lambda: assay.preferences("votes.csv", first="a", second="b", winner=""),
            "preferences votes.csv --first a --second b",
            _request(table="votes.csv", first="a", second="b", winner=""),
        ),
    ),
    "no effect": (
        "power.ask",
        Asked(
            lambda: assay.power(metric="accuracy", discordant=0.1),
            "power --metric accuracy --discordant 0.1",
            _request(metric="accuracy", discordant=0.1),
        ),
    ),
    "one look": (
        "plan_looks.run",
        Asked(lambda: Lab.plan_looks("one.yaml"), "plan looks one.yaml", {"path": "one.yaml"}),
    ),
    "no deviation": (
        "power.run",
        Asked(lambda: Lab.power("bare.yaml"), "plan power bare.yaml", {"path": "bare.yaml"}),
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files for every verb, and plans with one look and with several."""
    made = tmp_path_factory.mktemp("asked")
    put(made)
    write(made / "wide.csv", data())
    auc = [0.7 + i / 50 for i in range(8)]
    write(made / "design.csv", {"wide": [0, 1] * 4, "deep": [0, 0, 1, 1] * 2, "auc": auc})
    outside = ["base.csv", "cand.csv", "/etc/passwd", "../x"]
    write(made / "files.csv", {"wide": [0, 1] * 2, "deep": [0, 0, 1, 1], "run": outside})
    write(made / "ratings.csv", {"item": list(range(30)), "ann": [0, 1, 2] * 10, "ben": [0, 1, 2, 0, 1, 1] * 5})
    first, second, won = list("xxyyyzz"), list("yzzxxxy"), ["x", "x", "z", "tie", "y", "z", "y"]
    write(made / "votes.csv", {"a": first * 9, "b": second * 9, "won": won * 9})
    looks = {"looks": {"planned": 3, "units": 600}}
    write_plan(made, plan(claims=[CLAIM], guardrails=[], **looks))
    for name, changed in (("one.yaml", {}), ("bare.yaml", looks)):
        (made / name).write_text(json.dumps(plan(**changed)))
    return made


@pytest.fixture(scope="module")
def uploaded(ask: Ask, folder: Path) -> dict[str, str]:
    """Name -> digest of every file."""
    client = ask("scientist")
    sent = {p.name: client.put(at("/blobs"), content=p.read_bytes()) for p in folder.iterdir() if p.is_file()}
    return {name: answer.json()["digest"] for name, answer in sent.items()}


def over_http(client: TestClient, verb: str, arguments: dict[str, Any], files: dict[str, str]) -> dict[str, Any]:
    """What a verb answers in the end: its result, or its error."""
    answer = client.post(at(f"/verbs/{verb}"), json={"arguments": arguments, "files": files})
    if answer.status_code != 202:
        return dict(answer.json())
    job = answer.json()["job"]
    for _ in client.get(at(f"/jobs/{job}/events")).iter_lines():
        pass
    found = client.get(at(f"/jobs/{job}")).json()
    return {"result": found["result"]} if found["state"] == "done" else dict(found["result"])


@pytest.mark.parametrize("verb", DIRECT)
def test_a_verb_gives_the_same_by_command_from_python_and_over_http(
    ask: Ask, folder: Path, uploaded: dict[str, str], verb: str
) -> None:
    asked = DIRECT[verb]
    with inside(folder):
        here = asked.python()
        said = command(*asked.words.split(), "--json", "-")
    assert said.code == 0, said.err
    answered = over_http(ask("scientist"), verb, asked.arguments, uploaded)
    record = rebuilt(CATALOGUE[verb].result, answered["result"])
    from_python = here.to_json()
    assert json.loads(said.out) == json.loads(json.dumps(from_python))
    assert record.to_json() == from_python


@pytest.mark.parametrize("rule", REFUSED)
def test_a_rule_is_the_same_by_command_from_python_and_over_http(
    ask: Ask, folder: Path, uploaded: dict[str, str], rule: str
) -> None:
    verb, asked = REFUSED[rule]
    with inside(folder):
        with pytest.raises(AssayError) as here:
            asked.python()
        said = command(*asked.words.split())
    assert (said.code, said.err) == (2, f"assay: {here.value.line()}\n")
    assert over_http(ask("scientist"), verb, asked.arguments, uploaded)["error"] == here.value.to_json()


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("agreement.run", _request(table="/etc/passwd", item="a", ratings=["b"])),
        ("agreement.run", _request(table="../ratings.csv", item="a", ratings=["b"])),
        ("agreement.run", _request(table={"item": [1]}, item="item", ratings=["item"])),
        ("agreement.run", _request(table="elsewhere.csv", item="a", ratings=["b"])),
        ("compare.run", _request(files=["base.csv"], candidates=["/etc/passwd"], metrics=["auc"], **ON)),
        ("compare.run", _request(files=["base.csv", "cand.csv"], baseline="pyproject.toml", metrics=["auc"], **ON)),
        ("compare.run", _request(files=["base.csv", "cand.csv"], qrels="/etc/passwd", metrics=["auc"], **ON)),
        ("compare.run", _request(baseline="pyproject.toml", candidates=["/etc/passwd"], metrics=["auc"], **ON)),
        ("power.ask", _request(files=["base.csv"], candidates=["/etc/passwd"], metric="auc", effect=0.1, **ON)),
        ("ablation.run", _request(design="files.csv", factors=["wide", "deep"], model="run", metrics=["brier"], **ON)),
        ("power.run", {"path": "plan.yaml", "pilot": ["/etc/passwd"]}),
        ("power.run", {"path": "/etc/passwd"}),
        ("lineage.run", {"name": "/etc/passwd"}),
    ],
)  # fmt: skip
def test_no_other_file_of_the_machine_is_read(
    ask: Ask, uploaded: dict[str, str], verb: str, arguments: dict[str, Any]
) -> None:
    answered = over_http(ask("scientist"), verb, arguments, uploaded)
    assert answered["error"]["code"] in ("input", "plan"), answered
    assert "bug" not in answered["error"]["what"]
    assert "root:" not in json.dumps(answered)


ELSEWHERE = {
    "plan.new": "/plans/template",
    "plan.check": "/plans/check",
    "memo.run": "/evidence/{identity}/memo",
    "memo.read": "/evidence/{identity}",
    "compare.columns": "/compare/columns",
    "sent.begin": "/runs/{run}",
    "sent.append": "/runs/{run}/files/{name}",
    "sent.finish": "/runs/{run}/end",
}
"""Verbs with a route of their own."""
LOCAL = {
    **dict.fromkeys(("backup", "restore", "export", "provenance"), "writes files where the lab is"),
    **dict.fromkeys(("run", "sweep", "sweep_worker", "reproduce", "reproduce_claim"), "executes programs"),
    **dict.fromkeys(("init", "plugins", "sending", "shelf"), "makes a lab, loads code, or is the sending side"),
    **dict.fromkeys(("sync", "import_"), "reads another lab's folder"),
}
"""Modules whose verbs are done where the lab's folder is, and why."""


def test_every_verb_is_in_the_catalogue_has_a_route_or_says_why_not(app_client: TestClient) -> None:
    from assay.cli.main import COMMANDS

    paths = app_client.get(at("/openapi.json")).json()["paths"]
    for verb, path in ELSEWHERE.items():
        assert at(path) in paths, verb
    rooms = {verb.partition(".")[0] for verb in (*CATALOGUE, *ELSEWHERE)} | set(LOCAL)
    named = {"import": "import_", "serve": "server"}
    assert {named.get(c, c) for c in COMMANDS} <= rooms | {"server"}
