"""The SDK: the same verbs, the same numbers, objects that show in a notebook."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pyarrow
import pytest

import assay
from assay.base.canonical import canonical_json
from assay.cli.main import COMMANDS
from tests.helpers.runs import assay as command
from tests.helpers.runs import compared
from tests.helpers.tables import write
from tests.verbs.scenes import CLAIM, data, put, scene, told, write_plan

WHAT: dict[str, Any] = {
    "on": "id", "target": "y", "slices": ["region"], "metrics": ["auc", "f1@0.5", "log_loss"], "baseline": "a",
    "candidates": "b",
}  # fmt: skip


def numbers(found: dict[str, Any]) -> bytes:
    return canonical_json(found["comparisons"])


@pytest.fixture(scope="module")
def columns() -> dict[str, list[Any]]:
    return data(200)


@pytest.mark.parametrize("kind", ["dict", "arrays", "pandas", "polars", "arrow", "path", "text"])
def test_any_table_gives_the_numbers_of_the_command(tmp_path: Path, columns: dict[str, list[Any]], kind: str) -> None:
    path = write(tmp_path / "both.csv", columns)
    table = {
        "dict": lambda: columns,
        "arrays": lambda: {k: np.array(v) for k, v in columns.items()},
        "pandas": lambda: pandas.DataFrame(columns),
        "polars": lambda: polars.DataFrame(columns),
        "arrow": lambda: pyarrow.table(columns),
        "path": lambda: path,
        "text": lambda: str(path),
    }[kind]()
    found = assay.compare(table, **WHAT)
    said = compared(
        path, "--on", "id", "--target", "y", "--slice", "region", "--metric", "auc", "--metric", "f1@0.5", "--metric",
        "log_loss", "--baseline", "a", "--candidate", "b",
    )  # fmt: skip
    assert numbers(found.to_json()) == numbers(said)


def test_what_a_comparison_says_as_json_is_what_the_command_prints(
    tmp_path: Path, columns: dict[str, list[Any]]
) -> None:
    path = write(tmp_path / "both.csv", columns)
    found = assay.compare(path, **WHAT | {"metrics": "auc"}).to_json()
    options = ("--on", "id", "--target", "y", "--slice", "region", "--baseline", "a", "--candidate", "b")
    assert json.loads(json.dumps(found, allow_nan=False)) == compared(path, *options, "--metric", "auc") == found


def test_what_an_agreement_says_as_json_is_what_the_command_prints(tmp_path: Path) -> None:
    path = write(tmp_path / "ratings.csv", {"item": list(range(30)), "ann": [0, 1, 2] * 10, "ben": [0, 1, 1] * 10})
    found = assay.agreement(path, item="item", rating=["ann", "ben"]).to_json()
    run = command("agreement", path, "--item", "item", "--rating", "ann", "--rating", "ben", "--json", "-")
    assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(run.out) == found


def test_a_comparison_is_a_sequence_that_shows_itself(columns: dict[str, list[Any]]) -> None:
    found = assay.compare(columns, **WHAT)
    assert len(found) == len(list(found)) == 9
    assert found[0].metric.label == "auc"
    assert "AUC" in str(found)
    assert repr(found) == str(found)
    html = found._repr_html_()
    assert "<table" in html
    assert "<html" not in html


def test_two_tables_are_joined_by_key_and_never_by_order(columns: dict[str, list[Any]]) -> None:
    base = pandas.DataFrame({"id": columns["id"], "y": columns["y"], "p": columns["a"]})
    cand = polars.DataFrame({"id": columns["id"], "y": columns["y"], "p": columns["b"]}).reverse()
    found = assay.compare(base, cand, on="id", target="y", metrics="brier")
    wide = assay.compare(columns, **(WHAT | {"metrics": "brier", "slices": ()}))
    assert found[0].difference.value == wide[0].difference.value
    assert found[0].difference.interval == wide[0].difference.interval


def test_an_unknown_option_is_said(columns: dict[str, list[Any]]) -> None:
    with pytest.raises(assay.AssayError, match="no option 'trheshold'"):
        assay.compare(columns, **WHAT, trheshold=0.5)


def test_a_lab_does_what_the_commands_do(tmp_path: Path) -> None:
    put(tmp_path)
    plan = write_plan(tmp_path)
    lab = assay.Lab.create(tmp_path)
    digest = lab.freeze(plan)
    assert digest.startswith("sha256:")
    assert lab.freeze(str(plan)) == digest
    done = lab.judge(plan)
    assert done.action == "adopt"
    assert [v.status for v in done.recommendations[0].verdicts] == ["supported", "supported"]
    assert done.folder.is_dir()
    assert str(done).startswith("ADOPT")
    assert "Adopt" in done._repr_html_()
    assert lab.recheck(done.folder)
    assert lab.verify()
    assert repr(lab) == f"Lab({str(tmp_path)!r})"
    (tmp_path / "cli").mkdir()
    found = told(scene(tmp_path / "cli"))
    mine = json.loads(canonical_json([c.to_json() for c in done.results.comparisons]))
    assert found["comparisons"] == mine
    again = lab.judge(plan)
    assert again.folder == done.folder
    assert again.judgement == done.judgement


def test_a_lab_refuses_as_the_commands_do(tmp_path: Path) -> None:
    put(tmp_path)
    plan = write_plan(tmp_path)
    with pytest.raises(assay.AssayError, match="there is no lab here"):
        assay.Lab(tmp_path).judge(plan)
    lab = assay.Lab.create(tmp_path)
    with pytest.raises(assay.AssayError, match="there is a lab already"):
        assay.Lab.create(tmp_path)
    with pytest.raises(assay.AssayError, match="is not frozen"):
        lab.judge(plan)
    with pytest.raises(assay.AssayError, match="is no evidence"):
        lab.recheck(tmp_path)


def test_numbers_are_withheld_in_a_notebook_too(tmp_path: Path) -> None:
    path = scene(tmp_path, reuse={"candidates": 2, "release": "verdict"})
    shown = assay.Lab(tmp_path).judge(path)
    assert shown.action == "adopt"
    assert "numbers are withheld" in shown._repr_html_()
    assert shown.recommendations[0].verdicts[0].comparison is None


@pytest.fixture(scope="module")
def both_faces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A judged plan with a stop rule and declared deviations, and where its evidence lies."""
    folder = tmp_path_factory.mktemp("faces")
    claims = [CLAIM | {"sd": 0.5}]
    path = scene(folder, stop_rules=["too dear"], claims=claims, guardrails=[], looks={"planned": 1, "units": 300})
    return path, told(path)["folder"]


