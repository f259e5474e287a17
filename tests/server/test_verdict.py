"""What a verdict, a plan and a run lead to over HTTP: runs, data, cells of the matrix, events, images."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

import assay
from assay.server.app import create_app
from assay.server.routes import runs as room
from assay.server.settings import Settings
from assay.store.blobs import Blobs
from tests.server.conftest import KEY, at
from tests.verbs.test_kept import judged, named, runs_of


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab with a plan that was judged on runs, of which one read named data."""
    folder = tmp_path_factory.mktemp("traced")
    base, cand = runs_of(folder, "base"), runs_of(folder, "cand")
    (folder / "rows.csv").write_text("a\n1\n")
    assay.Lab(folder).data(folder / "rows.csv", "rows")
    with assay.run({"model": "cand"}, seed=9, name="logs", lab=folder, capture=False) as run:
        run.read(folder / "rows.csv")
        run.histogram("weights", np.arange(100.0))
        run.table("confusion", {"a": [1, 2], "b": ["x", "<b>"]})
        run.image("sample", np.zeros((4, 4)))
        run.text("said", "hello " * 100)
    judged(named(folder, base, cand))
    return folder


@pytest.fixture(scope="module")
def client(traced: Path) -> Iterator[TestClient]:
    headers = {"Authorization": f"Bearer {KEY}"}
    with TestClient(create_app(Settings(traced, KEY)), base_url="http://localhost", headers=headers) as made:
        yield made


def run_of(client: TestClient, name: str) -> str:
    return str(client.get(at("/runs"), params={"where": f"name={name}"}).json()["runs"][0]["id"])


def test_a_verdict_leads_to_every_run_and_its_data(client: TestClient, traced: Path) -> None:
    plan = client.get(at("/plans/tiny")).json()
    found = client.get(at(f"/evidence/{plan['evidence']}")).json()
    assert {(r["model"], r["seed"], r["state"]) for r in found["runs"]} == {
        (model, seed, "finished") for model in ("base", "cand") for seed in "012"
    }
    assert all(client.get(at(f"/runs/{r['run']}")).status_code == 200 for r in found["runs"])
    around = client.get(at("/lineage"), params={"of": plan["evidence"]}).json()
    nodes = {n["id"]: n["kind"] for n in around["lineage"]["nodes"]}
    assert {nodes[r["run"]] for r in found["runs"]} == {"run"}
    assert not [n for n in around["lineage"]["nodes"] if n["kind"] == "data"]
    assert any("<svg" in b.get("svg", "") for b in around["page"]["blocks"])
    logs = run_of(client, "logs")
    reading = assay.Lab(traced).lineage(logs).results
    assert "rows" in {n.name for n in reading.nodes}
    assert client.get(at("/lineage"), params={"of": "nothing"}).json()["error"]["code"] == "input"


def test_a_run_that_is_gone_says_so(client: TestClient) -> None:
    from assay.verbs import lineage

    lab = client.app.state.settings.lab  # type: ignore[attr-defined]
    logs = run_of(client, "logs")
    gone, there = lineage.origins({"m": {"0": "20200101-000000-00000000", "9": logs}}, lab)
    assert (gone.state, gone.name, gone.data) == ("gone", "", ())
    assert (there.state, there.name, [name for name, _ in there.data]) == ("finished", "logs", [str(lab / "rows.csv")])


def test_the_matrix_of_a_plan_names_its_runs(client: TestClient) -> None:
    found = client.get(at("/plans/tiny/coverage")).json()["coverage"]
    assert (found["complete"], len(found["cells"])) == (True, 6)
    assert all(client.get(at(f"/runs/{c['source']}")).status_code == 200 for c in found["cells"])
    assert client.get(at("/plans/tinyy/coverage")).json()["error"]["fix"] == "did you mean 'tiny'?"


def test_the_ledger_is_searched_on_the_server_newest_first(client: TestClient) -> None:
    whole = client.get(at("/ledger/search?limit=1000")).json()
    places = [e["position"] for e in whole["entries"]]
    assert places == sorted(places, reverse=True)
    assert whole["total"] == len(places) == sum(whole["kinds"].values())
    frozen = next(e for e in whole["entries"] if e["kind"] == "plan.frozen")
    assert re.fullmatch(r".+ version 1 frozen by .+, sha256:.+", frozen["said"])
    first = client.get(at("/ledger/search?q=TINY&limit=1")).json()
    assert (len(first["entries"]), first["entries"][0]["position"]) == (1, first["next"])
    seen, before = [], None
    while True:
        page = client.get(at("/ledger/search"), params={"limit": 2, **({"before": before} if before else {})}).json()
        seen += [e["position"] for e in page["entries"]]
        before = page["next"]
        if before is None:
            break
    assert seen == places
    assert client.get(at("/ledger/search?kind=plan.frozen")).json()["total"] == 1
    assert client.get(at("/ledger/search?before=-1")).status_code == 422


def test_what_a_run_logged_is_asked_for_in_pieces(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = run_of(client, "logs")
    other = client.get(at(f"/runs/{logs}")).json()["other"]
    kinds = ["histogram", "table", "image", "text"]
    assert [(o["key"]["kind"], o["place"]) for o in other] == list(zip(kinds, range(4), strict=True))
    assert other[1]["content"]["rows"] == [[1, "x"], [2, "<b>"]]
    monkeypatch.setattr(room, "MOST_LOGGED", 400)
    cut = client.get(at(f"/runs/{logs}")).json()["other"]
    assert [o["content"] is None for o in cut] == [True] * 4
    assert client.get(at(f"/runs/{logs}/logged/3")).json()["content"] == "hello " * 100
    for wrong in ("4", "99999"):
        assert client.get(at(f"/runs/{logs}/logged/{wrong}")).status_code == 404
    assert client.get(at(f"/runs/{logs}/logged/-1")).status_code == 422


def test_an_image_is_what_its_bytes_say_and_nothing_else(client: TestClient, traced: Path) -> None:
    logs = run_of(client, "logs")
    answer = client.get(at(f"/runs/{logs}/images/2"))
    assert (answer.headers["content-type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert client.get(at(f"/runs/{logs}/images/0")).status_code == 404
    # A run that claims an image of what is a page: what it says of itself counts for nothing.
    blobs = Blobs(traced / ".assay" / "blobs")
    digests = [blobs.put(c) for c in (b"<svg onload=alert(1)>", b"<script>", b"RIFF0000WAVE")]
    with assay.run(name="claims", lab=traced, capture=False) as run:
        for digest in digests:
            run._keep("odd", "image", None, {"digest": digest, "form": "png", "bytes": 9})
    claims = run_of(client, "claims")
    for place in range(3):
        refused = client.get(at(f"/runs/{claims}/images/{place}"))
        assert (refused.status_code, refused.headers["content-type"]) == (404, "application/json")


def test_the_values_of_a_column_are_named_where_they_are_few(client: TestClient) -> None:
    rows = "id,y,p\n" + "".join(f"{i},{'late' if i % 2 else 'in time'},{i / 100}\n" for i in range(99))
    digest = client.put(at("/blobs"), content=rows.encode()).json()["digest"]
    asked = {"files": {"a.csv": digest}}
    held = client.post(at("/compare/columns"), json={**asked, "of": "y"}).json()["files"]["a.csv"]
    assert held["values"] == ["in time", "late"]
    for of in ("p", "", "none"):
        assert client.post(at("/compare/columns"), json={**asked, "of": of}).json()["files"]["a.csv"]["values"] == []
    json.dumps(held)
