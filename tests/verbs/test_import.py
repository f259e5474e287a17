"""Runs of MLflow become runs of a lab, from what a real MLflow kept; and whatever is odd is refused and named."""

from __future__ import annotations

import fcntl
import json
import math
import os
import sqlite3
from pathlib import Path

import pytest

import assay
from assay.base.errors import AssayError, InputError, StoreError
from assay.cli.main import outcome
from assay.moves import ImportDone
from assay.store.moving import LOCK, moving
from assay.verbs import ledger
from assay.verbs.served import CATALOGUE
from tests.faults.import_loop import rounds
from tests.helpers.runs import assay as command
from tests.readers.mlflow_sources import answers, database, serving, store

# What tools/mlflow_data.py logs: a sweep, four trials of two series with 50 and 5 values, and a deleted run.
TRIALS, VALUES = 4, 4 * (50 + 5)


def lab(folder: Path) -> assay.Lab:
    return assay.Lab.create(folder / "lab")


def row(made: ImportDone, thing: str) -> tuple[int, int, int, int]:
    line = next(line for line in made.results.lines if line.thing == thing)
    return line.there, line.imported, line.known, line.left


@pytest.mark.parametrize("kind", ["database", "store", "server"])
def test_everything_comes_over_and_a_second_time_adds_nothing(tmp_path: Path, kind: str) -> None:
    held = lab(tmp_path)
    with serving(answers()) as address:
        source = {"database": database, "store": store}[kind](tmp_path) if kind != "server" else address
        made = held.import_mlflow(source)
        again = held.import_mlflow(source)
    assert made.whole
    assert again.whole
    assert row(made, "runs") == (6, 5, 0, 1)
    assert row(made, "params") == (5 * TRIALS, 5 * TRIALS, 0, 0)
    assert row(made, "metrics") == (2 * TRIALS + 1, 2 * TRIALS, 0, 1)
    assert row(made, "values") == (VALUES + 1, VALUES, 0, 1)
    assert row(made, "artifacts") == (2 * TRIALS, 2 * TRIALS, 0, 0)
    assert row(made, "datasets") == (1, 1, 0, 0)
    assert row(made, "experiments")[:2] == (3, 3)
    assert row(made, "models")[:2] == (1, 1)
    assert row(made, "model versions")[:2] == (1, 1)
    assert again.runs == ()
    assert row(again, "values") == (VALUES + 1, 0, VALUES, 1)
    assert len(ledger.page(held.folder, 0, 100, "runs.imported")) == 1
    assert any("gone" in why or "deleted" in why for why in made.results.refused)


def test_the_same_run_is_the_same_by_whichever_way(tmp_path: Path) -> None:
    held, path = lab(tmp_path), database(tmp_path)
    assert len(held.import_mlflow(f"sqlite:///{path}").runs) == 5
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    assert held.import_mlflow(copy).runs == ()


@pytest.mark.parametrize("kind", [database, store])
def test_what_a_run_holds(tmp_path: Path, kind: object) -> None:
    held = lab(tmp_path)
    held.import_mlflow(kind(tmp_path))  # type: ignore[operator]
    rows = {r.name: r for r in held.runs(sort="started")}
    assert [rows[f"trial {i}"].state for i in range(4)] == ["finished", "failed", "interrupted", "dead"]
    kept = held.run(rows["trial 1"].id)
    assert kept.start.seed == 1
    assert kept.config == {"lr": 0.001, "seed": 1, "depth": 6, "notes": "x" * 3000, "a.b/c d": "1.10"}
    loss, odd = kept.series("val/loss: mean"), kept.series("odd")
    assert list(loss)[:2] == [(0, 1.0), (1, 0.5)]
    assert loss.times[:2].tolist() == [1_700_000_002.0, 1_700_000_002.001]
    # Twice at one time and step: both stay.
    assert odd.steps.tolist() == [0, 0, 1, 2, 3]
    assert odd.values[:2].tolist() == [1.0, 2.0]
    assert math.isnan(odd.values[2])
    assert odd.values[3:].tolist() == [math.inf, -math.inf]
    shown = held.runs(where=["lr<0.01", "name=trial 1"])
    assert shown[0].id == rows["trial 1"].id
    assert shown[0].parent == rows["sweep"].id
    assert shown[0].started == pytest.approx(1_700_000_001.001)


def test_the_bin_is_taken_on_request(tmp_path: Path) -> None:
    held = lab(tmp_path)
    path = database(tmp_path)
    assert "gone" not in [r.name for r in held.runs()]
    made = held.import_mlflow(path, deleted=True)
    assert row(made, "runs") == (6, 6, 0, 0)
    assert "gone" in [r.name for r in held.runs()]


