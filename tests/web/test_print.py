"""The memo on paper: who reads the first page alone knows the recommendation, the claims and the guardrails."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

GOLDEN = Path(__file__).resolve().parents[1] / "report" / "golden" / "memo.html"


def first_page(browser: Browser, memo: Path) -> str:
    """The text of the first page on A4, as Chromium prints it; ligatures as letters."""
    page = browser.new_page()
    page.goto(memo.as_uri())
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    width, height = (round(float(side) / 72 * 25.4) for side in printed.pages[0].mediabox[2:])
    assert (width, height) == (210, 297)
    return printed.pages[0].extract_text().replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff")


def in_order(text: str, *parts: str) -> None:
    """Each part stands after the one before it."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part!r} is not on the first page after {text[max(0, place - 60) : place]!r}"
        place = found + len(part)


def test_a_long_memo_has_what_decides_on_its_first_page(browser: Browser) -> None:
    """A changed plan, a claim, three guardrails and two forest plots."""
    text = first_page(browser, GOLDEN)
    in_order(
        text, "Hold: boosting", "Claims", "Deciding interval", "Fewer surprises", "[−0.034, +0.011]", "inconclusive"
    )
    # The forest plots: their axes' ends and each row's figures.
    in_order(text, "Difference in log loss", "−0.012 [−0.034, +0.011]", "← baseline better", "candidate better →")
    guards = ("Ranking unharmed", "[−0.027, −0.011]", "refuted", "Fast enough", "[40.9, 45.1]", "supported")
    in_order(text, "Guardrails", *guards, "Calibrated at JFK", "invalid")
    in_order(text, "Guardrails", "margin −0.01", "at most 50", "43.0 [40.9, 45.1]", "← worse", "better →")


@pytest.mark.parametrize("plan", ["late", "tiny"])
def test_a_memo_that_judge_wrote_has_it_too(browser: Browser, lab_of_full: Path, plan: str) -> None:
    memo = next((lab_of_full / ".assay" / "evidence").glob(f"{plan}-*")) / "memo.html"
    text = first_page(browser, memo)
    claims = {"late": ("loss", "log loss"), "tiny": ("better", "Brier")}[plan]
    in_order(text, "Adopt: cand", "Claims", *claims, "supported", "← baseline better", "Guardrails")
    if plan == "late":
        in_order(text, "Guardrails", "squares", "supported", "margin", "candidate better →")
