"""Runs before a browser: what is in a mean, what is taken away as a file, what comes while one looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tools.browser import served

import assay
from assay.lab import Lab
from tests.web.conftest import Open

HERE = {"capture": False}


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
