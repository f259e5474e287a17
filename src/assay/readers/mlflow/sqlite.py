"""MLflow's SQLite database, read as it lies there: read only, and whatever columns this version of it has."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.base.errors import InputError
from assay.readers.mlflow.shape import dataset, local_files, points, run_of
from assay.records.imports import ForeignFile, ForeignRun

_COUNTED = {
    "experiments": "experiments", "runs": "runs", "params": "params", "tags": "tags", "values": "metrics",
    "models": "registered_models", "model versions": "model_versions", "traces": "trace_info",
}  # fmt: skip
_LISTED = (
    "experiments", "experiment_tags", "registered_models", "registered_model_tags", "registered_model_aliases",
    "model_versions", "model_version_tags", "logged_models", "logged_model_params", "logged_model_tags",
    "logged_model_metrics",
)  # fmt: skip
_INPUTS = (
    "SELECT d.name, d.digest, d.dataset_source AS source, d.dataset_schema AS schema FROM inputs i"
    " JOIN datasets d ON d.dataset_uuid = i.source_id"
    " WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = ? ORDER BY d.name, d.digest"
)


class SqliteSource:
    """A database.

    Args:
        path: Of its file.
        artifacts: A folder with the artifacts, where they do not lie where the database says.

    Raises:
        InputError: what is no database of MLflow.
    """

    def __init__(self, path: Path, artifacts: Path | None = None) -> None:
        self.where, self._artifacts = f"sqlite:///{path}", artifacts
        self._allowed = [p for p in (path.absolute().parent, artifacts and artifacts.absolute()) if p]
        try:
            # Whatever bytes a text holds, it is read: what is no UTF-8 becomes question marks.
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            self._db.text_factory = lambda held: held.decode("utf-8", "replace")
            self._db.execute("PRAGMA trusted_schema=OFF")
            self._db.execute("BEGIN")
            self._tables = {n for (n,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.Error as error:
            raise _refused(path, f"cannot be read as a database ({error})") from error
        if not {"experiments", "runs", "metrics", "params", "tags"} <= self._tables:
            self._db.close()
            raise _refused(path, f"is a database with the tables {', '.join(sorted(self._tables)) or 'none':.200}")
        self._experiments = {r["experiment_id"]: r for r in self._rows("SELECT * FROM experiments")}

    def counts(self) -> Mapping[str, int]:
        """Rows of each table."""
        found = {
            thing: int(self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for thing, table in _COUNTED.items()
            if table in self._tables
        }
        query = "SELECT count(*) FROM (SELECT DISTINCT run_uuid, key FROM metrics)"
        found["metrics"] = int(self._db.execute(query).fetchone()[0])
        if {"inputs", "datasets"} <= self._tables:
            query = "SELECT count(*) FROM inputs WHERE source_type = 'DATASET' AND destination_type = 'RUN'"
            found["datasets"] = int(self._db.execute(query).fetchone()[0])
        return found

    def runs(self) -> Iterator[ForeignRun]:
        """Every run, oldest first."""
        made = defaultdict(list)
        for model in self._table("logged_models"):
            made[model.get("source_run_id")].append(model)
        versions = defaultdict(list)
        for version in self._table("model_versions"):
            versions[version.get("run_id")].append(version)
        for info in list(self._rows("SELECT * FROM runs ORDER BY start_time, run_uuid")):
            yield self._run(info, made[info["run_uuid"]], versions[info["run_uuid"]])

    def catalogue(self) -> Mapping[str, Any]:
        """Experiments and models as the tables hold them."""
        return {name: list(self._table(name)) for name in _LISTED if name in self._tables}

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def _run(self, info: dict[str, Any], made: Sequence[Mapping[str, Any]], versions: Sequence[Any]) -> ForeignRun:
        run = info["run_uuid"]
        experiment = self._experiments.get(info["experiment_id"], {})
        params = dict(self._db.execute("SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key", (run,)))
        tags = dict(self._db.execute("SELECT key, value FROM tags WHERE run_uuid = ? ORDER BY key", (run,)))
        deleted = "deleted" in (info.get("lifecycle_stage"), experiment.get("lifecycle_stage"))
        return run_of(
            {**info, "lifecycle_stage": "deleted" if deleted else "active"},
            str(experiment.get("name", info["experiment_id"])), params, {k: v or "" for k, v in tags.items()},
            dict(self._series(run)), files=tuple(self._files(info, experiment, made)), data=tuple(self._data(run)),
            models=tuple({"kind": "version", **v} for v in versions)
            + tuple({"kind": "logged", **m} for m in made),
        )  # fmt: skip

    def _series(self, run: str) -> Iterator[tuple[str, Any]]:
        # Sorted here: asked for an order by key, SQLite would walk the whole table for each run.
        query = "SELECT key, step, value, timestamp, is_nan FROM metrics WHERE run_uuid = ?"
        columns: dict[str, list[list[Any]]] = {}
        for key, step, value, stamp, nan in self._db.execute(query, (run,)):
            held = columns.get(key)
            if held is None:
                held = columns[key] = [[], [], []]
            held[0].append(step)
            held[1].append(float("nan") if nan else value)
            held[2].append(stamp)
        for key, (steps, values, stamps) in sorted(columns.items()):
            yield key, points(steps, values, stamps)

    def _files(
        self, info: Mapping[str, Any], experiment: Mapping[str, Any], made: Sequence[Mapping[str, Any]]
    ) -> Iterator[ForeignFile]:
        given = self._given(str(info["experiment_id"]), str(info["run_uuid"]))
        uri = str(info.get("artifact_uri") or "")
        if given is not None or uri:
            yield from self._below(str(given or uri))
        for model in made:
            name = str(model["model_id"])
            given = self._given(str(experiment.get("experiment_id")), f"models/{name}")
            yield from self._below(str(given or model["artifact_location"]), f"models/{name}/")

    def _below(self, uri: str, prefix: str = "") -> Iterator[ForeignFile]:
        # MLflow names the folder before it makes it: where there is none, nothing was kept.
        yield from local_files(uri, self._allowed, prefix)

    def _given(self, experiment: str, inner: str) -> Path | None:
        """The folder under the one that the user names, laid out as MLflow does."""
        found = self._artifacts / experiment / inner / "artifacts" if self._artifacts is not None else None
        return found if found is not None and found.is_dir() else None

    def _data(self, run: str) -> Iterator[dict[str, Any]]:
        if {"inputs", "datasets"} <= self._tables:
            yield from (dataset(row) for row in self._rows(_INPUTS, (run,)))

    def _table(self, name: str) -> Iterator[dict[str, Any]]:
        if name in self._tables:
            yield from self._rows(f"SELECT * FROM {name} ORDER BY rowid")

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> Iterator[dict[str, Any]]:
        found = self._db.execute(query, values)
        names = [d[0] for d in found.description]
        yield from (dict(zip(names, row, strict=True)) for row in found)


def _refused(path: Path, what: str) -> InputError:
    return InputError(
        what,
        rule="a source is a database of MLflow, its folder mlruns, or the address of its server",
        fix="assay import mlflow sqlite:///mlflow.db",
        where=str(path),
    )
