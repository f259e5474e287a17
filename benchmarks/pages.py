"""The web page before a hundred thousand runs: how soon it can be used, and whether scrolling ever stops it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LONG = """() => {
  window.longest = 0;
  new PerformanceObserver(list => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
  }).observe({ type: "longtask" });
}"""
DRAG = """async () => {
  const grid = document.querySelector(".grid");
  for (let i = 0; i <= 240; i += 1) {
    grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * i / 240;
    await new Promise(requestAnimationFrame);
    if (i % 20 === 0) await new Promise(done => setTimeout(done, 150));
  }
}"""
UNSEEN = 0.05
"""A browser reports tasks from 50 ms on."""


def open_runs(file: str) -> Callable[[], Any]:
    """The table of runs, from the address to its first rows."""

    def work() -> dict[str, float]:
        return {"seconds": _seen(Path(file))[0]}

    return work


def scroll_runs(file: str) -> Callable[[], Any]:
    """The longest task while the bar is dragged from the first row to the last."""

    def work() -> dict[str, float]:
        return {"seconds": _seen(Path(file))[1]}

    return work


def _seen(lab: Path) -> tuple[float, float]:
    """Seconds until the rows stand there, and of the longest task while scrolling."""
    from tools.browser import chromium, let_in, served

    with served(lab) as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        let_in(context, address)
        page = context.new_page()
        rows = page.get_by_role("row").get_by_role("link")
        page.goto(f"{address}/runs")
        rows.first.wait_for(timeout=120_000)
        page.goto(f"{address}/ledger")
        start = time.perf_counter()
        page.goto(f"{address}/runs")
        rows.first.wait_for()
        opened = time.perf_counter() - start
        page.evaluate(LONG)
        page.evaluate(DRAG)
        page.wait_for_timeout(500)
        longest = float(page.evaluate("window.longest")) / 1000
        if "…" in page.get_by_role("row").last.inner_text():
            raise RuntimeError("the last rows never came")
    return opened, max(UNSEEN, longest)


WORK = {"page_open": open_runs, "page_scroll": scroll_runs}
