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
from tests.helpers.tables import write
from tests.verbs.scenes import data, plan, put, scene
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


def test_a_deviation_is_drafted_from_what_somebody_else_froze(tmp_path: Path, page_of: Open) -> None:
    path = scene(tmp_path)
    with served(tmp_path) as address:
        page = page_of(address, "/plans/late")
        page.get_by_role("link", name="Draft a deviation").click()
        text = page.get_by_label("The plan's text")
        expect(text).to_have_value(re.compile("owner: Ada"))
        page.get_by_label("Files that the plan names").set_input_files(
            [path.parent / "base.csv", path.parent / "cand.csv"]
        )
        text.fill(text.input_value().replace("owner: Ada", "owner: Eve"))
        expect(page.get_by_role("button", name="Freeze")).to_be_disabled()
        page.get_by_label("Why it departs from the frozen version").fill("Eve answers for it now")
        page.get_by_role("button", name="Freeze").click()
        expect(page.get_by_text("Frozen as version 2.")).to_be_visible()
        page.get_by_role("link", name="Open the plan").click()
        page.get_by_role("link", name="Draft a deviation").click()
        expect(page.get_by_label("The plan's text")).to_have_value(re.compile("owner: Eve"))
        expect(page.get_by_text("base.csv, kept · cand.csv, kept")).to_be_visible()
        # Nothing is asked any more when the server stops.
        page.goto("about:blank")


def test_a_product_manager_reads_what_it_means(full: str, page_of: Open) -> None:
    page = page_of(full)
    expect(page.get_by_text("call for a decision")).to_be_visible()
    waits = page.get_by_role("region", name="What waits")
    expect(waits).to_contain_text("decide on the pilot")
    expect(waits.get_by_role("link", name="a person decides whether to adopt it")).to_have_count(2)
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
    expect(page.locator(".event")).to_have_count(2)


def test_a_reviewer_says_what_they_found_and_the_judge_may_not(full: str, lab_of_full: Path, page_of: Open) -> None:
    Access(lab_of_full / ".assay").add_user("rita", "correct horse", "reviewer")
    page = page_of(full, known=False)
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    waits = page.get_by_role("region", name="What waits")
    asked = waits.get_by_role("link", name="it waits for a review")
    expect(asked).to_have_count(2)
    late = waits.get_by_role("listitem").filter(has=page.get_by_role("link", name="late", exact=True))
    late.get_by_role("link", name="it waits for a review").click()
    card = page.get_by_role("region", name="Reviews")
    expect(card).to_contain_text("Nobody has reviewed it yet.")
    for choice, why in (("object", "South is <small>."), ("approve", "Grown:\nit holds.")):
        expect(card.get_by_role("button", name="Record")).to_be_disabled()
        card.get_by_label(f"I have read it and {choice}").check()
        card.get_by_label("Why").fill(why)
        card.get_by_role("button", name="Record").click()
        expect(card.locator(".why")).to_have_text(why)
        expect(page.locator(".standing", has_text=f"rita {choice}s")).to_be_visible()
        page.get_by_role("link", name="Overview", exact=True).click()
        expect(asked).to_have_count(1)
        expect(waits.get_by_role("link", name="rita objects")).to_have_count(1 if choice == "object" else 0)
        page.goto(f"{full}/plans/late")
        expect(page.get_by_role("region", name="Time line")).to_contain_text(f"rita {choice}s")
        page.get_by_role("link", name="Read the verdict").click()
    page.goto(f"{full}/ledger?kind=evidence.reviewed&q=rita")
    expect(page.locator(".event .gist").first).to_contain_text("rita approves of late version 1")
    expect(page.locator(".event")).to_have_count(2)
    judge = page_of(full, "/plans/late")
    judge.get_by_role("link", name="Read the verdict").click()
    expect(judge.get_by_text("You have judged it: somebody else reviews it.")).to_be_visible()
    expect(judge.get_by_role("button", name="Record")).to_have_count(0)


def test_the_address_holds_filters_columns_order_and_groups(full: str, page_of: Open) -> None:
    page = page_of(full, "/runs")
    expect(page.locator(".filters [role=status]")).to_have_text("13 runs")
    page.get_by_label("Add a condition").fill("model=tree")
    page.keyboard.press("Enter")
    expect(page.locator(".filters [role=status]")).to_have_text("3 runs")
    expect(page.get_by_role("grid").get_by_role("link")).to_have_text(["trial 5", "trial 3", "trial 1"])
    page.get_by_text("Columns, values and groups").click()
    page.get_by_role("group", name="Group by").get_by_role("button", name="model").click()
    page.get_by_role("group", name="Metrics of groups").get_by_role("button", name="auc").click()
    page.get_by_role("group", name="Metrics of groups").get_by_role("button", name="loss").click()
    expect(page.get_by_role("group", name="auc by group").get_by_role("rowheader", name="model = tree")).to_be_visible()
    page.get_by_role("columnheader", name="Seed").get_by_role("button").click()
    expect(page.get_by_role("columnheader", name="Seed")).to_have_attribute("aria-sort", "descending")
    assert all(part in page.url for part in ("where=model%3Dtree", "by=model", "sort=-seed"))
    page.get_by_label("Name of the view").fill("trees")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Forget this view")).to_be_visible()
    again = page_of(full, page.url.removeprefix(full))
    expect(again.locator(".filters [role=status]")).to_have_text("3 runs")
    expect(again.get_by_label("Saved views")).to_have_value("trees")
    again.goto(f"{full}/runs")
    again.get_by_label("Saved views").select_option("trees")
    expect(again.get_by_role("group", name="auc by group")).to_be_visible()
    assert "metric=auc" in again.url
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
    page.keyboard.type("/name~trial")
    page.keyboard.press("Enter")
    expect(page.locator(".filters [role=status]")).to_have_text("6 runs")
    page.get_by_role("grid").focus()
    page.keyboard.type("jjx")
    expect(page.get_by_role("button", name="Compare 1 chosen")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="trial 3")).to_be_visible()
    expect(page.get_by_role("img", name="loss: 1 curve")).to_be_visible()


