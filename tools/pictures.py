"""Pictures of the web page for the documentation, from the lab that `make demo` leaves: `python -m tools.pictures`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tools.browser import chromium, let_in, served

ROOT = Path(__file__).resolve().parents[1]
LAB, PICTURES = ROOT / "demo-out", ROOT / "docs" / "pictures"
PREDICTIONS = LAB / "predictions"
SIZE, PHONE = (1280, 860), (390, 800)


def verdict(page: Page) -> None:
    """The memo of the plan that is adopted."""
    page.get_by_role("link", name="Verdict on late-flights-without-month").click()
    page.locator(".claim").first.wait_for()


def slices(page: Page) -> None:
    """Its slices, worst first."""
    verdict(page)
    page.locator("#slices").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#slices').scrollIntoView()")


def compare(page: Page) -> None:
    """Two files, compared without a plan."""
    page.get_by_role("link", name="Compare two files").click()
    page.get_by_label("Baseline").set_input_files(PREDICTIONS / "logistic-once-by-date.parquet")
    page.get_by_label("Candidate").set_input_files(PREDICTIONS / "boosting-once-by-date.parquet")
    key = page.get_by_role("group", name="Key")
    for name in ("date", "carrier", "flight", "origin", "sched_dep_time"):
        key.get_by_role("button", name=name, exact=True).click()
    page.get_by_label("Truth").select_option("late")
    page.get_by_label("Prediction").select_option("p_late")
    page.get_by_label("Unit").select_option("date")
    for name in ("log_loss", "auc"):
        page.get_by_label("Metrics").fill(name)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.locator(".claim").first.wait_for()
    page.evaluate("window.scrollTo(0, 0)")


def overview(page: Page) -> None:
    """What waits and what was judged."""
    page.locator(".tiles").wait_for()


SHOTS: dict[str, tuple[Callable[[Page], None], str, tuple[int, int]]] = {
    "overview": (overview, "light", SIZE),
    "compare": (compare, "light", (1280, 1120)),
    "verdict": (verdict, "light", SIZE),
    "slices": (slices, "dark", SIZE),
    "phone": (verdict, "light", PHONE),
}


def take(browser: Browser, address: str, name: str) -> None:
    """One picture."""
    show, colours, (width, height) = SHOTS[name]
    scheme: Literal["dark", "light"] = "dark" if colours == "dark" else "light"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    let_in(context, address)
    page = context.new_page()
    page.goto(address)
    show(page)
    page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def main() -> None:
    """Take all of them."""
    if not (LAB / ".assay").exists():
        raise SystemExit("there is no lab of the demo yet: make demo")
    PICTURES.mkdir(exist_ok=True)
    with served(LAB) as address, chromium() as browser:
        for name in SHOTS:
            take(browser, address, name)
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
