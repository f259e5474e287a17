"""A scientist from an empty lab to a verdict; a product manager and a reviewer who read it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import expect
from tools.browser import KEY, served

from assay.store.access import Access
from tests.helpers.runs import assay
from tests.verbs.scenes import plan, put
from tests.web.conftest import Open


def test_a_scientist_from_an_empty_lab_to_a_verdict(tmp_path: Path, page_of: Open) -> None:
    put(tmp_path)
    assert assay("init", tmp_path).code == 0
    files = [tmp_path / "base.csv", tmp_path / "cand.csv"]
    with served(tmp_path) as address:
        page = page_of(address, f"/#key={KEY}", known=False)
        expect(page.get_by_role("heading", name="This lab is new")).to_be_visible()
        assert KEY not in page.url

        page.get_by_role("link", name="Compare two files").click()
        page.get_by_label("Baseline").set_input_files(files[0])
        page.get_by_label("Candidate").set_input_files(files[1])
        expect(page.get_by_label("Truth")).to_have_value("y")
        expect(page.get_by_label("Prediction")).to_have_value("p")
        page.get_by_role("group", name="Slices").get_by_role("button", name="region").click()
        page.get_by_role("button", name="Compare", exact=True).click()
        expect(page.get_by_role("heading", name="cand against base")).to_be_visible()
        expect(page.get_by_text("A comparison, not a verdict")).to_be_visible()
        expect(page.get_by_role("rowheader", name="region = south").first).to_be_visible()

        page.get_by_role("link", name="Plans", exact=True).click()
        page.get_by_role("link", name="New plan").click()
        text = page.get_by_label("The plan's text")
        expect(text).to_have_value(re.compile("assay: 1"))
        text.fill(json.dumps(plan(colour="red"), indent=1))
        expect(page.get_by_role("heading", name="1 to mend")).to_be_visible()
        expect(page.get_by_role("button", name="Freeze")).to_be_disabled()
        text.fill(json.dumps(plan(), indent=1))
        page.get_by_label("Files that the plan names").set_input_files(files)
        page.get_by_role("button", name="Freeze").click()
        expect(page.get_by_text("Frozen as version 1.")).to_be_visible()
        page.get_by_role("button", name="Judge").click()
        page.get_by_role("link", name="Read the verdict").click()
        expect(page.get_by_role("heading", level=1, name="late")).to_be_visible()
        expect(page.locator(".banner .word")).to_contain_text("Adopt")


def test_a_product_manager_reads_what_it_means(full: str, page_of: Open) -> None:
    page = page_of(full)
    expect(page.get_by_text("call for a decision")).to_be_visible()
    page.get_by_role("link", name="Verdict on late: adopt").click()
    expect(page.locator(".banner .word")).to_contain_text("Adopt")
    expect(page.get_by_text("A person decides.")).to_be_visible()
    expect(page.get_by_role("region", name="Guardrails")).to_contain_text("Brier score")
    expect(page.get_by_role("region", name="What would change the decision")).to_be_visible()
    page.get_by_role("link", name="the plan with every version").click()
    expect(page.get_by_role("region", name="Time line")).to_contain_text("version 1 frozen")


def test_a_reviewer_checks_it(full: str, page_of: Open) -> None:
    page = page_of(full, "/plans/late")
    page.get_by_role("link", name="Read the verdict").click()
    page.get_by_role("button", name="Recheck").click()
    expect(page.get_by_text("rechecked: the verdict follows from the evidence")).to_be_visible()
    slices = page.get_by_role("region", name="Slices")
    slices.get_by_label("Search slices").fill("south")
    expect(slices.get_by_role("status")).to_have_text("1 of 2 slices")
    with page.expect_download() as kept:
        slices.get_by_role("button", name="Save Slices: log loss as CSV").click()
    rows = list(csv.reader(io.StringIO(Path(kept.value.path()).read_text())))
    assert [r[0] for r in rows] == ["slice", "region = south"]
    with page.expect_download() as drawn:
        page.get_by_role("button", name="Save Claims as SVG").click()
    assert ElementTree.parse(drawn.value.path()).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    claims = page.get_by_role("region", name="Claims")
    claims.get_by_role("button", name="as a table").click()
    expect(claims.get_by_role("columnheader", name="Deciding interval")).to_be_visible()
    expect(page.get_by_role("region", name="Examples")).to_contain_text("Won by the candidate")
    page.get_by_role("link", name="Ledger", exact=True).click()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("every chain holds")).to_be_visible()
    page.get_by_label("Search events").fill("plan.frozen")
    expect(page.locator(".event")).to_have_count(1)


def test_the_address_holds_filters_columns_order_and_groups(full: str, page_of: Open) -> None:
    page = page_of(full, "/runs")
    expect(page.locator(".filters [role=status]")).to_have_text("6 runs")
    page.get_by_label("Add a condition").fill("model=tree")
    page.keyboard.press("Enter")
    expect(page.locator(".filters [role=status]")).to_have_text("3 runs")
    page.get_by_text("Columns and groups").click()
    page.get_by_role("group", name="Group by").get_by_role("button", name="model").click()
    expect(page.get_by_role("rowheader", name="model = tree")).to_be_visible()
    page.get_by_role("columnheader", name="Seed").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Seed")).to_have_attribute("aria-sort", "descending")
    assert all(part in page.url for part in ("where=model%3Dtree", "by=model", "sort=-seed"))
    page.get_by_label("Name of the view").fill("trees")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Forget this view")).to_be_visible()
    again = page_of(full, page.url.removeprefix(full))
    expect(again.locator(".filters [role=status]")).to_have_text("3 runs")
    expect(again.get_by_label("Saved views")).to_have_value("trees")
    again.get_by_label("Choose trial 1").check()
    again.get_by_label("Choose trial 3").check()
    again.get_by_role("button", name="Compare 2 chosen").click()
    expect(again.get_by_role("region", name="How they differ")).to_contain_text("rate")
    expect(again.get_by_role("img", name="loss: 2 curves")).to_be_visible()


def test_everything_by_keyboard(full: str, page_of: Open) -> None:
    page = page_of(full)
    expect(page.get_by_role("heading", level=1, name="Overview")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.type("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.type("gr")
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()
    expect(page.get_by_role("link", name="trial 3")).to_be_visible()
    page.get_by_role("grid").focus()
    page.keyboard.type("jjx")
    expect(page.get_by_role("button", name="Compare 1 chosen")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="trial 3")).to_be_visible()
    expect(page.get_by_role("img", name="loss: 1 curves")).to_be_visible()


def test_a_viewer_sees_no_way_to_write(tmp_path: Path, page_of: Open) -> None:
    assert assay("init", tmp_path).code == 0
    with served(tmp_path) as address:
        Access(tmp_path / ".assay").add_user("vera", "correct horse", "viewer")
        page = page_of(address, "/settings", known=False)
        page.get_by_label("Name").fill("vera")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_text("Users and tokens are an admin's work.")).to_be_visible()
        page.goto(f"{address}/plans?draft=new")
        expect(page.get_by_role("button", name="Freeze")).to_be_disabled()
