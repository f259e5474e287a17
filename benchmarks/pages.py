"""The web page before a hundred thousand runs and a million points: how soon it is there, and whether it ever stops."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WATCH = """
window.longest = 0;
new PerformanceObserver(list => {
  for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
}).observe({ type: "longtask", buffered: true });
"""
DRAG = """async () => {
  const grid = document.querySelector(".grid");
  for (let i = 0; i <= 240; i += 1) {
    grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * i / 240;
    await new Promise(requestAnimationFrame);
    if (i % 20 === 0) await new Promise(done => setTimeout(done, 150));
  }
}"""
DRAWN = r"""() => performance.getEntriesByType("resource").map(r => r.name).find(n => /[?]points=/.test(n))"""
UNSEEN = 0.05
"""A browser reports tasks from 50 ms on."""
POINTS, SPIKE, DIP = 1_000_000, 77.25, -41.5


@contextmanager
def watched(lab: Path) -> Iterator[tuple[Any, str]]:
    """A page of a served lab that notes its longest task since it was loaded, and the address."""
    from tools.browser import chromium, let_in, served

    with served(lab) as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_init_script(WATCH)
        let_in(context, address)
        page = context.new_page()
        page.set_default_timeout(30_000)
        yield page, address


def longest(page: Any) -> float:
    """Seconds of the longest task so far."""
    page.wait_for_timeout(500)
    return max(UNSEEN, float(page.evaluate("window.longest")) / 1000)


def open_runs(file: str) -> Callable[[], Any]:
    """The table of runs, from the address to its first rows."""

    def work() -> dict[str, float]:
        with watched(Path(file)) as (page, address):
            rows = page.get_by_role("row").get_by_role("link")
            page.goto(f"{address}/runs")
            rows.first.wait_for()
            page.goto(f"{address}/ledger")
            start = time.perf_counter()
            page.goto(f"{address}/runs")
            rows.first.wait_for()
            return {"seconds": time.perf_counter() - start}

    return work


def scroll_runs(file: str) -> Callable[[], Any]:
    """The longest task while the bar is dragged from the first row to the last."""

    def work() -> dict[str, float]:
        with watched(Path(file)) as (page, address):
            page.goto(f"{address}/runs")
            page.get_by_role("row").get_by_role("link").first.wait_for()
            return {"seconds": _dragged(page)}

    return work


def scroll_groups(file: str) -> Callable[[], Any]:
    """The longest task while runs are filtered, grouped by two settings, drawn and dragged through."""

    def work() -> dict[str, float]:
        with watched(Path(file)) as (page, address):
            page.goto(f"{address}/runs")
            page.get_by_role("row").get_by_role("link").first.wait_for()
            page.evaluate("window.longest = 0")
            page.get_by_label("Add a condition").fill("lr<0.5")
            page.keyboard.press("Enter")
            page.get_by_role("button", name="Remove the condition").wait_for()
            page.get_by_text("Columns, values and groups").click()
            for name in ("model", "layers"):
                page.get_by_role("group", name="Group by").get_by_role("button", name=name, exact=True).click()
            page.get_by_role("heading", name="By model, layers").wait_for()
            page.get_by_role("button", name="as a table").first.wait_for()
            return {"seconds": max(longest(page), _dragged(page))}

    return work


def _dragged(page: Any) -> float:
    page.evaluate("window.longest = 0")
    page.evaluate(DRAG)
    found = longest(page)
    if "…" in page.locator(".grid-row").last.inner_text():
        raise RuntimeError("the last rows never came")
    return found


def compare_thousand(file: str) -> Callable[[], Any]:
    """The longest task while a thousand runs are put side by side: chart, curves and table."""

    def work() -> dict[str, float]:
        with watched(Path(file)) as (page, address):
            page.goto(f"{address}/runs")
            page.get_by_role("row").get_by_role("link").first.wait_for()
            page.evaluate("window.longest = 0")
            page.get_by_role("button", name="Compare the first 1,000 that fit").click()
            page.get_by_role("img", name="1,000 runs").first.wait_for()
            page.get_by_role("grid", name="Runs side by side").wait_for()
            return {"seconds": longest(page)}

    return work


def long_curve(file: str) -> Callable[[], Any]:
    """The longest task while a curve of a million points is opened and read under the pointer.

    Raises:
        RuntimeError: when its one peak or its one dip is not among what is drawn.
    """
    import numpy as np

    import assay

    lab = Path(tempfile.mkdtemp(prefix="assay-bench-runs-"))
    assay.Lab.create(lab)
    values = np.random.default_rng(0).normal(0, 1, POINTS)
    values[[POINTS // 3, POINTS // 2]] = SPIKE, DIP
    with assay.run({"lr": 0.1}, lab=lab, capture=False) as run:
        run.log_many("loss", values)

    def work() -> dict[str, float]:
        with watched(lab) as (page, address):
            page.goto(f"{address}/runs/{run.id}")
            drawn = page.get_by_role("img", name="loss: 1 curve")
            box = drawn.bounding_box()
            for i in range(100):
                page.mouse.move(box["x"] + box["width"] * i / 100, box["y"] + 50)
            found = longest(page)
            asked = page.evaluate(DRAWN)
            seen = page.evaluate("path => fetch(path).then(answer => answer.json())", asked)["series"][0]["values"]
            if not {SPIKE, DIP} <= set(seen):
                raise RuntimeError("an extreme value is not drawn")
            with page.expect_download() as kept:
                page.get_by_label("Save loss as CSV").click()
            if len(Path(kept.value.path()).read_bytes().splitlines()) != POINTS + 1:
                raise RuntimeError("the CSV does not have every value")
        return {"seconds": found}

    return work


WORK = {
    "page_open": open_runs,
    "page_scroll": scroll_runs,
    "page_groups": scroll_groups,
    "page_thousand": compare_thousand,
    "page_curve": long_curve,
}
