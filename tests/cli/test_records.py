"""`init`, `plan`, `judge`, `recheck`, `memo` and `ledger` as commands: outputs, files and refusals."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.helpers.runs import Run, assay, inside
from tests.verbs.scenes import CLAIM, GUARD, data, judged, plan, scene, told, tree, write_plan

FEW = data(60, gain=0.0)


@pytest.fixture(scope="module")
def judged_lab(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with a judged plan, and its evidence."""
    folder = tmp_path_factory.mktemp("judged")
    return folder, Path(told(scene(folder))["folder"])


def no_bug(run: Run) -> Run:
    assert run.code == 2, run
    assert run.out == ""
    assert run.err.splitlines()
    assert all(line.startswith("assay: ") for line in run.err.splitlines()), run.err
    assert "a bug in Assay" not in run.err
    return run


def test_init_makes_a_lab_once(tmp_path: Path) -> None:
    run = assay("init", tmp_path)
    assert (run.code, run.err) == (0, "")
    assert "assay plan new" in run.out
    before = tree(tmp_path)
    assert "there is a lab already" in no_bug(assay("init", tmp_path)).err
    assert tree(tmp_path) == before
    (tmp_path / "file").write_text("x")
    no_bug(assay("init", tmp_path / "file"))
    no_bug(assay("init", tmp_path / "a" / "b" / "c"))
    new = tmp_path / "here"
    new.mkdir()
    with inside(new):
        assert assay("init").code == 0
    assert (new / ".assay/lab.db").is_file()


def test_judge_says_where_evidence_and_memo_are(judged_lab: tuple[Path, Path]) -> None:
    folder, evidence = judged_lab
    run = judged(folder / "plan.yaml")
    assert f"evidence: {evidence}" in run.out
    assert f"memo:     {evidence / 'memo.html'}" in run.out
    found = told(folder / "plan.yaml")
    stored = json.loads((evidence / "judgement.json").read_bytes())
    assert {k: v for k, v in found.items() if k not in ("evidence", "folder")} == stored


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_memo_is_the_one_that_judge_wrote(judged_lab: tuple[Path, Path], tmp_path: Path, form: str) -> None:
    _, evidence = judged_lab
    out = tmp_path / f"memo.{form}"
    run = assay("memo", evidence, "--format", form, "--output", out)
    assert (run.code, run.out, run.err) == (0, "", "")
    text = out.read_text(encoding="utf-8")
    assert assay("memo", evidence, "--format", form).out == text
    assert "log loss" in text
    written = (evidence / f"memo.{form}").read_text(encoding="utf-8")
    assert abs(len(text) - len(written)) < 400
    if form == "html":
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "<script" not in text
    no_bug(assay("memo", tmp_path, "--format", form))
    no_bug(assay("memo", evidence, "--output", tmp_path / "no" / "where.html"))


def test_recheck_refuses_what_is_no_evidence(tmp_path: Path) -> None:
    no_bug(assay("recheck", tmp_path))
    no_bug(assay("recheck", tmp_path / "gone"))
    (tmp_path / "manifest.json").write_text("{}")
    no_bug(assay("recheck", tmp_path))


def test_ledger_shows_verifies_and_checkpoints(tmp_path: Path) -> None:
    told(scene(tmp_path, FEW))
    kinds = [line.split()[3] for line in assay("ledger", "--lab", tmp_path).out.splitlines()]
    assert kinds == ["lab.created", "plan.frozen", "evidence.kept", "look.read"]
    shown = assay("ledger", "--lab", tmp_path).out
    assert "{" not in shown
    assert re.search(r"plan\.frozen +\S.* version 1 frozen by \S+, sha256:[0-9a-f]{12}…\n", shown)
    assert re.search(r"evidence\.kept +\S.* version 1 judged: \w+; evidence/", shown)
    assert re.search(r"look\.read +\S.* version 1 read by \S+: candidate sha256:", shown)
    assert len(assay("ledger", "--lab", tmp_path, "--limit", 2).out.splitlines()) == 2
    run = assay("ledger", "verify", "--lab", tmp_path)
    assert (run.code, run.out) == (0, "ledger ok: 4 entries in 1 chain\n")
    kept = tmp_path / "checkpoint.json"
    assert assay("ledger", "checkpoint", kept, "--lab", tmp_path).code == 0
    assert assay("ledger", "verify", "--lab", tmp_path, "--checkpoint", kept).code == 0
    no_bug(assay("ledger", "checkpoint", tmp_path / ".assay/mine.json", "--lab", tmp_path))
    no_bug(assay("ledger", "verify", "--lab", tmp_path, "--checkpoint", tmp_path / "base.csv"))
    no_bug(assay("ledger", "verify", "--lab", tmp_path / "gone"))
    with closing(sqlite3.connect(tmp_path / ".assay/lab.db", isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER ledger_refuses_update")
        raw.execute("UPDATE ledger SET time = '2020-01-01T00:00:00+00:00' WHERE seq = 2")
    run = assay("ledger", "verify", "--lab", tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "chain" in run.err


def test_plan_check_says_every_problem_on_a_line_of_its_own(tmp_path: Path) -> None:
    path = write_plan(
        tmp_path,
        plan(claims=[CLAIM | {"metric": "acuracy"}], guardrails=[GUARD | {"margin": -1}], colour="red", level=2),
    )
    run = no_bug(assay("plan", "check", path))
    assert len([line for line in run.err.splitlines() if "warning" not in line]) == 4, run.err
    write_plan(tmp_path)
    run = assay("plan", "check", path)
    assert run.code == 0
    assert "is sound" in run.out


@pytest.mark.parametrize("command", [("plan", "check"), ("plan", "freeze"), ("judge",)])
def test_fuzzed_plans_are_never_a_bug(tmp_path: Path, command: tuple[str, ...]) -> None:
    assert assay("init", tmp_path).code == 0
    sound = write_plan(tmp_path).read_bytes()
    path = tmp_path / "fuzzed.yaml"
    tail = () if command == ("plan", "check") else ("--lab", tmp_path)
    for seed in range(60):
        draw = random.Random(seed)
        content = bytearray(sound)
        for _ in range(draw.choice([1, 3, 20])):
            place = draw.randrange(len(content))
            kind = draw.randrange(4)
            if kind == 0:
                content[place] = draw.randrange(256)
            elif kind == 1:
                del content[place : place + draw.randrange(1, 40)]
            elif kind == 2:
                content[place:place] = draw.choice([b"&a ", b"*a", b"!!python/object:os.system ", b"\x00", b"[" * 500])
            else:
                content[place:place] = draw.choice([b"1e999", b".nan", b"-", b": ", b"\xf0\x9f\x98\x80", b"9" * 5000])
        path.write_bytes(content)
        run = assay(*command, path, *tail)
        assert run.code in (0, 2), (seed, run)
        assert "Traceback" not in run.err
    for odd in (b"", b"\xff\xfe", b"a: &a [*a]", b"[" * 50_000, b"? " * 10_000, b"{" * 3000, b"- " * 20_000):
        path.write_bytes(odd)
        no_bug(assay(*command, path, *tail))
    no_bug(assay(*command, tmp_path, *tail))
