"""What an attacker tries: paths, links, headers, bombs, deep nesting, formulas, pickles, addresses to be fetched."""

from __future__ import annotations

import ast
import csv
import gzip
import io
import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import assay
from assay.base.cells import csv_lines
from assay.server import workspace
from assay.server.app import API
from assay.server.logs import Lines
from assay.store import Identity
from tests.server.conftest import KEY, Ask, at
from tests.server.test_access import address, routes
from tests.server.test_routes import finished
from tests.verbs.scenes import plan, put

SOURCES = sorted(Path(assay.__file__).parent.rglob("*.py"))
PATHS = (
    "../lab.db",
    "..%2flab.db",
    "%2e%2e%2flab.db",
    "..%252flab.db",
    "%252e%252e%252flab.db",
    "..%5clab.db",
    "..\\lab.db",
    "a%00b",
    "%2fetc%2fpasswd",
    "//etc/passwd",
    "....//lab.db",
    "%c0%ae%c0%ae/lab.db",
    ".owner",
    "lnk",
)
OPTIONS = {"on": "id", "target": "y", "metrics": "auc"}
SECRETS = (b"SQLite format", b"root:", b"KEY-OF-ELSEWHERE")


def with_parts() -> list[tuple[str, str]]:
    return [(m, p) for m, p, _ in routes() if "{" in p]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_lab(ask: Ask, lab: Path, tmp_path: Path, path: str) -> None:
    client = ask("admin")
    secret = tmp_path / "secret"
    secret.write_bytes(SECRETS[2])
    link = lab / ".assay" / "blobs" / "lnk"
    if not link.is_symlink():
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(secret)
    for method, declared in with_parts():
        if method not in ("GET", "HEAD"):
            continue
        asked = re.sub(r"\{[^}]+\}", lambda _: path, declared)
        answer = client.request(method, asked)
        assert answer.status_code in (200, 400, 404, 405, 409, 422, 503), (asked, answer.status_code)
        assert not any(found in answer.content for found in SECRETS), asked


def test_a_segment_that_is_a_link_is_not_followed(ask: Ask, lab: Path, tmp_path: Path) -> None:
    client = ask("scientist")
    run = "20261121-100000-0000aaaa"
    assert client.put(at(f"/runs/{run}"), json=start(run)).status_code == 201
    target = tmp_path / "target"
    target.write_text("kept")
    (lab / ".assay" / "runs" / run / "x.seg").symlink_to(target)
    assert client.put(at(f"/runs/{run}/files/x.seg?offset=0"), content=b"abc").status_code == 503
    assert target.read_text() == "kept"
    for name in ("start.json", "end.json", ".x.seg", "..%2fx.seg", "x.py", "-x.seg", ".owner"):
        assert client.put(at(f"/runs/{run}/files/{name}?offset=0"), content=b"abc").status_code in (404, 405, 422)


def start(run: str, **changed: Any) -> dict[str, Any]:
    """What a run says at its start."""
    said = {"type": "assay.run.start", "schema": 1, "id": run, "name": "n", "experiment": "", "started": 1.0}
    return {**said, "host": "h", "user": "u", "pid": 1, "command": ["c"], "folder": "/f", "config": {}, **changed}


