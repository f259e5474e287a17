"""A lab behind a socket and a browser before it; whatever the browser complains of fails the test."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from assay.server.access import COOKIE
from assay.server.app import create_app
from assay.server.settings import Settings
from tests.verbs.scenes import scene, told
from tests.web.labs import logged

KEY = "the-key-of-this-machine"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Open = Callable[..., Page]


@contextmanager
def served(lab: Path) -> Iterator[str]:
    """A server of a lab in a thread; its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(64)
        server = uvicorn.Server(uvicorn.Config(create_app(Settings(lab, KEY)), log_level="error"))
        thread = threading.Thread(target=server.run, args=([taken],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = shutil.which("chromium")
    assert program, "the browser's tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served lab with a judged plan, runs and named data."""
    folder = tmp_path_factory.mktemp("full")
    told(scene(folder))
    logged(folder)
    with served(folder) as address:
        yield address


@pytest.fixture
def page_of(browser: Browser) -> Iterator[Open]:
    """Opens an address as the one user of this machine; complaints of the browser are failures."""
    complaints: list[str] = []
    contexts = []

    def open_at(address: str, path: str = "/", known: bool = True, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        if known:
            context.add_cookies([{"name": COOKIE, "value": KEY, "url": address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.on("dialog", lambda d: (complaints.append(f"dialog: {d.message}"), d.dismiss()))
        page.goto(address + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    # Asking who is logged in, before anybody is, is answered with 401, which the browser writes down.
    assert [c for c in complaints if "401 (Unauthorized)" not in c] == []
