"""What a real MLflow kept (`python -m tools.mlflow_data`), put where a test can change it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEPT = Path(__file__).with_name("mlflow")
HERE = "{FOLDER}"


def database(folder: Path) -> Path:
    """MLflow's database with the artifacts that it names."""
    path = folder / "mlflow.db"
    with sqlite3.connect(path) as db:
        db.executescript((KEPT / "database.sql").read_text().replace(HERE, str(folder)))
    db.close()
    _spread(folder, "artifacts.json")
    return path


def store(folder: Path) -> Path:
    """MLflow's folder `mlruns`."""
    _spread(folder, "store.json")
    return folder / "mlruns"


def answers() -> dict[str, str]:
    """What a server of MLflow answered, by method, address and body."""
    held: dict[str, str] = json.loads((KEPT / "answers.json").read_text())
    return held


@contextmanager
def serving(answers: Mapping[str, str], redirect: str = "") -> Iterator[str]:
    """A server that gives the kept answers, or sends everybody elsewhere."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            key = f"{self.command} {self.path} {body}"
            if redirect:
                self.send_response(302)
                self.send_header("Location", redirect)
                self.end_headers()
                return
            content = answers.get(key, "").encode()
            self.send_response(200 if key in answers else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _spread(folder: Path, kept: str) -> None:
    for name, text in json.loads((KEPT / kept).read_text()).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(HERE, str(folder)))
