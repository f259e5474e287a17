"""A lab as files: read in a browser from the disk, with charts to take away, and nothing is asked of any network."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Browser, Page, expect

from assay.report.away import csv_text
from assay.report.blocks import Column, Span, Table
from assay.verbs import export


def taken(page: Page, name: str) -> str:
    """What a link that holds a file gives."""
    with page.expect_download() as kept:
        page.get_by_role("link", name=name).first.click()
    return Path(kept.value.path()).read_text("utf-8")


def test_a_site_opens_from_a_file_and_its_charts_can_be_taken_away(
    browser: Browser, lab_of_full: Path, tmp_path: Path
) -> None:
    assert export.site(lab_of_full, tmp_path / "site") == 5
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.get_by_role("link", name="late", exact=True).first.click()
    page.locator("table", has_text="Evidence").get_by_role("link").last.click()
    expect(page.get_by_role("heading", level=1, name="Decision memo: late")).to_be_visible()
    figure = page.get_by_role("figure").filter(has_text="log loss by slice")
    figure.get_by_text("the table").click()
    shown = figure.get_by_role("row").all_inner_texts()
    name = "log loss by slice, cand against base"
    rows = list(csv.reader(io.StringIO(taken(page, f"Save {name} as CSV"))))
    assert [row[0] for row in rows] == [line.split("\t")[0] for line in shown]
    assert float(rows[1][3]) < 0
    drawing = ElementTree.fromstring(taken(page, f"Save {name} as SVG"))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    style = drawing.findtext("{http://www.w3.org/2000/svg}style") or ""
    assert ".mark-good{fill:#" in style
    assert "var(" not in style
    page.close()
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}


def test_what_is_taken_away_runs_in_no_spreadsheet() -> None:
    cells = ("=1+1", (Span("-2 + 3", "strong"), "b"), "−0.5", "@x")
    table = Table(tuple(Column(c) for c in "abcd"), (cells,))
    assert csv_text(table) == "a,b,c,d\r\n'=1+1,'-2 + 3 b,-0.5,'@x\r\n"
