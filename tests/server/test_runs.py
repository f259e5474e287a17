"""Runs over HTTP: the list by key, groups, one run, its series and files, differences, views and data versions."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import assay
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside
from tests.server.conftest import Ask, at

HERE = {"capture": False}


@pytest.fixture(scope="session")
def runs(lab: Path) -> list[str]:
    """Ids of eleven runs in the served lab: a rate of two values, an accuracy that two lack, an artifact each."""
    made = []
    with inside(lab):
        (lab / "page.html").write_text("<script>alert(1)</script>")
        for i in range(11):
            config = {"rate": (i % 2) / 10, "deep": {"i": i}}
            with assay.run(config, seed=i if i < 9 else None, lab=lab, name=f"=cmd|{i}", **HERE) as run:
                run.log({"loss/val": 1 / (i + 1)}, step=0)
                if i > 1:
                    run.log(accuracy=(i // 2) / 10)
                run.log_many("curve", [math.sin(s) if s != 777 else 9.0 for s in range(3000)])
                run.artifact("page.html", name="../<b>.html")
            made.append(run.id)
    return made


def walked(client: TestClient, **asked: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    after = ""
    while after is not None:
        page = client.get(at("/runs"), params={**asked, "after": after}).json()
        found += [r["id"] for r in page["runs"]]
        after = page["next"]
    return found


def test_names_and_values_are_those_of_all_runs_that_fit(ask: Ask, runs: list[str]) -> None:
    client = ask("viewer")
    found = client.get(at("/runs/names")).json()
    assert (found["total"], found["settings"]["deep.i"], found["metrics"]["accuracy"]) == (11, 11, 9)
    assert (found["values"]["state"], found["values"]["rate"]) == ({"finished": 11}, {"0.0": 6, "0.1": 5})
    assert found["values"]["deep.i"] == {str(i): 1 for i in range(11)}
    fewer = client.get(at("/runs/names"), params={"where": ["rate=0.1", "deep.i<2"]}).json()
    assert (fewer["total"], fewer["settings"], fewer["metrics"]) == (
        1,
        {"deep.i": 1, "rate": 1},
        {"curve": 1, "loss/val": 1},
    )
    assert fewer["values"]["deep.i"] == {"1": 1}
    assert fewer["values"]["rate"] == {"0.0": 1, "0.1": 1}
    either = client.get(at("/runs/names"), params={"where": [r"rate=~^(?:0\.0|0\.1)$", "deep.i=3"]}).json()
    assert (either["total"], either["values"]["rate"], len(either["values"]["deep.i"])) == (1, {"0.1": 1}, 11)
    assert client.get(at("/runs/names"), params={"where": "loss/val<low"}).status_code == 422


@pytest.mark.parametrize("sort", ["-started", "name", "accuracy", "-accuracy", "seed", "-seed", "max:curve", "-rate"])
@pytest.mark.parametrize("limit", [1, 2, 3, 11])
def test_pages_by_key_are_the_whole_list_in_its_order(ask: Ask, runs: list[str], sort: str, limit: int) -> None:
    client = ask("viewer")
    whole = walked(client, sort=sort, limit=1000)
    assert sorted(whole) == sorted(runs)
    assert walked(client, sort=sort, limit=limit) == whole
    page = client.get(at("/runs"), params={"sort": sort, "limit": limit}).json()
    assert page["total"] == 11
    if sort.endswith("accuracy"):
        assert set(whole[-2:]) == set(runs[:2])


def test_the_list_filters_and_leaves_columns_out(ask: Ask, runs: list[str]) -> None:
    client = ask("viewer")
    asked = {"where": ["rate=0.1", "accuracy>0.1"], "columns": ["rate", "accuracy"], "sort": "accuracy"}
    answer = client.get(at("/runs"), params=asked)
    found = answer.json()["runs"]
    assert [r["id"] for r in found] == [runs[5], runs[7], runs[9]]
    assert [set(r["params"]) for r in found] == [{"rate"}] * 3
    assert [set(r["metrics"]) for r in found] == [{"accuracy"}] * 3
    again = client.get(at("/runs"), params=asked, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "bad",
    [
        {"where": "rate"},
        {"sort": "-"},
        {"sort": "field:colour"},
        {"limit": 0},
        {"limit": 100_000},
        {"after": "x"},
        {"after": "W10"},
        {"after": "W1tbW1tbW1tbW1tb"},
        {"where": "accuracy~x"},
    ],
)
def test_what_cannot_be_asked_of_a_list(ask: Ask, runs: list[str], bad: dict[str, Any]) -> None:
    answer = ask("viewer").get(at("/runs"), params=bad)
    assert answer.status_code == 422
    assert answer.json()["error"]["what"]


def test_a_place_of_another_order_is_refused(ask: Ask, runs: list[str]) -> None:
    place = ask("viewer").get(at("/runs?limit=1")).json()["next"]
    assert ask("viewer").get(at("/runs"), params={"after": place, "sort": "name"}).status_code == 422


def test_groups_have_mean_interval_and_n_over_all(ask: Ask, runs: list[str]) -> None:
    asked = {"metric": ["accuracy", "min:curve"], "by": "rate"}
    found = ask("viewer").get(at("/runs/groups"), params=asked).json()["groups"]
    assert [g["settings"]["rate"] for g in found] == [0, 0.1]
    assert [g["count"] for g in found] == [6, 5]
    assert found[0]["metrics"]["accuracy"]["count"] == 5
    assert found[0]["metrics"]["accuracy"]["mean"] == pytest.approx((1 + 2 + 3 + 4 + 5) / 50)
    low, high = found[0]["metrics"]["accuracy"]["interval"]
    assert low < 0.3 < high
    assert ask("viewer").get(at("/runs/groups"), params={"metric": "none"}).status_code == 422
    assert ask("viewer").get(at("/runs/groups")).status_code == 422
    assert ask("viewer").get(at("/runs/groups"), params={"metric": "accuracy", "level": "nan"}).status_code == 422


def test_one_run_with_its_series(ask: Ask, runs: list[str]) -> None:
    client = ask("viewer")
    shown = client.get(at(f"/runs/{runs[3]}?points=50")).json()
    assert shown["config"]["deep"] == {"i": 3}
    assert {s["key"]["name"]: s["count"] for s in shown["series"]} == {"loss/val": 1, "accuracy": 1, "curve": 3000}
    curve = client.get(at(f"/runs/{runs[3]}/series/curve?points=100")).json()
    assert curve["count"] == 3000
    assert len(curve["steps"]) == len(curve["values"]) == len(curve["times"]) <= 100
    assert 9.0 in curve["values"]
    assert curve["values"][0] == 0
    assert client.get(at(f"/runs/{runs[3]}/series/loss/val")).json()["values"] == [0.25]
    for missing in (f"/runs/{runs[3]}/series/none", "/runs/none", "/runs/none/series/loss", "/runs/..%2f..%2flab.db"):
        answer = client.get(at(missing))
        assert (answer.status_code, answer.json()["error"]["code"]) in ((404, "missing"), (404, "assay"))
    assert client.get(at(f"/runs/{runs[3]}?points=1")).status_code == 422


def test_artifacts_are_saved_never_shown(ask: Ask, runs: list[str]) -> None:
    client = ask("viewer")
    answer = client.get(at(f"/runs/{runs[0]}/artifacts/..%2F%3Cb%3E.html"))
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"].startswith('attachment; filename="_b_.html"')
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    for other in (
        "page.html",
        "..%2f..%2fstart.json",
        "%2e%2e%2f%2e%2e%2flab.db",
        "%2fetc%2fpasswd",
        "..%5cx",
        "a%00b",
    ):
        assert client.get(at(f"/runs/{runs[0]}/artifacts/{other}")).status_code == 404


def test_runs_side_by_side_and_how_two_differ(ask: Ask, runs: list[str]) -> None:
    client = ask("viewer")
    page = client.get(at("/runs/compare"), params={"run": [runs[4], runs[1]]}).json()
    assert [r["id"] for r in page["runs"]] == [runs[4], runs[1]]
    assert client.get(at("/runs/compare"), params={"run": [runs[4], "none"]}).status_code == 404
    assert client.get(at("/runs/compare"), params={"run": ["x"] * 1001}).status_code == 422
    found = client.get(at("/runs/diff"), params={"a": runs[0], "b": runs[1]}).json()["differences"]
    assert {"part": "config", "name": "rate", "first": 0.0, "second": 0.1} in found
    assert client.get(at("/runs/diff"), params={"a": runs[0], "b": "none"}).status_code == 404


def test_views_are_their_owners(ask: Ask, lab: Path, runs: list[str]) -> None:
    scientist, admin, viewer = ask("scientist"), ask("admin"), ask("viewer")
    body = {"where": ["rate=0.1"], "sort": "-accuracy", "columns": ["accuracy"]}
    assert scientist.put(at("/views/best"), json=body).json()["owner"] == "token:scientist"
    assert [v["name"] for v in viewer.get(at("/views")).json()["views"]] == ["best"]
    assert viewer.put(at("/views/mine"), json=body).status_code == 403
    other = TestClient(
        scientist.app, base_url="http://localhost", headers={"Authorization": f"Bearer {_token(scientist, 'second')}"}
    )
    assert other.put(at("/views/best"), json=body).status_code == 403
    assert other.delete(at("/views/best")).status_code == 403
    shown = command("runs", "list", "--view", "best", "--json", "-", "--lab", lab)
    assert f'"id":"{runs[9]}"' in shown.out
    assert f'"id":"{runs[8]}"' not in shown.out
    for bad in ({"where": ["x"]}, {"sort": "-"}, {"colour": 1}):
        assert scientist.put(at("/views/bad"), json=body | bad).status_code == 422
    assert scientist.put(at("/views/-bad"), json=body).status_code == 422
    assert admin.delete(at("/views/best")).status_code == 204
    assert admin.delete(at("/views/best")).status_code == 404


def _token(client: TestClient, name: str) -> str:
    secret: str = client.app.state.access.create_token(name, ("read", "write"), 1)[0]  # type: ignore[attr-defined]
    return secret


def test_views_by_command_and_from_python(tmp_path: Path) -> None:
    lab = assay.Lab.create(tmp_path)
    made = lab.save_view("best", ["rate=0.1"], "-accuracy", "accuracy")
    assert lab.views() == (made,)
    assert "best  rate=0.1  by -accuracy" in command("view", "list", "--lab", tmp_path).out
    assert command("view", "save", "next", "--where", "x", "--lab", tmp_path).code == 2
    assert command("view", "save", "next", "--by", "rate", "--metric", "loss", "--lab", tmp_path).code == 0
    assert next(v for v in lab.views() if v.name == "next").metric == ("loss",)
    held = json.loads((tmp_path / ".assay" / "views.json").read_text())
    for view in held:
        del view["metric"]
    (tmp_path / ".assay" / "views.json").write_text(json.dumps(held))
    assert {v.metric for v in lab.views()} == {()}
    assert command("view", "remove", "next", "--lab", tmp_path).code == 0
    assert command("view", "remove", "next", "--lab", tmp_path).code == 2
    assert command("runs", "list", "--view", "next", "--lab", tmp_path).code == 2
    lab.remove_view("best")
    (tmp_path / ".assay" / "views.json").write_text("[[")
    assert "views" in command("view", "list", "--lab", tmp_path).err


def test_versions_of_data(ask: Ask, lab: Path) -> None:
    body = {"name": "flights", "digest": "sha256:" + "a" * 64, "path": "/data/flights", "files": 3, "bytes": 12}
    made = ask("scientist").post(at("/data"), json=body)
    assert (made.status_code, made.json()["version"], made.json()["new"]) == (201, 1, True)
    assert ask("scientist").post(at("/data"), json=body).json()["new"] is False
    found = ask("viewer").get(at("/data?name=flights")).json()["versions"]
    assert [(v["version"], v["files"]) for v in found] == [(1, 3)]
    assert ask("scientist").post(at("/data"), json=body | {"name": "\n"}).status_code == 422


def test_every_value_of_a_series_comes_as_csv(ask: Ask, runs: list[str]) -> None:
    client = ask("viewer")
    answer = client.get(at("/runs/values"), params={"run": [runs[3], runs[4]], "name": "curve"})
    lines = answer.text.splitlines()
    assert (answer.headers["content-disposition"], len(lines)) == ("attachment", 6001)
    assert lines[778].split(",")[:3] == [runs[3], "'=cmd|3", "curve"]
    assert [lines[i].split(",")[4] for i in (1, 2, 778)] == ["0.0", repr(math.sin(1)), "9.0"]
    assert lines[3001].split(",")[0] == runs[4]
    some = client.get(at("/runs/values"), params={"run": [runs[0], runs[5]], "name": "accuracy"}).text.splitlines()
    assert [line.split(",")[0] for line in some[1:]] == [runs[5]]
    for bad, status in (({"run": runs[0], "name": "none"}, 404), ({"run": "none", "name": "curve"}, 404), ({}, 422)):
        assert client.get(at("/runs/values"), params=bad).status_code == status


def test_who_may_write_says_which_runs_are_known_to_be_good(ask: Ask, runs: list[str]) -> None:
    place = at(f"/runs/{runs[3]}/known-good")
    assert ask("viewer").put(place, json={}).status_code == 403
    said = ask("scientist").put(place, json={"why": "published"}).json()
    assert (said["run"], said["good"], said["by"], said["why"]) == (runs[3], True, "token:scientist", "published")
    assert ask("viewer").get(at("/runs/known-good")).json() == {"runs": [said]}
    assert ask("scientist").put(place, json={"good": False}).json()["good"] is False
    assert ask("viewer").get(at("/runs/known-good")).json() == {"runs": []}
    assert ask("scientist").put(at("/runs/none/known-good"), json={}).status_code == 404
