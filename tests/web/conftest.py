"""A lab behind a socket and a browser before it; whatever the browser complains of fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tools.browser import chromium, let_in, served

from tests.verbs.scenes import scene, told
from tests.verbs.test_kept import judged, named, runs_of
from tests.web.labs import kinds, logged

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def lab_of_full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab with a plan judged on files, one judged on runs, runs with every kind of value, and named data."""
    folder = tmp_path_factory.mktemp("full")
    told(scene(folder, milestones=[{"date": "2026-01-01", "what": "decide on the pilot"}]))
    logged(folder)
    kinds(folder)
    judged(named(folder, runs_of(folder, "base"), runs_of(folder, "cand")))
    return folder


@pytest.fixture(scope="session")
def full(lab_of_full: Path) -> Iterator[str]:
    """That lab behind a socket."""
    with served(lab_of_full) as address:
        yield address


@pytest.fixture
def page_of(browser: Browser) -> Iterator[Open]:
    """Opens an address as the one user of this machine; complaints of the browser are failures.

    It writes down that asking who is logged in, before anybody is, was answered with 401, and what was `refused`.
    """
    complaints: list[str] = []
    contexts = []

    def open_at(address: str, path: str = "/", known: bool = True, refused: bool = False, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        if known:
            let_in(context, address)
        page = context.new_page()
        page.set_default_timeout(20_000)
        allowed = ("401 (Unauthorized)", *(["422 (Unprocessable"] if refused else []))
        heard = lambda m: m.type in ("error", "warning") and not any(a in m.text for a in allowed)  # noqa: E731
        page.on("console", lambda m: complaints.append(m.text) if heard(m) else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("dialog", lambda d: (complaints.append(f"dialog: {d.message}"), d.dismiss()))
        page.goto(address + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []
