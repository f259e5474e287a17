"""A served lab and a browser before it: for the tests of the page, its pictures and its benchmark."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from assay.server.app import create_app
from assay.server.sessions import Sessions
from assay.server.settings import Settings

KEY = "the-key-of-this-machine"
SERVED: dict[str, Sessions] = {}
"""Address of each server of this process -> its sessions: logging in is limited, and tests open many browsers."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def served(lab: Path) -> Iterator[str]:
    """A server of a lab in a thread; its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(64)
        app = create_app(Settings(lab, KEY))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([taken],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        SERVED[address] = app.state.sessions
        yield address
        server.should_exit = True
        thread.join(20)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window.

    Raises:
        SystemExit: it is not installed.
    """
    program = shutil.which("chromium")
    if not program:
        raise SystemExit("the browser's tests need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


def let_in(context: BrowserContext, address: str) -> None:
    """Let a browser in as the one user of this machine."""
    name = f"assay_session_{address.rpartition(':')[2]}"
    context.add_cookies([{"name": name, "value": SERVED[address].begin(), "url": address}])
