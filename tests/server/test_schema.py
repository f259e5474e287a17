"""The OpenAPI description against the server: whatever it allows is answered as it says, and never by a bug."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks

import assay
from assay.lab import Lab
from assay.server.app import API, create_app
from assay.server.settings import Settings
from tests.helpers.runs import inside
from tests.server.conftest import KEY
from tests.verbs.scenes import scene, told

CONFORM: list[Any] = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
BEARER = {"Authorization": f"Bearer {KEY}", "Host": "localhost"}
EXAMPLES = int(os.environ.get("ASSAY_EXAMPLES", "2"))
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab with a plan that is judged, a run with all kinds of what is logged, a view and a version of data."""
    made: Path = tmp_path_factory.mktemp("fuzzed")
    told(scene(made))
    lab = Lab(made)
    lab.save_view("best")
    lab.data(made / "base.csv", "rows")
    with inside(made), assay.run({"rate": 0.1}, lab=made, capture=False) as run:
        run.log(loss=0.5)
        run.image("sample", np.zeros((4, 4)))
        run.artifact("plan.yaml")
    return made


def served(folder: Path) -> TestClient:
    return TestClient(create_app(Settings(folder, KEY, most_jobs=100_000)), base_url="http://localhost", headers=BEARER)


@pytest.fixture(scope="module")
def client(folder: Path) -> TestClient:
    return served(folder)


def described(app: Any) -> schemathesis.BaseSchema:
    """The description of an application, which ends its jobs at each call as if it were stopped."""
    return schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, headers={"Host": "localhost"})


def test_whatever_is_described_is_answered_as_it_is_described(folder: Path) -> None:
    tried = 0
    for found in described(served(folder).app).get_all_operations():
        operation = found.ok()

        @QUIET
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            answer = case.call(headers=BEARER)
            assert answer.status_code < 500 or answer.status_code == 503, (case.method, case.path, answer.text)
            case.validate_response(answer, checks=CONFORM)

        check()
        tried += 1
    assert tried > 100


def test_what_is_there_is_shown_as_it_is_described(folder: Path) -> None:
    """Every GET of something that the lab has, and a tag on all that is JSON: asked with it, nothing is sent again."""
    client = served(folder)
    run = client.get(f"{API}/runs").json()["runs"][0]["id"]
    plan = client.get(f"{API}/plans/late").json()
    digest = client.put(f"{API}/blobs", content=b"kept").json()["digest"]
    begun = client.post(f"{API}/evidence/{plan['evidence']}/recheck").json()
    # A job's page changes until it has ended.
    while client.get(f"{API}/jobs/{begun['job']}").json()["state"] in ("waiting", "running"):
        time.sleep(0.05)
    parts = {"identity": plan["evidence"], "run": run, "digest": digest, "job": begun["job"], "place": 0}
    names = {"plans": "late", "series": "loss", "artifacts": "plan.yaml"}
    query = {
        "groups": {"metric": "loss"},
        "values": {"run": run, "name": "loss"},
        "compare": {"run": run},
        "diff": {"a": run, "b": run},
        "lineage": {"of": run},
    }
    tagged = 0
    for found in described(client.app).get_all_operations():
        operation = found.ok()
        if operation.method != "get":
            continue
        *_, last = (p for p in operation.path.split("/") if not p.startswith("{"))
        room = operation.path.removeprefix(f"{API}/").partition("/")[0]
        given = {**parts, "name": names.get(last, names.get(room))}
        asked = {p.name: given[p.name] for p in operation.path_parameters}
        case = operation.Case(path_parameters=asked, query=query.get(last, {}))
        answer = case.call(headers=BEARER)
        assert answer.status_code == 200, (operation.path, answer.text)
        case.validate_response(answer, checks=CONFORM)
        if answer.headers.get("content-type", [""])[0] == "application/json":
            [tag] = answer.headers["etag"]
            again = case.call(headers={**BEARER, "If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b""), operation.path
            case.validate_response(again, checks=CONFORM)
            tagged += 1
    assert tagged >= 25


def test_every_operation_says_who_may_and_describes_each_error_once(client: TestClient) -> None:
    said = client.get(f"{API}/openapi.json").json()
    assert set(said["components"]["securitySchemes"]) == {"bearer", "cookie"}
    shape = {"$ref": "#/components/schemas/Refusal"}
    answers = said["components"]["responses"].values()
    assert all(a["content"] == {"application/json": {"schema": shape}} for a in answers)
    operations = [o for methods in said["paths"].values() for o in methods.values()]
    for operation in operations:
        for status in ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503"):
            assert operation["responses"][status]["$ref"].startswith("#/components/responses/")
    assert sum(not o["security"] for o in operations) == 3
    assert "HTTPValidationError" not in json.dumps(said)
    answers = [a for o in operations for s, a in o["responses"].items() if s[0] == "2"]
    assert {"schema": {}} not in [a.get("content", {}).get("application/json") for a in answers]


@pytest.mark.parametrize("host", ["evil.example", "", "localhost.evil.example", "localhost:80:80", "[::1", "::1"])
def test_a_wrong_host_is_refused_in_the_one_shape(client: TestClient, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"code", "where", "what", "rule", "fix"}
    assert "own names" in error["rule"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]", "[::1]:8765"])
def test_hosts_are_known_with_any_port(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_what_is_unknown_is_a_404(client: TestClient) -> None:
    for method, path, body in (
        ("GET", "/plans/none", None),
        ("GET", "/plans/none/coverage", None),
        ("GET", "/plans/none/draft", None),
        ("GET", "/evidence/sha256:000000", None),
        ("GET", "/runs/none", None),
        ("GET", "/jobs/none", None),
        ("DELETE", "/views/none", None),
        ("DELETE", "/users/none", None),
        ("PATCH", "/users/none", {"role": "viewer"}),
        ("DELETE", "/tokens/none", None),
        ("POST", "/verbs/portfolio.plan", {"arguments": {"name": "none"}}),
        ("POST", "/verbs/user.remove", {"arguments": {"name": "none"}}),
        ("POST", "/verbs/token.revoke", {"arguments": {"name": "none"}}),
    ):
        answer = client.request(method, f"{API}{path}", json=body)
        assert (answer.status_code, set(answer.json())) == (404, {"error"}), path
