"""A real server on a socket: the key in its address, the port that is taken, the users that it needs."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from assay.base.errors import MissingError
from assay.lab import Lab
from assay.server import limits
from assay.server.listening import Served, listening
from tests.helpers.runs import assay
from tests.server.asgi import answer

COMMAND = [sys.executable, "-u", "-c", "from assay.cli.main import run; run()", "serve", "--port", "0", "--no-browser"]


@pytest.fixture
def served(lab: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A process that serves the lab, its address and its key."""
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, "--lab", str(lab)], stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"(http://127\.0\.0\.1:\d+/)#key=(\S+)", line)
        assert found, line
        try:
            yield process, found[1], found[2]
        finally:
            process.terminate()


def test_a_browser_with_the_key_reads_the_lab(served: tuple[subprocess.Popen[str], str, str]) -> None:
    process, address, key = served
    with httpx2.Client(base_url=address, timeout=30, transport=httpx2.HTTPTransport(retries=20)) as client:
        assert client.get("/api/v1/plans").status_code == 401
        assert client.post("/api/v1/session", json={"key": key}).status_code == 403
        own = {"Origin": address.rstrip("/")}
        assert client.post("/api/v1/session", json={"key": key}, headers=own).status_code == 200
        assert client.get("/api/v1/plans").json()["plans"][0]["name"] == "late"
        assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    process.terminate()
    assert process.wait(30) in (0, -signal.SIGTERM)
    assert process.stderr is not None
    said = process.stderr.read()
    assert key not in said
    assert {"status", "route"} <= set(json.loads(said.splitlines()[0]))


def asked(served: Served, path: str, body: object, **headers: str) -> tuple[int, dict[str, str]]:
    """A request to a server as its socket hands it on, from this machine."""
    config = served.server.config
    if not config.loaded:
        config.load()
    status, said = answer(config.loaded_app, "POST", path, {"host": "localhost", **headers}, body)
    return status, said


def test_only_a_proxy_that_is_named_says_who_asks_and_how(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    wrong = {"key": "wrong"}
    for proxies, last, origin in (((), 429, 403), (("127.0.0.1", "10.1.0.0/16"), 401, 200)):
        with listening(lab, "127.0.0.1", 0, (), proxies) as served:
            page = {"x-forwarded-proto": "https", "origin": "https://localhost"}
            key = {"key": served.address.partition("#key=")[2]}
            status, said = asked(served, "/api/v1/session", key, **page)
            assert status == origin
            assert ("secure" in said.get("set-cookie", "").lower()) == (origin == 200)
            own = {"origin": "http://localhost"}
            statuses = [
                asked(served, "/api/v1/session", wrong, **own, **{"x-forwarded-for": f"198.51.100.{i}, 10.1.2.3"})[0]
                for i in range(limits.MOST + 2)
            ]
            assert (statuses[0], statuses[-1]) == (401, last)


@pytest.mark.parametrize("proxy", ["*", "0.0.0.0/0", "::/0", "proxy.example.org", "", "1.2.3"])
def test_a_proxy_is_an_address(tmp_path: Path, proxy: str) -> None:
    assay("init", tmp_path)
    run = assay("serve", "--proxy", proxy, "--port", "0", "--no-browser", "--lab", tmp_path)
    assert (run.code, "--proxy 127.0.0.1" in run.err) == (2, True)


def test_listening_for_others_needs_a_user(tmp_path: Path) -> None:
    assay("init", tmp_path)
    run = assay("serve", "--host", "0.0.0.0", "--port", "0", "--no-browser", "--lab", tmp_path)
    assert run.code == 2
    assert "assay user add" in run.err
    assert not (tmp_path / ".assay/access.db").exists()
    assert assay("serve", "--lab", tmp_path / "nowhere").code == 2


def test_a_port_that_is_taken(lab: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assay("init", tmp_path)
        for where in (lab, tmp_path):
            run = assay("serve", "--port", other.getsockname()[1], "--no-browser", "--lab", where)
            assert run.code == 2
            assert "--port 0" in run.err
    assert not (tmp_path / ".assay/access.db").exists()


def test_users_and_tokens_by_command(tmp_path: Path) -> None:
    assay("init", tmp_path)
    secret = tmp_path / "password"
    secret.write_text("a long password\n")
    at = ("--lab", tmp_path)
    assert assay("user", "add", "ada", "--role", "admin", "--password-file", secret, *at).out == (
        "ada may log in as admin\n"
    )
    assert assay("user", "add", "ada", "--role", "king", "--password-file", secret, *at).code == 2
    assert assay("user", "list", *at).out == "ada  admin\n"
    made = assay("token", "create", "ci", "--scope", "read", *at).out.strip()
    assert made.startswith("assay_")
    assert made not in assay("token", "list", *at).out
    assert "ci  read  until" in assay("token", "list", *at).out
    assert assay("token", "create", "ci", "--scope", "all", *at).code == 2
    assert assay("token", "revoke", "ci", *at).code == 0
    assert assay("token", "revoke", "ci", *at).code == 2
    assert assay("user", "add", "eve", "--role", "viewer", "--password-file", secret, *at).code == 0
    last = assay("user", "remove", "ada", *at)
    assert (last.code, "'ada' is the last admin" in last.err) == (2, True)
    assert assay("user", "change", "ada", "--role", "viewer", *at).code == 2
    assert assay("user", "change", "eve", "--role", "admin", *at).code == 0
    assert assay("user", "remove", "ada", *at).code == 0
    assert assay("user", "remove", "ada", *at).code == 2
    assert assay("user", "list", *at).out == "eve  admin\n"


def test_users_and_tokens_from_python(tmp_path: Path) -> None:
    lab = Lab.create(tmp_path)
    assert lab.add_user("ada", "a long password", "scientist").role == "scientist"
    assert [u.name for u in lab.users()] == ["ada"]
    assert lab.create_token("ci", "read").startswith("assay_")
    assert [(t.name, t.scopes) for t in lab.tokens()] == [("ci", ("read",))]
    lab.revoke_token("ci")
    lab.remove_user("ada")
    assert (lab.users(), lab.tokens()) == ((), ())
    with pytest.raises(MissingError, match="no user"):
        lab.remove_user("ada")
