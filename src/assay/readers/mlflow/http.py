"""MLflow's server, over its REST interface. Only the host that the user names is asked, whatever it answers."""

from __future__ import annotations

import base64
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from assay.base.errors import InputError
from assay.readers.mlflow.pinned import opener
from assay.readers.mlflow.shape import PIECE, bad_name, dataset, points, refused, run_of
from assay.records.imports import ForeignFile, ForeignRun

API, PAGE, HISTORY = "api/2.0/mlflow", 1000, 25_000
TIMEOUT, LARGEST, MOST, DEEPEST = 60.0, 1 << 28, 1_000_000, 60


class HttpSource:
    """A server.

    Args:
        address: `http://host:port/prefix`. A name and password in it are sent and shown nowhere; else the variables
            MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, are used.

    Raises:
        InputError: no server of MLflow answers there.
    """

    def __init__(self, address: str) -> None:
        parts = urllib.parse.urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        self.where = urllib.parse.urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
        self._headers = _credentials(parts)
        try:
            self._opener = opener(self.where)
        except OSError as error:
            raise self._odd("it is not asked", _words(error)) from error
        self._experiments = {
            e["experiment_id"]: e for e in self._pages("experiments/search", "experiments", view_type="ALL")
        }

    def counts(self) -> Mapping[str, int]:
        """A server lists and does not count: what it lists is counted on the way."""
        return {}

    def runs(self) -> Iterator[ForeignRun]:
        """Every run, experiment by experiment."""
        for name, experiment in self._experiments.items():
            models: dict[str, list[dict[str, Any]]] = {}
            for model in self._logged(name):
                models.setdefault(str(model.get("info", {}).get("source_run_id")), []).append(model)
            asked: dict[str, Any] = {
                "experiment_ids": [name],
                "run_view_type": "ALL",
                "order_by": ["attributes.start_time"],
            }
            for run in self._pages("runs/search", "runs", **asked):
                yield self._run(run, experiment, models.get(run["info"]["run_id"], []))

    def catalogue(self) -> Mapping[str, Any]:
        """Experiments and models as the server tells them."""
        return {
            "experiments": list(self._experiments.values()),
            "registered_models": list(self._pages("registered-models/search", "registered_models", get=True)),
            "model_versions": list(self._pages("model-versions/search", "model_versions", get=True)),
        }

    def close(self) -> None:
        """Nothing is held open."""

    def _run(self, run: Mapping[str, Any], experiment: Mapping[str, Any], models: list[dict[str, Any]]) -> ForeignRun:
        info, data = run["info"], run.get("data", {})
        name = info["run_id"]
        params = {p["key"]: str(p.get("value", "")) for p in data.get("params", [])}
        tags = {t["key"]: str(t.get("value", "")) for t in data.get("tags", [])}
        series = {m["key"]: self._history(name, m["key"]) for m in data.get("metrics", [])}
        deleted = "deleted" in (info.get("lifecycle_stage"), experiment.get("lifecycle_stage"))
        inputs = [d["dataset"] for d in run.get("inputs", {}).get("dataset_inputs", [])]
        files = [*self._files(name), *(f for m in models for f in self._model_files(m["info"]["model_id"]))]
        return run_of(
            {**info, "run_uuid": name, "lifecycle_stage": "deleted" if deleted else "active"},
            str(experiment.get("name", "")), dict(sorted(params.items())), dict(sorted(tags.items())), series,
            files=tuple(files), data=tuple(sorted(map(dataset, inputs), key=lambda d: (d["name"], d["digest"]))),
            models=tuple({"kind": "logged", **m["info"]} for m in models),
        )  # fmt: skip

    def _history(self, run: str, key: str) -> Any:
        rows = list(self._pages("metrics/get-history", "metrics", get=True, size=HISTORY, run_id=run, metric_key=key))
        return points([int(r.get("step", 0)) for r in rows], [float(r.get("value", "nan")) for r in rows],
                      [int(r["timestamp"]) for r in rows])  # fmt: skip

    def _files(self, run: str) -> Iterator[ForeignFile]:
        def listed(path: str) -> Iterator[dict[str, Any]]:
            return self._pages(
                "artifacts/list", "files", get=True, size=0, run_id=run, **({"path": path} if path else {})
            )

        for name, size in self._walk(listed, ""):
            query = urllib.parse.urlencode({"path": name, "run_uuid": run})
            yield self._file(name, size, f"get-artifact?{query}")

    def _model_files(self, model: str) -> Iterator[ForeignFile]:
        at = f"logged-models/{urllib.parse.quote(model, safe='')}/artifacts"

        def listed(path: str) -> Iterator[dict[str, Any]]:
            asked = {"artifact_directory_path": path} if path else {}
            return self._pages(f"{at}/directories", "files", get=True, size=0, **asked)

        for name, size in self._walk(listed, ""):
            query = urllib.parse.urlencode({"artifact_file_path": name})
            yield self._file(f"models/{model}/{name}", size, f"ajax-api/2.0/mlflow/{at}/files?{query}")

    def _walk(self, listed: Any, path: str, depth: int = 0) -> Iterator[tuple[str, int]]:
        """Names and sizes below a folder; a folder that holds itself ends by its depth."""
        for one in listed(path):
            name = str(one.get("path", ""))
            inside = name.startswith(f"{path}/") if path else True
            if bad_name(name) or not inside or depth > DEEPEST:
                yield name, -1
            elif one.get("is_dir"):
                yield from self._walk(listed, name, depth + 1)
            else:
                yield name, int(one.get("file_size", -1) or 0)

    def _file(self, name: str, size: int, at: str) -> ForeignFile:
        if size < 0:
            return refused(name, bad_name(name) or "lies outside of the folder that lists it")
        return ForeignFile(name, size, lambda: self._download(at))

    def _logged(self, experiment: str) -> Iterator[dict[str, Any]]:
        try:
            yield from self._pages("logged-models/search", "models", size=50, experiment_ids=[experiment])
        except InputError as error:
            if not isinstance(error.__cause__, urllib.error.HTTPError) or error.__cause__.code != 404:
                raise

    def _pages(
        self, call: str, thing: str, *, get: bool = False, size: int = PAGE, **asked: Any
    ) -> Iterator[dict[str, Any]]:
        """Every item of a listing that comes in pages."""
        if size:
            asked["max_results"] = size
        seen, many = set(), 0
        while True:
            page = self._call(call, asked, get)
            items = page.get(thing, [])
            if not isinstance(items, list):
                raise self._odd(call, f"{thing} is no list")
            yield from items
            many += len(items)
            token = page.get("next_page_token")
            if not token:
                return
            if token in seen or many > MOST:
                raise self._odd(call, "its pages do not end")
            seen.add(token)
            asked["page_token"] = token

    def _call(self, call: str, asked: Mapping[str, Any], get: bool) -> dict[str, Any]:
        url = f"{self.where}/{API}/{call}"
        body = None if get else json.dumps(asked).encode()
        if get and asked:
            url += "?" + urllib.parse.urlencode(asked)
        headers = {**self._headers, "Content-Type": "application/json"}
        try:
            with self._opener.open(urllib.request.Request(url, body, headers), timeout=TIMEOUT) as answer:  # noqa: S310
                content = answer.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise ValueError(f"its answer has more than {LARGEST} bytes")
            said = json.loads(content)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self._odd(call, _words(error)) from error
        if not isinstance(said, dict):
            raise self._odd(call, "its answer is no object")
        return said

    def _download(self, at: str) -> Iterator[bytes]:
        try:
            request = urllib.request.Request(f"{self.where}/{at}", headers=self._headers)  # noqa: S310
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                while chunk := answer.read(PIECE):
                    yield chunk
        except (OSError, http.client.HTTPException) as error:
            raise self._odd(at, _words(error)) from error

    def _odd(self, call: str, what: str) -> InputError:
        return InputError(
            f"{call}: {what}",
            rule="the address is that of a server of MLflow, and only its host is asked",
            fix="check the address and that the server runs; an import that ended early is taken up by the next",
            where=self.where,
        )


def _words(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    if isinstance(error, urllib.error.HTTPError):
        return f"it answered {error.code} {error.reason}"
    return str(reason or error) or type(error).__name__


def _credentials(parts: urllib.parse.SplitResult) -> dict[str, str]:
    name, password = parts.username, parts.password
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    if name is None and token:
        return {"Authorization": f"Bearer {token}"}
    if name is None:
        name, password = os.environ.get("MLFLOW_TRACKING_USERNAME"), os.environ.get("MLFLOW_TRACKING_PASSWORD")
    if not name:
        return {}
    held = f"{urllib.parse.unquote(name)}:{urllib.parse.unquote(password or '')}".encode()
    return {"Authorization": "Basic " + base64.b64encode(held).decode()}
