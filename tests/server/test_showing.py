"""Files by digest are seen by those who may read where something shows them, and never where a plan withholds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import assay
from assay.server.app import create_app
from assay.server.settings import Settings
from assay.store.access import Access
from tests.server.conftest import KEY, at
from tests.server.test_routes import upload
from tests.verbs.scenes import data, plan, put

OTHER = {"data": plan()["data"] | {"name": "hidden"}}
Asked = tuple[TestClient, TestClient]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """A viewer and a scientist of a lab with nothing in it."""
    lab = tmp_path_factory.mktemp("shown")
    assay.Lab.create(lab)
    app = create_app(Settings(lab, KEY))
    access = Access(lab / ".assay")
    secrets = [access.create_token("x", scopes, 1)[0] for scopes in (("read",), ("read", "write"))]
    headers = [{"Authorization": f"Bearer {s}"} for s in secrets]
    viewer, scientist = (TestClient(app, base_url="http://localhost", headers=h) for h in headers)
    return viewer, scientist


def seen(client: TestClient, digest: str, run: str = "") -> int:
    place = at(f"/blobs/{digest}?run={run}")
    answer = client.get(place)
    assert client.head(place).status_code == answer.status_code
    assert b"region" not in answer.content or answer.status_code == 200
    return answer.status_code


def test_what_is_uploaded_is_seen_once_a_plan_shows_it_and_never_where_one_withholds_it(
    asked: Asked, tmp_path: Path
) -> None:
    viewer, scientist = asked
    put(tmp_path)
    files = upload(scientist, tmp_path)
    digests = list(files.values())
    assert [[seen(c, d) for d in digests] for c in asked] == [[404, 404], [200, 200]]
    missing = viewer.get(at(f"/blobs/sha256:{'1' * 64}")).json()["error"]
    hidden = viewer.get(at(f"/blobs/{digests[0]}")).json()["error"]
    assert (missing["code"], missing["rule"], missing["fix"]) == (hidden["code"], hidden["rule"], hidden["fix"])
    body = {"text": json.dumps(plan()), "files": files}
    for route, said in (
        ("/plans/check", body),
        ("/plans/power", body),
        ("/verbs/power.run", {"arguments": {"path": "plan.yaml"}, "files": files}),
        ("/verbs/plan_looks.run", {"arguments": {"path": "plan.yaml"}, "files": files}),
    ):
        answer = viewer.post(at(route), json=said)
        if answer.status_code == 202:
            job = answer.json()["job"]
            viewer.get(at(f"/jobs/{job}/events"))
            told = viewer.get(at(f"/jobs/{job}")).json()["result"]
        else:
            assert answer.status_code == 404, route
            told = answer.json()
        assert "is shown" in told["error"]["what"], route
    assert scientist.post(at("/plans/freeze"), json=body).status_code == 200
    assert [seen(viewer, d) for d in digests] == [200, 200]
    assert viewer.post(at("/plans/check"), json=body).status_code == 200
    silent = plan(name="hid", reuse={"candidates": 2, "release": "verdict"}, **OTHER)
    frozen = scientist.post(at("/plans/freeze"), json={"text": json.dumps(silent), "files": files})
    assert frozen.status_code == 200, frozen.text
    assert [[seen(c, d) for d in digests] for c in asked] == [[404, 404], [200, 200]]


def test_what_a_run_keeps_is_seen_as_that_runs_and_never_where_a_plan_withholds_it(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, scientist = asked
    lab = scientist.app.state.settings.lab  # type: ignore[attr-defined]
    monkeypatch.chdir(tmp_path)
    put(tmp_path, data(seed=7, start=5000))
    with assay.run(lab=lab, capture=False) as run:
        for name in ("base.csv", "cand.csv"):
            run.artifact(name)
    kept = assay.Lab(lab).run(run.id).artifacts()
    base = kept["base.csv"]
    assert [seen(viewer, base), seen(viewer, base, "none"), seen(viewer, base, run.id)] == [404, 404, 200]
    place = at(f"/runs/{run.id}/artifacts/base.csv")
    assert viewer.get(place).content == (tmp_path / "base.csv").read_bytes()
    more = {"name": "more", "data": plan()["data"] | {"name": "more"}}
    text = json.dumps(plan(reuse={"candidates": 2, "release": "verdict"}, **more))
    assert scientist.post(at("/plans/freeze"), json={"text": text, "files": kept}).status_code == 200
    assert [seen(viewer, base, run.id), viewer.get(place).status_code] == [404, 404]
    assert [seen(scientist, base), scientist.get(place).status_code] == [200, 200]


def test_predictions_of_runs_that_a_plan_withholds_are_not_seen(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, scientist = asked
    lab = scientist.app.state.settings.lab  # type: ignore[attr-defined]
    monkeypatch.chdir(tmp_path)
    put(tmp_path, data(seed=8, start=8000))
    with assay.run(lab=lab, capture=False) as run:
        digest = run.predictions("cand.csv")
    assert seen(viewer, digest, run.id) == 200
    more = {"name": "ran", "data": plan()["data"] | {"name": "ran"}}
    candidates = [{"name": "cand", "runs": [run.id], "score": "p"}]
    text = json.dumps(plan(reuse={"candidates": 2, "release": "verdict"}, candidates=candidates, **more))
    (tmp_path / "plan.yaml").write_text(text)
    assay.Lab(lab).freeze(tmp_path / "plan.yaml")
    assert [seen(viewer, digest, run.id), seen(scientist, digest)] == [404, 200]