def test_a_run_over_http_is_its_owners_and_says_what_a_run_says(ask: Ask, lab: Path) -> None:
    mine, admin, viewer = ask("scientist"), ask("admin"), ask("viewer")
    run = "20261121-100000-0000bbbb"
    where = at(f"/runs/{run}")
    assert viewer.put(where, json=start(run)).status_code == 403
    assert mine.put(where, json=start(run)).status_code == 201
    assert mine.put(where, json=start(run)).status_code == 200
    assert mine.put(where, json=start(run, name="other")).status_code == 409
    assert admin.put(where, json=start(run)).status_code == 403
    assert admin.put(f"{where}/files/a.seg?offset=0", content=b"x").status_code == 403
    assert mine.put(f"{where}/files/a.seg?offset=1", content=b"x").status_code == 409
    assert mine.put(f"{where}/files/a.seg?offset=0", content=b"xyz").json() == {"size": 3}
    assert mine.put(f"{where}/files/a.seg?offset=0", content=b"xy").json() == {"size": 3}
    assert mine.put(f"{where}/files/a.seg?offset=1", content=b"yz!").json() == {"size": 4}
    assert mine.put(f"{where}/files/a.seg?offset=0", content=b"abc").status_code == 409
    assert (lab / ".assay" / "runs" / run / "a.seg").read_bytes() == b"xyz!"
    assert mine.put(f"{where}/files/a.seg?offset=-1", content=b"x").status_code == 422
    assert mine.put(f"{where}/files/a.seg?offset=4", content=b"x" * (17 << 20)).status_code == 413
    end = {"type": "assay.run.end", "schema": 1, "state": "finished", "ended": 2.0, "seconds": 1.0}
    assert admin.put(f"{where}/end", json=end).status_code == 403
    assert mine.put(f"{where}/end", json=end).status_code == 201
    assert mine.put(f"{where}/end", json=end).status_code == 200
    assert mine.put(f"{where}/end", json={**end, "state": "failed"}).status_code == 409
    for wrong in ({"name": ["x"]}, {"pid": -2}, {"config": 3}, {"colour": 1}, {"schema": 2}, {"code": "../x"}):
        other = "20261121-100000-0000cccc"
        assert mine.put(at(f"/runs/{other}"), json=start(other, **wrong)).status_code == 422
    assert mine.put(at("/runs/x"), json=start("x")).status_code == 422
    assert mine.put(at("/runs/x"), json=start(run)).status_code == 422
    # A run that this machine made is nobody's over HTTP.
    with assay.run(lab=lab, capture=False) as local:
        local.log(x=1.0)
    assert mine.put(at(f"/runs/{local.id}/files/a.seg?offset=0"), content=b"x").status_code == 403


def test_every_answer_has_its_headers(app_client: TestClient, ask: Ask) -> None:
    viewer = ask("viewer")
    for client, path in ((app_client, "/healthz"), (app_client, at("/plans")), (viewer, at("/plans")), (viewer, "/x")):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    refused = app_client.get("/healthz", headers={"Host": "evil.example"})
    assert (refused.status_code, refused.headers["x-content-type-options"]) == (400, "nosniff")
    assert app_client.get("/healthz", headers={"Host": "testserver"}).status_code == 400


def test_deep_nesting_is_refused(ask: Ask) -> None:
    client = ask("admin")
    deep = "[" * 100_000 + "]" * 100_000
    for method, path, scope in routes():
        if scope is None or method not in ("POST", "PUT"):
            continue
        answer = client.request(method, address(path), content=deep, headers={"Content-Type": "application/json"})
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text[:300])
    config: Any = 1
    for _ in range(200):
        config = {"a": config}
    run = "20261121-100000-0000dddd"
    assert client.put(at(f"/runs/{run}"), json=start(run, config=config)).status_code == 422
    yaml = "a: " + "[" * 5000 + "]" * 5000
    found = client.post(at("/plans/check"), json={"text": yaml}).json()
    assert found.get("problems") or found.get("error")


