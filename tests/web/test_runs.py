"""Runs before a browser: what is in a mean, what is taken away as a file, what comes while one looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tools.browser import served

import assay
from assay.lab import Lab
from assay.verbs.runs import ListRequest, listed
from tests.web.conftest import Open

HERE = {"capture": False}
HIDE = (
    "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
    "document.dispatchEvent(new Event('visibilitychange'))"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of three models by two rates: one failed, one without an AUC, one with a curve that a page thins."""
    made = tmp_path_factory.mktemp("runs")
    Lab.create(made)
    for i in range(6):
        config = {"model": ("tree", "line", "net")[i % 3], "rate": 0.1 * (1 + i // 3)}
        run = assay.run(config, seed=i // 3, name=f"trial {i}", lab=made, **HERE)
        run.log_many("loss", [1 / (1 + step + i) for step in range(3000 if i == 5 else 40)])
        run.log({"auc": 0.7 + i / 100} if i != 4 else {"loss": 0.1})
        run.close("failed" if i == 3 else "finished")
    return made


@pytest.fixture(scope="module")
def runs(folder: Path) -> Iterator[str]:
    """That lab behind a socket."""
    with served(folder) as address:
        yield address


def named(folder: Path) -> dict[str, str]:
    """Name -> id of each run."""
    return {row.name: row.id for row in listed(ListRequest(lab=folder)).rows}


def saved(page: Page, button: str) -> str:
    """The text of what a button saves."""
    with page.expect_download() as download:
        page.locator(f"[aria-label='Save {button}']").click()
    return download.value.path().read_bytes().decode()


def test_groups_say_which_runs_are_in_no_mean_and_are_saved_whole(runs: str, page_of: Open) -> None:
    page = page_of(runs, "/runs?by=model&by=rate&metric=auc")
    chart = page.get_by_role("group", name="auc by group")
    expect(chart.get_by_role("row")).to_have_count(8)
    card = page.get_by_role("region", name="By model, rate")
    expect(card).to_contain_text("4 of 6 runs that fit are in these numbers; left out: 1 failed, 1 finished without")
    expect(chart.get_by_role("row", name="model = tree, rate = 0.2")).to_contain_text("of 1 run: 1 failed")
    picture = saved(page, "auc: mean over runs, with its interval as SVG")
    assert picture.count("rate = 0.") == 6
    assert "NaN" not in picture
    assert "Mean of auc" in picture
    page.goto(f"{runs}/runs?by=model&where=state%3Dfailed&metric=auc")
    expect(
        page.get_by_text("There is no mean of auc. The one run that fits is in none; left out: 1 failed.")
    ).to_be_visible()


def test_curves_are_taken_away_whole_with_names_and_read_by_keys(runs: str, folder: Path, page_of: Open) -> None:
    ids = named(folder)
    page = page_of(runs, f"/runs/{ids['trial 5']}")
    expect(page.get_by_text("3,000 values, drawn by the first, last")).to_be_visible()
    lines = saved(page, "loss as CSV").splitlines()
    assert (len(lines), lines[0]) == (3001, "run,name,series,step,value,time")
    assert lines[3000].startswith(f"{ids['trial 5']},trial 5,loss,2999,{1 / (1 + 2999 + 5)!r},")
    page.goto(f"{runs}/runs?run={ids['trial 0']}&run={ids['trial 1']}&metric=loss")
    picture = saved(page, "loss as SVG")
    assert all(
        f">{text}<" in picture for text in ("loss of 2 runs", "step", "loss", "trial 0, seed 0", "trial 1, seed 0")
    )
    assert len(saved(page, "loss as CSV").splitlines()) == 81
    page.get_by_role("group", name="Values of loss").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_text("Step 1: trial 0, seed 0 0.5, trial 1, seed 0 0.3333")).to_be_attached()
    page.get_by_role("group", name="Runs of loss by model").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("trial 0: model tree, loss 0.025")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="trial 0")).to_be_visible()


def test_a_comparison_has_an_address_whatever_is_chosen_in_it(runs: str, folder: Path, page_of: Open) -> None:
    ids = [run for name, run in named(folder).items() if name != "trial 5"]
    page = page_of(runs, f"/runs?{'&'.join(f'run={i}' for i in ids * 40)}")
    expect(page.get_by_role("heading", level=1, name="200 runs side by side")).to_be_visible()
    page.get_by_role("combobox", name="Metric").select_option("auc")
    page.get_by_role("combobox", name="Setting").select_option("rate")
    again = page_of(runs, page.url.removeprefix(runs))
    expect(again.get_by_role("combobox", name="Metric")).to_have_value("auc")
    expect(again.get_by_role("combobox", name="Setting")).to_have_value("rate")
    expect(again.get_by_role("img", name="auc by rate, 160 runs")).to_be_visible()


def test_what_is_logged_appears_while_somebody_looks_and_only_then(runs: str, folder: Path, page_of: Open) -> None:
    with assay.run({"model": "late"}, name="live", lab=folder, **HERE) as run:
        run.log_many("loss", [0.5] * 7)
        run.flush()
        page, table = page_of(runs, f"/runs/{run.id}"), page_of(runs, "/runs?where=name!%3Dkinds")
        for one in (page, table):
            one.clock.install()
            one.reload()
        loss = page.get_by_role("region", name="loss")
        expect(loss).to_contain_text("7 values")
        expect(table.locator(".filters [role=status]")).to_have_text("7 runs")
        table.get_by_role("grid").focus()
        table.keyboard.press("j")
        held = table.locator(".grid-row.at").inner_text()
        with assay.run({"model": "later"}, name="newer", lab=folder, **HERE):
            run.log_many("loss", [0.4] * 5)
            run.flush()
        for one in (page, table):
            one.clock.fast_forward(5000)
        expect(loss).to_contain_text("12 values")
        expect(table.locator(".filters [role=status]")).to_have_text("8 runs")
        assert table.locator(".grid-row.at").inner_text() == held
        page.evaluate(HIDE)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        page.clock.fast_forward(60_000)
        assert sent == []
    page.evaluate(HIDE.replace("true", "false"))
    page.clock.fast_forward(5000)
    expect(page.get_by_text("what it logs appears here")).to_have_count(0)
    many = len(sent)
    page.clock.fast_forward(60_000)
    assert len(sent) == many > 0


def test_a_row_is_gone_to_by_its_number(runs: str, folder: Path, page_of: Open) -> None:
    page = page_of(runs, f"/runs?{'&'.join(f'run={i}' for i in list(named(folder).values())[:5] * 20)}")
    page.get_by_role("spinbutton", name="Go to row").wait_for()
    page.keyboard.press("#")
    page.keyboard.type("77")
    page.keyboard.press("Enter")
    expect(page.get_by_role("grid")).to_be_focused()
    expect(page.locator(".grid-row.at")).to_have_attribute("aria-rowindex", "78")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("go to a row by its number")