def test_a_viewer_sees_no_way_to_write(full: str, lab_of_full: Path, page_of: Open) -> None:
    Access(lab_of_full / ".assay").add_user("vera", "correct horse", "viewer")
    page = page_of(full, "/settings", known=False)
    page.get_by_label("Name").fill("vera")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Users and tokens are an admin's work.")).to_be_visible()
    page.goto(f"{full}/plans?draft=new")
    expect(page.get_by_role("button", name="Freeze")).to_be_disabled()
    page.goto(f"{full}/plans/tiny")
    page.get_by_role("link", name="Read the verdict").click()
    expect(page.get_by_role("region", name="Reviews")).to_be_visible()
    expect(page.get_by_role("button", name="Record")).to_have_count(0)


def test_a_verdict_leads_to_its_runs_and_a_run_shows_all_it_logged(full: str, page_of: Open) -> None:
    page = page_of(full, "/plans/tiny")
    expect(page.get_by_role("region", name="Matrix of runs").get_by_role("link", name="seed 2")).to_have_count(2)
    page.get_by_role("link", name="Read the verdict").click()
    origins = page.get_by_role("region", name="Provenance")
    links = origins.get_by_role("group", name="Runs whose predictions were judged").get_by_role("link")
    expect(links).to_have_count(6)
    origins.get_by_role("button", name="Show what came of what").click()
    expect(origins.get_by_role("button", name="Save What came of what as SVG")).to_be_visible()
    links.first.click()
    expect(page.get_by_role("region", name="Configuration")).to_contain_text("base")
    page.goto(f"{full}/runs?where=name%3Dkinds")
    page.get_by_role("link", name="kinds").click()
    weights = page.get_by_role("region", name="weights")
    expect(weights.get_by_role("img")).to_have_accessible_name("weights: histogram of 50 values")
    expect(weights).to_contain_text("mean 34.5")
    weights.get_by_role("slider").fill("0")
    expect(weights).to_contain_text("mean 24.5")
    expect(page.get_by_role("region", name="confusion").get_by_role("cell", name="<b>in time</b>")).to_be_visible()
    expect(page.get_by_role("region", name="said")).to_contain_text("It will be late.")
    image = page.get_by_role("img", name="sample at step")
    expect(image).to_be_visible()
    page.wait_for_function("document.querySelector('img.logged').naturalWidth === 12")


def test_the_ledger_is_searched_beyond_what_the_page_holds(full: str, page_of: Open) -> None:
    page = page_of(full, "/ledger?q=tiny&kind=plan.frozen")
    expect(page.locator(".filters [role=status]")).to_have_text("1 event")
    page.get_by_label("Kind of event").select_option("")
    expect(page.locator(".event")).to_have_count(2)
    page.get_by_label("Search events").fill("nothing holds this")
    expect(page.get_by_role("heading", name="No event holds that")).to_be_visible()
    page.get_by_role("button", name="Show every event").click()
    expect(page.locator(".event").nth(2)).to_be_visible()
    for room, every in (("plans?state=draft", "Show every plan"), ("data?q=nowhere", "Show every version")):
        page.goto(f"{full}/{room}")
        expect(page.get_by_role("table")).to_have_count(0)
        page.get_by_role("button", name=every).click()
        expect(page.get_by_role("table")).to_have_count(1)


def test_compare_suggests_what_columns_mean_and_says_what_is_wrong_at_the_field(
    full: str, page_of: Open, tmp_path: Path
) -> None:
    columns = data()
    truth = ["late" if y else "in time" for y in columns["y"]]
    for name, score in (("old", "a"), ("new", "b")):
        table = {"id": columns["id"], "label": truth, "seed": [0] * 300, "prob": columns[score]}
        write(tmp_path / f"{name}.csv", table)
    page = page_of(full, "/compare")
    page.get_by_label("Baseline").set_input_files(tmp_path / "old.csv")
    expect(page.get_by_text("Now the candidate.")).to_be_visible()
    page.get_by_label("Candidate").set_input_files(tmp_path / "new.csv")
    for label, value in (("Truth", "label"), ("Prediction", "prob"), ("Training seeds", "seed")):
        expect(page.get_by_label(label)).to_have_value(value)
    expect(page.get_by_role("combobox", name="Positive class")).to_have_value("late")
    expect(page.get_by_role("spinbutton", name="Threshold")).to_have_value("")
    page.get_by_label("Metrics").fill("f1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Threshold")).to_have_value("0.5")
    page.get_by_label("Training seeds").select_option("")
    page.get_by_role("combobox", name="Positive class").select_option("")
    page.get_by_role("button", name="Compare", exact=True).click()
    field = page.locator("label.field", has_text="Positive class")
    expect(field.get_by_role("alert")).to_contain_text("positive")
    expect(page.get_by_role("combobox", name="Positive class")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("combobox", name="Positive class").select_option("late")
    expect(page.get_by_text("--positive late --threshold 0.5")).to_be_visible()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="new against old")).to_be_visible()
