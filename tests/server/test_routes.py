"""The story of a plan over HTTP, and what each route answers to bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from assay.report.portfolio import plan_path
from assay.server.app import create_app
from assay.server.settings import Settings
from tests.helpers.runs import assay, compared
from tests.server.conftest import KEY, Ask, at
from tests.verbs.scenes import KEYS, data, plan, put, scene, told, write_plan


def upload(client: TestClient, folder: Path) -> dict[str, str]:
    """Base and candidate as blobs: name -> digest."""
    return {
        name: client.put(at("/blobs"), content=(folder / name).read_bytes()).json()["digest"]
        for name in ("base.csv", "cand.csv")
    }


def finished(client: TestClient, started: Any) -> dict[str, Any]:
    """The end of a job, from its stream of events."""
    assert started.status_code == 202, started.text
    job = started.json()["job"]
    with client.stream("GET", at(f"/jobs/{job}/events")) as stream:
        events = [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.startswith("data: ")]
    assert events[-1] in ({"state": "done"}, {"state": "failed"})
    found: dict[str, Any] = client.get(at(f"/jobs/{job}")).json()
    assert found["state"] == events[-1]["state"]
    return found


def test_plans_are_listed_by_page_and_with_a_tag(ask: Ask) -> None:
    client = ask("viewer")
    answer = client.get(at("/plans"))
    assert [(p["name"], p["state"], p["version"]) for p in answer.json()["plans"]][:1] == [("late", "adopt", 1)]
    again = client.get(at("/plans"), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(at("/plans?after=late")).json()["plans"] == [
        p for p in answer.json()["plans"] if p["name"] > "late"
    ]
    assert client.get(at("/plans?limit=0")).status_code == 422
    shown = client.get(at("/plans/late")).json()
    assert shown["plan"]["claims"][0]["metric"] == "log_loss"
    assert len(shown["versions"]) == len(shown["judged"]) == 1
    matrix = client.get(at("/plans/late/coverage")).json()
    assert [(c["model"], c["state"], c["source"]) for c in matrix["coverage"]["cells"]] == [
        ("base", "finished", "base.csv"),
        ("cand", "finished", "cand.csv"),
    ]
    assert matrix["page"]["title"] == "The matrix of late"
    assert client.get(at("/plans/lat/coverage")).status_code == 404
    power = client.get(at("/plans/late/power")).json()
    assert {c["why"] for c in power["power"]["claims"]} == {
        "the plan declares no standard deviation of it (sd), and no pilot is given"
    }
    assert power["page"]["title"] == "Power of late"
    assert client.get(at("/plans/lat/power")).status_code == 404
    wrong = client.get(at("/plans/lat"))
    assert wrong.status_code == 404
    assert wrong.json()["error"]["fix"] == "did you mean 'late'?"


def test_evidence_with_its_judgement_memo_and_recheck(ask: Ask, lab: Path) -> None:
    client = ask("viewer")
    identity = client.get(at("/plans/late")).json()["evidence"]
    found = client.get(at(f"/evidence/{identity}")).json()
    assert found["judgement"]["recommendations"][0]["action"] == "adopt"
    assert found["memo"]["blocks"]
    stored = next((lab / ".assay" / "evidence").glob("late-*"))
    page = client.get(at(f"/evidence/{identity[7:19]}/memo"))
    assert page.content == (stored / "memo.html").read_bytes()
    assert "sandbox" in page.headers["content-security-policy"]
    assert client.get(at(f"/evidence/{identity}/memo?form=pdf")).status_code == 422
    assert finished(client, client.post(at(f"/evidence/{identity}/recheck")))["result"]["ok"] is True
    assert client.get(at("/evidence/sha256:00")).status_code == 404
    assert client.get(at("/evidence/..%2F..%2Fetc")).status_code == 404


def test_from_a_draft_to_a_verdict(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    put(tmp_path, data(seed=3, start=5000))
    files = upload(client, tmp_path)
    bad = json.dumps(plan(name="served", colour="red"))
    assert "colour" in client.post(at("/plans/check"), json={"text": bad, "files": files}).json()["problems"][0]["what"]
    assert "question" in client.post(at("/plans/template")).json()["text"]
    body = {"text": json.dumps(plan(name="served", data=plan()["data"] | {"name": "other"})), "files": files}
    assert client.post(at("/plans/check"), json=body).json()["problems"] == []
    early = finished(client, client.post(at("/plans/judge"), json=body))
    assert early["result"]["error"]["code"] == "frozen"
    frozen = client.post(at("/plans/freeze"), json=body).json()
    assert (frozen["version"], frozen["fresh"]) == (1, True)
    key = {"Idempotency-Key": "once"}
    first, second = (client.post(at("/plans/judge"), json=body, headers=key) for _ in range(2))
    assert first.json() == second.json()
    done = finished(client, first)
    with client.stream("GET", at(f"/jobs/{first.json()['job']}/events")) as stream:
        steps = [json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: ")]
    assert {"step": "infer", "total": 6, "done": 6} in steps
    assert done["result"]["recommendations"]["cand"] in ("adopt", "iterate", "stop", "hold")
    shown = client.get(at("/plans/served")).json()
    assert shown["evidence"] == done["result"]["evidence"]
    assert [v["frozen_by"] for v in shown["versions"]] == ["token:scientist"]
    looks = client.get(at("/ledger?kind=look.read")).json()["entries"]
    own = [e["payload"]["read_by"] for e in looks if e["payload"]["evidence"] == shown["evidence"]]
    assert own == ["token:scientist"]
    assert finished(client, client.post(at("/plans/judge"), json=body))["result"]["stored"] is True
    edited = {**body, "text": json.dumps(plan(name="served", data=plan()["data"] | {"name": "other"}, owner="Eve"))}
    assert client.post(at("/plans/freeze"), json=edited).status_code == 409


def test_a_plan_is_judged_by_its_name_on_what_was_uploaded_once(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    put(tmp_path, data(seed=4, start=9000))
    files = upload(client, tmp_path)
    frozen = {"text": json.dumps(plan(name="kept", data=plan()["data"] | {"name": "more"})), "files": files}
    assert client.post(at("/plans/freeze"), json=frozen).status_code == 200
    held = client.get(at("/plans/kept")).json()["files"]
    assert held == [{"name": n, "digest": d, "kept": True} for n, d in files.items()]
    done = finished(ask("scientist"), client.post(at("/plans/judge"), json={"name": "kept"}))["result"]
    assert (done["plan"], done["stored"]) == ("kept", False)
    again = finished(client, client.post(at("/plans/judge"), json=frozen))["result"]
    assert (again["evidence"], again["stored"]) == (done["evidence"], True)
    unknown = finished(client, client.post(at("/plans/judge"), json={"name": "nowhere"}))
    assert "no plan 'nowhere' is frozen" in unknown["result"]["error"]["what"]


def test_a_plan_that_names_files_of_this_machine_is_not_judged_over_http(tmp_path: Path) -> None:
    put(tmp_path)
    for name in ("base", "cand"):
        (tmp_path / f"{name}.csv").rename(tmp_path / f"{name}-here.csv")
    assert assay("init", tmp_path).code == 0
    changed = {"baseline": {**plan()["baseline"], "file": str(tmp_path / "base-here.csv")}}
    path = write_plan(tmp_path, plan(**changed, candidates=[{"name": "cand", "file": "cand-here.csv", "score": "p"}]))
    assert assay("plan", "freeze", path, "--lab", tmp_path).code == 0
    with TestClient(create_app(Settings(tmp_path, KEY)), base_url="http://localhost") as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        files = {
            "cand-here.csv": client.put(at("/blobs"), content=(tmp_path / "cand-here.csv").read_bytes()).json()[
                "digest"
            ]
        }
        failed = finished(client, client.post(at("/plans/judge"), json={"name": "late", "files": files}))
        assert "below the plan's folder" in failed["result"]["error"]["rule"]


def test_a_milestone_is_done_by_who_is_logged_in(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    put(tmp_path, data(seed=6, start=70_000))
    steps = [{"date": "2026-01-15", "what": "pilot"}, {"date": "2026-01-16", "what": "launch"}]
    made = plan(name="late/dated", milestones=steps, data=plan()["data"] | {"name": "dated"})
    body = {"text": json.dumps(made), "files": upload(client, tmp_path)}
    assert client.post(at("/plans/freeze"), json=body).status_code == 200
    place = at("/plans/late%2Fdated/done")
    assert ask("reviewer").post(place, json={"milestone": "pilot"}).status_code == 403
    first = client.post(place, json={"milestone": "2026-01-15 pilot", "note": "it went well"}).json()
    assert (first["done_by"], first["note"], first["fresh"]) == ("token:scientist", "it went well", True)
    again = ask("admin").post(place, json={"milestone": "pilot"}).json()
    assert again == {**first, "fresh": False}
    wrong = client.post(place, json={"milestone": "pilto"})
    assert (wrong.status_code, wrong.json()["error"]["fix"]) == (404, "did you mean 'pilot'?")
    assert client.post(place, json={"milestone": "pilot", "note": "x" * 10_001}).status_code == 422
    brief = next(p for p in client.get(at("/plans?after=late/d")).json()["plans"] if p["name"] == "late/dated")
    assert [(m["what"], m["done_by"]) for m in brief["milestones"]] == [("pilot", "token:scientist"), ("launch", "")]


def test_a_plan_whose_name_holds_a_slash_opens_like_any_other(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    put(tmp_path, data(seed=3, start=5000))
    body = {"text": json.dumps(plan(name="late/<b>2026</b>")), "files": upload(client, tmp_path)}
    assert client.post(at("/plans/freeze"), json=body).status_code == 200
    place = f"/plans/{quote('late/<b>2026</b>', safe='')}"
    assert client.get(at(place)).json()["name"] == "late/<b>2026</b>"
    assert client.get(at(f"{place}/coverage")).json()["page"]["title"] == "The matrix of late/<b>2026</b>"


def test_a_plans_power_and_the_columns_of_files(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    put(tmp_path)
    files = upload(client, tmp_path)
    claims = [{"name": "right", "metric": "accuracy", "kind": "better", "minimal_effect": 0.05, "sd": 0.4}]
    body = {"text": json.dumps(plan(claims=claims, guardrails=[])), "files": files, "units": 600}
    found = client.post(at("/plans/power"), json=body).json()
    assert found["power"]["claims"][0]["needed"] > 100
    assert any("<svg" in b.get("svg", "") for b in found["page"]["blocks"])
    assert client.post(at("/plans/power"), json={**body, "text": json.dumps(plan())}).status_code == 422
    held = client.post(at("/compare/columns"), json={"files": files}).json()["files"]
    assert held["base.csv"]["rows"] == 300
    assert list(held["base.csv"]["columns"]) == ["id", "y", "region", "ms", "p"]
    names = {m["name"]: m for m in client.get(at("/catalogue/metrics")).json()["metrics"]}
    assert names["log_loss"]["direction"] == "lower"


def test_comparing_gives_what_the_command_prints(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    put(tmp_path)
    files = upload(client, tmp_path)
    options = {"on": "id", "target": "y", "metrics": ["auc", "log_loss"], "score": "p", "slices": "region"}
    body = {"files": files, "order": ["base.csv", "cand.csv"], "options": options}
    result = finished(client, client.post(at("/compare"), json=body))["result"]
    more = ("--metric", "auc", "--metric", "log_loss", "--score", "p", "--slice", "region")
    assert result == compared(tmp_path / "base.csv", tmp_path / "cand.csv", *KEYS, *more)
    shown = finished(client, client.post(at("/compare"), json=body | {"page": True}))["result"]
    assert shown["comparison"] == result
    assert any("<svg" in b.get("svg", "") for b in shown["page"]["blocks"])
    failed = finished(client, client.post(at("/compare"), json=body | {"options": options | {"target": "z"}}))
    assert failed["result"]["error"]["code"] == "input"
    assert client.post(at("/compare"), json=body | {"options": {"colour": 1}}).status_code == 422
    assert client.post(at("/compare"), json=body | {"order": ["nowhere.csv"]}).status_code == 422


@pytest.mark.parametrize(
    "name", ["../x.csv", "/etc/passwd", "a/../../x", "..\\x", "a\0b", "", "C:\\x", "a/..", "%2e%2e/x\n"]
)
def test_names_that_leave_the_workspace_are_refused(ask: Ask, tmp_path: Path, name: str) -> None:
    client = ask("scientist")
    put(tmp_path)
    digest = upload(client, tmp_path)["base.csv"]
    answer = client.post(at("/plans/check"), json={"text": json.dumps(plan()), "files": {name: digest}})
    assert answer.status_code == 422
    assert answer.json()["error"]["what"]


def test_blobs_up_and_down(ask: Ask) -> None:
    client = ask("scientist")
    content = b"<script>alert(1)</script>" * 100_000
    digest = client.put(at("/blobs"), content=content).json()["digest"]
    assert client.put(at("/blobs"), content=content).json()["digest"] == digest
    answer = client.get(at(f"/blobs/{digest}"))
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert client.head(at(f"/blobs/{digest}")).status_code == 200
    missing = "sha256:" + "1" * 64
    assert client.head(at(f"/blobs/{missing}")).status_code == 404
    assert client.get(at(f"/blobs/{missing}")).json()["error"]["code"] == "access"
    for odd in ("sha256:..%2f..%2fetc", "%2e%2e%2flab.db", "sha256:" + "G" * 64):
        assert client.get(at(f"/blobs/{odd}")).status_code in (404, 422)


def test_jobs_are_seen_by_who_asked(ask: Ask, tmp_path: Path) -> None:
    put(tmp_path)
    files = upload(ask("scientist"), tmp_path)
    options = {"on": "id", "target": "y", "metrics": "auc", "score": "p"}
    body = {"files": files, "order": list(files), "options": options}
    started = ask("scientist").post(at("/compare"), json=body)
    assert ask("admin").get(at(f"/jobs/{started.json()['job']}")).status_code == 404
    finished(ask("scientist"), started)


def test_the_ledger_by_page(ask: Ask) -> None:
    client = ask("viewer")
    first = client.get(at("/ledger?limit=2")).json()
    assert [e["kind"] for e in first["entries"]] == ["lab.created", "plan.frozen"]
    rest = client.get(at(f"/ledger?after={first['next']}&kind=look.read")).json()
    assert {e["kind"] for e in rest["entries"]} == {"look.read"}
    assert client.post(at("/ledger/verify")).json()["ok"] is True


def test_health_metrics_and_the_page(app_client: TestClient, ask: Ask) -> None:
    assert app_client.get("/healthz").json()["status"] == "ok"
    assert app_client.get("/readyz").json() == {"status": "ready"}
    shown = ask("viewer").get("/metrics")
    assert shown.headers["content-type"].startswith("application/openmetrics-text")
    assert shown.text.endswith("# EOF\n")
    assert 'route="/healthz"' in shown.text
    page = app_client.get("/")
    assert "text/html" in page.headers["content-type"]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for missing in ("/assets/none.js", "/assets/..%2fapp.py", "/assets/%2e%2e%2f%2e%2e%2fapp.py", "/index.php"):
        answer = app_client.get(missing)
        assert answer.status_code == 404
        assert "<html" not in answer.text.lower()


def test_every_screen_is_one_page_and_a_missing_asset_is_none(app_client: TestClient) -> None:
    page = app_client.get("/")
    for path in ("/plans/late", "/plans/a%2Fb", "/evidence/00", "/runs?where=state%3Dfinished", "/ledger", "/settings"):
        assert app_client.get(path).content == page.content
    assets = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page.text)
    assert len(assets) == 3
    for path in assets:
        found = app_client.get(path)
        assert (found.status_code, "immutable" in found.headers["cache-control"]) == (200, True)
    assert "style=" not in page.text
    assert not re.search(r"<script(?![^>]*src=)", page.text)
    assert app_client.get("/nowhere").status_code == 404
    person = app_client.get("/nowhere%3Cb%3E", headers={"Accept": "text/html"})
    assert (person.status_code, "There is nothing here" in person.text, "nowhere" in person.text) == (404, True, False)
    assert app_client.get("/api/v1/nowhere", headers={"Accept": "text/html"}).json()["error"]["fix"]


def test_a_file_that_a_page_asks_for_is_never_the_page(app_client: TestClient) -> None:
    """A plan may be named as a file is: who opens it gets the page, what loads it as a file does not."""
    shown = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = app_client.get("/").content
    for path in ("/plans/app-123.js", "/plans/a%2Fstyle.css", "/plans/late.v2", "/runs/main.js", "/evidence/x.css"):
        for asked in ({}, {"Accept": "text/css,*/*;q=0.1"}, {**shown, "Sec-Fetch-Dest": "script"}):
            answer = app_client.get(path, headers=asked)
            assert (answer.status_code, answer.content == page) == (404, False), (path, asked)
        for opened in (shown, {**shown, "Sec-Fetch-Dest": "document"}):
            answer = app_client.get(path, headers=opened)
            assert (answer.status_code, answer.content == page) == (200, True), path
            assert "Sec-Fetch-Dest" in answer.headers["vary"]


def test_a_site_is_written_once_and_its_links_lead_somewhere(lab: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    run = assay("export", "site", folder, "--lab", lab)
    assert run.code == 0, run.err
    names = {p.name for p in folder.iterdir()}
    assert {"index.html", plan_path("late")} <= names
    links = {h for name in names for h in re.findall(r'<a href="([^"]+)"', (folder / name).read_text())}
    assert links
    assert {h for h in links if not h.startswith("data:")} <= names
    again = assay("export", "site", folder, "--lab", lab)
    assert (again.code, "is there already" in again.err) == (2, True)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&"
    path = scene(tmp_path, question=evil, owner=evil, hypothesis=evil)
    told(path)
    run = assay("export", "site", tmp_path / "site", "--lab", tmp_path)
    assert run.code == 0, run.err
    for page in (tmp_path / "site").iterdir():
        assert "<img" not in page.read_text()
        assert "&lt;img src=x" in page.read_text()


def test_a_lab_without_plans_says_what_comes_first(tmp_path: Path) -> None:
    assert assay("init", tmp_path).code == 0
    assert assay("plan", "list", "--lab", tmp_path).out.startswith("no plan is frozen")
    assert assay("export", "site", tmp_path / "site", "--lab", tmp_path).code == 0
    assert "assay plan new" in (tmp_path / "site" / "index.html").read_text()


@pytest.mark.parametrize("secret", ["/etc/passwd", "../secret.csv", "a/../../secret.csv"])
def test_a_plan_reads_no_other_file_of_the_machine(ask: Ask, lab: Path, secret: str) -> None:
    base = {"name": "base", "file": secret, "score": "p", "why": "in production"}
    texts = [
        json.dumps(plan(baseline=base)),
        json.dumps(plan(candidates=[{"name": "cand", "file": secret, "score": "p"}])),
        json.dumps(plan(data=plan()["data"] | {"qrels": secret})),
        f"x: &f {secret}\nbaseline: {{file: *f}}\ncolour: red\n",
    ]
    for text in texts:
        answer = ask("viewer").post(at("/plans/check"), json={"text": text, "files": {}})
        assert answer.status_code == 422 or all("root:" not in p["what"] for p in answer.json()["problems"])
        assert "root:" not in answer.text
    for text in texts[:3]:
        for route in ("/plans/check", "/plans/freeze"):
            answer = ask("scientist").post(at(route), json={"text": text, "files": {}})
            assert answer.status_code == 422
            assert "below the plan's folder" in answer.json()["error"]["rule"]
        failed = finished(ask("scientist"), ask("scientist").post(at("/plans/judge"), json={"text": text, "files": {}}))
        assert failed["state"] == "failed"
        assert "below the plan's folder" in failed["result"]["error"]["rule"]


def test_a_comparison_reads_no_other_file_of_the_machine(ask: Ask, tmp_path: Path) -> None:
    put(tmp_path)
    client = ask("scientist")
    files = upload(client, tmp_path)
    options = {"on": "id", "target": "y", "metrics": "auc", "score": "p"}
    secret = str(tmp_path / "base.csv")
    for more, order in (
        ({"baseline": secret}, list(files)),
        ({"candidates": [secret]}, ["base.csv"]),
        ({"baseline": secret, "candidates": [secret]}, list(files)),
        ({"qrels": secret, "query": "id"}, list(files)),
    ):
        body = {"files": files, "order": order, "options": options | more}
        assert client.post(at("/compare"), json=body).status_code == 422
