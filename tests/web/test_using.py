"""Choosing runs by what all of them have and by keyboard alone; what the page says where nothing is there to show."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from tools.browser import served

from assay.base.progress import Progress
from assay.flows.judge import Case, Conclusion, conclude
from assay.store.access import Access
from tests.helpers.runs import assay
from tests.helpers.tables import write
from tests.verbs.scenes import data, plan, put, scene
from tests.web.conftest import Open


def test_runs_are_chosen_by_the_values_that_all_of_them_have(full: str, page_of: Open) -> None:
    page = page_of(full, "/runs?where=model!%3Dtree")
    page.get_by_text("Columns, values and groups").click()
    page.get_by_role("group", name="model").get_by_role("button", name="line 3").click()
    expect(page).to_have_url(re.compile("where=model%3Dline"))
    expect(page.get_by_role("status").filter(has_text="3 runs")).to_be_visible()
    page.goto(f"{full}/runs?where=name~trial")
    page.get_by_text("Columns, values and groups").click()
    for value in ("line 3", "tree 3"):
        page.get_by_role("group", name="model").get_by_role("button", name=value).click()
        expect(page.get_by_role("group", name="model").get_by_role("button", name=value)).to_have_attribute(
            "aria-pressed", "true"
        )
    expect(page.get_by_role("status").filter(has_text="6 runs")).to_be_visible()
    expect(page.get_by_text("model = line or tree")).to_be_visible()
    page.get_by_role("group", name="model").get_by_role("button", name="line 3").click()
    expect(page.get_by_role("button", name="Remove the condition model=tree")).to_be_visible()
    page = page_of(full, "/runs?where=modell%3Dtree", refused=True)
    expect(page.get_by_role("alert").filter(has_text="did you mean 'model'?")).to_be_visible()
    page.get_by_role("button", name="Show every run").click()
    expect(page.get_by_role("row").nth(3)).to_be_visible()


def test_the_address_of_runs_side_by_side_is_theirs_for_everybody(full: str, page_of: Open) -> None:
    page = page_of(full, "/runs?where=model%3Dtree")
    page.get_by_role("button", name="Compare the first 3 that fit").click()
    expect(page.get_by_role("heading", level=1, name="3 runs side by side")).to_be_visible()
    again = page_of(full, page.url.removeprefix(full))
    expect(again.get_by_role("heading", level=1, name="3 runs side by side")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()


def test_a_table_is_used_by_keyboard_from_wherever_one_is(full: str, page_of: Open) -> None:
    page = page_of(full, "/runs")
    expect(page.get_by_role("row").nth(2)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("row").nth(2).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_number_that_names_something_stands_as_it_is(full: str, page_of: Open) -> None:
    page = page_of(full, "/ledger?kind=data.added")
    page.locator("details.event").first.click()
    assert re.search(r"bytes\s+\d{4,}\s", page.locator("details.event").first.inner_text())


def test_files_without_a_common_column_are_named_with_those_that_they_have(
    full: str, page_of: Open, tmp_path: Path
) -> None:
    page = page_of(full, "/compare")
    for label, column in (("Baseline", "one"), ("Candidate", "other")):
        page.get_by_label(label).set_input_files(write(tmp_path / f"{column}.csv", {column: [1, 2]}))
    expect(page.get_by_role("alert")).to_contain_text("The files have no column in common")
    expect(page.get_by_role("alert")).to_contain_text("other.csv has other")
    more = write(tmp_path / "more.csv", {"case": ["a", "b"], "late": [0, 1], "p_late": [0.2, 0.7]})
    for label in ("Baseline", "Candidate"):
        page.get_by_label(label).set_input_files(more)
    expect(page.get_by_label("Truth")).to_have_value("late")
    expect(page.get_by_text("First choose a key.")).to_be_visible()
    expect(page.get_by_role("button", name="Compare", exact=True)).to_be_disabled()


def test_the_overview_says_what_a_frozen_plan_waits_for(tmp_path: Path, page_of: Open) -> None:
    put(tmp_path)
    assert assay("init", tmp_path).code == 0
    for name in ("ready", "lacking"):
        if name == "lacking":
            (tmp_path / "cand.csv").unlink()
        path = tmp_path / f"{name}.yaml"
        path.write_text(json.dumps(plan(name=name)))
        assert assay("plan", "freeze", path, "--lab", tmp_path).code == 0
    with served(tmp_path) as address:
        waits = page_of(address).get_by_role("region", name="What waits")
        for name, many in (("ready", "its predictions"), ("lacking", "1 of its 2 predictions")):
            item = waits.get_by_role("listitem").filter(has_text=name)
            expect(item).to_contain_text(f"{many} are known to the lab")


def test_a_step_that_is_done_waits_for_nobody(tmp_path: Path, page_of: Open) -> None:
    scene(tmp_path, milestones=[{"date": "2026-01-01", "what": "pilot <i>"}, {"date": "2026-01-02", "what": "launch"}])
    Access(tmp_path / ".assay").add_user("vera", "correct horse", "viewer")
    with served(tmp_path) as address:
        page = page_of(address)
        waits = page.get_by_role("region", name="What waits")
        expect(waits).to_contain_text("launch")
        waits.get_by_role("link", name="pilot <i>").click()
        steps = page.get_by_role("region", name="Dated steps")
        pilot = steps.get_by_role("listitem").filter(has_text="pilot <i>")
        pilot.get_by_text("mark as done").click()
        pilot.get_by_label("Note").fill("two weeks late")
        pilot.get_by_role("button", name="It is done").click()
        expect(pilot).to_contain_text("two weeks late")
        expect(pilot.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("region", name="Time line")).to_contain_text("pilot <i> done")
        page.get_by_role("link", name="Overview", exact=True).click()
        expect(waits).to_contain_text("launch")
        expect(waits).not_to_contain_text("pilot <i>")
        expect(page.get_by_role("region", name="Dated steps")).not_to_contain_text("pilot <i>")
        other = page_of(address, "/plans/late", known=False)
        other.get_by_label("Name").fill("vera")
        other.get_by_label("Password").fill("correct horse")
        other.get_by_role("button", name="Log in").click()
        expect(other.get_by_role("region", name="Dated steps")).to_contain_text("launch due")
        expect(other.get_by_text("mark as done")).to_have_count(0)


def test_a_frozen_plan_is_judged_by_whoever_opens_it(tmp_path: Path, page_of: Open) -> None:
    scene(tmp_path, name="late/<i>2026</i>")
    with served(tmp_path) as address:
        page = page_of(address, "/plans")
        page.get_by_role("link", name="late/<i>2026</i>").click()
        expect(page.get_by_text("The lab has not kept base.csv, cand.csv")).to_be_visible()
        page.get_by_label("Its predictions").set_input_files([tmp_path / "base.csv", tmp_path / "cand.csv"])
        page.get_by_role("button", name="Judge", exact=True).click()
        page.get_by_role("link", name="Read the verdict").click()
        expect(page.locator(".banner .word")).to_contain_text("Adopt")
        other = page_of(address, f"/plans/{quote('late/<i>2026</i>', safe='')}")
        other.get_by_role("button", name="Judge", exact=True).click()
        expect(other.get_by_text("This reading was judged before")).to_be_visible()


def test_users_change_their_own_password(full: str, lab_of_full: Path, page_of: Open) -> None:
    register = Access(lab_of_full / ".assay")
    register.add_user("olga", "correct horse", "viewer")
    try:
        page = page_of(full, "/settings", known=False, refused=True)
        page.get_by_label("Name").fill("olga")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Log in").click()
        you = page.get_by_role("region", name="You")
        you.get_by_text("Change your password").click()

        def change(present: str, new: str, again: str) -> None:
            you.get_by_label("Present password").fill(present)
            you.get_by_label("New password", exact=True).fill(new)
            you.get_by_label("New password, again").fill(again)
            you.get_by_role("button", name="Change").click()

        change("correct horse", "battery staple", "battery stable")
        expect(you.get_by_role("alert")).to_contain_text("typed in two ways")
        change("wrong horse", "battery staple", "battery staple")
        expect(you.get_by_role("alert")).to_contain_text("the present password is wrong")
        change("correct horse", "battery staple", "battery staple")
        expect(you.get_by_role("status")).to_contain_text("Your password is changed")
        expect(you.get_by_label("New password", exact=True)).to_have_value("")
        assert register.log_in("olga", "battery staple") is not None
        expect(page_of(full, "/settings").get_by_role("region", name="You")).not_to_contain_text("Change your password")
    finally:
        register.remove_user("olga")


def test_an_admin_gives_a_user_another_role(full: str, lab_of_full: Path, page_of: Open) -> None:
    register = Access(lab_of_full / ".assay")
    register.add_user("rosa", "correct horse", "viewer")
    try:
        page_of(full, "/settings").get_by_label("Role of rosa").select_option("reviewer")
        page = page_of(full, "/settings")
        expect(page.get_by_label("Role of rosa")).to_have_value("reviewer")
        assert {u.name: u.role for u in register.users()}["rosa"] == "reviewer"
    finally:
        register.remove_user("rosa")


def test_files_dropped_together_are_baseline_and_candidate_and_stay_after_a_reload(full: str, page_of: Open) -> None:
    page = page_of(full, "/compare")
    columns = data(60)
    columns["leak"] = [0.97 if y else 0.03 for y in columns["y"]]
    texts = {}
    for name, score in (("zeta.csv", "a"), ("base-old.csv", "a"), ("alpha.csv", "b"), ("leak.csv", "leak")):
        rows = zip(columns["id"], columns["y"], columns[score], strict=True)
        texts[name] = "id,y,p\n" + "".join(f"{i},{y},{p}\n" for i, y, p in rows)

    def drop(on: str, *names: str) -> None:
        held = page.evaluate_handle(
            "files => { const held = new DataTransfer();"
            " for (const [name, text] of files) held.items.add(new File([text], name)); return held; }",
            [[name, texts[name]] for name in names],
        )
        page.locator(".drop", has_text=re.compile(f"^{on}")).dispatch_event("drop", {"dataTransfer": held})

    drop("Baseline", "zeta.csv", "base-old.csv")
    expect(page.get_by_role("status")).to_contain_text(
        "base-old.csv is taken for the baseline, as its name says; zeta.csv for the candidate."
    )
    drop("Candidate", "zeta.csv", "alpha.csv")
    page.get_by_label("The baseline is").select_option("alpha.csv")
    expect(page.locator(".drop").first).to_contain_text("alpha.csv")
    drop("Candidate", "zeta.csv")
    page.get_by_role("button", name="Swap baseline and candidate").click()
    expect(page.locator(".drop").first).to_contain_text("zeta.csv")
    page.get_by_label("Unit").select_option("id")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="alpha against zeta")).to_be_visible()
    expect(page.get_by_role("region", name="Examples")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("heading", name="alpha against zeta")).to_be_visible()
    expect(page.get_by_role("combobox", name="Unit")).to_have_value("id")
    expect(page.locator(".drop").first).to_contain_text("zeta.csv, kept")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="alpha against zeta")).to_have_count(0)
    expect(page.get_by_text("Suspicious change")).to_have_count(0)
    drop("Candidate", "zeta.csv", "leak.csv")
    expect(page.get_by_role("status")).to_contain_text("leak.csv is taken for the baseline, as the first by name")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("note").filter(has_text="Suspicious change")).to_contain_text("leak removes more than half")


def test_a_judgement_says_what_it_does_while_it_does_it(
    tmp_path: Path, page_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene(tmp_path)
    seen = threading.Event()

    def slow(case: Case, progress: Progress) -> Conclusion:
        progress.step("infer", 40)
        progress.advance(10)
        assert seen.wait(30)
        return conclude(case, progress)

    monkeypatch.setattr("assay.verbs.judge.conclude", slow)
    with served(tmp_path) as address:
        page = page_of(address, "/plans/late")
        page.get_by_label("Its predictions").set_input_files([tmp_path / "base.csv", tmp_path / "cand.csv"])
        page.get_by_role("button", name="Judge", exact=True).click()
        expect(page.get_by_role("progressbar", name="infer")).to_have_js_property("value", 0.25)
        expect(page.locator(".progress")).to_have_text("infer 10 of 40")
        seen.set()
        expect(page.get_by_role("link", name="Read the verdict")).to_be_visible()


def test_colours_are_chosen_and_remembered(full: str, page_of: Open) -> None:
    page = page_of(full, "/settings", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    choices = page.get_by_role("group", name="Colours")
    expect(choices.get_by_role("button", name="auto")).to_have_attribute("aria-pressed", "true")
    light = page.evaluate(ground)
    choices.get_by_role("button", name="dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(ground) != light
    page.reload()
    expect(page.get_by_role("group", name="Colours").get_by_role("button", name="dark")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.emulate_media(color_scheme="dark")
    page.get_by_role("group", name="Colours").get_by_role("button", name="light").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate(ground) == light
