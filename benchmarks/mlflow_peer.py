"""MLflow on the same work, in an environment of its own: `PYTHON mlflow_peer.py NAME FILE [REPLICATES]` prints JSON.

It needs `mlflow-skinny` with `sqlalchemy` and `alembic`, and nothing of this project. The store is SQLite, in the same
process: MLflow's quickest way to keep runs on one machine, without a server between. `served_page` and `served_groups`
ask MLflow's own tracking server over the loopback, and need all of `mlflow`.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

RUNS, METRICS, PAGE, MODELS, LAYERS = 100_000, 20, 100, 7, 5
SETTINGS = {"a": 1, "b": 2.0, "c": "x", "d": True}
VALUES = {"v": 1.0, "w": 2.0, "x": 3.0, "y": 4.0, "z": 5.0}
CHOSEN = "params.model = 'm3' and metrics.`metric 3` < 0.5"
Row = tuple[Any, ...]


def store(path: Path) -> Any:
    """MLflow with its database at a path, and one experiment."""
    # A page that comes late is waited for, not asked for again.
    os.environ |= {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "MLFLOW_HTTP_REQUEST_TIMEOUT": "900"}
    logging.disable(logging.WARNING)
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{path}")
    mlflow.set_experiment("bench")
    return mlflow


def log_one(file: str, replicates: int) -> Callable[[], Any]:
    """Values, one call each."""
    mlflow = store(_scratch())
    mlflow.start_run()
    mlflow.log_metric("loss", 0.5, step=0)

    def work() -> None:
        for step in range(1, replicates + 1):
            mlflow.log_metric("loss", 0.5, step=step)

    return work


def many_runs(file: str, replicates: int) -> Callable[[], Any]:
    """Runs with 5 settings and 5 metrics."""
    mlflow = store(_scratch())

    def work() -> None:
        for i in range(replicates):
            with mlflow.start_run():
                mlflow.log_params({**SETTINGS, "e": i})
                mlflow.log_metrics(VALUES, step=0)

    return work


def list_runs(file: str, replicates: int) -> Callable[[], Any]:
    """The first page of 100,000 runs, filtered by a setting and a metric and ordered by another metric; warm."""
    path = Path(file).with_name("mlflow_100k.db")
    mlflow = store(path)
    fill(path)
    client, (experiment,) = mlflow.MlflowClient(), mlflow.search_experiments(filter_string="name = 'bench'")
    ids = [experiment.experiment_id]

    def work() -> Any:
        return client.search_runs(ids, CHOSEN, order_by=["metrics.`metric 7` DESC"], max_results=20)

    if len(work()) != min(20, RUNS // 15):
        raise RuntimeError("MLflow does not find the runs")
    return work


def served_page(file: str, replicates: int) -> Callable[[], Any]:
    """The first page of 100,000 runs, newest first, from a tracking server; the 95th percentile of asking so often."""
    _, experiment, address = _served(file)
    asked = {"experiment_ids": [experiment], "max_results": PAGE, "order_by": ["start_time DESC"]}

    def ask() -> Any:
        body, kind = json.dumps(asked).encode(), {"Content-Type": "application/json"}
        with urlopen(Request(f"{address}/api/2.0/mlflow/runs/search", body, kind), timeout=120) as answer:
            return json.load(answer)

    first = ask()["runs"]
    if len(first) != PAGE or len(first[0]["data"]["metrics"]) != METRICS:
        raise RuntimeError("MLflow does not find the runs")

    def work() -> float:
        taken = []
        for _ in range(replicates):
            start = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - start)
        return sorted(taken)[max(0, round(0.95 * len(taken)) - 1)]

    return work


def served_groups(file: str, replicates: int) -> Callable[[], Any]:
    """Runs by two settings, with mean, interval and number of a metric, in `search_runs` and pandas; of so many runs.

    The server groups nothing: whoever asks fetches every run with all that it has. `search_runs` does so in pages of
    10,000, so that as many replicates are one page.
    """
    mlflow, experiment, address = _served(file)
    mlflow.set_tracking_uri(address)
    # Pandas is loaded, and the server warm, as for the first page.
    mlflow.search_runs([experiment], max_results=PAGE)

    def work() -> float:
        start = time.perf_counter()
        runs = mlflow.search_runs([experiment], max_results=replicates)
        found = runs.groupby(["params.model", "params.layers"])["metrics.metric 7"].agg(["mean", "sem", "count"])
        found = found.assign(low=found["mean"] - 1.96 * found["sem"], high=found["mean"] + 1.96 * found["sem"])
        seconds = time.perf_counter() - start
        if (len(found), found["count"].sum()) != (min(replicates, MODELS * LAYERS), replicates):
            raise RuntimeError("MLflow does not find the runs")
        return seconds

    return work


def _served(file: str) -> tuple[Any, str, str]:
    """MLflow, its experiment with all runs, and the address of its server."""
    path = Path(file).with_name("mlflow_100k.db").absolute()
    mlflow = store(path)
    fill(path)
    (experiment,) = mlflow.search_experiments(filter_string="name = 'bench'")
    return mlflow, experiment.experiment_id, _serving(path)


def _serving(path: Path) -> str:
    """The address of MLflow's tracking server of a database, with one worker; it ends with this process.

    Raises:
        RuntimeError: it does not answer within two minutes.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{path}", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # Its workers are processes of their own: they end with their group.
    process = subprocess.Popen(command, start_new_session=True, **quiet)
    atexit.register(os.killpg, process.pid, signal.SIGKILL)
    for _ in range(240):
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            if answer.status == 200:
                return f"http://127.0.0.1:{port}"
        time.sleep(0.5)
    raise RuntimeError("MLflow's server does not answer")