def test_bombs_are_refused(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = ask("scientist")
    packed = gzip.compress(b"0" * (64 << 20))
    kept = client.put(at("/blobs"), content=packed, headers={"Content-Encoding": "gzip"}).json()["digest"]
    assert client.get(at(f"/blobs/{kept}")).headers["content-length"] == str(len(packed))
    put(tmp_path, ending=".parquet")
    names = ("base.parquet", "cand.parquet")
    files = {n: client.put(at("/blobs"), content=(tmp_path / n).read_bytes()).json()["digest"] for n in names}
    body = {"files": files, "order": list(files), "options": OPTIONS | {"score": "p"}}
    assert finished(client, client.post(at("/compare"), json=body))["state"] == "done"
    for limit in ("MOST_ROWS", "MOST_UNPACKED"):
        with monkeypatch.context() as patch:
            patch.setattr(workspace, limit, 100)
            failed = finished(client, client.post(at("/compare"), json=body))["result"]
        assert "at most" in failed["error"]["rule"]
    bad = client.put(at("/blobs"), content=b"PAR1" + packed).json()["digest"]
    failed = finished(client, client.post(at("/compare"), json=body | {"files": dict.fromkeys(files, bad)}))["result"]
    assert failed["error"]["code"] == "input"
    zipped = client.put(at("/blobs"), content=gzip.compress((tmp_path / "base.parquet").read_bytes())).json()["digest"]
    both = {"a.csv": zipped, "b.csv": zipped}
    failed = finished(client, client.post(at("/compare"), json=body | {"files": both, "order": list(both)}))["result"]
    assert failed["error"]["code"] == "input"


class Evil:
    """What unpickling would execute."""

    def __reduce__(self) -> Any:
        return Path.touch, (Path("/tmp/assay-was-unpickled"),)


def test_a_pickle_is_never_loaded(ask: Ask, tmp_path: Path) -> None:
    client = ask("scientist")
    digest = client.put(at("/blobs"), content=pickle.dumps(Evil())).json()["digest"]
    for name in ("x.pkl", "x.pickle", "x.npy", "x.joblib", "x.parquet", "x.csv", "x.json"):
        body = {
            "files": {name: digest},
            "order": [name, name],
            "options": OPTIONS,
        }
        answer = client.post(at("/compare"), json=body)
        assert answer.status_code == 422 or finished(client, answer)["state"] == "failed"
    assert not Path("/tmp/assay-was-unpickled").exists()


FORBIDDEN = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}


def test_no_source_can_unpickle() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {n.partition(".")[0] for n in names} & FORBIDDEN, path
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.load", "torch.load"):
                assert "allow_pickle" in [k.arg for k in node.keywords], path


FETCHERS = {"urllib.request", "http.client", "httpx", "httpx2", "requests", "aiohttp", "urllib3"}


