"""tests/readers/mlflow: what a real MLflow keeps, for the tests of its import, which need no MLflow.

`python -m tools.mlflow_data` needs the package mlflow (with its server). The same work is logged into a database, into
a folder `mlruns` and, through a server, into a second database; kept are the first two as text, and the answers.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from tools.pages import ROOT

KEPT = ROOT / "tests" / "readers" / "mlflow"
HERE = "{FOLDER}"
VALUES = 50


def main() -> None:
    """Make all three, and say with which version."""
    import mlflow

    KEPT.mkdir(exist_ok=True)
    os.environ |= {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
    with tempfile.TemporaryDirectory(prefix="assay-mlflow-") as name:
        folder = Path(name)
        log_all(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")
        db = sqlite3.connect(folder / "mlflow.db")
        text = "\n".join(line for line in db.iterdump() if _wanted(line))
        (KEPT / "database.sql").write_text(text.replace(str(folder), HERE) + "\n")
        kept = {
            str(p.relative_to(folder)): p.read_text() for p in sorted((folder / "artifacts").rglob("*")) if p.is_file()
        }
        (KEPT / "artifacts.json").write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n")
        log_all(str(folder / "mlruns"), None)
        files = {str(p.relative_to(folder)): p.read_text().replace(str(folder), HERE)
                 for p in sorted((folder / "mlruns").rglob("*")) if p.is_file()}  # fmt: skip
        (KEPT / "store.json").write_text(json.dumps(files, indent=0, sort_keys=True) + "\n")
        answers = recorded(folder)
        (KEPT / "answers.json").write_text(json.dumps(answers, indent=0, sort_keys=True) + "\n")
    (KEPT / "version.txt").write_text(f"{mlflow.__version__}\n")


def log_all(uri: str, artifacts: Path | None) -> None:
    """Everything that an import has to bring over: states, series, odd values and names, nesting, models, data."""
    import mlflow
    from mlflow.data.http_dataset_source import HTTPDatasetSource
    from mlflow.data.meta_dataset import MetaDataset
    from mlflow.entities import Metric, Param, RunTag

    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    client = mlflow.MlflowClient()
    place = {"artifact_location": artifacts.as_uri()} if artifacts else {}
    one = client.create_experiment("delays", **place, tags={"team": "ground"})
    parent = client.create_run(one, start_time=1_700_000_000_000, run_name="sweep").info.run_id
    for i, state in enumerate(("FINISHED", "FAILED", "KILLED", "RUNNING")):
        run = client.create_run(
            one,
            start_time=1_700_000_001_000 + i,
            run_name=f"trial {i}",
            tags={"mlflow.parentRunId": parent, "kind": "a=b"},
        ).info.run_id
        points = [Metric("val/loss: mean", 1 / (1 + k), 1_700_000_002_000 + k, k) for k in range(VALUES)]
        points += [
            Metric("odd", v, 1_700_000_003_000, k)
            for k, v in enumerate((1.0, float("nan"), float("inf"), -float("inf")))
        ]
        points += [Metric("odd", 2.0, 1_700_000_003_000, 0)]
        params = [
            Param("lr", "1e-3"),
            Param("seed", str(i)),
            Param("depth", "6"),
            Param("notes", "x" * 3000),
            Param("a.b/c d", "1.10"),
        ]
        client.log_batch(run, points, params, [RunTag("owner", "Äda")])
        client.log_text(run, f"trial {i}\n", "notes/readme.txt")
        client.log_text(run, "weights\n", "model/weights.bin")
        if state != "RUNNING":
            client.set_terminated(run, state, end_time=1_700_000_060_000)
    with mlflow.start_run(run_id=run):
        data = MetaDataset(HTTPDatasetSource("https://example.org/flights.csv"), name="flights")
        mlflow.log_input(data, context="training")
    client.set_terminated(run, "RUNNING")
    client.set_terminated(parent, end_time=1_700_000_100_000)
    gone = client.create_run(one, start_time=1_700_000_200_000, run_name="gone").info.run_id
    client.log_metric(gone, "loss", 9.0, timestamp=1_700_000_200_000)
    client.delete_run(gone)
    two = client.create_experiment("empty")
    client.delete_experiment(two)
    client.create_registered_model("delay-model", tags={"domain": "flights"}, description="which flights are late")
    version = client.create_model_version("delay-model", f"{client.get_run(run).info.artifact_uri}/model", run)
    client.set_registered_model_alias("delay-model", "champion", version.version)


def recorded(folder: Path) -> dict[str, Any]:
    """Answers of a server to everything that an import asks, by method, address and body."""
    from assay.readers.mlflow import http

    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
             "--backend-store-uri", f"sqlite:///{folder}/server.db",
             "--artifacts-destination", f"{folder}/kept"]  # fmt: skip
    server = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(address)
        log_all(address, None)
        source = http.HttpSource(address)
        kept: dict[str, Any] = {}
        ask = source._opener.open

        def asked(request: urllib.request.Request, timeout: float = 60) -> Any:
            body = request.data.decode() if isinstance(request.data, bytes) else ""
            answer = ask(request, timeout=timeout)
            content = answer.read().decode().replace(str(folder), HERE)
            kept[f"{request.get_method()} {request.full_url.removeprefix(address)} {body}"] = content
            return io.BytesIO(content.encode())

        source._opener.open = asked  # type: ignore[assignment]
        list(source._pages("experiments/search", "experiments", view_type="ALL"))
        for run in source.runs():
            for file in run.files:
                b"".join(file.open())
        source.catalogue()
        return kept
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder / "kept", ignore_errors=True)


def _wanted(line: str) -> bool:
    """Leave out what MLflow has for other purposes, as far as the rest stands without it."""
    return not line.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")) or "metrics" in line


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("the server of MLflow did not start")


if __name__ == "__main__":
    main()