FACES: dict[str, tuple[Any, Any]] = {
    "template": (lambda p, e: said("plan", "new"), lambda lab, p, e: lab.template().rstrip("\n") + "\n"),
    "check": (
        lambda p, e: [line for line in command("plan", "check", p).err.splitlines() if "warning: " in line],
        lambda lab, p, e: [f"assay: warning: {w}" for w in lab.check(p)[1]],
    ),
    "power": (
        lambda p, e: json.loads(said("plan", "power", p, "--json", "-")),
        lambda lab, p, e: json.loads(canonical_json(lab.power(p).to_json())),
    ),
    "freeze": (
        lambda p, e: said("plan", "freeze", p, "--lab", p.parent).split()[-1],
        lambda lab, p, e: lab.freeze(p),
    ),
    "judge": (
        lambda p, e: json.loads(command("judge", p, "--lab", p.parent, "--stop-rule", "too dear", "--json").out)[
            "folder"
        ],
        lambda lab, p, e: str(lab.judge(p, stop_rules="too dear").folder),
    ),
    "recheck": (
        lambda p, e: "follows from the evidence" in said("recheck", e, "--lab", p.parent),
        lambda lab, p, e: bool(lab.recheck(e)),
    ),
    "memo": (lambda p, e: said("memo", e, "--format", "md"), lambda lab, p, e: lab.memo(e, "md")),
    "ledger": (
        lambda p, e: len(said("ledger", "--lab", p.parent, "--limit", 3).splitlines()),
        lambda lab, p, e: len(lab.entries(3)),
    ),
    "verify": (
        lambda p, e: said("ledger", "verify", "--lab", p.parent).startswith("ledger ok"),
        lambda lab, p, e: lab.verify(),
    ),
}


