"""Every verb of the catalogue at a server gives what it gives here: the same record, the same error, the same code."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import AssayError
from assay.base.progress import Silent
from assay.base.wire import flat, rebuilt
from assay.lab import Lab
from assay.remote.address import Remote, place
from assay.remote.client import Client
from assay.server.routes import verbs as room
from assay.verbs import judge, ledger, lineage, plan_coverage, portfolio, runs
from assay.verbs.asking import awaited
from assay.verbs.served import CATALOGUE
from tests.helpers.runs import assay as command
from tests.server.served import Server, serve
from tests.server.test_direct import DIRECT
from tests.verbs.scenes import put, scene, told, write_plan


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab with a judged plan, three runs, a view and a version of data."""
    folder = tmp_path_factory.mktemp("kept")
    told(scene(folder, milestones=[{"date": "2026-01-15", "what": "pilot"}]))
    kept = Lab(folder)
    for i in range(3):
        with assay.run({"rate": i / 10}, seed=i, lab=folder, capture=False) as run:
            run.log(accuracy=math.nan if i == 2 else i / 2, step=4)
            run.text("said", "hello")
    kept.save_view("best", "rate>0", "-accuracy")
    kept.data(folder / "base.csv", "rows")
    return folder


@pytest.fixture(scope="module")
def served(lab: Path) -> Iterator[Server]:
    with serve(lab) as server:
        yield server


@pytest.fixture
def remote(served: Server, monkeypatch: pytest.MonkeyPatch) -> Remote:
    monkeypatch.setenv("ASSAY_TOKEN", served.key)
    found = place(served.address)
    assert isinstance(found, Remote)
    return found


def _refused(ask: Callable[[], Any]) -> Any:
    with pytest.raises(AssayError) as refused:
        ask()
    return refused.value.to_json()


FACES: dict[str, Callable[[Lab, Path], Any]] = {
    "plan.freeze": lambda x, f: x.freeze(f / "plan.yaml"),
    "marks.mark": lambda x, f: x.mark_known_good(x.runs()[1].id, why="it holds").good,
    "marks.every": lambda x, f: [k.run for k in x.known_good()],
    "milestone.done": lambda x, f: (x.done("late", "pilot"), x.done("late", "2026-01-15"))[1],
    "portfolio.plans": lambda x, f: x.plans(),
    "portfolio.plan": lambda x, f: x.plan("late"),
    "portfolio.draft": lambda x, f: x.draft("late"),
    "judge.run": lambda x, f: (x.judge(f / "plan.yaml").judgement, x.judge(f / "plan.yaml").results),
    "ablation_plan.run": lambda x, f: _refused(lambda: x.ablation(f / "plan.yaml")),
    "recheck.run": lambda x, f: x.recheck(next((f / ".assay" / "evidence").glob("late-*"))),
    "review.run": lambda x, f: x.review(next((f / ".assay" / "evidence").glob("late-*")), "object", "South?").results,
    "review.every": lambda x, f: x.reviews(x.plan("late").evidence[0].id[7:20]).results,
    "looks.run": lambda x, f: x.looks("test").results,
    "looks.file": lambda x, f: [v.dataset for v in x.looks(str(f / "base.csv")).results.versions],
    "ledger.entries": lambda x, f: ledger.entries(x.folder, 3),
    "ledger.page": lambda x, f: ledger.page(x.folder, 1, 2),
    "ledger.search": lambda x, f: (x.entries(5, "LATE"), x.entries(5, kind="plan.frozen")),
    "ledger.kinds": lambda x, f: ledger.kinds(x.folder),
    "ledger.frozen": lambda x, f: ledger.frozen(x.folder),
    "ledger.verify": lambda x, f: ledger.verify(x.folder),
    "ledger.heads": lambda x, f: ledger.heads(x.folder).heads,
    "runs.listed": lambda x, f: x.runs(["rate>=0.1"], "-rate"),
    "runs.shown": lambda x, f: [x.run(r.id).start for r in x.runs()],
    "runs.contents": lambda x, f: [(s.key, s.values, s.times) for r in x.runs() for s in x.run(r.id)],
    "runs.read": lambda x, f: [runs.read(r.id, x.folder) for r in x.runs()],
    "runs.logged": lambda x, f: runs.logged(x.runs()[0].id, 0, x.folder),
    "runs.compared": lambda x, f: x.compare_runs("accuracy", "seed"),
    "runs.names": lambda x, f: (x.run_names(), x.run_names(["rate>=0.1"])),
    "runs.diffed": lambda x, f: x.diff_runs(x.runs()[0].id, x.runs()[1].id),
    "runs.series": lambda x, f: runs.series(x.runs()[1].id, "accuracy", lab=x.folder),
    "runs.artifacts": lambda x, f: runs.artifacts(x.runs()[1].id, x.folder),
    "runs.chosen": lambda x, f: runs.chosen([x.runs()[1].id], x.folder),
    "data.listed": lambda x, f: x.data_versions(),
    "data.enter": lambda x, f: x.data(f / "base.csv", "rows"),
    "view.every": lambda x, f: x.views(),
    "view.one": lambda x, f: x.views(),
    "view.save": lambda x, f: x.save_view("next").name,
    "view.remove": lambda x, f: (x.save_view("gone"), x.remove_view("gone"))[1],
    "user.add": lambda x, f: (x.add_user("ada", "long password"), x.users(), x.remove_user("ada")),
    "user.every": lambda x, f: x.users(),
    "user.change": lambda x, f: (
        x.add_user("mia", "long password"),
        x.change_user("mia", role="reviewer"),
        x.users(),
        x.remove_user("mia"),
    ),
    "user.remove": lambda x, f: (x.add_user("eve", "long password"), x.remove_user("eve"), x.users()),
    "token.create": lambda x, f: (len(x.create_token("ci", "read")), x.revoke_token("ci")),
    "token.every": lambda x, f: x.tokens(),
    "token.revoke": lambda x, f: (x.create_token("ci", "read") and x.revoke_token("ci"), x.tokens()),
    "reindex.run": lambda x, f: x.reindex(),
    "lineage.run": lambda x, f: x.lineage("rows").results,
    "lineage.every": lambda x, f: lineage.every(x.folder),
    "lineage.origins": lambda x, f: lineage.origins({"m": {"0": x.runs()[0].id, "1": "none"}}, x.folder),
    "plan_coverage.of_frozen": lambda x, f: plan_coverage.of_frozen("late", x.folder),
    "plan_coverage.run": lambda x, f: x.coverage(f / "plan.yaml"),
}


