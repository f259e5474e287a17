"""A served lab, as it is timed: pages and groups of a hundred thousand runs, and fifty clients that log at once."""

from __future__ import annotations

import atexit
import itertools
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

PAGES, CLIENTS, PIECES, EACH, PAUSE = 100, 50, 25, 24, 0.2
GOAL = 5_000.0
ASSAY = [sys.executable, "-u", "-c", "from assay.cli.main import run; run()"]


def served(lab: str | Path) -> tuple[Any, str]:
    """The address and key of a server in a thread of this process, so that its memory is this process's."""
    from assay.remote.address import place
    from assay.server.listening import listening

    told: list[tuple[str, str]] = []
    ready = threading.Event()

    def run() -> None:
        with listening(Path(lab), "127.0.0.1", 0, ()) as server:
            told.append(tuple(server.address.split("/#key=")))  # type: ignore[arg-type]
            server.server.install_signal_handlers = lambda: None
            ready.set()
            server.server.run(sockets=[server.taken])

    threading.Thread(target=run, daemon=True).start()
    ready.wait(60)
    address, key = told[0]
    return place(address), key


def served_apart(lab: Path) -> tuple[Any, str]:
    """The address and key of a server in a process of its own."""
    from assay.remote.address import place

    command = [*ASSAY, "serve", "--no-browser", "--port", "0", "--lab", str(lab)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    atexit.register(process.kill)
    assert process.stdout is not None
    address, key = process.stdout.readline().split()[-1].split("/#key=")
    return place(address), key


def _asked(lab: str, path: str, query: dict[str, Any], times: int) -> Callable[[], dict[str, float]]:
    """The 95th percentile of asking, as the seconds; warm."""
    from assay.remote.client import Client

    client = Client(*served(lab))
    client.ask("GET", path, query=query)

    def work() -> dict[str, float]:
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            client.ask("GET", path, query=query)
            taken.append(time.perf_counter() - start)
        return {"seconds": float(np.quantile(taken, 0.95))}

    return work


def page(file: str) -> Callable[[], Any]:
    """The first page of all runs, newest first, as the browser asks for it."""
    return _asked(file, "/runs", {"limit": 100}, PAGES)


def page_sorted(file: str) -> Callable[[], Any]:
    """The first page, filtered by two settings and ordered by a metric."""
    query = {"limit": 100, "where": ["lr<0.5", "model=m3"], "sort": "-metric 7"}
    return _asked(file, "/runs", query, PAGES)


def groups(file: str) -> Callable[[], Any]:
    """All runs by two settings, with mean and interval of a metric."""
    return _asked(file, "/runs/groups", {"metric": "metric 7", "by": ["model", "layers"]}, 20)


def logging(file: str) -> Callable[[], Any]:
    """Fifty clients log at once, 120 values a second each; the 99th percentile of a request, as the seconds.

    Raises:
        RuntimeError: when a value is lost, a request fails, or fewer than 5,000 values a second are kept.
    """
    import assay

    lab, spool = (Path(tempfile.mkdtemp(prefix="assay-bench-runs-")) for _ in range(2))
    for folder in (lab, spool):
        assay.Lab.create(folder)
    with assay.run(lab=spool, capture=False) as run:
        for step in range(PIECES * EACH):
            run.log(step=step, loss=0.5)
    (segment,) = run.folder.glob("*.seg")
    content, start = segment.read_bytes(), assay.Lab(spool).run(run.id).start
    remote, key = served_apart(lab)

    def work() -> dict[str, float]:
        taken: list[float] = []
        failed: list[BaseException] = []
        names = [f"20261121-100000-{secrets.token_hex(4)}" for _ in range(CLIENTS)]
        gate = threading.Barrier(CLIENTS + 1)
        threads = [
            threading.Thread(target=_client, args=((remote, key), replace(start, id=n), content, gate, taken, failed))
            for n in names
        ]
        for thread in threads:
            thread.start()
        gate.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        rate = CLIENTS * PIECES * EACH / (time.perf_counter() - began)
        whole = all(len(assay.Lab(lab).run(n).series("loss")) == PIECES * EACH for n in names)
        if failed or not whole or rate < GOAL:
            raise RuntimeError(f"{len(failed)} failed, {'nothing' if whole else 'values'} lost, {rate:.0f} values/s")
        return {"seconds": float(np.quantile(taken, 0.99))}

    return work


def _client(
    server: tuple[Any, str], start: Any, content: bytes, gate: threading.Barrier, taken: list[float], failed: list[Any]
) -> None:
    from assay.remote.client import Client
    from assay.runs.folder import plain_record

    client = Client(*server)
    client.ask("PUT", f"/runs/{start.id}", plain_record(start))
    places = [round(len(content) * i / PIECES) for i in range(PIECES + 1)]
    gate.wait()
    due = time.perf_counter() + PAUSE * np.random.default_rng(int(start.id[-8:], 16)).random()
    try:
        for low, high in itertools.pairwise(places):
            time.sleep(max(0.0, due - time.perf_counter()))
            due += PAUSE
            begun = time.perf_counter()
            client.ask("PUT", f"/runs/{start.id}/files/a.seg", content[low:high], query={"offset": low})
            taken.append(time.perf_counter() - begun)
    except Exception as error:
        failed.append(error)


WORK = {"served_page": page, "served_sorted": page_sorted, "served_groups": groups, "served_logging": logging}