def said(*arguments: object) -> str:
    run = command(*arguments)
    assert run.code == 0, run.err
    return run.out


@pytest.mark.parametrize("verb", FACES)
def test_commands_and_lab_give_the_same(both_faces: tuple[Path, str], verb: str) -> None:
    path, evidence = both_faces
    by_command, by_lab = FACES[verb]
    expected = by_command(path, evidence)
    assert expected
    assert by_lab(assay.Lab(path.parent), path, evidence) == expected


def test_a_checkpoint_and_an_unknown_form(both_faces: tuple[Path, str], tmp_path: Path) -> None:
    lab = assay.Lab(both_faces[0].parent)
    assert lab.checkpoint(tmp_path / "kept.json").entries == len(lab.entries())
    assert lab.verify(tmp_path / "kept.json")
    with pytest.raises(assay.AssayError, match="one of html, md, json"):
        lab.memo(both_faces[1], "pdf")


def test_every_command_has_its_method() -> None:
    """A verb that one face has and the other has not is found here."""
    methods = {"init": "create", "plan new": "template", "ledger": "entries", "ledger verify": "verify"}
    methods |= {"runs list": "runs", "runs show": "run", "runs compare": "compare_runs", "runs diff": "diff_runs"}
    methods |= {"runs names": "run_names", "runs known-good": "known_good"}
    methods |= {"data add": "data", "data list": "data_versions"}
    methods |= {"runs send": "send_runs", "import mlflow": "import_mlflow", "export run": "export_run"}
    methods |= {"view save": "save_view", "view list": "views", "view remove": "remove_view"}
    methods |= {"plan list": "plans", "plan show": "plan", "export site": "export_site"}
    methods |= {"user add": "add_user", "user list": "users", "user remove": "remove_user"}
    methods |= {"user change": "change_user"}
    methods |= {"token create": "create_token", "token list": "tokens", "token revoke": "revoke_token"}
    # To serve is a face of all verbs, none of its own.
    for name in [c for c in COMMANDS if c != "serve"]:
        group = importlib.import_module(f"assay.cli.{name}").command
        for sub in getattr(group, "commands", {}) or [""]:
            full = f"{name} {sub}".strip()
            method = methods.get(full, sub or name)
            assert hasattr(assay, method) or hasattr(assay.Lab, method), full


@pytest.mark.parametrize(
    ("wrong", "meant"), [("slice", "slices"), ("metric", "metrics"), ("scores", "score"), ("candidate", "candidates")]
)
def test_an_unknown_option_is_answered_with_the_public_one(
    columns: dict[str, list[Any]], wrong: str, meant: str
) -> None:
    given = {k: v for k, v in WHAT.items() if k != meant}
    with pytest.raises(assay.AssayError) as refused:
        assay.compare(columns, **given, **{wrong: "p"})
    assert refused.value.fix == f"did you mean {meant!r}?"
    assert "files" not in refused.value.rule
    assert "scores" not in refused.value.rule


def test_a_comparison_without_metrics_is_refused_in_words(columns: dict[str, list[Any]]) -> None:
    with pytest.raises(assay.AssayError, match="no metric is named"):
        assay.compare(columns, **{k: v for k, v in WHAT.items() if k != "metrics"})
