"""Every line of the log is JSON and holds no secret; what is counted is bounded, and read as OpenMetrics says."""

from __future__ import annotations

import json
import logging
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from assay.server.app import create_app
from assay.server.listening import Served, listening
from assay.server.logs import CAUSES, Lines, lines_of_json, traced
from assay.server.settings import Settings
from tests.server.conftest import KEY, SAME, Ask, at

SECRETS = ("hunter2", "SECRET-NAME", "SECRET-CAUSE", "SECRET-HEADER")


def broken(*_: object) -> None:
    try:
        raise KeyError("SECRET-CAUSE")
    except KeyError as error:
        raise RuntimeError("password=hunter2") from error


@contextmanager
def running(served: Served) -> Iterator[None]:
    """A server in a thread, which stops at the end."""
    thread = threading.Thread(target=served.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        served.server.should_exit = True
        thread.join(30)


def test_a_server_says_everything_as_lines_of_json(
    lab: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assay.verbs.portfolio.plan", broken)
    with listening(lab, "127.0.0.1", 0, ()) as served, running(served):
        address, _, key = served.address.partition("#key=")
        own = {"Authorization": f"Bearer {key}", "X-Any": "SECRET-HEADER"}
        with httpx2.Client(base_url=address, headers=own, timeout=30) as client:
            answer = client.get("/api/v1/plans/SECRET-NAME")
            assert (answer.status_code, answer.headers["x-content-type-options"]) == (500, "nosniff")
            started = client.post("/api/v1/plans/judge", json={"name": "SECRET-NAME"}).json()["job"]
            with client.stream("GET", f"/api/v1/jobs/{started}/events") as stream:
                assert '"failed"' in stream.read().decode()
        with socket.create_connection(("127.0.0.1", served.taken.getsockname()[1])) as odd:
            odd.sendall(b"SECRET-NAME\r\n\r\n")
            assert b"400" in odd.recv(100)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("the token is sk-ant-0123456789abcdefghij", stacklevel=1)
        logging.getLogger("a.library").error("at %s", "https://ada:hunter2@example.org/")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert not any(secret in str(lines) for secret in (*SECRETS, "0123456789abcdefghij", key))
    bugs = [x for x in lines if "error" in x]
    assert [(x["error"]["type"], x["error"]["causes"][0]["type"]) for x in bugs] == [
        ("builtins.RuntimeError", "builtins.KeyError")
    ] * 2
    assert all(x["error"]["frames"][-1].endswith(" broken") for x in bugs)
    assert bugs[0]["route"] == "/api/v1/plans/{name:path}"
    assert [x["status"] for x in lines if x.get("request") == bugs[0]["request"] and "status" in x] == [500]
    assert [x["state"] for x in lines if "state" in x] == ["failed"]
    assert {"uvicorn.error", "py.warnings", "a.library"} <= {x.get("log") for x in lines}
    assert all({"time", "level"} <= set(x) for x in lines)


def test_a_thread_that_dies_is_said_and_causes_end(capsys: pytest.CaptureFixture[str]) -> None:
    with lines_of_json():
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
    assert json.loads(capsys.readouterr().err)["error"]["type"] == "builtins.RuntimeError"
    assert not [h for h in logging.getLogger().handlers if isinstance(h.formatter, Lines)]
    error: BaseException = ValueError("0")
    for i in range(20):
        outer = ExceptionGroup("all", [error]) if i % 2 else ValueError(str(i))
        outer.__cause__, error = error, outer
    said: Any = traced(error)
    depth = 0
    while "causes" in said:
        said, depth = said["causes"][0], depth + 1
    assert depth == CAUSES


def test_whatever_is_asked_the_counts_are_few_and_openmetrics(lab: Path) -> None:
    client = TestClient(create_app(Settings(lab, KEY)), base_url="http://localhost", headers=SAME)
    for i in range(30):
        client.request(f"FOO{i}", "/")
        client.request(f"BAR{i}", f"/nowhere/{i}")
        client.get(f"/api/v1/nowhere{i}")
        client.get("/", headers={"Host": f"evil{i}.example"})
    client.get(at("/plans/none"), headers={"Authorization": f"Bearer {KEY}"})
    shown = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    families = {f.name: f for f in text_string_to_metric_families(shown)}
    assert {f.name: (f.type, f.unit) for f in families.values()} == {
        "assay_requests": ("counter", ""),
        "assay_request_seconds": ("counter", "seconds"),
        "assay_jobs": ("gauge", ""),
    }
    counted = {tuple(s.labels.values()): s.value for s in families["assay_requests"].samples}
    assert counted == {
        ("other", "/", "405"): 30,
        ("other", "unmatched", "404"): 30,
        ("GET", "unmatched", "404"): 30,
        ("GET", "unmatched", "400"): 30,
        ("GET", "/api/v1/plans/{name:path}", "404"): 1,
    }
    assert all(f.documentation for f in families.values())


def test_the_log_names_who_asked(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    with lines_of_json():
        ask("viewer").get(at("/plans"))
        ask("viewer").post(at("/users"), json={})
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = [(x["status"], x["who"]) for x in found if x.get("request")]
    assert said == [(200, "token:viewer"), (403, "token:viewer")]
