"""A served lab with a judged plan, and clients of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assay.server.app import API, create_app
from assay.server.settings import Settings
from tests.verbs.scenes import scene, told

KEY = "the-key-of-this-machine"
PASSWORD = "correct horse"
ROLES = ("viewer", "scientist", "reviewer", "admin")
SAME = {"Origin": "http://localhost"}
"""What a page of the server sends with its requests."""
Ask = Callable[[str], TestClient]


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a lab in which the plan `late` is judged."""
    folder = tmp_path_factory.mktemp("served")
    told(scene(folder))
    return folder


@pytest.fixture(scope="session")
def app_client(lab: Path) -> Iterator[TestClient]:
    """A client that is nobody, of a server with a user of each role."""
    app = create_app(Settings(lab, KEY))
    for role in ROLES:
        app.state.access.add_user(role, PASSWORD, role)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def ask(app_client: TestClient) -> Ask:
    """Who -> a client: a role's token, `key` for the one user of this machine, or nobody."""
    access = app_client.app.state.access  # type: ignore[attr-defined]
    scopes = {"viewer": ("read",), "scientist": ("read", "write"), "reviewer": ("read", "review")}
    made: dict[str, TestClient] = {}

    def client(who: str) -> TestClient:
        if who not in made:
            everything = ("read", "write", "review", "admin")
            secret = KEY if who == "key" else access.create_token(who, scopes.get(who, everything), 1)[0]
            bearer = {"Authorization": f"Bearer {secret}"}
            app = app_client.app
            made[who] = TestClient(app, base_url="http://localhost", raise_server_exceptions=False, headers=bearer)
        return made[who]

    return client


def at(path: str) -> str:
    """An address of the API."""
    return f"{API}{path}"
