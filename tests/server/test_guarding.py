"""Nothing of a body is read from whoever may not ask, and no more than its limit from whoever may."""

from __future__ import annotations

import gzip

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from assay.server.access import scope_of
from assay.server.app import ROUTERS
from assay.server.guarding import MOST_JSON, MOST_OPEN, Guarded
from tests.server.asgi import sent
from tests.server.conftest import Ask, at
from tests.server.test_access import address

PIECE = b"x" * (1 << 16)
BODIES = [
    (method, address(prefix + route.path), scope_of(route))
    for prefix, router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
    if method in ("POST", "PUT", "PATCH")
]


def bearer(ask: Ask, who: str) -> dict[str, str]:
    return {"Authorization": ask(who).headers["authorization"]}


@pytest.fixture(scope="module")
def app(app_client: TestClient) -> FastAPI:
    served = app_client.app
    assert isinstance(served, FastAPI)
    return served


def test_every_route_is_behind_the_gate() -> None:
    for _, router in ROUTERS:
        assert all(isinstance(route, Guarded) for route in router.routes)


def test_nothing_is_read_of_what_nobody_sends(app: FastAPI, ask: Ask) -> None:
    assert len(BODIES) > 40
    for method, path, scope in BODIES:
        if scope is None:
            continue
        assert sent(app, method, path, {}, [PIECE] * 9) == (401, 0), path
        if scope != "read":
            assert sent(app, method, path, bearer(ask, "viewer"), [PIECE] * 9) == (403, 0), path


def test_a_body_is_read_up_to_its_limit_whether_it_says_its_length_or_not(app: FastAPI, ask: Ask) -> None:
    many = MOST_JSON // len(PIECE)
    admin = bearer(ask, "admin")
    for method, path, scope in BODIES:
        if scope is None or path.startswith((at("/blobs"), at("/runs"))):
            continue
        status, read = sent(app, method, path, admin, [PIECE] * (many + 9))
        assert (status, read) == (413, many + 1) or read == 0, path
        said = {"content-length": str(MOST_JSON + 1)}
        assert sent(app, method, path, {**admin, **said}, [PIECE])[0] == 413 or read == 0, path
    full = MOST_OPEN // len(PIECE)
    assert sent(app, "POST", at("/session"), {}, [PIECE] * 9) == (413, full + 1)
    assert sent(app, "PUT", at("/runs/none"), admin, [PIECE] * (many + 9)) == (413, many + 1)
    within = b'{"text": "' + b"x" * (MOST_JSON - 100) + b'"}'
    assert sent(app, "POST", at("/plans/check"), admin, [within])[0] == 422


def test_json_comes_as_it_is_and_whole(app: FastAPI, ask: Ask) -> None:
    packed = gzip.compress(b'{"text": "' + b"0" * 9_000_000 + b'"}')
    viewer = bearer(ask, "viewer")
    for coding in ("gzip", "deflate", "zip"):
        assert sent(app, "POST", at("/plans/check"), {**viewer, "content-encoding": coding}, [packed]) == (415, 0)
    assert ask("viewer").post(at("/plans/check"), content=iter([b'{"text": ', b'"a: 1"}']), headers={
        "Content-Type": "application/json", "Content-Encoding": "identity",
    }).status_code == 200  # fmt: skip
    cut: list[bytes] = []
    for path in ("/plans/check", "/blobs"):
        method = "PUT" if path == "/blobs" else "POST"
        assert sent(app, method, at(path), bearer(ask, "admin"), cut)[0] == 400
