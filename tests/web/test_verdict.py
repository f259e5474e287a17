"""A verdict on several candidates: examples, slices and contents of each; a plan with its power and its deviations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect
from tools.browser import served

from tests.helpers.tables import write
from tests.verbs.scenes import CLAIM, GUARD, data, frozen, plan, scene, told, write_plan
from tests.web.conftest import Open

SHOPS = 70


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A lab with a plan of two candidates and seventy slices, changed once; judged."""
    folder = tmp_path_factory.mktemp("two")
    columns = data(1400, shop=[f"shop {i % SHOPS}" for i in range(1400)])
    half = [round((a + b) / 2, 4) for a, b in zip(columns["a"], columns["b"], strict=True)]
    names = ("cand", "cand half")
    changed = {
        "candidates": [{"name": n, "file": f"{n}.csv", "score": "p"} for n in names],
        "data": {**plan()["data"], "slices": ["shop"]},
        "claims": [{**CLAIM, "sd": 0.3}],
        "guardrails": [{**GUARD, "sd": 0.1, "minimal_effect": 0.001}],
        "reuse": {"candidates": 2},
        "looks": {"planned": 1, "units": 1400},
    }
    kept = {k: v for k, v in columns.items() if k not in ("a", "b")}
    write(folder / "cand half.csv", {**kept, "p": half})
    path = scene(folder, columns, **changed)
    write_plan(folder, plan(**{**changed, "owner": "Eve"}))
    frozen(path, "--deviation", "Eve answers for it now")
    told(path)
    with served(folder) as address:
        yield address


def saved(page: Page, name: str) -> str:
    """What a button saves."""
    with page.expect_download() as kept:
        page.get_by_role("button", name=name, exact=True).first.click()
    return Path(kept.value.path()).read_text("utf-8")


def first_column(text: str) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(text))][1:]


def verdict(two: str, page_of: Open) -> Page:
    page = page_of(two, "/plans/late")
    page.get_by_role("link", name="Read the verdict").click()
    return page


def test_each_candidate_has_its_parts_and_its_examples(two: str, page_of: Open) -> None:
    page = verdict(two, page_of)
    odd = page.get_by_role("note").filter(has_text="Suspicious change")
    expect(odd).to_contain_text("cand, Brier score", timeout=20_000)
    expect(odd).to_contain_text("it is over ten times the smallest effect that matters (0.001)")
    contents = page.get_by_role("navigation", name="On this page").get_by_role("link")
    expect(contents).to_have_count(6 + 6, timeout=20_000)
    reached = contents.evaluate_all("links => links.map(a => document.querySelectorAll(a.hash).length)")
    assert reached == [1] * 12
    contents.filter(has_text="Guardrails: cand half").click()
    expect(page.get_by_role("region", name="Guardrails about cand half")).to_be_in_viewport()
    examples = page.get_by_role("region", name="Examples")
    expect(examples.get_by_role("button", name="SVG")).to_have_count(0)
    first = list(csv.reader(io.StringIO(saved(page, "Save Examples won and lost by cand as CSV"))))
    assert first[0] == ["side", "row", "target", "base", "cand"]
    assert len(first) == 11
    examples.get_by_role("group", name="Candidate").get_by_role("button", name="cand half").click()
    other = list(csv.reader(io.StringIO(saved(page, "Save Examples won and lost by cand half as CSV"))))
    assert other[0][-1] == "cand half"
    assert [row[-1] for row in first[1:]] != [row[-1] for row in other[1:]]


def test_a_plan_shows_its_power_and_what_each_deviation_changed(two: str, page_of: Open) -> None:
    page = page_of(two, "/plans/late")
    power = page.get_by_role("region", name="Power")
    curve = power.get_by_role("figure").first
    expect(curve).to_contain_text("loss: 2,139 units needed")
    expect(power.get_by_role("columnheader", name="Units needed")).to_be_visible()
    assert saved(page, "Save Power at an effect of 0.02 as CSV").startswith("Units,Power,")
    deviations = page.get_by_role("region", name="Deviations").get_by_role("listitem")
    expect(deviations.first).to_contain_text("Eve answers for it now")
    expect(deviations.first).to_contain_text("owner was 'Ada' and is 'Eve'")


def test_slices_are_saved_as_they_are_searched_and_sorted(two: str, page_of: Open) -> None:
    page = verdict(two, page_of)
    slices = page.get_by_role("region", name="Slices")
    expect(slices.get_by_label("Order of slices")).to_have_value("worst")
    slices.get_by_role("button", name="log loss · cand", exact=True).click()
    table = slices.locator("table.forest tbody")
    differences = [
        float(row[5])
        for row in csv.reader(io.StringIO(saved(page, "Save Slices: log loss · cand as CSV")))
        if row[5] != "difference"
    ]
    assert len(differences) == SHOPS
    assert differences == sorted(differences, reverse=True)
    slices.get_by_label("Order of slices").select_option("slice")
    expect(table.get_by_role("rowheader").first).to_have_text("shop = shop 0")
    drawn = ElementTree.fromstring(saved(page, "Save Slices: log loss · cand as SVG"))
    assert (
        len([t for t in drawn.iter("{http://www.w3.org/2000/svg}text") if (t.text or "").startswith("shop = ")])
        == SHOPS
    )
    slices.get_by_label("Search slices").fill("shop 1")
    shown = table.get_by_role("rowheader").all_inner_texts()
    assert len(shown) == 11
    assert first_column(saved(page, "Save Slices: log loss · cand as CSV")) == shown
    text = saved(page, "Save Slices: log loss · cand as SVG")
    drawn = ElementTree.fromstring(text)
    texts = [t.text or "" for t in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert [t for t in texts if t.startswith("shop = ")] == shown
    assert "Slices: log loss · cand" in texts
    assert {"← baseline better", "Deciding interval"} <= set(texts)
