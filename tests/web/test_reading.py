"""Every screen by axe-core, in light and in dark, and on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tools.web import MODULES

from tests.web.conftest import Open

SCREENS = (
    "/",
    "/compare",
    "/plans",
    "/plans?draft=new",
    "/plans?draft=late",
    "/plans/late",
    "/plans/tiny",
    "VERDICT",
    "/runs?by=model&where=state%3Dfinished",
    "RUN",
    "COMPARED",
    "/data",
    "/ledger",
    "/settings",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW = ["target-size", "scrollable-region-focusable", "aria-hidden-focus", "button-name", "link-name", "label"]
RULES = {
    "light": {"type": "tag", "values": WCAG},
    "dark": {"type": "rule", "values": ["color-contrast"]},
    "phone": {"type": "rule", "values": NARROW},
}
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}


def address_of(page: Page, screen: str) -> str:
    asked = "path => fetch(path).then(answer => answer.json())"
    if screen == "VERDICT":
        return "/evidence/" + str(page.evaluate(asked, "/api/v1/plans/tiny")["evidence"])[7:23]
    if not screen.isupper():
        return screen
    runs = {r["name"]: r["id"] for r in page.evaluate(asked, "/api/v1/runs")["runs"]}
    return {"RUN": f"/runs/{runs['kinds']}", "COMPARED": f"/runs?run={runs['trial 0']}&run={runs['trial 1']}"}[screen]


def offences(page: Page, colours: str) -> list[tuple[str, ...]]:
    """What axe-core finds that is serious."""
    asked = {"runOnly": RULES[colours], "resultTypes": ["violations"]}
    result = page.evaluate("options => axe.run(document, options)", asked)
    return [
        (colours, v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:300])
        for v in result["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def test_every_screen_is_for_everybody_in_light_in_dark_and_on_a_phone(full: str, page_of: Open) -> None:
    axe = (MODULES / "axe-core" / "axe.min.js").read_text("utf-8")
    page = page_of(full, color_scheme="light", reduced_motion="reduce")
    found, wide = [], []
    for screen in SCREENS:
        page.goto(full + address_of(page, screen))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator(".waiting")).to_have_count(0)
        page.evaluate(axe)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            found += [(screen, *offence) for offence in offences(page, colours)]
        page.set_viewport_size(PHONE)
        found += [(screen, *offence) for offence in offences(page, "phone")]
        wide += [screen] if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"] else []
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
    assert (found, wide) == ([], [])


def test_names_of_any_length_stay_within_a_phone(full: str, page_of: Open) -> None:
    page = page_of(full, "/runs", viewport=PHONE)
    names = {"total": 6, "metrics": {}, "values": {"state": {"finished": 6}}, "settings": {"a" * 40 + ".b" * 40: 6}}
    page.route("**/api/v1/runs/names*", lambda route: route.fulfill(json=names))
    page.reload()
    page.get_by_text("Columns, values and groups").click()
    expect(page.get_by_role("group", name="Settings").get_by_role("button").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_phone_has_its_rooms_behind_a_menu(full: str, page_of: Open) -> None:
    page = page_of(full, viewport=PHONE)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Runs")).to_be_visible()
