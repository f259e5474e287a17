"""Runs that are logged over HTTP: nothing is lost, whoever dies; what is kept is what a run of this machine keeps."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import assay
from assay.base.errors import AccessError, InputError
from assay.experiments import KeptRun
from assay.verbs.sending import PREFIX
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside
from tests.readers.mlflow_sources import database
from tests.server.served import Server, serve


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    assay.Lab.create(folder)
    return folder


@pytest.fixture(scope="module")
def served(lab: Path) -> Iterator[Server]:
    with serve(lab) as server:
        yield server


@pytest.fixture
def token(served: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("ASSAY_TOKEN", served.key)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return served.key


def left(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))


@pytest.mark.usefixtures("token")
def test_a_run_over_http_keeps_what_a_local_one_keeps(lab: Path, served: Server, tmp_path: Path) -> None:
    def work(where: object) -> KeptRun:
        with inside(tmp_path), assay.run({"rate": 0.1}, seed=3, name="n", tags=["t"], lab=where, capture=False) as run:  # type: ignore[arg-type]
            for step in range(200):
                run.log(step=step, loss=1 / (step + 1))
            run.log_many("curve", list(range(1000)))
            run.text("said", "hello")
            run.configure(late=1)
            (tmp_path / "model.bin").write_bytes(b"weights")
            run.artifact("model.bin")
        assert (run.healthy, run.dropped) == (True, 0)
        return assay.Lab(lab).run(run.id)

    here, there = work(lab), work(served.address)
    assert there.state == "finished"
    assert (there.config, there.start.seed, there.start.tags) == (here.config, here.start.seed, here.start.tags)
    assert there.keys == here.keys
    assert there.series("curve").values.tolist() == here.series("curve").values.tolist()
    assert there.artifacts() == here.artifacts()
    assert (lab / ".assay" / "blobs" / "blake3").is_dir()
    assert there.faults == ()
    assert left(tmp_path) == []


@pytest.mark.usefixtures("token")
def test_a_command_is_run_here_and_kept_there(lab: Path, served: Server, tmp_path: Path) -> None:
    code = "import assay\nr = assay.run({'a': 1})\nr.log(x=0.5)\nprint('said')\nraise SystemExit(3)"
    (tmp_path / "train.py").write_text(code)
    with inside(tmp_path):
        done = command("run", "--name", "far", "--lab", served.address, "--", sys.executable, "train.py")
    assert done.code == 3, done.err
    run = next(r for r in assay.Lab(lab).runs(limit=10) if r.name == "far")
    assert (run.state, run.metrics["x"].last, run.params["a"]) == ("failed", 0.5, 1)
    assert (lab / ".assay" / "runs" / run.id / "output.log").read_text() == "said\n"
    assert assay.Lab(lab).run(run.id).start.code


@pytest.mark.usefixtures("token")
def test_a_child_after_fork_is_sent_by_its_parent(lab: Path, served: Server) -> None:
    with assay.run(lab=served.address, capture=False) as run:
        run.log(x=1.0)
        child = os.fork()
        if child == 0:
            run.log(x=2.0)
            run.close()
            os._exit(0)
        os.waitpid(child, 0)
    kept = assay.Lab(lab).run(run.id)
    assert sorted(kept.series("x").values.tolist()) == [1.0, 2.0]


def test_without_a_token_or_with_a_wrong_one(served: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("ASSAY_CREDENTIALS", str(tmp_path / "none"))
    monkeypatch.delenv("ASSAY_TOKEN", raising=False)
    with pytest.raises(AccessError, match="ASSAY_TOKEN"):
        assay.run(lab=served.address, capture=False)
    monkeypatch.setenv("ASSAY_TOKEN", "wrong")
    with pytest.raises(AccessError, match="logged in"):
        assay.run(lab=served.address, capture=False)
    assert left(tmp_path) == []


def test_credentials_are_read_where_they_are_their_owners_alone(
    served: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "credentials.json"
    monkeypatch.delenv("ASSAY_TOKEN", raising=False)
    monkeypatch.setenv("ASSAY_CREDENTIALS", str(kept))
    kept.write_text(f'{{"{served.address}": "{served.key}"}}')
    kept.chmod(0o644)
    with pytest.raises(AccessError, match="chmod 600"):
        assay.run(lab=served.address, capture=False)
    kept.chmod(0o600)
    with assay.run(lab=served.address, capture=False) as run:
        run.log(x=1.0)
    assert run.healthy
    for bad in ("[]", "{", "[" * 100_000, f'{{"{served.address}": "a b"}}'):
        kept.write_text(bad)
        with pytest.raises(AccessError):
            assay.run(lab=served.address, capture=False)


@pytest.mark.parametrize(
    "address", ["http://", "http://user:pass@host", "http://host:99999", "http://h?x=1", "http://a b"]
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(InputError):
        assay.run(lab=address, capture=False)
    assert command("runs", "list", "--lab", address).code == 2


def test_a_server_killed_under_load_loses_nothing_that_it_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("assay.remote.shipping.RETRY", 0.05)
    lab = tmp_path / "lab"
    assay.Lab.create(lab)
    server = serve(lab)
    monkeypatch.setenv("ASSAY_TOKEN", server.key)
    run = assay.run(lab=server.address, capture=False)
    for step in range(500):
        run.log(step=step, loss=float(step))
    run.flush()
    server.kill()
    # A key is of one server; a token of the lab stays good.
    kept = assay.Lab(lab).run(run.id).series("loss")
    assert kept.values.tolist() == [float(s) for s in range(500)]
    run.log(step=500, loss=500.0)
    assert run.healthy
    monkeypatch.setattr("assay.verbs.sending.WAIT", 0.2)
    run.close()
    assert not run.healthy
    (spool,) = left(tmp_path)
    monkeypatch.setenv("ASSAY_TOKEN", assay.Lab(lab).create_token("later", ["read", "write"]))
    with serve(lab) as again:
        refused = command("runs", "send", spool, "--lab", again.address)
        assert "was not begun by 'token:later'" in refused.err
        monkeypatch.setenv("ASSAY_TOKEN", again.key)
        sent = command("runs", "send", spool, "--lab", again.address)
        assert (sent.code, sent.out) == (0, f"{run.id} is sent\n")
    whole = assay.Lab(lab).run(run.id)
    assert (whole.state, len(whole.series("loss"))) == ("finished", 501)
    assert left(tmp_path) == []
    assert command("runs", "send", spool, "--lab", lab).code == 2


@pytest.mark.usefixtures("token")
def test_runs_of_a_lab_are_sent_and_the_lab_stays(lab: Path, served: Server, tmp_path: Path) -> None:
    here = assay.Lab.create(tmp_path / "here")
    here.import_mlflow(database(tmp_path))
    mine = {row.id for row in here.runs(limit=100)}
    for place in (tmp_path / "here", tmp_path / "here/.assay"):
        done = command("runs", "send", place, "--lab", served.address)
        assert (done.code, len(done.out.splitlines())) == (0, len(mine)), done.err
    assert {row.id for row in here.runs(limit=100)} == mine
    for name in mine:
        kept, there = here.run(name), assay.Lab(lab).run(name)
        assert there.faults == ()
        assert (there.config, there.keys, there.artifacts()) == (kept.config, kept.keys, kept.artifacts())
    assert (tmp_path / "here/.assay/lab.db").exists()
