"""The OpenAPI description against the server: whatever it allows is answered, and never by a bug."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings

from assay.lab import Lab
from assay.server.app import API, create_app
from assay.server.settings import Settings
from tests.server.conftest import KEY
from tests.verbs.scenes import scene, told

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
def schema(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.BaseSchema:
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    told(scene(folder))
    Lab(folder).save_view("best")
    app = create_app(Settings(folder, KEY, most_jobs=100_000))
    client = TestClient(app, base_url="http://localhost")
    assert client.get(f"{API}/openapi.json").status_code == 200
    return schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, headers={"Host": "localhost"})


def test_whatever_is_described_is_answered(schema: schemathesis.BaseSchema) -> None:
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith("/events") or "/session" in operation.path:
            continue

        @QUIET
        @given(case=operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {KEY}", "Host": "localhost"})
            assert answer.status_code < 500 or answer.status_code == 503, (case.method, case.path, answer.text)

        check()
        tried += 1
    assert tried > 40
