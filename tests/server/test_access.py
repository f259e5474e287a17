"""Deny by default: every route without credentials and with each role; sessions, tokens, limits, origins and hosts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from assay.base.errors import AccessError
from assay.lab import Lab
from assay.records.access import ROLES
from assay.server import limits
from assay.server.access import scope_of
from assay.server.app import API, ROUTERS, create_app
from assay.server.routes.page import SCREENS
from assay.server.settings import Settings
from assay.store.access import Access
from tests.server.conftest import KEY, PASSWORD, SAME, Ask, at

OPEN = {
    ("POST", f"{API}/session"),
    ("GET", f"{API}/openapi.json"),
    *(("GET", path) for path in ("/healthz", "/readyz", "/assets/{name}", *SCREENS)),
}
"""What anyone may ask; nothing of the lab is in it."""


@pytest.fixture(autouse=True)
def _no_attempts(app_client: TestClient) -> None:
    app_client.app.state.attempts = limits.Attempts()  # type: ignore[attr-defined]


def routes() -> Iterator[tuple[str, str, str | None]]:
    for prefix, router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield from ((method, prefix + route.path, scope_of(route)) for method in sorted(route.methods))


def address(path: str) -> str:
    digest = "sha256:" + "0" * 64
    return (
        path.replace("{digest}", digest)
        .replace("{identity}", "0" * 12)
        .replace("{name}", "none")
        .replace("{name:path}", "none")
        .replace("{run}", "none")
        .replace("{job}", "0" * 16)
    )


def test_the_list_of_routes_is_not_empty_and_each_says_what_it_needs(app_client: TestClient) -> None:
    found = list(routes())
    assert len(found) > 20
    assert set(app_client.get(f"{API}/openapi.json").json()["paths"]) <= {
        path.replace(":path", "") for _, path, _ in found
    }
    assert {(m, p) for m, p, scope in found if scope is None} == OPEN


def test_nobody_is_refused_everywhere(app_client: TestClient) -> None:
    for method, path, scope in routes():
        if scope is not None:
            answer = app_client.request(method, address(path))
            assert answer.status_code == 401, (method, path)
            assert method == "HEAD" or answer.json()["error"]["code"] == "access"


@pytest.mark.parametrize("role", ["viewer", "scientist", "reviewer", "admin"])
def test_each_role_is_let_in_where_it_may_and_nowhere_else(app_client: TestClient, ask: Ask, role: str) -> None:
    for method, path, scope in routes():
        if scope is None or (method, path) == ("DELETE", f"{API}/session"):
            continue
        status = ask(role).request(method, address(path)).status_code
        if scope in ROLES[role]:
            assert status not in (401, 403), (method, path, status)
        else:
            assert status == 403, (method, path, status)


def test_a_wrong_token_and_an_expired_one_are_nobodys(app_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    access = app_client.app.state.access  # type: ignore[attr-defined]
    secret, _ = access.create_token("short", ("read",), 1)
    headers = {"Authorization": f"Bearer {secret}"}
    assert app_client.get(at("/plans"), headers=headers).status_code == 200
    assert app_client.get(at("/plans"), headers={"Authorization": f"Bearer {secret}x"}).status_code == 401
    now = time.time()
    monkeypatch.setattr("assay.store.access.time.time", lambda: now + 90_000)
    assert app_client.get(at("/plans"), headers=headers).status_code == 401


def test_a_session_from_password_to_log_out(lab: Path, app_client: TestClient) -> None:
    client = TestClient(app_client.app, base_url="http://localhost", headers=SAME)
    assert client.post(at("/session"), json={"name": "viewer", "password": "wrong password"}).status_code == 401
    assert client.post(at("/session"), json={"name": "nobody", "password": PASSWORD}).status_code == 401
    done = client.post(at("/session"), json={"name": "viewer", "password": PASSWORD})
    assert done.json() == {"name": "viewer", "may": ["read"], "user": True}
    cookie = done.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get(at("/session")).json()["name"] == "viewer"
    assert client.delete(at("/session")).status_code == 204
    assert client.get(at("/session")).status_code == 401
    secret = done.cookies["assay_session_80"]
    assert secret.encode() not in (lab / ".assay" / "access.db").read_bytes()
    assert PASSWORD.encode() not in (lab / ".assay" / "access.db").read_bytes()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost.evil.example", None])
def test_another_sites_page_changes_nothing(app_client: TestClient, origin: str | None) -> None:
    client = TestClient(app_client.app, base_url="http://localhost", headers=SAME)
    assert client.post(at("/session"), json={"key": KEY}).status_code == 200
    del client.headers["Origin"]
    headers = {"Origin": origin} if origin else {}
    answer = client.post(at("/users"), json={"name": "eve", "password": PASSWORD, "role": "admin"}, headers=headers)
    assert answer.status_code == 403
    assert client.get(at("/plans"), headers=headers).status_code == 200
    # Nor does it log a browser in as somebody else.
    answer = client.post(at("/session"), json={"key": KEY}, headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_the_key_of_this_machine(app_client: TestClient) -> None:
    client = TestClient(app_client.app, base_url="http://localhost", headers=SAME)
    assert client.post(at("/session"), json={"key": KEY + "x"}).status_code == 401
    assert client.post(at("/session"), json={"key": KEY}).json()["may"] == ["admin", "read", "review", "write"]


def test_a_browser_gets_a_session_and_never_the_key(app_client: TestClient) -> None:
    one, other = (TestClient(app_client.app, base_url="http://localhost", headers=SAME) for _ in range(2))
    cookies = [client.post(at("/session"), json={"key": KEY}).cookies["assay_session_80"] for client in (one, other)]
    assert len({KEY, *cookies}) == 3
    assert one.get(at("/session")).json()["may"] == ["admin", "read", "review", "write"]
    assert one.delete(at("/session")).status_code == 204
    assert other.get(at("/session")).status_code == 200
    for secret in (KEY, cookies[0], "x"):
        one.cookies.set("assay_session_80", secret)
        assert one.get(at("/session")).status_code == 401


def test_two_labs_of_one_machine_live_side_by_side(app_client: TestClient, tmp_path: Path) -> None:
    """Browsers send the cookies of a machine to each of its ports."""
    Lab.create(tmp_path)
    port = "http://localhost:8766"
    second = TestClient(create_app(Settings(tmp_path, "another-key")), base_url=port, headers={"Origin": port})
    first = TestClient(app_client.app, base_url="http://localhost", headers=SAME)
    assert first.post(at("/session"), json={"key": KEY}).status_code == 200
    second.cookies.update(dict(first.cookies))
    assert second.get(at("/session")).status_code == 401
    assert second.post(at("/session"), json={"key": "another-key"}).status_code == 200
    first.cookies.update(dict(second.cookies))
    assert (first.get(at("/session")).status_code, second.get(at("/session")).status_code) == (200, 200)
    assert {"assay_session_80", "assay_session_8766"} <= set(first.cookies)


def test_a_host_that_is_not_served_is_refused(app_client: TestClient) -> None:
    assert app_client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    assert app_client.get("/healthz").status_code == 200


def test_attempts_to_log_in_are_limited(lab: Path) -> None:
    client = TestClient(create_app(Settings(lab, KEY)), base_url="http://localhost", headers=SAME)
    for _ in range(limits.MOST):
        assert client.post(at("/session"), json={"key": "wrong"}).status_code == 401
    answer = client.post(at("/session"), json={"key": KEY})
    assert answer.status_code == 429
    assert "a minute" in answer.json()["error"]["rule"]


def test_another_role_or_password_ends_the_sessions_that_had_the_old_one(ask: Ask, lab: Path) -> None:
    admin = ask("admin")
    admin.post(at("/users"), json={"name": "mia", "password": PASSWORD, "role": "viewer"})
    mia = TestClient(create_app(Settings(lab)), base_url="http://localhost", headers=SAME)
    assert mia.post(at("/session"), json={"name": "mia", "password": PASSWORD}).status_code == 200
    assert admin.patch(at("/users/mia"), json={"role": "scientist"}).json() == {"name": "mia", "role": "scientist"}
    assert mia.get(at("/session")).status_code == 401
    assert "write" in mia.post(at("/session"), json={"name": "mia", "password": PASSWORD}).json()["may"]
    assert admin.patch(at("/users/mia"), json={"password": PASSWORD + " new"}).status_code == 200
    assert mia.get(at("/session")).status_code == 401
    assert mia.post(at("/session"), json={"name": "mia", "password": PASSWORD}).status_code == 401
    assert mia.post(at("/session"), json={"name": "mia", "password": PASSWORD + " new"}).status_code == 200
    for wrong in ({}, {"role": "king"}, {"role": "admin", "password": "short"}):
        assert admin.patch(at("/users/mia"), json=wrong).status_code == 422
    assert {"name": "mia", "role": "scientist"} in admin.get(at("/users")).json()["users"]
    assert mia.get(at("/session")).status_code == 200
    assert admin.patch(at("/users/nobody"), json={"role": "viewer"}).status_code == 404


@pytest.fixture
def nora(lab: Path) -> Iterator[Callable[[str], TestClient]]:
    """A user; gives browsers of hers at one server, each logged in by the password of that time."""
    app = create_app(Settings(lab, KEY))
    app.state.access.add_user("nora", PASSWORD, "viewer")

    def logged_in(password: str) -> TestClient:
        client = TestClient(app, base_url="http://localhost", headers={"Origin": "http://localhost"})
        client.post(at("/session"), json={"name": "nora", "password": password})
        return client

    yield logged_in
    app.state.access.remove_user("nora")


OWN, NEW = at("/session/password"), "a staple of batteries"


def test_users_change_their_own_password_and_their_other_sessions_end(
    nora: Callable[[str], TestClient], caplog: pytest.LogCaptureFixture
) -> None:
    mine, other = nora(PASSWORD), nora(PASSWORD)
    assert mine.get(at("/session")).json()["user"] is True
    for wrong, where in (
        ({"present": "not the present", "password": NEW}, "present password is wrong"),
        ({"present": PASSWORD, "password": "short"}, "has 5 characters"),
        ({"present": PASSWORD, "password": PASSWORD}, "is the present one"),
        ({"present": PASSWORD, "password": "\ud800" * 12}, "unicode"),
        ({"password": NEW}, "required"),
    ):
        answer = mine.put(OWN, content=json.dumps(wrong), headers={"Content-Type": "application/json"})
        assert (answer.status_code, where in answer.json()["error"]["what"]) == (422, True), answer.text
    assert other.get(at("/session")).status_code == 200
    with caplog.at_level("DEBUG"):
        assert mine.put(OWN, json={"present": PASSWORD, "password": NEW}).status_code == 204
    assert "/session/password" in caplog.text
    assert PASSWORD not in caplog.text
    assert NEW not in caplog.text
    assert mine.get(at("/session")).status_code == 200
    assert other.get(at("/session")).status_code == 401
    assert nora(PASSWORD).get(at("/session")).status_code == 401
    assert nora(NEW).get(at("/session")).json()["name"] == "nora"


def test_no_token_key_or_other_site_changes_a_password(nora: Callable[[str], TestClient]) -> None:
    mine = nora(PASSWORD)
    body = {"present": PASSWORD, "password": NEW}
    secret, _ = mine.app.state.access.create_token("nora", ("read", "admin"), 1)  # type: ignore[attr-defined]
    for bearer in (secret, KEY):
        answer = mine.put(OWN, json=body, headers={"Authorization": f"Bearer {bearer}"})
        assert (answer.status_code, answer.json()["error"]["rule"]) == (
            403,
            "tokens and the key of this machine have none",
        )
    for origin in ("http://evil.example", "null"):
        assert mine.put(OWN, json=body, headers={"Origin": origin}).status_code == 403
    keyed = TestClient(mine.app, base_url="http://localhost", headers={"Origin": "http://localhost"})
    assert keyed.post(at("/session"), json={"key": KEY}).json()["user"] is False
    assert keyed.get(at("/session")).json()["user"] is False
    assert keyed.put(OWN, json=body).status_code == 403
    assert nora(PASSWORD).get(at("/session")).status_code == 200


def test_tries_of_the_present_password_are_limited(nora: Callable[[str], TestClient]) -> None:
    mine = nora(PASSWORD)
    for _ in range(limits.MOST - 1):
        assert mine.put(OWN, json={"present": "x", "password": NEW}).status_code == 422
    assert mine.put(OWN, json={"present": PASSWORD, "password": NEW}).status_code == 429
    assert nora(PASSWORD).get(at("/session")).status_code == 401


def test_a_lab_with_users_keeps_an_admin(tmp_path: Path) -> None:
    Lab.create(tmp_path)
    access = Access(tmp_path / ".assay")
    for name, role in (("ada", "admin"), ("ben", "admin"), ("eve", "viewer")):
        access.add_user(name, PASSWORD, role)
    access.change_user("ben", role="scientist")
    access.change_user("ada", role="admin")
    for change in (lambda: access.remove_user("ada"), lambda: access.change_user("ada", PASSWORD + "new", "viewer")):
        with pytest.raises(AccessError, match="'ada' is the last admin"):
            change()
    assert access.log_in("ada", PASSWORD)
    access.change_user("eve", role="admin")
    access.remove_user("ada")
    assert [(u.name, u.role) for u in access.users()] == [("ben", "scientist"), ("eve", "admin")]


def test_a_token_is_never_taken_for_the_user_of_its_name(app_client: TestClient) -> None:
    access = app_client.app.state.access  # type: ignore[attr-defined]
    access.add_user("sam", PASSWORD, "scientist")
    sam = TestClient(app_client.app, base_url="http://localhost", headers=SAME)
    assert sam.post(at("/session"), json={"name": "sam", "password": PASSWORD}).json()["name"] == "sam"
    bearer = {"Authorization": f"Bearer {access.create_token('sam', ('read', 'write'), 1)[0]}"}
    other = TestClient(app_client.app, base_url="http://localhost", headers=bearer)
    assert other.get(at("/session")).json()["name"] == "token:sam"
    assert sam.put(at("/views/sams"), json={}).json()["owner"] == "sam"
    assert other.put(at("/views/sams"), json={}).status_code == 403
    assert other.delete(at("/views/sams")).status_code == 403
    assert sam.delete(at("/views/sams")).status_code == 204
    with pytest.raises(AccessError, match="the name is"):
        access.add_user("token:sam", PASSWORD, "scientist")
    access.remove_user("sam")


def test_users_and_tokens_are_added_and_removed_by_an_admin(ask: Ask) -> None:
    admin = ask("admin")
    body = {"name": "ada", "password": PASSWORD, "role": "scientist"}
    assert admin.post(at("/users"), json=body).status_code == 201
    assert admin.post(at("/users"), json=body).status_code == 422
    assert {"name": "ada", "role": "scientist"} in admin.get(at("/users")).json()["users"]
    for wrong in ({"role": "king"}, {"name": "../x"}, {"password": "short"}):
        assert admin.post(at("/users"), json=body | wrong).status_code == 422
    assert admin.delete(at("/users/ada")).status_code == 204
    assert admin.delete(at("/users/ada")).status_code == 404
    made = admin.post(at("/tokens"), json={"name": "ci", "scopes": ["read"], "days": 2}).json()
    assert made["secret"].startswith("assay_")
    assert "secret" not in str(admin.get(at("/tokens")).json())
    assert admin.delete(at("/tokens/ci")).status_code == 204
    assert admin.delete(at("/tokens/ci")).status_code == 404