def test_each_verb_of_the_catalogue_is_tried() -> None:
    assert set(CATALOGUE) == set(FACES) - {"looks.file"} | set(DIRECT)
    assert {v.partition(".")[0] for v in CATALOGUE} == {r.__name__.rpartition(".")[2] for r in room.ROOMS}


@pytest.mark.parametrize("verb", FACES)
def test_a_verb_at_a_server_gives_what_it_gives_here(lab: Path, remote: Remote, verb: str) -> None:
    here = flat(FACES[verb](Lab(lab), lab))
    there = flat(FACES[verb](Lab(remote), lab))
    assert json.dumps(there) == json.dumps(here).replace(f"{lab}/.assay", ".assay")


COMMANDS = {
    "judge": ["judge", "{f}/plan.yaml", "--json"],
    "freeze": ["plan", "freeze", "{f}/plan.yaml"],
    "plans": ["plan", "list"],
    "plan": ["plan", "show", "late"],
    "draft": ["plan", "draft", "late"],
    "looks": ["looks", "test", "--json", "-"],
    "ledger": ["ledger", "--limit", "5"],
    "verify": ["ledger", "verify"],
    "search": ["ledger", "--search", "late", "--kind", "plan.frozen"],
    "runs": ["runs", "list", "--json", "-"],
    "view": ["runs", "list", "--view", "best"],
    "compare": ["runs", "compare", "--metric", "accuracy", "--by", "rate"],
    "data": ["data", "list"],
    "views": ["view", "list"],
    "tokens": ["token", "list"],
    # What is refused: the same line, the same code.
    "no plan": ["plan", "show", "lete"],
    "not frozen": ["judge", "{f}/other/plan.yaml"],
    "edited": ["judge", "{f}/edited/plan.yaml"],
    "frozen": ["plan", "freeze", "{f}/edited/plan.yaml"],
    "no reason": ["plan", "freeze", "{f}/other/plan.yaml", "--deviation", "why"],
    "no file": ["judge", "{f}/nowhere.yaml"],
    "no yaml": ["judge", "{f}/base.csv"],
    "two faults": ["plan", "freeze", "{f}/broken/plan.yaml"],
    "stop rule": ["judge", "{f}/plan.yaml", "--stop-rule", "too dear"],
    "coverage": ["plan", "coverage", "{f}/plan.yaml", "--json", "-"],
    "lineage": ["lineage", "rows", "--json", "-"],
    "no lineage": ["lineage", "none"],
    "no run": ["runs", "show", "none"],
    "no condition": ["runs", "list", "--where", "rate"],
    "no order": ["runs", "list", "--sort", "field:colour"],
    "no metric": ["runs", "compare", "--metric", "none"],
    "no level": ["runs", "compare", "--metric", "accuracy", "--level", "2"],
    "no evidence": ["recheck", "{f}/other"],
    "no look": ["looks", "tset"],
    "both opinions": ["review", "000000", "--approve", "--object", "--why", "ok"],
    "no opinion": ["review", "000000", "--why", "ok"],
    "no folder of evidence": ["review", "{f}/other", "--approve", "--why", "ok"],
    "no view": ["runs", "list", "--view", "none"],
    "bad view": ["view", "save", "x", "--where", "rate"],
    "no user": ["user", "remove", "nobody"],
    "short password": ["user", "add", "ada", "--password-file", "{f}/short"],
    "no token": ["token", "revoke", "none"],
    "bad scope": ["token", "create", "x", "--scope", "all"],
    "bad data": ["data", "add", "{f}/base.csv", "--name", "-x"],
}


