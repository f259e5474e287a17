"""`assay looks`: what was spent on which data, by whom, and what is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import assay as package
from assay.base.errors import LookError
from tests.helpers.runs import assay
from tests.verbs.scenes import data, events, frozen, judged, plan, put, scene, told, write_plan
from tests.verbs.test_looks import NULL, TWO, grown, rival, second_look


def looks(folder: Path, dataset: str) -> dict[str, Any]:
    run = assay("looks", dataset, "--lab", folder, "--json", "-")
    assert run.code == 0, run.err
    return dict(json.loads(run.out))


def test_each_plan_that_read_the_data_is_listed_with_what_it_spent(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, reuse={"candidates": 4})
    second = rival(tmp_path, reuse={"candidates": 4}, owner="Grace")
    told(path)
    told(second)
    found = looks(tmp_path, "test")
    (version,) = found["versions"]
    assert [(x["plan"], x["owner"], x["candidates"], x["allowed"]) for x in version["looks"]] == [
        ("late", "Ada", ["cand"], 4),
        ("rival", "Grace", ["rival"], 4),
    ]
    assert (version["spent"], version["left"], version["units"]) == (0.5, 0.5, 200)
    assert {x["by"] for x in version["looks"]} != {""}
    assert (found["ahead"], found["unread"]) == ([], [])


def test_the_same_reading_again_spends_nothing(tmp_path: Path) -> None:
    path = scene(tmp_path, NULL, reuse={"candidates": 2})
    told(path)
    told(path)
    assert looks(tmp_path, "test")["versions"][0]["spent"] == 0.5


def test_versions_of_one_lineage_and_the_looks_that_are_planned(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL, **TWO))
    found = looks(tmp_path, "test")
    assert found["ahead"] == [{"plan": "late", "owner": "Ada", "look": 2, "units": 400}]
    told(second_look(tmp_path, grown(400)))
    found = looks(tmp_path, "test")
    assert [v["units"] for v in found["versions"]] == [200, 400]
    assert len({v["lineage"] for v in found["versions"]}) == 1
    assert [x["look"] for v in found["versions"] for x in v["looks"]] == [1, 2]
    assert found["ahead"] == []


def test_any_number_of_looks_has_a_next_one(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL, looks={"kind": "always-valid", "units": 400}, guardrails=[]))
    assert looks(tmp_path, "test")["ahead"] == [{"plan": "late", "owner": "Ada", "look": 2, "units": None}]


def test_an_adoption_leaves_nothing(tmp_path: Path) -> None:
    assert judged(scene(tmp_path, reuse={"candidates": 5})).code == 0
    (version,) = looks(tmp_path, "test")["versions"]
    assert (version["adopted"], version["spent"], version["left"]) == ("cand", 0.2, 0.0)
    said = assay("looks", "test", "--lab", tmp_path).out
    assert "cand was adopted on its rows: nothing is left" in said


def test_a_plan_that_has_read_nothing_is_named(tmp_path: Path) -> None:
    scene(tmp_path, NULL)
    found = looks(tmp_path, "test")
    assert (found["versions"], found["unread"]) == ([], ["late"])
    assert "frozen, and not judged: late" in assay("looks", "test", "--lab", tmp_path).out


@pytest.mark.parametrize("by", ["digest", "start", "bare", "file"])
def test_a_dataset_is_its_name_its_digest_or_a_file(tmp_path: Path, by: str) -> None:
    told(scene(tmp_path, NULL))
    named = looks(tmp_path, "test")
    digest = named["versions"][0]["dataset"]
    asked = {"digest": digest, "start": digest[:19], "bare": digest[7:19], "file": str(tmp_path / "cand.csv")}[by]
    assert looks(tmp_path, asked)["versions"] == named["versions"]


def test_a_file_is_known_by_its_content_alone(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL))
    moved = tmp_path / "moved-elsewhere.csv"
    moved.write_bytes((tmp_path / "base.csv").read_bytes())
    assert len(looks(tmp_path, str(moved))["versions"]) == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("tst", "the nearest names are test; assay looks test"),
        ("sha256:0000", "no plan names the data 'sha256:0000'"),
        ("", "no plan names the data ''"),
        ("Zähler\n", "no plan names the data"),
    ],
)
def test_an_unknown_dataset_is_refused_with_the_nearest_names(tmp_path: Path, asked: str, said: str) -> None:
    told(scene(tmp_path, NULL))
    before = events(tmp_path)
    run = assay("looks", asked, "--lab", tmp_path)
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1), run
    assert said in run.err
    assert events(tmp_path) == before


def test_a_file_that_was_never_judged_is_refused(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL))
    (tmp_path / "other.csv").write_text("id\n1\n", encoding="utf-8")
    run = assay("looks", tmp_path / "other.csv", "--lab", tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "no look was taken at this file" in run.err


def test_an_empty_lab_says_that_no_plan_is_frozen(tmp_path: Path) -> None:
    assert assay("init", tmp_path).code == 0
    run = assay("looks", "test", "--lab", tmp_path)
    assert (run.code, run.out) == (2, "")
    assert "no plan is frozen in this lab" in run.err


def test_another_data_set_of_the_lab_is_left_out(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL))
    put(tmp_path, data(200, seed=5, start=5000, gain=0.0))
    other = plan(name="fresh", data=plan()["data"] | {"name": "autumn"})
    path = write_plan(tmp_path, other, "fresh.yaml")
    frozen(path)
    told(path)
    assert [x["plan"] for v in looks(tmp_path, "test")["versions"] for x in v["looks"]] == ["late"]
    assert [x["plan"] for v in looks(tmp_path, "autumn")["versions"] for x in v["looks"]] == ["fresh"]


def test_page_text_and_notebook_say_the_same(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL, **TWO))
    found = package.Lab(tmp_path).looks("test")
    assert found.to_json() == looks(tmp_path, "test")
    assert [v.units for v in found] == [200]
    page = tmp_path / "looks.html"
    run = assay("looks", "test", "--lab", tmp_path, "--html", page)
    assert run.code == 0
    for text in (run.out, str(found), found._repr_html_(), page.read_text("utf-8")):
        assert "Ada" in text
        assert "look 2, at 400 units" in text
    with pytest.raises(LookError, match="nearest names are test"):
        package.Lab(tmp_path).looks("tset")


def also(folder: Path, columns: dict[str, Any], name: str, data_name: str) -> dict[str, Any]:
    """What another plan on other rows came to."""
    put(folder, columns)
    content = plan(name=name)
    content["data"]["name"] = data_name
    path = write_plan(folder, content, f"{name}.yaml")
    frozen(path)
    return told(path)


def test_rows_read_under_another_name_are_told_and_not_counted(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL))
    also(tmp_path, {k: v[50:] for k, v in NULL.items()}, "second", "elsewhere")
    (version,) = looks(tmp_path, "elsewhere")["versions"]
    (other,) = version["shared"]
    assert (other["names"], other["rows"], other["changed"], other["counted"]) == (["test"], 150, 0, False)
    assert (version["spent"], version["unseen"]) == (1.0, 0)
    text = assay("looks", "elsewhere", "--lab", tmp_path).out
    assert "150 rows of it have an id of version" in text
    assert "(test), 150 with the same target; not counted here" in text


def test_rows_that_are_numbered_alike_show_their_other_targets(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL))
    also(tmp_path, data(100, seed=7), "second", "elsewhere")
    (other,) = looks(tmp_path, "elsewhere")["versions"][0]["shared"]
    assert other["rows"] == 100
    assert 25 < other["changed"] < 75


SHARING = {"name": "second", "reuse": {"candidates": 4, "release": "verdict"}}


def test_what_was_read_on_shared_rows_of_the_same_name_is_spent_here_too(tmp_path: Path) -> None:
    """As a judgement counts it, so that what is said to be left is what a plan may use."""
    told(scene(tmp_path, NULL, reuse=SHARING["reuse"]))
    put(tmp_path, {k: v[1:] for k, v in NULL.items()})
    second = write_plan(tmp_path, plan(**SHARING), "second.yaml")
    frozen(second)
    assert told(second)["look"]["candidates_read"] == 1
    versions = looks(tmp_path, "test")["versions"]
    assert [(v["spent"], v["shared"][0]["rows"], v["shared"][0]["counted"]) for v in versions] == [(0.5, 199, True)] * 2
    assert "what was read there counts here" in assay("looks", "test", "--lab", tmp_path).out


def test_an_adoption_on_shared_rows_leaves_nothing(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL, reuse=SHARING["reuse"]))
    put(tmp_path, data(199))
    second = write_plan(tmp_path, plan(**SHARING), "second.yaml")
    frozen(second)
    assert judged(second).code == 0
    assert [(v["adopted"], v["left"]) for v in looks(tmp_path, "test")["versions"]] == [("cand", 0.0)] * 2


def test_versions_whose_rows_are_gone_are_said_to_be_unknown(tmp_path: Path) -> None:
    told(scene(tmp_path, NULL))
    also(tmp_path, {k: v[50:] for k, v in NULL.items()}, "second", "elsewhere")
    kept = next(p for p in (tmp_path / ".assay" / "evidence").iterdir() if p.name.startswith("late"))
    (kept / "scores.parquet").unlink()
    (version,) = looks(tmp_path, "elsewhere")["versions"]
    assert (version["shared"], version["unseen"]) == ([], 1)
    assert "the rows of 1 version are not in this lab" in assay("looks", "elsewhere", "--lab", tmp_path).out