def test_the_server_fetches_nothing(ask: Ask) -> None:
    """No route takes an address, and nothing that the server is made of could fetch one, so that none can be forged."""
    described = ask("viewer").get(f"{API}/openapi.json").json()
    named = set(re.findall(r'"(?:name|title)": "([^"]+)"', json.dumps(described)))
    assert not {n for n in named if re.search(r"\b(url|uri|href|link|webhook|address)\b", n.lower())}
    for path in SOURCES:
        room = path.relative_to(Path(assay.__file__).parent).parts[0]
        if room not in ("server", "verbs", "flows", "store", "report"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not set(names) & FETCHERS, path
    digest = upload_text(ask("scientist"), "x")
    for address_ in (
        "http://169.254.169.254/latest",
        "http://localhost:22/",
        "s3://bucket/x.parquet",
        "https://x/y.csv",
    ):
        body = {
            "files": {address_: digest},
            "order": [address_, address_],
            "options": OPTIONS,
        }
        answer = ask("scientist").post(at("/compare"), json=body)
        assert answer.status_code == 422 or finished(ask("scientist"), answer)["state"] == "failed"
        asked = plan(baseline={"name": "base", "file": address_, "score": "p", "why": "w"})
        found = ask("scientist").post(at("/plans/check"), json={"text": json.dumps(asked)})
        assert found.status_code in (200, 422)


def upload_text(client: TestClient, text: str) -> str:
    digest: str = client.put(at("/blobs"), content=text.encode()).json()["digest"]
    return digest


def test_csv_is_written_in_one_place_where_no_cell_is_a_formula() -> None:
    """Cells that begin with = + - @ would be formulas; what the page saves is made in the browser, and tested there."""
    hostile = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A0", "−x"]
    for text, [cell] in zip(hostile, csv.reader(io.StringIO(csv_lines([t] for t in hostile), newline="")), strict=True):
        assert cell == (f"'{text}" if text != "−x" else text)
    assert csv_lines([["-1.5", "−2", "+3", "1e-3", "a,b"]]) == '-1.5,-2,+3,1e-3,"a,b"\r\n'
    for path in SOURCES:
        if path.name == "cells.py":
            continue
        text = path.read_text("utf-8")
        assert "csv.writer" not in text, path
        assert ".to_csv" not in text, path
        assert "FORMAT CSV" not in text.upper().replace("(", " ").replace("'", ""), path


def test_the_log_holds_no_secret(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "assay.server"):
        ask("key").get(at("/runs?where=token=SECRET-IN-QUERY"))
        ask("key").post(at("/session"), json={"name": "x", "password": "SECRET-PASSWORD"})
        ask("key").get(at("/plans/SECRET-IN-PATH"))
    lines = [json.loads(Lines().format(r)) for r in caplog.records if r.name == "assay.server"]
    assert [(x["method"], x["route"]) for x in lines][:2] == [("GET", f"{API}/runs"), ("POST", f"{API}/session")]
    assert lines[0]["who"] == Identity.current().user
    assert set(lines[0]) == {"time", "request", "level", "method", "route", "status", "ms", "who"}
    assert "SECRET" not in str(lines)
    assert KEY not in str(lines)


def test_a_bug_says_nothing_of_the_inside(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr("assay.verbs.portfolio.plan", broken)
    answer = ask("viewer").get(at("/plans/late"))
    assert answer.status_code == 500
    assert "/secret/path" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_parts_of_a_download_are_not_cut(ask: Ask) -> None:
    content = bytes(range(256)) * 5000
    digest = ask("scientist").put(at("/blobs"), content=content).json()["digest"]
    assert ask("scientist").get(at(f"/blobs/{digest}")).content == content


@pytest.mark.parametrize(
    ("asked", "status", "sent"),
    [
        ("bytes=0-3", 206, (0, 4)),
        ("bytes=996-", 206, (996, 1000)),
        ("bytes=-5", 206, (995, 1000)),
        ("bytes=-5000", 206, (0, 1000)),
        ("bytes=990-5000", 206, (990, 1000)),
        ("bytes=0-0", 206, (0, 1)),
        ("bytes=1000-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=5-3", 200, (0, 1000)),
        ("bytes=0-3,5-6", 200, (0, 1000)),
        ("bytes=-", 200, (0, 1000)),
        ("lines=0-3", 200, (0, 1000)),
        ("bytes=x-3", 200, (0, 1000)),
    ],
)
def test_a_part_of_a_blob_is_what_was_asked_for(
    ask: Ask, asked: str, status: int, sent: tuple[int, int] | None
) -> None:
    content = bytes(i % 251 for i in range(1000))
    digest = ask("scientist").put(at("/blobs"), content=content).json()["digest"]
    answer = ask("scientist").get(at(f"/blobs/{digest}"), headers={"Range": asked})
    assert answer.status_code == status
    if sent is None:
        assert (answer.headers["content-range"], answer.json()["error"]["code"]) == ("bytes */1000", "input")
        return
    assert answer.content == content[slice(*sent)]
    said = f"bytes {sent[0]}-{sent[1] - 1}/1000" if status == 206 else None
    assert (answer.headers.get("content-range"), answer.headers["accept-ranges"]) == (said, "bytes")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_blob_is_not_sent_again_and_no_range_of_another_content_is(ask: Ask) -> None:
    digest = ask("scientist").put(at("/blobs"), content=b"0123456789").json()["digest"]
    get, tag = ask("scientist").get, f'"{digest}"'
    for known in (tag, f'"x", W/{tag}', "*"):
        again = get(at(f"/blobs/{digest}"), headers={"If-None-Match": known, "Range": "bytes=0-3"})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get(at(f"/blobs/{digest}"), headers={"If-None-Match": '"x"'}).content == b"0123456789"
    for whose, sent in ((tag, b"0123"), ('"x"', b"0123456789")):
        answer = get(at(f"/blobs/{digest}"), headers={"Range": "bytes=0-3", "If-Range": whose})
        assert answer.content == sent