def fill(path: Path) -> None:
    """The runs, written into the tables that MLflow has made: by its client they would take hours.

    Each metric has its last value alone, which is what a list reads.
    """
    with sqlite3.connect(path) as db:
        if db.execute("SELECT count(*) FROM runs").fetchone()[0] == RUNS:
            return
        db.execute("PRAGMA synchronous=OFF")
        experiment = db.execute("SELECT experiment_id FROM experiments WHERE name = 'bench'").fetchone()[0]
        rng = random.Random(0)
        # In order: the primary keys of MLflow's tables are then filled from left to right.
        ids = sorted(uuid.UUID(int=rng.getrandbits(128)).hex for _ in range(RUNS))
        held = "run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri"
        runs = (
            (run, f"trial {i}", "LOCAL", "ada", "FINISHED", 1_700_000_000_000 + i, 1_700_000_000_000 + i, "active",
             f"/nowhere/{run}", experiment)
            for i, run in enumerate(ids)
        )  # fmt: skip
        db.executemany(f"INSERT INTO runs ({held}, experiment_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", runs)
        db.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", _settings(ids, rng))
        columns = "key, value, timestamp, step, is_nan, run_uuid"
        db.executemany(f"INSERT INTO latest_metrics ({columns}) VALUES (?, ?, ?, ?, ?, ?)", _metrics(ids, rng))
    db.close()


def _settings(ids: list[str], rng: random.Random) -> Iterator[Row]:
    for name, value in (
        ("lr", lambda i: str(rng.random())),
        ("model", lambda i: f"m{i % MODELS}"),
        ("layers", lambda i: str(i % LAYERS)),
        ("drop", lambda i: "0.1"),
        ("i", str),
    ):
        for i, run in enumerate(ids):
            yield name, value(i), run


def _metrics(ids: list[str], rng: random.Random) -> Iterator[Row]:
    for j in range(METRICS):
        for i, run in enumerate(ids):
            yield f"metric {j}", rng.random(), 1_700_000_000_000 + i, 0, 0, run


def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="assay-bench-runs-")) / "mlflow.db"


WORK = {"run_log": log_one, "run_many": many_runs, "runs_list": list_runs}
WORK |= {"served_page": served_page, "served_groups": served_groups}


def main() -> None:
    """Prepare, do the work once, and print its seconds."""
    name, file, replicates = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1
    # MLflow makes a folder of artifacts where it stands.
    os.chdir(tempfile.mkdtemp(prefix="assay-bench-runs-"))
    work = WORK[name](file, replicates)
    start = time.perf_counter()
    said = work()
    seconds = said if isinstance(said, float) else time.perf_counter() - start
    from importlib.metadata import version

    print(json.dumps({"seconds": seconds, "version": f"mlflow {version('mlflow-skinny')}"}))


if __name__ == "__main__":
    main()
