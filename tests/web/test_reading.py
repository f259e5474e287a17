"""Every screen by axe-core, in light and in dark, and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tools.web import MODULES

from tests.web.conftest import Open

SCREENS = (
    "/",
    "/compare",
    "/plans",
    "/plans?draft=axe",
    "/plans/late",
    "VERDICT",
    "/runs?by=model&where=state%3Dfinished",
    "RUN",
    "COMPARED",
    "/data",
    "/ledger",
    "/settings",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES = {"light": {"type": "tag", "values": WCAG}, "dark": {"type": "rule", "values": ["color-contrast"]}}


def address_of(page: Page, screen: str) -> str:
    asked = "path => fetch(path).then(answer => answer.json())"
    if screen == "VERDICT":
        return "/evidence/" + str(page.evaluate(asked, "/api/v1/plans/late")["evidence"])[7:23]
    runs = page.evaluate(asked, "/api/v1/runs")["runs"] if screen.isupper() else []
    return {"RUN": f"/runs/{runs[0]['id']}", "COMPARED": f"/runs?run={runs[0]['id']}&run={runs[1]['id']}"}[screen]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_serious(full: str, page_of: Open, colours: str) -> None:
    axe = (MODULES / "axe-core" / "axe.min.js").read_text("utf-8")
    page = page_of(full, color_scheme=colours)
    found = []
    for screen in SCREENS:
        page.goto(full + (address_of(page, screen) if screen.isupper() else screen))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".waiting")).to_have_count(0)
        page.evaluate(axe)
        asked = {"runOnly": RULES[colours], "resultTypes": ["violations"]}
        result = page.evaluate("options => axe.run(document, options)", asked)
        found += [
            (screen, v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:300])
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    assert found == []


def test_a_phone_scrolls_in_one_direction(full: str, page_of: Open) -> None:
    page = page_of(full, viewport={"width": 375, "height": 740})
    for screen in SCREENS:
        page.goto(full + (address_of(page, screen) if screen.isupper() else screen))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".waiting")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, screen
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()