@pytest.fixture(scope="module")
def files(lab: Path) -> Path:
    for name, changed in (
        ("other", {"name": "other"}),
        ("edited", {"hypothesis": "None."}),
        ("broken", {"claims": [], "colour": 1}),
    ):
        (lab / name).mkdir()
        put(lab / name)
        scene_plan = write_plan(lab / name, {**json.loads((lab / "plan.yaml").read_text()), **changed})
        assert scene_plan.is_file()
    (lab / "short").write_text("short\n")
    return lab


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_at_a_server_says_what_it_says_here(files: Path, remote: Remote, name: str) -> None:
    words = [w.replace("{f}", str(files)) for w in COMMANDS[name]]
    here = command(*words, "--lab", files)
    folder = next((f"{Path(w).parent}/" for w in words if w.startswith("/")), "//")
    there = command(*words, "--lab", remote.url)
    assert there.code == here.code, there.err
    assert there.out == here.out.replace(f"{files}/.assay", ".assay")
    assert there.err.replace(folder, "") == here.err.replace(folder, "")


REFUSED: dict[str, tuple[Callable[[Lab, Path], Any], list[str], str, dict[str, Any]]] = {
    "no plan": (lambda x, f: x.plan("x"), ["plan", "show", "x"], "portfolio.plan", {"name": "x"}),
    "no milestone": (
        lambda x, f: x.done("late", "pilto"),
        ["plan", "done", "late", "pilto"],
        "milestone.done",
        {"name": "late", "milestone": "pilto"},
    ),
    "no run": (lambda x, f: x.run("x"), ["runs", "show", "x"], "runs.shown", {"run": "x"}),
    "no order": (
        lambda x, f: x.runs(sort="-"), ["runs", "list", "--sort", "-"], "runs.listed", {"request": {"sort": "-"}}
    ),
    "no condition": (
        lambda x, f: x.runs("x"), ["runs", "list", "--where", "x"], "runs.listed", {"request": {"where": ["x"]}}
    ),
    "no metric": (
        lambda x, f: x.compare_runs("x"),
        ["runs", "compare", "--metric", "x"],
        "runs.compared",
        {"request": {"metrics": ["x"]}},
    ),
    "no look": (lambda x, f: x.looks("x"), ["looks", "x"], "looks.run", {"dataset": "x"}),
    "no evidence": (
        lambda x, f: x.review("000000", "approve", "ok"),
        ["review", "000000", "--approve", "--why", "ok"],
        "review.run",
        {"evidence": "000000", "opinion": "approve", "why": "ok"},
    ),
    "no evidence to show": (lambda x, f: x.reviews("x"), ["review", "x"], "review.every", {"evidence": "x"}),
    "no reason": (
        lambda x, f: x.review("000000", "object", " \n"),
        ["review", "000000", "--object", "--why", " \n"],
        "review.run",
        {"evidence": "000000", "opinion": "object", "why": " \n"},
    ),
    "long reason": (
        lambda x, f: x.review("000000", "object", "é" * 2001),
        ["review", "000000", "--object", "--why", "é" * 2001],
        "review.run",
        {"evidence": "000000", "opinion": "object", "why": "é" * 2001},
    ),
    "no plain text": (
        lambda x, f: x.review("000000", "approve", "a\x1b[31m"),
        ["review", "000000", "--approve", "--why", "a\x1b[31m"],
        "review.run",
        {"evidence": "000000", "opinion": "approve", "why": "a\x1b[31m"},
    ),
    "no view": (lambda x, f: x.remove_view("x"), ["view", "remove", "x"], "view.remove", {"name": "x"}),
    "no such user": (
        lambda x, f: x.change_user("x", role="admin"),
        ["user", "change", "x", "--role", "admin"],
        "user.change",
        {"name": "x", "role": "admin"},
    ),
    "no user": (lambda x, f: x.remove_user("x"), ["user", "remove", "x"], "user.remove", {"name": "x"}),
    "no token": (lambda x, f: x.revoke_token("x"), ["token", "revoke", "x"], "token.revoke", {"name": "x"}),
    "bad scope": (
        lambda x, f: x.create_token("x", "all"),
        ["token", "create", "x", "--scope", "all"],
        "token.create",
        {"name": "x", "scopes": ["all"], "days": 9},
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", REFUSED)
def test_a_rule_is_the_same_by_command_from_python_and_over_http(files: Path, remote: Remote, rule: str) -> None:
    by_python, words, verb, arguments = REFUSED[rule]
    with pytest.raises(AssayError) as here:
        by_python(Lab(files), files)
    with pytest.raises(AssayError) as there:
        by_python(Lab(remote), files)
    assert (type(there.value), there.value.to_json()) == (type(here.value), here.value.to_json())
    run = command(*words, "--lab", files)
    assert (run.code, run.err) == (2, f"assay: {here.value.line()}\n")
    with pytest.raises(AssayError) as asked:
        Client(remote).ask("POST", f"/verbs/{verb}", {"arguments": arguments})
    assert asked.value.to_json() == here.value.to_json()


def test_what_needs_the_folder_says_so(remote: Remote, tmp_path: Path) -> None:
    for words in (["export", "site", tmp_path / "site"], ["reproduce", "x"]):
        run = command(*words, "--lab", remote.url)
        assert (run.code, "where the lab's folder is" in run.err) == (2, True), run.err
    run = command("ledger", "checkpoint", tmp_path / "kept.json", "--lab", remote.url)
    assert run.code == 0, run.err
    assert command("ledger", "verify", "--checkpoint", tmp_path / "kept.json", "--lab", remote.url).code == 0


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("looks.run", {"dataset": "/etc/passwd"}),
        ("judge.run", {"path": "/etc/passwd"}),
        ("judge.run", {"path": "../plan.yaml"}),
        ("judge.run", {}),
        ("judge.run", {"path": 3}),
        ("recheck.run", {"folder": "."}),
        ("ledger.verify", {"checkpoint": "/etc/passwd"}),
        ("ledger.page", {"after": "x", "limit": 1}),
        ("ledger.page", {"after": 10**30, "limit": 1}),
        ("ledger.search", {"before": -(10**30)}),
        ("ledger.search", {"limit": 0}),
        ("ledger.page", {"after": 0, "limit": 1, "lab": "/"}),
        ("runs.listed", {"request": {"lab": "/tmp"}}),
        ("runs.listed", {"request": 3}),
        ("runs.listed", {"request": {"colour": 3}}),
        ("view.save", {"view": {"name": "x", "owner": "y", "where": "x"}}),
        ("view.save", {"by": {"name": "admin", "may": ["admin"]}}),
    ],
)
def test_what_no_verb_takes_is_refused(remote: Remote, verb: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(AssayError) as refused:
        _asked(Client(remote), verb, arguments)
    assert "bug" not in refused.value.what
    assert "root:" not in refused.value.what


def _asked(client: Client, verb: str, arguments: dict[str, Any]) -> None:
    answer = client.ask("POST", f"/verbs/{verb}", {"arguments": arguments}).json()
    if "job" in answer:
        awaited(client, answer["job"], Silent())


def test_records_come_back_as_they_are(lab: Path) -> None:
    done = judge.run(lab / "plan.yaml", lab)
    again = rebuilt(judge.Judged, json.loads(json.dumps(flat(done))))
    assert (type(again), flat(again)) == (judge.Judged, flat(done))
    assert again.conclusion.to_json() == done.conclusion.to_json()
    states = portfolio.plans(lab)
    assert rebuilt(tuple[type(states[0]), ...], json.loads(json.dumps(flat(states)))) == states
    odd = {1: (math.inf, "nan"), 2: (1.0, "x")}
    assert rebuilt(dict[int, tuple[float, str]], json.loads(json.dumps(flat(odd)))) == odd
    for kind, wrong in ((int, True), (float, "x"), (tuple[int, int], [1]), (judge.Judged, {"x": 1}), (Path, 3)):
        with pytest.raises(ValueError, match=r"\w"):
            rebuilt(kind, wrong)