def test_a_run_that_has_grown_gets_what_is_new(tmp_path: Path) -> None:
    held, path = lab(tmp_path), database(tmp_path)
    held.import_mlflow(path)
    with sqlite3.connect(path) as db:
        (run,) = db.execute("SELECT run_uuid FROM runs WHERE name = 'trial 3'").fetchone()
        db.execute("INSERT INTO metrics VALUES ('odd', 7.0, 1700000009000, ?, 9, 0)", (run,))
        db.execute("INSERT INTO params VALUES ('late', '5', ?)", (run,))
        db.execute("UPDATE runs SET status = 'FINISHED', end_time = 1700000010000 WHERE run_uuid = ?", (run,))
    db.close()
    made = held.import_mlflow(path)
    assert made.whole
    assert len(made.runs) == 1
    assert row(made, "values") == (VALUES + 2, 1, VALUES, 1)
    kept = held.run(made.runs[0])
    assert kept.state == "finished"
    assert len(kept.series("odd")) == 6
    assert kept.config["late"] == 5
    assert held.runs(where=["late=5"])[0].metrics["odd"].count == 6
    assert held.import_mlflow(path).runs == ()


def test_odd_artifacts_are_refused_and_named(tmp_path: Path) -> None:
    held, path = lab(tmp_path), database(tmp_path)
    (tmp_path / "secret").write_text("no")
    with sqlite3.connect(path) as db:
        uris = dict(db.execute("SELECT name, artifact_uri FROM runs"))
        root = Path(uris["trial 0"].removeprefix("file://"))
        (root / "link").symlink_to(tmp_path / "secret")
        (root / "folder").symlink_to(tmp_path)
        os.mkfifo(root / "pipe")
        for name, uri in (("trial 1", "file:///etc"), ("trial 2", f"{root}/../../.."), ("trial 3", "s3://bucket/x")):
            db.execute("UPDATE runs SET artifact_uri = ? WHERE name = ?", (uri, name))
    db.close()
    made = held.import_mlflow(path)
    assert made.whole
    said = "\n".join(made.results.refused)
    for words in ("'link': is a link", "'folder': is a link", "'pipe': is no regular file", "outside", "`..`", "s3://"):
        assert words in said
    assert row(made, "artifacts") == (8, 2, 0, 6)


def test_a_server_that_lists_odd_paths(tmp_path: Path) -> None:
    held, given = lab(tmp_path), answers()
    key = next(k for k in given if "artifacts/list" in k and "path=" not in k and "files" in given[k])
    odd = [{"path": p, "is_dir": False, "file_size": 3} for p in ("../up", "/etc/passwd", "a\\..\\b", "C:\\x", "")]
    given[key] = json.dumps({"files": odd})
    with serving(given) as address:
        made = held.import_mlflow(address)
    assert made.whole
    assert row(made, "artifacts")[3] == 5
    assert sum("`..`" in why for why in made.results.refused) == 2
    assert sum("absolute" in why for why in made.results.refused) == 2


def test_only_the_named_host_is_asked(tmp_path: Path) -> None:
    held = lab(tmp_path)
    refused = pytest.raises(InputError, match="another host")
    with serving(answers()) as elsewhere, serving({}, redirect=elsewhere) as address, refused:
        held.import_mlflow(address)
    assert held.runs() == ()


def test_a_server_that_speaks_no_mlflow(tmp_path: Path) -> None:
    held = lab(tmp_path)
    for said in ("<html>", "[1]", '{"experiments": 3}'):
        key = next(k for k in answers() if "experiments/search" in k)
        with serving({key: said}) as address, pytest.raises(InputError, match="experiments/search"):
            held.import_mlflow(address)
    with serving({}) as gone:
        pass
    with pytest.raises(InputError, match="refused"):
        held.import_mlflow(gone.replace("http://", "http://me:secret@"))


def test_pages_that_do_not_end(tmp_path: Path) -> None:
    given = answers()
    key = next(k for k in given if "experiments/search" in k)
    page = json.dumps({"experiments": [], "next_page_token": "again"})
    given[key] = page
    body = json.loads(key.partition("search ")[2])
    given[f"{key.partition(' {')[0]} {json.dumps({**body, 'page_token': 'again'})}"] = page
    with serving(given) as address, pytest.raises(InputError, match="do not end"):
        lab(tmp_path).import_mlflow(address)


