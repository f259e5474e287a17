"""Idempotency keys on every route that writes: done once, for one request of one principal, kept by the lab."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from assay.lab import Lab
from assay.records.access import READ
from assay.server.app import API, ROUTERS, create_app
from assay.server.once import taken_by
from assay.server.settings import Settings
from assay.verbs.served import CATALOGUE
from tests.server.conftest import KEY, PASSWORD, at
from tests.verbs.scenes import plan, put

NEEDS_NONE = {
    "PUT /blobs": "content names itself",
    "PUT /runs/{run}/files/{name}": "bytes have their offset, and are compared",
    "POST /session": "nobody is known yet, and what is answered is a secret",
    "DELETE /session": "who is logged out asks nothing more",
    "POST /plans/template": "reads", "POST /plans/check": "reads", "POST /plans/power": "reads",
    "POST /compare/columns": "reads", "POST /ledger/verify": "reads",
}  # fmt: skip


def served(lab: Path) -> TestClient:
    app = create_app(Settings(lab, KEY))
    headers = {"Authorization": f"Bearer {KEY}"}
    return TestClient(app, base_url="http://localhost", headers=headers, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("once")
    Lab.create(made)
    return made


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Digests that are made slow so that nobody guesses are quick here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("argon2.DEFAULT_MEMORY_COST", 64)
        patch.setattr("argon2.DEFAULT_TIME_COST", 1)
        yield


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with served(folder) as made:
        yield made


def twice(client: TestClient, method: str, path: str, body: Any = None, key: str = "") -> list[Any]:
    """The answers to one request that is sent twice under a key."""
    given = {"headers": {"Idempotency-Key": key or f"{method} {path}"}, **({"json": body} if body is not None else {})}
    return [client.request(method, at(path), **given) for _ in range(2)]


def test_every_route_that_writes_takes_a_key_or_says_why_not() -> None:
    without = set()
    for prefix, router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            for method in route.methods - {"GET", "HEAD"}:
                if taken_by(route) is None:
                    without.add(f"{method} {(prefix + route.path).removeprefix(API)}")
    verbs = {w for w in without if w.startswith("POST /verbs/")}
    assert without - verbs == set(NEEDS_NONE)
    asked = [CATALOGUE[w.removeprefix("POST /verbs/")] for w in verbs]
    assert {v.scope for v in asked} == {READ}
    assert not any(v.long for v in asked)


def test_what_is_sent_twice_is_done_once(client: TestClient, tmp_path: Path) -> None:
    put(tmp_path)
    files = {
        n: client.put(at("/blobs"), content=(tmp_path / n).read_bytes()).json()["digest"]
        for n in ("base.csv", "cand.csv")
    }
    frozen = {"text": json.dumps(plan()), "files": files}
    digest = "sha256:" + "a" * 64
    for method, path, body in (
        ("POST", "/users", {"name": "ada", "password": PASSWORD, "role": "viewer"}),
        ("PATCH", "/users/ada", {"role": "scientist"}),
        ("POST", "/verbs/user.change", {"arguments": {"name": "ada", "role": "viewer"}}),
        ("DELETE", "/users/ada", None),
        ("POST", "/plans/freeze", frozen),
        ("POST", "/data", {"name": "rows", "digest": digest, "path": "/rows"}),
        ("PUT", "/views/best", {"where": ["rate=1"]}),
        ("DELETE", "/views/best", None),
        ("POST", "/plans/judge", frozen),
    ):
        first, second = twice(client, method, path, body)
        assert first.status_code < 300, first.text
        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
    # Without a key it is done again: the second user of that name is refused, the data is not new.
    again = client.post(at("/data"), json={"name": "rows", "digest": digest, "path": "/rows"})
    assert again.json()["new"] is False


def test_a_key_is_bound_to_who_asks_the_route_and_the_body(client: TestClient) -> None:
    key = {"Idempotency-Key": "bound"}
    body = {"name": "bound", "digest": "sha256:" + "b" * 64, "path": "/rows"}
    assert client.post(at("/data"), json=body, headers=key).status_code == 201
    for method, path, other in (
        ("POST", "/data", {**body, "path": "/other"}),
        ("POST", "/plans/judge", body),
        ("PUT", "/views/bound", {}),
        ("POST", "/data?x=1", body),
    ):
        refused = client.request(method, at(path), json=other, headers=key)
        assert refused.status_code == 409
        assert refused.json()["error"]["what"] == "the idempotency key came with another request"
    secret = client.app.state.access.create_token("trainer", ("read", "write"), 1)[0]  # type: ignore[attr-defined]
    another = client.post(at("/data"), json=body, headers={**key, "Authorization": f"Bearer {secret}"})
    assert (another.status_code, another.json()["new"]) == (201, False)
    nobody = client.post(at("/data"), json=body, headers={**key, "Authorization": "Bearer none"})
    assert nobody.status_code == 401
    assert client.post(at("/data"), json=body, headers={"Idempotency-Key": "x" * 201}).status_code == 422


def test_who_may_no_longer_is_answered_nothing(client: TestClient) -> None:
    access = client.app.state.access  # type: ignore[attr-defined]
    body, status = {"name": "kept", "digest": "sha256:" + "d" * 64, "path": "/rows"}, []
    for scopes in (("read", "write"), ("read",)):
        secret = access.create_token("lowered", scopes, 1)[0]
        headers = {"Idempotency-Key": "lowered", "Authorization": f"Bearer {secret}"}
        status.append(client.post(at("/data"), json=body, headers=headers).status_code)
    assert status == [201, 403]


def test_what_is_refused_leaves_the_key_free(client: TestClient) -> None:
    key = {"Idempotency-Key": "mended"}
    user = {"name": "eve", "password": "short", "role": "viewer"}
    assert client.post(at("/users"), json=user, headers=key).status_code == 422
    assert client.post(at("/users"), json={**user, "colour": 1}, headers=key).status_code == 422
    assert client.post(at("/users"), json={**user, "password": PASSWORD}, headers=key).status_code == 201


def test_a_secret_is_answered_once_and_kept_nowhere(client: TestClient, folder: Path) -> None:
    for path, body in (
        ("/tokens", {"name": "ci", "scopes": ["read"], "days": 2}),
        ("/verbs/token.create", {"arguments": {"name": "ci", "scopes": ["read"], "days": 2}}),
    ):
        first, second = twice(client, "POST", path, body)
        assert first.status_code < 300
        assert second.status_code == 409
        assert "answered once" in second.json()["error"]["rule"]
        secret = first.json()["secret"] if path == "/tokens" else first.json()["result"][0]
        held = b"".join(p.read_bytes() for p in (folder / ".assay").glob("access.db*"))
        assert secret.encode() not in held
    assert [t["name"] for t in client.get(at("/tokens")).json()["tokens"]].count("ci") == 2
    # Nor is a fast digest of a password, which could be guessed from it.
    sent = b'{"name":"zoe","password":"correct horse","role":"viewer"}'
    json_ = {"Content-Type": "application/json", "Idempotency-Key": "zoe"}
    assert client.post(at("/users"), content=sent, headers=json_).status_code == 201
    fast = hashlib.sha256(b"POST /api/v1/users?\n" + sent).hexdigest()
    assert fast.encode() not in b"".join(p.read_bytes() for p in (folder / ".assay").glob("access.db*"))


def test_a_restart_keeps_what_was_answered_and_begins_forgotten_jobs_again(client: TestClient, folder: Path) -> None:
    body = {"name": "later", "digest": "sha256:" + "c" * 64, "path": "/rows"}
    first = twice(client, "POST", "/data", body, "restart")[0]
    job = twice(client, "POST", "/plans/judge", {"name": "none"}, "job")[0]
    with served(folder) as after:
        for again in twice(after, "POST", "/data", body, "restart"):
            assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")
        fresh, same = twice(after, "POST", "/plans/judge", {"name": "none"}, "job")
        assert fresh.json()["job"] != job.json()["job"]
        assert same.json() == fresh.json()
        assert after.get(at(f"/jobs/{fresh.json()['job']}")).status_code == 200
