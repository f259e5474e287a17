"""Pictures of the web page for the documentation, from the lab that `make demo` leaves, and of runs made for it.

`python -m tools.pictures`, or `make pictures`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
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


def runs_lab(folder: Path) -> Path:
    """A lab with sixty runs of three models: descents by noisy gradients, so that their curves are real ones."""
    import assay

    assay.Lab.create(folder)
    for number in range(60):
        model, rate = ("line", "tree", "boosting")[number % 3], (0.02, 0.05, 0.1)[number // 3 % 3]
        draw = np.random.default_rng(number)
        place, curvature = draw.normal(2, 0.3, 8), draw.uniform(0.4, 1.6, 8) * (1 + number % 3)
        config = {"model": model, "rate": rate, "batch": 32 * (1 + number % 2)}
        with assay.run(config, seed=number // 9, name=f"{model} {number:02}", lab=folder, capture=False) as run:
            for step in range(120):
                place -= rate * (curvature * place + draw.normal(0, 0.4, 8))
                run.log(step=step, loss=float(np.mean(curvature * place**2) / 2), distance=float(np.linalg.norm(place)))
    return folder


def runs(page: Page) -> None:
    """Every run, grouped by model."""
    page.goto(f"{page.url.rstrip('/')}/runs?by=model&by=rate&metric=loss&sort=metric%3Aloss")
    page.get_by_role("button", name="as a table").first.wait_for()
    page.wait_for_timeout(500)


SHOTS: dict[str, tuple[Callable[[Page], None], str, tuple[int, int]]] = {
    "overview": (overview, "light", SIZE),
    "compare": (compare, "light", (1280, 1120)),
    "verdict": (verdict, "light", SIZE),
    "slices": (slices, "dark", SIZE),
    "runs": (runs, "light", SIZE),
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
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        labs = {"runs": runs_lab(Path(made))}
        for name in SHOTS:
            with served(labs.get(name, LAB)) as address:
                take(browser, address, name)
            print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    main()