def test_what_is_damaged_in_a_store_is_named_and_the_rest_comes(tmp_path: Path) -> None:
    held, folder = lab(tmp_path), store(tmp_path)
    metric = next(folder.rglob("metrics/odd"))
    metric.write_bytes(metric.read_bytes() + b"no number here\n")
    run = metric.parents[1]
    (run / "params" / "link").symlink_to("/etc/hostname")
    os.mkfifo(run / "tags" / "pipe")
    other = next(p for p in folder.rglob("metrics/odd") if p != metric).parents[1]
    (other / "meta.yaml").write_text("")
    (other / "params" / "huge").write_text("y" * 1_000_000)
    (other / "params" / "näme \U0001f600").write_text("7")
    made = held.import_mlflow(folder)
    assert made.whole
    said = "\n".join(made.results.refused)
    for words in ("is no value", "params/link: is or passes a link", "tags/pipe: is no regular file", "meta.yaml"):
        assert words in said
    kept = next(held.run(r.id) for r in held.runs(limit=100) if "huge" in r.params)
    assert len(kept.config["huge"]) == 1_000_000
    assert kept.config["näme \U0001f600"] == 7


def test_a_mismatch_is_shown_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held, path = lab(tmp_path), database(tmp_path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("INSERT INTO params VALUES ('orphan', '1', 'no such run')")
    db.close()
    assert outcome(["import", "mlflow", str(path), "--lab", str(held.folder)]) == 3
    said = capsys.readouterr().out
    assert "the counts do not agree" in said
    assert "missing" in said


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda f: f / "none.db", "No such file"),
        (lambda f: f / "text.db", "no source of MLflow"),
        (lambda f: f / "other.db", "with the tables"),
        (lambda f: f / "empty", "holds no experiment"),
        (lambda f: "postgresql://me:pw@host/db", "no source of MLflow"),
        (lambda f: "http://[bad", "no source of MLflow"),
        (lambda f: "https://", "no source of MLflow"),
        (lambda f: "sqlite:///", "no source of MLflow"),
    ],
)
def test_what_is_no_source(tmp_path: Path, make: object, words: str) -> None:
    held = lab(tmp_path)
    before = sorted(tmp_path.rglob("lab/**/*"))
    (tmp_path / "text.db").write_text("hello")
    (tmp_path / "empty").mkdir()
    with sqlite3.connect(tmp_path / "other.db") as db:
        db.execute("CREATE TABLE a (b)")
    db.close()
    with pytest.raises(AssayError, match=words) as caught:
        held.import_mlflow(make(tmp_path))  # type: ignore[operator]
    assert "pw" not in str(caught.value)
    assert sorted(tmp_path.rglob("lab/**/*")) == before
    assert held.runs() == ()


def test_one_at_a_time(tmp_path: Path) -> None:
    held = lab(tmp_path)
    with moving(held.folder / ".assay"), pytest.raises(StoreError, match="under way"):
        held.import_mlflow(database(tmp_path))
    assert not (held.folder / ".assay" / LOCK).exists()


def test_a_lock_that_its_holder_removed_meanwhile_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real, many = lab(tmp_path).folder / ".assay", fcntl.flock, [0]

    def late(handle: int, how: int) -> None:
        real(handle, how)
        many[0] += 1
        if many[0] == 1:
            (folder / LOCK).unlink()

    monkeypatch.setattr(fcntl, "flock", late)
    with moving(folder), pytest.raises(StoreError, match="under way"), moving(folder):
        pass
    assert many == [2]


def test_a_served_lab_fetches_nothing_that_others_name(tmp_path: Path) -> None:
    run = command("import", "mlflow", database(tmp_path), "--lab", "http://127.0.0.1:9")
    assert (run.code, "assay runs send" in run.err) == (2, True), run.err
    assert not any(name.startswith("import") for name in CATALOGUE)
    for words in (["http://127.0.0.1:9", "--lab", tmp_path], [tmp_path, "--lab", "http://127.0.0.1:9"]):
        run = command("sync", *words)
        assert (run.code, "copy its folder" in run.err) == (2, True), run.err


def test_killed_at_any_moment() -> None:
    assert rounds(4, seed=3) == []


def test_secrets_do_not_come_over(tmp_path: Path) -> None:
    held, folder = lab(tmp_path), store(tmp_path)
    run = next(folder.rglob("params/lr")).parents[1]
    (run / "params" / "db_password").write_text("hunter2hunter2")
    (run / "tags" / "api_key").write_text("k3yk3yk3yk3y")
    held.import_mlflow(folder)
    kept = next(held.run(r.id) for r in held.runs(limit=100) if "db_password" in r.params)
    assert kept.config["db_password"] == "[redacted: named like a secret]"
    for path in (held.folder / ".assay").rglob("*"):
        if path.is_file():
            assert b"hunter2hunter2" not in path.read_bytes()
            assert b"k3yk3yk3yk3y" not in path.read_bytes()
